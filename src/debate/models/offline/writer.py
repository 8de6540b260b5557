"""The offline writer: a plan to a letter.

It knows problem and plan only. It leaves out ids and seats, keeps one diagnosis, and takes every figure
from the plan. Of several wordings, from roomy to terse, it takes the first that is short enough.
"""

import json
import re
from dataclasses import dataclass, replace

from debate.cards.facts import Fact, FactKind
from debate.contracts.letter import MOST_WORDS
from debate.contributions import Interval, Letter, LetterStep, Plan, Prediction, Respect, Step
from debate.letters import interval_text, letter_words
from debate.models.offline import decisive, naming, sizes, wording
from debate.models.offline.case import Case, fenced
from debate.models.offline.constraints import ONLY_MEASURES
from debate.models.offline.critic import PLAINLY, THROUGH
from debate.models.offline.speaking import OPENS
from debate.models.offline.steps import APART, CONDITION, IN_TIME, SPREAD
from debate.words import sentences

# Readers of such answers rewarded about 700 words; a case with much to answer gets up to the limit.
_GOOD_WORDS = 720
_MOST_STEPS = 6
_TOLD_WORDS = 8
# With fewer statements behind it a diagnosis is little more than a guess.
_FEW = 2
_QUOTED_WORDS = 10
_KINDS = (FactKind.CONTEXT, FactKind.CHALLENGE, FactKind.TRIED, FactKind.CONSTRAINT, FactKind.CRITERION)
_CASE = re.compile(r"\bcases?\b", re.IGNORECASE)
_AFTER_CORE = re.compile(r", (?:and|but|so|so that|though|while|where|which) ")


@dataclass(frozen=True, slots=True)
class Room:
    """How many words the parts of a letter may take that can be shortened, and what is left out of a terse
    one: what is still open, statements the diagnosis rests on, the arithmetic in the rule, what follows from
    the reason of an attempt.
    """

    reason: int = 200
    attempt: int = 60
    action: int = 90
    effect: int = 60
    build: int = 90
    constraint: int = 30
    quotes: int = 2
    still_open: bool = False
    sums: bool = True
    follows: bool = True


_ROOMY = Room(still_open=True)
_FAIR = Room(reason=40, attempt=30, action=34, effect=30, build=60, constraint=20)
_SHORT = Room(reason=26, attempt=24, action=30, effect=16, build=0, constraint=16)
_TERSE = Room(reason=16, attempt=16, action=16, effect=14, build=0, constraint=12)
_TERSER = replace(_TERSE, effect=8, sums=False)
#: From roomy to terse, each with the number of words a letter of this kind may have.
_ROOMS = (
    (_ROOMY, _GOOD_WORDS),
    (_FAIR, _GOOD_WORDS),
    (_FAIR, MOST_WORDS),
    # What a change is matters more to its owner than what else could be said of its check.
    (replace(_FAIR, effect=0), MOST_WORDS),
    (replace(_SHORT, effect=0, build=40), MOST_WORDS),
    (replace(_TERSE, effect=0, build=40), MOST_WORDS),
    (replace(_TERSE, effect=0, build=40, constraint=6, quotes=1), MOST_WORDS),
    (replace(_TERSER, effect=0, build=40, constraint=5, quotes=0), MOST_WORDS),
    (replace(_FAIR, build=0), MOST_WORDS),
    (_SHORT, MOST_WORDS),
    (_TERSE, MOST_WORDS),
    (replace(_TERSE, effect=8, constraint=8), MOST_WORDS),
    (replace(_TERSER, constraint=8), MOST_WORDS),
    (replace(_TERSER, constraint=4, quotes=0), MOST_WORDS),
    (replace(_TERSER, constraint=4, quotes=0, follows=False), MOST_WORDS),
    (replace(_TERSER, constraint=4, quotes=0, follows=False, reason=0), MOST_WORDS),
)


def letter(case: Case, prompt: str) -> Letter:
    """The letter for the plan that stands in the prompt."""
    plan = Plan.model_validate(json.loads(next(iter(fenced("plan", prompt)), "{}")))
    written = [(_written(case, plan, room), most) for room, most in _ROOMS]
    return next((each for each, most in written if letter_words(each, case) <= most), written[-1][0])


def _written(case: Case, plan: Plan, room: Room) -> Letter:
    return Letter(
        diagnosis=wording.sentence(plan.diagnosis),
        why=_why(case, plan, room),
        attempts=[_attempt(case.fact(each.tried), each.because, room) for each in plan.tried],
        rule=_rule(case, plan, room),
        steps=[_step(case, step, room) for step in plan.steps[:_MOST_STEPS]],
        path=_path(plan),
        safeguards=_safeguards(case, plan, room),
        fails_if=_fails_if(plan, room),
        monday=[wording.sentence(step.title) for step in plan.steps[:2]],
    )


