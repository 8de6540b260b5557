"""Turns: the one door to models.

A turn asks one role for one typed contribution. `Door.ask` makes the call (looked up in the ledger, paid for
once, kept before it is read: `debate.calls`), validates the reply, holds it against its contract, and gives
the model one chance to mend what is wrong; a second failure is a `ContributionError`. Nothing else in the
program asks a model.
"""

import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from debate import events
from debate.calls import Asker, CallError, CallSpec, Reply, reask
from debate.errors import ContributionError, DebateError, SettingsError
from debate.models.binding import BoundModel, taking_turns
from debate.models.embeddings import Vector
from debate.models.faults import FaultKind
from debate.models.roles import EMBEDDINGS
from debate.models.wire import Schema
from debate.prompts import Message
from debate.vectors import vectors_of

T = TypeVar("T", bound=BaseModel)

PATIENCE = 30.0
"""Seconds a run that ends early waits for replies on their way: they are paid for."""


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """One question to one role.

    `check` returns what is wrong with a valid object, as sentences the model can mend it by. `number` is the
    seat's place in the panel from 1, 0 for who has none (several models of one role take turns by it);
    `lens` is the lens of the seat; `about` is what the question is about where a role is asked several;
    `sample` tells replicates of one prompt apart. Where `expects` names models as their server calls them,
    what the ledger holds of another one is asked anew.
    """

    role: str
    messages: Sequence[Message]
    schema: type[T]
    check: Callable[[T], Sequence[str]]
    seat: str | None = None
    lens: str | None = None
    number: int = 0
    about: str = ""
    sample: int = 0
    expects: frozenset[str] = frozenset()


_NAME = 16  # tokens
_NEVER_ASKED = 48  # bits of a sample number nobody has drawn before


