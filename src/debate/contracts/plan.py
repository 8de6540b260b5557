"""What must hold between the critic's plan, the card and the hypotheses it merges."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import isfinite

from debate.cards.facts import FactKind
from debate.cards.problem import ProblemCard
from debate.contracts.citations import citation_faults, ids_of
from debate.contracts.deadlines import deadline
from debate.contributions import Hypothesis, Plan, Respect, Step
from debate.words import repeats, stems

FEWEST_STEPS, USUAL_STEPS, MOST_STEPS = 3, 5, 8
TITLE_WORDS = 10
#: A reason of fewer words, or one that only repeats the attempt's own words, explains nothing.
REASON_WORDS = 4
_FILLED = ("title", "action", "effect")
_TARGET = re.compile(r"\b(?:targets?|goals?)\b", re.IGNORECASE)


def plan_faults(plan: Plan, card: ProblemCard, hypotheses: Sequence[Hypothesis]) -> list[str]:
    """What is wrong with a plan, as sentences it can be mended by."""
    ids = [hypothesis.id for hypothesis in hypotheses]
    return [
        *_diagnosis_faults(plan, card),
        *_tried_faults(plan, card),
        *_count_faults(plan.steps, len(ids)),
        *(fault for step in plan.steps for fault in _step_faults(step, card, ids)),
        *_fate_faults(plan, ids),
        *_dissent_faults(plan, ids),
    ]


def _diagnosis_faults(plan: Plan, card: ProblemCard) -> list[str]:
    faults = [
        f"{name} is empty"
        for name in ("diagnosis", "because", "alternative", "stop_rule")
        if not getattr(plan, name)
    ]
    faults += citation_faults("the diagnosis", plan.cites, card)
    if not 0 <= plan.confidence <= 100:
        faults.append(f"confidence is {plan.confidence}; give a number from 0 to 100")
    target = next((fact for fact in card.facts if fact.quantities and _TARGET.search(fact.text)), None)
    if target is not None and not plan.path:
        faults.append(
            f"path is empty, but the case has a target ({target.id}: {target.text}); add it up in numbers"
        )
    return faults


def _tried_faults(plan: Plan, card: ProblemCard) -> list[str]:
    faults = []
    given = Counter(reason.tried for reason in plan.tried)
    attempts = {fact.id: fact for fact in card.of(FactKind.TRIED)}
    for id_, fact in attempts.items():
        if given[id_] != 1:
            faults.append(
                f"tried has {given[id_]} entries for {id_} ({fact.name or fact.text}); give exactly one"
            )
    for reason in plan.tried:
        if reason.tried not in attempts:
            faults.append(f"tried names {reason.tried!r}; valid are {ids_of(card, FactKind.TRIED)}")
        elif len(reason.because.split()) < REASON_WORDS or not stems(reason.because) - stems(
            attempts[reason.tried].text
        ):
            faults.append(
                f"tried: {reason.because!r} is no reason for {reason.tried}; say in a sentence what the "
                "attempt left as it was"
            )
    return faults


def _count_faults(steps: Sequence[Step], hypotheses: int) -> list[str]:
    faults = []
    fewest = USUAL_STEPS if hypotheses >= USUAL_STEPS else FEWEST_STEPS
    if not fewest <= len(steps) <= MOST_STEPS:
        faults.append(f"the plan has {len(steps)} steps; give {fewest} to {MOST_STEPS}")
    ranks = [step.rank for step in steps]
    if ranks != list(range(1, len(steps) + 1)):
        faults.append(
            f"the ranks are {', '.join(map(str, ranks))}; number the steps 1 to {len(steps)} in order"
        )
    return faults


def _step_faults(step: Step, card: ProblemCard, ids: Sequence[str]) -> list[str]:
    where = f"step {step.rank}"
    faults = [f"{where}: {name} is empty" for name in _FILLED if not getattr(step, name)]
    faults += [
        f"{where}: decision.{side} is empty"
        for side in ("if_true", "if_false")
        if not getattr(step.decision, side)
    ]
    if not step.effort.who:
        faults.append(f"{where}: effort.who is empty; say who does it")
    if not step.prediction.measure:
        faults.append(f"{where}: prediction.measure is empty; name one quantity")
    if (words := len(step.title.split())) > TITLE_WORDS:
        faults.append(f"{where}: the title has {words} words; use {TITLE_WORDS} at most")
    if ids and not step.hypotheses:
        faults.append(f"{where} names no hypothesis; name those it tests or acts on")
    faults += _unknown_faults(where, step.hypotheses, ids)
    return [
        *faults,
        *_constraint_faults(where, step, card),
        *_day_faults(where, step, card),
        *_again_faults(where, step, card),
    ]


def _constraint_faults(where: str, step: Step, card: ProblemCard) -> list[str]:
    faults = []
    given = Counter(line.constraint for line in step.constraints)
    known = {fact.id: fact for fact in card.of(FactKind.CONSTRAINT)}
    for id_, fact in known.items():
        if given[id_] != 1:
            faults.append(
                f"{where} has {given[id_]} lines for constraint {id_} ({fact.text}); give exactly one"
            )
    for line in step.constraints:
        if line.constraint not in known:
            faults.append(
                f"{where} has a line for {line.constraint!r}, which is no constraint; valid are "
                f"{ids_of(card, FactKind.CONSTRAINT)}"
            )
        elif line.stands is Respect.VIOLATES:
            faults.append(
                f"{where} violates {line.constraint} ({known[line.constraint].text}); change the step until "
                "it respects it"
            )
    return faults


def _day_faults(where: str, step: Step, card: ProblemCard) -> list[str]:
    days = step.effort.days
    if not (isfinite(days) and days > 0):
        return [f"{where}: effort.days is {days:g}; give working days above 0"]
    limit = deadline(card)
    if limit is not None and days > limit[0]:
        return [
            f"{where} takes {days:g} days, longer than the {limit[0]:g} working days of {limit[1].id} "
            f"({limit[1].text}); make it smaller"
        ]
    return []


def _again_faults(where: str, step: Step, card: ProblemCard) -> list[str]:
    familiar = stems(" ".join(fact.text for fact in card.facts))
    return [
        f"{where} proposes {fact.name or fact.text!r} ({fact.id}) again as it was; it was tried, so drop it "
        "or say in title and action what is different"
        for fact in card.of(FactKind.TRIED)
        if repeats(fact.name or fact.text, step.title, familiar, spare=0)
        or repeats(fact.name or fact.text, f"{step.title} {step.action}", familiar, spare=2)
    ]


def _fate_faults(plan: Plan, ids: Sequence[str]) -> list[str]:
    """Every hypothesis ends in one place: in steps, merged into one that does not vanish, or set aside."""
    in_steps = {id_ for step in plan.steps for id_ in step.hypotheses}
    merged = [merge.hypothesis for merge in plan.merged]
    aside = [gone.hypothesis for gone in plan.set_aside]
    faults = _unknown_faults("merged", merged, ids) + _unknown_faults("set_aside", aside, ids)
    for id_ in ids:
        places = (
            ["a step"] * (id_ in in_steps) + ["merged"] * merged.count(id_) + ["set_aside"] * aside.count(id_)
        )
        if not places:
            faults.append(
                f"hypothesis {id_} is nowhere in the plan; use it in a step, merge it, or set it aside with "
                "a reason"
            )
        elif len(places) > 1:
            faults.append(f"hypothesis {id_} ends in {' and in '.join(places)}; leave it in one place")
    for merge in plan.merged:
        if merge.into == merge.hypothesis:
            faults.append(f"merged: {merge.hypothesis} is merged into itself; name another hypothesis")
        elif merge.into not in ids:
            faults += _unknown_faults("merged", [merge.into], ids)
        elif merge.into not in in_steps and merge.into not in aside:
            faults.append(
                f"merged: {merge.hypothesis} goes into {merge.into}, which is in no step and not set aside; "
                "merge into one that is"
            )
        if not merge.because:
            faults.append(f"merged: no reason is given for {merge.hypothesis}")
    faults += [
        f"set_aside: no reason is given for {gone.hypothesis}" for gone in plan.set_aside if not gone.because
    ]
    return faults


def _dissent_faults(plan: Plan, ids: Sequence[str]) -> list[str]:
    faults = []
    for number, dissent in enumerate(plan.dissent, 1):
        where = f"dissent {number}"
        faults += _unknown_faults(where, dissent.hypotheses, ids)
        if len(set(dissent.hypotheses)) < 2:
            faults.append(
                f"{where} names {len(set(dissent.hypotheses))} hypotheses; name at least two that differ"
            )
        faults += [
            f"{where}: {name} is empty" for name in ("about", "settled_by") if not getattr(dissent, name)
        ]
    return faults


def _unknown_faults(where: str, named: Iterable[str], ids: Sequence[str]) -> list[str]:
    unknown = dict.fromkeys(id_ for id_ in named if id_ not in ids)
    return [f"{where} names {id_!r}, which is no hypothesis; valid are {', '.join(ids)}" for id_ in unknown]
