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
from debate.letters import days_text, interval_text, letter_words
from debate.models.offline import naming, reasoning, sizes, wording
from debate.models.offline.case import Case, fenced
from debate.models.offline.constraints import NOT_TOUCHED, NOTHING_BOUGHT, ONLY_MEASURES
from debate.models.offline.steps import APART, CONDITION, IN_TIME, LEVER, SPREAD
from debate.words import sentences

# A colleague's reply is short; a case with much to answer gets up to the limit.
_GOOD_WORDS, _FAIR_WORDS, _MANY_WORDS = 640, 760, 900
_MOST_STEPS = 6
_TOLD_WORDS = 8
_CASE = re.compile(r"\bcases?\b", re.IGNORECASE)
_AFTER_CORE = re.compile(r", (?:and|but|so|so that|though|while|where|which) ")


@dataclass(frozen=True, slots=True)
class Room:
    """How many words the parts of a letter may take that can be shortened, how many statements it quotes,
    whether what follows from the reason of an attempt is told, and whether constraints that nothing comes
    near are named.
    """

    reason: int
    attempt: int
    action: int
    effect: int
    build: int
    quotes: int = 2
    follows: bool = True
    named: bool = True


_ROOMY = Room(reason=60, attempt=60, action=70, effect=40, build=70)
_FAIR = Room(reason=40, attempt=40, action=45, effect=34, build=70)
_SHORT = Room(reason=30, attempt=30, action=34, effect=20, build=70)
_TERSE = Room(reason=20, attempt=20, action=24, effect=12, build=60, quotes=1)
#: From roomy to terse, each with the number of words a letter of this kind may have.
_ROOMS = (
    (_ROOMY, _GOOD_WORDS),
    (_FAIR, _GOOD_WORDS),
    (_SHORT, _FAIR_WORDS),
    (_TERSE, _MANY_WORDS),
    (replace(_TERSE, named=False), _MANY_WORDS),
    (replace(_TERSE, action=12, effect=0, named=False), MOST_WORDS),
    (replace(_TERSE, reason=0, build=24, quotes=0, named=False), MOST_WORDS),
    (
        replace(_TERSE, reason=0, action=12, effect=8, build=0, quotes=0, follows=False, named=False),
        MOST_WORDS,
    ),
)


def letter(case: Case, prompt: str) -> Letter:
    """The letter for the plan that stands in the prompt."""
    plan = Plan.model_validate(json.loads(next(iter(fenced("plan", prompt)), "{}")))
    written = [(_written(case, plan, room), most) for room, most in _ROOMS]
    return next((each for each, most in written if letter_words(each, case) <= most), written[-1][0])


def _written(case: Case, plan: Plan, room: Room) -> Letter:
    return Letter(
        diagnosis=wording.sentence(plan.diagnosis),
        why=" ".join(
            part
            for part in (
                reasoning.why(case, plan, reason=room.reason, quotes=room.quotes),
                _cases(case, plan),
            )
            if part
        ),
        attempts=[_attempt(case.fact(each.tried), each.because, room) for each in plan.tried],
        rule=_rule(plan),
        steps=_steps(case, plan, room),
        path=_path(plan),
        safeguards=_safeguards(case, plan, room),
        fails_if=plan.stop_rule,
        monday=_monday(plan),
    )


def _cases(case: Case, plan: Plan) -> str:
    """What the word "case" stands for here, where the steps use it and the figure tells."""
    thing = naming.one(case)
    used = any(_CASE.search(f"{step.title} {step.action} {step.prediction.measure}") for step in plan.steps)
    return f"A case, below, is {thing}." if thing and used else ""


def _attempt(fact: Fact | None, because: str, room: Room) -> str:
    because = wording.brief(because, room.attempt)
    if not room.follows:
        because = _AFTER_CORE.split(because)[0]
    if fact is None:
        return wording.sentence(because)
    name = wording.capital(fact.name or fact.text)
    effect = "" if _says_gain(fact, because) else _effect(fact)
    return f"{name}{effect}: it {wording.clause(because)}."


