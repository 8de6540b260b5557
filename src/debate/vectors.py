"""Vectors: texts as an embedding model places them, asked for once and kept like every other reply.

Texts go out sorted and in batches, so the same texts make the same calls whatever order they come in. A reply
that cannot be used is asked for once more; every sitting passes over the bad ones it finds in the ledger.
"""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from debate import events
from debate.calls import Asker, CallError, CallSpec, Reply
from debate.models.binding import BoundModel
from debate.models.embeddings import Vector, packed, read_vectors, written
from debate.models.roles import EMBEDDINGS

#: Texts of one call; some servers take no more.
BATCH: Final = 32
REFUSED: Final = "vectors-refused"
_DRAWS = 2


async def vectors_of(
    caller: Asker, model: BoundModel, recorder: events.Recorder, groups: Mapping[str, Collection[str]]
) -> Mapping[str, Vector]:
    """The vectors of some texts, each of length 1, by text. Texts of one group share calls; its name stands
    in the journal.

    Raises `CallError` when there are none that can be used.
    """
    calls = [
        _batch(caller, model, recorder, batch, f"{EMBEDDINGS}/{about}/{number}")
        for about, texts in groups.items()
        for number, batch in enumerate(_batches(texts), 1)
    ]
    found = {text: vector for batch in await asyncio.gather(*calls) for text, vector in batch.items()}
    lengths = sorted({len(vector) for vector in found.values()})
    if len(lengths) > 1:
        raise _refused(model, f"the vectors are of several lengths: {', '.join(map(str, lengths))}")
    return found


def _batches(texts: Collection[str]) -> list[list[str]]:
    wanted = sorted(set(texts))
    return [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]


async def _batch(
    caller: Asker, model: BoundModel, recorder: events.Recorder, texts: Sequence[str], call: str
) -> Mapping[str, Vector]:
    spec = CallSpec(EMBEDDINGS, model.wire, [("user", text) for text in texts], sampling=model.sampling)
    while (known := await caller.known(spec)) is not None and _fault(known, len(texts)):
        spec = replace(spec, draw=spec.draw + 1)
    fault = ""
    for _ in range(_DRAWS):
        recorder.emit(events.CallStarted(call=call, role=EMBEDDINGS))
        began = time.monotonic()
        reply = await caller.call(spec)
        fault = _fault(reply, len(texts))
        vectors = [] if fault else read_vectors(reply.text, len(texts))
        recorder.emit(
            events.CallFinished(
                call=call,
                key=reply.key,
                role=EMBEDDINGS,
                messages=tuple(events.Message(role="user", content=text) for text in texts),
                # Packed, which is all the precision that is used: a replay needs no more.
                reply=written([packed(vector) for vector in vectors]),
                model=model.name,
                input_tokens=reply.usage.prompt,
                output_tokens=reply.usage.completion,
                cost=reply.cost,
                from_ledger=reply.from_ledger,
                attempts=reply.attempts,
                seconds=round(time.monotonic() - began, 3),
            )
        )
        if not fault:
            return dict(zip(texts, vectors, strict=True))
        recorder.emit(events.CallFailed(call=call, role=EMBEDDINGS, error=fault))
        spec = replace(spec, draw=spec.draw + 1)
    raise _refused(model, fault)


def _fault(reply: Reply, count: int) -> str:
    try:
        read_vectors(reply.text, count)
    except ValueError as error:
        return str(error)
    return ""


def _refused(model: BoundModel, fault: str) -> CallError:
    advice = "is it an embedding model? Without --embeddings, words are compared"
    return CallError(f"{EMBEDDINGS}: {model.name} at {model.wire.endpoint}: {fault}; {advice}", REFUSED)
