"""A record of calls as a model: it answers each prompt as it was answered then, and nothing else.

A prompt that is not in the record is a NOT_RECORDED fault, whose detail says where it differs from the one
on record that is most like it. Prompts that are alike word for word (seats without a lens) get their replies
in the order of the record.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from debate.models.completions import Usage
from debate.models.faults import FaultKind, WireError
from debate.models.secrets import Secrets
from debate.models.wire import Ask, Manner, Message, Received

REPLAY: Final = "replay"

_SHOWN = 80
_FENCE = re.compile(r"</?[\w-]+-[0-9a-f]{10}>")  # its tag changes with every text in it


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call on record: the prompt, what was said, and whether that ended at its limit of tokens."""

    messages: tuple[Message, ...]
    text: str
    reasoning: str = ""
    usage: Usage = field(default_factory=Usage)
    at_length: bool = False


class RecordedWire:
    """See the module. `broken` is the fault a call ended with that brought no reply; "" where none did."""

    endpoint = "the record"
    path = "recorded"
    key_variable = ""

    def __init__(self, name: str, model: str, calls: Sequence[Recorded], broken: str = "") -> None:
        self.name, self.model, self.secrets, self.manner = name, model, Secrets(), Manner()
        self._calls = tuple(calls)
        self._broken = broken
        self._replies: dict[tuple[Message, ...], list[Recorded]] = defaultdict(list)
        for call in calls:
            self._replies[call.messages].append(call)

    async def exchange(self, ask: Ask, manner: Manner) -> Received:
        """The reply on record, see `Wire`."""
        replies = self._replies.get(tuple(ask.messages), [])
        if replies:
            return Received(200, {}, _body(replies.pop(0)))
        if self._broken:
            raise WireError(FaultKind.FOREIGN, f"as it was then: {self._broken}")
        raise WireError(FaultKind.NOT_RECORDED, self._difference(tuple(ask.messages)))

    def _difference(self, messages: tuple[Message, ...]) -> str:
        """Where this prompt leaves the one on record that is most like it."""
        if messages in self._replies:
            return "it was asked more often than it is on record"
        lines = _lines(messages)
        known = set(lines)
        nearest = max(
            (_lines(call.messages) for call in self._calls),
            key=lambda each: len(known.intersection(each)),
            default=[],
        )
        for then, now in zip_longest(nearest, lines, fillvalue=""):
            if then != now and not (_FENCE.fullmatch(then) and _FENCE.fullmatch(now)):
                return f"on record: {_around(then, now)!r}, now: {_around(now, then)!r}"
        return "only its fences differ: was the seed another?"

    async def close(self) -> None:
        """Nothing is open."""


def _lines(messages: tuple[Message, ...]) -> list[str]:
    return [line for _, text in messages for line in text.splitlines()]


def _around(line: str, other: str) -> str:
    """The part of `line` where it begins to differ from `other`."""
    same = next((n for n, pair in enumerate(zip_longest(line, other)) if pair[0] != pair[1]), 0)
    start = max(0, same - _SHOWN // 4)
    end = start + _SHOWN
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")


def _body(call: Recorded) -> bytes:
    """The reply as a chat completion."""
    message = {"role": "assistant", "content": call.text, "reasoning_content": call.reasoning or None}
    body = {
        "object": "chat.completion",
        "choices": [
            {"index": 0, "message": message, "finish_reason": "length" if call.at_length else "stop"}
        ],
        "usage": {"prompt_tokens": call.usage.prompt, "completion_tokens": call.usage.completion},
    }
    return json.dumps(body).encode("ascii")
