"""The panel: who sits in a debate, chosen by terms joined by commas.

    high medium low    the lenses the problem card names at that level
    all                those of all three levels; the whole library when the card names none
    none               no lens: neutral seats when it stands alone; `none:3` adds three of them anywhere
    nobody             no seat at all, when it stands alone: the critic works by itself
    pace-layering      a lens by id, name or alias; a `+` before it changes nothing
    -pace-layering     drops a lens (or a group) that is in the set
    random:3           three of the library that are not seated yet, drawn by seed
    auto  auto:5       the best of the library for this card, four unless told otherwise
    placebo            the lenses of that family, which have no bearing on any case; `placebo:3` draws three
    @FILE              one term a line, `#` starts a comment; the path of a file does as well

Terms are taken from left to right, and the first mention of a lens decides its seat. The same terms, card,
library and seed give the same panel everywhere. For a card that names no lenses `high` means `auto`.
Placebos are seated when they are asked for, by id or as a group; no other term ever takes one.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from debate.cards.lens import PLACEBO, LensCard, adhoc_id, adhoc_lens, lens_key
from debate.cards.markdown import read_text
from debate.cards.problem import ProblemCard, Relevance
from debate.errors import InputError, UnknownName
from debate.fitting import ranked
from debate.library import Library

LEVELS = ("high", "medium", "low")
GROUPS = (*LEVELS, "all", PLACEBO)
COUNTED = ("none", "random", "auto")
AUTO_SEATS = 4
NEUTRAL_SEATS = 3
NOBODY = "nobody"
FLAG = "--lenses"


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the debate: a lens, or neutral when `lens` is None. `number` counts from 1."""

    id: str
    lens: LensCard | None
    number: int


@dataclass(frozen=True, slots=True)
class Panel:
    """The seats, the terms they came from, and sentences on what the user should know about the choice."""

    seats: tuple[Seat, ...]
    terms: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Missing:
    """A lens the problem card names and the library lacks."""

    named: Relevance
    nearest: tuple[str, ...]


_Members = dict[str, LensCard | _Missing]


@dataclass(frozen=True, slots=True)
class _Term:
    """One term and where it stands: the flag, or file and line."""

    text: str
    where: str

    @property
    def in_file(self) -> bool:
        return self.where != FLAG


def choose(
    terms: str, problem: ProblemCard, library: Library, *, seed: int = 0, allow_adhoc: bool = False
) -> Panel:
    """The panel that `terms` say.

    Raises InputError for terms that leave no seat or cannot be read, UnknownName for a lens that does not
    exist, and CardError for one that cannot be read. With `allow_adhoc` a lens that the problem names and the
    library lacks is made from the problem card's gloss.
    """
    if terms.strip().casefold() == NOBODY:
        return Panel((), NOBODY, ())
    choice = _Choice(problem, library, seed)
    for term in _split(terms, FLAG):
        choice.take(term)
    lenses = choice.lenses(allow_adhoc=allow_adhoc)
    if not lenses:
        named = [level for level in LEVELS if any(each.level == level for each in problem.relevance)]
        card = (
            f"{problem.path} names lenses as {', '.join(named)}"
            if named
            else f"{problem.path} names no lenses"
        )
        ways = "auto, all, none, or lenses by id (see debate lenses list)"
        raise InputError(f"{FLAG} {terms!r} leaves no seat: {card}; try {FLAG} with {ways}")
    seats = tuple(Seat(id_, lens, number) for number, (id_, lens) in enumerate(lenses, 1))
    if idle := [seat.id for seat in seats if seat.lens and seat.lens.is_placebo]:
        choice.notes.append(f"placebos, which have no bearing on any case, are seated: {', '.join(idle)}")
    return Panel(seats, terms, tuple(choice.notes))


