"""Every error the program raises on purpose, and the exit code it ends with.

    DebateError
    ├── InputError            your input is wrong                      exit 2
    │   ├── CardError         a card cannot be read: file, line, why
    │   ├── UnknownName       no such problem, lens, role, run …; the nearest names
    │   └── SettingsError     a flag, variable or debate.toml entry
    └── RunError              the run failed                           exit 1
        ├── ModelError        a model call failed for good
        ├── ContributionError a model's contribution breaks its contract
        ├── QuorumError       too few seats spoke
        └── TranscriptError   a run folder cannot be written or read

Only the edge (`debate.cli`, `debate.web`) prints. A message names the file, line or flag and what to do next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar


class DebateError(Exception):
    """Root of all errors raised on purpose; `exit_code` is the process's."""

    exit_code: ClassVar[int] = 1


class InputError(DebateError):
    """What the user gave cannot be used."""

    exit_code = 2


class RunError(DebateError):
    """The input was fine, the run failed."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a card: 1-based line, what was found and what was expected, in one sentence."""

    line: int
    message: str


class CardError(InputError):
    """A card with one or more faults. `faults` holds all of them, in order of line."""

    def __init__(self, path: Path | str, faults: Sequence[Fault]) -> None:
        self.path = str(path)
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(f"{self.path}:{f.line}: {f.message}" for f in self.faults))


class UnknownName(InputError):  # noqa: N818  it reads as what it is: UnknownName('lens', 'foo')
    """A name that stands for nothing we have; the message offers the nearest ones."""

    def __init__(self, kind: str, name: str, known: Sequence[str], hint: str = "") -> None:
        self.kind, self.name = kind, name
        folded = {k.casefold(): k for k in known}
        near = [folded[k] for k in get_close_matches(name.casefold(), folded, n=3, cutoff=0.4)]
        text = f"no {kind} called {name!r}"
        if near:
            text += f"; nearest: {', '.join(near)}"
        if hint:
            text += f". {hint}"
        self.nearest = tuple(near)
        super().__init__(text)


class SettingsError(InputError):
    """A flag, environment variable or debate.toml entry that cannot be used."""


class ModelError(RunError):
    """A model call failed for good."""


class ContributionError(RunError):
    """A contribution that breaks its contract; `faults` are sentences a model can mend it by."""

    def __init__(self, what: str, faults: Sequence[str]) -> None:
        self.what, self.faults = what, tuple(faults)
        super().__init__(f"{what}: " + "; ".join(self.faults))


class QuorumError(RunError):
    """Too few seats spoke to go on."""


class TranscriptError(RunError):
    """A run folder cannot be written or read."""
