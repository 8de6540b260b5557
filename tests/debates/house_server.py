"""A house server: an OpenAI-compatible endpoint on which whole debates succeed, and fail where a test says.

It answers each request with what the offline model says to the very messages that arrived, so that every
reply is a valid contribution; it serves from a thread of its own, so that a test can call the program as a
user does. Who a request is from is read from it: the lens of a seat ("Pace Layering"), "critic" or "writer".

`faults` gives somebody other replies than the house's: names of `tests.faults.server.STEPS`, with `>` between
the steps; `house` is the house's own reply, and the last step is for good. `edits` change what somebody says.
"""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from debate.models.offline.chat import OfflineChat
from tests.faults.server import STEPS, Exchange, FaultServer, Step, completion

PANEL = {
    "pace-layering": "Pace Layering",
    "bottleneck-theory": "Bottleneck Theory",
    "leverage-points": "Leverage Points",
    "system-boundaries": "System Boundaries",
}
CRITIC, WRITER = "critic", "writer"
THOUGHT = "First I weigh the facts."

_ROLES = {"Plan": CRITIC, "Letter": WRITER}

Edit = Callable[[dict[str, Any]], None]


@dataclass
class HouseServer(FaultServer):
    """See the module."""

    faults: dict[str, str] = field(default_factory=dict)
    edits: dict[str, Edit] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __enter__(self) -> "HouseServer":
        started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.result(30)
        return self

    def _run(self, started: "Future[None]") -> None:
        self._loop.run_until_complete(self.start())
        started.set_result(None)
        self._loop.run_forever()

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.stop(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    def step(self, exchange: Exchange) -> Step:
        """What the faults say, else the house's reply."""
        name = who(exchange)
        self.asked[name] += 1
        script = self.faults.get(name, "house").split(">")
        step = script[min(self.asked[name], len(script)) - 1]
        return self.reply if step == "house" else STEPS[step]

    async def reply(self, exchange: Exchange) -> None:
        """The house's own reply, with a thought apart and tokens counted."""
        text = self.words(exchange)
        usage = {"prompt_tokens": len(exchange.body) // 4, "completion_tokens": len(text) // 4}
        message = {"content": text, "reasoning_content": THOUGHT}
        await exchange.send(200, completion(message, usage=usage))

    def words(self, exchange: Exchange) -> str:
        """What the offline model says, after the test's edit."""
        said = house_says(json.dumps(exchange.asked["messages"]), schema_of(exchange))
        if not (edit := self.edits.get(who(exchange))):
            return said
        contribution = json.loads(said)
        edit(contribution)
        return json.dumps(contribution)

    def prompts(self, name: str) -> list[str]:
        """The last message of each request of somebody."""
        mine = (exchange for exchange in self.requests if who(exchange) == name)
        return [exchange.asked["messages"][-1]["content"] for exchange in mine]


def who(exchange: Exchange) -> str:
    """Whose turn a request belongs to."""
    schema = schema_of(exchange)
    if schema in _ROLES:
        return _ROLES[schema]
    prompt = exchange.asked["messages"][1]["content"]
    (lens,) = [name for name in PANEL.values() if f"through one lens: {name}." in prompt]
    return lens


def distinct(requests: Iterable[Exchange]) -> int:
    """How many different prompts there are among requests."""
    return len({json.dumps(exchange.asked["messages"]) for exchange in requests})


def schema_of(exchange: Exchange) -> str:
    return str(exchange.asked["response_format"]["json_schema"]["name"])


@cache
def house_says(messages: str, schema: str) -> str:
    asked = [(message["role"], message["content"]) for message in json.loads(messages)]
    form = {"json_schema": {"name": schema}}
    return str(OfflineChat().invoke(asked, response_format=form).text)