class _Choice:
    """The set as the terms build it, by seat id: a lens, one the library lacks, None for a neutral seat."""

    def __init__(self, problem: ProblemCard, library: Library, seed: int) -> None:
        self._problem, self._library, self._seed = problem, library, seed
        self._set: dict[str, LensCard | _Missing | None] = {}
        self._dropped: set[str] = set()
        self._none = self._others = False
        self.notes: list[str] = []

    def take(self, term: _Term) -> None:
        """Apply one term to the set."""
        sign = term.text[0] if term.text[0] in "+-" else ""
        text = term.text.removeprefix(sign).strip()
        word, _, number = (part.strip() for part in text.casefold().partition(":"))
        if word in COUNTED or (word == PLACEBO and ":" in text):
            if sign == "-":
                raise InputError(
                    f"{term.where}: {term.text!r} drops nothing; only lenses and groups can be dropped"
                )
            self._take_counted(word, number, term)
        elif text.startswith("@"):
            self._take_file(Path(text[1:].strip()), term, sign)
        elif text.casefold() in GROUPS:
            members = self._group(text.casefold(), drop=sign == "-")
            self._drop(term, members) if sign == "-" else self._add(members)
        elif (found := self._named(text, term)) is not None:
            self._drop(term, found) if sign == "-" else self._add(found)
        else:
            self._take_file(Path(text), term, sign)

    def lenses(self, *, allow_adhoc: bool) -> list[tuple[str, LensCard | None]]:
        """The set in order of seating, with ad-hoc lenses made; neutral seats when `none` was all."""
        if self._none and not self._others:
            high = sum(each.level == "high" for each in self._problem.relevance)
            self._add_neutral(max(2, high) if high else NEUTRAL_SEATS)
        seated: list[tuple[str, LensCard | None]] = []
        for id_, lens in self._set.items():
            if isinstance(lens, _Missing):
                if not allow_adhoc:
                    raise self._unknown(id_, lens)
                seated.append((id_, adhoc_lens(lens.named.lens, lens.named.gloss, self._problem.path)))
            else:
                seated.append((id_, lens))
        return seated

    def _add(self, members: _Members) -> None:
        self._others = True
        for id_, lens in members.items():
            self._set.setdefault(id_, lens)
            self._dropped.discard(id_)

    def _add_neutral(self, count: int) -> None:
        self._others = True
        first = sum(lens is None for lens in self._set.values()) + 1
        self._set.update({f"neutral-{n}": None for n in range(first, first + count)})

    def _drop(self, term: _Term, members: _Members) -> None:
        present = [id_ for id_ in members if id_ in self._set]
        if not present:
            there = ", ".join(self._set) or "nothing yet"
            raise InputError(f"{term.where}: cannot drop {term.text[1:]!r}; in the set are: {there}")
        for id_ in present:
            del self._set[id_]
        self._dropped.update(present)

    def _take_counted(self, word: str, number: str, term: _Term) -> None:
        if number and not (re.fullmatch("[0-9]{1,4}", number) and int(number)):
            raise InputError(f"{term.where}: {term.text!r}: expected a number of seats, such as {word}:3")
        if (word, number) == ("none", ""):
            self._none = True
        elif word == "none":
            self._add_neutral(int(number))
        elif word == "auto":
            self._auto(int(number or 0), term)
        elif not number:
            raise InputError(f"{term.where}: {word!r} needs a number of seats, such as {word}:3")
        else:
            pool = self._pool(int(number), term, placebo=word == PLACEBO)
            drawn = sorted(pool, key=lambda lens: hashlib.sha256(f"{self._seed}:{lens.id}".encode()).digest())
            self._add({lens.id: lens for lens in drawn[: int(number)]})

    def _auto(self, count: int, term: _Term) -> None:
        fits = ranked(self._problem.facts, self._pool(count, term), self._problem.domain)[
            : count or AUTO_SEATS
        ]
        self._add({fit.lens.id: fit.lens for fit in fits})
        chosen = ", ".join(fit.lens.id for fit in fits)
        self.notes.append(
            f"auto took the lenses that fit the card's facts best: {chosen} "
            f"(reasons: debate lenses suggest {self._problem.id})"
        )

    def _pool(self, count: int, term: _Term, *, placebo: bool = False) -> list[LensCard]:
        """The library's lenses that are neither seated nor dropped: those with bearing, or the placebos."""
        taken = {*self._set, *self._dropped}
        pool = [lens for lens in self._whole_library(placebo=placebo).values() if lens.id not in taken]
        if len(pool) < count:
            left = f"the library has {len(pool)} left"
            raise InputError(f"{term.where}: {term.text!r} asks for {count} lenses, {left}")
        return pool

    def _whole_library(self, *, placebo: bool = False) -> dict[str, LensCard]:
        entries = self._library.lenses()
        for entry in entries:
            note = f"left out, cannot be read: {entry.path} (see debate lenses check)"
            if entry.card is None and note not in self.notes:
                self.notes.append(note)
        return {entry.id: entry.card for entry in entries if entry.card and entry.card.is_placebo == placebo}

    def _group(self, group: str, *, drop: bool) -> _Members:
        if group == PLACEBO:
            return dict(self._whole_library(placebo=True))
        named = self._problem.relevance
        if not named and not drop:
            if group == "all":
                return dict(self._whole_library())
            if group == "high":
                self.notes.append(f"{self._problem.path} names no lenses, so 'high' is read as 'auto'")
                self._auto(0, _Term("high", FLAG))
            return {}
        levels = LEVELS if group == "all" else (group,)
        return dict(self._seatable(each) for level in levels for each in named if each.level == level)

    def _seatable(self, relevance: Relevance) -> tuple[str, LensCard | _Missing]:
        """Seat id and lens of a name in the problem card; the name itself where the library lacks it."""
        try:
            lens = self._library.lens(relevance.lens)
        except UnknownName as error:
            return adhoc_id(relevance.lens), _Missing(relevance, error.nearest)
        return lens.id, lens

    def _named(self, name: str, term: _Term) -> _Members | None:
        """The one lens called `name`; None when it is the path of a file instead."""
        try:
            lens = self._library.lens(name)
            return {lens.id: lens}
        except UnknownName as error:
            key = lens_key(name)
            for relevance in self._problem.relevance:
                if key and lens_key(relevance.lens) == key:
                    return dict([self._seatable(relevance)])
            if not name.endswith(".md") and _is_file(name):
                return None
            known = [*error.nearest, *GROUPS, *COUNTED]
            hint = f"It stands in {term.where}; see debate lenses list"
            raise UnknownName("lens", name, known, hint) from error

    def _take_file(self, path: Path, term: _Term, sign: str) -> None:
        if term.in_file or sign == "-":
            reason = "a file of terms cannot name another one" if term.in_file else "a file cannot be dropped"
            raise InputError(f"{term.where}: {term.text!r}: {reason}")
        found = False
        for number, line in enumerate(read_text(path).split("\n"), 1):
            for each in _split(re.sub(r"(?:^|\s)#.*", "", line), f"{path}:{number}"):
                found = True
                self.take(each)
        if not found:
            raise InputError(
                f"{path}:1: the file has no terms; expected one a line, such as high or -pace-layering"
            )

    def _unknown(self, id_: str, missing: _Missing) -> UnknownName:
        ways = (
            f"write a card lenses/{id_}.md, or pass --allow-adhoc to use the problem card's own words for it"
        )
        hint = f"{self._problem.path}:{missing.named.line} names it: {ways}"
        return UnknownName("lens", missing.named.lens, missing.nearest, hint)


def _split(terms: str, where: str) -> Iterator[_Term]:
    return (_Term(text, where) for each in terms.split(",") if (text := each.strip()))


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # a name too long, a NUL
        return False
