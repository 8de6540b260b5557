"""Lens cards: a way of looking, as Markdown with front matter.

A lens is its text; two lenses whose moves say the same are one lens. A *move* is the kind of intervention the
lens suggests together with the measurement that would prove it wrong. Moves are written as slots (`Suspect`,
`Because`, `Measure`, `True if`, …), general ones first and wordings for a domain under `#### In <domain>`.
Words in square brackets are stand-ins for the case's own figures and names (`[now]`, `[target]`, `[gap
share]`, `[subject]`); a model reads them as such, the offline model fills them in. A card is data: it is
never parsed as a template.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

#: Slots of a move, by the bold lead of its bullet, in the order cards write them.
SLOTS = (
    "suspect",  # the claim: one sentence about the case that could be wrong
    "because",  # cause, mediator, effect
    "measure",  # one quantity, a noun phrase: "share of [now] spent waiting between parts"
    "now",  # its value today, or how to get it; optional
    "true if",  # interval: "at least [gap share]", "20 round trips or more"
    "false if",  # interval disjoint from it, same unit: "at most half of [gap share]"
    "test",  # what to do to get the measure: "Count the round trips: …" (the part before the colon is a title)
    "who",  # who tests and builds it
    "days",  # working days the test takes, a number
    "change",  # what to change when the claim holds: "Ask once for all of it: …"
    "build days",  # working days the change takes
    "effect",  # what the change is worth
    "rival",  # best other explanation and what it would predict
    "words",  # comma-separated words that, in a case, speak for this move
)


@dataclass(frozen=True, slots=True)
class Move:
    """One intervention with the measurement that would prove it wrong. `line` is 1-based."""

    name: str
    slots: Mapping[str, str]
    domains: Mapping[str, Mapping[str, str]]
    line: int

    def within(self, domain: str) -> Mapping[str, str]:
        """The slots as worded for `domain`: its own where the card has them, the general ones elsewhere."""
        return MappingProxyType({**self.slots, **self.domains.get(domain.casefold(), {})})


@dataclass(frozen=True, slots=True)
class Signal:
    """Something in a problem that calls for this lens; `words` are what it looks like in a text."""

    name: str
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttemptReading:
    """What the lens says of one kind of attempt: `words` recognise it, `because` says why it falls short.

    Empty `words` is the lens's reading of any attempt. `domain` limits it to one domain when given.
    """

    words: tuple[str, ...]
    because: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class LensCard:
    """A parsed lens card. `origin` is "built-in", "overlay", "file" or "ad hoc"; `sha256` is of the file's
    bytes.
    """

    id: str
    name: str
    family: str
    aliases: tuple[str, ...]
    neighbours: tuple[str, ...]
    opposites: tuple[str, ...]
    sees: str
    applies: tuple[str, ...]
    misleads: tuple[str, ...]
    questions: tuple[str, ...]
    signals: tuple[Signal, ...]
    moves: tuple[Move, ...]
    attempts: tuple[AttemptReading, ...]
    source: str
    body: str = field(repr=False)
    path: Path
    origin: str
    sha256: str
