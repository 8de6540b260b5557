"""Events: what happened in a debate, in order, as it happened.

An event is one line of a run's `events.jsonl`: `seq` (from 1, no gaps), `at` (UTC), a `type` tag, and what
that type adds. Nodes and turns make events without `seq` and `at` and hand them to a `Recorder`, which stamps
them and passes them on; who listens (the run folder, the screen) is the run's affair. A `CallFinished` holds
the whole prompt and the whole reply: a transcript explains a run without anything else.

The union is closed: an unknown type or key is an error when read, so a reader never skips what it does not
understand. `SCHEMA` grows when a line of an old file could no longer be read.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from debate.contributions import Hypothesis, Letter, Plan
from debate.verdict import Verdict

SCHEMA: Final = 1

Status = Literal["done", "degraded", "failed", "interrupted"]

_UNSTAMPED = datetime.fromtimestamp(0, UTC)


class Event(BaseModel):
    """Base of all events; `seq` is 0 and `at` the epoch until a recorder stamps them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: int = 0
    at: AwareDatetime = _UNSTAMPED


class Message(BaseModel):
    """One message of a prompt, as it was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: str
    content: str


class RunStarted(Event):
    """The manifest is on disk; `manifest` is its sha256, `events` the version these lines are written in.

    First event of a run, and again each time it is resumed.
    """

    type: Literal["run_started"] = "run_started"
    manifest: str
    events: Literal[1] = SCHEMA


class SeatStarted(Event):
    """A seat begins to think."""

    type: Literal["seat_started"] = "seat_started"
    seat: str


class CallStarted(Event):
    """A model is asked; `call` is unique within the run."""

    type: Literal["call_started"] = "call_started"
    call: str
    role: str
    seat: str | None = None


class CallFinished(Event):
    """A model answered: the full prompt, the reply as received, what it used.

    Tokens and cost are None where the server does not say; `from_ledger` means nobody was asked this time.
    `attempts` counts the requests it took now; `flags` say what was odd about the reply; `key` is the call's
    identity, by which the ledger has it ("" in old journals).
    """

    type: Literal["call_finished"] = "call_finished"
    call: str
    key: str = ""
    role: str
    seat: str | None = None
    messages: tuple[Message, ...]
    reply: str
    reasoning: str | None = None
    model: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None
    from_ledger: bool = False
    attempts: int = 0
    flags: tuple[str, ...] = ()
    seconds: float = 0.0


class CallRetried(Event):
    """An attempt failed and another will follow after `pause` seconds."""

    type: Literal["call_retried"] = "call_retried"
    role: str
    model: str
    attempt: int
    fault: str
    detail: str
    pause: float


class CallFailed(Event):
    """A question of many came to nothing, and the debate goes on without its answer: a judge's ballot."""

    type: Literal["call_failed"] = "call_failed"
    call: str
    role: str
    error: str


class Repair(Event):
    """A reply broke its contract and is asked for once more; `faults` are what the model is told."""

    type: Literal["repair"] = "repair"
    call: str
    role: str
    faults: tuple[str, ...]


class SeatSpoke(Event):
    """A seat said what it sees."""

    type: Literal["seat_spoke"] = "seat_spoke"
    seat: str
    hypotheses: tuple[Hypothesis, ...]


class SeatFailed(Event):
    """A seat failed for good; the debate goes on while a quorum spoke."""

    type: Literal["seat_failed"] = "seat_failed"
    seat: str
    error: str


class PlanMade(Event):
    """The critic's record."""

    type: Literal["plan"] = "plan"
    plan: Plan


class LetterWritten(Event):
    """The writer's answer."""

    type: Literal["letter"] = "letter"
    letter: Letter


class VerdictGiven(Event):
    """What a judge says of the answer."""

    type: Literal["verdict"] = "verdict"
    verdict: Verdict


class JudgeFailed(Event):
    """The judge broke down: the answer stands, unscored, and no verdict is made up."""

    type: Literal["judge_failed"] = "judge_failed"
    error: str


class Note(Event):
    """Something a reader of the transcript should know: a shadowed card, a choice made for the user."""

    type: Literal["note"] = "note"
    text: str


class RunFinished(Event):
    """The last event of a sitting that was not killed; `error` says why it is not done."""

    type: Literal["run_finished"] = "run_finished"
    status: Status
    error: str | None = None


AnyEvent = Annotated[
    RunStarted
    | SeatStarted
    | CallStarted
    | CallFinished
    | CallRetried
    | CallFailed
    | Repair
    | SeatSpoke
    | SeatFailed
    | PlanMade
    | LetterWritten
    | VerdictGiven
    | JudgeFailed
    | Note
    | RunFinished,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)

Listener = Callable[[Event], None]
E = TypeVar("E", bound=Event)


def parse_event(line: str | bytes) -> Event:
    """The event on one line of JSON. Raises `ValueError` (pydantic's) when it is none."""
    return _ADAPTER.validate_json(line)


def seat_of(event: Event) -> str | None:
    """The seat an event is about; None for what concerns the whole debate."""
    return getattr(event, "seat", None)


def now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


class Recorder:
    """Stamps events with number and time and hands each to every listener, in order.

    `after` is the number of the last event there is. Belongs to one run and to the thread its event loop
    runs in.
    """

    def __init__(self, *listeners: Listener, after: int = 0, clock: Callable[[], datetime] = now) -> None:
        self._listeners: Sequence[Listener] = listeners
        self._clock = clock
        self._seq = after

    def emit(self, event: E) -> E:
        """Stamp `event`, hand it on, and return the stamped one."""
        self._seq += 1
        stamped = event.model_copy(update={"seq": self._seq, "at": self._clock()})
        for listener in self._listeners:
            listener(stamped)
        return stamped
