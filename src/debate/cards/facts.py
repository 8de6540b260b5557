"""Facts: the sentences of a problem card that agents may cite, numbered.

C context, H challenge, T what was tried (with its measured effect), K constraints, S success criteria. An id
is stable for a card's text: the n-th fact of its kind. Agents cite these ids; code checks them.
"""

from dataclasses import dataclass
from enum import StrEnum

from debate.cards.quantities import Quantity


class FactKind(StrEnum):
    """First letter of a fact's id."""

    CONTEXT = "C"
    CHALLENGE = "H"
    TRIED = "T"
    CONSTRAINT = "K"
    CRITERION = "S"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an attempt measurably did: "improved 5%" → 5 %, better. `amount` is None for "no effect" or words
    only.

    `direction`: "better", "worse", "none" or "unknown". `text` is the card's wording.
    """

    amount: Quantity | None
    direction: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One numbered sentence of the card. `line` is 1-based; `text` is plain text without markup.

    For kind T, `name` is the attempt without its effect ("Redis caching") and `effect` what it did.
    """

    id: str
    kind: FactKind
    text: str
    line: int
    quantities: tuple[Quantity, ...] = ()
    name: str = ""
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that follows from facts by plain arithmetic: shown to agents as computed, not as opinion.

    `key` names what kind of reading it is (see `debate.cards.readings`); `text` is one sentence with the
    arithmetic in it; `value` and `unit` its result; `cites` the facts it rests on.
    """

    id: str
    key: str
    text: str
    value: float
    unit: str
    cites: tuple[str, ...]
