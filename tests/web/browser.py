"""A real browser for tests: Debian's Chromium, driven by Playwright, one for all tests of a process.

Playwright keeps an event loop going in the thread it was started in, and asynchronous tests of the same
process want loops of their own. So the browser lives in a thread of its own, and a test hands it what to do.

The browser believes that everything but this machine lies behind a proxy. The proxy is ours, writes down what
it is asked for and answers nothing: what it was never asked for has never left this machine.
"""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 60_000.0
"""Milliseconds a busy machine may take for what takes one."""

_MAKER = re.compile(r"[A-Z]+ (https?://)?([\w-]+\.)*(google|googleapis|gstatic|gvt1)\.com[:/]")
"""Chromium's maker, whom it asks for updates and the like whatever it shows. No page of ours names it."""

T = TypeVar("T")


def missing() -> str | None:
    """Why there is no browser here; None when there is one."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "Playwright is not installed: pip install -e '.[test]'"
    if not CHROMIUM.exists():
        return f"there is no {CHROMIUM}: apt-get install chromium"
    return None


class _Proxy(socketserver.ThreadingTCPServer):
    """Writes down the first line of each request."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Line)


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Proxy)
        self.server.asked.append(self.rfile.readline().decode("latin-1").strip())


@dataclass
class Seen:
    """What a page did beside what it showed: addresses it asked for, those that were refused, errors of its
    scripts, what the console says, windows that popped up.
    """

    requests: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        """Requests to anything but this machine; a file of its own is no request."""
        own = ("http://127.0.0.1:", "file:///", "data:", "about:")
        return [address for address in self.requests if not address.startswith(own)]


@dataclass
class Chromium:
    """The browser."""

    _thread: ThreadPoolExecutor
    _browser: "Browser"
    _asked: list[str]

    @property
    def left(self) -> list[str]:
        """Requests that tried to leave this machine, by whatever part of the browser."""
        return [line for line in self._asked if not _MAKER.match(line)]

    def look(self, do: "Callable[[Page], T]", **context: Any) -> tuple[T, Seen]:
        """Do something with a fresh page that knows no cookie; gives its result and what was seen.

        `context` are Playwright's options for a context: `viewport`, `color_scheme`, `offline` …
        """
        return self._thread.submit(self._look, do, context).result(600)

    def _look(self, do: "Callable[[Page], T]", options: dict[str, Any]) -> tuple[T, Seen]:
        context = self._browser.new_context(**options)
        try:
            context.set_default_timeout(PATIENCE)
            seen = Seen()
            _watch(context, seen)
            return do(context.new_page()), seen
        finally:
            context.close()


def _watch(context: "BrowserContext", seen: Seen) -> None:
    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("console", lambda said: seen.console.append(f"{said.type}: {said.text}"))
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))

    def answer(given: "Response") -> None:
        if given.status >= 400:
            seen.refused.append(given.url)

    def dialog(shown: Any) -> None:
        seen.dialogs.append(shown.message)
        shown.dismiss()

    context.on("response", answer)
    context.on("dialog", dialog)


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Start the browser, and end it with everything that belongs to it."""
    from playwright.sync_api import sync_playwright

    with _Proxy() as proxy, ThreadPoolExecutor(1, "chromium") as thread:
        serving = threading.Thread(target=proxy.serve_forever, daemon=True)
        serving.start()
        playwright = thread.submit(sync_playwright().start).result(120)
        try:
            browser = thread.submit(
                playwright.chromium.launch,
                executable_path=str(CHROMIUM),
                args=["--no-sandbox", f"--proxy-server=http://127.0.0.1:{proxy.server_address[1]}"],
                timeout=2 * PATIENCE,
            ).result(300)
            try:
                yield Chromium(thread, browser, proxy.asked)
            finally:
                thread.submit(browser.close).result(120)
        finally:
            thread.submit(playwright.stop).result(120)
            proxy.shutdown()
            serving.join(30)
