"""Testability slots: what makes a step something that can come out wrong, found in the text of one step.

Ten slots, each there or not: measure, value now, threshold, outcome if true, outcome if false, decision rule,
who or cost, time box, source or tool, rival explanation. Each is found by wording, with the words as
evidence. A hedge without a threshold is no outcome. A gate that cannot come out both ways is none: see
`debate.judging.vetoes`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

_N = r"(?:[~≈€$£]\s*)?\d(?:[\d.,]*\d)?"
_FLAGS = re.IGNORECASE | re.VERBOSE

_BOUNDS = (
    (">", r"at\s+least|above|over|more\s+than|no\s+less\s+than|greater\s+than|higher\s+than|exceeds?|≥|>=|>"),
    ("<", r"at\s+most|below|under|less\s+than|fewer\s+than|no\s+more\s+than|lower\s+than|up\s+to|≤|<=|<"),
)
_UNIT = r"\s*(?P<unit>%|[^\W\d_]+)?"
_BEFORE = tuple(
    (side, re.compile(rf"(?:(?<!\w)(?:{words}))\s*(?P<n>{_N}){_UNIT}", _FLAGS)) for side, words in _BOUNDS
)
_AFTER = (
    (">", re.compile(rf"(?P<n>{_N}){_UNIT}\s+or\s+(?:more|higher|longer|above)\b", _FLAGS)),
    ("<", re.compile(rf"(?P<n>{_N}){_UNIT}\s+or\s+(?:less|fewer|lower|below|shorter)\b", _FLAGS)),
    (">", re.compile(r"(?P<n>\d[\d.,]*)\+(?P<unit>)", _FLAGS)),
)
_OTHER_THRESHOLD = re.compile(
    rf"""\bbetween\s+{_N}\s*\S*\s+and\s+{_N}|\b(?:more|less|fewer)\s+than\s+(?:a\s+)?(?:half|third|quarter)\b
    |(?:drops?|falls?|rises?|cuts?|halves|down|brings?\s+it)\s+(?:\w+\s+){{0,3}}(?:to|by)\s+{_N}""",
    _FLAGS,
)
_TIME = re.compile(r"\A(?:days?|weeks?|months?|hours?|minutes?|sprints?)\b", re.IGNORECASE)

_MEASURE = re.compile(
    r"""\b(?:measur\w*|count(?:s|ed|ing)?\b|(?:share|rate|number)\s+of|how\s+(?:many|much|long|often)|percentage|p\d\d
    |latency|volume|(?:time|cost)\s+(?:per|spent)|\w+\s+rate|profil\w+|verify|compare|median|average|ratio
    |(?:check|test|find\s+out|see|know|learn|ask)\s+(?:if|whether|how|which)|check\s+(?:that|for)
    |(?:examine|inspect|look\s+(?:at|for)|search|weigh|follow|trace)\s+(?:the|each|one|a\s+\w+\s+all|\d+)
    |(?:take|pull|pick|note|record|log|write\s+down|group|plot)\s+(?:(?:down|out|the|an?|each|every|all|last|next|for|timestamps)\s+){0,4}(?:\d+|each|every|date|timestamps)
    |note\s+for\s+each|timestamps|look\s+for|per\s+(?:request|user|day|week|case|order|hour))\b""",
    _FLAGS,
)
_NOW = re.compile(
    r"""\b(?:now:|today|currently|current\s+value|value\s+now|at\s+present|so\s+far|not\s+known|unknown
    |is\s+now|instead\s+of\s+\d)""",
    _FLAGS,
)
_TRUE = re.compile(
    r"\b(?:true\s+if|if\s+(?:true|so|yes|it\s+holds|confirmed|that\s+holds)|expect(?:ed|s)?\b|predict)",
    _FLAGS,
)
_FALSE = re.compile(
    r"""\b(?:false\s+if|if\s+(?:false|not\b|no\b|it\s+does\s+not|it\s+doesn't|none|nothing)|otherwise
    |refut\w+|unless|fails?\s+if|if\s+it\s+(?:stays|remains)
    |below\s+that|above\s+that)""",
    _FLAGS,
)
_IF = re.compile(r"\b(?:if|when|once|should\s+it|otherwise|in\s+case)\b", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:true|false)\s+if\b", re.IGNORECASE)
_BOUND_FIRST = re.compile(
    rf"\W*(?:(?:at\s+(?:least|most)|under|over|below|above|(?:less|more|fewer)\s+than|[<>≤≥])\s*{_N}|{_N}\s*\S*\s+or\s+)",
    _FLAGS,
)
_CLAUSE_END = re.compile(r";|\n|\.(?=\s|\Z)|(?=\b(?:otherwise|if\s+not)\b)", re.IGNORECASE)
_DECISION = re.compile(
    r"""\b(?:then|stop|drop|go\s+(?:on|to|ahead|straight)|continue|proceed|build|ship|roll|revert|keep
    |abandon|switch|skip|kill|move\s+(?:on|to)
    |start|do\s+step|look\s+(?:at|for|into)|take|put|add|remove|undo|change|test|turn|extend|pause|leave
    |spend)\b""",
    _FLAGS,
)
_WHO = re.compile(
    r"""\bwho\s*:|\bowner\s*:|\b(?:one|two|three|a|an|the|by|our|your|with)\s+(?:[\w-]+\s+){0,2}
    (?:engineers?|developers?|analysts?|manager|lead|dba|designers?|nurses?|planners?|clerks?|coordinator
    |editor|teachers?|operator|supervisor|
    researcher|owner|librarian|volunteers?|person|people|pair|specialist|scientist|doctor|driver|head\s+of)\b
    |\bsomeone\s+who|(?:person|engineer|developer)-(?:days?|hours?)|[€$£]\s?\d""",
    _FLAGS,
)
_BOX = re.compile(
    r"""\b(?:\d+(?:[.,]\d+)?|half\s+an?|one|two|three|four|five|ten|an?)\s*(?:-\s*)?(?:working\s+|person-
    |engineer-)?(?:minutes?|hours?|days?|weeks?|months?|sprints?)\b
    |\bdays?\s*:\s*\d|\b(?:by|until|before)\s+(?:day\s+\d|monday|tuesday|wednesday|thursday|friday
    |the\s+end\s+of)|\bday\s+\d""",
    _FLAGS,
)
_SOURCE = re.compile(
    r"""`[^`\n]+`|\b(?:logs?|trac(?:e|es|ing)|spans?|profiler|survey|interviews?|spreadsheet
    |open\s?telemetry|explain\b|records?|registers?|sample\s+of
    |sampled?|real\s+requests|analytics|ledger|tickets?|stopwatch|diary|diaries|a/b|experiment|flag
    |recordings?|sessions?|sheets?|forms?|files?|invoices?|calendar|
    timetables?|roster)\b""",
    _FLAGS,
)
_RIVAL = re.compile(
    r"""\b(?:rival|alternative(?:ly)?|(?:other|another|different)\s+(?:explanation|cause|reason)|competing
    |suspect\s+\w+\s+instead|points?\s+(?:at|to)
    |would\s+mean|unless|what\s+else|(?:cause|time|loss|limit)\s+(?:is|lies|sits)\s+(?:elsewhere|in)
    |speaks?\s+for)\b""",
    _FLAGS,
)
_HEDGE = re.compile(
    r"\b(?:might|maybe|perhaps|possibly|could|consider|explore|think\s+about|look\s+into)\b", re.IGNORECASE
)

#: Slots found by their wording alone; the others depend on conditions and bounds.
_WORDINGS = (
    ("measure", _MEASURE),
    ("now", _NOW),
    ("who", _WHO),
    ("time", _BOX),
    ("source", _SOURCE),
    ("rival", _RIVAL),
)

#: The slots in the order they are told, with the words a reason uses for them.
SLOTS = (
    ("measure", "name a measure"),
    ("now", "say where it stands now or how to find out"),
    ("threshold", "name a threshold"),
    ("if_true", "say what is expected if the idea is right"),
    ("if_false", "say what is expected if it is wrong"),
    ("decision", "say what is done on the result"),
    ("who", "say who does it or what it costs"),
    ("time", "name a time box"),
    ("source", "name a data source or tool"),
    ("rival", "name a rival explanation"),
)


@dataclass(frozen=True, slots=True)
class Bound:
    """One side of a threshold: ">" or "<", the number, its unit as written (folded), and the words."""

    side: str
    number: float
    unit: str
    text: str

    def overlaps(self, other: "Bound") -> bool:
        """True when both are of one unit and share more than their end."""
        if self.unit != other.unit:
            return False
        if self.side == other.side:
            return True
        low, high = (self, other) if self.side == ">" else (other, self)
        return low.number < high.number


@lru_cache(maxsize=1024)
def slots(text: str) -> Mapping[str, str]:
    """The slots found in a step's text, each with the words that fill it, in the order of `SLOTS`."""
    found = {name: _around(text, match) for name, wording in _WORDINGS if (match := wording.search(text))}
    clauses = conditions(text)
    if threshold := _threshold(text, clauses):
        found["threshold"] = threshold
    found |= _outcomes(text, clauses, hedged=not threshold and bool(_HEDGE.search(text)))
    decided = next((c for c in clauses if _DECISION.search(c)), "")
    if decided and ("if_true" in found or "if_false" in found):
        found["decision"] = decided
    return MappingProxyType({name: found[name] for name, _ in SLOTS if name in found})


def bounds(text: str, *, times: bool = False) -> tuple[Bound, ...]:
    """The thresholds with a side in a text; times only if they are wanted: outside a condition they limit the
    work and not the result.
    """
    seen = []
    for side, pattern in (*_BEFORE, *_AFTER):
        for m in pattern.finditer(text):
            unit = (m.group("unit") or "").casefold()
            if not times and _TIME.match(unit):
                continue
            digits = re.sub(r"[^\d.]", "", m.group("n")).strip(".")
            number = float(digits) if digits.count(".") < 2 else 0.0
            seen.append(Bound(side, number, unit, m.group().strip()))
    return tuple(seen)


def conditions(text: str) -> list[str]:
    """Clauses that begin with a condition, from its first word on; "True if …", "At least 5 %: …" whole."""
    found = []
    for piece in _CLAUSE_END.split(text):
        start = _IF.search(piece)
        if _LABEL.search(piece) or _BOUND_FIRST.match(piece):
            found.append(piece.strip())
        elif start:
            found.append(piece[start.start() :].strip())
    return found


def _threshold(text: str, clauses: Sequence[str]) -> str:
    sided = bounds(text) or [bound for clause in clauses for bound in bounds(clause, times=True)]
    if sided:
        return sided[0].text
    other = _OTHER_THRESHOLD.search(text)
    return other.group() if other else ""


def _outcomes(text: str, clauses: list[str], *, hedged: bool) -> dict[str, str]:
    """The two outcomes: by their labels, or as two conditions of which the second is the other case."""
    negative = [c for c in clauses if _FALSE.search(c)]
    positive = [c for c in clauses if not _FALSE.search(c)]
    if not negative and len(positive) > 1:
        positive, negative = positive[:1], positive[1:]
    expected = _TRUE.search(text)
    if not positive and expected:
        positive = [_around(text, expected)]
    refuted = _FALSE.search(text)
    if not negative and refuted:
        negative = [_around(text, refuted)]
    if hedged:
        positive = []
    if positive and negative:
        yes, no = bounds(positive[0], times=True), bounds(negative[0], times=True)
        if yes and no and yes[0].overlaps(no[0]):
            return {}
    found = {}
    if positive:
        found["if_true"] = positive[0]
    if negative:
        found["if_false"] = negative[0]
    return found


def _around(text: str, match: re.Match[str]) -> str:
    """The match with the rest of its line, so that a reason shows what was named."""
    end = text.find("\n", match.end())
    return text[match.start() : end if end >= 0 else len(text)].strip()
