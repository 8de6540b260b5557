"""Counted: what the case counts, by its plural ("parcels", "requests"), and the attempt that brought most.

A share, a sample, a queue is one of something. What it is stands beside the figure ("31 % of the cows", "a
permit takes 182 days"), or is counted elsewhere, or is what all speak of. People who do the work, spans
of time and places are counted too, but are no cases: "fifty nurses" would make another sentence.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from debate.cards.cues import words
from debate.cards.facts import Fact, FactKind
from debate.cards.units import CURRENCIES, measured
from debate.models.offline import naming, wording
from debate.models.offline.case import Case
from debate.words import stems

_WORKERS = words(
    "persons staff members volunteers nurses doctors clerks teachers engineers developers employees "
    "workers colleagues helpers drivers guides agents managers analysts designers operators technicians "
    "sellers competitors rivals firms companies owners hires posts lehrkräften lehrkräfte stellen "
    "mitarbeiter"
)
_NO_CASES = _WORKERS | words(
    "shifts teams days weeks months years hours minutes points percent times places beds berths shops "
    "offices branches sites regions departments machines lines belts engines stations screens fields "
    "pages options features rules steps words rooms rows tables cores nodes servers services terms rounds "
    "others things depots warehouses plants parts cases gains attempts thousands millions hundreds dozens "
    "series people children revenues sales filialen prozent uhr wochen monate jahre"
)
# Plurals that any case may use, and verbs that look like plurals.
_COMMON = words(
    "this does less always perhaps sometimes ideas problems results reasons reports changes numbers "
    "figures costs prices goals targets criteria methods approaches solutions experts leaders owners "
    "bosses authors gets goes makes takes comes keeps needs wants says stands helps works lets puts asks "
    "users customers process access business press pass class address across unless miss less loss"
)
# What a case is about, its first statements say.
_FIRST = 3
_SINGLES = words("it one he she who that this which person week month day year hour team shift")
_NOUN = r"[^\W\d_][\w‑'’-]*"
_SHARED = re.compile(
    rf"(?:%|\bGB|\bTB|\btons|\btonnes)\)? of(?: (?:the|our|all|its|their))? (?P<name>{_NOUN}(?: {_NOUN})?)",
    re.IGNORECASE,
)
_SHARE = re.compile(r"the (?:share|proportion|percentage|number|rate) of (?:the )?(?P<name>[^\W\d_]+s)\b")
_SHARED_IN_GERMAN = re.compile(r"% (?:der|aller) (?P<name>[A-ZÄÖÜ]\w+)")
_ONE_TAKES = re.compile(
    rf"\b(?:an?|each|every) (?P<name>{_NOUN}(?: {_NOUN})?) (?:takes?|took|waits?|waited|needs?|lies|spends?|"
    r"stays?|lasts?)\b",
    re.IGNORECASE,
)
_REQUESTS = re.compile(r"\b(?:response times?|apis?)\b|`(?:[A-Z]+ )?/[^`\s]*`", re.IGNORECASE)
_PLURAL = re.compile(r"[^\W\d_]{2,}[^\W\d_su]s")
_WORD = re.compile(r"[^\W\d_]{4,}")
_GERMAN = re.compile(r"\b(?:der|die|das|und|nicht|wir|von|im|eine?|für)\b", re.IGNORECASE)
_DID = re.compile(
    r"\A(?:added|introduced|tried|started|bought|installed|built|used|made|set up|rolled out|ran|"
    r"hired)\s+(?=\S)",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def cases(case: Case) -> str | None:
    """What the case counts, in the plural; None where it does not tell."""
    unit = _case_of(case.figures.unit) if case.figures is not None else None
    if unit is not None:
        return unit
    texts = [fact.text for fact in case.facts if fact.kind is not FactKind.TRIED]
    if any(_REQUESTS.search(text) for text in (case.title, *texts)):
        return "requests"
    named = _SHARE.match(naming.figure(case) or "")
    if named and named["name"] not in _WORKERS | _COMMON:
        return named["name"]
    beside = list(_stating(case))
    near = [fact.text for fact in beside]
    found = (*_shared(near), *_taking([*near, *texts]), *_shared(texts[:_FIRST]), *_beside(beside))
    return next((name for name in found if name), None) or (_most_spoken_of(case, [case.title, *texts]))


def best_attempt(case: Case) -> str | None:
    """The attempt that brought most, as it stands in a sentence; None where none brought a stated gain."""
    helped = [
        (fact.effect.amount.value, -n, fact)
        for n, fact in enumerate(case.of(FactKind.TRIED))
        if fact.effect is not None and fact.effect.direction == "better" and fact.effect.amount is not None
    ]
    if not helped:
        return None
    fact = max(helped)[2]
    name = _DID.sub("", re.split(r", | \(", fact.name or fact.text)[0])
    if is_german(case):
        return f"“{name}”"
    article = re.match(rf"(?P<article>An?|The) {re.escape(name)}", fact.text, re.IGNORECASE)
    return f"{article['article'].casefold()} {wording.clause(name)}" if article else wording.clause(name)


def is_german(case: Case) -> bool:
    """True for a case told in German: its names keep their capitals, and no English plural is looked for."""
    text = " ".join(fact.text for fact in case.facts)
    return len(_GERMAN.findall(text)) > max(3, len(text.split()) / 20)


def _stating(case: Case) -> Iterator[Fact]:
    """The facts that state the figure, today's value first."""
    sources = case.figures.sources if case.figures is not None else {}
    for name in ("now", "target"):
        yield from (fact for id_ in sources.get(name, ()) if (fact := case.fact(id_)) is not None)


