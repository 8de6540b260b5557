"""One model: is there a server, does it take the key and know the model, does it answer, do prompts fit.

Of an embedding model: do vectors come that can be used.
"""

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel

from debate.calls import Caller, CallError, CallSpec, Flag, Reply
from debate.doctor.findings import Finding, Level
from debate.events import Recorder
from debate.models.binding import OFFLINE, BoundModel
from debate.models.endpoint import read_model
from debate.models.faults import FaultKind, WireError
from debate.models.statuses import status_fault
from debate.models.wire import Received, Rung, Schema
from debate.models.wires import Wires
from debate.runs.forecast import ExpectedCall
from debate.runs.spec import RunSpec
from debate.vectors import vectors_of

_TEXTS: Final = ("the cache is cold", "the cupboard is bare")
ROOM: Final = 2_000
"""Tokens of an answer that must fit beside the prompt where no limit is set."""


class Sum(BaseModel):
    """The tiny question's answer."""

    sum: int


@dataclass(slots=True)
class Patient:
    """One model, and what is needed to look at it. `embeds` for one that turns texts into vectors."""

    model: BoundModel
    spec: RunSpec
    caller: Caller
    wires: Wires
    largest: ExpectedCall | None
    context: int | None = None
    embeds: bool = False

    async def findings(self) -> AsyncIterator[Finding]:
        """In order; what cannot be checked any more after a failure is left out."""
        if self.model.name == OFFLINE:
            yield Finding(
                OFFLINE,
                "ok",
                "the offline reasoner, by rule: no language model, no key, no network",
                "for a real model: --model ollama:ID, or --model openai:ID with OPENAI_API_KEY set",
            )
            return
        alive = True
        if read_model(self.model.name, base_url=self.spec.calls.base_url).endpoint is not None:
            async for finding in self._server():
                alive = alive and finding.level != "fail"
                yield finding
        if not alive:
            return
        if self.embeds:
            yield await self._vectors()
            return
        answer = await self._answer()
        yield answer
        if answer.level != "fail" and self.largest is not None:
            yield await self._fits(self.largest)

    async def _server(self) -> AsyncIterator[Finding]:
        """Whether there is a server, and what it says of itself."""
        name, wire = self.model.name, self.model.wire
        endpoint = read_model(name, base_url=self.spec.calls.base_url).endpoint
        assert endpoint is not None
        began = time.monotonic()
        try:
            received = await self.wires.client(endpoint).get("models")
        except WireError as fault:
            yield _failed(f"{name}: server", wire.endpoint, fault)
            return
        took = f"{(time.monotonic() - began) * 1000:.0f} ms"
        refused = status_fault(received, wire.secrets)
        if refused is not None and refused.kind is FaultKind.KEY:
            step = f"check the key in {wire.key_variable}"
            yield Finding(f"{name}: key", "fail", f"{wire.endpoint}: {refused}", step)
            return
        yield Finding(f"{name}: server", "ok", f"{wire.endpoint} answers in {took}")
        listed = {} if refused else _listed(received)
        if not listed:
            yield Finding(f"{name}: known", "warn", "the server does not list its models", "")
            return
        if wire.model in listed:
            self.context = _context(listed[wire.model])
            yield Finding(f"{name}: known", "ok", f"one of {len(listed)} models there")
        elif len(listed) == 1 and wire.name.startswith("llamacpp:"):
            (served, details) = next(iter(listed.items()))
            self.context = _context(details)
            yield Finding(f"{name}: known", "ok", f"the server holds one model: {served}")
        else:
            near = get_close_matches(wire.model, listed, n=3, cutoff=0.3) or sorted(listed)[:3]
            yield Finding(
                f"{name}: known", "warn", "not in the server's list", f"it has {', '.join(near)}, …"
            )

    async def _answer(self) -> Finding:
        """One tiny question, to be answered with an object."""
        check = f"{self.model.name}: answer"
        began = time.monotonic()
        try:
            reply = await self.caller.call(
                CallSpec(
                    role="doctor",
                    model=self.model.wire,
                    messages=[("user", 'What is 2 + 3? Answer as JSON: {"sum": the number}.')],
                    schema=Schema.of(Sum),
                    sampling=self.model.sampling,
                )
            )
        except CallError as error:
            return Finding(check, "fail", str(error), "")
        said = f"{_rung(reply)}, {time.monotonic() - began:.1f} s"
        if reply.reasoning:
            said += ", thinks aloud (kept apart)"
        if reply.faults or reply.value is None:
            return Finding(
                check,
                "warn",
                f"{said}, but not in the agreed form: {'; '.join(reply.faults)}",
                "expect repairs, or seats that fail; a larger model keeps to a form more often",
            )
        notes = [flag.value for flag in reply.flags if flag not in {Flag.JSON_OBJECT, Flag.IN_PROMPT}]
        return Finding(check, "ok", ", ".join([said, *notes]))

    async def _vectors(self) -> Finding:
        """Two texts, to be placed."""
        check = f"{self.model.name}: vectors"
        began = time.monotonic()
        try:
            found = await vectors_of(self.caller, self.model, Recorder(lambda _: None), {"doctor": _TEXTS})
        except CallError as error:
            return Finding(check, "fail", str(error), "name an embedding model, or give --embeddings none")
        (length,) = {len(vector) for vector in found.values()}
        return Finding(check, "ok", f"{length:,} numbers each, {time.monotonic() - began:.1f} s")

    async def _fits(self, largest: ExpectedCall) -> Finding:
        """Whether the largest prompt fits: by what the server says, else by trying."""
        check = f"{self.model.name}: context"
        room = self.model.sampling.max_tokens or ROOM
        needs = f"about {largest.input_tokens:,} tokens for {largest.call}, and {room:,} for its answer"
        step = "serve the model with a larger context, or use fewer lenses"
        if self.context is not None:
            enough = self.context >= largest.input_tokens + room
            said = (
                f"{self.context:,} tokens by the server's word; the largest prompt needs {needs} (estimates)"
            )
            return Finding(check, "ok" if enough else "warn", said, "" if enough else step)
        try:
            reply = await self.caller.call(
                CallSpec(
                    role="doctor",
                    model=self.model.wire,
                    messages=[(message.role, message.content) for message in largest.messages],
                    sampling=replace(self.model.sampling, max_tokens=16),
                )
            )
        except CallError as error:
            level: Level = "fail" if error.kind == FaultKind.CONTEXT_LENGTH else "warn"
            return Finding(check, level, str(error), step)
        read = reply.usage.prompt
        if Flag.PROMPT_CUT in reply.flags:
            ollama = " (Ollama: OLLAMA_CONTEXT_LENGTH)" if self.model.name.startswith("ollama:") else ""
            said = f"the server read {read:,} tokens of {needs}: it cuts prompts silently"
            return Finding(check, "fail", said, f"serve the model with a larger context{ollama}")
        if read is None:
            return Finding(check, "warn", "unknown: the server counts no tokens", f"it must hold {needs}")
        return Finding(check, "ok", f"the largest prompt was read whole: {read:,} tokens")


