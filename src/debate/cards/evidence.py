"""Evidence: which statement of a card becomes which fact.

Sections decide first; a sentence's own introduction ("Constraints: …", "We tried …") comes before the
section it stands in. What a card has no section for is taken from context, challenge and prompt:
constraints from what must or cannot be done, criteria from what is aimed at. The prompt repeats the card in
the owner's voice, so only what no other fact says is kept from it.
"""

import re
from collections.abc import Iterable, Sequence

from debate.cards.cues import cue, words
from debate.cards.facts import Fact, FactKind
from debate.cards.parts import Parts
from debate.cards.quantities import Quantity, find
from debate.cards.statements import LONGEST, Statement, statements
from debate.cards.tried import Attempt, attempts

C, H, T, K, S = FactKind.CONTEXT, FactKind.CHALLENGE, FactKind.TRIED, FactKind.CONSTRAINT, FactKind.CRITERION

_FORBIDS = cue(
    "cannot, can not, can't, must not, mustn't, may not, not allowed, budget, no new, off limits",
    "not an option, without adding, without hiring, without buying, without changing, without touching",
    "without more",
    "without new, without any, compliance, regulat*, darf nicht, dürfen nicht, dürfen keine",
    "nicht erlaubt",
)
_OBLIGES = cue("must, has to, have to, deadline, required to, muss, müssen")
_WAYS = ("under", "below", "above", "to", "at")
_AIMS = cue(
    "target, goal, aim, aims, aiming, objective, ziel, success is, success means, success looks",
    *(
        f"{verb} {way}"
        for verb in ("want _", "wants _", "get", "get _", "need it", "need them")
        for way in _WAYS
    ),
    *(
        f"{verb} {move}"
        for verb in ("want to", "wants to", "need to", "needs to", "must", "has to", "have to", "should")
        for move in ("get", "reach", "fall", "drop", "rise", "come", "take", *(f"be {way}" for way in _WAYS))
    ),
)
# Said to whoever answers, not about the case.
_ADDRESSED = cue(
    "your role, your task, your job, you are, help us, help me, please, act as, suggest, propose",
    "give us, tell us, advise",
    start=True,
)
_COMMON = words(
    "about after again also and any are been being but can down even far for from get has have help into "
    "its just more most much need needs not now only our out over role some still than that the their "
    "them then there they this too under until very was way well were what when which while will with you "
    "your we're it's"
)
_STEM = 4
_SAID_BEFORE = 0.5
_SAID_BEFORE_WITH_FIGURES = 0.4


def gather(parts: Parts) -> tuple[Fact, ...]:
    """The numbered facts of a card, by kind and in the card's order."""
    preamble = () if parts.of("context") else tuple(parts.preamble)
    told = [
        *_placed(statements(preamble + parts.blocks("context")), C),
        *_placed(statements(parts.blocks("challenge")), H),
        *_placed(statements(parts.blocks("tried"), T), T),
        *_placed(statements(parts.blocks("constraints")), K, fixed=True),
        *_placed(statements(parts.blocks("criteria")), S, fixed=True),
    ]
    asked = [(s.label or H, s) for s in statements(parts.blocks("prompt")) if not _only_addressed(s)]
    found = _attempted(told)
    from_prompt = _attempted(asked)
    has = {kind for kind, _, _ in found}
    extra = [each for each in from_prompt if each[0] is H or each[0] not in has]
    # Attempts of the prompt that the card lists elsewhere are repetitions; so is what the facts say already.
    known = _Known(found)
    found += [each for each in extra if each[0] is not H or not known.says(each[1].text)]
    for kind, applies in ((K, _is_constraint), (S, _is_criterion)):
        if not any(each[0] is kind for each in found):
            found = [(kind if one in (C, H) and applies(s.text) else one, s, a) for one, s, a in found]
    return tuple(_numbered(_once(found)))


_Found = tuple[FactKind, Statement, Attempt | None]


def _placed(
    found: Iterable[Statement], kind: FactKind, *, fixed: bool = False
) -> list[tuple[FactKind, Statement]]:
    """Each statement with its kind; where that is `fixed`, introductions do not move statements."""
    return [(kind if fixed else statement.label or kind, statement) for statement in found]


def _attempted(told: Iterable[tuple[FactKind, Statement]]) -> list[_Found]:
    """Statements with their kind; those that tell of attempts become one entry an attempt."""
    found: list[_Found] = []
    for kind, statement in told:
        readable = kind in (C, H, T) and len(statement.text) <= LONGEST
        tried = attempts(statement.text, labelled=kind is T) if readable else ()
        found.extend((T, statement, attempt) for attempt in tried)
        if not tried:
            found.append((kind, statement, None))
    return found


def _once(found: Sequence[_Found]) -> list[_Found]:
    """Each attempt once: what stands in a sentence and again in a list is kept where more is told of it."""
    best: dict[str, Attempt] = {}
    for _, _, attempt in found:
        if attempt is not None:
            first = best.setdefault(attempt.name.casefold(), attempt)
            if _told(attempt) > _told(first):
                best[attempt.name.casefold()] = attempt
    return [each for each in found if each[2] is None or best[each[2].name.casefold()] is each[2]]


def _told(attempt: Attempt) -> int:
    return (attempt.effect is not None) + (attempt.effect is not None and attempt.effect.amount is not None)


def _numbered(found: Sequence[_Found]) -> Iterable[Fact]:
    for kind in FactKind:
        own = [(statement, attempt) for one, statement, attempt in found if one is kind]
        for number, (statement, attempt) in enumerate(own, 1):
            text = attempt.text if attempt else statement.text
            name, effect = (attempt.name, attempt.effect) if attempt else ("", None)
            yield Fact(f"{kind}{number}", kind, text, statement.line, find(text), name, effect)


def _is_constraint(text: str) -> bool:
    return bool(_FORBIDS.search(text) or _OBLIGES.search(text)) and not _is_criterion(text)


def _is_criterion(text: str) -> bool:
    # "How do we get below 15 min without buying machines?" is aimed at first of all.
    return bool(_AIMS.search(text)) and (bool(find(text)) or not _FORBIDS.search(text))


def _only_addressed(statement: Statement) -> bool:
    question = statement.text.rstrip("\"'”").endswith("?") and not find(statement.text)
    return question or _ADDRESSED.match(statement.text) is not None


class _Known:
    """Figures and words of the facts found so far."""

    def __init__(self, found: Sequence[_Found]) -> None:
        said = [attempt.text if attempt else statement.text for _, statement, attempt in found]
        self._figures = {_figure(quantity) for text in said for quantity in find(text)}
        self._stems = {stem for text in said for stem in _stems(text)}

    def says(self, text: str) -> bool:
        """True when the facts have every figure of the text and about half of its words."""
        own = [_figure(quantity) for quantity in find(text)]
        if not self._figures.issuperset(own):
            return False
        stems = _stems(text)
        enough = _SAID_BEFORE_WITH_FIGURES if own else _SAID_BEFORE
        return not stems or len(stems & self._stems) / len(stems) >= enough


def _figure(quantity: Quantity) -> tuple[float, float, str]:
    return quantity.low, quantity.high, quantity.unit


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]{3,}(?:'[a-z]+)?", text.casefold())
    return {word[:_STEM] for word in words if word not in _COMMON}