def _case_of(name: str) -> str | None:
    """The top of a unit, or a word, where it is a plural of cases."""
    top = name.partition("/")[0].casefold()
    if not top or measured(top) or top in CURRENCIES or top in _NO_CASES or not top.isalpha():
        return None
    return top


def _shared(texts: Sequence[str]) -> Iterator[str | None]:
    """What a share is said to be of."""
    for text in texts:
        for found in _SHARED_IN_GERMAN.finditer(text):
            yield found["name"]
        for found in _SHARED.finditer(text):
            plurals = [word for word in found["name"].split() if _PLURAL.fullmatch(word)]
            named = [word for word in plurals if word.casefold() not in _COMMON]
            yield _case_of(named[-1]) if named else None


def _taking(texts: Sequence[str]) -> Iterator[str | None]:
    """What takes the time: "a permit takes 182 days"."""
    for text in texts:
        for found in _ONE_TAKES.finditer(text):
            word = found["name"].split()[-1].casefold()
            if word.isalpha() and word not in _SINGLES and not word.endswith("ly"):
                yield _case_of(_many(word))


def _many(word: str) -> str:
    if re.search(r"[^aeiou]y\Z", word):
        return f"{word[:-1]}ies"
    return f"{word}{'es' if word.endswith(('s', 'x', 'ch', 'sh')) else 's'}"


def _beside(facts: Sequence[Fact]) -> Iterator[str | None]:
    """What is counted beside the figure: "5,200 clubs open the form; 31 % send it"."""
    for fact in facts:
        for quantity in fact.quantities:
            top = quantity.unit.partition("/")[0]
            yield _case_of(top) if _PLURAL.fullmatch(top) else None


def _most_spoken_of(case: Case, texts: Sequence[str]) -> str | None:
    """Of what is counted, the thing spoken of most; else a plural that several statements share. Once is no
    sign.
    """
    if is_german(case):
        return None
    units = dict.fromkeys(
        name
        for fact in (*case.of(FactKind.CONTEXT), *case.of(FactKind.CHALLENGE))
        for quantity in fact.quantities
        if (name := _case_of(quantity.unit)) is not None and _PLURAL.fullmatch(name)
    )
    said = [stems(text) for text in texts]
    times = {name: sum(bool(stems(name) & each) for each in said) for name in units}
    best = max(times, key=lambda name: times[name], default="")
    if times.get(best, 0) > 1:
        return best
    plurals = ({word.casefold() for word in _WORD.findall(text) if _PLURAL.fullmatch(word)} for text in texts)
    often = Counter(
        word for found in plurals for word in sorted(found) if _case_of(word) and word not in _COMMON
    )
    word, number = next(iter(often.most_common(1)), ("", 0))
    return word if number > 1 else None
