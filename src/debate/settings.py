"""Settings: what is set once for many runs, and where it may be set.

A setting comes from the flag, else from `debate.toml` of the working folder, else from the variable
`DEBATE_<NAME>`, else it has its default. Each source is checked by itself, so that an error names the flag,
the file and key, or the variable, and all faults of a source are told at once. What holds for all roles in a
nearer source comes before what a farther one says of one role.

Keys are no settings: they are read from the environment alone, and a file that holds one is refused. A value
that was refused is never repeated in the message, because it may be one.
"""

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from debate.errors import SettingsError
from debate.models.prices import Price
from debate.models.roles import CHECKS, EMBEDDINGS, JUDGE, ROLES
from debate.models.wire import Effort, Sampling
from debate.places import SETTINGS, Places
from debate.setting_forms import (
    Table,
    base_url,
    embeddings,
    lenses,
    models,
    no_flag,
    prices,
    protocol,
    refuse_keys,
    sampling,
)

if TYPE_CHECKING:
    from debate.runs.spec import CallSettings, RunSpec

PREFIX: Final = "DEBATE_"
OFFLINE: Final = "offline"
#: No embeddings, where a farther source names some.
NONE: Final = "none"


_Whole = Annotated[int, BeforeValidator(no_flag), Field(ge=1)]
_Amount = Annotated[float, BeforeValidator(no_flag), Field(gt=0, allow_inf_nan=False)]


class Draw(BaseModel):
    """How one role's answers are drawn; what is None is left to the role card, then to the server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: Annotated[float, BeforeValidator(no_flag), Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, BeforeValidator(no_flag), Field(gt=0, le=1)] | None = None
    max_tokens: _Whole | None = None
    seed: Annotated[int, BeforeValidator(no_flag)] | None = None
    effort: Effort | None = None


class Settings(BaseSettings):
    """The settings in force; see docs/models.md for what each means. `model` and `sampling` are by role."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    model: Annotated[dict[str, str], NoDecode] = {}
    base_url: str | None = None
    library: Path | None = None
    lenses: str = "high"
    protocol: str = "panel"
    transcripts: Path | None = None
    ledger: Path | None = None
    max_calls: _Whole | None = None
    max_tokens: _Whole | None = None
    max_cost: _Amount | None = None
    concurrency: _Whole = 8
    per_minute: _Amount | None = None
    deadline: _Amount = 900.0
    sampling: Annotated[dict[str, Draw], NoDecode] = {}
    prices: Annotated[dict[str, Price], NoDecode] = {}
    judge_repeats: Annotated[_Whole, Field(le=50)] = 3
    embeddings: str | None = None
    trace: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` gives: it reads the sources one by one, to know whose fault a fault is."""
        return (init_settings,)

    @property
    def models(self) -> dict[str, str]:
        """Every role's model; a role that nobody bound speaks offline. A judge sits only if one is named:
        the judge by rule needs none. So with embeddings.
        """
        named = {role: self.model.get(role, OFFLINE) for role in ROLES}
        for role, model in ((JUDGE, self.model.get(JUDGE)), (EMBEDDINGS, self.embeddings)):
            if model not in (None, CHECKS, OFFLINE, NONE):
                named[role] = str(model)
        return named

    @property
    def calls(self) -> "CallSettings":
        """How models are asked, as a run takes it."""
        from debate.runs.spec import CallSettings  # noqa: PLC0415 - brings LangGraph, which commands that look never need

        return CallSettings(
            ledger=self.ledger,
            base_url=self.base_url,
            max_calls=self.max_calls,
            max_tokens=self.max_tokens,
            max_cost=self.max_cost,
            prices=self.prices,
            sampling={role: Sampling(**draw.model_dump()) for role, draw in self.sampling.items()},
            concurrency=self.concurrency,
            per_minute=self.per_minute,
            deadline=self.deadline,
            traced=self.trace,
        )

    def spec(self, problem: str, *, seed: int = 0, allow_adhoc: bool = False) -> "RunSpec":
        """What a run on `problem` with these settings is told."""
        from debate.runs.spec import RunSpec  # noqa: PLC0415 - see `calls`

        return RunSpec(
            problem=problem,
            models=self.models,
            lenses=self.lenses,
            protocol=self.protocol,
            seed=seed,
            allow_adhoc=allow_adhoc,
            judge_repeats=self.judge_repeats,
            transcripts=self.transcripts,
            calls=self.calls,
        )


def settings_file(cwd: Path | None = None) -> Path | None:
    """`debate.toml` of the working folder, if there is one."""
    workspace = Places.of(cwd=cwd).workspace
    return workspace / SETTINGS if workspace is not None and (workspace / SETTINGS).is_file() else None


def load(
    flags: Mapping[str, Any] | None = None, cwd: Path | None = None, *, arguments: bool = False
) -> Settings:
    """The settings in force in `cwd` (default: the process's). `flags` are those the user gave, by name;
    `arguments` says that a program gave them.

    Raises `SettingsError` with everything that is wrong in the first source that has a fault.
    """
    merged: dict[str, Any] = {}
    given = (_Arguments if arguments else _Flags)(dict(flags or {}))
    for layer in (_environment(), _file(settings_file(cwd)), given):
        for name, value in layer.checked().items():
            below = merged.get(name)
            tables = isinstance(value, dict) and isinstance(below, dict)
            merged[name] = _over(below or {}, value) if tables else value
    return Settings(**merged)


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` on top of `below`; of one role's sampling each part by itself."""
    merged = {**below, **above}
    for name in below.keys() & above.keys():
        if isinstance(below[name], dict) and isinstance(above[name], dict):
            merged[name] = {**below[name], **above[name]}
    return merged


