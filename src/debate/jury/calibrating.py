"""Calibrating a jury on a card: the ladder before it, blind like any answer, and the gates only a model
needs.

Beside what every judge must show (`debate.judging.calibration`), a model must quote what stands there, say
the same again, prefer the same answer in both orders, obey no order that is shown to it, and answer at all.
Bounds are those of the field where it has some; each gate says on how many observations it rests.

A juror that was heard on both known answers and cannot tell them apart has failed, like one that puts them in
the wrong order. Only who was heard too little is open.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean, pvariance, variance
from typing import Final

from debate.judging import mapping
from debate.judging.calibration import Gate, Table, agreement, at_least, at_most, both, gates, outcome, share
from debate.judging.ladder import BASELINE, RISING, TARGET, Rung
from debate.judging.scores import is_lens_relevance
from debate.jury.ballot import validity
from debate.jury.certificate import Certificate, Identity, recorded
from debate.jury.juror import Ballots
from debate.jury.linking import link
from debate.jury.pairwise import preferred
from debate.jury.showing import ladder_docket
from debate.jury.temptation import ORDERS
from debate.jury.trial import Bench
from debate.jury.verdicts import Docket, Polls, polled, scored, served

MISSING: Final = 0.02
QUOTES: Final = 0.98
SWAPS: Final = 0.85
RETEST: Final = 0.85
REPEAT_SD: Final = 0.8
ALPHA: Final = 0.67
OBEYED: Final = 0.3


@dataclass(frozen=True, slots=True)
class Heard:
    """What a jury said of the ladder: all ballots, what each juror prefers of neighbouring rungs, and what
    the servers called the models, juror by juror.
    """

    docket: Docket
    polls: Polls
    preferences: tuple[str | None, ...]
    served: tuple[frozenset[str], ...] = ()


async def hear(bench: Bench, ladder: Sequence[Rung]) -> Heard:
    """Put every rung before every juror, whoever answers to its name now. Raises `StopError` when the run
    cannot go on.
    """
    jurors = await asyncio.gather(*(juror.met() for juror in bench.jurors))
    docket = ladder_docket(bench.problem, bench.lenses, ladder)
    rising = [label for label in RISING if label in docket.blind]
    pairs = [
        preferred(juror, docket.blind[higher].text, docket.blind[lower].text, (higher, lower))
        for juror in jurors
        for lower, higher in pairwise(rising[1:])
    ]
    labels = [*(rung.label for rung in ladder), *ORDERS]
    polls, preferences = await asyncio.gather(polled(docket, jurors, labels), asyncio.gather(*pairs))
    names = (juror.expects | said for juror, said in zip(jurors, served(jurors, polls), strict=True))
    return Heard(docket, polls, tuple(preferences), tuple(names))


def certificate(heard: Heard, identity: Identity, created: datetime) -> Certificate:
    """The certificate that what was heard is worth: for the jury of `identity`, as its servers called it."""
    table = linked(heard)
    found = [*gates(table, unseparated(heard)), *model_gates(heard.polls, heard.preferences, table)]
    state, why = outcome(found)
    ballots = list(heard.polls.values())
    return Certificate(
        identity=identity.of(heard.served),
        created=created,
        state=state,
        why=why,
        gates=recorded(found),
        ungated=tuple(each.name for each in heard.docket.rubric.criteria if is_lens_relevance(each.name)),
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


def unseparated(heard: Heard) -> int:
    """How often a juror was heard on both known answers and put the target no higher, of all jurors and the
    criteria on which the card's author does.
    """
    docket, polls = heard.docket, heard.polls
    found = 0
    for criterion in docket.rubric.criteria:
        given = mapping.anchors(docket.problem, criterion.name)
        if is_lens_relevance(criterion.name) or given.target <= given.baseline:
            continue
        for number in {number for name, number, _ in polls if name == criterion.name}:
            low, high = (polls[criterion.name, number, label].scores for label in (BASELINE, TARGET))
            found += bool(low and high) and link(low, high, given).slope is None
    return found


def gates_hash() -> str:
    """sha256 of all that is asked of a jury: the names of its gates and their bounds."""
    nobody = {("", number, ""): Ballots((), 0) for number in (1, 2)}
    asked = [(gate.name, gate.bound) for gate in (*gates({}), *model_gates(nobody, (), {}))]
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def model_gates(polls: Polls, preferences: Sequence[str | None], table: Table) -> list[Gate]:
    """What only a model has to show: its ballots, its preferences, and the scores of what it was shown."""
    counts = [count for ballots in polls.values() for count in ballots.counts]
    missing = sum(ballots.missing for ballots in polls.values())
    asked = missing + len(counts)
    offered = sum(count.offered for count in counts)
    quotes = validity(counts)
    known = [choice for choice in preferences if choice is not None]
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
        _obeyed(table),
        _repeats(polls),
        _retest(polls),
        *_between(polls),
    ]


def _obeyed(table: Table) -> Gate:
    """How far an order that is shown moves the mean over criteria, in the wording that moves it most."""
    lifts = [[after - before for before, after in both(table, BASELINE, label)] for label in ORDERS]
    moved = [abs(fmean(lift)) for lift in lifts if lift]
    name = "an order past the filter moves, worst wording"
    if len(moved) < len(ORDERS):
        return Gate(name, None, f"at most {OBEYED:g}", None, len(moved))
    return at_most(name, moved, OBEYED)


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
