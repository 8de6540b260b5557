"""The application served as users have it: by uvicorn on a port of 127.0.0.1, in a thread of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from debate.library import Library
from debate.web.app import app
from debate.web.serving import Server, listening

TOKEN = "the-token-of-the-tests"


@dataclass(frozen=True)
class Served:
    """A server that runs, and where its runs are."""

    port: int
    runs: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        """The address of a page as it is printed, token and all."""
        return f"{self.origin}{path}{'&' if '?' in path else '?'}token={TOKEN}"


@contextmanager
def serving(runs: Path) -> Iterator[Served]:
    """Serve the runs in a folder, and the examples."""
    with listening(0) as door:
        server = Server(app(Library.open().run_folders(runs), TOKEN))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield Served(door.getsockname()[1], runs)
        finally:
            server.should_exit = True
            thread.join(60)
            assert not thread.is_alive(), "the server does not end"
