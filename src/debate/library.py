"""The library: where cards and protocols are found, and what stands for what.

A library is a few roots, first wins (`debate.places`). Each root keeps its cards in `problems/`, `lenses/`
and `agents/`. A card's id is what the card says, not where it lies; a name is looked up among the cards
that were listed and never made into a path, so no name leads out of a root. Only a path the user gives is
opened as such.

A card that cannot be read is listed with its fault and stops nobody from reading the others. It still hides
a card of the same id in a later root: a broken override must not be passed over in silence.

Protocols are Python and run: they come from the built-in root or from a path, never from an overlay.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Generic, TypeVar

from debate.cards.glance import names_at_a_glance
from debate.cards.lens import LensCard, lens_key, parse_lens
from debate.cards.markdown import read_text, valid_id
from debate.cards.problem import ProblemCard, parse_problem
from debate.cards.role import RoleCard, parse_role
from debate.errors import CardError, Fault, InputError, UnknownName
from debate.places import AGENTS, LENSES, PROBLEMS, PROTOCOLS, Places, Root, is_file

Card = TypeVar("Card", bound=ProblemCard | LensCard | RoleCard)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Card]):
    """One card of the library. Either `card` or `fault` is None; an unreadable card's id is its file's name.

    `shadows` is the card of the same id in a later root that this one hides.
    """

    id: str
    path: Path
    origin: str
    shadows: Path | None
    card: Card | None
    fault: CardError | None


class Shelf(Generic[Card]):
    """All cards of one kind. They are read once, when first asked for."""

    _glances: list[tuple[Path, Root, frozenset[str] | None]] | None = None

    def __init__(
        self, noun: str, folder: str, roots: Sequence[Root], parse: Callable[[str, Path, str], Card]
    ) -> None:
        self.noun, self.folder = noun, folder
        self._roots, self._parse = roots, parse
        self._alone = cache(self._entry)

    @cached_property
    def entries(self) -> tuple[Entry[Card], ...]:
        """All cards in order of id, but for those whose id an earlier root has."""
        found: list[Entry[Card]] = []
        for root in self._roots:
            earlier = {entry.id for entry in found}
            here = _without_twins(self._read(root))
            hidden = {entry.id: entry.path for entry in reversed(here) if entry.id in earlier}
            found = [
                replace(entry, shadows=hidden[entry.id])
                if entry.id in hidden and not entry.shadows
                else entry
                for entry in found
            ]
            found += [entry for entry in here if entry.id not in earlier]
        return tuple(sorted(found, key=lambda entry: (entry.id, entry.path)))

    def get(self, id_: str) -> Card | None:
        """The card with this id, or None. Raises its CardError when it cannot be read."""
        entries = [entry for entry in self.entries if entry.id == id_]
        card = next((entry.card for entry in entries if entry.card), None)
        if card is None and entries and entries[0].fault:
            raise entries[0].fault
        return card

    def sole(self, key: str, glance: Callable[[Path], frozenset[str] | None]) -> Card | None:
        """The one card that answers to `key`, read alone; None when a glance at all files does not tell."""
        if "entries" in vars(self):
            return None  # all have been read
        if self._glances is None:
            self._glances = [(path, root, glance(path)) for root in self._roots for path in self._paths(root)]
        claims = [each for each in self._glances if each[2] is None or key in each[2]]
        return self._alone(*claims[0][:2]).card if len(claims) == 1 and claims[0][2] else None

    def unknown(self, name: str, known: Iterable[str] = (), hint: str = "") -> UnknownName:
        """The error for a name that stands for no card here; `known` are other names than ids."""
        ids = [entry.id for entry in self.entries]
        return UnknownName(self.noun, name, [*ids, *known], f"{hint}See all: debate {self.folder} list")

    def _read(self, root: Root) -> list[Entry[Card]]:
        return [self._entry(path, root) for path in self._paths(root)]

    def _paths(self, root: Root) -> list[Path]:
        folder = root.path / self.folder
        try:
            return [path for path in sorted(folder.iterdir()) if _is_card(path)] if folder.is_dir() else []
        except OSError as error:
            raise InputError(f"cannot read the folder {folder}: {error.strerror}") from error

    def _entry(self, path: Path, root: Root) -> Entry[Card]:
        try:
            if not valid_id(path.stem):
                raise _fault(
                    path, "the file's name must be lower-case letters, digits, '-' and '_', then .md"
                )
            if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root.path)):
                raise _fault(
                    path, f"this is a link that leads out of its library {root.path}; put a copy here"
                )
            card = self._parse(read_text(path), path, root.origin)
            if not valid_id(card.id):
                raise _fault(path, f"id {card.id!r} must be lower-case letters, digits, '-' and '_'")
        except CardError as error:
            return Entry(path.stem, path, root.origin, None, None, error)
        return Entry(card.id, path, root.origin, None, card, None)


class Library:
    """Problems, lenses, roles and protocols by name; see the module for where they come from."""

    def __init__(self, roots: Sequence[Root], workspace: Path | None = None) -> None:
        self.roots = tuple(roots)
        self.workspace = workspace
        self._problems = Shelf("problem", PROBLEMS, self.roots, parse_problem)
        self._lenses = Shelf("lens", LENSES, self.roots, parse_lens)
        self._roles = Shelf("role card", AGENTS, self.roots, parse_role)

    @classmethod
    def open(cls, extra: Path | None = None, cwd: Path | None = None) -> "Library":
        """The library as seen from `cwd` (default: the process's), `extra` (`--library`) before all else."""
        places = Places.of(extra, cwd)
        return cls(places.roots, places.workspace)

    def problems(self) -> list[Entry[ProblemCard]]:
        """All problem cards, readable or not."""
        return list(self._problems.entries)

    def lenses(self) -> list[Entry[LensCard]]:
        """All lens cards, readable or not."""
        return list(self._lenses.entries)

    def roles(self) -> list[Entry[RoleCard]]:
        """All role cards, readable or not."""
        return list(self._roles.entries)

    def problem(self, name: str) -> ProblemCard:
        """The problem with this id, or the card at this path (ends in .md or has a path separator)."""
        if name.endswith(".md") or _has_separator(name):
            path = Path(name)
            return parse_problem(read_text(path), path, "file")
        if card := self._problems.get(name):
            return card
        raise self._problems.unknown(name, hint="A card file is named by its path, such as ./my-problem.md. ")

    def lens(self, name: str) -> LensCard:
        """The lens with this id, name or alias; case, punctuation and a leading "the" do not count.

        Raises UnknownName with the nearest names, and CardError when two lenses claim the name.
        """
        key = lens_key(name)
        if card := self._lenses.sole(key, names_at_a_glance):
            return card
        if card := self._lenses.get(name.strip().casefold()):
            return card
        claims = self._claims.get(key, [])
        if len(claims) > 1:
            raise _dispute(name, claims)
        if claims:
            return claims[0]
        for entry in self._lenses.entries:
            if entry.fault is not None and lens_key(entry.id) == key:
                raise entry.fault
        known = [
            each
            for entry in self._lenses.entries
            if entry.card
            for each in (entry.card.name, *entry.card.aliases)
            if lens_key(each) != lens_key(entry.id)
        ]
        raise self._lenses.unknown(name, known)

    def disputes(self) -> list[CardError]:
        """One error for every name or alias that two lenses claim."""
        return [_dispute(key, cards) for key, cards in sorted(self._claims.items()) if len(cards) > 1]

    def role(self, name: str) -> RoleCard:
        """The role card with this id."""
        if card := self._roles.get(name):
            return card
        raise self._roles.unknown(name)

    def protocol(self, name: str) -> Path:
        """The file of a protocol: a built-in one by name, or a path (has a separator or ends in .py)."""
        if name.endswith(".py") or _has_separator(name):
            path = Path(name)
            if not is_file(path):
                raise InputError(f"no protocol file at {name!r}; give the path of a Python file")
            return path
        folder = self.roots[-1].path / PROTOCOLS
        known = {path.stem: path for path in sorted(folder.glob("[a-z]*.py"))}
        if name not in known:
            raise UnknownName(
                "protocol", name, list(known), "Your own is named by its path, such as ./mine.py"
            )
        return known[name]

    def transcripts_dir(self, flag: Path | None = None) -> Path:
        """Where runs go: `flag`, else `transcripts/` of the working folder, else the user's data folder."""
        return Places(self.roots, self.workspace).transcripts(flag)

    def run_folders(self, flag: Path | None = None) -> list[Path]:
        """Where runs are: first where own ones go, then the examples of every root."""
        return Places(self.roots, self.workspace).runs(flag)

    @cached_property
    def _claims(self) -> dict[str, list[LensCard]]:
        """Lens by every name it goes by, as a key."""
        claims: dict[str, list[LensCard]] = {}
        for card in (entry.card for entry in self._lenses.entries if entry.card):
            for key in dict.fromkeys(map(lens_key, (card.id, card.name, *card.aliases))):
                claims.setdefault(key, []).append(card)
        return claims


def _without_twins(entries: Sequence[Entry[Card]]) -> list[Entry[Card]]:
    """The entries of one root; those that claim one id get a fault that names the other file."""
    kept: list[Entry[Card]] = []
    for entry in entries:
        twins = [
            each.path for each in entries if each.card and each.id == entry.id and each.path != entry.path
        ]
        if entry.card and twins:
            fault = _fault(
                entry.path, f"id {entry.id!r} is claimed by {twins[0]} as well; give one another id"
            )
            kept.append(replace(entry, card=None, fault=fault))
        else:
            kept.append(entry)
    return kept


def _dispute(name: str, cards: Sequence[LensCard]) -> CardError:
    one, *others = cards
    rest = " and ".join(f"{each.id} ({each.path})" for each in others)
    ids = " or ".join(each.id for each in cards)
    return _fault(
        one.path, f"{name!r} stands for {one.id} and for {rest}; say {ids}, or change one of the cards"
    )


def _fault(path: Path, message: str) -> CardError:
    return CardError(path, [Fault(1, message)])


def _is_card(path: Path) -> bool:
    named = path.suffix == ".md" and not path.name.startswith(".") and path.name.casefold() != "readme.md"
    return named and (path.is_file() or path.is_symlink())


def _has_separator(name: str) -> bool:
    return any(separator in name for separator in (os.sep, os.altsep) if separator)
