"""`debate view`: the runs in a browser."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen
from debate.cli.opening import run_folders
from debate.cli.options import LibraryOption, TranscriptsOption
from debate.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NEEDED = ("starlette", "uvicorn")


def view(
    *,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN|STUDY]",
            help="What to open first: a run (id, part of one, last, last~1) or a study. Default: the list.",
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option("--port", metavar="N", min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one."),
    ] = 0,
    no_open: Annotated[
        bool, typer.Option("--no-open", metavar="", help="Print the address, and open no browser.")
    ] = False,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
) -> None:
    """Look at runs in a browser: the list, each debate, two side by side, studies, and what runs now.

    The page is for you alone: it is served on 127.0.0.1, only to who has the address that is printed, and
    changes nothing. Ctrl-C ends it.
    """
    _need_extra()
    import secrets  # noqa: PLC0415 - see debate.cli

    from debate.web.app import app  # noqa: PLC0415 - needs the extra
    from debate.web.guard import TOKEN  # noqa: PLC0415 - needs the extra
    from debate.web.serving import ADDRESS, Server, listening  # noqa: PLC0415 - needs the extra

    bases = run_folders(library, transcripts)
    place = _place(what, bases)
    token = secrets.token_urlsafe(32)
    with listening(port) as door:
        address = f"http://{ADDRESS}:{door.getsockname()[1]}{place}?{TOKEN}={token}"
        screen.text(address)
        screen.say("Ctrl-C ends it. The address lets in whoever has it; keep it to yourself.")
        sys.stdout.flush()
        if not no_open and _has_browser():
            import webbrowser  # noqa: PLC0415 - see debate.cli

            webbrowser.open(address)
        try:
            Server(app(bases, token)).run(sockets=[door])
        except KeyboardInterrupt:
            screen.say("debate: the page is closed")


def _need_extra() -> None:
    from importlib.util import find_spec  # noqa: PLC0415 - see debate.cli

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(
            f"debate view needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not "
            "installed; install with: pip install 'lens-debate[view]'"
        )


def _has_browser() -> bool:
    """Whether a window can open: without a display `webbrowser` would start one in the terminal."""
    return sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _place(what: str | None, bases: "Sequence[Path]") -> str:
    """The address of the page `what` stands for."""
    from debate.run_names import run_named  # noqa: PLC0415 - see debate.cli

    if what is None:
        return "/"
    try:
        return f"/runs/{run_named(what, bases).id}"
    except InputError as error:
        from debate.studies.plan import find_study  # noqa: PLC0415 - loads LangGraph

        try:
            return f"/studies/{find_study(what, bases[0]).name}"
        except InputError:
            raise error from None
