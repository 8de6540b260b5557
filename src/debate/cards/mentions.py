"""Mentions: what a quantity in a fact stands for, by the words around it.

A quantity may be what is aimed at, what is so today, what was so once, a percentile, a deadline, or something
else altogether. Each rule here reads words next to the quantity, within its clause; what no rule decides
stays undecided.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.cards.quantities import Quantity
from debate.cards.units import TIMES, convert


@dataclass(frozen=True)
class Mention:
    """A quantity where it stands. `before` and `after` are the rest of its clause, `after` without its unit.

    `left` is the value a change started from ("from 500 ms" before "to 350 ms"); `right` likewise where it
    ended.
    """

    fact: Fact
    quantity: Quantity
    before: str
    after: str
    left: Quantity | None = None
    right: Quantity | None = None

    def value_in(self, unit: str) -> float | None:
        """Its value in another unit, or None when the two are not of one kind."""
        return convert(self.quantity.value, self.quantity.unit, unit)

    @property
    def planned(self) -> bool:
        """True in a change that is wanted ("raise it from 22 % to 35 %"), False in one that happened."""
        wanted = self.fact.kind in (FactKind.CONSTRAINT, FactKind.CRITERION) or _WANTED.search(self.before)
        return bool(wanted) and not _HAPPENED.search(self.before)


_CLAUSE = re.compile(r"[;()]|,\s|[.!?]\s|\s(?:but|and|while|whereas|aber|und)\s|\s[–—-]\s", re.IGNORECASE)
_STRONG_AIM = cue(
    "target, targets, goal, goals, aim, aims, objective, ziel, sla, acceptable, promise, promised, agreed",
    "asks for",
)
_STRONG_AIM_AFTER = re.compile(
    r"\A\s*(?:targets?|goals?|ziel|is (?:the|our) (?:target|goal))\b", re.IGNORECASE
)
_WEAK_AIM = cue(
    "need, needs, want, wants, must, should, has to, have to, get, bring, reduce, raise, lift, cut",
    "lower, increase, improve, keep, reach, muss, müssen, soll, sollen, wollen",
)
_AT = re.compile(r"\b(?:to|at|be|reach|auf|bei)\s*~?\s*\Z", re.IGNORECASE)
_UP_TO = cue("up to, bis zu", end=True)
_WANTED = cue(
    "target, goal, aim, need, needs, want, wants, must, should, raise, bring, reduce, increase, lift",
    "lower, improve, get, cut, muss, müssen, soll, sollen, wollen",
)
_HAPPENED = cue(
    "improved, improvement, reduced, increased, lifted, lowered, raised, total, grew, fell, rose, went",
    "dropped, gone, came",
)
_TODAY = cue(
    "averag*, mean, median, currently, now, today, at present, stand at, stands at, hover*, still",
    "these days, derzeit, aktuell, heute, schnitt, durchschnittlich",
)
_TODAY_AFTER = cue("avg, average, mean, median, today, now, on average, at present, im schnitt", start=True)
_ONCE = re.compile(
    r"\b(?:used to be|originally|initially|started (?:at|from|with)|(?:up|down) from|was|were|früher|war)"
    r"\s+(?:\w+\s+)?\Z",
    re.IGNORECASE,
)
_AGO = re.compile(r"\A\s*(?:ago\b|before\b|(?:a|one|two) years? ago|last year)", re.IGNORECASE)
_AMOUNT_OF_CHANGE = cue("by, um, total, overall, improve*, gain*, reduc*, increas*, decreas*, saved, growth")
_SPAN = re.compile(
    r"\b(?:spent|for|over|after|during|last|past|since|every|each|of)\s+(?:the\s+)?(?:last\s+|past\s+)?\Z",
    re.IGNORECASE,
)
_SPAN_AFTER = re.compile(r"\A\s*(?:ago|old|of (?:\w+ )?debt|trying|trial|pilot)\b", re.IGNORECASE)
_DEADLINE = re.compile(
    r"\b(?:in|within|next|deadline(?: is| of)?:?|binnen|innerhalb von|have|only)"
    r"\s+(?:the (?:next )?|only )?\Z",
    re.IGNORECASE,
)
_DEADLINE_UNITS = ("days", "weeks", "months")
_TAIL = re.compile(
    r"\bp(?P<p>9[0-9](?:\.[0-9])?)\b|\b(?P<q>9[0-9])(?:th|\.)? (?:percentile|perzentil)\b", re.IGNORECASE
)
_NEAR = 12
_ARROW = re.compile(r"\s*(?:→|⇒|->|=>)\s*")
_TO = re.compile(
    r",?\s*\b(?:(?:down |up )?to|auf)\s*(?:about |around |~|under |below |over |<|>)*\s*", re.IGNORECASE
)
_FROM = re.compile(r"\b(?:from|von)\s*(?:about |around |~|<|>)*\s*\Z", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 5
# A card that aims at more things than this is not helped by trying them all.
_MOST_AIMS = 5


def mentions(facts: Iterable[Fact]) -> list[Mention]:
    """Every quantity with a unit, of every fact that is not an attempt."""
    return [mention for fact in facts if fact.kind is not FactKind.TRIED for mention in _of(fact)]


def _of(fact: Fact) -> list[Mention]:
    found: list[Mention] = []
    units = {q.unit for q in fact.quantities if q.unit}
    for quantity in fact.quantities:
        before, after = _around(fact.text, quantity)
        if not quantity.unit and len(units) == 1 and (_STRONG_AIM.search(before) or _ONCE.search(before)):
            # "The median wait is 94 minutes; the target is 60.", "1,200 tickets, up from 700"
            quantity = replace(quantity, unit=next(iter(units)))  # noqa: PLW2901 - the same number, completed
        if quantity.unit:
            found.append(Mention(fact, quantity, before, after))
    for n in range(len(found) - 1):
        one, two = found[n], found[n + 1]
        between = fact.text[one.quantity.end : two.quantity.start]
        became = _ARROW.fullmatch(between) or (_TO.fullmatch(between) and _FROM.search(one.before))
        if became and one.value_in(two.quantity.unit) is not None:
            found[n] = replace(one, right=two.quantity)
            found[n + 1] = replace(two, left=one.quantity)
    return found


def _around(text: str, quantity: Quantity) -> tuple[str, str]:
    start = max((cut.end() for cut in _CLAUSE.finditer(text, 0, quantity.start)), default=0)
    cut = _CLAUSE.search(text, quantity.end)
    return text[start : quantity.start], text[quantity.end : cut.start() if cut else len(text)]


def tails(found: Sequence[Mention]) -> dict[Mention, str]:
    """The mentions that are percentiles, with their names: the quantity nearest to each "p95"."""
    named: dict[Mention, str] = {}
    for fact, said in groupby(found, key=lambda mention: mention.fact):
        own = list(said)
        for label in _TAIL.finditer(fact.text):
            near = min(own, key=lambda m: _distance(m.quantity, label.start(), label.end()))
            if _distance(near.quantity, label.start(), label.end()) <= _NEAR:
                named[near] = f"p{label['p'] or label['q']}"
    return named


def _distance(quantity: Quantity, start: int, end: int) -> int:
    return max(start - quantity.end, quantity.start - end)


def aims(levels: Sequence[Mention]) -> list[Mention]:
    """What may be the target, surest first."""
    ranked = [(rank, mention) for mention in levels if (rank := _aim_rank(mention)) is not None]
    return [mention for _, mention in sorted(ranked, key=lambda pair: pair[0])][:_MOST_AIMS]


def _aim_rank(mention: Mention) -> int | None:
    if mention.right is not None:
        return None
    if mention.left is not None:
        return 0 if mention.planned else None
    if _STRONG_AIM.search(mention.before) or _STRONG_AIM_AFTER.match(mention.after):
        return 0
    if mention.fact.kind is FactKind.CONSTRAINT:
        return None
    bounded = mention.quantity.bound in ("<", "<=", ">", ">=") and not _UP_TO.search(mention.before)
    if _WEAK_AIM.search(mention.before) and (bounded or _AT.search(mention.before)):
        return 3 if sets_end(mention) else 1
    if mention.fact.kind is FactKind.CRITERION:
        return 3 if sets_end(mention) else 2
    return None


def current(aim: Mention, levels: Sequence[Mention]) -> Mention | None:
    """Today's value of what is aimed at, or None when it is not stated or could be one of several."""
    if aim.left is not None:
        return replace(aim, quantity=aim.left, left=None)
    candidates = [mention for mention in levels if mention is not aim and _may_be_today(mention, aim)]
    scores: dict[float, int] = {}
    best: dict[float, tuple[int, Mention]] = {}
    for mention in candidates:
        value = mention.value_in(aim.quantity.unit)
        if value is None:
            continue
        score = _today_score(mention, aim)
        if score == 0 and mention.quantity.unit != aim.quantity.unit:
            continue
        scores[value] = scores.get(value, 0) + score
        if value not in best or score > best[value][0]:
            best[value] = (score, mention)
    top = [value for value, score in scores.items() if score == max(scores.values())]
    return best[top[0]][1] if len(top) == 1 else None


