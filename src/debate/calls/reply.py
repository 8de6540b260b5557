"""What comes of a call: the answer, told apart into what is fine, what was mended, and what must be asked
again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from debate.calls.errors import CallError
from debate.models.completions import Answer, Usage
from debate.models.faults import RULES, FaultKind
from debate.models.replies import JsonObject, ReplyError, read_object
from debate.models.wire import Ask, Manner, Rung


class Flag(StrEnum):
    """Something worth knowing about a reply that is fine otherwise."""

    REPAIRED = "repaired"  # fences, prose or a second copy around the object were taken away
    TOOL_CALL = "tool-call"  # the object came as the arguments of a tool call nobody offered
    AT_LENGTH = "at-length"  # the answer is whole, but ended at its limit of tokens
    ODD_FINISH = "odd-finish"  # the server does not say, or not in a known word, why the answer ended
    USAGE_UNKNOWN = "usage-unknown"  # tokens are missing or no counts, so the cost is unknown too
    PROMPT_CUT = "prompt-cut"  # the server counted far too few tokens: it read only a part of the prompt
    SAMPLING_IGNORED = "sampling-ignored"  # temperature or top_p were asked for, and the model takes none
    JSON_OBJECT = "json-object"  # the server takes no schema: it promised any JSON object
    IN_PROMPT = "schema-in-prompt"  # the server promises nothing: the schema stood in the prompt


@dataclass(frozen=True, slots=True)
class Reply:
    """A received answer.

    `value` is the one JSON object in it, clean and finite, not yet validated; None when no schema was given
    or when `faults` says why there is none: sentences to ask again with (`reask`), once. `cost` is None where
    it is unknown. `attempts` counts the requests this call took now: 0 when it was `from_ledger`. `served` is
    what the server calls the model that answered, "" where it does not say.
    """

    key: str
    text: str
    reasoning: str
    usage: Usage
    cost: float | None
    from_ledger: bool
    attempts: int
    flags: tuple[Flag, ...]
    value: JsonObject | None = None
    faults: tuple[str, ...] = ()
    finish: str = ""
    served: str = ""

    @property
    def truncated(self) -> bool:
        """The answer ended because its tokens did."""
        return self.finish == "length"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How an answer was come by. `who` names role and model in messages."""

    key: str
    who: str
    ask: Ask
    manner: Manner
    cost: float | None
    attempts: int
    from_ledger: bool


def read_reply(answer: Answer, how: Circumstances) -> Reply:
    """The reply in an answer. Raises `CallError` when the model refused."""
    if answer.refused:
        said = f": {answer.text[:200]!r}" if answer.text else ""
        raise CallError(
            f"{RULES[FaultKind.REFUSED].says}{said}",
            FaultKind.REFUSED,
            attempts=how.attempts,
            text=answer.text,
        )
    value: JsonObject | None = None
    faults: tuple[str, ...] = ()
    flags = list(_flags(answer, how))
    text = answer.text
    if not text.strip() and answer.arguments:
        text = answer.arguments
        flags.append(Flag.TOOL_CALL)
    try:
        value, repaired = _object(text, answer, how)
        if repaired:
            flags.append(Flag.REPAIRED)
    except ReplyError as fault:
        faults = (str(fault),)
    return Reply(
        key=how.key,
        text=text,
        reasoning=answer.reasoning,
        usage=answer.usage,
        cost=how.cost,
        from_ledger=how.from_ledger,
        attempts=how.attempts,
        flags=tuple(flags),
        value=value,
        faults=faults,
        finish=answer.finish,
        served=answer.served_by,
    )


def _object(text: str, answer: Answer, how: Circumstances) -> tuple[JsonObject | None, bool]:
    """The object that is wanted, if one is, and whether it was mended."""
    if not text.strip():
        if answer.finish == "length":
            raise ReplyError(FaultKind.TRUNCATED)
        raise ReplyError(FaultKind.TOOL_CALL if answer.called else FaultKind.EMPTY)
    if how.ask.schema is None:
        return None, False
    try:
        found = read_object(text, how.ask.schema.required)
    except ReplyError as fault:
        if answer.finish == "length" and fault.kind is not FaultKind.TOO_DEEP:
            raise ReplyError(FaultKind.TRUNCATED) from None
        raise
    return found.value, found.repaired


_USUAL_ENDS = frozenset({"stop", "length", "tool_calls", "function_call"})
_LEAST_CHARS = 4_000
_CHARS_PER_TOKEN = 8  # no language and no tokenizer packs more into a token on average


def _flags(answer: Answer, how: Circumstances) -> Iterator[Flag]:
    usage, manner = answer.usage, how.manner
    if answer.finish == "length":
        yield Flag.AT_LENGTH
    if answer.finish not in _USUAL_ENDS:
        yield Flag.ODD_FINISH
    if not usage.known:
        yield Flag.USAGE_UNKNOWN
    chars = sum(len(text) for _, text in how.ask.messages)
    if usage.prompt is not None and chars > _LEAST_CHARS and usage.prompt < chars / _CHARS_PER_TOKEN:
        yield Flag.PROMPT_CUT
    if manner.plain_sampling and (how.ask.sampling.temperature, how.ask.sampling.top_p) != (None, None):
        yield Flag.SAMPLING_IGNORED
    if how.ask.schema is not None and manner.rung is Rung.JSON_OBJECT:
        yield Flag.JSON_OBJECT
    if how.ask.schema is not None and manner.rung is Rung.PROMPT:
        yield Flag.IN_PROMPT
