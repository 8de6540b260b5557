"""Chat completions: reading the body an OpenAI-compatible server sent, with the liberties servers take.

`read_completion` takes a body as it was kept and returns the `Answer`, or raises the `WireError` the body
stands for. It is strict about one thing only: there is an answer in it. Odd usage, missing finish reasons,
text in parts, reasoning under any of its names are read as well as they can be; what was odd is a flag.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from debate.models.faults import FaultKind, WireError, classify_inner, error_detail

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it does not say. `cached` and `reasoning` are parts of
    the two.
    """

    prompt: int | None = None
    completion: int | None = None
    cached: int | None = None
    reasoning: int | None = None

    @property
    def known(self) -> bool:
        """Both counts that cost money are there."""
        return self.prompt is not None and self.completion is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said.

    `text` is free of lone surrogates and NUL. `reasoning` is what it thought aloud, apart. `finish` is the
    server's word for why it ended, "" if it gave none. `arguments` holds a tool call's arguments when there
    was one and only one.
    """

    text: str
    reasoning: str
    usage: Usage
    finish: str
    refused: bool = False
    called: bool = False
    arguments: str = ""
    served_by: str = ""


def read_completion(body: bytes, content_type: str = "") -> Answer:
    """The answer in a body that came with status 200."""
    data = _decode(body, content_type)
    if not isinstance(data, Mapping):
        raise WireError(FaultKind.NO_CHOICES, status=200)
    choice = _first_choice(data)
    if choice is None:
        if detail := error_detail(data):
            kind, param = classify_inner(detail)
            raise WireError(kind, detail.message[:_SHOWN], status=200, param=param)
        raise WireError(FaultKind.NO_CHOICES, status=200)
    message, finish = choice
    text, thought = _split_thought(clean(_text(message.get("content"))))
    refusal = clean(_text(message.get("refusal")))
    aside = clean(_text(message.get("reasoning_content")) or _text(message.get("reasoning")))
    calls = message.get("tool_calls") or (
        [{"function": message["function_call"]}] if message.get("function_call") else []
    )
    return Answer(
        text=text or refusal,
        reasoning="\n\n".join(part for part in (aside, thought) if part),
        usage=read_usage(data.get("usage")),
        finish=finish if isinstance(finish, str) else "",
        refused=bool(refusal) or finish in {"content_filter", "refusal", "safety"},
        called=bool(calls),
        arguments=clean(_arguments(calls)),
        served_by=clean(_text(data.get("model"))),
    )


def _decode(body: bytes, content_type: str) -> object:
    """The body as JSON. A byte that is no UTF-8 is a lost character, not a lost answer, unless nothing is
    left of it.
    """
    text = body.decode("utf-8-sig", errors="replace")
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise WireError(FaultKind.TOO_DEEP, status=200) from None
    except ValueError:
        head = text.lstrip()[:_SHOWN]
        if "html" in content_type.lower() or re.match(r"<(?:!doctype|html|head|body|\?xml)", head, re.I):
            raise WireError(
                FaultKind.HTML, " ".join(re.sub(r"<[^>]*>?", " ", clean(head)).split()), status=200
            ) from None
        raise WireError(FaultKind.BAD_BODY, status=200) from None


def _first_choice(data: Mapping[str, object]) -> tuple[Mapping[str, object], object] | None:
    """Message and finish reason of the first choice."""
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], Mapping):
        return None
    message = choices[0].get("message")
    return (message, choices[0].get("finish_reason")) if isinstance(message, Mapping) else None


def _text(content: object) -> str:
    """Text of a content field: a string, or a list of parts of which some hold text."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part.get("text") if isinstance(part, Mapping) else part for part in content)
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _arguments(calls: object) -> str:
    if not isinstance(calls, list) or len(calls) != 1 or not isinstance(calls[0], Mapping):
        return ""
    function = calls[0].get("function")
    arguments = function.get("arguments") if isinstance(function, Mapping) else None
    return json.dumps(arguments) if isinstance(arguments, Mapping) else _text(arguments)


_THOUGHT = re.compile(r"\s*<(think|thinking|thought|reasoning)>(.*?)(?:</\1>|\Z)", re.S | re.I)
_ENDED_THOUGHT = re.compile(r"(.*)</(?:think|thinking|thought|reasoning)>", re.S | re.I)


def _split_thought(text: str) -> tuple[str, str]:
    """Answer and thought of a text with `<think>` in it.

    Some chat templates swallow the opening tag: then everything before the closing one is thought. A text
    that is JSON from its first character on is left alone, whatever its strings contain.
    """
    if opened := _THOUGHT.match(text):
        return text[opened.end() :].strip(), opened[2].strip()
    if not text.lstrip().startswith("{") and (ended := _ENDED_THOUGHT.match(text)):
        return text[ended.end() :].strip(), ended[1].strip()
    return text, ""


_NOT_STORABLE = re.compile("[\ud800-\udfff\x00]")


def clean(text: str) -> str:
    """`text` with lone surrogates and NUL, which no file, database or terminal takes, replaced by U+FFFD."""
    return _NOT_STORABLE.sub("\ufffd", text)


def read_usage(usage: object) -> Usage:
    """Token counts; whatever is no count is None."""
    if not isinstance(usage, Mapping):
        return Usage()
    return Usage(
        prompt=_count(usage.get("prompt_tokens")),
        completion=_count(usage.get("completion_tokens")),
        cached=_count(_within(usage, "prompt_tokens_details", "cached_tokens")),
        reasoning=_count(_within(usage, "completion_tokens_details", "reasoning_tokens")),
    )


def _within(usage: Mapping[str, object], part: str, name: str) -> object:
    details = usage.get(part)
    return details.get(name) if isinstance(details, Mapping) else None


_MOST_TOKENS = 1_000_000_000  # above this a count is a lie, and SQLite would not sum it


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= _MOST_TOKENS else None
