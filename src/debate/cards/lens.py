"""Lens cards: a way of looking, as Markdown with front matter.

A lens is its text; two lenses whose moves say the same are one lens. Moves are written as slots (`Suspect`,
`Because`, `Measure`, `True if`, …), general ones first and wordings for a domain under `#### In <domain>`;
see `debate.cards.moves`. Words in square brackets are stand-ins for the case's own figures and names
(`[now]`, `[target]`, `[gap share]`, `[subject]`); a model reads them as such, the offline model fills them
in. A card is data: it is never parsed as a template.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from debate.cards.frontmatter import FrontMatter, nearest
from debate.cards.markdown import ListItem, Paragraph, Section, digest, plain, sections, valid_id
from debate.cards.moves import SLOTS, STAND_INS, Move, bullets, read_moves, stand_in_faults
from debate.errors import CardError, Fault

__all__ = [
    "SLOTS",
    "STAND_INS",
    "AttemptReading",
    "LensCard",
    "Move",
    "Signal",
    "adhoc_id",
    "adhoc_lens",
    "lens_key",
    "lens_of_body",
    "parse_lens",
]

#: What the attempt read brought: a stand-in for reasons under `Reads attempts` alone.
GAIN = "gain"
#: The family of lenses that have no bearing on any case: seated by name only, to compare others with.
PLACEBO = "placebo"
KEYS = ("id", "name", "family", "aliases", "neighbours", "opposites")
SECTIONS = (
    "Sees",
    "Applies when",
    "Misleads when",
    "Questions",
    "Signals",
    "Moves",
    "Reads attempts",
    "Source",
)

_SIGNAL = re.compile(r"(?P<text>.*?)[\s;]*\bwords:\s*(?P<words>[^;]*)\Z", re.IGNORECASE)
_ATTEMPT = re.compile(
    r"(?:in\s+(?P<domain>[^;:]+);\s*)?(?:words:\s*(?P<words>[^;]*)|any)\s*;\s*(?P<reason>\S.*)", re.IGNORECASE
)


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
    """A parsed lens card. `origin` is "built-in", "overlay", "file" or "ad hoc".

    `sha256` is of the file's normalised text: a byte order mark or other line ends make no other lens. `body`
    is the text without the front matter: what an agent sees.
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

    def __hash__(self) -> int:
        return hash(self.sha256)

    @property
    def is_placebo(self) -> bool:
        """True when the card says that it has no bearing on any case."""
        return self.family.casefold() == PLACEBO


@lru_cache(maxsize=256)
def parse_lens(text: str, path: Path, origin: str) -> LensCard:
    """Read a lens card. Raises CardError with all its faults."""
    front = FrontMatter(text, path, KEYS)
    id_, name = front.text("id", required=True), front.text("name", required=True)
    if id_ and not valid_id(id_):
        front.fault("id", f"{id_!r} cannot be an id; use lower-case letters, digits and '-'")
    family = front.text("family")
    aliases, neighbours, opposites = (front.names(key) for key in ("aliases", "neighbours", "opposites"))
    body = _Body(sections(front.body, front.first_line))
    if name and body.title != name:
        found = f"the heading says {body.title!r}" if body.title else "there is no heading '# …'"
        body.faults.append(Fault(body.line, f"{found}; expected the name of the front matter, '# {name}'"))
    if front.faults or body.faults:
        raise CardError(path, front.faults + body.faults)
    return replace(
        body.card(),
        id=id_,
        family=family,
        aliases=aliases,
        neighbours=neighbours,
        opposites=opposites,
        body=front.body,
        path=path,
        origin=origin,
        sha256=digest(text),
    )


def lens_of_body(text: str) -> LensCard:
    """A lens read back from the text of a prompt: no id, no aliases, and what cannot be read is left out."""
    return replace(_Body(sections(text)).card(), body=text, sha256=digest(text))


#: The origin of a lens that is no card.
AD_HOC = "ad hoc"


def adhoc_lens(name: str, gloss: str, path: Path) -> LensCard:
    """A lens that is no more than a name and what the problem card at `path` says of it in a few words."""
    sees = gloss or name
    body = f"# {name}\n\n## Sees\n\n{sees}\n"
    card = lens_of_body(body)
    return replace(card, id=adhoc_id(name), name=name, sees=sees, path=path, origin=AD_HOC)


def adhoc_id(name: str) -> str:
    """An id for a lens that is only a name."""
    plain_name = unicodedata.normalize("NFKD", lens_key(name)).encode("ascii", "ignore").decode()
    id_ = "-".join(plain_name.split())[:64].rstrip("-")
    return id_ if valid_id(id_) else f"lens-{digest(name)[:8]}"


