"""A server that misbehaves on order: an OpenAI-compatible endpoint on a raw local socket.

The name of the model a request asks for is its script: `429>reset>ok` answers the first request with a 429,
resets the connection of the second and answers the third and all later ones. `#…` at the end makes a name
unique. Each request is counted when it has arrived whole, each reply when its last byte is handed to the
kernel.

    python -m tests.faults.server PORT_FILE LOG_FILE LATENCY

serves for ever, writes its port to the one file and a line for each request and each reply to the other.
"""

import asyncio
import gzip
import json
import os
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256
from pathlib import Path
from typing import Any

ANSWER = {"claim": "the cache is cold", "confidence": 70}
TEXT = json.dumps(ANSWER)


@dataclass
class Exchange:
    """One request, and the connection to answer it on."""

    writer: asyncio.StreamWriter
    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    open: bool = True

    @property
    def asked(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.body)
        return loaded

    async def send(
        self, status: int, body: bytes | str, content_type: str = "application/json", **headers: str
    ) -> None:
        """A whole, well-formed reply."""
        raw = body.encode() if isinstance(body, str) else body
        lines = {"Content-Type": content_type, "Content-Length": str(len(raw)), **headers}
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
        self.writer.write(f"HTTP/1.1 {status} Status\r\n{head}\r\n".encode() + raw)
        await self.writer.drain()

    async def raw(self, data: bytes) -> None:
        """Bytes as they are; then the end."""
        self.writer.write(data)
        await self.writer.drain()
        self.open = False

    def reset(self) -> None:
        """Close so that the other side sees a reset, not an end."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.open = False


Step = Callable[[Exchange], Awaitable[None]]


def completion(message: dict[str, Any], finish: object = "stop", **more: object) -> str:
    """A chat completion with this message."""
    body: dict[str, object] = {
        "id": "x",
        "object": "chat.completion",
        "model": "served",
        "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        **more,
    }
    return json.dumps({name: value for name, value in body.items() if value is not ...})


def says(content: object, finish: object = "stop", **more: object) -> Step:
    """A 200 whose message has this content."""
    return replies(200, completion({"content": content}, finish, **more))


def replies(status: int, body: bytes | str, content_type: str = "application/json", **headers: str) -> Step:
    async def step(exchange: Exchange) -> None:
        await exchange.send(status, body, content_type, **headers)

    return step


def fails(status: int, message: str = "no", **fields: object) -> Step:
    """An error as OpenAI writes it."""
    return replies(
        status,
        json.dumps({"error": {"message": message, "type": "t", "param": None, "code": None, **fields}}),
    )


async def _later(exchange: Exchange) -> None:
    now = time.time()
    # A server whose clock is wrong by an hour still means one second.
    await exchange.send(
        429, "{}", Retry_After=formatdate(now + 3601, usegmt=True), Date=formatdate(now + 3600, usegmt=True)
    )


async def _reset(exchange: Exchange) -> None:
    exchange.reset()


async def _close(exchange: Exchange) -> None:
    exchange.open = False


async def _cut(exchange: Exchange) -> None:
    whole = completion({"content": TEXT}).encode()
    await exchange.raw(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(whole) + whole[: len(whole) // 2]
    )


async def _cut_chunk(exchange: Exchange) -> None:
    await exchange.raw(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"id": "x", "obj\r\nzz\r\n'
    )


async def _hang(_exchange: Exchange) -> None:
    await asyncio.sleep(3600)


async def _hang_body(exchange: Exchange) -> None:
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    await asyncio.sleep(3600)


async def _drip(exchange: Exchange) -> None:
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        exchange.writer.write(b" ")
        await exchange.writer.drain()
        await asyncio.sleep(0.05)


async def _garbage(exchange: Exchange) -> None:
    await exchange.raw(b"\x15\x03\x01 what is this\r\n\r\n")


async def _huge(exchange: Exchange) -> None:
    body = completion({"content": "x" * 30_000_000}).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    await exchange.raw(head + body)


async def _bomb(exchange: Exchange) -> None:
    await exchange.send(200, gzip.compress(b"\0" * 200_000_000, compresslevel=1), Content_Encoding="gzip")


def _refuses(*types: str, error: object) -> Step:
    """400 for some response formats, an answer for the others."""

    async def step(exchange: Exchange) -> None:
        given = exchange.asked.get("response_format", {}).get("type", "none")
        if given in types:
            await exchange.send(400, json.dumps({"error": error}))
        else:
            await exchange.send(
                200, completion({"content": f"```json\n{TEXT}\n```" if given == "none" else TEXT})
            )

    return step


def _wants(parameter: str, instead: str) -> Step:
    """400 while `parameter` is there."""

    async def step(exchange: Exchange) -> None:
        if parameter in exchange.asked:
            message = (
                f"Unsupported parameter: '{parameter}' is not supported with this model. Use '{instead}'."
            )
            error = {
                "message": message,
                "type": "invalid_request_error",
                "param": parameter,
                "code": "unsupported_parameter",
            }
            await exchange.send(400, json.dumps({"error": error}))
        else:
            await exchange.send(200, completion({"content": TEXT}))

    return step


async def _echo_key(exchange: Exchange) -> None:
    """Everything the server was told, told back."""
    secret = exchange.headers.get("authorization", "") + exchange.path
    await exchange.send(401, json.dumps({"error": {"message": f"Incorrect API key provided: {secret}"}}))


async def _echo_key_200(exchange: Exchange) -> None:
    secret = exchange.headers.get("authorization", "") + exchange.path
    await exchange.send(200, completion({"content": json.dumps({**ANSWER, "claim": secret})}))


def _tool(arguments: str) -> Step:
    call = {"id": "c", "type": "function", "function": {"name": "answer", "arguments": arguments}}
    return replies(200, completion({"content": None, "tool_calls": [call]}, "tool_calls"))


_LOGIN = "<!doctype html><html><title>Sign in</title><body>Please sign in \x1b[31m</body></html>"
_NESTED = "[" * 200_000

STEPS: dict[str, Step] = {
    "ok": says(TEXT),
    "429": fails(429, "slow down"),
    "429-s": replies(429, "{}", Retry_After="1"),
    "429-ms": replies(429, "{}", retry_after_ms="300"),
    "429-date": _later,
    "429-bad": replies(429, "{}", Retry_After="soon"),
    "429-negative": replies(429, "{}", Retry_After="-5"),
    "429-long": replies(429, "{}", Retry_After="300"),
    "429-quota": fails(429, "You exceeded your current quota", code="insufficient_quota"),
    "402": fails(402, "Insufficient Balance"),
    "500": fails(500),
    "502": replies(502, "<html>Bad Gateway</html>", "text/html"),
    "503": replies(503, ""),
    "529": fails(529, "overloaded"),
    "408": fails(408),
    "409": fails(409),
    "504": fails(504),
    "401": fails(401, "Incorrect API key", code="invalid_api_key"),
    "403": fails(403),
    "404": fails(404, "The model does not exist", code="model_not_found"),
    "no-schema": _refuses(
        "json_schema", error={"message": "Invalid parameter: 'response_format' of type 'json_schema'"}
    ),
    "no-format": _refuses(
        "json_schema", "json_object", error={"message": "response_format is not supported"}
    ),
    "no-object": _refuses("json_schema", "json_object", error="'response_format.type' must be 'text'"),
    "no-max-tokens": _wants("max_tokens", "max_completion_tokens"),
    "no-temperature": _wants("temperature", "nothing"),
    "400": fails(400, "messages: something else is wrong"),
    "400-context": fails(400, "maximum context length is 4096 tokens", code="context_length_exceeded"),
    "400-llamacpp": fails(
        400, "the request exceeds the available context size", type="exceed_context_size_error"
    ),
    "400-filter": fails(400, "The response was filtered", code="content_filter"),
    "403-flagged": fails(403, "Your input was flagged by moderation"),
    "404-format": fails(404, "No endpoints found that support json_schema"),
    "503-long": replies(503, "", Retry_After="600"),
    "429-quota-message": fails(429, "You exceeded your current quota, wait a minute"),
    "413": fails(413),
    "422": replies(422, json.dumps({"detail": [{"msg": "field required"}]})),
    "reset": _reset,
    "close": _close,
    "cut": _cut,
    "cut-chunk": _cut_chunk,
    "bad-gzip": replies(200, b"\x1f\x8bnot gzip at all", Content_Encoding="gzip"),
    "cut-gzip": replies(
        200, gzip.compress(completion({"content": TEXT}).encode())[:40], Content_Encoding="gzip"
    ),
    "gzip": replies(200, gzip.compress(completion({"content": TEXT}).encode()), Content_Encoding="gzip"),
    "brotli": replies(200, b"\x0b\x02\x80", Content_Encoding="br"),
    "hang": _hang,
    "hang-body": _hang_body,
    "drip": _drip,
    "302": replies(302, "", Location="http://127.0.0.1:9/elsewhere"),
    "307": replies(307, "", Location="/v1/chat/completions"),
    "garbage": _garbage,
    "fence": says(f"```json\n{TEXT}\n```"),
    "think": says(f'<think>Maybe {{"claim": "decoy", "confidence": 1}}?</think>\n{TEXT}'),
    "think-unopened": says(f'so {{"claim": "decoy", "confidence": 1}} is wrong.</think>{TEXT}'),
    "prose": says(f"Sure! Here {{it}} is:\n\n{TEXT}\n\nHope that helps."),
    "two-same": says(f"{TEXT}\n\n{TEXT}"),
    "two-different": says(f'{TEXT}\n{{"claim": "no, another", "confidence": 2}}'),
    "nan": says('{"claim": "x", "confidence": NaN}'),
    "infinite": says('{"claim": "x", "confidence": 1e999}'),
    "missing-key": says('{"claim": "x", "more": {"claim": "y", "confidence": 3}}'),
    "array": says(f"[{TEXT}]"),
    "no-json": says("I would rather talk about it."),
    "trailing-comma": says('{"claim": "x", "parts": [{"claim": "y", "confidence": 3},], "confidence": 4}'),
    "control": says('{"claim": "line one\nline two\x07", "confidence": 70}'),
    "length-cut": says(TEXT[:-12], "length"),
    "length-nested": says('{"claim": {"claim": "inner", "confidence": 1}, "conf', "length"),
    "length-whole": says(TEXT, "length"),
    "length-thinking": replies(200, completion({"content": "", "reasoning_content": "hm, " * 50}, "length")),
    "filtered": says("I was going to", "content_filter"),
    "refusal": replies(200, completion({"content": None, "refusal": "I cannot help with that."})),
    "null": says(None),
    "empty": says(""),
    "only-reasoning": replies(200, completion({"content": None, "reasoning_content": "I thought long."})),
    "only-think": says("<think>I never come back"),
    "reasoning": replies(200, completion({"content": TEXT, "reasoning": "first, the facts"})),
    "parts": says(
        [{"type": "text", "text": TEXT[:10]}, {"type": "image"}, {"type": "text", "text": TEXT[10:]}]
    ),
    "tool-call": _tool(TEXT),
    "tool-call-wrong": _tool('{"query": "weather"}'),
    "tool-call-cut": _tool(TEXT[:10]),
    "200-error-429": replies(200, json.dumps({"error": {"message": "slow down", "code": 429}})),
    "200-error-401": replies(200, json.dumps({"error": {"message": "no key", "code": 401}})),
    "200-error-string": replies(200, json.dumps({"error": "something broke"})),
    "html": replies(200, _LOGIN, "text/html"),
    "bad-json": replies(200, "{'id': oops}"),
    "empty-body": replies(200, ""),
    "204": replies(204, ""),
    "json-null": replies(200, "null"),
    "json-list": replies(200, "[]"),
    "no-choices": replies(200, json.dumps({"choices": []})),
    "null-choices": replies(200, json.dumps({"choices": None})),
    "no-message": replies(200, json.dumps({"choices": [{"finish_reason": "stop"}]})),
    "no-usage": says(TEXT, usage=...),
    "wrong-usage": says(TEXT, usage={"prompt_tokens": "many", "completion_tokens": None}),
    "usage-lies": says(TEXT, usage={"prompt_tokens": -5, "completion_tokens": 10**30}),
    "usage-list": says(TEXT, usage=[1, 2]),
    "finish-null": says(TEXT, None),
    "finish-odd": says(TEXT, "because"),
    "surrogate": replies(200, completion({"content": '{"claim": "a\\ud800b\\u0000c", "confidence": 70}'})),
    "bad-utf8": replies(200, completion({"content": TEXT}).encode().replace(b"cold", b"co\xffd")),
    "huge": _huge,
    "bomb": _bomb,
    "deep-body": replies(200, _NESTED),
    "deep-content": says('{"claim": ' + "[" * 500 + "]" * 500 + ', "confidence": 1}'),
    "deeper-content": says('{"claim": ' + _NESTED),
    "prompt-cut": says(TEXT, usage={"prompt_tokens": 50, "completion_tokens": 20}),
    "echo-key": _echo_key,
    "echo-key-200": _echo_key_200,
}


@dataclass
class FaultServer:
    """See the module. `requests` holds every request in order of arrival, `delivered` counts whole replies
    by model.
    """

    requests: list[Exchange] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    at_once: int = 0
    most_at_once: int = 0
    latency: float = 0.0
    port: int = 0
    log: int | None = None
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._track, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _track(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._serve(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; whether the connection lives on."""
        first = await reader.readexactly(1)
        if first == b"\x16":  # somebody speaks TLS
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return False
        head = first + await reader.readuntil(b"\r\n\r\n")
        start, *lines = head.decode("latin-1").rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        exchange = Exchange(writer, start.split()[1], headers, body, time.monotonic())
        if start.startswith("GET"):
            await exchange.send(200 if exchange.path == "/v1/models" else 404, self.listing())
            return True
        self.requests.append(exchange)
        model = exchange.asked["model"]
        self.seen[model] += 1
        prompt = sha256(
            json.dumps(exchange.asked.get("messages", exchange.asked.get("input"))).encode()
        ).hexdigest()[:16]
        self._note("request", model, prompt)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            await self.step(exchange)(exchange)
        finally:
            self.at_once -= 1
        self.delivered[model] += 1
        self._note("reply", model, prompt)
        return exchange.open

    def listing(self) -> str:
        """What GET /models gives."""
        return '{"data": [{"id": "ok"}]}'

    def step(self, exchange: Exchange) -> Step:
        """What this request gets: the next step of the script its model's name is."""
        model = exchange.asked["model"]
        script = model.partition("#")[0].split(">")
        return STEPS[script[min(self.seen[model], len(script)) - 1]]

    def _note(self, what: str, model: str, prompt: str) -> None:
        if self.log is not None:
            os.write(self.log, f"{what} {model} {prompt}\n".encode())


async def _main(port_file: Path, log_file: Path, latency: float) -> None:
    server = FaultServer(
        latency=latency, log=os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    )
    await server.start()
    port_file.with_suffix(".part").write_text(str(server.port))
    port_file.with_suffix(".part").rename(port_file)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
