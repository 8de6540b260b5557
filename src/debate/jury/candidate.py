"""Candidates: an answer as a juror sees it.

Every answer, whoever wrote it, goes through one plain template: what it says, and what it proposes, numbered
anew. All of its words are there, each point once, but for its markup, the names of lenses, and what speaks to
a judge; the two fields have the same cap, and what it takes off is told. So form and authorship have
little to say, and length only up to the cap.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from debate.judging.orders import without_orders
from debate.judging.proposals import is_among_steps
from debate.judging.sentences import sentences
from debate.judging.text import MAX_ANSWER, Answer, Entry, Part, read
from debate.judging.words import fold
from debate.jury.blinding import Blind
from debate.jury.unmarked import unmarked, untagged

#: Words of each field, more than the longest letter of ours has in all; and proposals.
WORDS: Final = 1000
PROPOSALS: Final = 40
_SAYS, _PROPOSES, _NOTHING = "What it says:", "What it proposes:", "(It says nothing.)"
_MORE: Final = " …"
_LABEL = re.compile(
    r"\A\W{0,3}(?:(?:step|phase|action)\s*#?\d{1,2}\s*[.):–—-]|#?\d{1,2}\s*[.):])\s+(?=\S)", re.IGNORECASE
)
_ENDED = re.compile(r"[.?!:…;][\"”’')\]]*\Z")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer, ready to be shown. `orders` are sentences that spoke to the judge; they are not in `text`.

    `cut` says how many words of which part were left out for their length.
    """

    text: str
    orders: tuple[str, ...]
    cut: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of a field: a line of its own where it is `numbered` or introduces what is."""

    text: str
    numbered: bool = False

    @property
    def words(self) -> int:
        return len(self.text.split())


def candidate(markdown: str, names: Iterable[str] = (), aliases: Iterable[str] = ()) -> Candidate:
    """An answer of any form as a juror sees it, without the names of lenses."""
    answer = read(untagged(markdown))
    blind, orders = Blind(names, aliases), list(answer.orders)
    said: list[_Piece] = []
    proposed: list[_Piece] = []
    leads: list[_Piece] = []
    steps = _steps(answer)
    for part in _once(answer.parts):
        text, spoken = without_orders(_plain(part))
        orders += spoken
        if not text.strip():
            continue
        piece = _Piece(blind(text), numbered=part.entry in steps)
        if part.heads:
            leads.append(piece)
            continue
        field = proposed if piece.numbered else said
        field += [*leads, piece]
        leads = []
    first, cut = _capped([*said, *leads])
    listed, cut_too = _shared_out(proposed)
    blocks = (
        f"{_SAYS}\n{first}" if first else "",
        "\n".join((_PROPOSES, *_numbered(listed))) if listed else "",
    )
    whole = [f"everything after its first {MAX_ANSWER:,} characters"] if answer.cut else []
    text = "\n\n".join(block for block in blocks if block) or _NOTHING
    return Candidate(text, tuple(orders), (*cut, *cut_too, *whole))


def said(shown: str) -> str:
    """What the answer itself says of a candidate as shown: without the words of the template."""
    lines = shown.split("\n")
    return "\n".join(line for line in lines if line not in (_SAYS, _PROPOSES, _NOTHING))


def _steps(answer: Answer) -> frozenset[Entry]:
    """The entries shown as proposals: the steps, or all entries of an answer that calls none one."""
    return frozenset(entry for entry in answer.entries if is_among_steps(entry)) or frozenset(answer.entries)


def _once(parts: Iterable[Part]) -> Iterator[Part]:
    """Each entry and sentence that is said for the first time; what introduces another may come again."""
    seen = set[str]()
    for part in parts:
        whole = [part.text] if part.entry is not None or part.heads else sentences(part.text)
        fresh = dict.fromkeys(text for text in whole if part.heads or fold(text) not in seen)
        seen.update(map(fold, whole))
        yield replace(part, text=" ".join(fresh))


def _plain(part: Part) -> str:
    """The words of a part on one line."""
    lines = part.text.split("\n")
    if part.entry is None:
        return _ended(" ".join(filter(None, map(unmarked, lines))))
    first, *rest = (unmarked(line) for line in lines)
    return " ".join(_ended(line) for line in (_LABEL.sub("", first), *rest) if line)


def _ended(text: str) -> str:
    return text if not text or _ENDED.search(text) else f"{text}."


def _capped(said: Sequence[_Piece]) -> tuple[str, list[str]]:
    """The first words of what an answer says, and what was left out."""
    words = [word for piece in said for word in piece.text.split()]
    gone = len(words) - WORDS
    if gone <= 0:
        return " ".join(words), []
    return " ".join(words[:WORDS]) + _MORE, [f"the last {gone:,} of {len(words):,} words of what it says"]


def _shared_out(proposed: Sequence[_Piece]) -> tuple[list[_Piece], list[str]]:
    """The first proposals, each whole where all fit: else the longest are cut to one length."""
    numbers = [number for number, piece in enumerate(proposed) if piece.numbered]
    end = numbers[PROPOSALS] if len(numbers) > PROPOSALS else len(proposed)
    shown, after = proposed[:end], proposed[end:]
    cut = []
    if most := _longest(shown):
        gone = sum(max(0, piece.words - most) for piece in shown)
        every = sum(piece.words for piece in shown)
        cut.append(
            f"{gone:,} of {every:,} words of what it proposes, from those of its points longer than {most}"
        )
        shown = [
            replace(p, text=" ".join(p.text.split()[:most]) + _MORE) if p.words > most else p for p in shown
        ]
    if after:
        left = sum(piece.words for piece in after)
        cut.append(f"its proposals after the first {PROPOSALS}, {left:,} words")
    return list(shown), cut


def _longest(pieces: Sequence[_Piece]) -> int:
    """The length to which pieces have to be cut so that they fit; 0 where they do."""
    left, sizes = WORDS, sorted(piece.words for piece in pieces)
    for at, size in enumerate(sizes):
        share = left // (len(sizes) - at)
        if size > share:
            return max(1, share)
        left -= size
    return 0


def _numbered(pieces: Sequence[_Piece]) -> Iterator[str]:
    number = 0
    for piece in pieces:
        number += piece.numbered
        yield f"{number}. {piece.text}" if piece.numbered else piece.text
