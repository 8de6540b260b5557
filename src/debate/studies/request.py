"""What the user asks of a study, on the command line or in a study file.

problems = ["code_performance-stuck"]
design = "leave-one-out"      # or a list
lenses = "high"
replicates = 2
controls = "default"          # "none", or a list
game = "replacement"          # "removal", "both"
margin = 0.5

[sets]                        # also [protocols], [models], [roles]: the arms of those designs
known = "high"
drawn = "random:4"
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from debate.errors import SettingsError
from debate.setting_forms import models as read_models
from debate.setting_forms import no_flag

#: Designs over the lenses of one panel, and those whose arms the user names.
OVER_LENSES: Final = ("leave-one-out", "add-one-in", "subsets", "shapley")
NAMED: Final = ("sets", "protocols", "models", "roles")
DESIGNS: Final = (*OVER_LENSES, *NAMED)
CONTROLS: Final = (
    "single-call",
    "single-agent",
    "token-matched",
    "no-lens",
    "placebo",
    "low-relevance",
    "swapped",
    "name-only",
    "a/a",
)
DEFAULT_CONTROLS: Final = ("token-matched", "no-lens", "placebo", "a/a")
GAMES: Final[Mapping[str, tuple[Literal["replacement", "removal"], ...]]] = {
    "replacement": ("replacement",),
    "removal": ("removal",),
    "both": ("replacement", "removal"),
}


@dataclass(frozen=True, slots=True)
class StudyRequest:
    """See the module. `named` has the arms of the designs in `NAMED`: by design, value by name. `models`
    binds every role, as a run does; `stop` is "none" or "e-process".
    """

    problems: tuple[str, ...]
    models: Mapping[str, str]
    designs: tuple[str, ...] = ("leave-one-out",)
    named: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lenses: str = "high"
    protocol: str = "panel"
    controls: tuple[str, ...] = DEFAULT_CONTROLS
    game: str = "replacement"
    replicates: int = 1
    endpoint: str = "headline"
    margin: float = 0.5
    alpha: float = 0.05
    stop: str = "none"
    seed: int = 0
    allow_adhoc: bool = False
    factorial: bool = False
    judge_repeats: int = 3
    sampling: Mapping[str, Mapping[str, float | int | str]] = field(default_factory=dict)


def words(given: object) -> object:
    """A list of words; a string with commas stands for one."""
    return [word.strip() for word in given.split(",") if word.strip()] if isinstance(given, str) else given


Whole = Annotated[int, BeforeValidator(no_flag)]
Flag = Annotated[bool, Field(strict=True)]
_Share = Annotated[float, Field(gt=0, allow_inf_nan=False), BeforeValidator(no_flag)]
_Words = Annotated[tuple[str, ...], BeforeValidator(words)]
_Named = Mapping[str, str]


class StudyTerms(BaseModel):
    """What is asked of a study beside its problems and what a run is told as well; None is the default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    design: _Words | None = Field(None, min_length=1)
    controls: _Words | None = None
    game: Literal["replacement", "removal", "both"] | None = None
    replicates: Annotated[Whole, Field(ge=1)] | None = None
    endpoint: str | None = None
    margin: _Share | None = None
    alpha: Annotated[_Share, Field(lt=1)] | None = None
    stop: Literal["none", "e-process"] | None = None
    seed: Whole | None = None
    allow_adhoc: Flag | None = None
    factorial: Flag | None = None

    @classmethod
    def checked(cls, given: Mapping[str, object], place: Callable[[str], str]) -> Self:
        """`given` by name. Raises `SettingsError` with all faults, each by what `place` calls its name."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError("\n".join(faults_in(error, place))) from None


def faults_in(error: ValidationError, place: Callable[[str], str]) -> Iterator[str]:
    """What is wrong, a sentence for each value, by what `place` calls it."""
    for name, *_ in dict.fromkeys(fault["loc"][:1] for fault in error.errors()):
        said = [each["msg"] for each in error.errors(include_url=False) if each["loc"][0] == name]
        yield f"{place(str(name))}: {' or '.join(dict.fromkeys(said))}"


class StudyFile(StudyTerms):
    """What may stand in a study file; what does not is None."""

    problems: _Words | None = None
    lenses: str | None = None
    protocol: str | None = None
    model: str | tuple[str, ...] | Mapping[str, str] | None = None
    sets: _Named = Field(default_factory=dict)
    protocols: _Named = Field(default_factory=dict)
    models: _Named = Field(default_factory=dict)
    roles: _Named = Field(default_factory=dict)

    @property
    def given(self) -> dict[str, Any]:
        """What stands in the file, by the names of the command's options."""
        plain = self.model_dump(exclude_none=True, exclude={*NAMED, "problems", "model"})
        if self.model is not None:
            plain["model"] = [self.model] if isinstance(self.model, str) else self.model
        return plain

    @property
    def named(self) -> dict[str, Mapping[str, str]]:
        """The arms of the designs whose arms the user names."""
        return {design: getattr(self, design) for design in NAMED if getattr(self, design)}


def read_study_file(path: Path) -> StudyFile:
    """A study file. Raises `SettingsError` that names the key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from None
    try:
        return StudyFile.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(faults_in(error, str))
        known = ", ".join(StudyFile.model_fields)
        raise SettingsError(f"{path}: {faults}. Keys of a study file: {known}") from None


def named_arms(given: Sequence[str], designs: Sequence[str]) -> dict[str, dict[str, str]]:
    """`NAME=VALUE` (for the first design whose arms have names) or `DESIGN:NAME=VALUE`, by design."""
    usual = next((design for design in designs if design in NAMED), None)
    found: dict[str, dict[str, str]] = {}
    for each in given:
        head, equals, value = each.partition("=")
        design, colon, name = head.rpartition(":")
        design = design.strip() if colon else usual or ""
        if not (equals and name.strip() and value.strip()) or design not in NAMED:
            raise SettingsError(
                f"--set {each!r}: expected NAME=VALUE with --design {', '.join(NAMED[:-1])} or {NAMED[-1]}, "
                "for instance --design sets --set known=high --set drawn=random:4"
            )
        found.setdefault(design, {})[name.strip()] = value.strip()
    return found


def control_names(given: str | Sequence[str]) -> tuple[str, ...]:
    """`default`, `none`, `all`, or names, as names."""
    listed = [given] if isinstance(given, str) else list(given)
    names = [word.strip().casefold() for each in listed for word in each.split(",") if word.strip()]
    sets = {"default": DEFAULT_CONTROLS, "none": (), "all": CONTROLS}
    return tuple(dict.fromkeys(name for each in names for name in sets.get(each, (each,))))


def models_of(value: str, base: Mapping[str, str], where: str) -> dict[str, str]:
    """The models of an arm: `MODEL`, or `ROLE=MODEL` several times with blanks between, over `base`."""
    given = read_models(value, where)
    return {**base, **given}
