"""llama.cpp's own server on loopback, with a model made on the spot; started once, ended with the tests."""

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
KEY = "sk-the-right-key"


@dataclass(frozen=True)
class Served:
    """What a server says it has done so far, in tokens; `prompt` counts those it had in its cache, too."""

    prompt: int
    completion: int

    def since(self, before: "Served") -> "Served":
        return Served(self.prompt - before.prompt, self.completion - before.completion)


@dataclass(frozen=True)
class Llama:
    """A running server."""

    address: str

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def served(self) -> Served:
        with urllib.request.urlopen(f"{self.address}/metrics") as reply:
            said = dict(re.findall(r"^llamacpp:(\w+) (\d+)$", reply.read().decode(), re.MULTILINE))
        prompt = int(said["prompt_tokens_total"]) + int(said["prompt_tokens_cached_total"])
        return Served(prompt, int(said["tokens_predicted_total"]))


Start = Callable[..., Llama]


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """`start("--think")` gives a server with these flags of `tests.llama.serve`, the same one each time."""
    folder = tmp_path_factory.mktemp("llama")
    running: dict[tuple[str, ...], Llama] = {}
    with ExitStack() as stack:

        def once(*flags: str) -> Llama:
            if flags not in running:
                running[flags] = Llama(stack.enter_context(_process(folder, flags)))
            return running[flags]

        yield once


@contextmanager
def _process(folder: Path, flags: tuple[str, ...]) -> Iterator[str]:
    """A server's process; gives its address."""
    path = os.pathsep.join((str(REPO / "src"), str(REPO)))
    log = folder / f"server{'-'.join(flags)}.log"
    with log.open("w") as stderr:
        running = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.llama.serve",
                str(_model(folder, thinks="--think" in flags)),
                *flags,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=REPO,
            env={**os.environ, "PYTHONPATH": path},
        )
    assert running.stdin
    assert running.stdout
    try:
        address = running.stdout.readline().strip()
        if not address:
            _explain(log.read_text())
        yield address
    finally:
        running.stdin.close()  # which ends it
        running.wait(30)
        running.stdout.close()


def _explain(said: str) -> None:
    """Why there is no server: none for this platform, or a broken one."""
    last = said.strip().rpartition("\n")[2]
    if "ImportError" in last or "ModuleNotFoundError" in last:
        pytest.skip(f"llama.cpp's server cannot be imported here: {last}")
    pytest.fail(f"llama.cpp's server did not start:\n{said[-2000:]}")


def _model(folder: Path, *, thinks: bool) -> Path:
    path = folder / ("thinking.gguf" if thinks else "gibberish.gguf")
    if not path.exists():
        pytest.importorskip("gguf", reason="gguf writes the model's file", exc_type=ImportError)
        from tests.llama.weights import write_model

        cards = (card for shelf in ("agents", "lenses") for card in sorted((REPO / shelf).glob("*.md")))
        write_model(path, "\n".join(card.read_text(encoding="utf-8") for card in cards), thinks=thinks)
    return path
