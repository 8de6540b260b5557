"""The command-line reference, `docs/cli.md`, made from the program: `python -m tests.cli.reference`."""

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import typer

from debate.cli import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"

HEAD = """\
# Command-line reference

Made from the program by `python -m tests.cli.reference`; a test holds it to what `--help` says.

Data goes to stdout, talk (progress, hints, errors) to stderr. On a terminal the answer is rendered and
progress is drawn in place; elsewhere the answer is Markdown and progress is plain lines. `NO_COLOR` is
respected. What `debate run --json` prints is described by [run.schema.json](run.schema.json).

| exit code | meaning |
|---:|---|
| 0 | done |
| 1 | the run failed, or its output could not be written |
| 2 | your input is wrong: a flag, a name, a card |
| 3 | done, but a seat failed or the score is below `--fail-under` |
| 130 | interrupted by Ctrl-C (143: by SIGTERM); what was received is kept, `debate resume` goes on |
| 141 | done, but whoever read the output left before its end, as `head` does |
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *commands(typer.main.get_command(app), "debate")])


def commands(command: Any, name: str) -> Iterator[str]:
    """A section for `command` and one for each command below it."""
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option"]
    below = getattr(command, "commands", {})
    usage = " ".join([name, *(["COMMAND"] if below else []), *(a.metavar for a in arguments), "[OPTIONS]"])
    yield f"## {name}\n\n```text\n{usage}\n```\n"
    yield cleandoc(command.help) + "\n"
    rows = [(argument.metavar, argument.help) for argument in arguments]
    rows += [
        (" ".join([", ".join(option.opts), option.metavar or ""]).strip(), _help(option))
        for option in options
    ]
    rows = [row for row in rows if "completion" not in row[0]]
    if rows:
        yield "| | |\n|---|---|"
        yield "\n".join(f"| `{what}` | {text} |" for what, text in rows) + "\n"
    for each, inner in below.items():
        yield from commands(inner, f"{name} {each}")


def _help(option: Any) -> str:
    text = str(option.help)
    if option.default not in (None, False):
        text += f" Default: `{option.default}`."
    if option.envvar:
        text += f" Environment: `{option.envvar}`."
    return text


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
