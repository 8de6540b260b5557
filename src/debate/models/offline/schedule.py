"""The schedule: which hypotheses are checked, and how checks and change fit the time the case allows.

The diagnosis is checked first, then its strongest rival: what contests it, else the strongest claim of
another seat. More theories at once would be a list and no plan; the rest waits in the record. One after the
other where the time allows it; else side by side, each check cut to the same span and the change to what is
left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from debate.contributions import Hypothesis
from debate.models.offline import spans, wording
from debate.models.offline.case import Case
from debate.models.offline.merging import Group, contest, information, strength
from debate.models.offline.time_allowed import working_days

# The check of the diagnosis, and the one that parts it from its strongest rival.
_CHECKS = 2
_DAYS_WITHOUT_DEADLINE = 15.0
_SAME_TEST = 0.3


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is checked, the diagnosis first. `window` is the working days every check has when all run side by
    side, None when one follows the other; `left` are the days that remain beside checks and change.
    """

    checks: tuple[Hypothesis, ...]
    window: float | None
    change_days: float
    left: float

    @property
    def change(self) -> int:
        """The rank of the one change that is a step of its own, the diagnosis's."""
        return len(self.checks) + 1

    def days(self, check: Hypothesis) -> float:
        """Working days a check gets."""
        return check.effort.days if self.window is None else min(check.effort.days, self.window)

    def days_until(self, rank: int) -> float:
        """Working days that have passed when the step of this rank has its result, the change included."""
        window = self.window
        spent = [
            spans.check(check) if window is None else min(spans.check(check), window)
            for check in self.checks[:rank]
        ]
        passed = sum(spent) if window is None else max(spent)
        if rank < self.change:
            return passed
        lead = self.checks[0]
        cut = self.change_days < lead.build.days
        return passed + (self.change_days if cut else spans.build(lead))


def fewest_checks(case: Case, hypotheses: int) -> int:
    """So many checks a plan for so many hypotheses wants: one more where no figure can be a gate."""
    return min(_CHECKS + (case.figures is None), hypotheses)


def choose(case: Case, diagnosis: Group, groups: Sequence[Group], wanted: int) -> Schedule:
    """The schedule with `wanted` checks or more, as far as there are so many groups. Checks whose records
    show the same are only taken where others do not suffice.
    """
    ordered = _in_order(case, diagnosis, groups)
    time = working_days(case) or _DAYS_WITHOUT_DEADLINE
    tries = (
        make(ordered, time, wanted, distinct)
        for make in (_in_turn, _side_by_side)
        for distinct in (True, False)
    )
    schedule = next(made for made in tries if len(made.checks) >= min(wanted, len(ordered)))
    leads = [group.lead for group in groups]
    first, *others = schedule.checks
    others.sort(key=lambda h: -information(h, leads))
    return Schedule((first, *others), schedule.window, schedule.change_days, schedule.left)


def read_off(check: Hypothesis, other: Hypothesis) -> bool:
    """True when the records of `check` show the measure of `other` as well."""
    return wording.alike(check.test, other.test) >= _SAME_TEST


def _in_order(case: Case, diagnosis: Group, groups: Sequence[Group]) -> list[Hypothesis]:
    """The diagnosis, then its rivals: other seats' before its own seat's, those that contest it first, the
    strongest first.
    """
    lead = diagnosis.lead
    rest = sorted(
        (group for group in groups if group is not diagnosis),
        key=lambda g: (g.lead.seat == lead.seat, not contest(g.lead, lead), -strength(case, g)),
    )
    return [lead, *(group.lead for group in rest)]


def _in_turn(ordered: Sequence[Hypothesis], time: float, most: int, distinct: bool) -> Schedule:
    lead, *others = ordered
    left = time - spans.check(lead) - spans.build(lead)
    if left < 0:
        return Schedule((), None, 0.0, 0.0)
    checks = [lead]
    for other in others:
        if len(checks) < most and spans.check(other) <= left and not (distinct and _shown(checks, other)):
            checks.append(other)
            left -= spans.check(other)
    return Schedule(tuple(checks), None, lead.build.days, left)


def _side_by_side(ordered: Sequence[Hypothesis], time: float, most: int, distinct: bool) -> Schedule:
    lead, *others = ordered
    window = max(time - spans.build(lead), time / 2)
    checks = [lead]
    for other in sorted(others, key=lambda h: h.effort.days > window):
        if len(checks) < most and not (distinct and _shown(checks, other)):
            checks.append(other)
    longest = max(min(check.effort.days, window) for check in checks)
    return Schedule(tuple(checks), window, min(lead.build.days, time - longest), 0.0)


def _shown(checks: Sequence[Hypothesis], other: Hypothesis) -> bool:
    return any(read_off(check, other) for check in checks)
