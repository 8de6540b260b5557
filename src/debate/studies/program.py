"""The program's part in a study: the source of what answers and scores by rule, as it was when it began.

A study that is resumed by another version asks the rest of another offline reasoner, or scores it by another
judge, and nothing in its plan would show it: models are named, and rules have no name but their text.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from debate import __version__
from debate.models.binding import OFFLINE
from debate.models.roles import CHECKS

_PACKAGE: Final = Path(__file__).parents[1]
_READING: Final = ("cards", "contributions.py", "words.py")
_RULES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {OFFLINE: ("models/offline", *_READING), CHECKS: ("judging", *_READING)}
)
_TOLD: Final = MappingProxyType(
    {
        OFFLINE: "the offline reasoner has changed since the study began, so what is held now is answered by "
        "other rules than the rest",
        CHECKS: "the judge by rule has changed since the study began, so what is held now is scored by other "
        "rules than the rest",
    }
)


@cache
def program() -> Mapping[str, str]:
    """The version, and the sha256 of the source of each set of rules by name."""
    return {"debate": __version__, **{name: _sha256(parts) for name, parts in _RULES.items()}}


def _sha256(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        path = _PACKAGE / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(f"{file.relative_to(_PACKAGE).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def changed(then: Mapping[str, str], models: Iterable[str]) -> Iterator[str]:
    """A sentence for each set of rules a study with these models uses that is not as it was `then`."""
    now = program()
    for name in (OFFLINE, CHECKS):
        if then.get(name, now[name]) != now[name] and name in (*models, CHECKS):
            yield f"{_TOLD[name]}; a new study asks all of it alike"
