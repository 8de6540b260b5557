"""`debate transcripts show`: one run, or one side of it."""

from typing import TYPE_CHECKING, Any

from debate.cli import screen
from debate.cli.opening import RunArgument, opened
from debate.cli.options import JsonOption, LibraryOption, TranscriptsOption
from debate.cli.transcripts_options import (
    CallsSide,
    FailuresSide,
    HypothesisSide,
    PromptsSide,
    SeatSide,
    StepSide,
)
from debate.errors import InputError, TranscriptError, UnknownName

if TYPE_CHECKING:
    from debate.transcripts import Run


def show(
    *,
    run: RunArgument = "last",
    seat: SeatSide = None,
    hypothesis: HypothesisSide = None,
    step: StepSide = None,
    prompts: PromptsSide = False,
    calls: CallsSide = False,
    failures: FailuresSide = False,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """Show a run, by default the last: the case, what each seat said, plan, answer and verdict."""
    _one_side(
        {
            "--hypothesis": hypothesis,
            "--step": step,
            "--calls": calls,
            "--failures": failures,
            "--prompts": prompts,
        }
    )
    if seat is not None and (hypothesis is not None or step is not None or failures):
        raise InputError("--seat goes with --prompts, with --calls, or alone")
    loaded = opened(run, library, transcripts)
    _known_seat(loaded, seat)
    if hypothesis is not None or step is not None:
        _show_trail(loaded, hypothesis, step, as_json=json)
    elif calls:
        _show_calls(loaded, seat, as_json=json)
    elif failures:
        _show_failures(loaded, as_json=json)
    else:
        _show_said(loaded, seat, prompts=prompts, as_json=json)


def page_of(run: "Run") -> str:
    """The page as it was written; a run that was killed has none and gets one from what it left."""
    from debate.transcript_page import transcript_markdown  # noqa: PLC0415 - see debate.cli
    from debate.transcripts import TRANSCRIPT  # noqa: PLC0415 - see debate.cli

    try:
        return (run.path / TRANSCRIPT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return transcript_markdown(run)
    except (OSError, ValueError) as error:
        raise TranscriptError(f"cannot read {run.path / TRANSCRIPT}: {error}") from error


def document_of(run: "Run", seat: str | None = None) -> dict[str, Any]:
    """The whole run as one document; with `seat` only that seat's events."""
    from debate.events import seat_of  # noqa: PLC0415 - see debate.cli

    events = [event for event in run.events if seat is None or seat_of(event) == seat]
    return {
        "manifest": run.manifest.model_dump(mode="json", by_alias=True),
        "events": [event.model_dump(mode="json") for event in events],
        "notes": list(run.notes),
        "path": str(run.path),
    }


def _one_side(sides: dict[str, object]) -> None:
    given = [flag for flag, value in sides.items() if value not in (None, False)]
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} show different sides of a run; give one of them")


def _known_seat(run: "Run", seat: str | None) -> None:
    from debate.events import seat_of  # noqa: PLC0415 - see debate.cli

    seats = list(dict.fromkeys(name for event in run.events if (name := seat_of(event))))
    if seat is not None and seat not in seats:
        raise UnknownName("seat", seat, seats, f"Seats of this run: {', '.join(seats) or 'none'}")


def _show_said(run: "Run", seat: str | None, *, prompts: bool, as_json: bool) -> None:
    from debate.transcript_page import prompts_markdown, seat_markdown  # noqa: PLC0415 - see debate.cli

    if as_json:
        screen.document(document_of(run, seat))
    elif prompts:
        screen.text(prompts_markdown(run, seat))
    elif seat is not None:
        screen.page(seat_markdown(run, seat))
    else:
        screen.page(page_of(run))


def _show_trail(run: "Run", hypothesis: str | None, step: int | None, *, as_json: bool) -> None:
    from debate.cli import trail_page as page  # noqa: PLC0415 - see debate.cli
    from debate.trail import hypothesis_trail, step_trail  # noqa: PLC0415 - see debate.cli

    if step is not None:
        of_step = step_trail(run, step)
        shown, document = page.step_markdown(of_step), page.step_document(of_step)
    else:
        of_hypothesis = hypothesis_trail(run, hypothesis or "")
        shown = page.hypothesis_markdown(of_hypothesis)
        document = page.hypothesis_document(of_hypothesis)
    if as_json:
        screen.document({"run": run.manifest.id, **document})
    else:
        screen.page(shown)


def _show_calls(run: "Run", seat: str | None, *, as_json: bool) -> None:
    from debate.cli import calls_table as table  # noqa: PLC0415 - see debate.cli

    calls = table.calls_of(run, seat)
    if as_json:
        screen.document({"run": run.manifest.id, "calls": [table.call_document(run, call) for call in calls]})
    else:
        table.show_calls(run, calls)


def _show_failures(run: "Run", *, as_json: bool) -> None:
    from dataclasses import asdict  # noqa: PLC0415 - see debate.cli

    from debate.failures import failures_of  # noqa: PLC0415 - see debate.cli

    found = failures_of(run)
    if as_json:
        told = [{**asdict(failure), "at": failure.at.isoformat()} for failure in found]
        screen.document({"run": run.manifest.id, "status": status_of(run), "failures": told})
        return
    if not found:
        screen.say(f"Nothing went wrong in the run {run.manifest.id}; its status is {status_of(run)}.")
    for failure in found:
        about = f" {failure.who}" * bool(failure.who)
        head = f"{failure.at:%H:%M:%S}  {failure.kind}{about}"
        screen.line(head.upper() if failure.fatal else head, "bold red" if failure.fatal else "yellow")
        screen.wrapped(failure.what, indent=10)


def status_of(run: "Run") -> str:
    """How the run ended, or "unfinished"."""
    return run.manifest.result.status if run.manifest.result else "unfinished"
