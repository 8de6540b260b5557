"""Padding: the same answer with more words around each of its points, and nothing more in them.

Every sentence and every item keeps its own words and is led in and led out by what can be said of any point;
between them stand sentences that fit any answer. A reader learns nothing new from it. Other words for the
same thing are not put in: which words mean the same on a given card is not for code to say.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle, pairwise
from typing import Final

from debate.judging.sentences import sentences

_OPENING: Final = (
    "It goes without saying that a matter of this kind deserves a careful and thorough look from all sides. "
    "In what follows, the points that come to mind are set out one after the other, as clearly as possible."
)
_CLOSING: Final = (
    "Taken together, these points form a good basis, and more can follow in due time. "
    "Obviously, details have to be worked out later, and it makes sense to watch how things develop."
)
_LEADS: Final = (
    "First of all, and hardly anybody would disagree",
    "In addition to that",
    "Beyond that, and no less important",
    "Likewise, and for much the best of reasons",
    "Furthermore, as is so often said in this context",
    "Last and by no means least",
)
_TAILS: Final = (
    "as experience has shown time and again",
    "which is seldom wrong",
    "at least as far as that is possible",
    "in one way or another",
    "and that is generally well worth the effort",
)
_ASIDES: Final = (
    "Clearly, this is one of several points, and it should be seen together with the others.",
    "Opinions may differ on the details, and the general idea is certainly a good one.",
)
_EVERY: Final = 3  # points after which an aside stands
_MARKER = re.compile(r"[ \t]*(?:[-*+•]|\d{1,2}[.)])[ \t]+")
_STOP = re.compile(r"[.!?…;,]*\Z")


def padded(markdown: str) -> str:
    """The text with its points in their order and form, each of them padded."""
    leads, tails, asides = cycle(_LEADS), cycle(_TAILS), cycle(_ASIDES)
    told: list[str] = []
    number = 0
    for piece in _pieces(markdown):
        marker, text = _parted(piece)
        if text.endswith(":") or text.startswith("#"):
            told.append(piece)
            continue
        said = []
        for sentence in sentences(text):
            number += 1
            said.append(f"{next(leads)}: {_STOP.sub('', sentence)}, {next(tails)}.")
            if number % _EVERY == 0:
                said.append(next(asides))
        told.append(marker + " ".join(said))
    return "\n\n".join((_OPENING, _joined(told), _CLOSING))


def _pieces(markdown: str) -> Iterator[str]:
    """Paragraphs, headings and items, each on one line, an item behind its marker."""
    piece: list[str] = []
    for line in [*markdown.split("\n"), ""]:
        if piece and (not line.strip() or _parted(line)[0] or line.startswith("#")):
            yield piece[0].rstrip() + "".join(f" {more.strip()}" for more in piece[1:])
            piece = []
        if line.strip():
            piece.append(line)


def _parted(line: str) -> tuple[str, str]:
    """The marker of an item, "" for another line, and what stands behind it."""
    found = _MARKER.match(line)
    end = found.end() if found else 0
    return line[:end], line[end:].strip()


def _joined(pieces: Sequence[str]) -> str:
    """Items that follow each other are one list."""
    text = "".join(pieces[:1])
    for before, piece in pairwise(pieces):
        listed = _parted(before)[0] and _parted(piece)[0]
        text += ("\n" if listed else "\n\n") + piece
    return text
