"""Other people's servers, started by a test on a port of their own, and ended with it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[2]
LONGEST = 120.0  # seconds; a busy machine imports for a while


def own_environment(**more: str) -> dict[str, str]:
    """The environment of a child process that is to load this checkout."""
    paths = [str(REPO / "src"), os.environ.get("PYTHONPATH", "")]
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join([scripts, os.environ.get("PATH", "")])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PATH": path, **more}


@contextmanager
def serving(command: Sequence[str], ready: str, cwd: Path, env: Mapping[str, str]) -> Iterator[str]:
    """Run `command`, in which {port} stands for a free one, until `ready` answers; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, said = f"http://127.0.0.1:{port}", cwd / f"server-{port}.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [part.format(port=port) for part in command], cwd=cwd, env=env, stdout=log, stderr=log
        )
    try:
        until = time.monotonic() + LONGEST
        while True:
            try:
                fetched(f"{address}{ready}")
                break
            except OSError:
                told = said.read_text(encoding="utf-8", errors="replace")
                assert process.poll() is None, told
                assert time.monotonic() < until, told
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def fetched(url: str, body: object = None) -> bytes:
    """GET, or POST of `body` as JSON. Raises OSError."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=LONGEST) as response:
            return bytes(response.read())
    except urllib.error.HTTPError as refused:
        raise OSError(f"{refused.code} {refused.read().decode(errors='replace')}") from None


def document(url: str, body: object = None) -> Any:
    """The JSON that comes back."""
    return json.loads(fetched(url, body))
