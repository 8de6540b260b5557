"""Vetoes: gates that cannot come out both ways, whatever is measured.

A gate tests nothing when both its sides are one, when the same is done on either, when a share would have to
be more than all or less than nothing (or could not be otherwise), or when the case, or the step itself, says
that it is met already.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from debate.cards.facts import Fact, FactKind
from debate.cards.quantities import find
from debate.judging.slots import Bound, bounds, conditions, slots
from debate.judging.words import GENERIC, content, stems

#: Slots that a step without a true gate does not fill.
GATE: Final = ("threshold", "if_true", "if_false", "decision")

_PER_CENT = frozenset({"%", "percent", "per"})
_STRICT = re.compile(
    r"\b(?:above|over|more|greater|higher|exceeds?|below|under|less|fewer|lower)\b|[<>]", re.I
)
_GROWTH = re.compile(
    r"\b(?:grow\w*|ris(?:e|es|ing)|increas\w*|gain\w*|faster|more\s+\w+\s+than|return|of\s+(?:the\s+)?(?:last|previous|today|budget|plan))\b",
    re.I,
)
_GIVES_UP = re.compile(
    r"\b(?:stop|drop|undo|remove|revert|abandon|turn\s+(?:it|the\s+\w+)\s+off|elsewhere|instead|wrong|go\s+back)\b",
    re.I,
)
_CONSEQUENCE = re.compile(r"[:,]\s")
_KNOWN = (
    re.compile(
        r"\b(?:now|today|currently|at\s+present)\b:?\s*(?:about|some|around|~)?\s*(?P<said>\d[\d.,]*\s*\S+)",
        re.I,
    ),
    re.compile(r"(?P<said>\d[\d.,]*\s*[^\W\d_%]*%?)\s+(?:now|today|at\s+present|currently)\b", re.I),
)
_SAME_MATTER = 0.6  # share of a fact's words in a gate's from which on both are of one thing
_FEWEST = 3  # and so many of them


def gate_fault(text: str, facts: Sequence[Fact] = ()) -> str:
    """Why the gate of a step tests nothing, as the end of a sentence about it; "" where nothing shows it."""
    found, clauses = slots(text), conditions(text)
    gated = [clause for clause in clauses if bounds(clause, times=True)]
    if len(gated) > 1 and "if_true" not in found and "if_false" not in found:
        return "has a gate whose two sides overlap"
    yes, no = found.get("if_true", ""), found.get("if_false", "")
    if yes and no and _done(yes) and _done(yes) == _done(no):
        return "does the same whichever way it comes out"
    for clause in gated:
        for bound in bounds(clause):
            if why := _impossible(bound, clause):
                return why
    if not yes or _GIVES_UP.search(yes):
        return ""
    return next((why for bound in bounds(yes, times=True) for why in _met(bound, text, yes, facts)), "")


def _done(clause: str) -> tuple[str, ...]:
    """What is done in a case, as stems."""
    start = _CONSEQUENCE.search(clause)
    return stems(clause[start.end() :]) if start else ()


def _impossible(bound: Bound, clause: str) -> str:
    strict = bool(_STRICT.search(bound.text))
    share = bound.unit in _PER_CENT and not _GROWTH.search(clause)
    if share and bound.side == ">" and (bound.number > 100 or (strict and bound.number == 100)):
        return f"has a gate that cannot be reached ({bound.text})"
    if bound.side == "<" and strict and bound.number == 0:
        return f"has a gate that cannot be reached ({bound.text})"
    never = (bound.side == ">" and bound.number == 0) or (share and bound.side == "<" and bound.number >= 100)
    return f"has a gate that cannot fail ({bound.text})" if never and not strict else ""


def _met(bound: Bound, text: str, clause: str, facts: Sequence[Fact]) -> Iterator[str]:
    """Why a bound is met already: by what the step says of now, or by a fact on the same matter."""
    wanted = next(iter(find(f"{bound.number:g} {bound.unit}")), None)
    if wanted is None or not wanted.unit:
        return
    said = [found.group("said") for pattern in _KNOWN for found in pattern.finditer(text)]
    now = [(words, q.value) for words in said for q in find(words) if q.unit == wanted.unit]
    yield from (
        f"has a gate that is met already ({words.strip(' .,;)')} now)"
        for words, value in now
        if _holds(bound, value)
    )
    if now:
        return  # the step knows better than a fact that may be on something else
    measured = slots(text).get("measure", "")
    matter = {s for s in content(f"{measured} {clause}") if s not in GENERIC}
    for fact in facts:
        same = [q for q in fact.quantities if q.unit == wanted.unit]
        own = [s for s in content(fact.text) if s not in GENERIC]
        shared = sum(s in matter for s in own)
        about_it = fact.kind in (FactKind.CONTEXT, FactKind.CHALLENGE) and len(same) == 1
        if about_it and shared >= max(_FEWEST, _SAME_MATTER * len(own)) and _holds(bound, same[0].value):
            yield f"has a gate that {fact.id} meets already"


def _holds(bound: Bound, value: float) -> bool:
    return value >= bound.number if bound.side == ">" else value <= bound.number
