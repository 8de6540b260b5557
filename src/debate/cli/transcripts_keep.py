"""`debate transcripts export`, `rm` and `reindex`: runs as files to send, away, and listed anew."""

import json as json_text
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen
from debate.cli.opening import NAMES, RunArgument, opened, run_folders
from debate.cli.options import LibraryOption, TranscriptsOption
from debate.errors import InputError, TranscriptError

if TYPE_CHECKING:
    from debate.transcripts import Run


class Form(StrEnum):
    """What a run can be exported as."""

    MD = "md"
    HTML = "html"
    JSON = "json"
    INSPECT = "inspect"


_SUFFIXES = {".md": Form.MD, ".html": Form.HTML, ".htm": Form.HTML, ".json": Form.JSON, ".eval": Form.INSPECT}


def export(
    *,
    run: RunArgument = "last",
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            metavar="FORM",
            help="md, html (one file with everything in it), json, or inspect (an .eval log for Inspect). "
            "Default: as the ending of FILE says, else md.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write. Default: standard output."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", metavar="", help="Write over FILE if it is there already.")
    ] = False,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
) -> None:
    """Write a run as one file to read or to send, by default the last run as Markdown."""
    wanted = form or _by_name(output)
    if output is None and wanted is Form.INSPECT:
        raise InputError("an Inspect log is no text; say where it goes, such as: -o run.eval")
    if output is not None and output.exists() and not force:
        raise InputError(f"{output} is there already; name another file, or add --force")
    loaded = opened(run, library, transcripts)
    if output is None:
        screen.text(_text(loaded, wanted))
    else:
        _write(output, loaded, wanted)
        screen.say(f"Written: {output}")


def _by_name(output: Path | None) -> Form:
    """The form that the ending of a file's name asks for, Markdown without an ending."""
    ending = output.suffix.casefold() if output is not None else ""
    if ending and ending not in _SUFFIXES:
        endings = ", ".join(_SUFFIXES)
        raise InputError(f"{output}: no form ends in {ending}; name it {endings}, or say which with --format")
    return _SUFFIXES.get(ending, Form.MD)


def rm(
    *,
    runs: Annotated[list[str], typer.Argument(metavar="RUN…", help=NAMES)],
    yes: Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Do not ask.")] = False,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
) -> None:
    """Remove runs with all that is in their folders, after asking. Their calls stay in the ledger.

    A run that is being written is not removed, nor an example that comes with the program.
    """
    from debate.cli.asking import Asker, EndedEarly  # noqa: PLC0415 - see debate.cli
    from debate.run_glance import glance  # noqa: PLC0415 - see debate.cli
    from debate.run_names import run_named  # noqa: PLC0415 - see debate.cli
    from debate.transcripts import removable, remove_run  # noqa: PLC0415 - see debate.cli

    bases = run_folders(library, transcripts)
    # All names are read before anything goes: `last` must not come to mean another run on the way.
    found = list(dict.fromkeys(run_named(name, bases) for name in runs))
    for each in found:
        removable(each)
    if not yes:
        for each in found:
            seen = glance(each.path)
            cell = f", a cell of the study {seen.study}" if seen.study else ""
            screen.say(f"{each.id}: {seen.status}{cell}")
        many = "this run" if len(found) == 1 else f"these {len(found)} runs"
        try:
            agreed = Asker().agreed(f"Remove {many} for good?")
        except EndedEarly:
            raise typer.Exit(130) from None
        if not agreed:
            screen.say("Nothing was removed. To remove without being asked: --yes")
            raise typer.Exit(1)
    for each in found:
        remove_run(each)
        screen.say(f"Removed: {each.id}")


def reindex(library: LibraryOption = None, transcripts: TranscriptsOption = None) -> None:
    """Make the index of the runs anew from their folders.

    Needed only after a finished run was changed by hand: all else the list notices by itself.
    """
    from debate.run_index import FILE, FOLDER, rebuild  # noqa: PLC0415 - see debate.cli

    base, *_ = run_folders(library, transcripts)
    if not base.is_dir():
        raise InputError(
            f"{base}: there is no such folder, and so no runs; name another with --transcripts DIR"
        )
    try:
        count = rebuild(base)
    except OSError as error:
        raise TranscriptError(
            f"no index can be kept in {base / FOLDER}: {error.strerror or error}; runs are listed from their "
            "folders all the same"
        ) from error
    screen.say(f"{count:,} run{'s' * (count != 1)} in {base / FOLDER / FILE}")


def _write(output: Path, run: "Run", form: Form) -> None:
    from debate.transcripts import write_whole  # noqa: PLC0415 - see debate.cli

    if form is Form.INSPECT:
        from debate.inspect_log import write_log  # noqa: PLC0415 - needs the extra, and says so

        write_log(run, output)
    else:
        write_whole(output, _text(run, form))


def _text(run: "Run", form: Form) -> str:
    from debate.cli.transcripts_show import document_of, page_of  # noqa: PLC0415 - see debate.cli

    if form is Form.HTML:
        from debate.pages import standalone  # noqa: PLC0415 - see debate.cli

        return standalone(run)
    if form is Form.JSON:
        return json_text.dumps(document_of(run), indent=2) + "\n"
    return page_of(run)
