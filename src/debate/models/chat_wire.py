"""Any LangChain chat model as a wire: offline, scripted, those of other providers, and ours while tracing is
on.

The model is asked through `ainvoke`, so callbacks and tracing see the call. Its message is written down as a
chat completion, the form in which all replies are kept.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableConfig

from debate.models.faults import WireError
from debate.models.foreign import fault_of
from debate.models.secrets import Secrets
from debate.models.wire import Ask, Manner, Message, Received, Rung, response_format, wire_messages

_CLASSES: Mapping[str, type[BaseMessage]] = {
    "system": SystemMessage,
    "user": HumanMessage,
    "assistant": AIMessage,
}


class ChatWire:
    """`chat` under the name the user gave it.

    `rung` says how it learns the schema: by a `response_format` argument (our own models read it) or, for
    models of other packages, from the prompt. `endpoint` tells models of one name at different places apart;
    `arguments` turns the sampling of an ask into what this model's `ainvoke` takes.
    """

    def __init__(
        self,
        chat: BaseChatModel,
        *,
        name: str,
        model: str,
        endpoint: str = "",
        rung: Rung = Rung.PROMPT,
        key_variable: str = "",
        secrets: Secrets | None = None,
    ) -> None:
        self.chat, self.name, self.model = chat, name, model
        self.endpoint = endpoint or chat.get_lc_namespace()[0]
        self.path = type(chat).__name__
        self.key_variable = key_variable
        self.secrets = secrets or Secrets()
        self.manner = Manner(rung=rung)

    async def exchange(self, ask: Ask, manner: Manner) -> Received:
        """One `ainvoke`, see `Wire`."""
        sent, arguments = self._request(ask, manner)
        messages = [_CLASSES[role](text) for role, text in sent]
        try:
            message = await self.chat.ainvoke(messages, _shown(ask), **arguments)
        except WireError:
            raise
        except Exception as error:  # noqa: BLE001 - any package may raise anything; here is where it gets its meaning
            fault = fault_of(error)
            raise WireError(fault.kind, self.secrets.scrub(fault.detail), status=fault.status) from None
        return Received(200, {}, self.secrets.scrub_bytes(_body(message)))

    def _request(self, ask: Ask, manner: Manner) -> tuple[Sequence[Message], dict[str, Any]]:
        """Messages and named arguments of the `ainvoke`."""
        arguments: dict[str, Any] = dict(ask.sampling.given())
        if ask.schema is not None and manner.rung is Rung.JSON_SCHEMA:
            arguments["response_format"] = response_format(ask.schema, manner.rung)
        return [(m["role"], m["content"]) for m in wire_messages(ask, manner)], arguments

    async def close(self) -> None:
        """Nothing of ours is open."""


def _shown(ask: Ask) -> RunnableConfig | None:
    """What tracing shows beside the call."""
    return {"metadata": dict(ask.asker), "tags": list(ask.asker.values())} if ask.asker else None


def _body(message: BaseMessage) -> bytes:
    """The message as a chat completion."""
    written: dict[str, object] = {"role": "assistant", "content": str(message.text)}
    for name in ("reasoning_content", "refusal"):
        if isinstance(value := message.additional_kwargs.get(name), str):
            written[name] = value
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    if calls:
        written["tool_calls"] = [
            {"function": {"name": c["name"], "arguments": json.dumps(c["args"])}} for c in calls
        ]
    metadata = message.response_metadata
    finish = metadata.get("finish_reason") or metadata.get("stop_reason")
    body: dict[str, object] = {
        "object": "chat.completion",
        "model": metadata.get("model_name"),
        "choices": [{"index": 0, "message": written, "finish_reason": _FINISH.get(str(finish), finish)}],
    }
    if isinstance(message, AIMessage) and (usage := message.usage_metadata):
        body["usage"] = {"prompt_tokens": usage["input_tokens"], "completion_tokens": usage["output_tokens"]}
    return json.dumps(body, default=str).encode("ascii")


# Other providers' words for the two ends that matter.
_FINISH = {
    "end_turn": "stop",
    "STOP": "stop",
    "max_tokens": "length",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
}
