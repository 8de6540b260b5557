"""Exceptions of other libraries get their meaning here, none is forgotten."""

import socket
import ssl
from typing import Any

import httpx2
import openai
import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from debate.models.chat_wire import ChatWire
from debate.models.completions import read_completion
from debate.models.faults import RULES, FaultKind, Outcome, WireError
from debate.models.foreign import TABLE, fault_of
from debate.models.wire import Ask, Manner, Rung, Sampling
from tests.models.test_wire import MESSAGES, SCHEMA


def family(root: type[BaseException]) -> list[type[BaseException]]:
    """`root` and all that descend from it, by name."""
    found = {root}
    for child in root.__subclasses__():
        found.update(family(child))
    return sorted(found, key=lambda kind: kind.__name__)


# Raised when the package is held wrong, never by what a server does: falling through to FOREIGN is right.
MISUSE = {
    "APIRemovedInV1",
    "MutuallyExclusiveAuthError",
    "StreamAlreadyConsumed",
    "_AmbiguousModuleClientUsageError",
}
MISUSE |= {"RequestError", "TransportError", "ProtocolError", "LocalProtocolError", "UnsupportedProtocol"}
MISUSE |= {"ProxyError", "SSEError"}  # our transport meets no proxy protocol and asks for no events
OURS = {"TransportFault"}  # carries its fault with it


def name(kind: type[BaseException]) -> str:
    return kind.__name__


@pytest.mark.parametrize("kind", family(openai.OpenAIError), ids=name)
def test_every_exception_of_the_openai_package_has_a_place_of_its_own(kind: type[BaseException]) -> None:
    assert name(kind) in TABLE.keys() | MISUSE


@pytest.mark.parametrize("kind", family(httpx2.RequestError), ids=name)
def test_every_failure_of_its_http_library_means_something(kind: type[BaseException]) -> None:
    known = {name(ancestor) for ancestor in kind.__mro__} & TABLE.keys()
    assert known or name(kind) in MISUSE | OURS


REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1")


def status(code: int, body: object = None) -> openai.APIStatusError:
    return openai.APIStatusError("said", response=httpx2.Response(code, request=REQUEST), body=body)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (status(429), FaultKind.RATE_LIMITED),
        (status(429, {"message": "no", "code": "insufficient_quota"}), FaultKind.QUOTA),
        (status(401), FaultKind.KEY),
        (status(404), FaultKind.NOT_FOUND),
        (status(500), FaultKind.SERVER),
        (status(307), FaultKind.REDIRECT),
        (openai.APITimeoutError(REQUEST), FaultKind.HANG),
        (openai.APIConnectionError(request=REQUEST), FaultKind.RESET),
        (TimeoutError(), FaultKind.HANG),
        (ConnectionResetError(), FaultKind.RESET),
        (ConnectionRefusedError(), FaultKind.UNREACHABLE),
        (socket.gaierror(), FaultKind.UNREACHABLE),
        (ssl.SSLCertVerificationError(), FaultKind.TLS),
        (RecursionError(), FaultKind.TOO_DEEP),
        (KeyError("choices"), FaultKind.FOREIGN),
        (TypeError(), FaultKind.FOREIGN),
    ],
    ids=repr,
)
def test_an_exception_is_the_fault_it_stands_for(error: Exception, kind: FaultKind) -> None:
    assert fault_of(error).kind is kind


def test_every_fault_has_its_rule_and_what_stops_a_run_says_what_to_do() -> None:
    assert RULES.keys() == set(FaultKind)
    for rule in RULES.values():
        assert rule.says
        assert rule.advice or Outcome.STOP not in {rule.outcome, rule.then}


def chat(*replies: AIMessage | Exception) -> GenericFakeChatModel:
    class Model(GenericFakeChatModel):
        async def _agenerate(self, *args: Any, **kwargs: Any) -> Any:
            reply = next(self.messages)
            if isinstance(reply, Exception):
                raise reply
            self.messages = iter([reply])
            return self._generate(*args, **kwargs)

    return Model(messages=iter(replies))


async def test_any_chat_model_is_a_wire_and_gets_the_schema_in_its_prompt() -> None:
    message = AIMessage(
        content='{"claim": "x"}',
        additional_kwargs={"reasoning_content": "hm"},
        response_metadata={"stop_reason": "end_turn"},
        usage_metadata={"input_tokens": 7, "output_tokens": 3, "total_tokens": 10},
    )
    wire = ChatWire(chat(message), name="other:m", model="m", endpoint="other")
    received = await wire.exchange(Ask(MESSAGES, Sampling(), SCHEMA), wire.manner)
    answer = read_completion(received.body)
    assert wire.manner == Manner(Rung.PROMPT)
    assert (answer.text, answer.reasoning, answer.finish) == ('{"claim": "x"}', "hm", "stop")
    assert (answer.usage.prompt, answer.usage.completion) == (7, 3)


async def test_a_tool_call_of_any_chat_model_is_read_as_one() -> None:
    message = AIMessage(content="", tool_calls=[{"name": "answer", "args": {"claim": "x"}, "id": "1"}])
    wire = ChatWire(chat(message), name="other:m", model="m")
    received = await wire.exchange(Ask(MESSAGES), wire.manner)
    assert read_completion(received.body).arguments == '{"claim": "x"}'


async def test_what_a_chat_model_raises_becomes_a_fault_without_keys() -> None:
    wire = ChatWire(chat(RuntimeError("bad header Bearer sk-123456789")), name="other:m", model="m")
    with pytest.raises(WireError) as fault:
        await wire.exchange(Ask(MESSAGES), wire.manner)
    assert fault.value.kind is FaultKind.FOREIGN
    assert "sk-123456789" not in str(fault.value)