def _why(case: Case, plan: Plan, room: Room) -> str:
    told = sentences(plan.because)
    at = next((n for n, said in enumerate(told) if said.startswith((THROUGH, PLAINLY))), len(told))
    quoted = next((said for said in told[at:] if said.startswith(OPENS)), "")
    # A statement that merely shares a word with the claim stays in the record.
    evidence = quoted if ": “" in quoted else ""
    reason = " ".join(said for said in told[at:] if said != quoted) if room.reason else ""
    reason = wording.sentence(wording.brief(reason, room.reason)) if reason else ""
    other = f"Strongest alternative: {wording.clause(plan.alternative)}."
    sure = _sure(case, plan, evidence, room)
    decides = decisive.told(case, plan.diagnosis)
    parts = (decides, _forced(case), reason, evidence, sure, other, _cases(case, plan))
    return " ".join(part for part in parts if part)


def _sure(case: Case, plan: Plan, told: str, room: Room) -> str:
    """How sure the plan is, and on which statements that rests; what was `told` already is not told again."""
    facts = [fact for id_ in plan.cites if (fact := case.fact(id_)) is not None]
    if len(facts) < _FEW:
        return f"I hold this at {plan.confidence} % and no more: little in what you wrote speaks of it."
    others = [fact for fact in facts if _start(fact, 4) not in told]
    others.sort(key=lambda fact: _KINDS.index(fact.kind))
    quotes = [_short(_start(fact, _QUOTED_WORDS + 1), _QUOTED_WORDS) for fact in others[: room.quotes]]
    if not quotes:
        rests = "it rests on what you wrote of it"
    else:
        rests = f"{'it also rests' if told else 'it rests'} on {wording.listed(quotes)}"
    return f"I hold this at {plan.confidence} %: {rests}, and nobody has measured it yet."


def _start(fact: Fact, words: int) -> str:
    return " ".join((fact.name or fact.text).split()[:words])


def _cases(case: Case, plan: Plan) -> str:
    """What the word "case" stands for here, where the steps use it and the figure tells."""
    thing = naming.one(case)
    used = any(_CASE.search(f"{step.title} {step.action} {step.prediction.measure}") for step in plan.steps)
    return f"A case, below, is {thing}." if thing and used else ""


def _forced(case: Case) -> str:
    """The arithmetic in one sentence: what was won, what more of the same would bring, what is missing."""
    figures, compound = case.figures, case.reading("compound")
    if figures is None:
        return ""
    now, gap = wording.bare(figures.now, figures.unit), wording.bare(figures.gap, figures.unit)
    target, share = wording.amount(figures.target, figures.unit), wording.amount(figures.gap_share, "%")
    left = f"{share} of today's value" if figures.lower else f"{share} on top of today's value"
    still = "must still go" if figures.lower else "are still missing"
    if compound is None or figures.repeat is None or figures.reached(figures.repeat):
        gap = wording.amount(figures.gap, figures.gap_unit)
        return wording.sentence(f"from {now} to {target}, {gap} {still}, {left}")
    gains = (
        f"Your {wording.count(len(figures.gains))} gains compound to {wording.amount(compound.value, '%')}"
    )
    again = f"all of them once more would end near {wording.amount(figures.repeat, figures.unit)}"
    return f"{gains}, and {again}; but from {now} to {target}, {gap} {still}, {left}."


def _attempt(fact: Fact | None, because: str, room: Room) -> str:
    because = wording.brief(because, room.attempt)
    if not room.follows:
        because = _AFTER_CORE.split(because)[0]
    if fact is None:
        return wording.sentence(because)
    name = wording.capital(fact.name or fact.text)
    return f"{name}{_effect(fact)}: it {wording.clause(because)}."


def _effect(fact: Fact) -> str:
    """What the card says the attempt did, in brackets: a gain as its figure, anything else in its words."""
    effect = fact.effect
    if effect is None:
        return ""
    amount = effect.amount.text.strip() if effect.amount is not None else ""
    text = wording.brief(effect.text.strip(), _TOLD_WORDS).rstrip(" .")
    if amount and (effect.direction == "better" or len(text.split()) > _TOLD_WORDS):
        return f" ({amount})"
    return f" ({text})" if text and "(" not in text else ""


