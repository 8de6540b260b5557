"""Certificates: what a calibration has shown of one jury on one card, kept, and when it no longer holds.

A certificate is bound to everything that decides what the jury says: the models, where they are asked and
what their servers call them, how they draw, how often, the problem card, the rubric, the prompts and the
ladder as they are shown, and the gates. Any change makes another identity, for which the jury is unvalidated
again, and the state says what changed.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from debate.errors import TranscriptError
from debate.judging.calibration import Gate
from debate.verdict import Certified, Trust

FOLDER: Final = "certificates"
SCHEMA: Final = 2


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
    and whose answers are the ladder; `models` are names, `addresses` where each is asked, and `served` what
    the servers call the models that answered, for each name: () where a server does not say. `prompts` and
    `ladder` are hashes of what is shown (`debate.jury.showing`), `gates` of what is asked of the outcome.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    problem: str
    card: str
    models: tuple[str, ...]
    addresses: tuple[str, ...]
    served: tuple[tuple[str, ...], ...] = ()
    sampling: dict[str, float | int | str]
    repeats: int
    prompts: str
    ladder: str
    gates: str
    rubric: str

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON."""
        plain = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def jurors(self) -> tuple[str, ...]:
        """The models with their addresses."""
        return tuple(f"{name} at {place}" for name, place in zip(self.models, self.addresses, strict=True))

    def of(self, served: Sequence[Collection[str]]) -> "Identity":
        """The same, of the models that answered."""
        return self.model_copy(update={"served": tuple(tuple(sorted(names)) for names in served)})

    def like(self, other: "Identity") -> bool:
        """Whether the two differ at most in who answered to the names."""
        return self.of(()) == other.of(())

    def strangers(self, other: "Identity") -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
        """Names to which somebody answers in `other` who did not here, each with who did and who does."""
        found = zip(self.models, self.served, other.served, strict=False)
        return tuple((name, then, now) for name, then, now in found if set(now) - set(then))


class Certificate(BaseModel):
    """One calibration: identity, gates, the scores of the ladder by label and criterion, and the outcome.

    `ungated` are criteria that no gate measures: their scores are no better for any certificate.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal[2] = SCHEMA
    identity: Identity
    created: datetime
    state: Trust
    why: str
    gates: tuple[GateRecord, ...]
    ungated: tuple[str, ...] = ()
    table: dict[str, dict[str, float | None]]
    ballots: int
    missing: int

    @property
    def id(self) -> str:
        """The name people see."""
        return f"{self.identity.problem}-{self.identity.digest[:12]}"

    @property
    def told(self) -> str:
        """Why, and what it does not speak of."""
        return "; ".join((self.why, *(f"{name} is not gated" for name in self.ungated)))


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

    def state_of(self, identity: Identity, redo: str) -> Certified:
        """What is known of a jury: its own certificate, or why there is none and that `redo` gives one."""
        known = [each for each in self._all(identity.problem) if each.identity.models == identity.models]
        alike = [each for each in known if each.identity.like(identity)]
        own = [each for each in alike if not each.identity.strangers(identity)]
        if own:
            last = max(own, key=_created)
            return Certified(state=last.state, why=last.told, id=last.id)
        run = f"run: {redo}"
        there = [each for each in known if each.identity.addresses == identity.addresses]
        earlier = max(alike or there or known, key=_created, default=None)
        if earlier is None:
            return Certified(state=Trust.UNVALIDATED, why=f"never calibrated on this card; {run}")
        changed = "; ".join(_changes(earlier.identity, identity))
        since = f"{earlier.created:%Y-%m-%d}"
        return Certified(state=Trust.UNVALIDATED, why=f"{changed} since it was calibrated on {since}; {run}")

    def answering(self, identity: Identity) -> tuple[frozenset[str], ...]:
        """Who answered to the names of a jury when it was last calibrated; () where it never was."""
        alike = [each for each in self._all(identity.problem) if each.identity.like(identity)]
        last = max(alike, key=_created, default=None)
        return () if last is None else tuple(map(frozenset, last.identity.served))

    def _all(self, problem: str) -> Iterable[Certificate]:
        folder = self.base / FOLDER
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
            try:
                found = Certificate.model_validate_json(path.read_text(encoding="utf-8"))
            except (OSError, ValidationError):
                continue  # not ours, or of another version: then it certifies nothing
            if found.identity.problem == problem:
                yield found


def recorded(gates: Sequence[Gate]) -> tuple[GateRecord, ...]:
    """Gates as a certificate keeps them."""
    return tuple(GateRecord(**asdict(gate)) for gate in gates)


def _created(certificate: Certificate) -> datetime:
    return certificate.created


#: What follows from the ones before it is not told beside them.
_WORDS: Final = {
    "card": "the problem card",
    "rubric": "the rubric",
    "prompts": "the prompts",
    "ladder": "the ladder",
}


def _changes(then: Identity, now: Identity) -> Iterator[str]:
    """What is otherwise now, as phrases."""
    first = next((words for name, words in _WORDS.items() if getattr(then, name) != getattr(now, name)), "")
    settings = {"gates": "the gates", "sampling": "the sampling settings", "repeats": "the number of repeats"}
    changed = [words for name, words in settings.items() if getattr(then, name) != getattr(now, name)]
    if nouns := [words for words in (first, *changed) if words]:
        yield f"{', '.join(nouns)} changed"
    for name, before, after in zip(now.models, then.addresses, now.addresses, strict=True):
        if before != after:
            yield f"changed address of {name} ({before} then, {after} now)"
    for name, before_, after_ in then.strangers(now):
        yield f"changed model behind {name} ({_listed(before_)} then, {_listed(after_)} now)"


def _listed(served: Sequence[str]) -> str:
    return ", ".join(served) or "not named"
