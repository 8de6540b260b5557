"""Expected lens relevance: the lenses a card's author names, by level, with a gloss why.

Read are bullets under a level (`**High relevance:**`, a heading `### High`), names on the level's own line
(`**High:** A, B`), and lists in brackets (`- High relevance: [a, b]`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from debate.cards.markdown import Block, Line, ListBlock, ListItem, Paragraph, plain
from debate.cards.statements import split_list, tidy
from debate.errors import Fault


@dataclass(frozen=True, slots=True)
class Relevance:
    """One lens the card's author names: level is "high", "medium" or "low"; gloss says why."""

    lens: str
    level: str
    gloss: str
    line: int


_LEVEL = re.compile(
    r"\A\W*(?P<level>high|medium|med|mid|low|hoch|mittel|niedrig|gering)(?:ly)?\b(?:\s+(?:lens\s+)?(?:relevance|relevant|priority))?"
    r"\s*(?:lenses)?\s*(?:[:=–—]|-(?=\s)|\Z)\s*",
    re.IGNORECASE,
)
_LEVELS = {"high": "high", "medium": "medium", "med": "medium", "mid": "medium", "low": "low"} | {
    "hoch": "high",
    "mittel": "medium",
    "niedrig": "low",
    "gering": "low",
}
_NOBODY = frozenset(["none", "n/a", "na", "-", "–", "—", ""])
_LONGEST_NAME = 60
_GLOSS = re.compile(r"\s*(?:\s[-–—]\s|:\s)\s*|\s+(?=\()")


def read_relevance(blocks: Sequence[Block]) -> tuple[tuple[Relevance, ...], list[Fault]]:
    """The lenses named, in the card's order, and what could not be read."""
    reader = _Reader()
    reader.read(blocks)
    return tuple(reader.found), reader.faults


class _Reader:
    def __init__(self) -> None:
        self.found: list[Relevance] = []
        self.faults: list[Fault] = []
        self._level = ""
        self._bare = False  # the last line was a level and nothing else: names may follow on the next

    def read(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case Paragraph():
                    for line in block.lines:
                        self._line(line)
                case ListBlock():
                    for item in block.items:
                        self._item(item)
                case _:
                    for number, text in enumerate(plain([block]).split("\n")):
                        self._line(Line(tidy(text), "", block.line + number))

    def _line(self, line: Line) -> None:
        if self._levelled(line):
            return
        if self._bare and all(len(name) <= _LONGEST_NAME for name in split_list(line.text, words=False)):
            self._names(line.text, line.line)
        elif line.lead and _misspelt(line.lead):
            message = (
                f"found {line.lead!r}; expected 'High relevance:', 'Medium relevance:' or 'Low relevance:'"
            )
            self.faults.append(Fault(line.line, message))

    def _item(self, item: ListItem) -> None:
        if self._levelled(item):
            self.read(item.blocks)
        elif item.lead:
            self._add(item.lead, item.line, item.rest)
        elif item.text:
            self._add(item.text, item.line)
        self._bare = False

    def _levelled(self, line: Line | ListItem) -> bool:
        """Read a line that starts with a level and may go on with names; False when it does not."""
        found = _LEVEL.match(line.text)
        if found is None:
            return False
        self._level = _LEVELS[found["level"].casefold()]
        rest = line.text[found.end() :].strip()
        self._bare = not rest
        self._names(rest, line.line)
        return True

    def _names(self, text: str, line: int) -> None:
        self._bare = False if text else self._bare
        for name in split_list(text.removeprefix("[").removesuffix("]"), words=False):
            if (level := _LEVEL.match(name)) is not None:  # "High: A; Medium: B" on one line
                self._level, name = _LEVELS[level["level"].casefold()], name[level.end() :]  # noqa: PLW2901
            self._add(name, line)

    def _add(self, text: str, line: int, gloss: str = "") -> None:
        name, *rest = _GLOSS.split(tidy(text).strip("`\"'“” "), maxsplit=1)
        name = name.strip("`\"'“”*.: ")
        gloss = (gloss or (rest[0] if rest else "")).strip()
        gloss = gloss[1:-1] if gloss.startswith("(") and gloss.endswith(")") else gloss
        if name.casefold() in _NOBODY:
            return
        if not self._level:
            message = f"found lens {name!r} before any level; expected 'High relevance:' or the like above it"
            self.faults.append(Fault(line, message))
            return
        first = next((r for r in self.found if r.lens.casefold() == name.casefold()), None)
        if first is not None:
            message = f"found lens {name!r} again (first in line {first.line}); expected each lens once"
            self.faults.append(Fault(line, message))
            return
        self.found.append(Relevance(name, self._level, gloss, line))


def _misspelt(lead: str) -> bool:
    word = lead.split(maxsplit=1)[0].strip(":").casefold()
    return "relevan" in lead.casefold() or bool(get_close_matches(word, tuple(_LEVELS), n=1, cutoff=0.7))
