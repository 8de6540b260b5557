"""Names: what the case calls the figure that is stuck, and the thing it is about.

Both are taken from the words next to the figure and at the start of the context; where these do not tell, the
unit gives the figure a plain name and the thing has none. A wrong name is worse than none, so each rule asks
for a clear shape.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from debate.cards.facts import Fact, FactKind
from debate.cards.figures import Figures
from debate.cards.quantities import Quantity
from debate.cards.units import CURRENCIES, TIMES, measured
from debate.models.offline import wording
from debate.models.offline.case import Case
from debate.words import stems

_NO_NAME = (
    "the a an our this that these those it we they there he she you i who which what on in at to of for by "
    "from and or but as if when last next each every only not no more than still now today with about into "
    "over until is are was were be been has have had stand stands stood grew grows rose rises fell falls "
    "dropped must should reached went target goal aim"
)
_NOUN = rf"(?!(?:{'|'.join(_NO_NAME.split())})\b)[^\W\d_][\w‑'’-]*"
_OF = rf"(?: (?:of|to|for|at|in|on|per) (?:an? |the |our )?{_NOUN})?"
_NAME = rf"(?P<article>(?:the|an?|our) )?(?P<name>{_NOUN}(?: {_NOUN}){{0,2}}{_OF})"
_REST = r"\b[^,;.:]*\Z"
_SHARE = (
    r"\b(?P<name>(?:(?:share|proportion|percentage|rate|number) (?:of|that|who|which)|"
    r"(?:time|days) (?:from|until|between)) (?:the )?"
    r"[^\W\d_][^,;.:()\d]{2,60}?)"
    r" (?:is|are|was|has to|have to|must|should|needs? to|stands?|fell|rose|grew|_MOVED_)\b[^,;.:]*\Z"
)
#: "The share of sales from other shops should …" is named up to its verb; without one, up to "from" or "to".
_SHARES = tuple(
    re.compile(_SHARE.replace("_MOVED_", moved), re.IGNORECASE) for moved in ("went", "from|to|by")
)
_STANDS = re.compile(
    rf"\b{_NAME} (?:is|are|was|were|stands?|stood|averages|grew|grows|rose|rises|fell|falls|dropped|has to|"
    rf"have to|must|should|needs? to|hovers?|remains?|reached|went){_REST}",
    re.IGNORECASE,
)
_OF_FIGURE = re.compile(rf"\b{_NAME} (?:of|at) (?:about |around |some |only )?\Z", re.IGNORECASE)
_TAKES = re.compile(rf"\b{_NAME} (?P<verb>takes?|took|needs?){_REST}", re.IGNORECASE)
_MOVED = re.compile(
    rf"\b(?:raise|raising|lift|bring|reduce|reducing|cut|lower|increase|improve|grow|get) {_NAME} "
    rf"(?:from|to|by|above|below|under|down|up|back){_REST}",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    rf"\b{_NAME} (?P<verb>leaves|starts|arrives|opens|ends|begins|finishes|answers|departs|closes|"
    r"(?:is|are|gets) [a-z]+(?:ed|en|ered)) (?:only )?"
    r"(?:after|within|in) (?:about |around |only |some )?\Z",
    re.IGNORECASE,
)
# What the figure is called may stand behind it: "averages 350 ms response time".
_MEASURED = r"(?:time|rate|delay|cost|wait|share|price|load)"
_BEHIND = re.compile(rf"\A\s*(?P<name>(?:[a-z]+ )?{_MEASURED})\b", re.IGNORECASE)
_MEAN_BEFORE = re.compile(r"\b(?:averag\w+|mean|on average)\W*\Z", re.IGNORECASE)
_MEAN_BEHIND = re.compile(r"\A\W*(?:avg|average|on average|mean|im schnitt)\b", re.IGNORECASE)
_LONG = {"ms": "milliseconds", "s": "seconds", "min": "minutes", "h": "hours"}
_CODE = re.compile(r"`[^`\n]+`")
_OPENS = re.compile(rf"\A(?:An?|Our|The|This) (?P<words>{_NOUN}(?: {_NOUN}){{0,3}})(?P<rest>.*)", re.DOTALL)
_GOES_ON = re.compile(r"\A(?:,| (?:of|with|for|in|at|on|from|that|which|where|has|have|is|are|was|were)\b)")
_FOLLOWS_VERB = re.compile(r"\A (?:\d|(?:an?|the|its|their|our|all|about|some|every)\b)")


@lru_cache(maxsize=64)
def figure(case: Case) -> str | None:
    """The figure's name with its article ("the average response time"), or None when there is no figure."""
    figures = case.figures
    if figures is None:
        return None
    mentions = list(_mentions(case, figures))
    found = [*(_behind(*each) for each in mentions), *(_beside(figures, *each) for each in mentions)]
    return next((name for name in found if name), None) or _by_unit(figures, mentions)


