"""Exports: a report as Markdown, as CSV and JSON lines (one figure a row), and as one JSON document."""

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from debate.sanitize import markdown_line, plain
from debate.studies.effects import Effect
from debate.studies.games import GameReport
from debate.studies.report import StudyReport
from debate.studies.sheet import Sheet
from debate.studies.sheets import about, sheets
from debate.studies.summary import findings, next_steps
from debate.studies.survival import Survival
from debate.studies.wording import listed
from debate.transcripts import TRANSCRIPT

FIELDS: Final = (
    *("kind", "game", "name", "figure", "card", "replicate", "value", "low", "high", "n", "p"),
    *("detectable", "state", "note", "runs"),
)
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Figure = Mapping[str, str | float | int | None]


def figures(report: StudyReport) -> Iterator[Figure]:
    """Every figure as a flat row of `FIELDS`; `runs` are ids with blanks between. Overall figures have no
    `card`, and `p` is after Holm wherever a verdict or a comparison is corrected. `detectable` is the
    smallest effect the cards find with 80 % power, in points: empty where they can find none.
    """
    for game in report.games:
        yield from _of_game(game)
    row: Figure
    for each in report.contrasts:
        row = {
            "kind": "contrast", "name": each.arm, "figure": each.effect.what, "detectable": each.detectable
        }  # fmt: skip
        yield from _of_effect(row, each.effect, each.adjusted)
    for arm in report.arms:
        row = {"kind": "arm", "game": arm.game or "", "name": arm.summary.arm, "runs": " ".join(arm.runs)}
        for name in ("mean", "baseline", "target", "tokens", "seats", "mismatch"):
            yield {**row, "figure": name, "value": getattr(arm.summary, name), "n": arm.summary.n}
        yield {**row, "figure": "cost", "value": arm.cost, "n": arm.summary.n}
    yield from _of_ideas(report.survival)
    for gap in report.gaps:
        yield {
            "kind": "oracle gap", "game": gap.game, "name": gap.seat, "figure": "gap", "card": gap.problem,
            "replicate": gap.replicate, "value": gap.gap, "runs": " ".join(gap.runs),
        }  # fmt: skip
    for cell in report.cells:
        row = {
            "kind": "cell", "name": cell.arm, "card": cell.card, "replicate": cell.replicate,
            "state": cell.state, "note": cell.error or "", "runs": cell.run or "",
        }  # fmt: skip
        for name in ("score", "baseline", "target", "tokens", "cost", "seats", "mismatch"):
            yield {**row, "figure": name, "value": getattr(cell, name)}
    for name in ("calls", "distinct", "requests", "tokens", "tokens_sent", "cost", "cost_sent"):
        yield {"kind": "spent", "name": report.study, "figure": name, "value": getattr(report.spent, name)}


def _of_ideas(found: Survival) -> Iterator[Figure]:
    """Counts by seat, then each idea: how many seats raised it, the steps it is in, the criteria it is quoted
    for, each with their names in `note`.
    """
    for seat in found.seats:
        row: Figure = {"kind": "ideas", "name": seat.seat, "runs": " ".join(seat.runs)}
        for name in ("first", "too", "survived", "quoted"):
            yield {**row, "figure": name, "value": getattr(seat, name)}
    for idea in found.ideas:
        row = {
            "kind": "idea", "name": " ".join(idea.hypotheses), "card": idea.card, "runs": idea.run,
            "state": "step" if idea.survived else "set aside" if idea.set_aside else "no step",
        }  # fmt: skip
        yield {**row, "figure": "claim", "note": idea.claim}
        yield {**row, "figure": "seats", "value": len(idea.seats), "note": ", ".join(idea.seats)}
        yield {**row, "figure": "steps", "value": len(idea.steps), "note": idea.end}
        yield {**row, "figure": "quoted", "value": len(idea.quoted), "note": ", ".join(idea.quoted)}


