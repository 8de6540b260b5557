"""The plan of a study: what is asked, fixed and hashed before the first call.

Whatever decides the answers or how they will be read is part of the hash: problems and the cards they use,
arms, replicates, endpoint, margin, alpha, stop rule, models, seed. How calls are made (limits, pace, places)
is not. The plan lies in `<transcripts>/studies/<id>/plan.json`.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from debate.errors import InputError, UnknownName
from debate.events import now
from debate.run_names import steps_back
from debate.runs.spec import Definitions
from debate.studies.program import program
from debate.transcripts import write_whole

SCHEMA: Final = 1
STUDIES: Final = "studies"
PLAN: Final = "plan.json"

Game = Literal["replacement", "removal"]
Kind = Literal["full", "without", "only", "coalition", "varied", "control"]


class _Record(BaseModel):
    """Part of a plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ArmSettings(_Record):
    """What a run of the arm is told. `lenses` are terms in the order of seating; `models` and `roles` are
    by role, `roles` as files of role cards.
    """

    lenses: str
    protocol: str
    models: Mapping[str, str]
    roles: Mapping[str, str] = Field(default_factory=dict)
    definitions: Definitions = "own"


class Arm(_Record):
    """One way of holding the debate on one problem.

    `kind` is what the arm is for: the whole panel ("full"), all lenses but `lens` ("without"), `lens` alone
    ("only"), some other set ("coalition"), something the user varies ("varied"), or a "control". `coalition`
    are the lenses of the panel that sit, None where the arm is outside the `game`; `game` says what is in an
    empty seat: a neutral agent ("replacement") or nothing ("removal"), None where no seat is empty. `again`
    shifts the samples: the full arm once more is an A/A control. `matches` names the arm whose tokens the
    number of seats is matched to when the study runs.
    """

    name: str
    kind: Kind
    settings: ArmSettings
    game: Game | None = None
    lens: str | None = None
    coalition: tuple[str, ...] | None = None
    again: int = 0
    matches: str | None = None


class Sample(_Record):
    """Shapley values are estimated here, by this `method` of shapiq, from `sets` sets of lenses that were
    drawn by `seed` with this `budget` before any was scored.
    """

    method: str
    budget: int
    seed: int
    sets: int


class ProblemPlan(_Record):
    """A problem with its arms. `name` is what the user called it; `lenses` are the players: the lenses whose
    worth is asked for, in order of id. `sample` is None where Shapley values are exact, or not asked for.
    """

    id: str
    name: str
    sha256: str
    lenses: tuple[str, ...]
    arms: tuple[Arm, ...]
    sample: Sample | None = None


class StudyPlan(_Record):
    """See the module. `designs` and `controls` say where the arms come from; `cards` has the sha256 of every
    lens, role and protocol file by kind and id; `margin` is in points of the endpoint; `stop` names the rule
    by which the study may end early, "" for none.
    """

    problems: tuple[ProblemPlan, ...]
    designs: tuple[str, ...]
    controls: tuple[str, ...]
    games: tuple[Game, ...]
    replicates: int = Field(ge=1)
    endpoint: str
    margin: float = Field(gt=0)
    alpha: float = Field(gt=0, lt=1)
    stop: str = ""
    seed: int = 0
    allow_adhoc: bool = False
    judge_repeats: int = 3
    sampling: Mapping[str, Mapping[str, float | int | str]] = Field(default_factory=dict)
    cards: Mapping[str, str] = Field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Of the plan as canonical JSON: sorted keys, no blanks, ASCII."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    @property
    def arms(self) -> tuple[str, ...]:
        """The names of all arms, in order of first mention."""
        return tuple(dict.fromkeys(arm.name for problem in self.problems for arm in problem.arms))

    @property
    def models(self) -> tuple[str, ...]:
        """The models of all arms, in order of first mention."""
        arms = (arm for problem in self.problems for arm in problem.arms)
        return tuple(dict.fromkeys(model for arm in arms for model in arm.settings.models.values()))

    @property
    def size(self) -> int:
        """How many cells there are."""
        return self.replicates * sum(len(problem.arms) for problem in self.problems)


class StudyRecord(_Record):
    """What `plan.json` holds. Not hashed are `calls`, limits and pace as a manifest keeps them, and the
    `program` that began it (see `debate.studies.program`).
    """

    schema_version: Literal[1] = Field(SCHEMA, alias="schema")
    id: str
    created: AwareDatetime
    sha256: str
    plan: StudyPlan
    calls: Mapping[str, object] = Field(default_factory=dict)
    program: Mapping[str, str] = Field(default_factory=dict)


def store(plan: StudyPlan, base: Path, calls: Mapping[str, object]) -> tuple[Path, StudyRecord]:
    """Claim a folder for the study under `base` and write its plan. Raises `InputError`."""
    created = now()
    what = re.sub(r"[^a-z0-9-]+", "-", plan.designs[0])
    folder = base / STUDIES
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        while True:
            path = folder / f"{created:%Y%m%d-%H%M%S}-{what}-{secrets.token_hex(2)}"
            try:
                path.mkdir(mode=0o700)
            except FileExistsError:
                continue
            break
    except OSError as error:
        raise InputError(f"cannot make a study in {folder}: {error.strerror}") from error
    record = StudyRecord(
        schema=SCHEMA,
        id=path.name,
        created=created,
        sha256=plan.sha256,
        plan=plan,
        calls=calls,
        program=program(),
    )
    write_whole(path / PLAN, json.dumps(record.model_dump(mode="json", by_alias=True), indent=2) + "\n")
    return path, record


def read(path: Path) -> StudyRecord:
    """The record in a study's folder. Raises `InputError` when it cannot be read or the plan was changed."""
    file = path / PLAN
    try:
        record = StudyRecord.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise InputError(f"{file} is no plan of this version: {where}: {error.errors()[0]['msg']}") from error
    if record.plan.sha256 != record.sha256:
        raise InputError(
            f"{file}: the plan is not the one that was stored (its sha256 is {record.plan.sha256[:12]}, "
            f"{record.sha256[:12]} was); a study cannot change its plan"
        )
    return record


def list_studies(base: Path) -> list[Path]:
    """The folders of the studies under `base`, newest first."""
    return sorted((file.parent for file in (base / STUDIES).glob(f"*/{PLAN}")), reverse=True)


def find_study(name: str, base: Path) -> Path:
    """The study that an id, a part of just one, `last` or `last~1` (the one before) stands for.

    Raises `InputError`.
    """
    known = list_studies(base)
    if not known:
        raise InputError("there are no studies yet; make one with: debate ablate code_performance-stuck")
    if (back := steps_back(name)) is not None:
        if back < len(known):
            return known[back]
        there = "is only 1 study" if len(known) == 1 else f"are only {len(known)} studies"
        raise InputError(f"{name}: there {there}")
    for fits in (str.__eq__, str.startswith, str.__contains__):
        found = [path for path in known if fits(path.name, name)]
        if len(found) == 1:
            return found[0]
        if found:
            ids = "".join(f"\n  {path.name}" for path in found[:5])
            raise InputError(f"{name!r} stands for {len(found)} studies; write more of the id:{ids}")
    raise UnknownName("study", name, [path.name for path in known], "See: debate studies list")
