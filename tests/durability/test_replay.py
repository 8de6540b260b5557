"""Replay: a run once more from its own record, with nobody to ask."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from debate.events import SeatFailed
from debate.judging import checks
from debate.run_names import EVENTS
from debate.transcripts import Run
from tests.cli.conftest import Debate
from tests.durability.conftest import TWO, the_folder
from tests.durability.server import DebateServer
from tests.faults.server import Exchange, Step, replies, says


@pytest.fixture
def held(debate: Debate, words: list[str], server: DebateServer, tmp_path: Path) -> Path:
    """A run that is done; nobody is there to be asked again."""
    assert debate(*words).code == 0
    server.requests.clear()
    return the_folder(tmp_path / "runs")


def state(folder: Path) -> Mapping[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


class TestTheSameProgram:
    def test_every_part_comes_out_the_same_and_nothing_is_written(
        self, debate: Debate, held: Path, server: DebateServer
    ) -> None:
        before = state(held)
        done = debate("replay", "--transcripts", "runs")
        assert done.code == 0, done.err
        lines = [line.split() for line in done.out.splitlines()[1:]]
        assert lines == [[part, "identical"] for part in ("seats", "plan", "answer", "verdict")]
        assert state(held) == before
        assert server.requests == []

    def test_the_record_is_enough(
        self, debate: Debate, held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for file in (tmp_path / "runs").glob("ledger*"):
            file.unlink()
        text = (held / "run.json").read_text(encoding="utf-8")
        (held / "run.json").write_text(text.replace("llamacpp:m", "openai:m"), encoding="utf-8")
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        done = debate("replay", "--transcripts", "runs", "--json")
        assert (done.code, json.loads(done.out)["identical"]) == (0, True)

    @pytest.mark.parametrize(
        "more",
        [["--lenses", "none:3"], ["--protocol", "solo"], ["--lenses", "random:2", "--seed", "7"]],
        ids=" ".join,
    )
    def test_any_panel_and_protocol_can_be_replayed(
        self, debate: Debate, words: list[str], more: list[str]
    ) -> None:
        assert debate(*words, *more).code == 0
        assert debate("replay", "--transcripts", "runs").code == 0

    def test_seats_that_got_the_same_words_say_again_what_each_said(
        self, debate: Debate, words: list[str], server: DebateServer
    ) -> None:
        usual, said = server.step, iter(range(10, 99))

        def step(exchange: Exchange) -> Step:
            if exchange.asked["response_format"]["json_schema"]["name"] != "SeatReport":
                return usual(exchange)
            report = json.loads(server.reply("SeatReport", ""))
            report["hypotheses"][0]["confidence"] = next(said)
            return says(json.dumps(report))

        server.step = step  # type: ignore[method-assign]  # each seat is surer than the one before
        assert debate(*words, "--lenses", "none:4").code == 0
        assert debate("replay", "--transcripts", "runs").code == 0

    def test_a_seat_that_failed_fails_again(
        self, debate: Debate, words: list[str], server: DebateServer, tmp_path: Path
    ) -> None:
        usual = server.step

        def step(exchange: Exchange) -> Step:
            failing = "Emergence" in str(exchange.asked["messages"])
            return replies(400, '{"error": {"message": "no"}}') if failing else usual(exchange)

        server.step = step  # type: ignore[method-assign]  # one seat is refused
        assert debate(*words, "--lenses", f"{TWO},emergence").code == 3
        assert len(Run.load(the_folder(tmp_path / "runs")).of(SeatFailed)) == 1
        assert debate("replay", "--transcripts", "runs").code == 0

    def test_a_repaired_reply_is_repaired_again(
        self, debate: Debate, words: list[str], server: DebateServer
    ) -> None:
        usual = server.step

        def step(exchange: Exchange) -> Step:
            first = len(exchange.asked["messages"]) == 2
            letter = exchange.asked["response_format"]["json_schema"]["name"] == "Letter"
            return says('{"diagnosis": "') if first and letter else usual(exchange)

        server.step = step  # type: ignore[method-assign]  # the writer's first letter breaks off
        assert debate(*words).code == 0
        assert debate("replay", "--transcripts", "runs").code == 0


class TestAnotherProgram:
    def test_another_judge_shows_in_the_verdict_alone(
        self, debate: Debate, held: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usual = checks.judge
        monkeypatch.setattr(
            "debate.runs.by_rule.judge",
            lambda *given: usual(*given).model_copy(update={"judge": "another"}),
        )
        done = debate("replay", "--transcripts", "runs")
        assert done.code == 1
        assert [line.split()[1] for line in done.out.splitlines()[1:5]] == [*["identical"] * 3, "different"]
        assert '+  "judge": "another",' in done.out.splitlines()

    def test_an_edited_card_is_named_with_what_differs(self, debate: Debate, held: Path, card: Path) -> None:
        text = card.read_text(encoding="utf-8")
        card.write_text(text.replace("90 patients", "91 patients"), encoding="utf-8")
        done = debate("replay", "--transcripts", "runs")
        assert (done.code, done.out) == (1, "")
        for words in (
            "lens-agent",
            "not in the record",
            "sees 90 patients a day",
            "sees 91 patients a day",
            "the problem card care_waiting-stuck has changed",
        ):
            assert words in done.err

    def test_another_panel_is_named(self, debate: Debate, held: Path) -> None:
        manifest = json.loads((held / "run.json").read_text(encoding="utf-8"))
        manifest["settings"]["lenses"] = "pace-layering"
        (held / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
        done = debate("replay", "--transcripts", "runs")
        assert done.code == 1
        assert "the panel has changed since the run began" in done.err

    def test_a_run_without_an_end_is_to_be_resumed_first(
        self, debate: Debate, held: Path, tmp_path: Path
    ) -> None:
        manifest = json.loads((held / "run.json").read_text(encoding="utf-8"))
        (held / "run.json").write_text(json.dumps({**manifest, "result": None}), encoding="utf-8")
        done = debate("replay", "--transcripts", "runs")
        assert done.code == 2
        assert f"debate resume {held.name}" in done.err


class TestAsAModel:
    def test_a_record_answers_a_run_that_asks_the_same(
        self, debate: Debate, held: Path, card: Path, server: DebateServer, tmp_path: Path
    ) -> None:
        again = ["run", str(card), "--lenses", TWO, "--transcripts", "runs", "--model", "replay:last"]
        done = debate(*again)
        assert (done.code, server.requests) == (0, [])
        (new,) = [path.parent for path in (tmp_path / "runs").glob(f"*/{EVENTS}") if path.parent != held]
        assert (new / "answer.md").read_bytes() == (held / "answer.md").read_bytes()
        # The id is written down, not "last": that is by now the run itself.
        assert Run.load(new).manifest.models["critic"] == f"replay:{held.name}"

    def test_what_it_was_never_asked_ends_the_run(self, debate: Debate, held: Path, card: Path) -> None:
        other = ["run", str(card), "--lenses", "emergence", "--transcripts", "runs"]
        done = debate(*other, "--model", f"replay:{held.name}")
        assert done.code == 1
        assert "this prompt is not in the record" in done.err

    def test_a_record_that_does_not_exist_is_your_mistake(self, debate: Debate, card: Path) -> None:
        done = debate("run", str(card), "--transcripts", "runs", "--model", "replay:nothing")
        assert done.code == 2
