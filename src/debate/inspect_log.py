"""A run as a log of Inspect (https://inspect.aisi.org.uk), for its viewer and its analysis tools.

One run is one log with one sample. Every seat, the critic, the writer and the judge is an agent span that
holds its calls as model events; what came of them follows as information, failures follow as errors. Each
scored criterion is a score; one that is unscored has none, and its reasons stand in the sample's metadata.
Times and tokens are as the journal has them, and what it does not know is missing. A call that the ledger
answered is marked as read from a cache.

The file is a zip that only Inspect's own package writes. Needs the extra `inspect`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from debate.errors import SettingsError, TranscriptError
from debate.events import (
    CallFailed,
    CallFinished,
    CallRetried,
    CallStarted,
    Event,
    JudgeFailed,
    LetterWritten,
    Note,
    PlanMade,
    Repair,
    RunFinished,
    RunStarted,
    SeatFailed,
    SeatSpoke,
    SeatStarted,
    VerdictGiven,
    seat_of,
)
from debate.sanitize import plain
from debate.transcripts import ANSWER, Run
from debate.verdict import Score, Scored, Verdict

try:
    from inspect_ai import event as ie
    from inspect_ai import log as il
    from inspect_ai import model as im
    from inspect_ai import scorer
except ModuleNotFoundError as missing:
    raise SettingsError(
        f"an Inspect log needs a package that is not installed ({missing.name}): "
        "pip install 'lens-debate[inspect]'"
    ) from missing

_STATUS: Final = {"done": "success", "degraded": "success", "failed": "error", "interrupted": "cancelled"}
_SPANS: Final[dict[type[Event], str]] = {
    PlanMade: "critic",
    LetterWritten: "writer",
    VerdictGiven: "judge",
    JudgeFailed: "judge",
}
_SILENT: Final = (RunStarted, RunFinished, SeatStarted, CallStarted)  # spans say the same
_TASK: Final = "debate"


def write_log(run: Run, path: Path) -> None:
    """Write the last sitting of `run` to `path`, which ends in `.eval`.

    Raises `SettingsError` for another name, `TranscriptError` when it cannot be written.
    """
    if path.suffix != ".eval":
        raise SettingsError(f"{path}: the name of an Inspect log ends in .eval, or its viewer passes it over")
    try:
        path.touch(mode=0o600)  # for its owner alone, as all that is written of a run
        path.chmod(0o600)
        il.write_eval_log(eval_log(run), str(path), format="eval")
    except OSError as error:
        raise TranscriptError(f"cannot write {path}: {error.strerror}") from error


def eval_log(run: Run) -> il.EvalLog:
    """The log of the last sitting of `run`."""
    manifest, sample = run.manifest, _sample(run)
    result = manifest.result
    status: Any = _STATUS[result.status] if result else "started"
    began, ended = run.sitting[0].at if run.sitting else manifest.created, _last_time(run)
    models = list(dict.fromkeys(manifest.models.values()))
    return il.EvalLog(
        status=status,
        eval=il.EvalSpec(
            eval_id=manifest.id,
            run_id=manifest.id,
            created=manifest.created.isoformat(),
            task=_TASK,
            task_id=manifest.problem.id,
            task_display_name=f"{_TASK}: {manifest.problem.id}",
            task_args={"problem": manifest.problem.id, "lenses": manifest.terms, "seed": manifest.seed},
            solver=manifest.protocol.id,
            tags=[seat.name for seat in manifest.seats],
            dataset=il.EvalDataset(name=manifest.problem.id, samples=1, sample_ids=[manifest.problem.id]),
            model=models[0] if len(models) == 1 else ", ".join(models),
            config=il.EvalConfig(),
            packages=dict(manifest.versions),
            metadata=_explains(run),
        ),
        results=il.EvalResults(
            total_samples=1,
            completed_samples=int(status == "success"),
            scores=[_result(name, score) for name, score in (sample.scores or {}).items()],
        ),
        stats=il.EvalStats(
            started_at=began.isoformat(), completed_at=ended.isoformat(), model_usage=sample.model_usage
        ),
        error=sample.error,
        samples=[sample],
    )


def _explains(run: Run) -> dict[str, Any]:
    """What explains the run: who sat, seed, hashes, certificates, and how it ended."""
    manifest = run.manifest
    kept = manifest.model_dump(mode="json", by_alias=True, exclude={"versions"})
    certificates = {
        event.verdict.kind: event.verdict.certificate.model_dump(mode="json")
        for event in run.of(VerdictGiven)
        if event.verdict.certificate
    }
    return {"manifest_sha256": manifest.digest, "certificates": certificates, **kept}


def _sample(run: Run) -> il.EvalSample:
    manifest, calls = run.manifest, run.of(CallFinished)
    scores = {name: score for name, score in _scores(run) if score.status is Scored.SCORED}
    unscored = {name: list(score.reasons) for name, score in _scores(run) if name not in scores}
    result, answer = manifest.result, _answer(run)
    output = im.ModelOutput(
        model=calls[-1].model if calls else "",
        choices=[im.ChatCompletionChoice(message=im.ChatMessageAssistant(content=answer))] if answer else [],
    )
    asked = next((_message(m.role, m.content) for call in calls for m in call.messages[-1:]), None)
    failed = result.error if result and result.status in ("failed", "interrupted") else None
    return il.EvalSample(
        id=manifest.problem.id,
        epoch=1,
        input=[asked] if asked else manifest.problem.id,
        target="",
        messages=[asked, *(choice.message for choice in output.choices)] if asked else [],
        output=output,
        scores={name: _score(score) for name, score in scores.items()},
        metadata={
            "seats": [seat.name for seat in manifest.seats],
            "seed": manifest.seed,
            "status": result.status if result else "unfinished",
            "unscored": unscored,
            "notes": [*(note.text for note in run.of(Note)), *run.notes],
        },
        events=list(_events(run)),
        model_usage=_summed(calls),
        total_time=result.seconds if result else None,
        error=_error(failed) if failed else None,
        uuid=manifest.id,
    )


def _answer(run: Run) -> str:
    """The letter as it was written to be read; "" when there is none."""
    if not run.of(LetterWritten):
        return ""
    try:
        return plain((run.path / ANSWER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return plain(run.of(LetterWritten)[-1].letter.model_dump_json(indent=2))


def _events(run: Run) -> Iterator[Any]:
    """Span after span in the order they begin. Seats overlap in time, so a span's events stay together."""
    spans: dict[str, list[Event]] = {}
    for event in run.sitting:
        if not isinstance(event, _SILENT):
            spans.setdefault(_span_of(event), []).append(event)
    names = {seat.id: seat.name for seat in run.manifest.seats}
    for id_, events in sorted(spans.items(), key=lambda span: _begin(span[1])):
        if not id_:
            yield from (_told(event, None) for event in events)
            continue
        begin, end = _begin(events), max(event.at for event in events)
        kind, _, seat = id_.partition("/")
        name = plain(names.get(seat, seat)) or kind
        yield ie.SpanBeginEvent(id=id_, span_id=id_, name=name, type="agent", timestamp=begin)
        yield from (_told(event, id_) for event in events)
        yield ie.SpanEndEvent(id=id_, span_id=id_, timestamp=end)