def _rule(case: Case, plan: Plan, room: Room) -> str:
    first = plan.steps[0]
    passed = interval_text(first.prediction.if_true)
    rule = f"Nothing is built until “{first.title}” has shown {passed}"
    figures, share = case.figures, case.share
    # "At most 27 %" confirms that little was touched; of a cause that holds too little it says nothing.
    asked = first.prediction.if_true
    too_little = asked.low is not None and asked.unit == "%"
    if figures is None or share is None or not too_little or not room.sums:
        return f"{rule}, and nothing is kept that its own measure does not confirm."
    gap = wording.amount(figures.gap, figures.gap_unit)
    return (
        f"{rule}: a cause that holds less than {wording.amount(share, '%')} ({gap}) needs a second beside it."
    )


def _path(plan: Plan) -> str:
    told = []
    # What has to go stands in the reasons already; the way there is what an assumption could break.
    for point in plan.path[1:] or plan.path:
        told.append(wording.sentence(f"{point.what}: {point.arithmetic}"))
        if point.assumption:
            told.append(wording.sentence(point.assumption))
    return " ".join(told)


def _step(case: Case, step: Step, room: Room) -> LetterStep:
    prediction = step.prediction
    measure = re.sub(r"\s*\([^)]*\)", "", prediction.measure)
    return LetterStep(
        title=step.title,
        what=_what(step, room),
        who=step.effort.who,
        days=step.effort.days,
        measure=f"{measure}{_today(prediction.now)}",
        if_true=f"{_range(case, prediction, prediction.if_true)}: {_then(step, room)}",
        if_false=f"{interval_text(prediction.if_false)}: {step.decision.if_false}",
        effect=_worth(step, room),
    )


def _then(step: Step, room: Room) -> str:
    """What follows from a check that passed; with little room the change's name stands for what it does."""
    told = wording.brief(step.decision.if_true, room.build)
    return told if room.build else told.partition(": ")[0]


def _range(case: Case, prediction: Prediction, interval: Interval) -> str:
    """A threshold with what it comes to in the case's unit, where it is a share of the case's figure."""
    told = sizes.of_figure(case, prediction.measure, interval)
    return f"{interval_text(interval)} ({told})" if told else interval_text(interval)


def _today(now: str) -> str:
    """Today's value in brackets, where it is a value and not a word on how to get one."""
    known = now[:1].isdigit() or now[:1] in "€$£"
    return f" (today {now.partition(';')[0]})" if known else ""


def _worth(step: Step, room: Room) -> str:
    """What the cause would be worth, where that is told in few words; else what comes last, the work a check
    decides.
    """
    said = sentences(step.effect)
    told = wording.brief(said[0], room.effect)
    return wording.sentence(
        told if len(told.split()) <= room.effect else wording.brief(said[-1], room.effect)
    )


def _what(step: Step, room: Room) -> str:
    """The action in brief; what else has to reach the owner stays."""
    action, *others = sentences(step.action)
    told = [wording.sentence(wording.brief(action, room.action))]
    return " ".join(
        [*told, *(said for said in others if said.startswith((CONDITION, IN_TIME, APART, SPREAD)))]
    )


def _fails_if(plan: Plan, room: Room) -> str:
    """The stop rule; with room, what could still turn out otherwise and what settles it."""
    if not (room.still_open and plan.dissent):
        return plan.stop_rule
    first = plan.dissent[0]
    about = wording.sentence(f"Still open: {wording.clause(first.about)}")
    return (
        f"{plan.stop_rule} {about} {wording.sentence(f'What settles it: {wording.clause(first.settled_by)}')}"
    )


def _safeguards(case: Case, plan: Plan, room: Room) -> str:
    """What protects each constraint, in the words of the step that comes closest to it; one sentence per
    reason.
    """
    kept: dict[str, list[str]] = {}
    for fact in case.of(FactKind.CONSTRAINT):
        lines = [line for step in plan.steps for line in step.constraints if line.constraint == fact.id]
        if lines:
            strained = (line for line in lines if line.stands is not Respect.RESPECTS)
            closest = next(strained, None) or next(
                (line for line in reversed(lines) if line.because != ONLY_MEASURES), lines[-1]
            )
            kept.setdefault(closest.because, []).append(fact.text)
    told = [
        wording.sentence(f"{wording.capital(_named(facts, room))}: {because}")
        for because, facts in kept.items()
    ]
    return " ".join(told) or "You name no constraint; still, every change here can be undone."


def _named(facts: list[str], room: Room) -> str:
    """The constraints in the case's own words."""
    return wording.listed(_short(text, room.constraint) for text in facts)


def _short(text: str, words: int) -> str:
    """The text in quotation marks, of `words` words at most; never cut inside a figure."""
    said = wording.quoted(text)
    if len(said.split()) <= words:
        return said
    kept = said.split()[:words]
    while len(kept) > 1 and any(char.isdigit() for char in kept[-1]):
        kept.pop()
    return f"{' '.join(kept)} …”"
