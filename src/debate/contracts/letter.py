"""What must hold between the writer's letter, the plan it tells, and the card it answers."""

import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from math import isfinite
from typing import NamedTuple

from pydantic import BaseModel

from debate.cards.facts import FactKind
from debate.cards.problem import ProblemCard
from debate.cards.quantities import find
from debate.contracts.figures import Figure, Figures, bounds_of, ends, figure_fault
from debate.contributions import Effort, Interval, Letter, Plan, Step
from debate.letters import interval_text, letter_words
from debate.words import sentences, stems

FEWEST_WORDS, MOST_WORDS = 350, 950
#: Where readers were served best; outside of it a letter is only noted.
GOOD_WORDS = (550, 700)
FEWEST_STEPS, MOST_STEPS = 5, 6
LENS_MENTIONS = 3
MONDAY_ACTIONS = 3
#: Words of the meeting the owner did not attend; each may stand where the case itself uses it.
MEETING_WORDS = ("seat", "seats", "panel", "panels", "vote", "votes", "voted", "critic", "critics")
_PROSE = ("diagnosis", "why", "rule", "path", "safeguards", "fails_if")
_STEP_PROSE = ("title", "what", "who", "measure", "if_true", "if_false", "effect")


def letter_faults(letter: Letter, plan: Plan, card: ProblemCard, lens_names: Sequence[str] = ()) -> list[str]:
    """What is wrong with a letter, as sentences it can be mended by. `lens_names` are those of the panel."""
    return [
        *_shape_faults(letter, plan, card),
        *_attempt_faults(letter, card),
        *_step_faults(letter, plan),
        *_label_faults(letter, plan, card),
        *_figure_faults(letter, plan, card),
        *_length_faults(letter, card, lens_names),
    ]


def letter_notes(letter: Letter, card: ProblemCard) -> list[str]:
    """What holds but could be better: a length outside of what readers liked."""
    words, (low, high) = letter_words(letter, card), GOOD_WORDS
    return [] if low <= words <= high else [f"the letter has {words} words; {low} to {high} read best"]


def _shape_faults(letter: Letter, plan: Plan, card: ProblemCard) -> list[str]:
    optional = set() if card.of(FactKind.CONSTRAINT) else {"safeguards"}
    if not plan.path:
        optional.add("path")
    faults = [f"{name} is empty" for name in _PROSE if not getattr(letter, name) and name not in optional]
    if (count := len(sentences(letter.diagnosis))) > 1:
        faults.append(f"the diagnosis has {count} sentences; give exactly one that its reader can repeat")
    fewest, most = min(FEWEST_STEPS, len(plan.steps)), min(MOST_STEPS, len(plan.steps))
    if not fewest <= len(letter.steps) <= most:
        wanted = str(most) if fewest == most else f"{fewest} or {most}"
        faults.append(f"the letter has {len(letter.steps)} steps; give {wanted}")
    actions = [action for action in letter.monday if action]
    if len(actions) != len(letter.monday) or not 1 <= len(actions) <= MONDAY_ACTIONS:
        faults.append(f"monday has {len(actions)} actions; give 1 to {MONDAY_ACTIONS}, none of them empty")
    return faults


def _attempt_faults(letter: Letter, card: ProblemCard) -> list[str]:
    tried = card.of(FactKind.TRIED)
    names = [fact.name or fact.text for fact in tried]
    if len(letter.attempts) != len(tried):
        expected = f"one for each of: {'; '.join(names)}" if names else "none, for nothing was tried"
        return [f"attempts has {len(letter.attempts)} sentences; give {len(tried)}, {expected}"]
    return [
        f"attempts: sentence {n} does not speak of {name!r}; name each attempt in words, in the owner's order"
        for n, (name, said) in enumerate(zip(names, letter.attempts, strict=True), 1)
        if not said or (stems(name) and not stems(name) & stems(said))
    ]


def _step_faults(letter: Letter, plan: Plan) -> list[str]:
    faults = []
    for number, step in enumerate(letter.steps, 1):
        where = f"step {number}"
        faults += [f"{where}: {name} is empty" for name in _STEP_PROSE if not getattr(step, name)]
        if not (isfinite(step.days) and step.days > 0):
            faults.append(f"{where}: days is {step.days:g}; give working days above 0")
        sides = [_Side(_figures(text), stems(text)) for text in (step.if_true, step.if_false)]
        if not any(all(_names_bound(side, planned) for side in sides) for planned in plan.steps):
            planned = plan.steps[min(number, len(plan.steps)) - 1] if plan.steps else None
            faults += [
                f"{where}: {name} names no threshold of the plan's step {planned.rank} "
                f"({_thresholds(planned)}); name the number with its unit"
                for name, side in zip(("if_true", "if_false"), sides, strict=True)
                if planned and not _names_bound(side, planned)
            ]
    return faults


def _thresholds(step: Step) -> str:
    return f"{interval_text(step.prediction.if_true)}, or {interval_text(step.prediction.if_false)}"


class _Side(NamedTuple):
    """What a step of the letter says of one outcome: its figures, and its words as stems."""

    figures: list[Figure]
    words: frozenset[str]


def _figures(text: str) -> list[Figure]:
    return [figure for quantity in find(text) for figure in ends(quantity)]


