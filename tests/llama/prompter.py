"""A prompter: it stands in front of llama.cpp's server and whispers what to say.

It hands each request on as it came, but for the schema, in whose place it puts a grammar that allows one text
only: what the house would say. Everything else about the reply is llama.cpp's own: how it comes, what it
counts, and how it takes the thought apart from the answer.
"""

import asyncio
import json
import urllib.request
from dataclasses import dataclass

from tests.debates.house_server import THOUGHT, HouseServer
from tests.faults.server import Exchange


@dataclass
class Prompter(HouseServer):
    """`behind` is the base URL of a server that thinks first."""

    behind: str = ""

    async def reply(self, exchange: Exchange) -> None:
        """llama.cpp's reply, in the house's words."""
        asked = exchange.asked
        del asked["response_format"]
        asked["grammar"] = (
            f"root ::= {json.dumps(f'{THOUGHT}</think>{self.words(exchange)}', ensure_ascii=False)}"
        )
        await exchange.send(200, await asyncio.to_thread(self._ask, json.dumps(asked).encode()))

    def _ask(self, body: bytes) -> bytes:
        request = urllib.request.Request(
            f"{self.behind}/chat/completions", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=120) as reply:
            read: bytes = reply.read()
        return read
