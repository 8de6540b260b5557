"""`debate judge`, `debate rejudge` and `debate calibrate`: judges, with no debate."""

from typing import Annotated

import typer

from debate.cli.options import (
    BaseUrlOption,
    ConcurrencyOption,
    DeadlineOption,
    EmbeddingsOption,
    FailUnderOption,
    JsonOption,
    JudgeRepeatsOption,
    LedgerOption,
    LibraryOption,
    MaxCallsOption,
    MaxCostOption,
    MaxTokensOption,
    ModelOption,
    PricesOption,
    QuietOption,
    SetOption,
    TranscriptsOption,
)
from debate.cli.spec import FLAGS

ProblemsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PROBLEM]…", help="Ids or card files; all with two known answers when left out."),
]


def judge(
    *,
    problem: Annotated[str, typer.Argument(metavar="PROBLEM", help="Id of a problem, or a card file.")],
    answer: Annotated[
        str, typer.Argument(metavar="ANSWER", help="A text file with the answer, from anywhere; - for stdin.")
    ],
    lenses: Annotated[
        str | None,
        typer.Option("--lenses", metavar="IDS", help="Lenses the answer was written with, comma-separated."),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option("--author", metavar="MODEL", help="The model that wrote it, to see who judges its own."),
    ] = None,
    model: ModelOption = None,
    judge_repeats: JudgeRepeatsOption = None,
    embeddings: EmbeddingsOption = None,
    base_url: BaseUrlOption = None,
    sampling: SetOption = None,
    prices: PricesOption = None,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    deadline: DeadlineOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    fail_under: FailUnderOption = None,
) -> None:
    """Judge any answer to a problem, beside the card's two known answers.

    By rule, and by a model beside it with --model judge=…. The verdict is the one a run would have given.

    Examples:

        debate judge code_performance-stuck answer.md
        pbpaste | debate judge my-problem.md - --model judge=ollama:ID

    Exit codes: 0 judged, 1 a model could not be asked, 2 your input is wrong, 3 the score by rule is below
    --fail-under, or the model gave too few ballots for a headline.
    """
    given = {
        name: value
        for name, value in locals().items()
        if name in FLAGS - {"lenses"} and value not in (None, [])
    }
    from debate.cli.judged import judge_answer  # noqa: PLC0415 - see debate.cli

    judge_answer(
        given,
        problem,
        answer,
        lenses=lenses,
        author=author,
        json=json,
        quiet=quiet,
        fail_under=fail_under,
    )


def rejudge(
    *,
    runs: Annotated[list[str], typer.Argument(metavar="RUN…", help="Ids of runs, parts of them, or last.")],
    model: ModelOption = None,
    judge_repeats: JudgeRepeatsOption = None,
    embeddings: EmbeddingsOption = None,
    base_url: BaseUrlOption = None,
    sampling: SetOption = None,
    prices: PricesOption = None,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    deadline: DeadlineOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Judge the answers of stored runs once more, with another judge, and hold no debate.

    The runs stay as they are. What a judge says is in the ledger, so the same question again costs nothing.

    Examples:

        debate rejudge last --model judge=ollama:ID
        debate rejudge last last~1 last~2 --json

    Exit codes: as debate judge.
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    from debate.cli.judged import judge_runs  # noqa: PLC0415 - see debate.cli

    judge_runs(given, runs, json=json, quiet=quiet)


def calibrate(
    *,
    problems: ProblemsArgument = None,
    model: ModelOption = None,
    judge_repeats: JudgeRepeatsOption = None,
    embeddings: EmbeddingsOption = None,
    base_url: BaseUrlOption = None,
    sampling: SetOption = None,
    prices: PricesOption = None,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    deadline: DeadlineOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Try the judges on answers whose order is known, made from the card's own two, and keep what came out.

    Every verdict on the card then says whether its judge was found admissible. Without --model judge=… the
    judge by rule is tried, which costs nothing.

    Examples:

        debate calibrate code_performance-stuck
        debate calibrate --model judge=ollama:ID --judge-repeats 5

    Exit codes: 0 every judge that was tried is admissible on every card, 1 a model could not be asked, 2 your
    input is wrong, 3 a judge is inadmissible or unvalidated on a card; stderr says which and why.
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    from debate.cli.calibrated import calibrate_all  # noqa: PLC0415 - see debate.cli

    calibrate_all(given, problems, json=json, quiet=quiet)
