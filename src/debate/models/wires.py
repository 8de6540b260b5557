"""Wires by name: the models of a run, with one client for each endpoint."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Self

from langchain_core.language_models import BaseChatModel

from debate.errors import SettingsError
from debate.models.chat_wire import ChatWire
from debate.models.embeddings import EmbeddingWire
from debate.models.endpoint import BOUND_ELSEWHERE, Endpoint, ModelSpec
from debate.models.openai_chat import Client, OpenAIChat
from debate.models.secrets import Secrets
from debate.models.wire import Ask, Manner, Message, Rung, Wire, response_format


class TracedWire(ChatWire):
    """`chat` through LangChain's `ainvoke`. Traced or not it is the same call: a reply bought one way serves
    the other.
    """

    def __init__(self, chat: OpenAIChat) -> None:
        super().__init__(
            chat,
            name=chat.name,
            model=chat.model,
            endpoint=chat.endpoint,
            key_variable=chat.key_variable,
            secrets=chat.secrets,
        )
        self.path, self.manner = chat.path, chat.manner

    def _request(self, ask: Ask, manner: Manner) -> tuple[Sequence[Message], dict[str, Any]]:
        arguments: dict[str, Any] = {"sampling": ask.sampling, "manner": manner}
        if ask.schema is not None:
            arguments["response_format"] = response_format(ask.schema, Rung.JSON_SCHEMA)
        return ask.messages, arguments


class Wires:
    """Makes wires and closes what they share; for one event loop.

    `connect` and `read` are timeouts in seconds; `read` is how long a server may be silent, which without
    streaming is how long it may take to think. `traced` sends every call through LangChain's `ainvoke`, so
    that callbacks see it, at some cost.
    """

    def __init__(self, *, connect: float = 10.0, read: float = 300.0, traced: bool = False) -> None:
        self._connect, self._read, self._traced = connect, read, traced
        self._clients: dict[Endpoint, Client] = {}

    def wire(self, spec: ModelSpec) -> Wire:
        """The wire to a model. Raises `SettingsError` when it cannot be started."""
        if spec.endpoint is not None:
            chat = OpenAIChat(self.client(spec.endpoint), name=spec.name, model=spec.model)
            return TracedWire(chat) if self._traced else chat
        if spec.provider in BOUND_ELSEWHERE:
            raise AssertionError(f"{spec.name} has no endpoint: its maker binds it")
        return ChatWire(_init(spec), name=spec.name, model=spec.model, endpoint=spec.provider)

    def embedding_wire(self, spec: ModelSpec, endpoint: Endpoint) -> Wire:
        """The wire to an embedding model."""
        return EmbeddingWire(self.client(endpoint), name=spec.name, model=spec.model)

    def client(self, endpoint: Endpoint) -> Client:
        """The one client of an endpoint."""
        if endpoint not in self._clients:
            self._clients[endpoint] = Client(endpoint, connect=self._connect, read=self._read)
        return self._clients[endpoint]

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _init(spec: ModelSpec) -> BaseChatModel:
    """A chat model of another LangChain package; its own retries are off where it has them."""
    init_chat_model = import_module("langchain.chat_models").init_chat_model  # optional, and heavy

    try:
        model = init_chat_model(spec.model, model_provider=spec.provider, max_retries=0)
    except Exception as error:  # noqa: BLE001 - each package has its own way to say that a key or module is missing
        words = Secrets().scrub(f"{type(error).__name__}: {error}")
        raise SettingsError(f"--model {spec.name}: {words}") from None
    assert isinstance(model, BaseChatModel)
    return model