def subject(case: Case) -> str | None:
    """The name in code type that the facts speak of most, else what the context begins with ("the depot")."""
    names = [name for fact in case.facts for name in _CODE.findall(fact.text)]
    if names:
        return str(max(names, key=lambda name: (names.count(name), -names.index(name))))
    return next((name for fact in case.of(FactKind.CONTEXT) if (name := _opening(fact.text))), None)


def one(case: Case) -> str | None:
    """What one case is: one of the things that are counted ("one of the parcels"), or what takes the time
    ("a permit"); None where the figure does not tell.
    """
    figures = case.figures
    if figures is None:
        return None
    top = figures.unit.partition("/")[0]
    if top and not measured(top) and top not in CURRENCIES:
        return f"one of the {top}"
    taken = (_TAKES.search(fact.text[: q.start]) for fact, q in _mentions(case, figures) if q.unit in TIMES)
    return next(
        (
            f"{found['article'].casefold()}{wording.clause(found['name'])}"
            for found in taken
            if found and (found["article"] or "").casefold() in ("a ", "an ")
        ),
        None,
    )


def _mentions(case: Case, figures: Figures) -> Iterator[tuple[Fact, Quantity]]:
    """Where the facts state today's value or the target, today's value first."""
    for value in (figures.now, figures.target):
        for fact in case.facts:
            for quantity in fact.quantities:
                if quantity.unit == figures.unit and quantity.value == value:
                    yield fact, quantity


def _behind(fact: Fact, quantity: Quantity) -> str | None:
    found = _BEHIND.match(fact.text[quantity.end :])
    if found is None:
        return None
    mean = "average " if _MEAN_BEFORE.search(fact.text[: quantity.start]) else ""
    return f"the {mean}{found['name'].casefold()}"


def _beside(figures: Figures, fact: Fact, quantity: Quantity) -> str | None:
    before = fact.text[: quantity.start]
    if (taken := _TAKES.search(before)) is not None and quantity.unit in TIMES:
        thing = f"{(taken['article'] or '').casefold()}{wording.clause(taken['name'])}"
        return f"the time {thing} {taken['verb'].casefold()}"
    if (leaves := _LEAVES.search(before)) is not None and quantity.unit in TIMES:
        thing = f"{(leaves['article'] or '').casefold()}{wording.clause(leaves['name'])}"
        return f"the time until {thing} {leaves['verb'].casefold()}"
    share = next((found for shape in _SHARES if (found := shape.search(before))), None)
    if share is not None:
        return f"the {wording.clause(share['name'])}"
    found = _STANDS.search(before) or _MOVED.search(before) or _OF_FIGURE.search(before)
    if found is not None and found["name"].casefold() == "average" and quantity.unit in TIMES:
        return "the average time"
    if found is None or stems(found["name"]) <= stems(figures.unit):
        return None
    return f"the {wording.clause(found['name'])}"


def _by_unit(figures: Figures, mentions: list[tuple[Fact, Quantity]]) -> str:
    top, slash, _ = figures.unit.partition("/")
    if top in CURRENCIES:
        return "the amount"
    if not measured(top):
        return f"the number of {wording.spoken(figures.unit)}" if top else "the figure"
    if slash:
        return f"the {wording.spoken(figures.unit.replace(top, _LONG.get(top, top), 1))}"
    mean = any(_MEAN_BEHIND.match(fact.text[quantity.end :]) for fact, quantity in mentions)
    return f"the {'average ' if mean else ''}{'time' if top in TIMES else 'rate' if top == '%' else 'amount'}"


def _opening(text: str) -> str | None:
    """The noun a sentence opens with. Where it ends is clear before a comma, a preposition or a verb."""
    found = _OPENS.match(text)
    if found is None:
        return None
    words, rest = found["words"].split(), found["rest"]
    if len(words) > 1 and words[-1].endswith("s") and _FOLLOWS_VERB.match(rest):
        return f"the {' '.join(words[:-1])}"  # "A depot sorts 9,000 parcels"
    return f"the {' '.join(words)}" if _GOES_ON.match(rest) else None
