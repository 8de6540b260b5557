"""The scripted chat model: a fake for tests that records requests and raises when its script ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

from debate.errors import ModelError


class ScriptedChat(BaseChatModel):
    """Replies from `script`, one list for each schema name; an exception in a script is raised.

    `requests` holds every prompt in order, with the name of the schema it asked for.
    """

    script: Mapping[str, Sequence[str | Exception]]
    requests: list[tuple[str, list[BaseMessage]]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        name = kwargs["response_format"]["json_schema"]["name"]
        asked = sum(before == name for before, _ in self.requests)
        self.requests.append((name, list(messages)))
        replies = self.script.get(name, ())
        if asked >= len(replies):
            raise ModelError(f"the script for {name} ends after {len(replies)} replies")
        reply = replies[asked]
        if isinstance(reply, Exception):
            raise reply
        return ChatResult(generations=[ChatGeneration(message=AIMessage(reply))])
