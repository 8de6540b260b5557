"""Spans: the calendar time that a text asks for beside its days of work.

A trial "for two weeks" may be two days of work; until its result is there, two weeks have passed.
"""

import re

from debate.contributions import Hypothesis

_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8}
_WORKING = {"week": 5, "month": 21}
_FOR = re.compile(
    r"\b(?:for|over|during) (?:the next )?"
    rf"(?P<span>(?P<n>{'|'.join(_NUMBERS)}|\d{{1,2}}) (?P<unit>week|month)s?)"
    r"\b(?! (?:back|ago|before))|\bfor (?P<fortnight>a fortnight)\b"
)


def told(text: str) -> tuple[float, str]:
    """The longest span a text asks for: working days and its words; (0, "") where it asks for none."""
    found = [(_days(match), match["fortnight"] or match["span"]) for match in _FOR.finditer(text)]
    return max(found, default=(0.0, ""))


def check(hypothesis: Hypothesis) -> float:
    """Working days until the test of a hypothesis has its result."""
    return max(hypothesis.effort.days, told(hypothesis.test)[0])


def build(hypothesis: Hypothesis) -> float:
    """Working days until the change of a hypothesis has run as long as it asks for."""
    return max(hypothesis.build.days, told(hypothesis.intervention)[0])


def _days(match: re.Match[str]) -> float:
    if match["fortnight"]:
        return 2.0 * _WORKING["week"]
    n = match["n"]
    return float(_NUMBERS.get(n) or n) * _WORKING[match["unit"]]
