"""Actionability: can somebody start on the steps, and can each come out wrong?

Each step counts one for the action and one for each of its testability slots; the measure is half the mean
over all of them and half that of the slots of the best three (fewer are averaged as three). A step is a
proposal about the case, or one that stands among the steps: whoever writes "Call ten people who stopped" need
not use the problem's words. But a step that shares none with the case, or hardly any, may be of any plan, so
it keeps a quarter of its worth and the reasons say so. One that goes against a constraint, or only repeats
what was tried, keeps less.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from debate.cards.facts import FactKind
from debate.judging.case import Case, Feature, ceiling
from debate.judging.proposals import is_among_steps, proposals
from debate.judging.sentences import quote
from debate.judging.slots import SLOTS, slots
from debate.judging.text import Answer, Claim, Entry
from debate.judging.vetoes import GATE, gate_fault
from debate.judging.words import GENERIC, content, fold, stem, stems

_FEWEST_STEPS = 3
_FAULTY = 0.3  # what is left of a step that breaks a constraint or repeats an attempt
_FOREIGN = 0.25  # what is left of a step that shares no word with the case
_HARDLY = 0.5  # below this a step is told to share hardly any word
_DOUBT = 3.0  # weight of foreign words that a step is taken to have beside its own
_SAME_AS_TRIED = 0.6  # share of words a step's title and an attempt's name have in common

_FORBIDS = re.compile(
    r"\b(?:cannot|can't|can\s+not|(?:must|may|do)\s+not|mustn't|don't|not\s+allowed|no|never|without|avoid)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:no|not|never|without|cannot|\w+n't|avoid|nothing|neither|nor|instead|rather|keep\w*)\b",
    re.IGNORECASE,
)
_WITHOUT_THING = re.compile(r"\W*(?:an?\s+)?\w+\s+(?:in|from|with)\b", re.IGNORECASE)  # "rewriting in Go"
_NEAR = 4  # stems between a forbidden act and the thing it is forbidden for


@dataclass(frozen=True, slots=True)
class Ban:
    """What a constraint forbids: an act on one of several things, or at all when it names none."""

    fact: str
    act: str
    things: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    entry: Entry
    slots: tuple[tuple[str, str], ...]
    fault: str
    tie: float  # how far its words tie it to the case, 0 to 1
    gate: str  # why its gate tests nothing

    @property
    def value(self) -> float:
        full = (1 + len(self.slots)) / (1 + len(SLOTS))
        return full * (_FAULTY if self.fault else 1.0) * (_FOREIGN + (1 - _FOREIGN) * self.tie)

    @property
    def tested(self) -> float:
        """The part of its value that its slots make; advice without any has none."""
        return self.value * len(self.slots) / (1 + len(self.slots))

    @property
    def foreign(self) -> bool:
        return self.tie < _HARDLY


def actionability(case: Case, answer: Answer) -> Feature:
    """Mean worth of the steps, 0 to 1."""
    banned = bans(case)
    entries = [(e, case.on_topic(Claim(e.text, content(e.text), e.lead))) for e in proposals(answer)]
    found = [_step(case, e, banned) for e, on_topic in entries if on_topic or is_among_steps(e)]
    if not found:
        return Feature(0.0, ("No step about the case is proposed.",))
    # What follows from a test need not be one itself, so the best tests count once more.
    best = sorted((step.tested for step in found), reverse=True)[:_FEWEST_STEPS]
    mean = sum(step.value for step in found) / max(len(found), _FEWEST_STEPS)
    value = (mean + sum(best) / _FEWEST_STEPS) / 2
    return Feature(value, _told(found), ceiling(sum(step.tie for step in found) / len(found)))


def _step(case: Case, entry: Entry, banned: Sequence[Ban]) -> _Step:
    filled, gate = slots(entry.text), gate_fault(entry.text, case.card.facts)
    kept = tuple((name, words) for name, words in filled.items() if not (gate and name in GATE))
    return _Step(entry, kept, _fault(case, entry, banned), _tie(case, entry), gate)


def bans(case: Case) -> tuple[Ban, ...]:
    """Acts the card's constraints forbid, from their negated wording: "the tool cannot be replaced"."""
    found = []
    for fact in case.card.of(FactKind.CONSTRAINT):
        match = _FORBIDS.search(fact.text)
        if not match:
            continue
        after = stems(fact.text[match.end() :].split("(")[0])
        before = tuple(s for s in stems(fact.text[: match.start()]) if s not in GENERIC)
        if match.group().casefold() in ("no", "without"):
            # "No new hires" forbids a thing; "cannot change the layout" an act, however common its word.
            after = tuple(s for s in after if s not in GENERIC)
        if after:
            things = tuple(dict.fromkeys(s for s in (*before, *after[1:]) if s not in GENERIC))
            found.append(Ban(fact.id, after[0], things))
    return tuple(found)


