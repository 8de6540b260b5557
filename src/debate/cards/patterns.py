"""The two known answers of a card (baseline and target), and the rubric they were rated by.

The answer is what stands in a fence or a quotation; without one, what is left when ratings and
characteristics are taken out. Ratings are 0 to 10: `2/10`, `2-3/10`, `2.5/10`, `8 out of 10`, one to an
item or several on a line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debate.cards.markdown import Block, CodeBlock, Line, ListBlock, ListItem, Paragraph, Quote, Table, plain
from debate.cards.statements import tidy
from debate.errors import Fault


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating the card's author gave an answer, 0 to 10; a single number has low == high."""

    criterion: str
    low: float
    high: float
    note: str
    line: int

    @property
    def value(self) -> float:
        """Middle of the range."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Pattern:
    """A known answer (baseline or target): its text, its characteristics, the author's ratings."""

    text: str
    characteristics: tuple[str, ...]
    ratings: tuple[Rating, ...]
    line: int

    def rating(self, criterion: str) -> Rating | None:
        """The author's rating of `criterion` (case-insensitive), if the card states one."""
        return next((r for r in self.ratings if r.criterion.casefold() == criterion.casefold()), None)


@dataclass(frozen=True, slots=True)
class RubricRow:
    """One criterion with what an answer in each band (0-3, 4-6, 7-10) looks like."""

    criterion: str
    low: str
    middle: str
    high: str


#: What a card without a rubric table is rated on.
CRITERIA = ("Originality", "Lens Relevance", "Explanation", "Actionability", "Novelty")
BANDS = ("0-3", "4-6", "7-10")

_NUMBER = r"[0-9]{1,4}(?:[.,][0-9]{1,2})?"
_CRITERION = r"[A-Za-zÄÖÜäöüß]+(?: [A-Za-zÄÖÜäöüß]+){0,2}"
_RATING = re.compile(
    rf"(?P<name>{_CRITERION})\s*(?P<mark>[:=]|\s[-–—]\s|[–—])?\s*(?P<low>{_NUMBER})(?:\s*[-‐-―]\s*(?P<high>{_NUMBER}))?"
    rf"(?P<out>\s*(?:/|out of)\s*(?P<of>{_NUMBER}))?(?![0-9])",
)
_CLAIMS_TO_RATE = re.compile(rf"\A(?P<name>{_CRITERION})\s*(?:[:=–—]|-\s)\s*(?P<value>.*)\Z", re.DOTALL)
_RATINGS_LEAD = re.compile(r"\A(?:ratings?|scores?|scoring)\s*[:–—-]\s*", re.IGNORECASE)
_NOTE = re.compile(r"\s*(?:\((?P<note>[^()]*)\)|[-–—:]\s+(?P<words>[^,;|]+))")
_BAND = re.compile(r"([0-9]+)\s*[-‐-―]\s*([0-9]+)")
_CHARACTERISTICS = re.compile(
    r"\A(?:key )?(?:characteristics?|features|traits|properties|why)\b", re.IGNORECASE
)
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'"}


def read_pattern(blocks: Sequence[Block], line: int, criteria: Sequence[str]) -> tuple[Pattern, list[Fault]]:
    """A known answer with its ratings. Faults: ratings that are none, twice the same, or not within 0 to 10.

    `criteria` are the names a rating is expected for; a line that starts with one must hold a rating.
    """
    reader = _PatternReader({name.casefold(): name for name in criteria})
    reader.read(blocks)
    return Pattern(reader.text(), tuple(reader.characteristics), tuple(reader.ratings), line), reader.faults


