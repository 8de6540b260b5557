"""Marked quotes: the passages of the answer that a judge rests its scores on, where they stand in it.

A judge quotes in its reasons, between “ and ”, shortened at a word with " …" behind: then the sentence it
began is meant. A jury's ballots hold more: each passage that an item was granted for. A passage is marked
where it stands letter by letter after white space is made alike, in the first place it does; one that stands
nowhere is not marked, and the page does not pretend. Passages may overlap; a piece of text then has several.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from debate.judging.sentences import sentences
from debate.sanitize import plain
from debate.verdict import Verdict

SHORTEST: Final = 20
"""Characters of a passage worth marking: "at least 57 %" stands anywhere."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage a judge quoted. `number` counts from 1 on the page; `criterion` is what it speaks for,
    `judge` the verdict's kind. Of a passage that is `cut` the sentence goes on.
    """

    number: int
    criterion: str
    judge: str
    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with the quotes it is part of; `first` are those that begin with it,
    `last` those that end with it.
    """

    text: str
    quotes: tuple[Quote, ...] = ()
    first: tuple[Quote, ...] = ()
    last: tuple[Quote, ...] = ()

    @property
    def judges(self) -> tuple[str, ...]:
        """Whose quotes these are: "checks", "model" or both."""
        return tuple(sorted({quote.judge for quote in self.quotes}))


def quoted(reason: str) -> Iterator[str]:
    """The passages in quotation marks, outermost only, without the mark of shortening."""
    depth, start = 0, 0
    for at, char in enumerate(reason):
        if char == "“":
            depth += 1
            if depth == 1:
                start = at + 1
        elif char == "”" and depth:
            depth -= 1
            if depth == 0:
                yield _alike(reason[start:at].removesuffix("…"))


def quotes_of(verdicts: Iterable[Verdict], ballots: Mapping[str, Sequence[str]] | None = None) -> list[Quote]:
    """What the judges quoted, each passage once a criterion and judge, in the order of the page.

    `ballots` are the passages of a jury's ballots by criterion; what stands in a longer one is left out.
    """
    found: list[Quote] = []
    for verdict in verdicts:
        for score in verdict.criteria:
            passages = {text: f"{text} …”" in _alike(each) for each in score.reasons for text in quoted(each)}
            if verdict.kind == "model":
                passages |= dict.fromkeys(map(_alike, (ballots or {}).get(score.name, ())), False)
            for text, cut in passages.items():
                inside = any(text != other and text in other for other in passages)
                if len(text) >= SHORTEST and not inside:
                    found.append(Quote(len(found) + 1, score.name, verdict.kind, text, cut))
    return found


class Marker:
    """Marks quotes in texts, in the order texts are given; a quote is marked once."""

    def __init__(self, quotes: Sequence[Quote]) -> None:
        self._left = list(quotes)
        self.marked: set[int] = set()

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The text in pieces, on one line."""
        text = _alike(text)
        spans: list[tuple[int, int, Quote]] = []
        for quote in list(self._left):
            if (at := _place(quote.text, text)) >= 0:
                spans.append((at, at + _length(quote, text[at:]), quote))
                self._left.remove(quote)
                self.marked.add(quote.number)
        cuts = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
        return tuple(
            Piece(
                text[start:end],
                tuple(quote for low, high, quote in spans if low <= start and end <= high),
                tuple(quote for low, _, quote in spans if low == start),
                tuple(quote for _, high, quote in spans if high == end),
            )
            for start, end in pairwise(cuts)
        )

    def paragraphs(self, text: str) -> tuple[tuple[Piece, ...], ...]:
        """The paragraphs of a text, each in pieces."""
        return tuple(self.pieces(part) for part in re.split(r"\n\s*\n", plain(text)) if part.strip())


def _place(passage: str, text: str) -> int:
    """Where the passage begins, -1 when it stands nowhere; jurors are free to straighten an apostrophe."""
    return text.replace("’", "'").find(passage.replace("’", "'"))


def _length(quote: Quote, rest: str) -> int:
    """How much of the text from its first letter on is marked."""
    return max(len(quote.text), len(sentences(rest)[0])) if quote.cut else len(quote.text)


def _alike(text: str) -> str:
    return " ".join(plain(text).split())
