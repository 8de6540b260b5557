"""Chat models behind OpenAI-compatible servers, over the `openai` package: the one module that imports it.

`OpenAIChat` is a LangChain chat model and a `Wire`. As a wire it sends one request through the package's
low-level `post`, with retries off and our own transport below, and hands back the body unread; that way a
reply can be kept before anything interprets it, and costs a quarter of the CPU of `create()`. As a chat model
it does the same and reads the answer.

One `Client` serves all models of an endpoint: connections and TLS context are shared.
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx2
import openai
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import PrivateAttr

from debate.models.completions import Answer, read_completion
from debate.models.endpoint import OPENAI_URL, Endpoint
from debate.models.faults import WireError
from debate.models.foreign import fault_of
from debate.models.secrets import Secrets
from debate.models.statuses import status_fault
from debate.models.transport import CappedTransport, TransportFault
from debate.models.wire import (
    Ask,
    Manner,
    Message,
    Received,
    Rung,
    Sampling,
    Schema,
    response_format,
    wire_messages,
)

PATH = "chat/completions"
# Nothing else of a reply's headers is kept: some servers echo credentials in them.
_KEPT_HEADERS = ("content-type", "date", "retry-after", "retry-after-ms", "x-request-id")


class Client:
    """The shared connection to one endpoint. `connect` and `read` are timeouts in seconds; `read` is
    silence, not total.
    """

    def __init__(self, endpoint: Endpoint, *, connect: float = 10.0, read: float = 300.0) -> None:
        self.endpoint = endpoint
        self._limits = (connect, read)
        self._client: openai.AsyncOpenAI | None = None
        self._headers = _headers(endpoint)

    async def post(self, path: str, body: bytes) -> httpx2.Response:
        """One request. Raises what the package raises."""
        client = self._client or self._open()
        # The whole address, because the package takes several steps to put a path behind a base.
        url = f"{self.endpoint.url}/{path}"
        return await client.post(
            url, cast_to=httpx2.Response, content=body, options={"headers": self._headers}
        )

    async def send(self, path: str, body: bytes) -> Received:
        """One request and what came of it, whatever the status. Raises `WireError` when nothing whole comes
        back.
        """
        return await _received(self.post(path, body), self.endpoint.secrets)

    async def get(self, path: str) -> Received:
        """One GET request, for looking at a server (`/models`). Raises `WireError` when nothing whole comes
        back.
        """
        client = self._client or self._open()
        sending = client.get(f"/{path}", cast_to=httpx2.Response, options={"headers": self._headers})
        return await _received(sending, self.endpoint.secrets)

    def _open(self) -> openai.AsyncOpenAI:
        connect, read = self._limits
        transport = CappedTransport(self.endpoint.url, connect=connect, read=read, query=self.endpoint.query)
        self._client = openai.AsyncOpenAI(
            api_key="unused",
            base_url=self.endpoint.url,
            # The header is ours, so that a server without a key gets none and no variable of the package's
            # adds one.
            default_headers={"Authorization": self.endpoint.authorization, "Accept-Encoding": "identity"},
            max_retries=0,
            timeout=None,
            http_client=httpx2.AsyncClient(transport=transport, follow_redirects=False, trust_env=False),
        )
        return self._client

    async def close(self) -> None:
        """Close all connections; the next request opens them anew."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.close()


def _headers(endpoint: Endpoint) -> dict[str, str | openai.Omit]:
    """What is sent with each request, word for word.

    A server without a key gets none, one that is not OpenAI's learns nothing of the account, none learns
    about this machine, and nothing comes compressed: replies are small, and what unpacks can be a bomb. Each
    header the package does not add also saves time, which over a study's thousands of calls counts.
    """
    left_out = [f"X-Stainless-{name}" for name in _STAINLESS]
    if endpoint.url != OPENAI_URL:
        left_out += ["OpenAI-Organization", "OpenAI-Project"]
    return {
        **dict.fromkeys(left_out, openai.Omit()),
        "Authorization": endpoint.authorization or openai.Omit(),
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
    }


_STAINLESS = (
    *("Lang", "Package-Version", "OS", "Arch", "Runtime", "Runtime-Version", "Async"),
    *("Retry-Count", "Read-Timeout"),
)