def _of_game(game: GameReport) -> Iterator[Figure]:
    row: Figure
    for lens in game.lenses:
        for found in (lens.shapley, lens.leave_one_out, lens.add_one_in):
            if found is not None:
                verdict = found is lens.measured
                what = "Shapley value" if found is lens.shapley else found.what
                note, p = (f"{lens.standing.value}: {lens.why}", lens.adjusted) if verdict else ("", found.p)
                row = {
                    "kind": "lens", "game": game.game, "name": lens.lens, "figure": what,
                    "detectable": lens.detectable if verdict else None,
                }  # fmt: skip
                yield from _of_effect(row, found, p, note)
    for pair in game.pairs:
        row = {"kind": "pair", "game": game.game, "name": pair.what, "figure": "interaction"}
        yield from _of_effect(row, pair, pair.p)
    if game.placebo is not None:
        row = {"kind": "placebo", "game": game.game, "name": "placebo", "figure": "by seat"}
        yield from _of_effect(row, game.placebo, game.placebo.p)
    for each in game.coalitions:
        yield {
            "kind": "coalition", "game": game.game, "name": " + ".join(each.lenses) or "nobody",
            "figure": "score", "card": each.card, "value": each.score, "runs": " ".join(each.runs),
        }  # fmt: skip


def _of_effect(row: Figure, found: Effect, p: float | None, note: str = "") -> Iterator[Figure]:
    yield {
        **row, "value": found.mean, "low": found.low, "high": found.high, "n": found.n, "p": p, "note": note,
        "runs": " ".join(found.runs),
    }  # fmt: skip
    for card in found.cards:
        yield {**row, "detectable": None, "card": card.card, "value": card.value, "runs": " ".join(card.runs)}


def csv_text(report: StudyReport) -> str:
    """All figures as CSV with a heading. Words that a spreadsheet would take for a formula get an apostrophe
    in front; figures are plain numbers, empty where there is none.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, FIELDS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in figures(report):
        writer.writerow({name: _inert(value) for name, value in row.items()})
    return stream.getvalue()


def _inert(value: str | float | int | None) -> str | float | int | None:
    if not isinstance(value, str):
        return value
    return f"'{plain(value)}" if value.startswith(_FORMULA) else plain(value)


def jsonl_text(report: StudyReport) -> str:
    """All figures, one JSON object a line with all `FIELDS`; `runs` is a list."""
    rows = ({**dict.fromkeys(FIELDS), **row} for row in figures(report))
    return "".join(f"{json.dumps({**row, 'runs': str(row['runs'] or '').split()})}\n" for row in rows)


def json_text(report: StudyReport) -> str:
    """The report as one document."""
    return json.dumps(report.model_dump(mode="json"), indent=2) + "\n"


def markdown_text(report: StudyReport, runs: str = "../../") -> str:
    """The report as a page; `runs` is the way from it to the folder of the runs."""
    first, *others = findings(report)
    blocks = ["# What this study found", f"**{markdown_line(first)}**", *map(markdown_line, others)]
    blocks.append(f"*{markdown_line(about(report))}*")
    blocks += [block for sheet in sheets(report) for block in _section(sheet)]
    if steps := next_steps(report):
        blocks += ["## What to do next", "\n".join(f"- {markdown_line(step)}" for step in steps)]
    blocks += ["## Runs", "\n".join(_run_lines(report, runs))]
    return "\n\n".join(blocks) + "\n"


def _section(sheet: Sheet) -> list[str]:
    rule = ["---" if place < sheet.words else "---:" for place in range(len(sheet.headers))]
    rows = [sheet.headers, rule, *(row.cells for row in sheet.rows)]
    table = "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in rows)
    notes = [f"- {markdown_line(note)}" for note in sheet.notes]
    return [f"## {markdown_line(sheet.title)}", table, *(["\n".join(notes)] if notes else [])]


def _cell(text: str) -> str:
    return text if text.startswith("---") else markdown_line(text).replace("|", "\\|")


def _run_lines(report: StudyReport, runs: str) -> Iterator[str]:
    for arm in report.arms:
        links = [f"[{_cell(run)}](<{runs}{run}/{TRANSCRIPT}>)" for run in arm.runs]
        yield f"- {markdown_line(arm.summary.arm)}: {listed(links, len(links)) or 'none'}"


def way_to_runs(target: Path, base: Path) -> str:
    """The relative way from a file to the folder runs lie in, as an address with a slash at its end."""
    return Path(os.path.relpath(base.resolve(), target.resolve().parent)).as_posix() + "/"
