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
from typing import Final

from debate.judging.calibration import Gate, Table, bounded, gates, outcome, share
from debate.judging.ladder import BASELINE, RISING, TARGET, Rung
from debate.judging.scores import is_lens_relevance
from debate.jury.ballot import validity
from debate.jury.certificate import Certificate, Identity, recorded
from debate.jury.measures import between_jurors, flips, gap, ranks, retest, spread
from debate.jury.pairwise import preferred
from debate.jury.trial import Bench
from debate.jury.verdicts import Docket, Polls, polled, scored

MISSING: Final = 0.02
QUOTES: Final = 0.98
SWAPS: Final = 0.85
_PAIRS: Final = "pairs of rungs × jurors"


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


def certificate(heard: Heard, by_rule: Table, identity: Identity, created: datetime) -> Certificate:
    """The certificate that what was heard is worth; `by_rule` is what the other judge makes of the ladder."""
    table = linked(heard)
    found = [*gates(table), *model_gates(heard, table, by_rule)]
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


def model_gates(heard: Heard, table: Table, by_rule: Table) -> list[Gate]:
    """What only a model has to show; `table` has its scores of the ladder."""
    polls = heard.polls
    counts = [count for ballots in polls.values() for count in ballots.counts]
    missing = sum(ballots.missing for ballots in polls.values())
    asked = missing + len(counts)
    known = [choice for choice in heard.preferences if choice is not None]
    agreed = sum(choice != "tie" for choice in known)
    higher = sum(choice == "answer" for choice in known)
    offered = sum(count.offered for count in counts)
    return [
        bounded("ballots missing", missing / asked if asked else None, asked, "ballots", most=MISSING),
        bounded("passages that stand in the answer", validity(counts), offered, "passages", least=QUOTES),
        share("same answer preferred in both orders", agreed, len(known), _PAIRS, SWAPS),
        share("the higher rung preferred", higher, len(known), _PAIRS, SWAPS),
        spread(polls),
        retest(polls),
        flips(polls),
        gap(polls, heard.docket.problem),
        ranks(table, by_rule),
        *between_jurors(polls),
    ]
