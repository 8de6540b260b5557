"""The rubric of a card: its criteria with what each band looks like, as items a judge can answer one by one.

Compiled from the card alone, without any model: the card's rubric table (or the default one) gives the
bands and two items of each criterion, this module the others, and the author's words on the two rated
answers stand beside them as examples of a rating. All items are positive: a yes is always good, because
judges slip on inverted ones. The hash stands in every verdict; two rubrics are one when their canonical
JSON is.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from debate.cards.problem import ProblemCard, RubricRow

#: Judged when a card has no rubric of its own.
DEFAULT = (
    RubricRow("Originality", "more of the same tactics", "hints at another view", "turns the question round"),
    RubricRow("Lens Relevance", "no lens", "a lens is mentioned", "a lens is applied to this case"),
    RubricRow(
        "Explanation", "no reason given", "reasons for some of it", "says why what was tried fell short"
    ),
    RubricRow("Actionability", "vague advice", "some specifics", "clear steps that can be tested"),
    RubricRow("Novelty", "what everybody says", "a slight turn", "an insight that is not obvious"),
)

_BANDS = ((3.5, "0-3"), (6.5, "4-6"))


def rows(card: ProblemCard) -> tuple[RubricRow, ...]:
    """The card's rubric, or the default."""
    return card.rubric or DEFAULT


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a judge answers with yes, partial or no. `id` is unique within its criterion."""

    id: str
    asks: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion as it is judged: bands as the card words them, items, and what the card's author said of
    answers with a known rating (`examples`, "8: a new view of the architecture").
    """

    name: str
    low: str
    middle: str
    high: str
    items: tuple[Item, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """All criteria of one card. `sha256` is of the canonical JSON of them."""

    criteria: tuple[Criterion, ...]
    sha256: str

    def criterion(self, name: str) -> Criterion | None:
        """The criterion called `name`, whatever its case."""
        return next((each for each in self.criteria if each.name.casefold() == name.casefold()), None)


def compiled(card: ProblemCard) -> Rubric:
    """The rubric of a card."""
    criteria = tuple(_criterion(card, row) for row in rows(card))
    plain = [asdict(criterion) for criterion in criteria]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Rubric(criteria, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def band(score: float) -> str:
    """The band a score lies in; halves between two bands go up."""
    return next((name for below, name in _BANDS if score < below), "7-10")


#: Items by criterion, in casefolded names; two more come from the card's bands.
_ITEMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "originality": (
            "It names a cause or a mechanism that the case itself does not name.",
            "It says that the trouble lies elsewhere than where the attempts were made.",
            "Its view is worked out on this case's own parts, not stated for any case.",
            "Its main proposal is of another kind than everything that was tried.",
        ),
        "lens relevance": (
            "It names a way of looking, and says what that way of looking shows here.",
            "It explains at least one fact of the case by that way of looking.",
            "It uses the terms of that way of looking for parts of this case.",
            "At least one proposal follows from that way of looking and from nothing else in the answer.",
        ),
        "explanation": (
            "It says for each attempt, by itself, why it brought as little as it did.",
            "One cause it names explains several facts of the case at once.",
            "It says through what the cause has its effect, not only that it does.",
            "It uses the case's own figures, or figures worked out from them, as evidence.",
        ),
        "actionability": (
            "The first thing to do can be begun by one person within a week.",
            "It says what is to be measured, and the number from which on the result counts.",
            "It says what is done if the result comes out one way, and what if the other.",
            "Everything it proposes stays within the limits that the case states.",
        ),
        "novelty": (
            "Its main idea is not among those a colleague would list first.",
            "It connects two facts that the case does not connect.",
            "It predicts a result that somebody who follows the usual advice would not expect.",
            "It says why the usual advice would fall short here.",
        ),
    }
)
_ANY = (
    "It makes a statement on {name} that holds for this case and not for any.",
    "It supports that statement by a fact or a figure of the case.",
    "It carries it through: what follows for what should be done is said.",
)


def _criterion(card: ProblemCard, row: RubricRow) -> Criterion:
    name = " ".join(row.criterion.split())
    asked = _ITEMS.get(name.casefold()) or tuple(text.format(name=name) for text in _ANY)
    reached = (("It has at least this", row.middle), ("It has this", row.high))
    bands = (f"{says}: {' '.join(text.split()).rstrip('.')}." for says, text in reached if text.strip())
    first = name.casefold().split()[0]
    items = tuple(Item(f"{first}-{n}", text) for n, text in enumerate((*asked, *bands), 1))
    return Criterion(name, row.low, row.middle, row.high, items, tuple(_examples(card, name)))


def _examples(card: ProblemCard, name: str) -> list[str]:
    """What the author said of the two known answers on this criterion, without saying which they are."""
    rated = (pattern.rating(name) for pattern in (card.baseline, card.target))
    return [
        f"{rating.value:g} of 10: {rating.note}" for rating in rated if rating is not None and rating.note
    ]
