"""How long until `debate` says or asks something, against a trivial Typer app and the bare interpreter.

    python -m benchmarks.startup [--rounds 10]

Every round starts each program once, one after the other, with warm caches; ratios are formed within a round.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.clients import LENSES, MODEL, PROBLEM
from benchmarks.figures import Spread, machine, ratios, table

_TRIVIAL = """\
import typer

app = typer.Typer()


@app.command()
def greet(name: str, loud: bool = False) -> None:
    \"\"\"Say hello.\"\"\"
    typer.echo(name.upper() if loud else name)


app()
"""
_DEBATE = (sys.executable, "-m", "debate")
_LONGEST = 60.0


def timed(command: Sequence[str], *, talk: bool = True) -> float:
    """Seconds of one whole process, of which nothing is shown but its `talk`."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=None if talk else subprocess.DEVNULL
    )
    # To wait with a limit is to look again every 50 ms, so the limit stands beside it.
    limit = threading.Timer(_LONGEST, process.kill)
    limit.start()
    code = process.wait()
    took = time.perf_counter() - began
    limit.cancel()
    if code:
        raise SystemExit(f"{command} ended with {code}")
    return took


async def first_request(folder: Path) -> float:
    """Seconds from the start of `debate run` to the first byte of a request; the run is ended then."""
    arrived = asyncio.Event()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.read(1):
            arrived.set()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    # A fresh folder each time: nothing may be answered from a ledger.
    place = tempfile.mkdtemp(dir=folder)
    options = ("--lenses", LENSES, "--model", MODEL, "--base-url", url, "--transcripts", place, "--quiet")
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(*_DEBATE, "run", PROBLEM, *options),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await asyncio.wait_for(arrived.wait(), _LONGEST)
        return time.perf_counter() - began
    finally:
        process.kill()
        await process.wait()
        server.close()
        await server.wait_closed()


def main() -> None:
    """Run all rounds, then print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=10)
    rounds = options.parse_args().rounds
    print(f"{machine()}; {rounds} rounds")
    os.environ.pop("DEBATE_LIBRARY", None)
    bare: list[float] = []
    trivial: list[float] = []
    page: list[float] = []
    asked: list[float] = []
    with tempfile.TemporaryDirectory(prefix="debate-bench-") as name:
        folder = Path(name)
        app = folder / "trivial.py"
        app.write_text(_TRIVIAL, encoding="utf-8")
        for number in range(rounds + 1):
            found = (
                timed((sys.executable, "-c", "pass")),
                timed((sys.executable, str(app), "--help")),
                timed((*_DEBATE, "--help")),
                asyncio.run(first_request(folder)),
            )
            if number:  # the first round warms the caches
                for series, seconds in zip((bare, trivial, page, asked), found, strict=True):
                    series.append(1000 * seconds)
    rows = [
        ("bare interpreter, ms", f"{Spread.of(bare):.0f}", ""),
        ("trivial Typer app --help, ms", f"{Spread.of(trivial):.0f}", ""),
        ("debate --help, ms", f"{Spread.of(page):.0f}", ""),
        ("debate --help against the Typer app", f"{ratios(page, trivial):.2f} x", "<= 1.5 x"),
        ("debate run to its first request, ms", f"{Spread.of(asked):.0f}", "<= 700"),
        ("the same against the Typer app", f"{ratios(asked, trivial):.2f} x", ""),
    ]
    table("Start-up", rows)


if __name__ == "__main__":
    main()
