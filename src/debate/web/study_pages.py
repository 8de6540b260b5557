"""The study pages: the list, and a study: its plots, and a grid of cells, each a link to its run.

Reading studies loads what holding them loads, LangGraph with it; so `debate.web.app` imports this module when
the first study is asked for.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from debate.errors import UnknownName
from debate.studies.cells import Cell, complete, read_cells, summaries
from debate.studies.glance import Glance, glances
from debate.studies.html import render_report, run_links, sections
from debate.studies.plan import ProblemPlan, StudyRecord, list_studies, read
from debate.studies.plots.tokens import arm_anchor
from debate.studies.stored import load_report
from debate.studies.summary import findings

_RUNS = "/runs/"


def study_folder(base: Path, id_: str) -> Path:
    """The folder of the study with exactly this id. Raises `UnknownName`."""
    found = next((path for path in list_studies(base) if path.name == id_), None)
    if found is None:
        raise UnknownName("study", id_, ())
    return found


def studies_view(base: Path) -> list[dict[str, Any]]:
    """What studies.html shows, newest first. A study that cannot be read is shown with the reason."""
    return [_listed(found) for found in glances(base)]


def _listed(found: Glance) -> dict[str, Any]:
    if found.record is None:
        return {"id": found.id, "broken": found.broken}
    return {
        "id": found.id,
        "broken": None,
        "plan": found.record.plan,
        "created": found.record.created.astimezone(),
        "done": found.states["done"],
        "failed": found.states["failed"],
    }


def study_view(path: Path, runs: Collection[str]) -> dict[str, Any]:
    """What study.html shows of the study in `path`; a cell links to its run when that is among `runs`.

    Raises `InputError` when the plan cannot be read, or is not the one that was stored.
    """
    record, report = read(path), load_report(path)
    cells = complete(record.plan, read_cells(path))
    states = [cell.state for cell in cells]
    links = {run: link for run, link in run_links(report, _RUNS, "").items() if run in runs}
    first, *others = findings(report)
    return {
        "study": record,
        "void": report.soundness.state == "unsound",
        "finding": first,
        "findings": others,
        "offline": report.offline,
        "figures": [part for part in sections(report, links) if part.plots],
        "anchors": {arm.summary.arm: arm_anchor(arm) for arm in report.arms},
        "created": record.created.astimezone(),
        "counts": {state: states.count(state) for state in ("done", "degraded", "failed", "missing")},
        "arms": summaries(record.plan, cells),
        "grids": list(_grids(record, cells, runs)),
    }


def report_page(path: Path) -> str:
    """The report of the study in `path`, its figures leading to the runs. Raises `InputError`."""
    return render_report(
        load_report(path), _RUNS, leaf="", static="/static/", back=f"/studies/{quote(path.name)}"
    )


def _grids(record: StudyRecord, cells: Sequence[Cell], runs: Collection[str]) -> Iterator[dict[str, Any]]:
    """A grid for each problem: a row for each arm, a column for each replicate."""
    known = {cell.key: cell for cell in cells}
    for problem in record.plan.problems:
        rows = [
            (
                arm,
                [
                    _square(known[problem.id, arm.name, n], record, runs)
                    for n in range(record.plan.replicates)
                ],
            )
            for arm in problem.arms
        ]
        yield {"problem": problem.id, "lenses": _lenses(problem), "rows": rows}


def _lenses(problem: ProblemPlan) -> str:
    return ", ".join(problem.lenses)


def _square(cell: Cell, record: StudyRecord, runs: Collection[str]) -> dict[str, Any]:
    return {
        "state": cell.state,
        "score": cell.score(record.plan.endpoint),
        "error": cell.error,
        "run": cell.run if cell.run in runs else None,
    }
