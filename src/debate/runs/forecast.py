"""Forecasts: what a debate would ask and use, before anybody is asked.

The debate is rehearsed: its protocol runs in memory; replies the ledger holds are used, for the others the
offline reasoner stands in. The prompts of the seats are, word for word, those a model would get; critic and
writer get what the others said, so theirs are of the length an offline debate has where that is not in the
ledger. No model is asked and nothing is left on disk. Tokens are estimated as characters by four, answers by
those of the rehearsal: a model that thinks aloud uses more.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from debate.errors import DebateError
from debate.events import CallFinished, Event, Message, Recorder
from debate.ledger import SqliteLedger
from debate.ledger.places import LEDGER
from debate.ledger.reports import known_replies
from debate.library import Library
from debate.models.binding import OFFLINE, bind
from debate.models.completions import Usage
from debate.models.prices import Price
from debate.models.wires import Wires
from debate.runs.desk import bound_models, ledger_path, prices_of
from debate.runs.question import read_question
from debate.runs.rehearsal import Rehearsal
from debate.runs.spec import RunSpec
from debate.turns import Door

CHARS_PER_TOKEN: Final = 4
REPAIR: Final = "/repair"


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """A call that will be made. Tokens are estimates; `cost` is None where no price is known.

    `most_cost` is that of the call and of one repair, in which prompt and reply are sent once more. A call
    that is answered `from_ledger` is sent to nobody and costs nothing.
    """

    call: str
    role: str
    seat: str | None
    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    most_cost: float | None
    from_ledger: bool
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run is expected to ask. `cut_short` says why the rehearsal ended early, None when it did not.

    Each call may be asked for once more, when its reply breaks the agreed form: hence `most`. Sums are over
    the calls that are `asked`.
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
    def asked(self) -> tuple[ExpectedCall, ...]:
        """The calls that the ledger does not answer."""
        return tuple(call for call in self.calls if not call.from_ledger)

    @property
    def least(self) -> int:
        """Calls when every reply is as agreed."""
        return len(self.asked)

    @property
    def most(self) -> int:
        """Calls when every reply has to be asked for once more."""
        return sum(1 if call.call.endswith(REPAIR) else 2 for call in self.asked)

    @property
    def input_tokens(self) -> int:
        """Of all calls, without repairs."""
        return sum(call.input_tokens for call in self.asked)

    @property
    def output_tokens(self) -> int:
        """Of all calls, without repairs."""
        return sum(call.output_tokens for call in self.asked)

    @property
    def cost(self) -> float | None:
        """Of all calls without repairs; None as soon as one is unknown."""
        return _sum([call.cost for call in self.asked])

    @property
    def most_cost(self) -> float | None:
        """Of all calls with a repair each; None as soon as one is unknown."""
        return _sum([call.most_cost for call in self.asked])

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
    (offline,) = bind({"everybody": OFFLINE}, Wires())["everybody"]
    cut_short = None
    with (
        tempfile.TemporaryDirectory(prefix="debate-rehearsal-") as folder,
        known_replies(ledger_path(question.spec, question.base)) as known,
    ):
        async with (
            SqliteLedger.open(Path(folder) / LEDGER) as scratch,
            Rehearsal(scratch, known, offline.wire) as caller,
        ):
            context = question.context(Door(caller, bound, recorder), recorder)
            try:
                await question.graph.ainvoke(question.given, context=context)
            except DebateError as error:
                cut_short = str(error)
    table = prices_of(question.spec)
    prices = {model.name: table.get(model.wire.name) for models in bound.values() for model in models}
    finished = [event for event in events if isinstance(event, CallFinished)]
    known_calls = {event.call for event in finished if event.from_ledger}
    calls = [
        _expected(event, prices[event.model])
        for event in finished
        # A repair is expected only where what it mends has been said.
        if not event.call.endswith(REPAIR) or event.call.removesuffix(REPAIR) in known_calls
    ]
    place = [seat.id for seat in panel.seats]
    calls.sort(key=lambda call: place.index(call.seat) if call.seat in place else len(place))
    return Forecast(
        problem=problem.id,
        protocol=question.protocol.stem,
        seats=tuple(place),
        models=question.spec.models,
        endpoints=question.endpoints,
        calls=tuple(calls),
        notes=question.notes,
        cut_short=cut_short,
    )


def _expected(event: CallFinished, price: Price | None) -> ExpectedCall:
    sent = sum(len(message.content) for message in event.messages) // CHARS_PER_TOKEN
    said = len(event.reply) // CHARS_PER_TOKEN
    price = Price(0.0, 0.0) if event.from_ledger else price
    return ExpectedCall(
        call=event.call,
        role=event.role,
        seat=event.seat,
        model=event.model,
        input_tokens=sent,
        output_tokens=said,
        cost=price.cost(Usage(sent, said)) if price else None,
        most_cost=price.cost(Usage(2 * sent + said, 2 * said)) if price else None,
        from_ledger=event.from_ledger,
        messages=event.messages,
    )


def _sum(parts: Sequence[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
