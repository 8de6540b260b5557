"""Run names: which folder an id, a shortened one, or `last` stands for.

A run is a folder among others; its id is the folder's name and sorts by time. Names are found by listing
the folder and reading nothing, so that a hundred thousand runs are no obstacle. A name is looked up among
what was listed and never made into a path: none leads out of the folder.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from debate.errors import DebateError, InputError, TranscriptError, UnknownName

MANIFEST = "run.json"
EVENTS = "events.jsonl"

_RUN_ID = re.compile(r"(\d{8}-\d{6})-[a-z0-9_-]+\Z")
_LAST = re.compile(r"last(?:~(\d{1,9}))?\Z", re.ASCII)
_SHOWN = 5  # candidates an error offers


@dataclass(frozen=True, slots=True)
class Named:
    """A run folder by name alone; `example` when it came with the program."""

    id: str
    path: Path
    example: bool = False

    @property
    def begun(self) -> bool:
        """Whether there is anything in it: a run that was killed while its folder was made has nothing."""
        return (self.path / MANIFEST).exists() or _holds_events(self.path)


def run_names(base: Path, since: str = "") -> list[str]:
    """Names of the run folders in `base` from time stamp `since` on, newest first; none where it is missing.

    Raises `InputError` where a file stands in its place, `TranscriptError` when it cannot be listed.
    """
    try:
        with os.scandir(base) as entries:
            found = [each.name for each in entries if each.name >= since and _is_run(each.name, each)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unlisted(base, error) from error
    return sorted(found, reverse=True)


def named_runs(bases: Sequence[Path]) -> list[Named]:
    """Own runs in the first of `bases`, then examples in the others, each newest first."""
    distinct = dict.fromkeys(base.resolve() for base in bases)
    return [
        Named(name, base / name, example=number > 0)
        for number, base in enumerate(distinct)
        for name in run_names(base)
    ]


def run_named(name: str, bases: Sequence[Path]) -> Named:
    """The run `name` stands for among those in `bases`, as `find_run` says.

    Only folders whose names fit are looked at, so that one run among a hundred thousand is found at once.
    Raises `InputError`, `TranscriptError`.
    """
    own, *others = dict.fromkeys(base.resolve() for base in bases)
    examples = [Named(each, base / each, example=True) for base in others for each in run_names(base)]
    last = _LAST.match(name)
    fitting = sorted((each for each in _listed(own) if last or name in each), reverse=True)
    found = (Named(each, own / each) for each in fitting if _is_run(each, own / each))
    if last:
        begun = (run for run in found if run.begun)
        return find_run(name, [*islice(begun, int(last[1] or 0) + 1), *examples])
    some = [*found, *examples]
    if any(name in run.id for run in some):
        return find_run(name, some)
    return find_run(name, named_runs(bases))


def find_run(name: str, runs: Sequence[Named]) -> Named:
    """The run `name` stands for: an id, start or part of just one id, `last`, `last~1` (the one before).

    `last` counts own runs that began, and examples only where there are no own ones. Raises `InputError`.
    """
    if (back := steps_back(name)) is not None:
        return _last(name, back, runs)
    if not runs:
        raise _no_runs()
    if not name:  # a part of every id: what an empty variable of a shell leaves
        raise InputError("the name of a run is empty; see: debate transcripts list")
    for fits in (str.__eq__, str.startswith, str.__contains__):
        # Of an example that somebody copied to the own runs, the copy.
        found = list({run.id: run for run in reversed(runs) if fits(run.id, name)}.values())[::-1]
        if len(found) == 1:
            return found[0]
        if found:
            ids = "".join(f"\n  {run.id}" for run in found[:_SHOWN]) + "\n  …" * (len(found) > _SHOWN)
            raise InputError(f"{name!r} stands for {len(found)} runs; write more of the id:{ids}")
    raise UnknownName("run", name, [run.id for run in runs], "See: debate transcripts list")


def steps_back(name: str) -> int | None:
    """How far before the last: 0 for `last`, 1 for `last~1`; None for any other name."""
    last = _LAST.match(name)
    return int(last[1] or 0) if last else None


def began(name: str) -> datetime | None:
    """When the run called `name` began, as its id says; None for a folder that was renamed."""
    found = _RUN_ID.match(name)
    try:
        return datetime.strptime(found[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None  # the 31st of February


def no_folder(base: Path) -> InputError:
    """The error for a file where the folder of runs should be."""
    return InputError(f"{base}: a file stands where the runs should be; name a folder with --transcripts DIR")


def _last(name: str, back: int, runs: Sequence[Named]) -> Named:
    """Looks into no more folders than it must."""
    own = (run for run in runs if not run.example and run.begun)
    found = _nth(own, back)
    if not found:
        found = _nth((run for run in runs if run.example and run.begun), back)
    if not found:
        raise _no_runs()
    if len(found) <= back:
        there = "is only 1 run" if len(found) == 1 else f"are only {len(found)} runs"
        raise InputError(f"{name}: there {there}")
    return found[back]


def _nth(runs: Iterator[Named], back: int) -> list[Named]:
    return list(islice(runs, back + 1))


def _no_runs() -> InputError:
    return InputError("there are no runs yet; make one with: debate run code_performance-stuck")


def _listed(base: Path) -> list[str]:
    """All names in `base`, in no order; none where it is missing. Raises as `run_names` does."""
    try:
        return os.listdir(base)  # noqa: PTH208 - names; a hundred thousand paths take long to make
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unlisted(base, error) from error


def _unlisted(base: Path, error: OSError) -> DebateError:
    if isinstance(error, NotADirectoryError):
        return no_folder(base)
    return TranscriptError(f"cannot list {base}: {error.strerror}")


def _is_run(name: str, entry: "os.DirEntry[str] | Path") -> bool:
    if name.startswith("."):
        return False  # on its way out
    return entry.is_dir() and (bool(_RUN_ID.match(name)) or Path(entry, MANIFEST).exists())


def _holds_events(path: Path) -> bool:
    try:
        return (path / EVENTS).stat().st_size > 0
    except OSError:
        return False
