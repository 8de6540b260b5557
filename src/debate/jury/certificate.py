"""Certificates: what a calibration has shown of one jury on one card, kept, and when it no longer holds.

A certificate is bound to everything that decides what the jury says: the models and where they are asked,
how they draw, how often, the problem card, the prompts, the template of the candidates and the rubric. Any
change makes another identity, for which the jury is unvalidated again, and the state says what changed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.errors import TranscriptError
from debate.judging.calibration import Gate
from debate.judging.rubric import Rubric
from debate.jury import candidate
from debate.jury.juror import REPEATS
from debate.jury.pairwise import CARD as PAIRWISE
from debate.models.roles import JUDGE
from debate.verdict import Certified, Trust

FOLDER: Final = "certificates"
SCHEMA: Final = 1
_PROMPTS = ("house", JUDGE, PAIRWISE)


class GateRecord(BaseModel):
    """A gate as it is kept; see `debate.judging.calibration.Gate`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    value: float | None
    bound: str
    passed: bool | None
    n: int
    unit: str = ""
    low: float | None = None
    high: float | None = None


class Identity(BaseModel):
    """What a certificate is bound to. `card` is the sha256 of the problem card, whose case is in every prompt
    and whose answers are the ladder; `models` are names with the addresses they are asked at.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    problem: str
    card: str
    models: tuple[str, ...]
    sampling: dict[str, float | int | str]
    repeats: int
    prompts: str
    rubric: str

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON."""
        plain = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


class Certificate(BaseModel):
    """One calibration: identity, gates, the scores of the ladder by label and criterion, and the outcome."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: int = SCHEMA
    identity: Identity
    created: datetime
    state: Trust
    why: str
    gates: tuple[GateRecord, ...]
    table: dict[str, dict[str, float | None]]
    ballots: int
    missing: int

    @property
    def id(self) -> str:
        """The name people see."""
        return f"{self.identity.problem}-{self.identity.digest[:12]}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The certificates of one folder of transcripts."""

    base: Path

    def keep(self, certificate: Certificate) -> Path:
        """Write a certificate; one of the same identity is replaced. Raises `TranscriptError`."""
        path = self.base / FOLDER / f"{certificate.id}.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(certificate.model_dump_json(indent=1) + "\n", encoding="utf-8")
            part.replace(path)
        except OSError as error:
            raise TranscriptError(f"cannot keep the certificate {path}: {error.strerror}") from error
        return path

    def state_of(self, identity: Identity) -> Certified:
        """What is known of a jury: its own certificate, or why there is none."""
        known = list(self._all(identity.problem))
        own = next((each for each in known if each.identity == identity), None)
        if own is not None:
            return Certified(state=own.state, why=own.why, id=own.id)
        redo = f"run: {_redo(identity)}"
        earlier = max(
            (each for each in known if each.identity.models == identity.models),
            key=lambda each: each.created,
            default=None,
        )
        if earlier is None:
            return Certified(state=Trust.UNVALIDATED, why=f"never calibrated on this card; {redo}")
        changed = ", ".join(_changes(earlier.identity, identity))
        since = f"{earlier.created:%Y-%m-%d}"
        return Certified(
            state=Trust.UNVALIDATED, why=f"{changed} changed since it was calibrated on {since}; {redo}"
        )

    def _all(self, problem: str) -> Iterable[Certificate]:
        folder = self.base / FOLDER
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
            try:
                found = Certificate.model_validate_json(path.read_text(encoding="utf-8"))
            except (OSError, ValidationError):
                continue  # not ours, or of another version: then it certifies nothing
            if found.identity.problem == problem:
                yield found


def identity_of(
    problem: ProblemCard,
    rubric: Rubric,
    roles: Mapping[str, RoleCard],
    models: Sequence[str],
    *,
    sampling: Mapping[str, float | int | str],
    repeats: int,
) -> Identity:
    """The identity of a jury on a card; `models` are names with addresses."""
    prompts = hashlib.sha256(candidate.TEMPLATE.encode())
    for name in _PROMPTS:
        prompts.update(roles[name].sha256.encode())
    return Identity(
        problem=problem.id,
        card=problem.sha256,
        models=tuple(models),
        sampling=dict(sampling),
        repeats=repeats,
        prompts=prompts.hexdigest(),
        rubric=rubric.sha256,
    )


def recorded(gates: Sequence[Gate]) -> tuple[GateRecord, ...]:
    """Gates as a certificate keeps them."""
    return tuple(GateRecord(**asdict(gate)) for gate in gates)


def _changes(then: Identity, now: Identity) -> list[str]:
    told = {
        "card": "the problem card",
        "rubric": "the rubric",
        "prompts": "the prompts",
        "sampling": "the sampling settings",
        "repeats": "the number of repeats",
    }
    return [words for name, words in told.items() if getattr(then, name) != getattr(now, name)]


def _redo(identity: Identity) -> str:
    names = ",".join(map(_name, identity.models))
    repeats = "" if identity.repeats == REPEATS else f" --judge-repeats {identity.repeats}"
    return f"debate calibrate {identity.problem} --model judge={names}{repeats}"


def _name(model: str) -> str:
    return model.split(" at ", maxsplit=1)[0]
