"""The transcript page: a run as one Markdown page, whole enough to follow the debate without the program.

Order of the page is the order of the debate: the case as agents saw it, what each seat said, the plan as
record, the letter, the verdict, the calls. A failure stands where the thing is missing, in capitals, never as
an empty section. All text of cards and models passes `debate.sanitize`.
"""

import re
from collections.abc import Iterable
from typing import TypeVar

from debate.cards.facts import FactKind
from debate.cards.problem import ProblemCard
from debate.contributions import Hypothesis
from debate.events import (
    CallFailed,
    CallFinished,
    Event,
    JudgeFailed,
    LetterWritten,
    Note,
    PlanMade,
    Repair,
    RunFinished,
    SeatFailed,
    SeatSpoke,
    VerdictGiven,
    seat_of,
)
from debate.letters import days_text, interval_text, letter_markdown, plan_markdown
from debate.manifest import Manifest
from debate.sanitize import markdown_line, plain
from debate.transcripts import Run
from debate.verdict import Score, Verdict

KINDS = {
    FactKind.CONTEXT: "Context",
    FactKind.CHALLENGE: "Challenge",
    FactKind.TRIED: "What was tried",
    FactKind.CONSTRAINT: "Constraints",
    FactKind.CRITERION: "What a good answer does",
}


E = TypeVar("E", bound=Event)

PREFERRED = {
    "answer": "the answer is preferred to the baseline in both orders",
    "baseline": "the baseline is preferred to the answer in both orders",
    "tie": "no preference between answer and baseline holds in both orders",
}
_NO_CARD = "The problem card has changed since or is gone; `events.jsonl` holds what was said."


def transcript_markdown(run: Run, card: ProblemCard | None = None) -> str:
    """The page. Without `card` (it changed since the run) the case, plan and letter are named, not shown."""
    title = card.title if card else run.manifest.problem.id
    blocks = [f"# Debate: {markdown_line(title)}", *_about(run), *_ending(run)]
    if card:
        blocks += _case(card)
    blocks += ["## What the seats said", *_seats(run, None), *_plan(run, card), *_letter(run, card)]
    for verdict in sorted((event.verdict for event in run.of(VerdictGiven)), key=lambda each: each.kind):
        title = "The verdict" if verdict.kind == "checks" else "The jury's verdict"
        blocks += [f"## {title}", verdict_markdown(verdict)]
    blocks += _calls(run)
    return _page(blocks)


def seat_markdown(run: Run, seat: str) -> str:
    """What one seat said, or how it failed; empty when the run has no such seat."""
    return _page(_seats(run, seat))


def prompts_markdown(run: Run, seat: str | None = None) -> str:
    """Every call in full: each message as sent, the reply as received; of one seat when `seat` is given."""
    blocks: list[str] = []
    for call in _in_order(run, run.of(CallFinished)):
        if seat is not None and call.seat != seat:
            continue
        blocks.append(f"## Call {_code(call.call)} to {markdown_line(call.model)}")
        for message in call.messages:
            blocks += [f"### {markdown_line(message.role)}", fenced(message.content)]
        if call.reasoning:
            blocks += ["### reasoning", fenced(call.reasoning)]
        blocks += ["### reply", fenced(call.reply)]
    return _page(blocks)


def verdict_markdown(verdict: Verdict, reasons: int | None = None) -> str:
    """Baseline → this answer → target, criterion by criterion, and the first `reasons` of each, or all."""
    rows = [_score_row(score) for score in verdict.criteria]
    rows.append(_score_row(verdict.headline, bold=True))
    head = "| criterion | baseline | this answer | target | band |\n|---|---:|---:|---:|---|"
    why = [
        f"- **{markdown_line(score.name)}**: {' '.join(map(markdown_line, score.reasons[:reasons]))}"
        for score in (*verdict.criteria, verdict.headline)
        if score.reasons
    ]
    judge = f"Judge: {_code(verdict.judge)}, rubric {_code(verdict.rubric[:12])}. Scores are 0 to 10."
    return _page(["\n".join([head, *rows]), judge, _bullets(beside_lines(verdict)), "\n".join(why)]).rstrip(
        "\n"
    )


