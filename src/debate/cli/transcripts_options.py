"""Options of `debate transcripts`: which runs, and which side of a run."""

from typing import Annotated

import typer

FILTERS = "Which runs"
SIDES = "One side of it"

ProblemFilter = Annotated[
    str | None,
    typer.Option("--problem", metavar="ID", rich_help_panel=FILTERS, help="Of this problem."),
]
LensFilter = Annotated[
    str | None,
    typer.Option("--lens", metavar="LENS", rich_help_panel=FILTERS, help="With this lens on the panel."),
]
ModelFilter = Annotated[
    str | None,
    typer.Option("--model", metavar="MODEL", rich_help_panel=FILTERS, help="With this model in any role."),
]
StatusFilter = Annotated[
    str | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        rich_help_panel=FILTERS,
        help="done, degraded, failed, interrupted, unfinished, broken, or 'not begun'.",
    ),
]
StudyFilter = Annotated[
    str | None,
    typer.Option("--study", metavar="ID", rich_help_panel=FILTERS, help="Cells of this study."),
]
ScoreFilter = Annotated[
    float | None,
    typer.Option(
        "--min-score",
        metavar="X",
        min=0,
        max=10,
        rich_help_panel=FILTERS,
        help="Scored X or more by the judge by rule.",
    ),
]
SinceFilter = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="WHEN",
        rich_help_panel=FILTERS,
        help="Begun then or later: 2026-11-20, 2026-11-20T14:30 (UTC), or 30m, 12h, 7d, 2w ago.",
    ),
]
UntilFilter = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="WHEN",
        rich_help_panel=FILTERS,
        help="Begun then or earlier; a day counts to its end.",
    ),
]
RunsLimit = Annotated[
    int,
    typer.Option("--limit", metavar="N", min=0, rich_help_panel=FILTERS, help="At most so many; 0 for all."),
]

SeatSide = Annotated[
    str | None,
    typer.Option(
        "--seat",
        metavar="ID",
        rich_help_panel=SIDES,
        help="Only what this seat said, for instance pace-layering.",
    ),
]
HypothesisSide = Annotated[
    str | None,
    typer.Option(
        "--hypothesis",
        metavar="ID",
        rich_help_panel=SIDES,
        help="One hypothesis: the sentences it rests on, its test, and what became of it.",
    ),
]
StepSide = Annotated[
    int | None,
    typer.Option(
        "--step",
        metavar="N",
        rich_help_panel=SIDES,
        help="The trail of step N: back to its hypotheses, and to the sentences they rest on.",
    ),
]
PromptsSide = Annotated[
    bool,
    typer.Option(
        "--prompts",
        metavar="",
        rich_help_panel=SIDES,
        help="Every prompt and reply in full; with --seat those of one seat.",
    ),
]
CallsSide = Annotated[
    bool,
    typer.Option(
        "--calls",
        metavar="",
        rich_help_panel=SIDES,
        help="Every call with model, tokens, cost, time and attempts; with --seat those of one seat.",
    ),
]
FailuresSide = Annotated[
    bool,
    typer.Option(
        "--failures",
        metavar="",
        rich_help_panel=SIDES,
        help="Everything that went wrong, also what was got over.",
    ),
]
