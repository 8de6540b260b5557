"""Places: the folders the program looks into, from where it is called.

Cards come from a few roots, first wins: the folder given by `--library`, the working folder (the nearest one
upwards that holds `debate.toml`), and the built-in one. Runs go to `--transcripts`, else to `transcripts/` of
the working folder (here a checkout counts as well), else to the user's data folder; every root may bring
examples. Nothing in the folders is read, so that whoever only lists runs need not load a card reader.
"""

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from platformdirs import user_data_path

from debate.errors import InputError, SettingsError

SETTINGS = "debate.toml"
PROBLEMS, LENSES, AGENTS, PROTOCOLS = "problems", "lenses", "agents", "graph"
CARD_FOLDERS = (PROBLEMS, LENSES, AGENTS)
TRANSCRIPTS, EXAMPLES = "transcripts", "examples"


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that holds card folders. `origin` is "built-in" or "overlay"."""

    path: Path
    origin: str


@dataclass(frozen=True, slots=True)
class Places:
    """The roots, the built-in one last, and the working folder, None where there is none."""

    roots: tuple[Root, ...]
    workspace: Path | None

    @classmethod
    def of(cls, extra: Path | None = None, cwd: Path | None = None) -> "Places":
        """As seen from `cwd` (default: the process's), `extra` (`--library`) before all else."""
        try:
            here = (cwd or Path.cwd()).resolve()
        except OSError as error:
            raise InputError(f"the working folder is gone: {error.strerror}") from error
        builtin = _builtin()
        workspace = next((each for each in (here, *here.parents) if _is_workspace(each)), None)
        overlays = [] if extra is None else [_given(extra)]
        if workspace is not None and (workspace / SETTINGS).is_file():
            overlays.append(workspace)
        paths = [path for path in dict.fromkeys(overlays) if path != builtin]
        return cls((*(Root(path, "overlay") for path in paths), Root(builtin, "built-in")), workspace)

    def transcripts(self, flag: Path | None = None) -> Path:
        """Where runs go: `flag`, else `transcripts/` of the working folder, else the user's data folder."""
        if flag is not None:
            return flag
        if self.workspace is not None:
            return self.workspace / TRANSCRIPTS
        return user_data_path("debate", appauthor=False) / TRANSCRIPTS

    def runs(self, flag: Path | None = None) -> list[Path]:
        """Where runs are: first where own ones go, then the examples of every root."""
        return [self.transcripts(flag), *(root.path / TRANSCRIPTS / EXAMPLES for root in self.roots)]


def is_file(path: Path) -> bool:
    """Whether a file is at `path`; a name too long, a loop of links and a NUL are none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _given(extra: Path) -> Path:
    path = Path(os.path.realpath(extra))  # unlike resolve, it stands a loop of links
    if not path.is_dir():
        raise SettingsError(f"--library {extra}: there is no such folder")
    if not any((path / folder).is_dir() for folder in CARD_FOLDERS):
        raise SettingsError(
            f"--library {extra}: expected a folder with one of {', '.join(CARD_FOLDERS)} in it"
        )
    return path


def _is_workspace(folder: Path) -> bool:
    return is_file(folder / SETTINGS) or _is_checkout(folder)


def _is_checkout(folder: Path) -> bool:
    """Whether the folder is a checkout of this program."""
    return all((folder / part).exists() for part in ("pyproject.toml", AGENTS, "src/debate/library.py"))


def _builtin() -> Path:
    packaged = files("debate") / "_library"
    if isinstance(packaged, Path) and packaged.is_dir():
        return packaged.resolve()
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / AGENTS).is_dir():
        return checkout
    raise InputError("the built-in cards are missing; install lens-debate again")