def _span_of(event: Event) -> str:
    """Whose event it is: `seat/<id>`, or a role; "" for what concerns the whole debate."""
    if seat := seat_of(event):
        return f"seat/{seat}"
    if isinstance(event, Repair | CallFailed):
        role, _, rest = event.call.partition("/")
        return f"seat/{rest.split('/')[0]}" if role in ("lens-agent", "solo") and rest else role
    if isinstance(event, CallFinished):
        return event.role
    return _SPANS.get(type(event), "")


def _begin(events: Sequence[Event]) -> datetime:
    return min(
        event.at - timedelta(seconds=event.seconds) if isinstance(event, CallFinished) else event.at
        for event in events
    )


def _told(event: Event, span: str | None) -> Any:
    """The event as Inspect knows it."""
    match event:
        case CallFinished():
            return _model_event(event, span)
        case SeatFailed(error=error) | JudgeFailed(error=error) | CallFailed(error=error):
            return ie.ErrorEvent(error=_error(error), timestamp=event.at, span_id=span)
        case VerdictGiven(verdict=verdict) if verdict.headline.status is Scored.SCORED:
            return ie.ScoreEvent(
                score=_score(verdict.headline), scorer=verdict.judge, timestamp=event.at, span_id=span
            )
        case CallRetried() | Repair() | SeatSpoke() | PlanMade() | LetterWritten() | VerdictGiven() | Note():
            data = event.model_dump(mode="json", exclude={"seq", "at", "type"})
            return ie.InfoEvent(source=_source(event), data=_plain(data), timestamp=event.at, span_id=span)
        case _:
            raise AssertionError(f"an Inspect log has no place for {type(event).__name__}")


