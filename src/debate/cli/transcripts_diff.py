"""`debate transcripts diff` and `search`: what two runs have otherwise, and where something was said."""

from itertools import islice
from typing import Annotated

import typer

from debate.cli import screen
from debate.cli.opening import NAMES, opened, run_folders
from debate.cli.options import JsonOption, LibraryOption, TranscriptsOption
from debate.cli.transcripts_options import LensFilter, ProblemFilter
from debate.errors import InputError

_HITS = 50


def diff(
    *,
    one: Annotated[str, typer.Argument(metavar="A", help=NAMES)] = "last~1",
    other: Annotated[
        str, typer.Argument(metavar="B", help="The other run, named in the same ways.")
    ] = "last",
    prompts: Annotated[
        bool, typer.Option("--prompts", metavar="", help="Also the lines of prompts that differ.")
    ] = False,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """Compare two runs, by default the last two: what was asked otherwise, and what came of it.

    Hypotheses and steps are compared by what they say, not by their ids.
    """
    from debate.cli.diff_page import diff_document, diff_markdown  # noqa: PLC0415 - see debate.cli
    from debate.comparing import compare  # noqa: PLC0415 - see debate.cli

    found = compare(opened(one, library, transcripts), opened(other, library, transcripts))
    if json:
        screen.document(diff_document(found))
    else:
        screen.page(diff_markdown(found, prompts=prompts))


def search(
    *,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A word or a phrase, in capitals or not.")],
    problem: ProblemFilter = None,
    lens: LensFilter = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="At most so many sentences; 0 for all.")
    ] = _HITS,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """Search what was asked, said, planned and answered: the run, where in it, and the sentence."""
    from dataclasses import asdict  # noqa: PLC0415 - see debate.cli

    from debate.run_index import Wanted, select  # noqa: PLC0415 - see debate.cli
    from debate.searching import search as searched  # noqa: PLC0415 - see debate.cli

    if not text.strip():
        raise InputError("there is nothing to search for; give a word or a phrase")
    runs = select(run_folders(library, transcripts), Wanted(problem=problem, lens=lens)).rows
    hits = searched((run.path for run in runs), text)
    found = list(islice(hits, limit)) if limit else list(hits)
    more = next(hits, None) is not None
    if json:
        screen.document({"text": text, "more": more, "hits": [asdict(hit) for hit in found]})
        return
    run = where = ""
    for hit in found:
        if hit.run != run:
            screen.line(hit.run, "cyan")
        if (hit.run, hit.where) != (run, where):
            screen.line(f"  {hit.where}", "bold")
        run, where = hit.run, hit.where
        screen.wrapped(hit.sentence, indent=4)
    if not found:
        screen.say(f"Nowhere in {len(runs):,} run{'s' * (len(runs) != 1)}: {text}")
    if more:
        screen.say(f"The first {len(found)} sentences; more with --limit N, all with 0", "dim")
