"""`debate doctor`: whether debates can be held here."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen
from debate.cli.options import (
    BaseUrlOption,
    DeadlineOption,
    EmbeddingsOption,
    JsonOption,
    LedgerOption,
    LensesOption,
    LibraryOption,
    ModelOption,
    SetOption,
    TranscriptsOption,
)
from debate.cli.spec import FLAGS, run_spec

if TYPE_CHECKING:
    from debate.doctor import Finding
    from debate.library import Library
    from debate.runs.spec import RunSpec

_USUAL_PROBLEM = "code_performance-stuck"
_PATIENCE = 60.0  # seconds a model may take for the doctor's question, unless it is told otherwise
_STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(
    *,
    problem: Annotated[
        str,
        typer.Argument(metavar="[PROBLEM]", help="Whose largest prompt must fit into the model's context."),
    ] = _USUAL_PROBLEM,
    lenses: LensesOption = None,
    model: ModelOption = None,
    embeddings: EmbeddingsOption = None,
    base_url: BaseUrlOption = None,
    sampling: SetOption = None,
    deadline: DeadlineOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> None:
    """Check that debates can be held: packages, cards, folders, and each model with a tiny question.

    A model behind a server is asked once or twice, a few thousand tokens at most; an embedding model for two
    vectors. Exit code 0 when nothing
    failed (warnings do not count), 1 when a check failed.

    Examples:

        debate doctor
        debate doctor --model ollama:ID
        debate doctor my-problem.md --model openai:ID --lenses all
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    import asyncio  # noqa: PLC0415 - see debate.cli

    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    spec = run_spec({"deadline": _PATIENCE, **given}, problem=problem)
    findings = asyncio.run(_examined(spec, Library.open(library), quiet=json))
    if json:
        screen.document({"schema": 1, "findings": [asdict(finding) for finding in findings]})
    counts = {level: sum(finding.level == level for finding in findings) for level in _STYLES}
    screen.say(f"{counts['ok']} ok, {counts['warn']} to look at, {counts['fail']} failed")
    if counts["fail"]:
        raise typer.Exit(1)


async def _examined(spec: "RunSpec", library: "Library", *, quiet: bool) -> Sequence["Finding"]:
    """All findings, each shown as it comes."""
    from debate.doctor import examine  # noqa: PLC0415 - loads LangGraph

    findings = []
    async for finding in examine(spec, library):
        findings.append(finding)
        if not quiet:
            screen.line(f"{finding.level:<5}{finding.check}: {finding.said}", _STYLES[finding.level])
            if finding.then:
                screen.line(f"     → {finding.then}")
    return findings
