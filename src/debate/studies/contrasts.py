"""Contrasts: the full panel (or the first arm) minus every arm that is no part of a game, and what those that
should do nothing say about the study.

A placebo panel against the panel without lenses says what *any* lenses bring. Its gain is shared by its seats
(the mean Shapley value of its lenses), so that it can be held beside what one lens does. The full panel held
once more (A/A) should differ by nothing.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import Final, Literal

from debate.studies.arms import FULL, NO_LENS
from debate.studies.controls import AGAIN
from debate.studies.effects import Cells, Effect, Record, difference, scaled
from debate.studies.plan import Arm, Kind, StudyPlan
from debate.studies.power import fewest_cards, minimum_detectable_effect
from debate.studies.sequential import e_process
from debate.studies.statistics import holm, known

PLACEBO: Final = "placebo"


class Contrast(Record):
    """`against` minus `arm`: above zero the reference did better. `adjusted` is p after Holm over the arms of
    its kind; `mismatch` by how much a matched arm missed the tokens it was matched to, on average.
    `detectable` is the smallest effect so many cards find with 80 % power, in points (None: none of any
    size), `fewest` the cards it takes to find anything.
    """

    arm: str
    kind: Kind
    against: str
    effect: Effect
    adjusted: float | None
    mismatch: float | None
    detectable: float | None
    fewest: int


class Soundness(Record):
    """Whether what should do nothing did nothing; "untested" where there is too little to tell."""

    state: Literal["sound", "unsound", "untested"]
    why: str


def contrasts(plan: StudyPlan, cells: Cells) -> list[Contrast]:
    """Every control and every arm the user named, against the first arm of its problem."""
    names = dict.fromkeys(
        arm.name
        for problem in plan.problems
        for arm in problem.arms
        if arm.kind in ("control", "varied") or _nobody(arm)
    )
    found = [_contrast(name, plan, cells) for name in names if name != plan.arms[0]]
    for kind in ("control", "varied"):
        alike = [each for each in found if each.kind == kind]
        adjusted = holm({each.arm: _p(each.effect, plan) for each in alike})
        family = max(1, len(alike))
        found = [
            each.model_copy(update={"adjusted": adjusted[each.arm], **_power(each.effect, family, plan)})
            if each.kind == kind
            else each
            for each in found
        ]
    return found


def _power(found: Effect, family: int, plan: StudyPlan) -> dict[str, float | int | None]:
    return {
        "detectable": minimum_detectable_effect(found.n, found.sd or 0.0, alpha=plan.alpha, family=family),
        "fewest": fewest_cards(alpha=plan.alpha, family=family),
    }


def _p(found: Effect, plan: StudyPlan) -> float | None:
    """The sign-flip test's p; the e-process's in a study that stops by it, where the other is not valid."""
    if not plan.stop or found.n < 2:
        return found.p
    return e_process(known(found.by_card)).p


def placebo_effect(plan: StudyPlan, cells: Cells) -> Effect | None:
    """What a placebo lens brings to its seat: the placebo panel minus the panel without lenses, by seat."""
    pairs: dict[str, tuple[Arm, Arm]] = {}
    shares: dict[str, float] = {}
    for problem in plan.problems:
        placebo = next((arm for arm in problem.arms if arm.name == PLACEBO), None)
        plain = next((arm for arm in problem.arms if _nobody(arm)), None)
        if placebo and plain:
            pairs[problem.id] = (placebo, plain)
            terms = placebo.settings.lenses.split(",")
            shares[problem.id] = 1 / max(1, sum(not term.startswith("none:") for term in terms))
    if not pairs:
        return None
    return scaled(difference(PLACEBO, pairs, cells, plan), "placebo lens", shares, plan)


def soundness(unsound: str, placebo: Effect | None, held: Sequence[Contrast], plan: StudyPlan) -> Soundness:
    """What the placebo (`unsound` says what the verdicts found against it) and the A/A arm say."""
    reference = "full panel" if plan.arms[0] == FULL else f"arm {plan.arms[0]}"
    again = next((each.effect for each in held if each.arm == AGAIN), None)
    reasons = [unsound] if unsound else []
    if again and again.low is not None and again.high is not None and not again.low <= 0 <= again.high:
        reasons.append(
            f"The {reference} differs from itself: {again.mean:+.2f} points ({again.low:+.2f} to "
            f"{again.high:+.2f}) between two times it was held. Something else moves the score."
        )
    if reasons:
        return Soundness(state="unsound", why=" ".join(reasons))
    checks = {"the placebo": placebo, f"the {reference} held once more": again}
    told = [f"{name} did {each.mean:+.2f}" for name, each in checks.items() if each and each.mean is not None]
    if not told:
        return Soundness(
            state="untested", why="No placebo and no A/A arm has a score: nothing speaks for these verdicts."
        )
    said = " and ".join(told)
    said = f"{said[0].upper()}{said[1:]} points"
    cards = min(each.n for each in checks.values() if each and each.mean is not None)
    if cards < fewest_cards(alpha=plan.alpha):
        return Soundness(
            state="untested",
            why=f"{said}; {cards} card{'s' * (cards != 1)} cannot say whether that is more than chance.",
        )
    return Soundness(
        state="sound", why=f"{said}: nothing, as far as {100 * (1 - plan.alpha):g} % intervals tell."
    )


def _nobody(arm: Arm) -> bool:
    """Whether agents sit, none of them with a lens."""
    return arm.name == NO_LENS or (arm.game == "replacement" and arm.coalition == ())


def _contrast(name: str, plan: StudyPlan, cells: Cells) -> Contrast:
    pairs = {
        problem.id: (problem.arms[0], arm)
        for problem in plan.problems
        for arm in problem.arms
        if arm.name == name
    }
    kind: Kind = next(iter(pairs.values()))[1].kind
    held = [cell for cell in cells.values() if cell.arm == name and cell.state == "done"]
    misses = [cell.mismatch for cell in held if cell.mismatch is not None]
    against = plan.arms[0]
    return Contrast(
        arm=name,
        # The panel without lenses is a control, also where it is one end of a game.
        kind="varied" if kind == "varied" else "control",
        against=against,
        effect=difference(f"{against} − {name}", pairs, cells, plan),
        adjusted=None,
        mismatch=fmean(misses) if misses else None,
        detectable=None,
        fewest=fewest_cards(alpha=plan.alpha),
    )