class OpenAIChat(BaseChatModel):
    """One model behind an OpenAI-compatible server."""

    name: str
    model: str
    sampling: Sampling = Sampling()

    _client: Client = PrivateAttr()
    _manner: Manner = PrivateAttr()

    def __init__(self, client: Client, *, name: str, model: str, sampling: Sampling | None = None) -> None:
        super().__init__(name=name, model=model, sampling=sampling or Sampling())
        self._client = client
        self._manner = first_manner(model, client.endpoint.url)

    @property
    def endpoint(self) -> str:
        """Base URL without user info and query."""
        return self._client.endpoint.url

    @property
    def path(self) -> str:
        """What is appended to the base URL."""
        return PATH

    @property
    def key_variable(self) -> str:
        """Where the key comes from."""
        return self._client.endpoint.key_variable

    @property
    def secrets(self) -> Secrets:
        """What must not be shown."""
        return self._client.endpoint.secrets

    @property
    def manner(self) -> Manner:
        """How to ask first, before anything is known of the server."""
        return self._manner

    async def exchange(self, ask: Ask, manner: Manner) -> Received:
        """One request, see `Wire`."""
        return await self._client.send(PATH, request_body(self.model, ask, manner))

    async def close(self) -> None:
        """Close the shared connections."""
        await self._client.close()

    @property
    def _llm_type(self) -> str:
        return "debate-openai-chat"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        raise NotImplementedError("this model is asynchronous: use ainvoke")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        ask = Ask(
            messages=[as_message(message) for message in messages],
            sampling=kwargs.get("sampling", self.sampling),
            schema=_schema_of(kwargs.get("response_format")),
        )
        received = await self.exchange(ask, kwargs.get("manner", self._manner))
        if fault := status_fault(received, self.secrets):
            raise fault
        return as_result(read_completion(received.body, received.headers.get("content-type", "")))


def first_manner(model: str, url: str) -> Manner:
    """What is known before the first request: OpenAI's own servers and reasoning models have newer parameter
    names.
    """
    last = model.rpartition("/")[2]
    reasons = last.startswith(("o1", "o3", "o4", "gpt-5"))
    newer = reasons or url == OPENAI_URL
    return Manner(tokens="max_completion_tokens" if newer else "max_tokens", plain_sampling=reasons)


def request_body(model: str, ask: Ask, manner: Manner) -> bytes:
    """The request as JSON; ASCII only, so that any text is sent as it is."""
    given = ask.sampling.given()
    fields: dict[str, object] = {"model": model, "messages": wire_messages(ask, manner)}
    for name in ("temperature", "top_p"):
        if name in given and not manner.plain_sampling:
            fields[name] = given[name]
    for name, sent_as in (("max_tokens", manner.tokens), ("seed", "seed"), ("effort", "reasoning_effort")):
        if name in given:
            fields[sent_as] = given[name]
    if ask.schema is not None and manner.rung is not Rung.PROMPT:
        fields["response_format"] = response_format(ask.schema, manner.rung)
    return json.dumps(fields, separators=(",", ":")).encode("ascii")


def _schema_of(given: object) -> Schema | None:
    """The schema in a `response_format`, as LangChain callers pass it."""
    inner = given.get("json_schema") if isinstance(given, Mapping) else None
    return Schema(str(inner["name"]), inner["schema"]) if isinstance(inner, Mapping) else None


async def _received(sending: Any, secrets: Secrets) -> Received:
    """What comes of `sending`, whatever the status; everything the package raises besides becomes a
    `WireError`.
    """
    try:
        response = await sending
    except openai.APIStatusError as error:
        response = error.response
    except openai.APIConnectionError as error:
        cause = error.__cause__
        fault = cause.fault if isinstance(cause, TransportFault) else fault_of(error)
        raise WireError(
            fault.kind, secrets.scrub(fault.detail), status=fault.status, part=fault.part
        ) from None
    except Exception as error:  # noqa: BLE001 - a package may raise anything; here is where it gets its meaning
        fault = fault_of(error)
        raise WireError(fault.kind, secrets.scrub(fault.detail), retry_after=fault.retry_after) from None
    headers = {name: value for name in _KEPT_HEADERS if (value := response.headers.get(name)) is not None}
    return Received(response.status_code, headers, secrets.scrub_bytes(response.content))


def as_message(message: BaseMessage) -> Message:
    """A LangChain message as role and text."""
    return {"human": "user", "ai": "assistant"}.get(message.type, message.type), str(message.text)


def as_result(answer: Answer) -> ChatResult:
    """An answer as LangChain hands it on, with reasoning apart."""
    usage = answer.usage
    counted = None
    if usage.prompt is not None and usage.completion is not None:
        counted = UsageMetadata(
            input_tokens=usage.prompt,
            output_tokens=usage.completion,
            total_tokens=usage.prompt + usage.completion,
        )
    message = AIMessage(
        content=answer.text,
        additional_kwargs={"reasoning_content": answer.reasoning} if answer.reasoning else {},
        response_metadata={"finish_reason": answer.finish, "model_name": answer.served_by},
        usage_metadata=counted,
    )
    return ChatResult(generations=[ChatGeneration(message=message)])
