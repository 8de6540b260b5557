"""Novelty by embeddings, in every command that judges, with an endpoint that knows what is like what."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from debate.calls import Policy
from debate.events import CallFinished, JudgeFailed
from debate.run_names import EVENTS
from debate.transcripts import Run
from tests.cli.conftest import Debate, Done
from tests.judging.placer import Placer, vectors

SEED = "code_performance-stuck"
MODEL = "llamacpp:"
BATCH = 32

Call = Callable[..., Done]


@pytest.fixture
def placer() -> Iterator[Placer]:
    server = Placer()
    with server:
        yield server


@pytest.fixture
def call(debate: Debate, placer: Placer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("judge", …)` in an empty folder, with the placer's vectors."""
    monkeypatch.setattr("debate.runs.desk.Policy", partial(Policy, first_pause=0.01, longest_pause=0.02))
    monkeypatch.chdir(tmp_path)
    Path("answer.md").write_text(
        "Nobody looks at how many questions one page asks.\n\n"
        "1. Keep copies of hot rows beside the application.\n2. Buy a bigger computer for the dashboard.\n",
        encoding="utf-8",
    )

    def done(command: str, *arguments: str, embeddings: str = MODEL) -> Done:
        where = ("--embeddings", embeddings, "--base-url", placer.url, "--transcripts", "runs")
        return debate(command, *arguments, *where)

    return done