def breaks(text: str, ban: Ban) -> bool:
    """True when a text does the forbidden act to one of the things (or to none named) without denying it."""
    words = stems(text)
    for at, word in enumerate(words):
        if word != ban.act:
            continue
        near = (*words[max(0, at - _NEAR) : at], *words[at + 1 : at + 1 + _NEAR])
        bare = not ban.things or (at == 0 and _WITHOUT_THING.match(text))
        if (bare or any(thing in near for thing in ban.things)) and not _denied(text, ban.act):
            return True
    return False


def _denied(text: str, act: str) -> bool:
    """Whether the act is spoken of as something not done: "without rewriting", "is not replaced"."""
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", fold(text))
    at = next((n for n, word in enumerate(words) if stem(word.removesuffix("'s")) == act), 0)
    return bool(_DENIES.search(" ".join(words[max(0, at - 6) : at])))


def _tie(case: Case, entry: Entry) -> float:
    return case.tie([content(case.names.sub(" ", entry.text))], doubt=_DOUBT)


def _fault(case: Case, entry: Entry, banned: Sequence[Ban]) -> str:
    for line in entry.text.split("\n"):
        for ban in banned:
            if breaks(line, ban):
                return f"goes against {ban.fact}"
    title = content(entry.title)
    for attempt in case.attempts:
        shared = sum(s in attempt.stems for s in title)
        if title and shared / len({*title, *attempt.stems}) >= _SAME_AS_TRIED:
            return f"was tried ({attempt.fact.id})"
    return ""


def _told(found: Sequence[_Step]) -> tuple[str, ...]:
    total = len(found)
    filled = sum(len(step.slots) for step in found) / total
    told = [f"{total} step{'s' * (total > 1)}, {filled:.1f} of {len(SLOTS)} slots filled on average."]
    told += [f"{quote(s.entry.title, 50)} {s.gate}." for s in found if s.gate][:2]
    for name, says in (SLOTS[2], SLOTS[4], SLOTS[0]):
        having = [dict(s.slots)[name] for s in found if name in dict(s.slots)]
        told.append(
            f"{len(having)} of {total} {says}" + (f": e.g. {quote(having[0], 60)}." if having else ".")
        )
    rest = [
        f"{sum(name in dict(s.slots) for s in found)} {says}" for name, says in (SLOTS[6], SLOTS[7], SLOTS[5])
    ]
    told.append(f"{', '.join(rest)}.")
    foreign = sum(step.foreign for step in found)
    if foreign:
        told.append(
            f"{foreign} of {total} step{'s' * (total > 1)} share{'s' * (total == 1)} no word with the case, "
            "or hardly any; such a step counts a quarter."
        )
    faulty = [s for s in found if s.fault]
    if faulty:
        examples = "; ".join(f"{quote(s.entry.title, 50)} {s.fault}" for s in faulty[:3])
        told.append(f"{len(faulty)} of {total} count little: {examples}.")
    return tuple(told)