def _names_bound(side: _Side, step: Step) -> bool:
    """True when `side` has one of the step's thresholds: the number, and its unit beside it or in words."""
    bounds = [*bounds_of(step.prediction.if_true), *bounds_of(step.prediction.if_false)]
    unit_words = stems(step.prediction.if_true.unit)
    return any(
        abs(figure.value - bound.value) < 1e-9
        and (_top(figure) == _top(bound) or (bool(unit_words) and unit_words <= side.words))
        for figure in side.figures
        for bound in bounds
    )


def _top(figure: Figure) -> str:
    """The unit without what it is counted by: an owner reads "200 ms" where the plan has ms per request."""
    return figure.unit.partition("/")[0]


def _label_faults(letter: Letter, plan: Plan, card: ProblemCard) -> list[str]:
    """Ids and words that belong to the record. What the case itself calls so may be said."""
    own = f"{card.title} {card.question} {' '.join(fact.text for fact in card.facts)}"
    ids = _any_of([*(fact.id for fact in card.facts), *(reading.id for reading in card.readings)])
    hypotheses = _any_of(_hypothesis_patterns(plan), re.IGNORECASE)
    meeting = _any_of(MEETING_WORDS, re.IGNORECASE)
    faults = []
    for where, text in _texts(letter):
        labels = [match[0] for pattern in (ids, hypotheses) for match in pattern.finditer(text)]
        faults += [
            f"{where}: says {label!r}, a label the owner does not know; say the thing itself"
            for label in dict.fromkeys(labels)
            if not _says(own, label)
        ]
        faults += [
            f"{where}: says {word!r}; the owner was at no meeting, so say what was found and not who found it"
            for word in dict.fromkeys(match[0] for match in meeting.finditer(text))
            if not _says(own, word)
        ]
    return faults


def _says(text: str, word: str) -> bool:
    return _any_of([re.escape(word)], re.IGNORECASE).search(text) is not None


def _hypothesis_patterns(plan: Plan) -> list[str]:
    """The plan's hypothesis ids, and its seats with any number: "Pace Layering-2", "Layering-2"."""
    named = {
        *(id_ for step in plan.steps for id_ in step.hypotheses),
        *(id_ for dissent in plan.dissent for id_ in dissent.hypotheses),
        *(id_ for merge in plan.merged for id_ in (merge.hypothesis, merge.into)),
        *(gone.hypothesis for gone in plan.set_aside),
    }
    seats = {id_.rpartition("-")[0] for id_ in named} - {""}
    seats |= {seat.rpartition("-")[2] for seat in seats}
    numbered = [re.escape(seat).replace(re.escape("-"), "[- ]") + r"-\d+" for seat in seats]
    return sorted([*map(re.escape, named), *numbered], key=lambda pattern: (-len(pattern), pattern))


def _any_of(patterns: Sequence[str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Any of `patterns` as whole words; with none of them, a pattern that never matches."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b" if patterns else r"(?!)", flags)


def _figure_faults(letter: Letter, plan: Plan, card: ProblemCard) -> list[str]:
    leaves = list(_leaves(plan))
    days = [leaf.days for leaf in leaves if isinstance(leaf, Effort)]
    texts = [
        leaf.who if isinstance(leaf, Effort) else leaf for leaf in leaves if not isinstance(leaf, Interval)
    ]
    figures = (
        Figures.of_card(card)
        .with_figures(bound for leaf in leaves if isinstance(leaf, Interval) for bound in bounds_of(leaf))
        .with_days(*days)
        .with_texts(*texts, f"{plan.confidence} %")
        .with_count(len(letter.steps))
    )
    faults = [
        figure_fault(where, quantity)
        for where, text in _texts(letter)
        for quantity in figures.untraced(text, derive=False)
    ]
    spans = {*days, *(one + other for one, other in permutations(days, 2))}
    return faults + [
        f"step {number}: {step.days:g} days stand nowhere in the plan; use the days of its step"
        for number, step in enumerate(letter.steps, 1)
        if isfinite(step.days) and step.days > 0 and step.days not in spans
    ]


def _leaves(value: object) -> Iterator[str | Interval | Effort]:
    """Every text, interval and effort inside a contribution."""
    if isinstance(value, str | Interval | Effort):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)


def _length_faults(letter: Letter, card: ProblemCard, lens_names: Sequence[str]) -> list[str]:
    faults = []
    words = letter_words(letter, card)
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        low, high = GOOD_WORDS
        faults.append(f"the letter has {words} words; write {low} to {high}")
    text = " ".join(text for _, text in _texts(letter))
    mentions = {name: len(re.findall(rf"\b{re.escape(name)}\b", text)) for name in dict.fromkeys(lens_names)}
    if sum(mentions.values()) > LENS_MENTIONS:
        named = ", ".join(f"{name} {n}×" for name, n in mentions.items() if n)
        faults.append(
            f"the letter names a lens {sum(mentions.values())} times ({named}); {LENS_MENTIONS} at most"
        )
    return faults


def _texts(letter: Letter) -> Iterator[tuple[str, str]]:
    """Every text of the letter with the name a writer finds it by, in reading order."""
    yield "diagnosis", letter.diagnosis
    yield "why", letter.why
    yield from ((f"attempts: sentence {n}", text) for n, text in enumerate(letter.attempts, 1))
    yield "rule", letter.rule
    for number, step in enumerate(letter.steps, 1):
        yield from ((f"step {number}: {name}", getattr(step, name)) for name in _STEP_PROSE)
    yield from ((name, getattr(letter, name)) for name in ("path", "safeguards", "fails_if"))
    yield from ((f"monday {n}", text) for n, text in enumerate(letter.monday, 1))