class Door:
    """Asks models, on behalf of one run. `models` binds each role to one model or several that take turns.

    A turn may have been drawn more than once: the last draw in the ledger counts. With `anew` a turn whose
    draws are all of no use is drawn once more, or a run that failed by them would fail by them for ever.
    """

    def __init__(
        self,
        caller: Asker,
        models: Mapping[str, Sequence[BoundModel]],
        recorder: events.Recorder,
        *,
        anew: bool = False,
    ) -> None:
        self._caller = caller
        self._models = models
        self._recorder = recorder
        self._anew = anew
        self._patience_ends: float | None = None

    async def ask(self, turn: Turn[T]) -> T:
        """The contribution.

        Raises `ContributionError` when the repaired reply is wrong as well, `CallError` when there is none,
        `StopError` when the run cannot go on.
        """
        return (await self.answered(turn))[0]

    async def answered(self, turn: Turn[T]) -> tuple[T, str]:
        """The contribution, and what the server calls the model it is of, "" where it does not say. Raises as
        `ask` does.
        """
        model = self._model(turn)
        spec = CallSpec(
            role=turn.role,
            model=model.wire,
            messages=turn.messages,
            schema=_schema(turn.schema),
            sampling=model.sampling,
            sample=turn.sample,
            lens=turn.lens,
        )
        spec = await self._draw(turn, spec)
        reply = await self._call(turn, spec, model.name, "")
        found, faults = _read(turn, reply)
        if found is None:
            call = _call_id(turn, "")
            self._recorder.emit(events.Repair(call=call, role=turn.role, faults=tuple(faults)))
            reply = await self._call(turn, reask(spec, reply, faults), model.name, "repair")
            found, faults = _read(turn, reply)
        if found is None:
            raise ContributionError(f"{turn.seat or turn.role} did not keep to the agreed form", faults)
        return found, reply.served

    async def served(self, role: str, number: int) -> str:
        """What the server calls the model that speaks for a role now, by one short reply that no ledger holds
        yet; "" where it does not say. Raises as `ask` does.
        """
        model = taking_turns(self._models[role], number)
        question = [("user", "Who are you? Say your name.")]
        brief = replace(model.sampling, max_tokens=_NAME)
        sample = secrets.randbits(_NEVER_ASKED)
        spec = CallSpec(role, model.wire, question, sampling=brief, sample=sample)
        return (await self._caller.call(spec)).served

    async def embedded(self, groups: Mapping[str, Collection[str]]) -> Mapping[str, Vector]:
        """Texts as vectors of the embedding model. Each group makes calls of its own, named after it. Raises
        `CallError` when there are no vectors to be had.
        """
        (model,) = self._models[EMBEDDINGS]
        return await vectors_of(self._caller, model, self._recorder, groups)

    def lost(self, turn: Turn[T], error: DebateError) -> None:
        """Tell that a turn came to nothing, where the debate goes on without it."""
        self._recorder.emit(events.CallFailed(call=_call_id(turn, ""), role=turn.role, error=str(error)))

    async def drain(self) -> int:
        """Wait for replies on their way, `PATIENCE` in all however often this is called; how many are still
        missing.
        """
        now = time.monotonic()
        self._patience_ends = self._patience_ends or now + PATIENCE
        return await self._caller.drain(max(0.0, self._patience_ends - now))

    def _model(self, turn: Turn[T]) -> BoundModel:
        bound = self._models.get(turn.role)
        if not bound:
            raise SettingsError(f"no model is bound to the role {turn.role!r}: give --model {turn.role}=…")
        return taking_turns(bound, turn.number)

    async def _draw(self, turn: Turn[T], spec: CallSpec) -> CallSpec:
        """The first draw of `spec` that brought, or may yet bring, a contribution; else the last there is."""
        while (foreign := await self._foreign(turn, spec)) or await self._spent(turn, spec):
            following = replace(spec, draw=spec.draw + 1)
            if not await self._begun(following):
                if not (self._anew or foreign):
                    break
                why = "another model spoke under this name" if foreign else "what it said before is of no use"
                self._recorder.emit(events.Note(text=f"{_call_id(turn, '')}: {why}; it is asked anew"))
                return following
            spec = following
        return spec

    async def _foreign(self, turn: Turn[T], spec: CallSpec) -> bool:
        """Whether the ledger holds a reply to it by another model than the turn expects."""
        if not turn.expects:
            return False
        try:
            reply = await self._caller.known(spec)
        except CallError as error:
            return not _refused(error)
        return reply is not None and bool(reply.served) and reply.served not in turn.expects

    async def _begun(self, spec: CallSpec) -> bool:
        """Whether the ledger holds a reply to it."""
        try:
            return await self._caller.known(spec) is not None
        except CallError as error:
            return _refused(error)

    async def _spent(self, turn: Turn[T], spec: CallSpec) -> bool:
        """Whether the ledger holds all there will be to this draw, and it is no contribution."""
        try:
            reply = await self._caller.known(spec)
            if reply is None:
                return False
            found, faults = _read(turn, reply)
            if found is None:
                reply = await self._caller.known(reask(spec, reply, faults))
                return reply is not None and _read(turn, reply)[0] is None
        except CallError as error:
            return _refused(error)
        return False

    async def _call(self, turn: Turn[T], spec: CallSpec, name: str, part: str) -> Reply:
        call = _call_id(turn, part)
        self._recorder.emit(events.CallStarted(call=call, role=turn.role, seat=turn.seat))
        began = time.monotonic()
        reply = await self._caller.call(spec)
        self._recorder.emit(
            events.CallFinished(
                call=call,
                key=reply.key,
                role=turn.role,
                seat=turn.seat,
                messages=tuple(events.Message(role=role, content=text) for role, text in spec.messages),
                reply=reply.text,
                reasoning=reply.reasoning or None,
                model=name,
                input_tokens=reply.usage.prompt,
                output_tokens=reply.usage.completion,
                cost=reply.cost,
                from_ledger=reply.from_ledger,
                attempts=reply.attempts,
                flags=tuple(flag.value for flag in reply.flags),
                seconds=round(time.monotonic() - began, 3),
            )
        )
        return reply


@cache
def _schema(model: type[BaseModel]) -> Schema:
    return Schema.of(model)


def _refused(error: CallError) -> bool:
    """True for a reply in which the model refused; raises `error` again where there is no reply."""
    if error.kind != FaultKind.REFUSED:
        raise error
    return True


def _call_id(turn: Turn[T], part: str) -> str:
    words = (turn.role, turn.seat, turn.about, str(turn.sample) if turn.sample else "", part)
    return "/".join(word for word in words if word)


def _read(turn: Turn[T], reply: Reply) -> tuple[T | None, Sequence[str]]:
    if reply.value is None:
        return None, reply.faults
    try:
        found = turn.schema.model_validate(reply.value)
    except ValidationError as error:
        return None, [f"{'.'.join(map(str, e['loc'])) or 'reply'}: {e['msg']}" for e in error.errors()]
    faults = turn.check(found)
    return (None, faults) if faults else (found, ())
