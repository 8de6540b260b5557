"""A server that answers like a model: OpenAI-compatible, on loopback, after a fixed time, from a table.

Which reply a request gets is decided by two words in it: the name of the schema and, for a seat, the heading
of its lens. No two replies are the same: where `VARIED` stands in one, each request gets a word of its own,
so that nothing is gained by remembering what the texts of one debate came to. The server runs in a process of
its own, so that its work is not counted as the client's, and ends with the process that started it, after a
number of requests, or after a time, whichever comes first.
"""

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

VARIED = "zqzqzqzq"
_SCHEMA = re.compile(rb'"name":\s*"([A-Za-z]+)"')
_END = b"\r\n\r\n"
_PATIENCE = 10.0
_LETTERS = str.maketrans("0123456789", "bcdfghjklm")


@dataclass(frozen=True, slots=True)
class Canned:
    """The reply to requests for `schema` whose text holds `marker` (any, when it is empty)."""

    schema: str
    marker: str
    reply: str


@dataclass(slots=True)
class Serving:
    """A server at work. `requests` is what it answered, known when it has ended."""

    url: str
    requests: int = 0


@contextmanager
def serving(canned: Sequence[Canned], *, latency: float, most: int, seconds: float) -> Iterator[Serving]:
    """Start a server that answers each request after `latency` seconds; end it on leaving.

    After `most` requests or `seconds` it refuses or ends by itself.
    """
    job = {"latency": latency, "most": most, "seconds": seconds, "canned": [asdict(one) for one in canned]}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        server = Serving(f"http://127.0.0.1:{int(process.stdout.readline())}/v1")
        yield server
        process.stdin.close()
        server.requests = int(process.stdout.readline())
        process.wait(_PATIENCE)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def _response(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _completion(reply: str) -> bytes:
    return json.dumps(
        {
            "id": "bench",
            "object": "chat.completion",
            "created": 0,
            "model": "bench",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": reply},
                    "finish_reason": "stop",
                    "logprobs": None,
                }
            ],
            "usage": {"prompt_tokens": 1500, "completion_tokens": 500, "total_tokens": 2000},
        }
    ).encode()


_REFUSAL = _response(
    b'{"error": {"message": "the benchmark has no such reply, or has had enough"}}', "400 No"
)


class _Model:
    """The table of replies and the count of requests, shared by all connections."""

    def __init__(self, canned: Sequence[Canned], latency: float, most: int) -> None:
        self.latency = latency
        self.count = 0
        self._most = most
        self._replies = [
            (one.schema.encode(), json.dumps(one.marker)[1:-1].encode(), _response(_completion(one.reply)))
            for one in canned
        ]

    def answer(self, body: bytes) -> bytes:
        self.count += 1
        named = _SCHEMA.search(body)
        if named is None or self.count > self._most:
            return _REFUSAL
        fits = (reply for schema, marker, reply in self._replies if schema == named[1] and marker in body)
        return next(fits, _REFUSAL).replace(VARIED.encode(), _word(self.count))


def _word(number: int) -> bytes:
    """A word for each number, as long as `VARIED`, that stands in no card."""
    return f"zq{number:06d}".translate(_LETTERS).encode()


class _Connection(asyncio.Protocol):
    """Reads requests with a Content-Length, one after another, and answers each."""

    def __init__(self, model: _Model) -> None:
        self._model = model
        self._arrived = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._arrived += data
        while (end := self._arrived.find(_END)) >= 0:
            head = bytes(self._arrived[:end]).lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
            whole = end + len(_END) + length
            if len(self._arrived) < whole:
                return
            reply = self._model.answer(bytes(self._arrived[end + len(_END) : whole]))
            del self._arrived[:whole]
            if self._model.latency:
                asyncio.get_running_loop().call_later(self._model.latency, self._send, reply)
            else:
                self._send(reply)

    def _send(self, reply: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(reply)


async def _serve(job: dict[str, object]) -> None:
    latency, most, seconds, canned = job["latency"], job["most"], job["seconds"], job["canned"]
    assert isinstance(latency, float | int)
    assert isinstance(seconds, float | int)
    assert isinstance(most, int)
    assert isinstance(canned, list)
    model = _Model([Canned(**one) for one in canned], latency, most)
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def until_parent_is_done() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(over.set)

    threading.Thread(target=until_parent_is_done, daemon=True).start()
    server = await loop.create_server(lambda: _Connection(model), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        pass
    finally:
        server.close()
    print(model.count, flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(json.loads(sys.stdin.readline())))
