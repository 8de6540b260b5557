"""The offline chat model, as LangChain sees it: prompt in, one JSON object out."""

from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel

from debate.contributions import Letter, Plan, SeatReport
from debate.errors import ModelError
from debate.models.offline.abstaining import undecided, withheld
from debate.models.offline.case import Case, read_case
from debate.models.offline.critic import plan
from debate.models.offline.seat import report
from debate.models.offline.writer import letter

NOTICE = "The offline reasoner answered: rules and arithmetic over the cards, no language model."

_MAKERS: dict[str, Callable[[Case, str], BaseModel]] = {
    SeatReport.__name__: report,
    Plan.__name__: plan,
    Letter.__name__: letter,
    "Ballot": withheld,
    "Preference": undecided,
}


class OfflineChat(BaseChatModel):
    """Reasons by rule. Which contribution is asked for follows from the schema in the request."""

    @property
    def _llm_type(self) -> str:
        return "offline"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        name = kwargs.get("response_format", {}).get("json_schema", {}).get("name", "")
        make = _MAKERS.get(name)
        if make is None:
            raise ModelError(f"the offline reasoner can make {', '.join(_MAKERS)}, not {name or 'free text'}")
        prompt = "\n\n".join(str(message.text) for message in messages)
        reply = make(read_case(prompt), prompt).model_dump_json()
        return ChatResult(generations=[ChatGeneration(message=AIMessage(reply))])
