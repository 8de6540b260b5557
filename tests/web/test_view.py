"""`debate view` as it is called: what it prints, whom it serves, how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from debate.run_lock import LOCK
from debate.web.serving import listening
from tests.cli.conftest import Debate, debate
from tests.runs import a_run
from tests.web.studies import a_study

__all__ = ["debate"]

ADDRESS = re.compile(r"http://127\.0\.0\.1:(?P<port>\d+)(?P<path>/\S*)\?token=(?P<token>[\w-]{40,})\n")


@contextmanager
def viewing(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", "re.Match[str]"]]:
    """The command in a process of its own, once it has printed its address."""
    command = [sys.executable, "-m", "debate", "view", "--no-open", *arguments]
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            assert process.stdout
            printed = ADDRESS.fullmatch(process.stdout.readline())
            assert printed, process.communicate(timeout=60)
            yield process, printed
        finally:
            process.kill()


def test_the_printed_address_is_the_page_and_ctrl_c_ends_it(runs: Path) -> None:
    made = a_run(runs)
    with viewing("--transcripts", str(runs)) as (process, printed):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with opener.open(printed[0].strip(), timeout=60) as answer:
            page = answer.read().decode()
            assert "token" not in answer.geturl()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert made.name in page
    assert (process.returncode, out) == (0, "")
    assert printed["token"] not in err
    assert "Traceback" not in err


def test_it_ends_at_once_though_somebody_watches_a_run(runs: Path) -> None:
    run = a_run(runs)
    (run / LOCK).write_text(f"process {os.getpid()} on {socket.gethostname()}\n", encoding="utf-8")
    with viewing(run.name, "--transcripts", str(runs)) as (process, printed):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        origin = f"http://127.0.0.1:{printed['port']}"
        opener.open(printed[0].strip(), timeout=60).close()
        with opener.open(f"{origin}/runs/{run.name}/events", timeout=60) as stream:
            assert stream.readline() == b"retry: 1000\n"
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert "Cancel" not in err


def test_only_the_address_of_this_machine_itself_is_listened_on() -> None:
    with listening(0) as door:
        assert door.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("kind", ["run", "part", "last", "study"])
def test_it_opens_what_was_named(runs: Path, kind: str) -> None:
    run = a_run(runs)
    study = a_study(runs, [])
    name = {"run": run.name, "part": run.name[-4:], "last": "last", "study": study.name}[kind]
    with viewing(name, "--transcripts", str(runs)) as (_, printed):
        assert printed["path"] == (f"/studies/{study.name}" if kind == "study" else f"/runs/{run.name}")


def test_a_port_that_is_taken_is_an_error_that_names_the_flag(debate: Debate, runs: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = debate("view", "--no-open", "--port", port, "--transcripts", str(runs))
    assert done.code == 2
    assert f"--port {port}" in done.err


def test_a_name_that_stands_for_nothing_is_an_error(debate: Debate, runs: Path) -> None:
    a_run(runs)
    done = debate("view", "nothing-of-the-kind", "--no-open", "--transcripts", str(runs))
    assert done.code == 2
    assert "no run called 'nothing-of-the-kind'" in done.err


def test_without_the_extra_the_error_says_what_to_install(
    debate: Debate, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "uvicorn" else object())
    done = debate("view", "--no-open", "--transcripts", str(runs))
    assert done.code == 2
    assert "needs uvicorn" in done.err
    assert "pip install 'lens-debate[view]'" in done.err
