"""Embeddings: texts as vectors, from any OpenAI-compatible `/embeddings` endpoint.

`EmbeddingWire` is a `Wire` whose messages are the texts of one batch, in order. What comes back is written
down as a chat completion, the form in which all replies are kept, with the server's own words as its content;
`read_vectors` reads them when they are kept. `StandIn` makes vectors of its own, for rehearsals.
"""

import base64
import binascii
import json
import math
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from debate.models.openai_chat import Client
from debate.models.secrets import Secrets
from debate.models.wire import Ask, Manner, Received

PATH: Final = "embeddings"
Vector = Sequence[float]


class EmbeddingWire:
    """One embedding model at one endpoint; see `Wire`."""

    path = PATH

    def __init__(self, client: Client, *, name: str, model: str) -> None:
        self._client = client
        self.name, self.model, self.manner = name, model, Manner()

    @property
    def endpoint(self) -> str:
        """Base URL without user info and query."""
        return self._client.endpoint.url

    @property
    def key_variable(self) -> str:
        """Where the key comes from."""
        return self._client.endpoint.key_variable

    @property
    def secrets(self) -> Secrets:
        """What must not be shown."""
        return self._client.endpoint.secrets

    async def exchange(self, ask: Ask, manner: Manner) -> Received:
        """One request for the vectors of all messages, see `Wire`."""
        texts = [text for _, text in ask.messages]
        body = {"model": self.model, "input": texts, "encoding_format": "float"}
        received = await self._client.send(PATH, json.dumps(body, separators=(",", ":")).encode("ascii"))
        return replace(received, body=_kept(received.body)) if received.status == 200 else received

    async def close(self) -> None:
        """Close the shared connections."""
        await self._client.close()


class StandIn:
    """Makes vectors by counting letter triples, so that likeness goes by spelling; asks nobody."""

    name = model = endpoint = "offline"
    path = PATH
    key_variable = ""
    dimensions = 64

    def __init__(self) -> None:
        self.secrets, self.manner = Secrets(), Manner()

    async def exchange(self, ask: Ask, manner: Manner) -> Received:
        """The vectors of all messages, see `Wire`."""
        vectors = [packed(self._vector(text)) for _, text in ask.messages]
        return Received(200, {}, _completion(written(vectors), {"prompt_tokens": 0}))

    def _vector(self, text: str) -> Vector:
        vector = [0.0] * self.dimensions
        for at in range(max(1, len(text) - 2)):
            vector[sha256(text[at : at + 3].encode("utf-8", "replace")).digest()[0] % self.dimensions] += 1.0
        return vector

    async def close(self) -> None:
        """Nothing is open."""


def read_vectors(text: str, count: int) -> list[Vector]:
    """The vectors in a reply, of length 1 each and in the order of the texts, as single-precision floats.

    Raises `ValueError` with a sentence for a reply that cannot be used: another number of vectors than texts,
    numbers that are none, vectors of several lengths or without a direction.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("the reply is no JSON") from None
    items = data.get("data") if isinstance(data, Mapping) else None
    if not isinstance(items, list):
        raise ValueError("the reply holds no list of vectors called data")
    if len(items) != count:
        raise ValueError(f"{len(items)} vectors came back for {count} texts")
    vectors = [_vector(item, place) for place, item in _in_order(items)]
    lengths = sorted({len(vector) for vector in vectors})
    if len(lengths) > 1:
        raise ValueError(f"the vectors are of several lengths: {', '.join(map(str, lengths))}")
    return vectors


def packed(vector: Iterable[float]) -> str:
    """A vector as servers write it when asked for base64: single precision, little-endian."""
    numbers = array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode("ascii")


def written(vectors: Sequence[str]) -> str:
    """Packed vectors as the text of a reply that `read_vectors` reads."""
    data = [{"index": place, "embedding": vector} for place, vector in enumerate(vectors)]
    return json.dumps({"data": data}, separators=(",", ":"))


def _in_order(items: Sequence[object]) -> list[tuple[int, object]]:
    """Items by the index they give; in the order they came where they give none."""
    given = [item.get("index") if isinstance(item, Mapping) else None for item in items]
    if all(index is None for index in given):
        return list(enumerate(items))
    if sorted(map(str, given)) != sorted(map(str, range(len(items)))):
        raise ValueError("the vectors are not numbered from 0 on")
    return sorted(zip((int(str(index)) for index in given), items, strict=True), key=lambda pair: pair[0])


def _vector(item: object, place: int) -> Vector:
    given = item.get("embedding") if isinstance(item, Mapping) else None
    numbers = _unpacked(given) if isinstance(given, str) else given
    if not isinstance(numbers, list | array) or not numbers:
        raise ValueError(f"vector {place + 1} is no list of numbers")
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in numbers):
        raise ValueError(f"vector {place + 1} is no list of numbers")
    length = math.sqrt(sum(float(each) * float(each) for each in numbers if math.isfinite(each)))
    if not all(map(math.isfinite, numbers)) or not math.isfinite(length):
        raise ValueError(f"vector {place + 1} holds a number that is none (NaN or infinite)")
    if length == 0:
        raise ValueError(f"vector {place + 1} is all zeros")
    return array("f", (each / length for each in numbers))


def _unpacked(text: str) -> "array[float] | None":
    try:
        numbers = array("f", base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        return None
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _kept(body: bytes) -> bytes:
    """A reply in the form that is kept; what holds no vectors (an error, a page) stays as it came."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(data, Mapping) or "data" not in data:
        return body
    usage = data.get("usage")
    return _completion(body.decode("utf-8", "replace"), usage if isinstance(usage, Mapping) else {})


def _completion(text: str, usage: Mapping[str, object]) -> bytes:
    """A reply as a chat completion; no token of it was generated."""
    message = {"role": "assistant", "content": text}
    body = {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": usage.get("prompt_tokens"), "completion_tokens": 0},
    }
    return json.dumps(body, separators=(",", ":")).encode("ascii")
