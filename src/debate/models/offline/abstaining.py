"""A jury's forms, filled in by nobody: rules do not judge what rules have said.

A rehearsal asks for ballots to know how many there will be and how long. Each item gets a passage, so that
the form is of the length a judge's has, and none is granted; of two answers neither is preferred.
"""

import re

from pydantic import BaseModel

from debate.models.offline.case import Case

_ITEM = re.compile(r"^- `([^`]+)`: ", re.MULTILINE)
_CANDIDATE = re.compile(r"<(candidate-[0-9a-f]+)>\n(.*?)\n</\1>", re.DOTALL)
_WORDS = 12
_REASON = "The offline reasoner judges nothing."


class Withheld(BaseModel):
    """A ballot that grants nothing."""

    quotes: tuple[dict[str, str], ...]
    answers: tuple[dict[str, str], ...]
    reason: str = _REASON


class Undecided(BaseModel):
    """A comparison that prefers neither."""

    reason: str = _REASON
    better: str = "neither"


def withheld(_: Case, prompt: str) -> Withheld:
    """The ballot a prompt asks for."""
    candidates = _CANDIDATE.findall(prompt)
    passage = " ".join(candidates[-1][1].split()[:_WORDS]) if candidates else ""
    items = _ITEM.findall(prompt)
    return Withheld(
        quotes=tuple({"item": item, "passage": passage} for item in items),
        answers=tuple({"item": item, "answer": "no"} for item in items),
    )


def undecided(_: Case, __: str) -> Undecided:
    """The comparison a prompt asks for."""
    return Undecided()
