"""Serving: the application on 127.0.0.1, and on no other address."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from debate.errors import InputError

ADDRESS = "127.0.0.1"


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on this machine's own address; port 0 takes any that is free. Raises `InputError`."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((ADDRESS, port))
            door.listen()  # who comes before the server is ready waits at the door
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            raise InputError(f"--port {port}: {why}; without --port a free one is taken") from error
        yield door


class Server(uvicorn.Server):
    """A server that ends the streams of its application before it waits for them."""

    def __init__(self, application: Starlette) -> None:
        self._streams = application.state.streams
        super().__init__(
            uvicorn.Config(
                application,
                access_log=False,  # a log of addresses would hold the token
                log_level="warning",
                proxy_headers=False,  # nobody stands between; what requests say of themselves is not believed
                server_header=False,
                lifespan="off",
                ws="none",
                http="h11",
                timeout_graceful_shutdown=5,
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and let what is under way come to its end."""
        self._streams.close()
        await super().shutdown(sockets)
