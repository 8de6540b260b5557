"""The time the owner has, where the card states it."""

import re

from debate.cards.facts import Fact, FactKind
from debate.cards.problem import ProblemCard
from debate.cards.quantities import Quantity, find

#: Working days in one of each unit.
WORKING_DAYS = {"days": 1.0, "weeks": 5.0, "months": 21.0}

# A span of days is a deadline only where the sentence speaks of delivering: "answered within 2 days" may be a
# duty of the service, and "doubled in 2 weeks" is history.
_DELIVERY = re.compile(
    r"\b(?:deadline|due|ship|deliver|launch|release|roll|go(?:es)? live|be live|in place|improve(?:ment)?|"
    r"fix(?:ed)?|solved?|solution|results?|done|finish(?:ed)?|completed?|implement(?:ed)?|feasible|achieved?|reach(?:ed)?|"
    r"show|visible|available|have)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?:\b(?:in|within|under|at most|inside|less than|no (?:more|longer|later) than|up to|"
    r"max(?:imum)?(?: of)?|deadline(?: is| of)?:?|have(?: only)?|only)(?: the)?(?: next)?|[<≤])\s*$",
    re.IGNORECASE,
)
_LIMIT_AFTER = re.compile(r"\s*(?:deadline|limit|left|remain)", re.IGNORECASE)
_PAST = re.compile(r"\s*(?:ago|so far|already)\b", re.IGNORECASE)


def deadline(card: ProblemCard) -> tuple[float, Fact] | None:
    """The shortest deadline among challenge, constraints and criteria: working days, and its fact."""
    kinds = (FactKind.CHALLENGE, FactKind.CONSTRAINT, FactKind.CRITERION)
    spans = [(days, fact) for kind in kinds for fact in card.of(kind) for days in _days(fact.text)]
    return min(spans, key=lambda span: span[0], default=None)


def _days(text: str) -> list[float]:
    if not _DELIVERY.search(text):
        return []
    return [
        quantity.high * WORKING_DAYS[quantity.unit]
        for quantity in find(text)
        if quantity.unit in WORKING_DAYS and _limits(quantity, text)
    ]


def _limits(quantity: Quantity, text: str) -> bool:
    before = quantity.bound in {"<", "<="} or _LIMIT.search(text[: quantity.start]) is not None
    after = _LIMIT_AFTER.match(text, quantity.end) is not None
    return (before or after) and _PAST.match(text, quantity.end) is None
