"""The application: which address shows which page.

    /                       the runs, filtered
    /runs/{id}              a run: as a person would read it, or live while it goes on
    /runs/{id}/events       what happens in it, as server-sent events
    /compare?run=A&run=B    two runs side by side
    /studies                the studies
    /studies/{id}           a study: its plots, and its cells, each a link to a run
    /studies/{id}/report    its report: verdicts, tables, what to do next
    /static/{name}          style and scripts

Pages are made by plain functions, which Starlette runs in threads of their own: reading a run folder holds
up nobody who watches another one live.
"""

import math
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from debate import studies
from debate.comparing import compare
from debate.errors import DebateError, UnknownName
from debate.pages import render, run_view, static_files
from debate.run_lock import being_written
from debate.run_names import run_names
from debate.sanitize import plain
from debate.transcripts import read_manifest
from debate.web.archive import Archive
from debate.web.guard import HEADERS, Guard
from debate.web.live import Streams, live_view, position
from debate.web.run_list import SIZE, filters, list_view

# By their place: the module that makes reports loads LangGraph.
_STUDY_STYLES: Final = {
    name: Path(studies.__path__[0]) / "templates" / name for name in ("report.css", "plots.css")
}
_STREAM: Final = "text/event-stream"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def app(bases: Sequence[Path], token: str) -> Starlette:
    """The application for the runs in `bases`; `token` lets the reader in. `state.streams` are the open
    streams, to be closed before the server stops.
    """
    archive, streams = Archive(tuple(bases)), Streams()
    made = Starlette(
        routes=_routes(archive, streams),
        middleware=[Middleware(Guard, token=token, refuse=error_page)],
        exception_handlers={HTTPException: _on_status, DebateError: _on_error, Exception: _on_bug},
    )
    made.state.streams = streams
    return made


def _routes(archive: Archive, streams: Streams) -> list[Route]:
    def runs(request: Request) -> Response:
        asked = filters(request.query_params)
        page = archive.select(asked.wanted, limit=SIZE, offset=asked.offset)
        if page.total and not page.rows:
            return RedirectResponse(asked.address(math.ceil(page.total / SIZE)), 303)
        return _html("list.html", **list_view(asked, page))

    def run(request: Request) -> Response:
        folder = archive.folder(request.path_params["id"])
        if being_written(folder):
            return _html("live.html", live=live_view(folder, read_manifest(folder)))
        return _html("run.html", run=run_view(archive.run(folder.name)))

    def events(request: Request) -> Response:
        folder = archive.folder(request.path_params["id"])
        if streams.full:
            raise HTTPException(
                503, "Too many pages follow a run; close one of them, then load this one again."
            )
        if request.method == "HEAD":
            return Response(media_type=_STREAM)  # a stream without its body would never end
        begin = position(request.headers.get("last-event-id") or request.query_params.get("from"))
        stream = streams.stream(folder, read_manifest(folder), begin)
        return StreamingResponse(stream, media_type=_STREAM)

    def compared(request: Request) -> Response:
        names = request.query_params.getlist("run")
        if len(names) != 2:
            raise HTTPException(400, "Tick two runs in the list, then compare them.")
        one, other = names
        found = compare(archive.run(one), archive.run(other))
        swapped = f"/compare?{urlencode([('run', other), ('run', one)])}"
        return _html("compare.html", found=found, swapped=swapped)

    files = static_files() | _STUDY_STYLES

    def static(request: Request) -> Response:
        file = files.get(request.path_params["name"])
        if file is None:
            raise HTTPException(404)
        return Response(file.read_bytes(), media_type=_TYPES[file.suffix])

    return [
        Route("/", runs),
        Route("/runs/{id}", run),
        Route("/runs/{id}/events", events),
        Route("/compare", compared),
        *_study_routes(archive),
        Route("/static/{name}", static),
    ]


def _study_routes(archive: Archive) -> list[Route]:
    def all_studies(_request: Request) -> Response:
        from debate.web.study_pages import studies_view  # noqa: PLC0415 - loads LangGraph

        return _html("studies.html", studies=studies_view(archive.own))

    def study(request: Request) -> Response:
        from debate.web.study_pages import study_folder, study_view  # noqa: PLC0415 - loads LangGraph

        folder = study_folder(archive.own, request.path_params["id"])
        return _html("study.html", **study_view(folder, frozenset(run_names(archive.own))))

    def report(request: Request) -> Response:
        from debate.web.study_pages import report_page, study_folder  # noqa: PLC0415 - loads LangGraph

        return HTMLResponse(report_page(study_folder(archive.own, request.path_params["id"])))

    return [
        Route("/studies", all_studies),
        Route("/studies/{id}", study),
        Route("/studies/{id}/report", report),
    ]


def error_page(status: int, why: str) -> Response:
    """The page that says why there is none."""
    return _html("error.html", status, status=status, phrase=HTTPStatus(status).phrase, why=why)


def _html(name: str, code: int = 200, **context: Any) -> Response:
    return HTMLResponse(render(name, **context), code)


def _on_status(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = error.detail != HTTPStatus(error.status_code).phrase
    return error_page(error.status_code, error.detail if known else "There is no such page.")


def _on_error(_request: Request, error: Exception) -> Response:
    return error_page(404 if isinstance(error, UnknownName) else 500, plain(str(error)))


def _on_bug(_request: Request, _error: Exception) -> Response:
    """Made outside the guard, which therefore adds nothing to it."""
    answer = error_page(500, "This is a fault of the program; the terminal shows where.")
    answer.headers.update(HEADERS)
    return answer