def lens_key(name: str) -> str:
    """What is left of a lens's name when case, punctuation and a leading "the" are taken away."""
    words = unicodedata.normalize("NFKC", name).casefold()
    words = " ".join(re.sub(r"[\W_]+", " ", re.sub(r"['’]", "", words)).split())
    return words.removeprefix("the ")


class _Body:
    """The text of a lens card under its headings; `faults` are what is wrong with it."""

    def __init__(self, root: Section) -> None:
        self.faults: list[Fault] = []
        heading = next((each for each in root.sections if each.level == 1), None)
        self.title = heading.title if heading else ""
        self.line = heading.line if heading else root.line
        self._sections = self._by_title([each for each in root.walk() if each.level == 2])
        self.sees = self._text("Sees")
        self.applies = self._items("Applies when")
        self.misleads = self._items("Misleads when")
        self.questions = self._items("Questions")
        self.signals = self._signals()
        self.moves = read_moves(self._sections["Moves"], self.faults) if "Moves" in self._sections else ()
        self.attempts = self._attempts()
        self.source = self._text("Source")

    def card(self) -> LensCard:
        """The lens as far as its body tells: id, origin and all that stands in the front matter are blank."""
        return LensCard(
            id="",
            name=self.title,
            family="",
            aliases=(),
            neighbours=(),
            opposites=(),
            sees=self.sees,
            applies=self.applies,
            misleads=self.misleads,
            questions=self.questions,
            signals=self.signals,
            moves=self.moves,
            attempts=self.attempts,
            source=self.source,
            body="",
            path=Path(),
            origin="",
            sha256="",
        )

    def _by_title(self, found: Sequence[Section]) -> dict[str, Section]:
        known = {title.casefold(): title for title in SECTIONS}
        by_title: dict[str, Section] = {}
        for section in found:
            title = known.get(section.title.casefold())
            if title is None:
                meant = known.get(
                    nearest(section.title.casefold(), list(known)), f"one of {', '.join(SECTIONS)}"
                )
                self._fault(section.line, f"unknown section {section.title!r}; expected {meant}")
            elif title in by_title:
                self._fault(
                    section.line, f"a second section {title!r}; the first is in line {by_title[title].line}"
                )
            else:
                by_title[title] = section
        for title in SECTIONS:
            if title not in by_title:
                self._fault(self.line, f"section {title!r} is missing; expected a heading '## {title}'")
        return by_title

    def _text(self, title: str) -> str:
        if title not in self._sections:
            return ""
        section = self._sections[title]
        parts = [b.text if isinstance(b, Paragraph) else plain([b]) for b in section.everything()]
        text = "\n\n".join(part for part in parts if part)
        if not text:
            self._fault(section.line, f"section {title!r} is empty")
        return text

    def _bullets(self, title: str) -> list[ListItem]:
        if title not in self._sections:
            return []
        section = self._sections[title]
        items = bullets(section.everything(), self.faults)
        if not items:
            self._fault(section.line, f"section {title!r} is empty; expected bullets '- …'")
        return items

    def _items(self, title: str) -> tuple[str, ...]:
        return tuple(item.text for item in self._bullets(title))

    def _signals(self) -> tuple[Signal, ...]:
        found = []
        for item in self._bullets("Signals"):
            match = _SIGNAL.fullmatch(item.rest) if item.lead else None
            words = _words(match["words"]) if match else ()
            if match is None or not words:
                self._fault(
                    item.line, f"{item.text[:40]!r} is no signal; expected '- **name**: text; words: a, b'"
                )
            else:
                found.append(Signal(item.lead.rstrip(" :"), match["text"], words))
        return tuple(found)

    def _attempts(self) -> tuple[AttemptReading, ...]:
        found = []
        for item in self._bullets("Reads attempts"):
            match = _ATTEMPT.fullmatch(item.text)
            words = _words(match["words"] or "") if match else ()
            if match is None or (match["words"] is not None and not words):
                expected = "'- words: a, b; reason', '- any; reason', either with 'in <domain>; ' before it"
                self._fault(item.line, f"{item.text[:40]!r} reads no attempt; expected {expected}")
                continue
            self.faults += stand_in_faults(match["reason"], item.line, (*STAND_INS, GAIN))
            found.append(
                AttemptReading(words, match["reason"], " ".join((match["domain"] or "").casefold().split()))
            )
        return tuple(found)

    def _fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(line, message))


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for each in text.split(",") if (word := " ".join(each.split()))))