class _PatternReader:
    def __init__(self, criteria: dict[str, str]) -> None:
        self._criteria = criteria
        self._answer: list[Block] = []
        self._fenced: list[str] = []
        self._listing = False
        self.characteristics: list[str] = []
        self.ratings: list[Rating] = []
        self.faults: list[Fault] = []

    def read(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case CodeBlock() | Quote():
                    self._fenced.append(block.text)
                    self._listing = False
                case Table():
                    for row in block.rows:
                        if not self._rated(Line(": ".join(row.cells[:2]), "", row.line)):
                            self._answer.append(block)
                            break
                case ListBlock():
                    kept = tuple(item for item in block.items if not self._rated(item))
                    self._list(ListBlock(kept, block.ordered, block.line))
                case Paragraph():
                    self._paragraph(block)

    def text(self) -> str:
        """The answer itself."""
        if self._fenced:
            return unquoted("\n\n".join(self._fenced))
        while self._answer and isinstance(first := self._answer[0], Paragraph) and first.text.endswith(":"):
            if len(self._answer) == 1:
                break
            del self._answer[0]
        return unquoted(plain(self._answer))

    def _list(self, block: ListBlock) -> None:
        if not block.items:
            return
        if self._listing or self._fenced:
            self.characteristics.extend(tidy(item.text) for item in block.items)
        else:
            self._answer.append(block)

    def _paragraph(self, block: Paragraph) -> None:
        kept = tuple(line for line in block.lines if not self._rated(line))
        if not kept:
            return
        if _CHARACTERISTICS.match(kept[0].lead or kept[0].text) and (
            kept[0].lead or kept[0].text.endswith(":")
        ):
            self._listing = True
            self.characteristics.extend(line.rest for line in kept if line.rest and line.rest != line.lead)
            return
        self._listing = False
        if self._fenced and kept[-1].text.endswith(":"):
            return
        self._answer.append(Paragraph(" ".join(line.text for line in kept), kept[0].lead, kept[0].line, kept))

    def _rated(self, line: Line | ListItem) -> bool:
        """Read a line of ratings; False when it is something else."""
        text = _RATINGS_LEAD.sub("", tidy(line.text))
        found = list(_ratings(text, self._criteria))
        if found:
            for rating, fault in found:
                self._add(rating, fault, line.line)
            return True
        claim = _CLAIMS_TO_RATE.match(text)
        if claim is None or claim["name"].casefold() not in self._criteria:
            return False
        value = claim["value"]
        if not re.search(r"[0-9/]", value) and len(value.split()) > 3:
            return False  # a sentence about the criterion, not a rating
        self._fault(line.line, claim["name"], value)
        return True

    def _add(self, rating: Rating, found: str, line: int) -> None:
        name = self._criteria.get(rating.criterion.casefold(), rating.criterion)
        first = next((r for r in self.ratings if r.criterion.casefold() == name.casefold()), None)
        if first is not None:
            message = f"found a second rating of {name} (the first is in line {first.line}); expected one"
            self.faults.append(Fault(line, message))
        elif found:
            self._fault(line, name, found)
        else:
            self.ratings.append(Rating(name, rating.low, rating.high, rating.note, line))

    def _fault(self, line: int, name: str, found: str) -> None:
        expected = "expected a rating from 0 to 10 such as '2/10', '2-3/10' or '2.5/10'"
        self.faults.append(Fault(line, f"found {name}: {found[:60].strip() or 'nothing'}; {expected}"))


def _ratings(text: str, criteria: dict[str, str]) -> Iterator[tuple[Rating, str]]:
    """The ratings a line starts with, each with what is wrong in it ("" when nothing is)."""
    at = 0
    while (found := _RATING.match(text, at)) is not None:
        known = found["name"].casefold() in criteria
        if not found["out"] and not (known and found["mark"]):
            return
        if not known and not (found["mark"] and found["name"][0].isupper()):
            return
        low, high = _number(found["low"]), _number(found["high"] or found["low"])
        good = low <= high <= 10 and _number(found["of"] or "10") == 10
        note = _NOTE.match(text, found.end())
        words = (note["note"] or note["words"] or "").strip() if note else ""
        yield (
            Rating(found["name"], low, high, words, 0),
            "" if good else found[0][len(found["name"]) :].strip(" :=–—"),
        )
        at = note.end() if note else found.end()
        following = re.compile(r"\s*(?:[,;|·]|and\b)?\s*").match(text, at)
        at = following.end() if following else at


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def unquoted(text: str) -> str:
    """Text without the quotation marks around the whole of it."""
    text = text.strip()
    if text.startswith('"') and text.count('"') == 1:
        return text[1:]  # opened and never closed
    closing = _QUOTES.get(text[:1])
    if closing and len(text) > 1 and text.endswith(closing):
        return text[1:-1].strip()
    return text


def read_rubric(blocks: Sequence[Block]) -> tuple[tuple[RubricRow, ...], list[Fault]]:
    """The rubric table, if there is one. Faults: bands that are not ours, criteria missing or twice."""
    rows: list[RubricRow] = []
    faults: list[Fault] = []
    for table in (block for block in blocks if isinstance(block, Table)):
        bands = [f"{b[1]}-{b[2]}" if (b := _BAND.search(cell)) else "" for cell in table.header[1:]]
        if not any(bands):
            continue
        if set(BANDS) - set(bands):
            found = ", ".join(table.header[1:])
            faults.append(Fault(table.line, f"found rubric columns {found}; expected {', '.join(BANDS)}"))
            continue
        columns = [1 + bands.index(band) for band in BANDS]
        for row in table.rows:
            name = row.cells[0]
            if not name:
                faults.append(
                    Fault(row.line, "found a rubric row without a name; expected a criterion first")
                )
            elif any(name.casefold() == known.criterion.casefold() for known in rows):
                faults.append(
                    Fault(row.line, f"found criterion {name!r} twice in the rubric; expected it once")
                )
            else:
                rows.append(RubricRow(name, *(row.cells[column] for column in columns)))
    return tuple(rows), faults
