"""Measures of a jury beyond the order of the ladder, all of them from the ballots already held.

How nearly a juror says the same again (spread, reliability, verdicts that flip), how much of the difference
its author saw it sees before anything is linked, and whether jurors, and jury and judge by rule, put the same
answers first. `n` counts what was compared, not ballots: repeats on one candidate are no observations of
their own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import StatisticsError, correlation, fmean, pvariance, variance
from typing import Final

from debate.cards.problem import ProblemCard
from debate.judging import mapping
from debate.judging.calibration import Gate, Table, agreement, bounded
from debate.judging.ladder import BASELINE, EMPTY, FOREIGN, TARGET
from debate.judging.scores import is_lens_relevance
from debate.jury.verdicts import Polls

RETEST: Final = 0.85
REPEAT_SD: Final = 0.8
FLIPS: Final = 0.08
GAP: Final = (0.8, 1.2)
ALPHA: Final = 0.67
RANKS: Final = 0.5

_COMPARED: Final = "candidates × criteria"
_HEARD: Final = "candidates × criteria × jurors"


def spread(polls: Polls) -> Gate:
    """Mean over all units of the standard deviation of the repeats, in raw points."""
    spreads = [variance(each.scores) ** 0.5 for each in polls.values() if len(each.scores) > 1]
    name = "spread of repeats (mean standard deviation, raw points)"
    return bounded(name, fmean(spreads) if spreads else None, len(spreads), _HEARD, most=REPEAT_SD)


def retest(polls: Polls) -> Gate:
    """Reliability of the mean of the repeats: one-way ICC(1,k) (Shrout and Fleiss, 1979), over all units."""
    units = [each.scores for each in polls.values() if len(each.scores) > 1]
    size = min((len(unit) for unit in units), default=0)
    value = None
    if len(units) > 2:
        rows = [unit[:size] for unit in units]
        between = size * variance([fmean(row) for row in rows])
        within = fmean([pvariance(row) * size / (size - 1) for row in rows])
        value = (between - within) / between if between else None
    return bounded("reliability of the mean of repeats (ICC)", value, len(units), _HEARD, least=RETEST)


def flips(polls: Polls) -> Gate:
    """Share of single repeats whose verdict, whether a candidate is above the baseline on a criterion, is not
    that of most repeats; over all candidates that are about the case.
    """
    odd = verdicts = compared = 0
    for (criterion, juror, label), ballots in polls.items():
        usual = polls.get((criterion, juror, BASELINE))
        if usual is None or label in (BASELINE, EMPTY, FOREIGN):
            continue
        above = Counter(one > other for one, other in zip(ballots.scores, usual.scores, strict=False))
        if above.total() > 1:
            compared += 1
            verdicts += above.total()
            odd += above.total() - max(above.values())
    name = "verdicts that flip from repeat to repeat (above the baseline or not)"
    return bounded(name, odd / verdicts if verdicts else None, compared, _HEARD, most=FLIPS)


def gap(polls: Polls, problem: ProblemCard) -> Gate:
    """Raw difference between target and baseline over the difference the author states, summed over the
    criteria the author rated.
    """
    stated, seen = 0.0, list[float]()
    for criterion, juror in dict.fromkeys((criterion, juror) for criterion, juror, _ in polls):
        given = mapping.anchors(problem, criterion)
        known = [polls.get((criterion, juror, label)) for label in (BASELINE, TARGET)]
        low, high = (ballots.scores if ballots else () for ballots in known)
        if low and high and given.kind == "rated" and not is_lens_relevance(criterion):
            stated += given.target - given.baseline
            seen.append(fmean(high) - fmean(low))
    value = sum(seen) / stated if stated > 0 else None
    name = "the author's gap between baseline and target, recovered before linking"
    return bounded(name, value, len(seen), "rated criteria × jurors", least=GAP[0], most=GAP[1])


def ranks(jury: Table, by_rule: Table) -> Gate:
    """Spearman's rho between the scores of the jury and of the judge by rule over the candidates of the
    ladder: of the criterion on which it is lowest.
    """
    compared, found = 0, list[float]()
    for criterion in dict.fromkeys(name for row in jury.values() for name in row):
        pairs = [
            (one, other)
            for label in jury
            if (one := jury[label].get(criterion)) is not None
            and (other := by_rule.get(label, {}).get(criterion)) is not None
        ]
        rho = spearman(pairs)
        if rho is not None:
            compared += len(pairs)
            found.append(rho)
    name = "same order as the judge by rule (lowest Spearman of a criterion)"
    return bounded(name, min(found, default=None), compared, _COMPARED, least=RANKS)


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Spearman's rho with mean ranks for ties (1904), None where there are fewer than three pairs or one side
    does not vary.
    """
    if len(pairs) < 3:
        return None
    try:
        return correlation(_ranked(one for one, _ in pairs), _ranked(other for _, other in pairs))
    except StatisticsError:
        return None


def _ranked(values: Iterable[float]) -> list[float]:
    """The mean rank of each value; values that differ by rounding alone are equal."""
    rounded = [round(value, 6) for value in values]
    ordered = sorted(rounded)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in rounded]


def between_jurors(polls: Polls) -> list[Gate]:
    """Agreement of several jurors on the means of their repeats; no gate for one juror."""
    if len({number for _, number, _ in polls}) < 2:
        return []
    units: dict[tuple[str, str], list[float]] = {}
    for (criterion, _, label), ballots in polls.items():
        if ballots.scores:
            units.setdefault((criterion, label), []).append(fmean(ballots.scores))
    shared = [unit for unit in units.values() if len(unit) > 1]
    name = "agreement of jurors (Krippendorff's alpha)"
    return [bounded(name, agreement(shared), len(shared), _COMPARED, least=ALPHA)]
