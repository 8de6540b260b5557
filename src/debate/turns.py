"""Turns: the one door to models.

A turn asks one role for one typed contribution. `Door.ask` sends the messages with the contribution's JSON
schema, validates the reply, holds it against its contract, and gives the model one chance to mend what is
wrong; a second failure is a `ContributionError`. Nothing else in the program calls a model.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ValidationError

from debate import events
from debate.errors import ContributionError, SettingsError
from debate.models.binding import BoundModel
from debate.prompts import Message

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """One question to one role.

    `check` returns what is wrong with a valid object, as sentences the model can mend it by. `number` is
    the seat's place in the panel (several models of one role take turns by it); `sample` tells replicates
    of one prompt apart.
    """

    role: str
    messages: Sequence[Message]
    schema: type[T]
    check: Callable[[T], Sequence[str]]
    seat: str | None = None
    number: int = 0
    sample: int = 0


class Door:
    """Asks models, on behalf of one run. `models` binds each role to one model or several that take turns."""

    def __init__(self, models: Mapping[str, Sequence[BoundModel]], recorder: events.Recorder) -> None:
        self._models = models
        self._recorder = recorder

    async def ask(self, turn: Turn[T]) -> T:
        """The contribution. Raises `ContributionError` when the repaired reply is wrong as well."""
        model = self._model(turn)
        history = [_as_message(message) for message in turn.messages]
        reply = await self._call(turn, model, history, "")
        found, faults = _read(turn, reply)
        if found is None:
            call = _call_id(turn, "")
            self._recorder.emit(events.Repair(call=call, role=turn.role, faults=tuple(faults)))
            history += [AIMessage(reply), HumanMessage(_mend(faults))]
            reply = await self._call(turn, model, history, "repair")
            found, faults = _read(turn, reply)
        if found is None:
            raise ContributionError(f"{turn.seat or turn.role} did not keep to the agreed form", faults)
        return found

    def _model(self, turn: Turn[T]) -> BoundModel:
        bound = self._models.get(turn.role)
        if not bound:
            raise SettingsError(f"no model is bound to the role {turn.role!r}: give --model {turn.role}=…")
        return bound[turn.number % len(bound)]

    async def _call(self, turn: Turn[T], model: BoundModel, history: list[BaseMessage], part: str) -> str:
        call = _call_id(turn, part)
        self._recorder.emit(events.CallStarted(call=call, role=turn.role, seat=turn.seat))
        began = time.monotonic()
        message = await model.chat.ainvoke(history, response_format=response_format(turn.schema))
        usage = message.usage_metadata
        self._recorder.emit(
            events.CallFinished(
                call=call,
                role=turn.role,
                seat=turn.seat,
                messages=tuple(events.Message(role=_role(m), content=m.text) for m in history),
                reply=message.text,
                reasoning=message.additional_kwargs.get("reasoning_content"),
                model=model.name,
                input_tokens=usage["input_tokens"] if usage else None,
                output_tokens=usage["output_tokens"] if usage else None,
                seconds=round(time.monotonic() - began, 3),
            )
        )
        return str(message.text)


def response_format(schema: type[BaseModel]) -> dict[str, object]:
    """The `response_format` of an OpenAI-compatible request for `schema`."""
    return {
        "type": "json_schema",
        "json_schema": {"name": schema.__name__, "schema": schema.model_json_schema(), "strict": True},
    }


def _call_id(turn: Turn[T], part: str) -> str:
    return "/".join(
        word for word in (turn.role, turn.seat, str(turn.sample) if turn.sample else "", part) if word
    )


def _as_message(message: Message) -> BaseMessage:
    role, text = message
    return SystemMessage(text) if role == "system" else HumanMessage(text)


def _role(message: BaseMessage) -> str:
    return {"human": "user", "ai": "assistant"}.get(message.type, message.type)


def _read(turn: Turn[T], reply: str) -> tuple[T | None, Sequence[str]]:
    try:
        found = turn.schema.model_validate_json(reply)
    except ValidationError as error:
        return None, [f"{'.'.join(map(str, e['loc'])) or 'reply'}: {e['msg']}" for e in error.errors()]
    faults = turn.check(found)
    return (None, faults) if faults else (found, ())


def _mend(faults: Sequence[str]) -> str:
    return (
        "Your reply cannot be used yet:\n"
        + "\n".join(f"- {fault}" for fault in faults)
        + ("\nSend the whole JSON object again with this mended, and nothing else.")
    )
