"""Calibrating a jury on a card: the ladder before it, blind like any answer, and the gates only a model
needs.

Beside what every judge must show (`debate.judging.calibration`), a model must quote what stands there, say
the same again, prefer the same answer in both orders, and answer at all. Bounds are those of the field
where it has some; each gate says on how many observations it rests.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean, pvariance, variance
from typing import Final

from debate.judging.calibration import Gate, agreement, at_least, at_most, gates, outcome, share
from debate.judging.ladder import BASELINE, RISING, TARGET, Rung
from debate.judging.scores import is_lens_relevance
from debate.jury.ballot import validity
from debate.jury.certificate import Certificate, Identity, recorded
from debate.jury.pairwise import preferred
from debate.jury.trial import Bench
from debate.jury.verdicts import Docket, Polls, polled, scored

MISSING: Final = 0.02
QUOTES: Final = 0.98
SWAPS: Final = 0.85
RETEST: Final = 0.85
REPEAT_SD: Final = 0.8
ALPHA: Final = 0.67


@dataclass(frozen=True, slots=True)
class Heard:
    """What a jury said of the ladder: all ballots, and what each juror prefers of neighbouring rungs."""

    docket: Docket
    polls: Polls
    preferences: tuple[str | None, ...]


async def hear(bench: Bench, ladder: Sequence[Rung]) -> Heard:
    """Put every rung before every juror. Raises `StopError` when the run cannot go on."""
    answers = {rung.label: rung.text for rung in ladder if rung.label not in (BASELINE, TARGET)}
    docket = bench.docket(answers)
    rising = [label for label in RISING if label in docket.blind]
    pairs = [
        preferred(juror, docket.blind[higher].text, docket.blind[lower].text, (higher, lower))
        for juror in bench.jurors
        for lower, higher in pairwise(rising[1:])
    ]
    labels = [rung.label for rung in ladder]
    polls, preferences = await asyncio.gather(polled(docket, bench.jurors, labels), asyncio.gather(*pairs))
    return Heard(docket, polls, tuple(preferences))


def certificate(heard: Heard, identity: Identity, created: datetime) -> Certificate:
    """The certificate that what was heard is worth."""
    table = linked(heard)
    found = [*gates(table), *model_gates(heard)]
    state, why = outcome(found)
    ballots = list(heard.polls.values())
    return Certificate(
        identity=identity,
        created=created,
        state=state,
        why=why,
        gates=recorded(found),
        table=table,
        ballots=sum(len(each.counts) for each in ballots),
        missing=sum(each.missing for each in ballots),
    )


def linked(heard: Heard) -> dict[str, dict[str, float | None]]:
    """The scores of all rungs on the card's scale, without Lens Relevance."""
    labels = dict.fromkeys(label for _, _, label in heard.polls)
    criteria = [each for each in heard.docket.rubric.criteria if not is_lens_relevance(each.name)]
    return {
        label: {
            each.name.casefold(): scored(heard.docket, heard.polls, each, label).answer for each in criteria
        }
        for label in labels
    }


def model_gates(heard: Heard) -> list[Gate]:
    """What only a model has to show."""
    polls = heard.polls
    counts = [count for ballots in polls.values() for count in ballots.counts]
    missing = sum(ballots.missing for ballots in polls.values())
    asked = missing + len(counts)
    offered = sum(count.offered for count in counts)
    quotes = validity(counts)
    known = [choice for choice in heard.preferences if choice is not None]
    return [
        Gate(
            "ballots missing",
            round(missing / asked, 4) if asked else None,
            f"at most {MISSING:g}",
            missing / asked <= MISSING if asked else None,
            asked,
        ),
        Gate(
            "passages that stand in the answer",
            quotes,
            f"at least {QUOTES:g}",
            None if quotes is None else quotes >= QUOTES,
            offered,
        ),
        share(
            "same answer preferred in both orders",
            sum(choice != "tie" for choice in known),
            len(known),
            SWAPS,
        ),
        share("the higher rung preferred", sum(choice == "answer" for choice in known), len(known), SWAPS),
        _repeats(polls),
        _retest(polls),
        *_between(polls),
    ]


def _repeats(polls: Polls) -> Gate:
    spreads = [variance(each.scores) ** 0.5 for each in polls.values() if len(each.scores) > 1]
    mean = [fmean(spreads)] if spreads else []
    return at_most("spread of repeats (mean standard deviation, raw points)", mean, REPEAT_SD)


def _retest(polls: Polls) -> Gate:
    """Reliability of the mean of the repeats: one-way ICC(1,k) (Shrout and Fleiss, 1979), over all units."""
    name = "reliability of the mean of repeats (ICC)"
    units = [each.scores for each in polls.values() if len(each.scores) > 1]
    size = min((len(unit) for unit in units), default=0)
    if len(units) < 3 or size < 2:
        return Gate(name, None, f"at least {RETEST:g}", None, len(units))
    rows = [unit[:size] for unit in units]
    between = size * variance([fmean(row) for row in rows])
    within = fmean([pvariance(row) * size / (size - 1) for row in rows])
    return at_least(name, [(between - within) / between] if between else [], RETEST)


def _between(polls: Polls) -> list[Gate]:
    """Agreement of several jurors on the means of their repeats; no gate for one juror."""
    jurors = sorted({number for _, number, _ in polls})
    if len(jurors) < 2:
        return []
    units: dict[tuple[str, str], list[float]] = {}
    for (criterion, _, label), ballots in polls.items():
        if ballots.scores:
            units.setdefault((criterion, label), []).append(fmean(ballots.scores))
    alpha = agreement(list(units.values()))
    return [at_least("agreement of jurors (Krippendorff's alpha)", [] if alpha is None else [alpha], ALPHA)]
