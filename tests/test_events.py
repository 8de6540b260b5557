"""Events: stamped in order, and the same after a trip through a line of JSON."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from pydantic import ValidationError

from debate import events
from debate.verdict import Score, Scored, Verdict
from tests.builders import a_letter, a_plan, some_hypotheses

_SCORE = Score(
    name="Originality",
    baseline=2.5,
    answer=7.0,
    target=8.0,
    band="7-10",
    status=Scored.SCORED,
    anchors="rated",
    reasons=("reframes",),
)

EVERY_KIND: list[events.Event] = [
    events.RunStarted(manifest="0" * 64),
    events.SeatStarted(seat="pace-layering"),
    events.CallStarted(call="lens-agent/pace-layering", role="lens-agent", seat="pace-layering"),
    events.CallFinished(
        call="critic",
        role="critic",
        messages=(events.Message(role="user", content="zeile\n\u2028\x1b[2J"),),
        reply='{"a": "\ud83d\ude00"}'.encode("utf-16", "surrogatepass").decode("utf-16"),
        model="offline",
    ),
    events.CallRetried(role="critic", model="openai:m", attempt=1, fault="server", detail="500", pause=0.5),
    events.CallFailed(call="judge/1/answer/Novelty", role="judge", error="refused"),
    events.Repair(call="critic", role="critic", faults=("K1 has no line",)),
    events.SeatSpoke(seat="pace-layering", hypotheses=tuple(some_hypotheses())),
    events.SeatFailed(seat="pace-layering", error="gone"),
    events.PlanMade(plan=a_plan()),
    events.LetterWritten(letter=a_letter()),
    events.VerdictGiven(
        verdict=Verdict(judge="checks", rubric="0" * 64, headline=_SCORE, criteria=(_SCORE,))
    ),
    events.JudgeFailed(error="gone"),
    events.Note(text="a card shadows another"),
    events.RunFinished(status="degraded", error=None),
]


def test_the_table_of_events_is_complete() -> None:
    kinds = set(get_args(get_args(events.AnyEvent)[0]))
    assert {type(event) for event in EVERY_KIND} == kinds


@pytest.mark.parametrize("event", EVERY_KIND, ids=lambda event: type(event).__name__)
def test_an_event_is_one_line_and_comes_back_as_it_was(event: events.Event) -> None:
    line = event.model_dump_json()
    assert "\n" not in line
    assert events.parse_event(line) == event


@pytest.mark.parametrize(
    "line",
    [
        '{"type": "note", "text": "x", "mood": "good"}',
        '{"type": "gossip", "text": "x"}',
        '{"text": "x"}',
        '{"type": "note"}',
        '{"type": "note", "text": "x", "at": "2026-11-23T18:45:00"}',
        "[]",
        "",
    ],
)
def test_what_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(ValidationError):
        events.parse_event(line)


class TestRecorder:
    def test_it_stamps_number_and_time_and_leaves_what_it_was_given(self) -> None:
        begin = datetime(2026, 11, 23, 18, 45, tzinfo=UTC)
        times = iter(begin + timedelta(seconds=n) for n in range(5))
        recorder = events.Recorder(clock=lambda: next(times))
        given = events.Note(text="one")
        stamped = [recorder.emit(given), recorder.emit(events.Note(text="two"))]
        assert [(event.seq, event.at) for event in stamped] == [(1, begin), (2, begin + timedelta(seconds=1))]
        assert given.seq == 0

    def test_every_listener_hears_every_event_in_order(self) -> None:
        heard: list[tuple[str, int]] = []
        recorder = events.Recorder(
            lambda event: heard.append(("folder", event.seq)),
            lambda event: heard.append(("screen", event.seq)),
        )
        recorder.emit(events.SeatStarted(seat="a"))
        recorder.emit(events.SeatStarted(seat="b"))
        assert heard == [("folder", 1), ("screen", 1), ("folder", 2), ("screen", 2)]
