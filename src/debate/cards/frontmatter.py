"""The front matter of a card with its keys checked, and every fault of it with its line.

A key the card does not know is a fault: a misspelt one must not pass for a missing one.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from debate.cards.markdown import front_matter
from debate.errors import Fault


class FrontMatter:
    """Reads one card's front matter; `faults` grows as keys are asked for, `body` is the text after it."""

    def __init__(self, text: str, path: Path | str, keys: Sequence[str]) -> None:
        self._values, self.body, self.first_line = front_matter(text, path)
        self._lines = text.split("\n")[: self.first_line - 1]
        self.faults: list[Fault] = []
        if self.first_line == 1:
            self.fault(
                "", f"the card has no front matter; expected '---', {', '.join(keys)}, '---' at its top"
            )
        for key in self._values:
            if key not in keys:
                meant = nearest(key, keys) or f"one of {', '.join(keys)}"
                self.fault(key, f"unknown key {key!r}; expected {meant}")

    def line(self, key: str) -> int:
        """Line of a key, 1 when it is not there."""
        found = re.compile(rf"['\"]?{re.escape(key)}['\"]?\s*:")
        return next((n for n, line in enumerate(self._lines, 1) if key and found.match(line)), 1)

    def fault(self, key: str, message: str) -> None:
        """Note what is wrong at a key."""
        self.faults.append(Fault(self.line(key), message))

    def text(self, key: str, *, required: bool = False) -> str:
        """A line of text; "" when the key is missing."""
        value = self._values.get(key, "")
        if not isinstance(value, str):
            self.fault(key, f"{key!r} is {_kind(value)}; expected a line of text")
            return ""
        text = " ".join(value.split())
        if required and not text and self.first_line > 1:
            self.fault(key, f"the front matter has no {key!r}")
        return text

    def names(self, key: str) -> tuple[str, ...]:
        """A list of names; empty when the key is missing."""
        value = self._values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.fault(key, f"{key!r} is not a list of names; write {key}: [one, another]")
            return ()
        return tuple(" ".join(each.split()) for each in value)

    def mapping(self, key: str) -> dict[str, str]:
        """A mapping of words to words; empty when the key is missing."""
        value = self._values.get(key) or {}
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            self.fault(key, f"{key!r} is not a mapping; write {key}: {{name: value}}")
            return {}
        return dict(value)


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word most like `word`, or "" when none is."""
    near: list[str] = get_close_matches(word, known, n=1, cutoff=0.5)
    return near[0] if near else ""


def _kind(value: Any) -> str:
    return "a list" if isinstance(value, list) else "a mapping"
