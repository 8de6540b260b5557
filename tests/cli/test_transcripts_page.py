"""docs/transcripts.md: what it quotes is what the commands print; documents have the keys it names."""

import json
import re
import shlex

import pytest

from tests.cli.conftest import Debate
from tests.conftest import REPO
from tests.pages import blocks, code, strays

PAGE = REPO / "docs" / "transcripts.md"
QUOTED = [block for block in blocks(PAGE) if block.kind == "output"]


@pytest.mark.parametrize("command", [block.what for block in QUOTED])
def test_what_the_page_quotes_is_what_the_command_prints(debate: Debate, command: str) -> None:
    (quoted,) = (block.text for block in QUOTED if block.what == command)
    done = debate("transcripts", *shlex.split(command), "--transcripts", "none")
    assert done.code == 0
    assert strays(quoted, done.out) == []


@pytest.mark.parametrize(
    ("command", "row"),
    [
        (["list"], "list"),
        (["show"], "show"),
        (["show", "--step", "1"], "show --step"),
        (["show", "--hypothesis", "pace-layering-1"], "show --hypothesis"),
        (["show", "--calls"], "show --calls"),
        (["show", "--failures"], "show --failures"),
        (["diff", "last", "last"], "diff"),
        (["search", "cache"], "search"),
    ],
)
def test_the_page_names_every_key_of_a_document(debate: Debate, command: list[str], row: str) -> None:
    (line,) = re.findall(rf"^\| `{row}` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    document = json.loads(debate("transcripts", *command, "--json", "--transcripts", "none").out)
    assert set(code(line)) - {"a", "b"} == set(document) - {"a", "b"}
    for entries in (document.get("runs"), document.get("calls")):
        for entry in entries or ():
            assert set(entry) <= set(re.findall(r"\w+", line))
