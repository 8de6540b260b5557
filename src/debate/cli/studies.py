"""`debate studies`: the studies that were held."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from debate.cli import screen
from debate.cli.options import JsonOption, LibraryOption, TranscriptsOption

if TYPE_CHECKING:
    from debate.studies.glance import Glance
    from debate.studies.report import StudyReport

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_studies(
    library: LibraryOption = None, transcripts: TranscriptsOption = None, json: JsonOption = False
) -> None:
    """List the studies, newest first."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.studies.glance import glances  # noqa: PLC0415 - loads LangGraph

    rows = [_listed(each) for each in glances(Library.open(library).transcripts_dir(transcripts))]
    if json:
        screen.document(rows)
        return
    if not rows:
        screen.say("There are no studies yet. Make one with: debate ablate code_performance-stuck")
    shown = [
        tuple(str(row[name]) for name in ("study", "design", "problems", "arms", "done")) for row in rows
    ]
    screen.table(("study", "design", "problems", "arms", "cells done"), shown)


@app.command()
def show(
    *,
    study: Annotated[
        str,
        typer.Argument(
            metavar="[STUDY]", help="Id of a study, a part of it, last, or last~1 (the one before)."
        ),
    ] = "last",
    ideas: Annotated[
        bool,
        typer.Option(
            "--ideas", metavar="", help="What became of each idea of the full panel, and of each seat's."
        ),
    ] = False,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """Show a study, by default the last: its arms with their scores, and what is missing."""
    from debate.cli.study_outcome import show_study, study_document, trouble  # noqa: PLC0415 - loads LangGraph
    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.studies.cells import complete, read_cells  # noqa: PLC0415 - see above
    from debate.studies.plan import read  # noqa: PLC0415 - see above
    from debate.studies.stored import load_report  # noqa: PLC0415 - see above
    from debate.studies.study import StudyResult, study_folder  # noqa: PLC0415 - see above
    from debate.studies.wording import count  # noqa: PLC0415 - see above

    path = study_folder(study, Library.open(library).transcripts_dir(transcripts))
    record = read(path)
    cells = complete(record.plan, read_cells(path))
    if json:
        screen.document(study_document(StudyResult(path, record, tuple(cells), None)))
        return
    plan = record.plan
    screen.text(
        f"{record.id}: {', '.join(plan.designs)}; {', '.join(problem.id for problem in plan.problems)}; "
        f"{count(plan.replicates, 'replicate')}, endpoint {plan.endpoint}, plan {record.sha256[:12]}\n"
    )
    show_study(plan, cells)
    found = load_report(path, {"library": library, "transcripts": transcripts})
    if ideas:
        _show_ideas(found)
    if any(cell.state != "done" for cell in cells):
        screen.say(f"{trouble(cells)}; go on with: {found.resume}", "yellow")


@app.command()
def report(
    *,
    study: Annotated[
        str,
        typer.Argument(
            metavar="[STUDY]", help="Id of a study, a part of it, last, or last~1 (the one before)."
        ),
    ] = "last",
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORM",
            help="text, md, csv, jsonl, json or html. Default: what the file's name ends in, else text.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
    ] = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
) -> None:
    """Report what a study found: verdicts, controls, arms, ideas, what is missing and what to do next.

    csv and jsonl have one figure a row, each with the runs it comes from. html is one page with plots that
    needs no network.

    Examples:

        debate studies report
        debate studies report last -o study.html
        debate studies report last --format csv > study.csv
    """
    from debate.cli import study_report as reports  # noqa: PLC0415 - loads LangGraph
    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.studies.stored import load_report  # noqa: PLC0415 - see above
    from debate.studies.study import study_folder  # noqa: PLC0415 - see above

    wanted = reports.form_of(form, output)
    path = study_folder(study, Library.open(library).transcripts_dir(transcripts))
    found = load_report(path, {"library": library, "transcripts": transcripts})
    if output is not None:
        reports.write_report(found, wanted, output, path.parent.parent)
        screen.say(f"written: {output}")
    elif wanted == "text":
        reports.show_report(found)
    else:
        screen.text(reports.report_text(found, wanted, None, path.parent.parent))


def _listed(found: "Glance") -> dict[str, Any]:
    if found.record is None:
        return {
            "study": found.id,
            "design": f"broken: {found.broken}",
            "problems": "",
            "arms": "",
            "done": "",
        }
    plan = found.record.plan
    return {
        "study": found.id,
        "design": ", ".join(plan.designs),
        "problems": len(plan.problems),
        "arms": len(plan.arms),
        "done": f"{found.states['done']} of {plan.size}",
    }


def _show_ideas(found: "StudyReport") -> None:
    """Ideas by seat, then one by one, over all full panels."""
    from debate.cli.study_report import show_sheets  # noqa: PLC0415 - loads LangGraph
    from debate.studies.idea_sheets import idea_sheet, survival_sheet  # noqa: PLC0415 - see above

    show_sheets([survival_sheet(found), idea_sheet(found)])
