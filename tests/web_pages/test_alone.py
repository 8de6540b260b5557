"""The one file to send: whole in itself, and closed by its own policy."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from debate.pages import render, standalone, static_files
from debate.pages.alone import SCRIPT, STYLE
from tests.web_pages import kinds
from tests.web_pages.html import Page


def test_it_names_nothing_outside_itself(tmp_path: Path) -> None:
    html = standalone(kinds.done(tmp_path))
    page = Page(html)
    assert not page.all("link", "img", "iframe", "object", "embed", "base", "form")
    assert not page.having("src")
    assert all(each.attributes["href"].startswith("#") for each in page.having("href"))
    assert not re.search(r"(?i)https?://|@import|url\(", html)


def test_its_policy_allows_its_own_style_and_script_and_nothing_else(tmp_path: Path) -> None:
    page = Page(standalone(kinds.done(tmp_path)))
    (meta,) = [each for each in page.all("meta") if "http-equiv" in each.attributes]
    policy = dict(part.split(" ", 1) for part in meta.attributes["content"].split("; "))
    assert policy["default-src"] == "'none'"
    for kind in ("style", "script"):
        (element,) = page.all(kind)
        digest = base64.b64encode(hashlib.sha256("".join(element.texts).encode()).digest()).decode()
        assert policy[f"{kind}-src"] == f"'sha256-{digest}'"
    first = next(n for n, each in enumerate(page.elements) if each.tag in {"style", "script"})
    assert page.elements.index(meta) < first


def test_the_same_run_gives_the_same_file(tmp_path: Path) -> None:
    run = kinds.judged_twice(tmp_path)
    assert standalone(run) == standalone(run)


def test_style_and_script_could_not_end_their_element() -> None:
    for path in (static_files()[STYLE], static_files()[SCRIPT]):
        assert "</" not in path.read_text(encoding="utf-8")


def test_a_template_that_asks_for_what_nobody_gave_fails() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        render("run.html")
