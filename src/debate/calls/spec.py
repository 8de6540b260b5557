"""What is asked: a call's specification, its identity, and the question that follows a reply with faults."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from debate.calls.reply import Reply
from debate.ledger.identity import call_identity
from debate.models.wire import Ask, Message, Sampling, Schema, Wire


@dataclass(frozen=True, slots=True)
class CallSpec:
    """One question to one model.

    `role` and `lens` are for messages, records and tracing; who asks does not change what is answered, so
    they are no part of the identity. `sample` tells replicates of one prompt apart, `draw` a question asked
    anew because what was answered before is of no use.
    """

    role: str
    model: Wire
    messages: Sequence[Message]
    schema: Schema | None = None
    sampling: Sampling = field(default_factory=Sampling)
    sample: int = 0
    draw: int = 0
    lens: str | None = None

    @property
    def key(self) -> str:
        """The identity of the call."""
        return call_identity(
            model=self.model.model,
            endpoint=self.model.endpoint,
            path=self.model.path,
            parameters=self.sampling.given(),
            messages=self.messages,
            schema=self.schema.digest if self.schema else None,
            sample=self.sample,
            draw=self.draw,
        )

    @property
    def ask(self) -> Ask:
        """The question as wires take it."""
        asker = {"role": self.role, **({"lens": self.lens} if self.lens else {})}
        return Ask(self.messages, self.sampling, self.schema, asker)


_ROOM = 2
"""How many times the tokens a cut answer gets at its second try."""


def reask(spec: CallSpec, reply: Reply, faults: Sequence[str]) -> CallSpec:
    """The call that asks once more, with what was wrong: a call of its own, with an identity of its own.

    An answer that was cut off gets more room, where its room was ours to give.
    """
    note = "Your reply cannot be used yet:\n" + "\n".join(f"- {fault}" for fault in faults)
    note += "\nSend the whole JSON object again with this mended, and nothing else." if spec.schema else ""
    sampling = spec.sampling
    if reply.truncated and sampling.max_tokens is not None:
        sampling = replace(sampling, max_tokens=sampling.max_tokens * _ROOM)
    return replace(spec, messages=_followed(spec.messages, reply.text, note), sampling=sampling)


def _followed(messages: Sequence[Message], said: str, note: str) -> list[Message]:
    """`messages`, what was said, and the note. Servers refuse empty messages and two of one role in a row."""
    if said.strip():
        return [*messages, ("assistant", said), ("user", note)]
    if messages and messages[-1][0] == "user":
        return [*messages[:-1], ("user", f"{messages[-1][1]}\n\n{note}")]
    return [*messages, ("user", note)]
