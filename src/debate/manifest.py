"""The manifest of a run: what `run.json` holds, written before the first call.

It names every file the run reads with origin and hash, the models, the seed and the versions: enough to
explain the run and to repeat it. Two runs with the same digest were asked the same: id and time are no part
of it, nor are limits and pace of the calls, the study it belongs to, or the result, which is added when the
run ended.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from debate.events import Status

SCHEMA: Final = 1


class _Record(BaseModel):
    """Part of a manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CardRef(_Record):
    """A file the run used. `path` is relative to its library for library files, as opened for others."""

    id: str
    path: str
    origin: str
    sha256: str


class SeatRef(_Record):
    """A seat of the panel: `lens` is the lens's id, None for a neutral one; `name` is what people call it."""

    id: str
    lens: str | None
    name: str


class Usage(_Record):
    """What the calls of a run used. Tokens and cost are None when a server did not say for some call."""

    calls: int = 0
    from_ledger: int = 0
    input_tokens: int | None = 0
    output_tokens: int | None = 0
    cost: float | None = None


class Result(_Record):
    """How the run ended; `headline` is the answer's score, `baseline` that of the answer everybody gives."""

    status: Status
    headline: float | None = None
    baseline: float | None = None
    hypotheses: int = 0
    steps: int = 0
    seconds: float = 0.0
    usage: Usage = Usage()
    error: str | None = None


class StudyRef(_Record):
    """The cell of a study that a run is; `replicate` counts from 0."""

    study: str
    arm: str
    replicate: int


class Manifest(_Record):
    """All that explains or repeats a run. `settings` decide what is answered, `calls` how answers are got.

    `result` is None until it ended.
    """

    schema_version: Literal[1] = Field(SCHEMA, alias="schema")
    id: str
    created: AwareDatetime
    debate: str
    python: str
    problem: CardRef
    terms: str
    seats: tuple[SeatRef, ...]
    lenses: tuple[CardRef, ...]
    roles: tuple[CardRef, ...]
    protocol: CardRef
    models: Mapping[str, str]
    seed: int
    settings: Mapping[str, JsonValue]
    calls: Mapping[str, JsonValue] = Field(default_factory=dict)
    versions: Mapping[str, str]
    study: StudyRef | None = None
    result: Result | None = None

    @property
    def digest(self) -> str:
        """sha256 of what was asked."""
        asked = self.model_dump(
            mode="json", by_alias=True, exclude={"id", "created", "calls", "study", "result"}
        )
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def text(self) -> str:
        """The manifest as `run.json` holds it."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False) + "\n"
