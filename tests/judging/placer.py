"""A placer: an embeddings endpoint that knows a few synonyms, so that a test knows what is like what.

A vector counts the concepts of a text: words that mean the same are one. `bodies` are replies it gives before
it behaves, each a function of the texts that were asked for.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from debate.judging.words import content, stem
from tests.debates.house_server import HouseServer
from tests.faults.server import Exchange, Step

DIMENSIONS = 256
SYNONYMS = (
    {"rent", "hire"},
    {"fast", "faster", "speedy"},
    {"server", "hardware"},
    {"add", "append"},
    {"worker", "process"},
)
_SAME = {stem(word): stem(sorted(group)[0]) for group in SYNONYMS for word in group}

Body = Callable[[Sequence[str]], str]


def vector(text: str) -> list[float]:
    found = [0.0] * DIMENSIONS
    for word in content(text) or (text,):
        found[sha256(_SAME.get(word, word).encode()).digest()[0]] += 1.0
    return found


def vectors(texts: Sequence[str]) -> str:
    """A whole reply."""
    data = [{"object": "embedding", "index": n, "embedding": vector(text)} for n, text in enumerate(texts)]
    usage = {"prompt_tokens": sum(map(len, texts)) // 4, "total_tokens": 0}
    return json.dumps({"object": "list", "data": data, "model": "placed", "usage": usage})


@dataclass
class Placer(HouseServer):
    """See the module."""

    bodies: list[Body] = field(default_factory=list)

    def step(self, exchange: Exchange) -> Step:
        """Every request is for vectors."""
        return self.place if exchange.path.endswith("/embeddings") else super().step(exchange)

    async def place(self, exchange: Exchange) -> None:
        """The vectors, or what the test wants instead."""
        body = self.bodies.pop(0) if self.bodies else vectors
        await exchange.send(200, body(exchange.asked["input"]))

    @property
    def batches(self) -> list[list[str]]:
        """The texts of each request for vectors so far."""
        return [each.asked["input"] for each in self.requests if each.path.endswith("/embeddings")]