def _may_be_today(mention: Mention, aim: Mention) -> bool:
    if mention.fact.kind not in (FactKind.CONTEXT, FactKind.CHALLENGE) or mention.right is not None:
        return False
    if _aim_rank(mention) is not None or mention.value_in(aim.quantity.unit) == aim.quantity.value:
        return False
    if _ONCE.search(mention.before) or _AGO.match(mention.after):
        return False
    if mention.quantity.unit in TIMES and (
        (_SPAN.search(mention.before) and not _TODAY_AFTER.match(mention.after.lstrip()))
        or _SPAN_AFTER.match(mention.after)
        or sets_end(mention)
    ):
        return False
    return mention.left is not None or not (
        mention.quantity.unit == "%" and _AMOUNT_OF_CHANGE.search(mention.before)
    )


def _today_score(mention: Mention, aim: Mention) -> int:
    said = bool(_TODAY.search(mention.before) or _TODAY_AFTER.match(mention.after.lstrip()))
    aimed_at = _stems(aim.fact.text)
    kin = bool(_stems(mention.fact.text) & aimed_at)
    near = len(_stems(mention.before + mention.after) & aimed_at)
    return 2 * (mention.left is not None) + 2 * said + kin + 2 * min(near, 2)


def start(today: Mention, aim: Mention, levels: Sequence[Mention]) -> Mention | None:
    """Where today's value came from, when the card says so once."""
    unit = today.quantity.unit
    # In a change that is planned, `left` is today's value itself.
    came = [
        replace(m, quantity=m.left, left=None)
        for m in levels
        if m.left is not None and not m.planned and m.value_in(unit) == today.quantity.value
    ]
    once = [m for m in levels if m.right is None and (_ONCE.search(m.before) or _AGO.match(m.after))]
    known = (today.quantity.value, aim.value_in(unit))
    found = [m for m in (*came, *once) if (value := m.value_in(unit)) is not None and value not in known]
    return found[0] if len({m.value_in(unit) for m in found}) == 1 else None


def deadline(found: Sequence[Mention], aim: Mention) -> Mention | None:
    """The shortest time the card gives for showing a result."""
    ends = [m for m in found if m != aim and sets_end(m)]
    days = {"days": 1, "weeks": 7, "months": 30}
    return min(ends, key=lambda m: m.quantity.value * days[m.quantity.unit], default=None)


def sets_end(mention: Mention) -> bool:
    """True for a span at whose end something has to be there ("within 6 weeks")."""
    return mention.quantity.unit in _DEADLINE_UNITS and _DEADLINE.search(mention.before) is not None


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold())}