def _failed(check: str, url: str, fault: WireError) -> Finding:
    return Finding(check, "fail", f"{url}: {fault}", fault.rule.advice)


def _rung(reply: Reply) -> str:
    rung = Rung.JSON_SCHEMA
    if Flag.JSON_OBJECT in reply.flags:
        rung = Rung.JSON_OBJECT
    if Flag.IN_PROMPT in reply.flags:
        rung = Rung.PROMPT
    how = {
        Rung.JSON_SCHEMA: "takes a JSON schema",
        Rung.JSON_OBJECT: "takes no schema, but promises JSON",
        Rung.PROMPT: "takes no schema: it stands in the prompt",
    }
    return how[rung]


def _listed(received: Received) -> dict[str, Mapping[str, Any]]:
    """The server's models by id, with what it says of each."""
    try:
        data = json.loads(received.body)
    except (ValueError, RecursionError):
        return {}
    entries = data.get("data") if isinstance(data, Mapping) else None
    found: Sequence[Any] = entries if isinstance(entries, list) else ()
    return {str(entry["id"]): entry for entry in found if isinstance(entry, Mapping) and "id" in entry}


_CONTEXT_KEYS: Final = (
    *("loaded_context_length", "max_model_len", "context_length", "max_context_length", "context_window"),
    *("n_ctx", "n_ctx_train"),
)


def _context(details: Mapping[str, Any]) -> int | None:
    """Tokens that fit, by the names servers have for it; None when they do not say."""
    inner = details.get("meta")
    for table in (details, inner if isinstance(inner, Mapping) else {}):
        for key in _CONTEXT_KEYS:
            if isinstance(value := table.get(key), int) and not isinstance(value, bool) and value > 0:
                return value
    return None