class _Source:
    """Where values come from: what was given, and what each is called there."""

    def __init__(self, given: Table) -> None:
        self.given = given

    def place(self, *path: str) -> str:
        """What the user wrote this value as."""
        raise NotImplementedError

    def path(self, text: str) -> Path:
        """A path that stands in this source."""
        return Path(text).expanduser()

    def checked(self) -> dict[str, Any]:
        """The values in the one form settings have. Raises `SettingsError`."""
        given = dict(self.given)
        forms: dict[str, Callable[[object, str], object]] = {
            "model": models,
            "sampling": sampling,
            "lenses": lenses,
            "embeddings": embeddings,
            "prices": lambda value, place: prices(value, place, self.path),
        }
        for name, form in forms.items():
            if name in given:
                given[name] = form(given[name], self.place(name))
        for name in ("library", "transcripts", "ledger"):
            if isinstance(given.get(name), str):
                given[name] = self.path(given[name])
        if isinstance(given.get("base_url"), str):
            given["base_url"] = given["base_url"].strip() or None
        try:
            Settings(**given)
        except ValidationError as error:
            raise SettingsError("\n".join(self._faults(error))) from None
        return given

    def _faults(self, error: ValidationError) -> Iterator[str]:
        seen = set()
        for fault in error.errors(include_url=False, include_input=False, include_context=False):
            path = [str(part) for part in fault["loc"]]
            if path[0] == "sampling" and len(path) > 2 and not self._says(path[1], path[2]):
                del path[1]  # it stands there once, for all roles
            text = f"{self.place(*path)}: {self._words(fault['type'], path, fault['msg'])}"
            if text not in seen:
                seen.add(text)
                yield text

    def _says(self, role: str, setting: str) -> bool:
        """Whether it was given for this role, or for all."""
        given = self.given["sampling"]
        names = (role, role.removesuffix("-agent"))
        if isinstance(given, Mapping):
            return any(setting in given[name] for name in names if isinstance(given.get(name), Mapping))
        return any(f"{name}.{setting}=" in str(given) for name in names)

    def _words(self, kind: str, path: list[str], message: str) -> str:
        if kind != "extra_forbidden":
            return message.removeprefix("Value error, ")
        known = list(Draw.model_fields) if path[0] == "sampling" else list(Settings.model_fields)
        near = get_close_matches(path[-1], known, n=1)
        return f"no such setting{f'; nearest: {near[0]}' if near else ''}. There are {', '.join(known)}"


class _Flags(_Source):
    """What stood on the command line."""

    def place(self, *path: str) -> str:
        if path[0] == "sampling":
            return " ".join(["--set", ".".join(path[1:])]).strip()
        return f"--{path[0].replace('_', '-')}"


class _Arguments(_Flags):
    """What a program gave."""

    def place(self, *path: str) -> str:
        return ".".join(path)


class _File(_Source):
    """`debate.toml`: paths in it start at its folder."""

    def __init__(self, given: Table, file: Path) -> None:
        super().__init__(given)
        self._file = file

    def place(self, *path: str) -> str:
        return f"{self._file}: {'.'.join(path)}"

    def path(self, text: str) -> Path:
        return self._file.parent / Path(text).expanduser()

    def checked(self) -> dict[str, Any]:
        if isinstance(url := self.given.get("base_url"), str):
            base_url(url, self.place("base_url"))
        refuse_keys(self.given, str(self._file))
        if isinstance(name := self.given.get("protocol"), str):
            protocol(name, self.place("protocol"))
        return super().checked()


class _Environment(_Source):
    """Variables; they hold what the flags would."""

    def place(self, *path: str) -> str:
        return f"{PREFIX}{path[0].upper()}"

    def checked(self) -> dict[str, Any]:
        if "trace" in self.given:
            raise SettingsError(
                f"{self.place('trace')}: the environment cannot turn tracing on; use --trace, or put "
                f"trace = true into {SETTINGS}"
            )
        if isinstance(name := self.given.get("protocol"), str):
            protocol(name, self.place("protocol"))
        return super().checked()


def _environment() -> _Source:
    known = {f"{PREFIX}{name}".upper(): name for name in Settings.model_fields}
    for name in os.environ:
        near = get_close_matches(name.upper(), known, n=1, cutoff=0.9)
        # Others may use our prefix: a cluster's DEBATE_PORT is no fault of the user's.
        if name.upper().startswith(PREFIX) and near and near[0] != name.upper():
            raise SettingsError(f"{name}: no such setting; nearest: {near[0]}")
    return _Environment(EnvSettingsSource(Settings)())


def _file(path: Path | None) -> _Source:
    if path is None:
        return _Flags({})
    try:
        return _File(TomlConfigSettingsSource(Settings, toml_file=path)(), path)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not TOML: {error}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8 text") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
