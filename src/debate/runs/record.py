"""The record of a past run: what it was told, to be told again (`--model replay:RUN`)."""

from collections.abc import Mapping
from dataclasses import replace

from debate.events import CallFinished
from debate.library import Library
from debate.models.completions import Usage
from debate.models.recorded import REPLAY, Recorded, RecordedWire
from debate.models.wire import Wire
from debate.run_names import run_named
from debate.runs.spec import RunSpec
from debate.transcripts import Run


def recorded(call: CallFinished) -> Recorded:
    """A call of a journal."""
    return Recorded(
        messages=tuple((message.role, message.content) for message in call.messages),
        text=call.reply,
        reasoning=call.reasoning or "",
        usage=Usage(prompt=call.input_tokens, completion=call.output_tokens),
        at_length="at-length" in call.flags,
    )


def record_of(past: Run) -> list[Recorded]:
    """Everything a run was told, in the panel's order; of a call made in several sittings the last."""
    order = {seat.id: place for place, seat in enumerate(past.manifest.seats)}
    calls = {event.call: event for event in past.events if isinstance(event, CallFinished)}
    return [
        recorded(call)
        for call in sorted(calls.values(), key=lambda call: order.get(call.seat or "", len(order)))
    ]


def located(spec: RunSpec, library: Library) -> RunSpec:
    """`spec` with the whole id of each run that stands for a model, and where it is. Raises `InputError`."""
    ids: dict[str, str] = {}
    records = dict(spec.records)
    names = {name for joined in spec.models.values() for name in joined.split(",")}
    for name in names:
        kind, colon, run = name.partition(":")
        if kind == REPLAY and colon:
            found = run_named(run or "last", library.run_folders(spec.transcripts))
            ids[name] = f"{REPLAY}:{found.id}"
            records[ids[name]] = found.path
    models = {
        role: ",".join(ids.get(name, name) for name in joined.split(","))
        for role, joined in spec.models.items()
    }
    return replace(spec, models=models, records=records)


def record_wires(spec: RunSpec) -> Mapping[str, Wire]:
    """A model for each record of a located spec."""
    return {name: RecordedWire(name, name, record_of(Run.load(path))) for name, path in spec.records.items()}
