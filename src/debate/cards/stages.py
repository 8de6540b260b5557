"""Stages: amounts in a card's facts that make up today's value, or what is missing.

    Stages  spans that follow one another and add up to today's value; the largest is where it is made.
    Share   a share of a share: of those who fall short, so many do so at one place; their product is the gap.

Read only where the figures agree within rounding and no other choice of terms agrees as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.cards.figures import Figures
from debate.cards.flows import in_order, of_today
from debate.cards.mentions import Mention, sets_end
from debate.cards.units import TIMES

_SLACK = 0.02
_SHARE_SLACK = 0.03
# With more spans than this some choice of them adds up to anything.
_MOST_STAGES = 6
_GOES_ON = cue(
    "take*, took, wait*, after, pass, passes, until, lie, lies, lasts, last, needs, spends, stays, sits",
    "goes, between, to reach, deliver*, dauer*, wart*, nach, lieg*",
)
_ALLOWED = re.compile(
    r"\b(?:has|have|within|at most|up to|given|allowed|for the last|every|spent|over|past|frist)\s*\Z",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(r"\A\s*(?:ago|old|earlier|later than|of debt)\b", re.IGNORECASE)
_REPEATED = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d+)?) times\b", re.IGNORECASE)
_QUOTE_END = re.compile(r"[.;(](?:\s|\Z)")
_OF_HUNDRED = re.compile(
    r"\bof (?:every )?100 (?P<who>[^,.;]+?), (?P<part>\d{1,2})\b|\b(?P<n>\d{1,2}) of (?:every )?100\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"(?P<part>\d{1,2}(?:[.,]\d+)?) ?% of (?:them|those|these)\b", re.IGNORECASE)
_LOST = cue(
    "give up, gives up, gave up, fail*, leave, leaves, left, drop out, drops out, abandon*, stop, stops",
    "do not, does not, did not, never, without, lost, cancel*, quit, turn back, abbrechen, aufgeben",
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One span: so many `times`, `each` so long, in the figure's unit; `words` are the card's own."""

    times: float
    each: float
    words: str
    fact: str

    @property
    def value(self) -> float:
        """The span in all."""
        return self.times * self.each


@dataclass(frozen=True, slots=True)
class Stages:
    """Spans that add up to today's value, in the facts' order."""

    parts: tuple[Stage, ...]

    @property
    def total(self) -> float:
        """What they add up to."""
        return sum(part.value for part in self.parts)

    @property
    def largest(self) -> Stage:
        """The longest of them, the first where two are."""
        return max(self.parts, key=lambda part: part.value)

    @property
    def cites(self) -> tuple[str, ...]:
        """The facts, that of the largest first."""
        return tuple(dict.fromkeys((self.largest.fact, *(part.fact for part in self.parts))))


@dataclass(frozen=True, slots=True)
class Share:
    """`part` per cent of those who make up `base` per cent; `points` is their product."""

    base: float
    part: float
    words: str
    cites: tuple[str, ...]

    @property
    def points(self) -> float:
        """The share of all, in percentage points."""
        return self.base * self.part / 100


def stages(facts: Sequence[Fact], f: Figures | None) -> Stages | None:
    """The spans that add up to today's value, or None."""
    if f is None or not f.lower or f.unit not in TIMES:
        return None
    spans: dict[float, Stage] = {}
    for mention in of_today(facts):
        value = mention.value_in(f.unit)
        if value is not None and 0 < value < f.now and not _known(mention, value, f) and _goes_on(mention):
            stage = _stage(mention, value)
            spans.setdefault(stage.value, stage)
    # Two spans of one sentence may lie within each other: then the longer stands for both.
    longest: dict[str, Stage] = {}
    for stage in spans.values():
        longest[stage.fact] = max(longest.get(stage.fact, stage), stage, key=lambda each: each.value)
    choices = {tuple(spans.values()), tuple(longest.values())}
    fitting = [parts for parts in choices if 2 <= len(parts) <= _MOST_STAGES and _makes(parts, f.now)]
    return Stages(fitting[0]) if len(fitting) == 1 else None


def spans(facts: Sequence[Fact], f: Figures) -> list[tuple[str, float]]:
    """Spans of facts that tell how something goes on: each fact's id, and the span in the figure's unit. What
    is known otherwise, allowed or over is none.
    """
    found = []
    for mention in of_today(facts):
        value = mention.value_in(f.unit)
        if value is None or not 0 < value < f.now or _known(mention, value, f) or _is_none(mention):
            continue
        if mention.fact.kind is FactKind.CONTEXT and _GOES_ON.search(mention.fact.text):
            found.append((mention.fact.id, value))
    return found


def _makes(parts: Sequence[Stage], today: float) -> bool:
    return abs(sum(part.value for part in parts) - today) <= _SLACK * today


def _known(mention: Mention, value: float, f: Figures) -> bool:
    """True for the target, the start or the tail where they are told."""
    told = {"target": f.target, "start": f.start, "tail": f.tail}
    return any(value == each and mention.fact.id in f.sources[name][:1] for name, each in told.items())


def _goes_on(mention: Mention) -> bool:
    if _is_none(mention):
        return False
    return mention.fact.kind is FactKind.CONTEXT and bool(_GOES_ON.search(mention.before + mention.after))


def _is_none(mention: Mention) -> bool:
    """True for a span that is given or set, and for one that is over."""
    return bool(_ALLOWED.search(mention.before) or _NOT_NOW.match(mention.after) or sets_end(mention))


def _stage(mention: Mention, value: float) -> Stage:
    text, quantity = mention.fact.text, mention.quantity
    before = list(_REPEATED.finditer(text, 0, quantity.start))
    times = float(before[-1][1].replace(",", ".")) if before else 1.0
    cut = _QUOTE_END.search(text, quantity.end)
    words = text[quantity.start : cut.start() if cut else len(text)]
    if len(words.split()) < len(quantity.text.split()) + 3:
        words = mention.before + words
    return Stage(times, value, " ".join(words.split()).rstrip(" ,"), mention.fact.id)


def share(facts: Sequence[Fact], f: Figures | None) -> Share | None:
    """The share of a share that is what is missing, or None."""
    if f is None or f.unit != "%" or not 0 < f.now < 100:
        return None
    found = {}
    for fact, part, group, words in _shares(facts):
        # Of those who fall short, where the figure has to rise; of those it counts, where it has to fall.
        if f.lower is bool(_LOST.search(group)):
            continue
        base = f.now if f.lower else 100 - f.now
        each = Share(base, part, words, (fact.id, *f.sources["now"][:1]))
        if abs(each.points - f.gap) <= _SHARE_SLACK * f.gap:
            found[part] = each
    return next(iter(found.values())) if len(found) == 1 else None


def _shares(facts: Sequence[Fact]) -> Iterator[tuple[Fact, float, str, str]]:
    """Every share of a group, with the words for the group and those for the share."""
    for fact in in_order(facts):
        if fact.kind not in (FactKind.CONTEXT, FactKind.CHALLENGE):
            continue
        words = fact.text.rstrip(".")
        for found in _OF_HUNDRED.finditer(fact.text):
            yield fact, float(found["part"] or found["n"]), found["who"] or fact.text[found.end() :], words
        for found in _OF_THEM.finditer(fact.text):
            yield fact, float(found["part"].replace(",", ".")), fact.text, words