def _says_gain(fact: Fact, because: str) -> bool:
    """True when the reason gives the figure of the effect already."""
    amount = fact.effect.amount if fact.effect is not None else None
    return amount is not None and amount.text.strip() in because


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


def _rule(plan: Plan) -> str:
    shown = interval_text(plan.steps[0].prediction.if_true)
    return f"Until step 1 has shown {shown}, nothing is built. In between: measure again on twice as many."


def _path(plan: Plan) -> str:
    told = []
    # What has to go stands in the reasons already; the way there is what an assumption could break.
    for point in plan.path[1:] or plan.path:
        told.append(wording.sentence(f"{point.what}: {point.arithmetic}"))
        if point.assumption:
            told.append(wording.sentence(point.assumption))
    return " ".join(told)


def _steps(case: Case, plan: Plan, room: Room) -> list[LetterStep]:
    """The steps; today's value stands beside the first measure that it belongs to."""
    shown: set[str] = set()
    told = []
    for step in plan.steps[:_MOST_STEPS]:
        today = _today(step.prediction.now)
        told.append(_step(case, step, room, "" if today in shown else today))
        shown.add(today)
    return told


def _step(case: Case, step: Step, room: Room, today: str) -> LetterStep:
    prediction = step.prediction
    measure = re.sub(r"\s*\([^)]*\)", "", prediction.measure)
    return LetterStep(
        title=step.title,
        what=_what(step, room),
        who=step.effort.who,
        days=step.effort.days,
        measure=f"{measure}{today}",
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
    decides. A change is told with its price.
    """
    said = sentences(step.effect)
    if not room.effect:
        return wording.sentence(wording.brief(said[0], _TOLD_WORDS))
    if CONDITION in step.action:
        return " ".join(wording.sentence(each) for each in said)
    told = wording.brief(said[0], room.effect)
    return wording.sentence(
        told if len(told.split()) <= room.effect else wording.brief(said[-1], room.effect)
    )


def _what(step: Step, room: Room) -> str:
    """The action in brief; what else has to reach the owner stays."""
    action, *others = sentences(step.action)
    # What is to be changed is told to its end as long as it can be.
    words = max(room.action, room.build) if CONDITION in step.action else room.action
    told = [wording.sentence(wording.brief(action, words))]
    return " ".join(
        [*told, *(said for said in others if said.startswith((CONDITION, IN_TIME, APART, LEVER, SPREAD)))]
    )


def _safeguards(case: Case, plan: Plan, room: Room) -> str:
    """How the plan keeps the constraints it comes near to, one sentence per reason; one line for the rest,
    which are named where there is room.
    """
    kept: dict[str, list[str]] = {}
    far: list[str] = []
    for fact in case.of(FactKind.CONSTRAINT):
        lines = [line for step in plan.steps for line in step.constraints if line.constraint == fact.id]
        strained = (line for line in lines if line.stands is not Respect.RESPECTS)
        near = (line for line in lines if line.because not in (ONLY_MEASURES, NOT_TOUCHED, NOTHING_BOUGHT))
        closest = next(strained, None) or next(reversed(list(near)), None)
        if closest is not None:
            kept.setdefault(closest.because, []).append(fact.text)
        else:
            far += [fact.text] if lines else []
    told = [f"{wording.capital(_named(facts))}: {because}." for because, facts in kept.items()]
    if far:
        change = next((step.rank for step in plan.steps if CONDITION in step.action), None)
        first = f"Before step {change} begins" if change is not None else "Before anything is changed"
        names = f": {_named(far)}" if room.named else ""
        told.append(f"{first}, check it against {'the others' if told else 'your conditions'}{names}.")
    return " ".join(told) or "You name no constraint; still, every change here can be undone."


def _monday(plan: Plan) -> list[str]:
    """Who is asked for what on the first day."""
    first = plan.steps[0]
    return [f"Ask {first.effort.who} for {days_text(first.effort.days)}: {wording.clause(first.title)}."]


def _named(facts: list[str]) -> str:
    """The constraints in the case's own words."""
    return wording.listed(wording.quoted(text) for text in facts)
