"""Judged debates, `judge`, `rejudge`, `calibrate` and `rubric`, with judges behind a real endpoint."""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from debate.calls import Policy
from debate.events import CallFailed, CallFinished, JudgeFailed, VerdictGiven
from debate.run_names import EVENTS
from debate.transcripts import ANSWER, TRANSCRIPT, Run
from tests.bookshelf import problem_text
from tests.cli.conftest import Debate, Done
from tests.jury import judges
from tests.jury.court import Court
from tests.jury.judges import Judge, truth
from tests.offline.held import CARDS, shipped

SEED = "code_performance-stuck"
CARD = shipped(SEED)
CRITERIA, KNOWN = 5, 2
LENSES = ("pace-layering", "bottleneck-theory")

Call = Callable[..., Done]


@pytest.fixture
def court() -> Iterator[Court]:
    """A court with a fair judge on the built-in card, until the test says otherwise."""
    server = Court(judges={"": Judge(quality=truth(CARD))})
    with server:
        yield server


@pytest.fixture
def call(debate: Debate, court: Court, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("run", …)` with the court's judge on the bench; pauses between attempts are short."""
    monkeypatch.setattr("debate.runs.desk.Policy", partial(Policy, first_pause=0.01, longest_pause=0.02))
    monkeypatch.chdir(tmp_path)

    def done(command: str, *arguments: str, judge: str = "llamacpp:", repeats: int = 1) -> Done:
        bench = ("--model", f"judge={judge}", "--base-url", court.url, "--judge-repeats", str(repeats))
        return debate(command, *arguments, *bench, "--transcripts", "runs")

    return done


def run(call: Call, *flags: str, lenses: Sequence[str] = LENSES, **bench: Any) -> Done:
    return call("run", SEED, "--lenses", ",".join(lenses), "--json", *flags, **bench)


def folders() -> list[Path]:
    return sorted(journal.parent for journal in Path("runs").glob(f"*/{EVENTS}"))


def replayed(debate: Debate) -> dict[str, str]:
    differences: dict[str, str] = json.loads(debate("replay", "--transcripts", "runs", "--json").out)[
        "differences"
    ]
    return differences


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def passages(text: str, length: int = 8) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[n : n + length]) for n in range(len(said) - length + 1)}


class TestRuns:
    def test_both_verdicts_stand_in_the_document_and_each_question_was_asked_once(
        self, call: Call, court: Court
    ) -> None:
        done = run(call, repeats=2)
        document = json.loads(done.out)
        assert (done.code, document["status"]) == (0, "done"), done.err
        assert len(court.requests) == CRITERIA * (1 + KNOWN) * 2 + 2
        assert (document["verdict"]["kind"], document["jury"]["kind"]) == ("checks", "model")
        assert document["models"]["judge"] == "llamacpp:"
        assert document["jury"]["models"] == ["llamacpp:"]
        state = document["jury"]["certificate"]
        assert state["state"] == "unvalidated"
        assert f"debate calibrate {SEED} --model judge=llamacpp: --judge-repeats 2" in state["why"]
        held = Run.load(folders()[0])
        ids = [event.call for event in held.of(CallFinished)]
        assert len(ids) == len(set(ids))
        assert done.err.count("the jury sits") == 1
        page = (folders()[0] / TRANSCRIPT).read_text(encoding="utf-8")
        assert "## The jury's verdict" in page

    def test_only_judges_see_the_answer_key(self, call: Call) -> None:
        run(call)
        calls = Run.load(folders()[0]).of(CallFinished)
        key = passages(CARD.target.text) | passages(CARD.baseline.text)
        told = {True: False, False: False}
        for each in calls:
            prompt = "\n".join(message.content for message in each.messages)
            told[each.role == "judge"] |= bool(passages(prompt) & key)
        assert told == {True: True, False: False}

    def test_known_answers_are_paid_for_once_over_runs_of_other_seeds_and_lenses(
        self, call: Call, court: Court
    ) -> None:
        run(call)
        before = len(court.requests)
        document = json.loads(run(call, "--seed", "7", lenses=["leverage-points"]).out)
        asked = court.questions[before:]
        # The lenses' texts stand in the prompts of one criterion, so that one is asked anew.
        assert len(asked) == CRITERIA + KNOWN + 2
        assert sum(criterion == "Lens Relevance" for _, criterion in asked) == 1 + KNOWN
        assert document["jury"]["headline"]["status"] == "scored"

    def test_the_first_juror_is_the_first_model_named(self, call: Call, court: Court) -> None:
        document = json.loads(run(call, judge="llamacpp:a,llamacpp:b").out)
        assert document["jury"]["models"] == ["llamacpp:a", "llamacpp:b"]
        calls = [each for each in Run.load(folders()[0]).of(CallFinished) if each.role == "judge"]
        told = {(each.call.split("/")[1], each.model) for each in calls}
        assert told == {("1", "llamacpp:a"), ("2", "llamacpp:b")}
        assert {model for model, _ in court.questions} == {"a", "b"}

    def test_a_jury_that_cannot_judge_leaves_the_verdict_by_rule(self, call: Call, court: Court) -> None:
        court.judges = {"": judges.Refuses(quality=truth(CARD))}
        done = run(call)
        document = json.loads(done.out)
        assert (done.code, document["status"]) == (3, "degraded")
        assert document["verdict"]["headline"]["status"] == "scored"
        scores = [document["jury"]["headline"], *document["jury"]["criteria"]]
        assert {(score["status"], score["answer"], score["band"]) for score in scores} == {
            ("unscored", None, None)
        }
        held = Run.load(folders()[0])
        assert len(held.of(CallFailed)) == CRITERIA * 3 + 2
        assert len(held.of(JudgeFailed)) == 1
        assert "the jury failed; the verdict by rule stands" in done.err
        assert "15 of 15 ballots are missing" in (folders()[0] / TRANSCRIPT).read_text(encoding="utf-8")

    def test_a_budget_that_ends_while_the_jury_sits_keeps_everything_and_can_be_raised(
        self, call: Call, court: Court, debate: Debate
    ) -> None:
        done = run(call, "--max-calls", "10")
        document = json.loads(done.out)
        assert (done.code, document["status"]) == (1, "failed")
        assert "--max-calls 10 is reached" in done.err
        assert document["answer"]
        assert document["verdict"]["headline"]["status"] == "scored"
        assert document["jury"] is None
        first = len(court.requests)
        assert 0 < first < CRITERIA * 3 + 2
        again = debate("resume", "--transcripts", "runs", "--max-calls", "100", "--json")
        resumed = json.loads(again.out)
        assert (again.code, resumed["status"]) == (0, "done"), again.err
        assert len(court.requests) == CRITERIA * 3 + 2
        assert resumed["jury"]["headline"]["status"] == "scored"

    @pytest.mark.parametrize("judge", ["llamacpp:", "llamacpp:a,llamacpp:b"])
    @pytest.mark.parametrize("fault", [Judge, judges.Noisy, judges.Refuses])
    def test_a_judged_run_replays_to_the_same_bytes(
        self, fault: type[Judge], judge: str, call: Call, court: Court, debate: Debate
    ) -> None:
        court.judges = {"": fault(quality=truth(CARD)), "a": Judge(quality=truth(CARD))}
        run(call, judge=judge, repeats=2)
        asked = len(court.requests)
        assert replayed(debate) == {"seats": "", "plan": "", "answer": "", "verdict": ""}
        assert len(court.requests) == asked

    def test_a_replay_has_the_certificate_of_its_day(self, call: Call, debate: Debate) -> None:
        run(call)
        call("calibrate", SEED)
        assert not any(replayed(debate).values())

    @pytest.mark.parametrize(
        ("judge", "repeats"),
        [("llamacpp:", 1), ("llamacpp:", 3), ("vllm:a,vllm:b", 2), ("vllm:a,vllm:b,llamacpp:", 1)],
    )
    def test_a_dry_run_counts_what_every_judge_will_be_asked(
        self, judge: str, repeats: int, call: Call, court: Court
    ) -> None:
        foreseen = json.loads(run(call, "--dry-run", judge=judge, repeats=repeats).out)
        assert court.requests == []
        done = json.loads(run(call, judge=judge, repeats=repeats).out)
        judged = [each for each in foreseen["each"] if each["role"] == "judge"]
        judges = len(judge.split(","))
        assert len(judged) == len(court.requests) == judges * (CRITERIA * (1 + KNOWN) * repeats + 2)
        assert foreseen["calls"]["least"] == done["usage"]["calls"]
        assert all(each["output_tokens"] > 10 for each in judged)

    def test_a_dry_run_counts_nothing_twice_that_a_judge_has_said(self, call: Call, court: Court) -> None:
        run(call, judge="vllm:a", repeats=2)
        before = len(court.requests)
        more: dict[str, Any] = {"judge": "vllm:a,vllm:b", "repeats": 3}
        foreseen = json.loads(run(call, "--dry-run", **more).out)
        expected = [each for each in foreseen["each"] if each["role"] == "judge" and not each["from_ledger"]]
        run(call, **more)
        assert len(court.requests) - before == len(expected)
        assert len(expected) == CRITERIA * (1 + KNOWN) * (1 + 3) + 2

    @pytest.mark.parametrize("word", ["checks", "offline"])
    def test_the_judge_by_rule_can_be_named_and_needs_no_model(
        self, word: str, call: Call, court: Court
    ) -> None:
        document = json.loads(run(call, judge=word).out)
        assert document["jury"] is None
        assert document["models"]["judge"] == "checks"
        assert court.requests == []


class TestJudge:
    def test_it_says_of_a_runs_answer_what_the_run_said_and_asks_nobody_again(
        self, call: Call, court: Court
    ) -> None:
        held = json.loads(run(call).out)
        asked = len(court.requests)
        answer = str(folders()[0] / ANSWER)
        done = call("judge", SEED, answer, "--lenses", ",".join(LENSES), "--json")
        assert json.loads(done.out) == {key: held[key] for key in ("problem", "verdict", "jury")}
        again = call("rejudge", "last", "--json")
        (document,) = json.loads(again.out)
        assert document == {key: held[key] for key in ("run", "problem", "verdict", "jury")}
        assert len(court.requests) == asked

    def test_limits_hold_for_one_sitting(self, call: Call, court: Court) -> None:
        Path("answer.md").write_text("Count the requests of one dashboard.", encoding="utf-8")
        Path("other.md").write_text("Nobody has counted the rows.", encoding="utf-8")
        most = ("--max-calls", str(CRITERIA * 3 + 2))
        assert call("judge", SEED, "answer.md", *most).code == 0
        assert call("judge", SEED, "other.md", *most).code == 0
        stopped = call("judge", SEED, "other.md", "--max-calls", "3", repeats=3)
        assert stopped.code == 1
        assert "--max-calls 3 is reached" in stopped.err

    def test_who_wrote_it_is_stamped_and_needs_no_key(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        Path("answer.md").write_text("Count the requests of one dashboard.", encoding="utf-8")
        own = call("judge", SEED, "answer.md", "--author", "llamacpp:", "--json")
        other = call("judge", SEED, "answer.md", "--author", "openai:any", "--json")
        stamped = [
            any(stamp.startswith("self-judged") for stamp in json.loads(done.out)["jury"]["stamps"])
            for done in (own, other)
        ]
        assert stamped == [True, False]

    def test_a_judge_that_says_nothing_ends_with_three_and_no_score(self, call: Call, court: Court) -> None:
        court.judges = {"": judges.BreaksJson(quality=truth(CARD))}
        Path("answer.md").write_text("Count the requests of one dashboard.", encoding="utf-8")
        done = call("judge", SEED, "answer.md", "--json")
        assert done.code == 3
        assert json.loads(done.out)["jury"]["headline"]["answer"] is None
        assert "the jury gave no headline" in done.err

    def test_a_model_for_all_roles_is_no_judge_and_says_so(self, debate: Debate, tmp_path: Path) -> None:
        answer = tmp_path / "answer.md"
        answer.write_text("Buy a cache.", encoding="utf-8")
        done = debate("judge", SEED, str(answer), "--model", "llamacpp:", "--json")
        assert json.loads(done.out)["jury"] is None
        assert "--model judge=MODEL" in done.err

    def test_fail_under_goes_by_the_score_by_rule(self, debate: Debate, tmp_path: Path) -> None:
        answer = tmp_path / "answer.md"
        answer.write_text(CARD.baseline.text, encoding="utf-8")
        done = debate("judge", SEED, str(answer), "--fail-under", "9")
        assert done.code == 3
        assert "--fail-under 9: the score" in done.err

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("judge", SEED, "gone.md"), "cannot read the answer gone.md"),
            (("judge", SEED, "."), "cannot read the answer ."),
            (("judge", "no-such-card", "gone.md"), "gone.md"),
            (("judge", SEED, "answer.md", "--lenses", "no-such-lens"), "no-such-lens"),
            (("rejudge", "nowhere"), "nowhere"),
            (("calibrate", "bare.md"), "has no baseline and no target"),
        ],
    )
    def test_what_is_wrong_with_the_input_is_said(
        self,
        arguments: Sequence[str],
        says: str,
        debate: Debate,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("answer.md").write_text("Buy a cache.", encoding="utf-8")
        Path("bare.md").write_text(problem_text().partition("## Baseline")[0], encoding="utf-8")
        done = debate(*arguments)
        assert (done.code, done.out) == (2, "")
        assert says in done.err


class TestRejudge:
    def test_lenses_made_for_the_run_and_cards_of_its_own_are_found_again(self, call: Call) -> None:
        Path("shop.md").write_text(
            problem_text().replace("Waiting", "Waiting Rooms: who waits"), encoding="utf-8"
        )
        held = call("run", "shop.md", "--allow-adhoc", "--json")
        document = json.loads(held.out)
        (again,) = json.loads(call("rejudge", "last", "--json").out)
        assert again["verdict"] == document["verdict"]
        assert again["jury"] == document["jury"]

    def test_a_card_that_has_changed_is_told_and_judged_as_it_is_now(self, call: Call) -> None:
        Path("shop.md").write_text(problem_text(), encoding="utf-8")
        call("run", "shop.md", "--lenses", "pace-layering", "--json")
        Path("shop.md").write_text(
            problem_text().replace("Originality: 8", "Originality: 9"), encoding="utf-8"
        )
        done = call("rejudge", "last", "--json")
        assert done.code == 0, done.err
        assert "the problem card shop_queue has changed since the run" in done.err
        (document,) = json.loads(done.out)
        targets = {score["name"]: score["target"] for score in document["verdict"]["criteria"]}
        assert targets["Originality"] in (9, None)

    def test_a_run_without_an_answer_says_what_to_do(self, call: Call) -> None:
        run(call, "--max-calls", "1")
        done = call("rejudge", "last")
        assert done.code == 2
        assert "has no answer to judge; first: debate resume" in done.err

    def test_a_card_that_is_gone_is_named(self, call: Call) -> None:
        Path("shop.md").write_text(problem_text(), encoding="utf-8")
        call("run", "shop.md", "--lenses", "pace-layering", "--json")
        Path("shop.md").unlink()
        done = call("rejudge", "last")
        assert done.code == 2
        assert "shop.md" in done.err


class TestCalibrate:
    def test_a_fair_judge_gets_a_certificate_that_every_later_verdict_prints(
        self, call: Call, debate: Debate
    ) -> None:
        done = call("calibrate", SEED, "--json", repeats=2)
        (document,) = json.loads(done.out)
        certificate = document["certificate"]
        assert certificate["state"] == "admissible", certificate["why"]
        verdict = json.loads(run(call, repeats=2).out)["jury"]
        assert verdict["certificate"]["state"] == "admissible"
        assert verdict["certificate"]["id"].startswith(SEED)
        shown = call("judge", SEED, str(folders()[0] / ANSWER), repeats=2)
        assert "Certificate: admissible: passed all" in shown.out
        expired = json.loads(call("judge", SEED, str(folders()[0] / ANSWER), "--json", repeats=1).out)
        assert expired["jury"]["certificate"]["why"].startswith("the number of repeats changed since")

    def test_another_model_behind_the_same_name_expires_it_until_it_is_calibrated_itself(
        self, call: Call, court: Court
    ) -> None:
        def state(text: str) -> tuple[str, str]:
            Path("answer.md").write_text(text, encoding="utf-8")
            found = json.loads(call("judge", SEED, "answer.md", "--json", repeats=2).out)
            certificate = found["jury"]["certificate"]
            return certificate["state"], certificate["why"]

        assert call("calibrate", SEED, repeats=2).code == 0
        assert state("Count the requests of one dashboard.")[0] == "admissible"
        court.judges = {"": Judge(quality=truth(CARD), served="younger")}
        changed, why = state("Nobody has counted the rows of one dashboard.")
        assert changed == "unvalidated"
        assert why.startswith(
            "changed model behind llamacpp: (served then, served, younger now) since it was"
        )
        redo = shlex.split(why.partition("run: debate ")[2])
        assert call(*redo, repeats=2).code == 0
        before = len(court.requests)
        assert state("Nobody has counted the rows of one dashboard.")[0] == "admissible"
        assert len(court.requests) == before
        assert call("calibrate", SEED, repeats=2).code == 0
        assert len(court.requests) == before + 1, "who answers is asked, and nothing else"

    def test_another_address_is_called_so(self, call: Call, court: Court, debate: Debate) -> None:
        Path("answer.md").write_text("Count the requests of one dashboard.", encoding="utf-8")
        call("calibrate", SEED)
        where = ("--base-url", f"{court.url}/", "--judge-repeats", "1", "--transcripts", "runs")
        with Court(judges=court.judges) as moved:
            there = ("--base-url", moved.url, "--judge-repeats", "1", "--transcripts", "runs")
            found = debate("judge", SEED, "answer.md", "--model", "judge=llamacpp:", "--json", *there)
        why = json.loads(found.out)["jury"]["certificate"]["why"]
        assert why.startswith(f"changed address of llamacpp: ({court.url} then, {moved.url} now) since")
        same = debate("judge", SEED, "answer.md", "--model", "judge=llamacpp:", "--json", *where)
        assert "changed address" not in json.loads(same.out)["jury"]["certificate"]["why"]

    def test_a_judge_that_is_bought_by_length_is_inadmissible_and_every_verdict_says_why(
        self, call: Call, court: Court
    ) -> None:
        court.judges = {"": judges.LikesLength(quality=truth(CARD))}
        done = call("calibrate", SEED, repeats=2)
        assert done.code == 3
        assert "padding moves" in done.out
        assert "FAILED" in done.out
        verdict = json.loads(run(call, repeats=2).out)["jury"]
        assert verdict["certificate"]["state"] == "inadmissible"
        assert "padding moves" in verdict["certificate"]["why"]
        assert "novel by both judges" not in verdict["stamps"]

    def test_a_judge_by_rule_that_is_unvalidated_ends_with_three_and_says_why(
        self, debate: Debate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        done = debate("calibrate", str(CARDS / "data_nightly.md"), "--json")
        (document,) = json.loads(done.out)
        assert (done.code, document["by_rule"]["state"]) == (3, "unvalidated")
        assert "data_nightly: the judge by rule is unvalidated: could not be measured" in done.err

    def test_both_judges_are_named_with_their_states_and_what_is_not_gated(self, call: Call) -> None:
        done = call("calibrate", SEED, repeats=2)
        assert done.code == 0
        said = done.out.replace("**", "")
        assert "The judge by rule: admissible: passed all" in said
        assert re.search(
            r"Certificate \S+: admissible: passed all \d+ gates; Lens Relevance is not\s+gated", said
        )

    def test_offline_is_no_judge_and_says_so(
        self, debate: Debate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        done = debate("calibrate", SEED, "--model", "judge=offline")
        assert done.code == 0
        assert "note: offline is no judge: the judge by rule judges alone" in done.err
        among = debate("calibrate", SEED, "--model", "judge=offline,llamacpp:")
        assert (among.code, among.out) == (2, "")
        assert "offline cannot sit in a jury" in among.err

    def test_without_a_model_the_judge_by_rule_is_tried_and_nobody_is_asked(
        self, debate: Debate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        done = debate("calibrate", SEED, "--json")
        (document,) = json.loads(done.out)
        assert document["certificate"] is None
        assert {gate["name"] for gate in document["checks"]} >= {
            "padding moves",
            "target above baseline, by criterion",
        }
        assert list(tmp_path.iterdir()) == []


class TestRubric:
    def test_what_is_shown_is_what_verdicts_are_stamped_with(self, debate: Debate, tmp_path: Path) -> None:
        rubric = json.loads(debate("rubric", "show", SEED, "--json").out)
        page = debate("rubric", "show", SEED).out
        answer = tmp_path / "answer.md"
        answer.write_text("Buy a cache.", encoding="utf-8")
        verdict = json.loads(debate("judge", SEED, str(answer), "--json").out)["verdict"]
        assert verdict["rubric"] == rubric["sha256"]
        assert rubric["sha256"][:12] in page
        items = [item["asks"] for criterion in rubric["criteria"] for item in criterion["items"]]
        assert len(items) == len(set(items))
        assert all(item in page for item in items)
        assert [criterion["name"] for criterion in rubric["criteria"]] == [
            score["name"] for score in verdict["criteria"]
        ]


def test_verdicts_of_both_kinds_are_in_the_journal(call: Call) -> None:
    run(call)
    given = Run.load(folders()[0]).of(VerdictGiven)
    assert sorted(event.verdict.kind for event in given) == ["checks", "model"]
