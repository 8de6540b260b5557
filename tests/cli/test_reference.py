"""The reference says what the program does, and the program says it to people who do not know it yet."""

import asyncio
from collections.abc import Iterator
from typing import Any

import typer

from debate.cli import app
from tests.cli.reference import PAGE, reference


def every_command(command: Any, name: str = "debate") -> Iterator[tuple[str, Any]]:
    yield name, command
    for each, inner in getattr(command, "commands", {}).items():
        yield from every_command(inner, f"{name} {each}")


ALL = list(every_command(typer.main.get_command(app)))


def test_the_reference_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: python -m tests.cli.reference"


def test_every_command_and_every_parameter_explains_itself() -> None:
    silent = [name for name, command in ALL if not command.help]
    silent += [f"{name} {p.name}" for name, command in ALL for p in command.params if not p.help]
    assert silent == []


def test_no_command_is_a_coroutine() -> None:
    # Typer would never await it, and exit 0.
    assert [name for name, command in ALL if asyncio.iscoroutinefunction(command.callback)] == []


def test_every_command_that_lists_or_shows_speaks_json() -> None:
    looking = [(name, command) for name, command in ALL if name.split()[-1] in {"list", "show", "check"}]
    mute = [name for name, command in looking if "json" not in {param.name for param in command.params}]
    assert len(looking) == 14
    assert mute == []
