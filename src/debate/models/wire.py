"""Wires: what carries one request to a model and brings back what came.

A `Wire` is bound to one model at one endpoint. It sends an `Ask` exactly once and returns what was
`Received`, unread: who calls can keep it before anybody interprets it. All bodies are chat completions as
OpenAI-compatible servers write them (`debate.models.completions` reads them); a wire over another library
writes its message in that form.

An ask says what is wanted; a `Manner` says how this server likes to be asked: which rung of the
structured-output ladder it stands on, and which names it has for parameters. The manner is learnt,
remembered, and no part of a call's identity.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Literal, Protocol, Self

from pydantic import BaseModel

from debate.models.faults import FaultKind, WireError
from debate.models.schema import wire_schema
from debate.models.secrets import Secrets

Message = tuple[str, str]
"""Role ("system", "user" or "assistant") and text."""

Effort = Literal["minimal", "low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the answer is drawn. None leaves a setting to the server. `effort` is for reasoning models."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    effort: Effort | None = None

    def given(self) -> dict[str, float | int | str]:
        """Only what is set, with 0 and 0.0 alike."""
        given: dict[str, float | int | str] = {}
        if self.temperature is not None:
            given["temperature"] = float(self.temperature)
        if self.top_p is not None:
            given["top_p"] = float(self.top_p)
        if self.max_tokens is not None:
            given["max_tokens"] = self.max_tokens
        if self.seed is not None:
            given["seed"] = self.seed
        if self.effort is not None:
            given["effort"] = self.effort
        return given


@dataclass(frozen=True)
class Schema:
    """The JSON object that is wanted. `body` is plain enough for every server; make one with `Schema.of`,
    once.
    """

    name: str
    body: Mapping[str, object]

    @classmethod
    def of(cls, model: type[BaseModel]) -> Self:
        """The schema of a pydantic model."""
        return cls(model.__name__, wire_schema(model.model_json_schema()))

    @cached_property
    def text(self) -> str:
        """As one line of JSON."""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """sha256 over name and canonical body."""
        canonical = json.dumps([self.name, self.body], sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode("ascii")).hexdigest()

    @cached_property
    def required(self) -> frozenset[str]:
        """Keys the object must have."""
        names = self.body.get("required", ())
        return frozenset(names) if isinstance(names, list) else frozenset()


class Rung(StrEnum):
    """How the schema reaches the server, best first."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class Manner:
    """How one model at one endpoint wants to be asked.

    `tokens` is its name for the limit of the answer; `plain_sampling` means it takes no temperature and
    top_p, as reasoning models do.
    """

    rung: Rung = Rung.JSON_SCHEMA
    tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    plain_sampling: bool = False

    def after(self, fault: WireError) -> Self | None:
        """The next manner to try after a RESPONSE_FORMAT or PARAMETER fault, or None when there is none
        left.
        """
        if fault.kind is FaultKind.RESPONSE_FORMAT:
            below = {Rung.JSON_SCHEMA: Rung.JSON_OBJECT, Rung.JSON_OBJECT: Rung.PROMPT}
            return replace(self, rung=below[self.rung]) if self.rung in below else None
        if fault.param == self.tokens:
            older = self.tokens == "max_completion_tokens"
            return replace(self, tokens="max_tokens" if older else "max_completion_tokens")
        if fault.param in {"temperature", "top_p"} and not self.plain_sampling:
            return replace(self, plain_sampling=True)
        return None

    def dump(self) -> str:
        """As JSON, for the ledger."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Self:
        """Back from `dump`. Raises ValueError, KeyError or TypeError for anything else."""
        fields = json.loads(text)
        return cls(**{**fields, "rung": Rung(fields["rung"])})


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: the messages, how to draw the answer, the object wanted (None: free text).

    `asker` says on whose behalf (role, and lens where the seat has one): for tracing, never for the model.
    """

    messages: Sequence[Message]
    sampling: Sampling = field(default_factory=Sampling)
    schema: Schema | None = None
    asker: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """What came back: HTTP status, the few headers worth keeping (lower case), the whole unpacked body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire(Protocol):
    """One model at one endpoint.

    `name` is what the user calls it (`openai:gpt-…`), `model` its id there, `endpoint` the base URL without
    user info and query, `path` what is appended to it. `key_variable` names the variable a key comes from,
    for messages.
    """

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    @property
    def endpoint(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def key_variable(self) -> str: ...

    @property
    def secrets(self) -> Secrets: ...

    @property
    def manner(self) -> Manner: ...

    async def exchange(self, ask: Ask, manner: Manner) -> Received:
        """Send once, never again. Any HTTP status is returned; raises `WireError` when no whole reply
        arrives.
        """
        ...

    async def close(self) -> None:
        """Let go of connections. Safe to call twice."""
        ...


def wire_messages(ask: Ask, manner: Manner) -> list[dict[str, str]]:
    """The messages as sent: below the first rung the schema stands at the end of the last user message."""
    messages = [{"role": role, "content": text} for role, text in ask.messages]
    if ask.schema is None or manner.rung is Rung.JSON_SCHEMA:
        return messages
    order = (
        f"\n\nAnswer with one JSON object and nothing else. It must fit this JSON Schema:\n{ask.schema.text}"
    )
    for message in reversed(messages):
        if message["role"] == "user":
            message["content"] += order
            return messages
    return [*messages, {"role": "user", "content": order.strip()}]


def response_format(schema: Schema, rung: Rung) -> dict[str, object]:
    """The `response_format` of a rung that has one."""
    if rung is Rung.JSON_OBJECT:
        return {"type": "json_object"}
    return {
        "type": "json_schema",
        "json_schema": {"name": schema.name, "strict": True, "schema": schema.body},
    }