def beside_lines(verdict: Verdict) -> list[str]:
    """What must be read beside the scores: the judge's certificate, its stamps, the comparison in both
    orders.
    """
    lines = [markdown_line(stamp) for stamp in verdict.stamps]
    if verdict.certificate is not None:
        state, why = verdict.certificate.state, markdown_line(verdict.certificate.why)
        lines.insert(0, f"Certificate: {state}: {why}")
    if verdict.preferred is not None:
        lines.append(f"Side by side: {PREFERRED[verdict.preferred]}")
    return lines


def fenced(text: str) -> str:
    """A text as it is, in a fence longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{plain(text).rstrip()}\n{fence}"


def score_text(value: float | None) -> str:
    """A score with one decimal; a dash where there is none."""
    return "–" if value is None else f"{value:.1f}"


def _score_row(score: Score, *, bold: bool = False) -> str:
    mark = "**" if bold else ""
    cells = [
        markdown_line(score.name),
        *(score_text(v) for v in (score.baseline, score.answer, score.target)),
    ]
    band = (score.band or str(score.status)) + " (disputed)" * score.disputed
    return "| " + " | ".join(f"{mark}{_cell(cell)}{mark}" for cell in [*cells, band]) + " |"


def _about(run: Run) -> list[str]:
    manifest = run.manifest
    seats = ", ".join(markdown_line(seat.name) for seat in manifest.seats)
    models = ", ".join(f"{markdown_line(role)}: {_code(model)}" for role, model in manifest.models.items())
    lines = [
        f"Run {_code(manifest.id)}, begun {manifest.created:%Y-%m-%d %H:%M:%S} UTC, debate {manifest.debate}",
        f"Problem {_code(manifest.problem.id)} ({markdown_line(manifest.problem.origin)})",
        f"Protocol {_code(manifest.protocol.id)}, lenses {_code(manifest.terms)}, seed {manifest.seed}",
        f"Seats: {seats}",
        f"Models: {models}",
        *(f"Note: {markdown_line(note.text)}" for note in run.of(Note)),
        *(f"Note: {markdown_line(note)}" for note in run.notes),
    ]
    return [_bullets(lines)]


def _ending(run: Run) -> list[str]:
    """How the run ended, when it did not simply end well."""
    failed = _in_order(run, run.of(SeatFailed))
    lines = [
        f"**SEAT FAILED: {markdown_line(_name(run.manifest, f.seat))}.** {markdown_line(f.error)}"
        for f in failed
    ]
    lines += [
        f"**NOT JUDGED.** The judge failed: {markdown_line(event.error)}" for event in run.of(JudgeFailed)
    ]
    finished = run.of(RunFinished)
    if not finished:
        lines.append("**UNFINISHED.** The run was killed or is still going; below is what it left so far.")
    elif finished[-1].status in ("failed", "interrupted"):
        lines.insert(0, f"**{finished[-1].status.upper()}.** {markdown_line(finished[-1].error or '')}")
    return lines


def _case(card: ProblemCard) -> list[str]:
    blocks = ["## The case", f"Domain: {markdown_line(card.domain)}"]
    for kind, heading in KINDS.items():
        if facts := card.of(kind):
            blocks += [f"### {heading}", _bullets(f"{_code(f.id)} {markdown_line(f.text)}" for f in facts)]
    if card.readings:
        lines = (f"{_code(r.id)} {markdown_line(r.text)} (from {', '.join(r.cites)})" for r in card.readings)
        blocks += ["### Readings, computed from the facts", _bullets(lines)]
    if card.question:
        blocks += ["### What the owner asks", fenced(card.question)]
    return blocks


def _seats(run: Run, only: str | None) -> list[str]:
    """What the seats said."""
    blocks: list[str] = []
    said: list[SeatSpoke | SeatFailed] = [*run.of(SeatSpoke), *run.of(SeatFailed)]
    for event in _in_order(run, said):
        if only not in (None, event.seat):
            continue
        blocks.append(f"### {markdown_line(_name(run.manifest, event.seat))}")
        if isinstance(event, SeatFailed):
            blocks.append(f"**FAILED.** {markdown_line(event.error)}")
        else:
            for hypothesis in event.hypotheses:
                blocks += _hypothesis(hypothesis)
    return blocks


def _hypothesis(said: Hypothesis) -> list[str]:
    prediction = said.prediction
    true, false = interval_text(prediction.if_true), interval_text(prediction.if_false)
    tester, builder = (f"{markdown_line(e.who)}, {days_text(e.days)}" for e in (said.effort, said.build))
    lines = [
        f"Mechanism: {markdown_line(said.mechanism)}",
        f"Rests on: {', '.join(map(_code, said.cites))}",
        f"Against it: {markdown_line(said.against)}",
        f"Measure: {markdown_line(prediction.measure)}; now: {markdown_line(prediction.now)}",
        f"If true: {markdown_line(true)}; if false: {markdown_line(false)}",
        f"Test ({tester}): {markdown_line(said.test)}",
        f"Then ({builder}): {markdown_line(said.intervention)}",
        f"Worth: {markdown_line(said.effect)}",
        f"Rival: {markdown_line(said.rival)}",
        *(f"{_code(e.tried)} fell short: {markdown_line(e.because)}" for e in said.explains),
    ]
    head = f"#### {_code(said.id)}, confidence {said.confidence} of 100"
    return [head, f"**{_bare(said.claim)}**", _bullets(lines)]


def _plan(run: Run, card: ProblemCard | None) -> list[str]:
    made = run.of(PlanMade)
    if not made:
        return ["## The plan", "**NO PLAN.** The run ended before the critic was done."]
    names = {seat.id: seat.name for seat in run.manifest.seats}
    hypotheses = [hypothesis for event in run.of(SeatSpoke) for hypothesis in event.hypotheses]
    page = plan_markdown(made[-1].plan, hypotheses, card, names) if card else _NO_CARD
    return ["## The plan", _below(page)]


def _letter(run: Run, card: ProblemCard | None) -> list[str]:
    written = run.of(LetterWritten)
    if not written:
        return ["## The answer", "**NO ANSWER.** The run ended before the writer was done."]
    return ["## The answer", _below(letter_markdown(written[-1].letter, card) if card else _NO_CARD)]


def _calls(run: Run) -> list[str]:
    """Every call. Whether its reply was paid for now or before is in the journal: a page must not tell a run
    that was interrupted from one that was not.
    """
    calls = _in_order(run, run.of(CallFinished))
    if not calls:
        return []
    rows = [
        f"| {_code(call.call)} | {_cell(markdown_line(call.model))} | {_count(call.input_tokens)} "
        f"| {_count(call.output_tokens)} | {call.seconds:.1f} |"
        for call in calls
    ]
    head = "| call | model | tokens in | tokens out | seconds |\n|---|---|---:|---:|---:|"
    places = {call.call: place for place, call in enumerate(calls)}
    repairs = (
        f"{_code(repair.call)} was asked once more: {'; '.join(map(markdown_line, repair.faults))}"
        for repair in sorted(run.of(Repair), key=lambda repair: places.get(repair.call, len(places)))
    )
    lost = (
        f"{_code(call.call)} came to nothing: {markdown_line(call.error)}"
        for call in sorted(run.of(CallFailed), key=lambda call: call.call)
    )
    return ["## The calls", "\n".join([head, *rows]), _bullets([*repairs, *lost])]


def _in_order(run: Run, events: Iterable[E]) -> list[E]:
    """Events by seat in the panel's order, then those of no seat: who finished first says nothing."""
    order = {seat.id: number for number, seat in enumerate(run.manifest.seats)}

    def place(event: Event) -> tuple[bool, int]:
        seat = seat_of(event)
        return seat is None, order.get(seat or "", len(order))

    return sorted(events, key=place)


def _name(manifest: Manifest, seat: str) -> str:
    return next((s.name for s in manifest.seats if s.id == seat), seat)


def _below(page: str) -> str:
    """A page as part of another: its title gives way to the heading above, the rest goes a level down."""
    body = re.sub(r"\A# .*\n+", "", page)
    return re.sub(r"^(#{1,5} )", r"#\1", body, flags=re.MULTILINE).strip()


def _code(text: str) -> str:
    return f"`{markdown_line(text).replace('`', '')}`"


def _bare(text: str) -> str:
    """One line without emphasis of its own."""
    return markdown_line(text.replace("*", ""))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _count(tokens: int | None) -> str:
    return "unknown" if tokens is None else f"{tokens:,}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _page(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"
