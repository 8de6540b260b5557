"""What the user asked a run to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from debate.manifest import StudyRef
from debate.models.prices import Price
from debate.models.wire import Sampling


@dataclass(frozen=True, slots=True)
class CallSettings:
    """How models are asked and what that may use. None: no limit, or the place that is usual.

    `ledger` is a file, beside the runs by default; `prices` are by model name, `sampling` by role;
    `deadline` is in seconds for one call, `concurrency` and `per_minute` hold for each endpoint. `traced`
    sends calls through LangChain's callbacks.
    """

    ledger: Path | None = None
    base_url: str | None = None
    max_calls: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    prices: Mapping[str, Price] = field(default_factory=dict)
    sampling: Mapping[str, Sampling] = field(default_factory=dict)
    concurrency: int = 8
    per_minute: float | None = None
    deadline: float = 900.0
    traced: bool = False


Definitions = Literal["own", "swapped", "none"]


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What the user asked for. `problem` and `protocol` are an id or a path; `models` binds every role.

    `judge_repeats` is how often a judge that is a model is asked each question. `records` has the folders
    of past runs that stand for models, by the model's name (`replay:…`). `roles` are files of role cards by
    the role they stand for; `definitions` is how lenses are worn (`debate.runs.dressing`); `sample` tells
    replicates apart; `study` says which cell of a study the run is.
    """

    problem: str
    models: Mapping[str, str]
    lenses: str = "high"
    protocol: str = "panel"
    seed: int = 0
    allow_adhoc: bool = False
    judge_repeats: int = 3
    transcripts: Path | None = None
    calls: CallSettings = field(default_factory=CallSettings)
    records: Mapping[str, Path] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    definitions: Definitions = "own"
    sample: int = 0
    study: StudyRef | None = None