def _source(event: Event) -> str:
    return str(getattr(event, "type", ""))


def _model_event(call: CallFinished, span: str | None) -> ie.ModelEvent:
    content: list[Any] = [im.ContentText(text=plain(call.reply))]
    if call.reasoning:
        content.insert(0, im.ContentReasoning(reasoning=plain(call.reasoning)))
    usage = _usage([call])
    output = im.ModelOutput(
        model=call.model,
        choices=[im.ChatCompletionChoice(message=im.ChatMessageAssistant(content=content))],
        usage=usage,
        time=call.seconds,
    )
    return ie.ModelEvent(
        span_id=span,
        model=call.model,
        role=call.role,
        input=[_message(message.role, message.content) for message in call.messages],
        tools=[],
        tool_choice="none",
        config=im.GenerateConfig(),
        output=output,
        cache="read" if call.from_ledger else None,
        retries=max(0, call.attempts - 1),
        timestamp=call.at - timedelta(seconds=call.seconds),
        completed=call.at,
        working_time=call.seconds,
        metadata={"call": call.call, "from_ledger": call.from_ledger, "flags": list(call.flags)},
    )


def _message(role: str, text: str) -> Any:
    kinds = {"system": im.ChatMessageSystem, "assistant": im.ChatMessageAssistant}
    return kinds.get(role, im.ChatMessageUser)(content=plain(text))


def _summed(calls: Sequence[CallFinished]) -> dict[str, im.ModelUsage]:
    """Usage by model; a model that did not count some call is left out."""
    models = dict.fromkeys(call.model for call in calls)
    used = {model: _usage([call for call in calls if call.model == model]) for model in models}
    return {model: usage for model, usage in used.items() if usage is not None}


def _usage(calls: Sequence[CallFinished]) -> im.ModelUsage | None:
    tokens_in, tokens_out = [call.input_tokens for call in calls], [call.output_tokens for call in calls]
    costs = [call.cost for call in calls]
    if None in tokens_in or None in tokens_out:
        return None
    spent, said = sum(n for n in tokens_in if n), sum(n for n in tokens_out if n)
    cost = None if None in costs else sum(c for c in costs if c)
    return im.ModelUsage(input_tokens=spent, output_tokens=said, total_tokens=spent + said, total_cost=cost)


def _scores(run: Run) -> Iterator[tuple[str, Score]]:
    """The scores of both judges by name; the jury's are marked, for the two are never averaged."""
    last = {event.verdict.kind: event.verdict for event in run.of(VerdictGiven)}
    for kind, verdict in sorted(last.items()):
        for score in (verdict.headline, *verdict.criteria):
            yield _name(score, verdict, kind), score


def _name(score: Score, verdict: Verdict, kind: str) -> str:
    name = "headline" if score is verdict.headline else score.name
    return name if kind == "checks" else f"{name} (jury)"


def _score(score: Score) -> scorer.Score:
    """A scored criterion, 0 to 10."""
    assert score.answer is not None
    beside = score.model_dump(mode="json", exclude={"name", "answer", "reasons"})
    why = "\n".join(plain(reason) for reason in score.reasons)
    return scorer.Score(value=score.answer, explanation=why or None, metadata=beside)


def _result(name: str, score: scorer.Score) -> il.EvalScore:
    judge = "jury" if name.endswith("(jury)") else "checks"
    value = score.value
    assert isinstance(value, int | float)
    return il.EvalScore(
        name=name, scorer=judge, scored_samples=1, metrics={"mean": il.EvalMetric(name="mean", value=value)}
    )


def _error(message: str) -> il.EvalError:
    """A failure; where in our code it was noticed is no news to a reader."""
    return il.EvalError(message=plain(message), traceback="", traceback_ansi="")


def _plain(value: Any) -> Any:
    """Every text in it made safe to show."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _last_time(run: Run) -> datetime:
    return run.sitting[-1].at if run.sitting else run.manifest.created
