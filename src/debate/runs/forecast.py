"""Forecasts: what a debate would ask and use, before anybody is asked.

The debate is rehearsed: its protocol runs in memory with the offline reasoner in every role. The prompts of
the seats are, word for word, those a model would get; critic and writer get what the others said, so theirs
are of the length an offline debate has. No model is asked and nothing is left on disk. Tokens are estimated
as characters by four, answers by those of the rehearsal: a model that thinks aloud uses more.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from debate.errors import DebateError
from debate.events import CallFinished, Event, Message, Recorder
from debate.library import Library
from debate.models.binding import OFFLINE, BoundModel, taking_turns
from debate.models.completions import Usage
from debate.models.prices import Price
from debate.models.wires import Wires
from debate.runs.desk import bound_models, ledger_of, opened
from debate.runs.question import read_question
from debate.runs.spec import CallSettings, RunSpec
from debate.turns import Door

CHARS_PER_TOKEN: Final = 4


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """A call that will be made. Tokens are estimates; `cost` is None where no price is known.

    `most_cost` is that of the call and of one repair, in which prompt and reply are sent once more.
    """

    call: str
    role: str
    seat: str | None
    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    most_cost: float | None
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run is expected to ask. `cut_short` says why the rehearsal ended early, None when it did not.

    Each call may be asked for once more, when its reply breaks the agreed form: hence `most`.
    """

    problem: str
    protocol: str
    seats: tuple[str, ...]
    models: Mapping[str, str]
    endpoints: Mapping[str, str]
    calls: tuple[ExpectedCall, ...]
    notes: tuple[str, ...]
    cut_short: str | None

    @property
    def least(self) -> int:
        """Calls when every reply is as agreed."""
        return len(self.calls)

    @property
    def most(self) -> int:
        """Calls when every reply has to be asked for once more."""
        return 2 * len(self.calls)

    @property
    def input_tokens(self) -> int:
        """Of all calls, without repairs."""
        return sum(call.input_tokens for call in self.calls)

    @property
    def output_tokens(self) -> int:
        """Of all calls, without repairs."""
        return sum(call.output_tokens for call in self.calls)

    @property
    def cost(self) -> float | None:
        """Of all calls without repairs; None as soon as one is unknown."""
        return _sum([call.cost for call in self.calls])

    @property
    def most_cost(self) -> float | None:
        """Of all calls with a repair each; None as soon as one is unknown."""
        return _sum([call.most_cost for call in self.calls])

    @property
    def largest(self) -> ExpectedCall | None:
        """The call with the longest prompt."""
        return max(self.calls, key=lambda call: call.input_tokens, default=None)


async def forecast(spec: RunSpec, library: Library) -> Forecast:
    """The forecast of the run `spec` asks for. Raises `InputError` as the run would."""
    question = read_question(spec, library)
    problem, panel, roles = question.problem, question.panel, question.roles
    bound = bound_models(question.spec, roles, Wires())
    events: list[Event] = []
    recorder = Recorder(events.append)
    stand_in = replace(spec, models=dict.fromkeys(spec.models, OFFLINE), calls=CallSettings())
    cut_short = None
    with tempfile.TemporaryDirectory(prefix="debate-rehearsal-") as folder:
        async with (
            ledger_of(stand_in, Path(folder)) as ledger,
            opened(stand_in, roles, ledger, "rehearsal", recorder) as desk,
        ):
            context = question.context(Door(desk.caller, desk.models, recorder), recorder)
            try:
                await question.graph.ainvoke(question.given, context=context)
            except DebateError as error:
                cut_short = str(error)
    numbers = {seat.id: seat.number for seat in panel.seats}
    calls = [
        _expected(event, taking_turns(bound[event.role], numbers.get(event.seat or "", 0)), spec.calls.prices)
        for event in events
        if isinstance(event, CallFinished) and event.role in bound and not event.call.endswith("/repair")
    ]
    place = list(numbers)
    calls.sort(key=lambda call: place.index(call.seat) if call.seat in place else len(place))
    return Forecast(
        problem=problem.id,
        protocol=question.protocol.stem,
        seats=tuple(numbers),
        models=question.spec.models,
        endpoints=question.endpoints,
        calls=tuple(calls),
        notes=question.notes,
        cut_short=cut_short,
    )


def _expected(event: CallFinished, model: BoundModel, prices: Mapping[str, Price]) -> ExpectedCall:
    sent = sum(len(message.content) for message in event.messages) // CHARS_PER_TOKEN
    said = len(event.reply) // CHARS_PER_TOKEN
    price = Price(0.0, 0.0) if model.name == OFFLINE else prices.get(model.wire.name)
    return ExpectedCall(
        call=event.call,
        role=event.role,
        seat=event.seat,
        model=model.name,
        input_tokens=sent,
        output_tokens=said,
        cost=price.cost(Usage(sent, said)) if price else None,
        most_cost=price.cost(Usage(2 * sent + said, 2 * said)) if price else None,
        messages=event.messages,
    )


def _sum(parts: Sequence[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