def criterion(document: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [each for each in document["verdict"]["criteria"] if each["name"] == name]
    return dict(found)


def journal() -> Run:
    (found,) = Path("runs").glob(f"*/{EVENTS}")
    return Run.load(found.parent)


class TestVerdicts:
    def test_the_reason_names_the_model_and_takes_nothing_for_paraphrase_blind(self, call: Call) -> None:
        document = json.loads(call("judge", SEED, "answer.md", "--json").out)
        reasons = " ".join(criterion(document, "Novelty")["reasons"])
        assert f"the embeddings of {MODEL}" in reasons
        assert "paraphrase-blind" not in reasons
        assert f"the embeddings of {MODEL}" in document["verdict"]["certificate"]["why"]

    def test_again_from_the_ledger_gives_the_same_bytes_and_asks_nobody(
        self, call: Call, placer: Placer
    ) -> None:
        first = call("judge", SEED, "answer.md", "--json")
        asked = len(placer.batches)
        assert asked
        assert call("judge", SEED, "answer.md", "--json").out == first.out
        assert len(placer.batches) == asked

    def test_the_texts_of_the_card_are_paid_for_once(self, call: Call, placer: Placer) -> None:
        call("calibrate", SEED)
        known = {text for batch in placer.batches for text in batch}
        before = len(placer.batches)
        call("judge", SEED, "answer.md")
        fresh = [text for batch in placer.batches[before:] for text in batch]
        assert fresh
        assert not known.intersection(fresh)

    def test_texts_go_out_sorted_and_in_batches(self, call: Call, placer: Placer) -> None:
        call("judge", SEED, "answer.md")
        assert all(batch == sorted(set(batch)) for batch in placer.batches)
        assert all(len(batch) <= BATCH for batch in placer.batches)

    def test_the_order_of_an_answers_sentences_changes_no_call(self, call: Call, placer: Placer) -> None:
        one, two = "Count the questions one page asks.", "Watch how often a dashboard is read."
        Path("answer.md").write_text(f"{one}\n\n{two}\n", encoding="utf-8")
        call("judge", SEED, "answer.md")
        asked = len(placer.batches)
        Path("answer.md").write_text(f"{two}\n\n{one}\n", encoding="utf-8")
        call("judge", SEED, "answer.md")
        assert len(placer.batches) == asked


class TestFaults:
    @pytest.mark.parametrize(
        ("body", "says"),
        [
            (lambda texts: vectors(texts[1:]), "vectors came back for"),
            (lambda texts: vectors(texts).replace("0.0", "NaN", 1), "holds a number that is none"),
            (lambda _: json.dumps({"data": "none today"}), "no list of vectors"),
        ],
    )
    def test_vectors_that_cannot_be_used_end_in_a_sentence(
        self, call: Call, placer: Placer, body: Callable[..., str], says: str
    ) -> None:
        placer.bodies += [body] * 40
        done = call("judge", SEED, "answer.md")
        assert done.code == 1
        assert says in done.err
        assert "--embeddings" in done.err
        assert "Traceback" not in done.err

    def test_one_bad_reply_is_asked_for_once_more_and_never_used(self, call: Call, placer: Placer) -> None:
        placer.bodies.append(lambda texts: vectors(texts[1:]))
        mended = call("judge", SEED, "answer.md", "--json")
        assert mended.code == 0
        asked = len(placer.batches)
        assert call("judge", SEED, "answer.md", "--json").out == mended.out
        assert len(placer.batches) == asked

    def test_a_later_sitting_asks_anew_where_all_replies_were_bad(self, call: Call, placer: Placer) -> None:
        placer.bodies += [lambda texts: vectors(texts[1:])] * 40
        assert call("judge", SEED, "answer.md").code == 1
        placer.bodies.clear()
        assert call("judge", SEED, "answer.md").code == 0

    @pytest.mark.parametrize("name", ["offline:x", "a,b", "critic=ollama:x", "replay:last", "openai:"])
    def test_a_name_that_is_no_embedding_model_is_refused_before_any_call(
        self, call: Call, placer: Placer, name: str
    ) -> None:
        done = call("judge", SEED, "answer.md", embeddings=name)
        assert done.code == 2
        assert "--embeddings" in done.err
        assert not placer.batches


class TestRuns:
    def test_a_dry_run_counts_the_calls_that_are_made(self, call: Call, placer: Placer) -> None:
        plan = json.loads(call("run", SEED, "--lenses", "pace-layering", "--json", "--dry-run").out)
        assert not placer.requests
        expected = [each["call"] for each in plan["each"] if each["role"] == "embeddings"]
        call("run", SEED, "--lenses", "pace-layering", "--json")
        assert len(placer.batches) == len(expected) > 1

    def test_a_run_keeps_its_vectors_and_can_be_held_again_from_its_record(
        self, call: Call, debate: Debate, placer: Placer
    ) -> None:
        done = call("run", SEED, "--lenses", "pace-layering", "--json")
        assert done.code == 0
        assert json.loads(done.out)["models"]["embeddings"] == MODEL
        asked = len(placer.batches)
        again = json.loads(debate("replay", "--transcripts", "runs", "--json").out)
        assert not any(again["differences"].values())
        assert len(placer.batches) == asked

    def test_without_vectors_the_verdict_is_by_words_and_says_so(self, call: Call, placer: Placer) -> None:
        placer.bodies += [lambda texts: vectors(texts[1:])] * 40
        done = call("run", SEED, "--lenses", "pace-layering", "--json")
        document = json.loads(done.out)
        assert (done.code, document["status"]) == (3, "degraded")
        assert document["verdict"]["headline"]["answer"] is not None
        assert any("by words" in stamp for stamp in document["verdict"]["stamps"])
        assert len(journal().of(JudgeFailed)) == 1

    def test_a_stored_run_is_judged_once_more_by_meaning(self, call: Call, debate: Debate) -> None:
        debate("run", SEED, "--lenses", "pace-layering", "--transcripts", "runs")
        assert not [each for each in journal().of(CallFinished) if each.role == "embeddings"]
        (document,) = json.loads(call("rejudge", "last", "--json").out)
        assert f"the embeddings of {MODEL}" in " ".join(criterion(document, "Novelty")["reasons"])

    def test_a_limit_on_calls_holds_for_vectors_too(self, call: Call, placer: Placer) -> None:
        done = call("judge", SEED, "answer.md", "--max-calls", "1")
        assert done.code == 1
        assert "--max-calls" in done.err
        assert len(placer.batches) == 1


class TestSettings:
    def test_the_file_comes_before_the_variable_and_the_flag_before_both(
        self, debate: Debate, placer: Placer, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def model() -> list[str]:
            return [each.asked["model"] for each in placer.requests]

        monkeypatch.setenv("DEBATE_EMBEDDINGS", "vllm:variable")
        monkeypatch.setenv("DEBATE_BASE_URL", placer.url)
        debate("judge", SEED, "answer.md")
        assert set(model()) == {"variable"}
        Path("debate.toml").write_text('embeddings = "vllm:file"\n', encoding="utf-8")
        debate("judge", SEED, "answer.md")
        assert model()[-1] == "file"
        call("judge", SEED, "answer.md", embeddings="vllm:flag")
        assert model()[-1] == "flag"
        asked = len(model())
        call("judge", SEED, "answer.md", embeddings="none")
        assert len(model()) == asked
