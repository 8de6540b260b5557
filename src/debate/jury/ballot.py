"""Ballots: what a juror says of one candidate on one criterion, and what code makes of it.

A juror copies passages first and answers each item afterwards. A yes or a partial counts only with a
passage that stands in the candidate, letter by letter after Unicode and white space are made alike; code
checks that, and code computes the score: the share of what was granted, on 0 to 10. What a juror thinks of
the whole is not asked. A passage that speaks to the judge, or of the items it answers, proves nothing.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from debate.judging.orders import is_order, without_orders
from debate.judging.rubric import Criterion
from debate.jury.candidate import said

_WORTH = {"yes": 1.0, "partial": 0.5, "no": 0.0}
_FEWEST_WORDS = 3


class Answered(StrEnum):
    """What a juror can say to an item."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"


class Quoted(BaseModel):
    """A passage of the candidate, copied for one item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    passage: str


class ItemAnswer(BaseModel):
    """The answer to one item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    answer: Answered


class Ballot(BaseModel):
    """One juror, one candidate, one criterion: passages first, then answers, then a line of reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quotes: tuple[Quoted, ...]
    answers: tuple[ItemAnswer, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Count:
    """A ballot as counted: the raw score, 0 to 10, and how many of the passages offered stand in the
    candidate and speak of the case.

    `granted` has item id and passage of each item that counted.
    """

    score: float
    offered: int
    found: int
    granted: tuple[tuple[str, str], ...]
    reason: str


def ballot_faults(ballot: Ballot, criterion: Criterion) -> list[str]:
    """What a juror has to mend: an item left out, answered twice, or unknown. A passage that is not there
    is no fault of form; it is counted.
    """
    ids = [item.id for item in criterion.items]
    answered = [answer.item for answer in ballot.answers]
    faults = [f"item {id_!r} is not answered" for id_ in ids if id_ not in answered]
    faults += [f"item {id_!r} is answered twice" for id_ in ids if answered.count(id_) > 1]
    known = {*answered, *(quote.item for quote in ballot.quotes)} - set(ids)
    return faults + [f"{id_!r} is no item; they are {', '.join(ids)}" for id_ in sorted(known)]


def count(ballot: Ballot, criterion: Criterion, shown: str) -> Count:
    """Count a ballot on the candidate whose text was `shown`. Items without a valid passage count 0; the
    words of the template and those that speak to the judge prove nothing.
    """
    text = _alike(without_orders(said(shown))[0])
    offered = [quote for quote in ballot.quotes if quote.passage.strip()]
    ids = [item.id for item in criterion.items]
    proofs = [
        quote
        for quote in offered
        if _stands(quote.passage, text)
        and not is_order(quote.passage)
        and not any(id_ in quote.passage for id_ in ids)
    ]
    valid = {quote.item: quote.passage for quote in reversed(proofs)}
    granted = {
        answer.item: _WORTH[answer.answer]
        for answer in ballot.answers
        if answer.answer is not Answered.NO and answer.item in valid
    }
    score = 10 * sum(granted.values()) / len(criterion.items)
    passages = tuple((item, valid[item]) for item in granted)
    return Count(round(score, 4), len(offered), len(proofs), passages, ballot.reason)


def _stands(passage: str, text: str) -> bool:
    """Whether a passage stands in the candidate; a word or two prove nothing, unless there is no more."""
    copied = _alike(passage)
    enough = len(copied.split()) >= _FEWEST_WORDS or copied == text
    return bool(copied) and enough and copied in text


def _alike(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").split()).strip("\"“”' …")


def validity(counts: Sequence[Count]) -> float | None:
    """Share of the passages offered that stand in the candidates; None when none was offered."""
    offered = sum(each.offered for each in counts)
    return sum(each.found for each in counts) / offered if offered else None
