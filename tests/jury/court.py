"""A court: an OpenAI-compatible endpoint on which judges of `tests.jury.judges` sit.

It answers ballots and comparisons alone; which judge a request is for follows from the model it names, and
`judges` has them by that name, `""` for whoever has none of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import HumanMessage

from tests.debates.house_server import HouseServer
from tests.faults.server import Exchange, Step, completion
from tests.jury.judges import Judge, criterion_of


@dataclass
class Court(HouseServer):
    """See the module."""

    judges: dict[str, Judge] = field(default_factory=dict)

    def step(self, exchange: Exchange) -> Step:
        """Every request is a judge's."""
        return self.reply

    def words(self, exchange: Exchange) -> str:
        """What the judge says."""
        asked = exchange.asked
        judge = self.judges.get(asked["model"]) or self.judges[""]
        message = HumanMessage(asked["messages"][-1]["content"])
        form = {"response_format": asked["response_format"]} if "response_format" in asked else {}
        return str(judge.invoke([message], **form).text)

    @property
    def questions(self) -> Sequence[tuple[str, str]]:
        """Of each request so far, the model it names and the criterion it asks about, "" in a comparison."""
        return [(each.asked["model"], criterion_of(_last(each.asked))) for each in self.requests]

    async def reply(self, exchange: Exchange) -> None:
        """The judge's words, tokens counted, under the name the server has for it."""
        text = self.words(exchange)
        served = (self.judges.get(exchange.asked["model"]) or self.judges[""]).served
        usage = {"prompt_tokens": len(exchange.body) // 4, "completion_tokens": len(text) // 4}
        await exchange.send(200, completion({"content": text}, usage=usage, model=served))


def _last(asked: dict[str, Any]) -> str:
    return str(asked["messages"][-1]["content"])
