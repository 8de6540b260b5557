"""Excerpts in the documentation: literal parts of what was printed, and nothing that only looks like it."""

from pathlib import Path

import pytest

from tests.pages import marked, strays

WHOLE = "# Title\n\nOne.\nTwo.  \n\nThree.\n"


@pytest.mark.parametrize(
    ("excerpt", "missing"),
    [
        ("One.\nTwo.\n", []),
        ("# Title\n…\nThree.\n", []),
        ("…\nTwo.\n\nThree.\n…\n", []),
        ("One.\nThree.\n", ["One.\nThree."]),
        ("Three.\n…\nOne.\n", ["One."]),
        ("Tw\n", ["Tw"]),
        ("One. Two.\n", ["One. Two."]),
    ],
)
def test_an_excerpt_is_whole_lines_in_their_order_with_omissions_marked(
    excerpt: str, missing: list[str]
) -> None:
    assert strays(excerpt, WHOLE) == missing


@pytest.mark.parametrize("block", ["> One.\n> Two.\n>\n> …\n", "```text\nOne.\nTwo.\n\n…\n```\n"])
def test_a_quoted_block_and_a_fenced_one_read_alike(block: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Look:\n\n<!-- excerpt: answer -->\n{block}\nAfter.\n", encoding="utf-8")
    assert marked(page, "excerpt", "answer").text == "One.\nTwo.\n\n…\n"


@pytest.mark.parametrize(
    "text", ["Nothing here.\n", "<!-- card -->\n```\na\n```\n<!-- card -->\n```\nb\n```\n"]
)
def test_a_marker_stands_once(text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError, match="card"):
        marked(page, "card")
