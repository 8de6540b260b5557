"""Steps: from a schedule to ranked steps.

The check of the diagnosis comes first, since it is what could prove the plan wrong; then the checks that
tell most per day; then the change that the first check must have confirmed. A check's own decision says what
to build when it finds its cause, and whether there is time. A plan that would have too few steps looks again
later.
"""

from collections.abc import Sequence

from debate.cards.floors import Floor
from debate.contributions import Decision, Effort, Hypothesis, Prediction, Step
from debate.letters import days_text
from debate.models.offline import afterwards, decisive, levers, spans, wording
from debate.models.offline.case import Case
from debate.models.offline.constraints import Work, lines
from debate.models.offline.schedule import Schedule, read_off
from debate.models.offline.time_allowed import working_days

#: How sentences of an action open that have to reach the owner, whatever else is left out.
CONDITION, IN_TIME, APART = "Only if ", "In the time there is, ", "Keep the slowest "
#: How the sentence opens that names the case's own levers.
LEVER = "Begin with “"
#: How the sentence opens that tells work from the weeks it is spread over.
SPREAD = "In all "
_FEWEST, _USUAL = 3, 5


def steps(case: Case, schedule: Schedule, extra: Sequence[Hypothesis], hypotheses: int) -> list[Step]:
    """The ranked steps for so many `hypotheses`. `extra` are those that a chosen check measures as well."""
    checks = [_check(case, schedule, hypothesis, extra) for hypothesis in schedule.checks]
    change = _change(case, schedule)
    fewest = _USUAL if hypotheses >= _USUAL else _FEWEST
    return [*checks, change, *afterwards.steps(case, schedule, change, fewest)]


def _check(case: Case, schedule: Schedule, hypothesis: Hypothesis, extra: Sequence[Hypothesis]) -> Step:
    also = [
        other
        for other in extra
        if next((c for c in schedule.checks if read_off(c, other)), None) is hypothesis
    ]
    rank, days = schedule.checks.index(hypothesis) + 1, schedule.days(hypothesis)
    action = [wording.sentence(wording.detail(hypothesis.test))]
    if also:
        measures = wording.listed(wording.clause(other.prediction.measure) for other in also)
        action.append(f"The same records show the {measures}.")
    if rank == 1 and schedule.window is not None and len(schedule.checks) > 1:
        action.append(f"{IN_TIME}run steps 1 to {len(schedule.checks)} side by side.")
    if rank == 1 and (tail := case.reading("tail")) is not None:
        action.append(f"{APART}cases apart: {wording.clause(tail.text.partition(':')[0])}.")
    if spread := _spread(hypothesis.test, days):
        action.append(spread)
    if days < hypothesis.effort.days:
        action.append(f"{IN_TIME}take as many cases as fit into {days_text(days)}.")
    return Step(
        rank=rank,
        title=wording.title(hypothesis.test),
        action=" ".join(action),
        hypotheses=[hypothesis.id, *(other.id for other in also)],
        prediction=hypothesis.prediction,
        decision=Decision(if_true=_then(case, schedule, hypothesis), if_false=_else(schedule, hypothesis)),
        effort=Effort(who=hypothesis.effort.who, days=days),
        effect=_worth(schedule, hypothesis),
        constraints=lines(
            case, Work(wording.title(hypothesis.test), action[0], False, schedule.days_until(rank))
        ),
    )


def _spread(text: str, days: float) -> str:
    """Work and the time it is spread over, where a text asks for more time than work."""
    span, words = spans.told(text)
    return f"{SPREAD}{days_text(days)} of work over {words}." if span > days else ""


def _then(case: Case, schedule: Schedule, hypothesis: Hypothesis) -> str:
    if hypothesis is schedule.checks[0]:
        return f"go on to step {schedule.change}"
    days, allowed = hypothesis.build.days, working_days(case)
    second = hypothesis is schedule.checks[1]
    build = f"build “{wording.title(hypothesis.intervention)}” ({days_text(days)})"
    does = f"take step {schedule.change + 1}" if second else build
    how = "" if second else f": {wording.clause(wording.detail(hypothesis.intervention))}"
    if hypothesis in _granted(schedule):
        return f"{does} as well{how}"
    room = None if allowed is None else allowed - schedule.days_until(len(schedule.checks))
    asked = "" if room is None or days <= room else " and ask for the time"
    return f"{does} in place of step {schedule.change}{asked}{how}"


def _granted(schedule: Schedule) -> list[Hypothesis]:
    """The causes whose change still fits beside all that is planned, the earlier check first."""
    left, granted = schedule.left, []
    for hypothesis in schedule.checks[1:]:
        if hypothesis.build.days <= left:
            granted.append(hypothesis)
            left -= hypothesis.build.days
    return granted


def _else(schedule: Schedule, hypothesis: Hypothesis) -> str:
    """What a check that fails shows, which is what the rival of the claim says, and what is dropped then."""
    rival = wording.clause(hypothesis.rival.partition(";")[0])
    if hypothesis is schedule.checks[0]:
        return f"{rival}; drop step {schedule.change}"
    return f"{rival}, and the first cause is left alone"


def _worth(schedule: Schedule, hypothesis: Hypothesis) -> str:
    """What a check is worth: the work it saves or sets free, and what that work would bring."""
    if hypothesis is schedule.checks[0]:
        return f"Decides step {schedule.change}."
    return f"Decides {days_text(hypothesis.build.days)} of other work."


def _change(case: Case, schedule: Schedule) -> Step:
    hypothesis = schedule.checks[0]
    action = wording.sentence(wording.detail(hypothesis.intervention))
    # What a sum says names the place of the change already.
    lever = "" if decisive.states(case, hypothesis) else levers.sentence(case, hypothesis)
    told = " ".join(filter(None, (action, lever, f"{CONDITION}step 1 says so.")))
    if spread := _spread(hypothesis.intervention, schedule.change_days):
        told += f" {spread}"
    if schedule.change_days < hypothesis.build.days:
        told += f" {IN_TIME}take the part of it that carries most."
    prediction, decision = _after_change(case, hypothesis)
    return Step(
        rank=schedule.change,
        title=wording.title(hypothesis.intervention),
        action=told,
        hypotheses=[hypothesis.id],
        prediction=prediction,
        decision=decision,
        effort=Effort(who=hypothesis.build.who, days=schedule.change_days),
        effect=hypothesis.effect,
        constraints=lines(
            case,
            Work(wording.title(hypothesis.intervention), action, True, schedule.days_until(schedule.change)),
        ),
    )


def _after_change(case: Case, hypothesis: Hypothesis) -> tuple[Prediction, Decision]:
    """After the change the figure itself is measured: half the way is the gate to go on. Without a figure the
    cause has to be gone.
    """
    figures = case.figures
    if figures is None:
        measured = afterwards.gone(hypothesis.prediction, "what step 1 measured")
        return measured, Decision(if_true="move everything over", if_false="switch it off and look again")
    # Where the change sets how many are raised, half the way there would lose the hits that have to stay.
    whole = decisive.states(case, hypothesis) and isinstance(decisive.sum_of(case), Floor)
    good, bad = (figures.target, figures.halfway) if whole else (figures.halfway, figures.now)
    measured = afterwards.gate(case, good, bad)
    measured = measured.model_copy(update={"measure": f"{measured.measure} where the change is in place"})
    return measured, Decision(if_true="do it everywhere", if_false="switch it off and look again")
