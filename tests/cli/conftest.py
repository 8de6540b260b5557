"""The command line as a test calls it: in this process, with what it printed and its exit code."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from debate.cli import main


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Debate = Callable[..., Done]


@pytest.fixture
def debate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Debate:
    """`debate("problems", "list")` runs the command."""

    def call(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["debate", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return Done(int(end.value.code or 0), out, err)

    return call
