"""Stand-ins: the case's own figures and names, put where a lens card has words in square brackets.

A figure the case does not have is replaced by words, so that a sentence stays a sentence. Where a figure has
to rise, a share of today's value explains nothing: there "of [now]" becomes the part that is missing.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from debate.cards.facts import FactKind
from debate.cards.units import measured
from debate.models.offline import counted, naming
from debate.models.offline.case import Case
from debate.models.offline.time_allowed import working_days
from debate.models.offline.wording import amount, bare, count, spoken

_STAND_IN = re.compile(r"(?:\b(?P<article>the|an?|our) )?\[(?P<name>[a-z ]+)\]", re.IGNORECASE)
# Where a card of a lens says "cases" of what is counted, and not "in most cases".
_CASES = re.compile(
    r"(?<![\[`])(?<!in )(?<!most )(?<!both )(?<!such )(?<!edge )(?<!use )(?<!test )\bcases\b(?! of\b)"
)
OF_NOW, AT_NOW = "of [now]", "at [now]"
_UNTOLD = {
    "subject": "this work",
    "figure": "the result",
    "now": "today's value",
    OF_NOW: "of the whole",
    AT_NOW: "in place",
    "target": "the target",
    "start": "the value at the start",
    "gap": "the gap",
    "half gap": "half the gap",
    "gap share": "the share that is missing",
    "half gap share": "half of that share",
    "repeat": "what another round like the last would reach",
    "halfway": "half the way",
    "attempts": "earlier",
    "cases": "cases",
    "best attempt": "the best attempt so far",
    "deadline": "the time given",
}


def values(case: Case) -> dict[str, tuple[float, str]]:
    """Figures for thresholds: name → value and unit."""
    found: dict[str, tuple[float, str]] = {}
    figures = case.figures
    if figures is not None:
        unit = figures.unit
        pairs = {
            "now": (figures.now, unit),
            "target": (figures.target, unit),
            "start": (figures.start, unit),
            "gap": (figures.gap, figures.gap_unit),
            "half gap": (figures.gap / 2, figures.gap_unit),
            "repeat": (figures.repeat, unit),
            "halfway": (figures.halfway, unit),
        }
        found = {name: (value, unit) for name, (value, unit) in pairs.items() if value is not None}
        if case.share is not None:
            found["gap share"] = (round(case.share), "%")
            found["half gap share"] = (round(case.share / 2), "%")
    if tried := case.of(FactKind.TRIED):
        found["attempts"] = (float(len(tried)), "attempts")
    if (days := working_days(case)) is not None:
        found["deadline"] = (days, "days")
    return found


@lru_cache(maxsize=64)
def words(case: Case) -> Mapping[str, str]:
    """The same as words, with names: what `fill` puts in."""
    found = dict(_UNTOLD)
    for name, (value, unit) in values(case).items():
        found[name] = amount(value, unit)
    if "attempts" in values(case):
        tried = len(case.of(FactKind.TRIED))
        found["attempts"] = count(tried) if tried > 1 else "past"  # "none of the past attempts"
    figures = case.figures
    if figures is not None:
        found[OF_NOW] = f"of {found['now']}" if figures.lower else f"of the missing {found['gap']}"
    found["figure"] = naming.figure(case) or found["figure"]
    found["subject"] = naming.subject(case) or found["subject"]
    found["cases"] = counted.cases(case) or found["cases"]
    found["best attempt"] = counted.best_attempt(case) or found["best attempt"]
    if figures is not None:
        # "the number of subscribers at 2,100", "the hours a week at 38"
        top, slash, by = figures.unit.partition("/")
        named = found["figure"].endswith(spoken(f"/{by}" if slash and measured(top) else figures.unit))
        found[AT_NOW] = f"at {bare(figures.now, figures.unit) if named else found['now']}"
    return MappingProxyType(found)


def fill(text: str, known: Mapping[str, str]) -> str:
    """`text` with every stand-in replaced; other words in brackets stay. A name brings its own article."""
    text = _CASES.sub("[cases]", text)
    for phrase in (OF_NOW, AT_NOW):
        text = text.replace(phrase, known[phrase])
    return _STAND_IN.sub(lambda match: _filled(match, known), text)


def _filled(match: re.Match[str], known: Mapping[str, str]) -> str:
    word = known.get(match["name"])
    if word is None:
        return match[0]
    article = match["article"]
    return f"{article} {word}" if article and not word.startswith(("the ", "this ")) else word
