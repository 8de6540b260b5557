"""A debate whose calls fail: what is missing is said, what was earned is kept, nothing is made up."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from debate.events import CallFinished, CallRetried, PlanMade, SeatFailed, SeatSpoke, VerdictGiven
from debate.transcripts import ANSWER
from tests.cli.conftest import Debate
from tests.debates.conftest import Held, Hold
from tests.debates.house_server import CRITIC, PANEL, WRITER, HouseServer

PACE, BOTTLENECK, LEVERAGE, BORDER = PANEL.values()
ALL = len(PANEL) + 2  # requests of a debate in which nothing goes wrong
ONE_BY_ONE = ("--concurrency", "1")


class TestOneSeatFails:
    @pytest.mark.parametrize(
        ("fault", "requests", "says"),
        [
            ("500", 4, "after 4 requests: the server failed"),
            ("reset", 4, "the connection was closed"),
            ("cut", 2, "the reply broke off"),
            ("refusal", 1, "I cannot help with that"),
            ("400-filter", 1, "refused"),
            ("400-context", 1, "maximum context length is 4096 tokens"),
            ("429-long", 1, "resume the run after"),
            ("bomb", 1, "larger than 8 MiB"),
            ("no-json", 2, "no valid JSON object"),
            ("ok", 2, "did not keep to the agreed form"),
        ],
    )
    def test_the_others_go_on_without_it_and_say_so(
        self, hold: Hold, house: HouseServer, fault: str, requests: int, says: str
    ) -> None:
        house.faults[PACE] = fault
        held = hold()
        check_degraded(held, house)
        assert len(house.requests) == ALL - 1 + requests
        assert held.attempts == len(house.requests)
        (failed,) = held.run.of(SeatFailed)
        assert says in failed.error

    def test_a_seat_whose_server_hangs_is_asked_once_more_and_fails_at_its_deadline(
        self, hold: Hold, house: HouseServer
    ) -> None:
        house.faults[PACE] = "hang"
        held = hold("--deadline", "4")
        check_degraded(held, house)
        assert len(house.requests) == held.attempts == ALL + 1
        (failed,) = held.run.of(SeatFailed)
        assert "deadline passed; 4 s" in failed.error
        assert (held.run.of(PlanMade)[0].at - failed.at).total_seconds() < 4


def check_degraded(held: Held, house: HouseServer) -> None:
    """A debate without its first seat."""
    assert (held.code, held.document["status"]) == (3, "degraded")
    assert held.seats == {**dict.fromkeys(PANEL, "spoke"), "pace-layering": "failed"}
    assert held.document["answer"]
    assert "Traceback" not in held.err
    assert "pace-layering: FAILED" in held.err
    assert "degraded: the answer was made without the seats that failed" in held.err
    assert f"**SEAT FAILED: {PACE}.**" in held.page
    (prompt,) = house.prompts(CRITIC)
    assert "These seats failed and said nothing: pace-layering." in prompt
    assert all(f'"seat": "{lens}"' in prompt for lens in PANEL if lens != "pace-layering")


class TestBelowQuorum:
    def test_it_stops_and_keeps_what_the_others_said(self, hold: Hold, house: HouseServer) -> None:
        house.faults.update({PACE: "refusal", LEVERAGE: "400"})
        held = hold()
        assert (held.code, held.document["status"]) == (1, "failed")
        assert "only 2 of 4 seats spoke, 3 are needed" in held.err
        assert "Traceback" not in held.err
        assert (held.document["plan"], held.document["answer"], held.document["verdict"]) == (None,) * 3
        assert {event.seat for event in held.run.of(SeatSpoke)} == {"bottleneck-theory", "system-boundaries"}
        assert held.attempts == len(house.requests) == len(PANEL)
        assert house.asked[CRITIC] == 0
        assert f"resume with: debate resume {held.folder.name}" in held.err
        for words in ("**FAILED.** only 2 of 4", f"SEAT FAILED: {PACE}", f"SEAT FAILED: {LEVERAGE}"):
            assert words in held.page
        assert not (held.folder / ANSWER).exists()

    def test_once_the_server_is_well_only_what_is_missing_is_asked(
        self, hold: Hold, house: HouseServer
    ) -> None:
        house.faults.update({PACE: "400-filter>house", LEVERAGE: "503>503>503>503>house"})
        assert hold().code == 1
        assert hold().code == 0
        assert house.asked == {PACE: 2, LEVERAGE: 5, BOTTLENECK: 1, BORDER: 1, CRITIC: 1, WRITER: 1}

    def test_resumed_it_ends_as_if_nothing_had_failed(
        self, hold: Hold, house: HouseServer, debate: Debate
    ) -> None:
        house.faults.update({PACE: "400-filter>house", LEVERAGE: "400>house"})
        held = hold()
        resumed = debate("resume", held.folder.name, "--transcripts", str(held.runs), "--json")
        assert resumed.code == 0, resumed.err
        assert json.loads(resumed.out)["status"] == "done"
        assert len(house.requests) == held.attempts == ALL + 2
        assert "FAILED" not in held.page

    def test_a_refusal_is_a_reply_and_is_not_asked_for_again(self, hold: Hold, house: HouseServer) -> None:
        house.faults[PACE] = "refusal>house"
        first, second = hold(), hold()
        assert (first.code, second.code) == (3, 3)
        assert len(house.requests) == ALL


class TestRepliesOfNoUse:
    """What was received is not asked for again; but to resume is to ask for what did not come."""

    def test_resuming_asks_the_turn_anew_that_failed_by_its_replies_and_no_other(
        self, hold: Hold, house: HouseServer, debate: Debate
    ) -> None:
        house.faults[CRITIC] = "no-json>no-json>house"
        held = hold()
        assert (held.code, house.asked[CRITIC]) == (1, 2)
        resumed = debate("resume", held.folder.name, "--transcripts", str(held.runs), "--json")
        assert resumed.code == 0, resumed.err
        assert "note: critic: what it said before is of no use; it is asked anew" in resumed.err
        assert house.asked == {**dict.fromkeys(PANEL.values(), 1), CRITIC: 3, WRITER: 1}
        assert debate("replay", held.folder.name, "--transcripts", str(held.runs)).code == 0
        # What was asked anew is in the ledger as well: from now on the question is answered.
        assert hold("--dry-run").document["calls"] == {"least": 0, "most": 0}
        assert hold().code == 0
        assert len(house.requests) == ALL + 2

    def test_a_seat_that_refused_is_asked_anew(self, hold: Hold, house: HouseServer, debate: Debate) -> None:
        house.faults[PACE] = "refusal>house"
        held = hold()
        assert held.code == 3
        assert debate("resume", held.folder.name, "--transcripts", str(held.runs)).code == 0
        assert house.asked == {**dict.fromkeys(PANEL.values(), 1), PACE: 2, CRITIC: 2, WRITER: 2}

    def test_as_often_as_the_user_resumes_and_until_there_is_a_contribution(
        self, hold: Hold, house: HouseServer, debate: Debate
    ) -> None:
        house.faults.update({CRITIC: "no-json>no-json>no-json>no-json>house", WRITER: "400>house"})
        held = hold()
        codes = []
        for _ in range(3):
            codes.append(debate("resume", held.folder.name, "--transcripts", str(held.runs), "--quiet").code)
        assert codes == [1, 1, 0]
        assert house.asked == {**dict.fromkeys(PANEL.values(), 1), CRITIC: 5, WRITER: 2}


class TestNoCallCanSucceed:
    @pytest.mark.parametrize(
        ("fault", "says"),
        [
            ("401", "check the key in LLAMA_API_KEY"),
            ("429-quota", "the account's quota is used up"),
            ("404", "check the model id and the base URL"),
            ("html", "a web page came back instead of an answer"),
            ("307", "the server redirects"),
            ("422", "field required"),
        ],
    )
    def test_the_first_such_reply_ends_the_run(
        self, hold: Hold, house: HouseServer, fault: str, says: str
    ) -> None:
        house.faults.update(dict.fromkeys(PANEL.values(), fault))
        held = hold(*ONE_BY_ONE)
        assert (held.code, held.document["status"]) == (1, "failed")
        assert says in held.err
        assert "Traceback" not in held.err
        assert held.attempts == len(house.requests) == 1
        assert says in held.page
        assert held.document["plan"] is held.document["answer"] is held.document["verdict"] is None

    def test_side_by_side_each_seat_asks_at_most_once(self, hold: Hold, house: HouseServer) -> None:
        house.faults.update(dict.fromkeys(PANEL.values(), "401"))
        held = hold()
        assert held.code == 1
        assert held.attempts == len(house.requests) <= len(PANEL)

    def test_what_was_said_before_is_kept_and_not_asked_again(self, hold: Hold, house: HouseServer) -> None:
        house.faults[LEVERAGE] = "429-quota>house"
        stopped = hold(*ONE_BY_ONE)
        assert stopped.code == 1
        said = [event.seat for event in stopped.run.of(SeatSpoke)]
        assert said == ["pace-layering", "bottleneck-theory"]
        assert hold(*ONE_BY_ONE).code == 0
        assert house.asked == {**dict.fromkeys([*PANEL.values(), CRITIC, WRITER], 1), LEVERAGE: 2}


class TestTheBudget:
    def test_it_is_never_overshot_and_what_it_bought_is_kept(self, hold: Hold, house: HouseServer) -> None:
        held = hold("--max-calls", "3", *ONE_BY_ONE)
        assert (held.code, held.document["status"]) == (1, "failed")
        assert "--max-calls" in held.err
        assert "Traceback" not in held.err
        assert held.attempts == len(house.requests) == 3
        assert [event.seat for event in held.run.of(SeatSpoke)] == list(PANEL)[:3]
        assert hold().code == 0
        assert len(house.requests) == ALL

    def test_calls_that_leave_together_do_not_overshoot_it(self, hold: Hold, house: HouseServer) -> None:
        house.latency = 0.1
        held = hold("--max-calls", "3")
        assert held.code == 1
        assert held.attempts == len(house.requests) == 3

    def test_attempts_count_not_only_answers(self, hold: Hold, house: HouseServer) -> None:
        house.faults[PACE] = "500>500>house"
        held = hold("--max-calls", str(ALL + 1), *ONE_BY_ONE)
        assert held.code == 1
        assert len(house.requests) == ALL + 1
        assert house.asked[WRITER] == 0
        assert len(held.run.of(PlanMade)) == 1

    def test_tokens_are_counted_before_each_call(self, hold: Hold, house: HouseServer) -> None:
        held = hold("--max-tokens", "5000", *ONE_BY_ONE)
        assert held.code == 1
        assert "--max-tokens" in held.err
        assert 0 < held.attempts == len(house.requests) < len(PANEL)


class TestCriticWriterAndJudge:
    @pytest.mark.parametrize("fault", ["refusal", "no-json", "400-context", "500"])
    def test_without_a_critic_there_is_no_plan_and_no_answer(
        self, hold: Hold, house: HouseServer, fault: str
    ) -> None:
        house.faults[CRITIC] = fault
        held = hold()
        assert (held.code, held.document["status"]) == (1, "failed")
        assert held.document["plan"] is held.document["answer"] is held.document["verdict"] is None
        assert set(held.seats.values()) == {"spoke"}
        assert held.attempts == len(house.requests)
        assert "**NO PLAN.**" in held.page
        assert house.asked[WRITER] == 0

    @pytest.mark.parametrize("fault", ["refusal", "ok", "cut"])
    def test_without_a_writer_the_plan_stays_and_nothing_is_scored(
        self, hold: Hold, house: HouseServer, fault: str
    ) -> None:
        house.faults[WRITER] = fault
        held = hold()
        assert (held.code, held.document["status"]) == (1, "failed")
        assert held.document["plan"]["steps"]
        assert held.document["answer"] is held.document["verdict"] is None
        assert held.attempts == len(house.requests)
        assert "**NO ANSWER.**" in held.page
        assert not held.run.of(VerdictGiven)

    def test_without_a_judge_the_answer_stands_unscored(
        self, hold: Hold, house: HouseServer, monkeypatch: pytest.MonkeyPatch, repo: Path
    ) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError("no rows")

        monkeypatch.setattr("debate.runs.question.judge", broken)
        held = hold()
        assert (held.code, held.document["status"]) == (3, "degraded")
        assert held.document["verdict"] is None
        assert held.document["answer"] == held.answer
        assert "the judge failed, so the answer has no score" in held.err
        assert "Traceback" not in held.err
        assert "**NOT JUDGED.** The judge failed: ZeroDivisionError: no rows" in held.page
        assert "## The verdict" not in held.page
        schema = json.loads((repo / "docs" / "run.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(held.document)
        monkeypatch.undo()
        assert len(house.requests) == ALL

    def test_a_missing_score_is_below_every_bar(self, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("debate.runs.question.judge", lambda *_: 1 / 0)
        held = hold("--fail-under", "0")
        assert held.code == 3
        assert "there is no score, so --fail-under 0 is not met" in held.err


def test_requests_attempts_and_the_transcript_agree_over_a_stormy_debate(
    hold: Hold, house: HouseServer
) -> None:
    house.faults.update(
        {
            PACE: "500>reset>429-ms>house",
            BOTTLENECK: "no-json>house",
            LEVERAGE: "cut>two-different>house",
            BORDER: "refusal",
            CRITIC: "garbage>ok>house",
            WRITER: "503>empty-body>fence>house",
        }
    )
    held = hold()
    assert held.code == 3, held.err
    sent = len(house.requests)
    assert sent == 4 + 2 + 3 + 1 + 3 + 4
    assert held.attempts == sent
    # A refused call has no reply to show; all other requests stand in the transcript.
    retried = {(event.model, event.attempt, event.at) for event in held.run.of(CallRetried)}
    assert sum(call.attempts for call in held.run.of(CallFinished)) == sent - 1
    assert len(retried) == 3 + 1 + 1 + 2
    assert held.rows("SELECT count(*) FROM attempts WHERE state IN ('sent', 'received')") == [(0,)]
