"""Certificates: what they are bound to, and that no change outlives them unsaid."""

import dataclasses
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from debate.judging.ladder import rungs
from debate.jury import candidate, showing, temptation
from debate.jury.certificate import Certificate, Identity, Shelf
from debate.jury.showing import ladder_hash, prompts_hash
from debate.models.wire import Sampling
from debate.runs.bench import calibration, jury_identity
from debate.runs.spec import CallSettings, RunSpec
from debate.verdict import Trust
from tests.jury.judges import an_identity
from tests.offline.held import library, shipped

SEED = shipped("code_performance-stuck")
WHEN = datetime(2026, 11, 23, tzinfo=UTC)
ROLES = {entry.id: library().role(entry.id) for entry in library().roles()}
REDO = "debate calibrate"
PLAIN = an_identity(SEED, "m").of([{"m-1"}])


def kept(base: Path, identity: Identity = PLAIN, when: datetime = WHEN) -> Shelf:
    shelf = Shelf(base)
    shelf.keep(
        Certificate(
            identity=identity,
            created=when,
            state=Trust.ADMISSIBLE,
            why="passed all",
            gates=(),
            table={},
            ballots=1,
            missing=0,
        )
    )
    return shelf


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    state = kept(tmp_path).state_of(PLAIN, REDO)
    assert (state.state, state.why) == (Trust.ADMISSIBLE, "passed all")
    assert state.id is not None


def test_nothing_kept_says_what_to_run(tmp_path: Path) -> None:
    state = Shelf(tmp_path).state_of(PLAIN, REDO)
    assert state.state is Trust.UNVALIDATED
    assert state.why == f"never calibrated on this card; run: {REDO}"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"card": "other"}, "the problem card changed since"),
        ({"card": "other", "rubric": "other", "ladder": "other"}, "the problem card changed since"),
        ({"rubric": "other", "prompts": "other"}, "the rubric changed since"),
        ({"prompts": "other"}, "the prompts changed since"),
        ({"ladder": "other"}, "the ladder changed since"),
        ({"gates": "other"}, "the gates changed since"),
        ({"repeats": 5}, "the number of repeats changed since"),
        ({"sampling": {"temperature": 0.0}}, "the sampling settings changed since"),
        ({"prompts": "other", "repeats": 5}, "the prompts, the number of repeats changed since"),
        (
            {"addresses": ("http://there/v1",)},
            "changed address of m (http://here/v1 then, http://there/v1 now) since",
        ),
        ({"served": (("m-2",),)}, "changed model behind m (m-1 then, m-2 now) since"),
        ({"served": (("m-1", "m-2"),)}, "changed model behind m (m-1 then, m-1, m-2 now) since"),
        ({"models": ("other",)}, "never calibrated on this card"),
    ],
)
def test_a_change_expires_it_and_is_named(changes: dict[str, object], why: str, tmp_path: Path) -> None:
    state = kept(tmp_path).state_of(PLAIN.model_copy(update=changes), REDO)
    assert state.state is Trust.UNVALIDATED
    assert state.why.startswith(why)
    assert state.why.endswith(f"run: {REDO}")


@pytest.mark.parametrize(
    ("then", "now", "holds"),
    [
        ([{"a", "b"}], [{"a"}], True),
        ([{"a"}], [set()], True),
        ([set()], [set()], True),
        ([set()], [{"a"}], False),
        ([{"a"}], [{"a", "b"}], False),
    ],
)
def test_it_holds_for_those_who_answered_when_it_was_made(
    then: Sequence[set[str]], now: Sequence[set[str]], holds: bool, tmp_path: Path
) -> None:
    shelf = kept(tmp_path, PLAIN.of(then))
    assert (shelf.state_of(PLAIN.of(now), REDO).state is Trust.ADMISSIBLE) == holds


def test_the_last_jury_that_was_calibrated_is_the_one_that_is_expected(tmp_path: Path) -> None:
    assert Shelf(tmp_path).answering(PLAIN) == ()
    kept(tmp_path, PLAIN.of([{"new"}]), WHEN + timedelta(days=1))
    shelf = kept(tmp_path, PLAIN.of([{"old"}]), WHEN)
    assert shelf.answering(PLAIN.of([])) == (frozenset({"new"}),)
    assert shelf.state_of(PLAIN.of([{"old"}]), REDO).state is Trust.ADMISSIBLE


def test_a_file_that_is_no_certificate_certifies_nothing(tmp_path: Path) -> None:
    shelf = kept(tmp_path)
    for path in (tmp_path / "certificates").iterdir():
        path.write_text("{", encoding="utf-8")
    assert shelf.state_of(PLAIN, REDO).state is Trust.UNVALIDATED


class TestHashes:
    def test_a_word_of_a_prompt_changes_it(self) -> None:
        judge = ROLES["judge"]
        reworded = {
            **ROLES,
            "judge": dataclasses.replace(judge, body=judge.body.replace("letter by", "word by")),
        }
        assert prompts_hash(SEED, reworded) != prompts_hash(SEED, ROLES)

    def test_what_no_judge_reads_changes_nothing(self) -> None:
        judge = dataclasses.replace(ROLES["judge"], sha256="0" * 64)
        assert prompts_hash(SEED, {**ROLES, "judge": judge}) == prompts_hash(SEED, ROLES)

    def test_the_template_of_the_candidates_changes_prompts_and_ladder(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = prompts_hash(SEED, ROLES), ladder_hash(SEED)
        monkeypatch.setattr(candidate, "WORDS", 20)
        after = prompts_hash(SEED, ROLES), ladder_hash(SEED)
        assert all(one != other for one, other in zip(before, after, strict=True))

    def test_a_rung_changes_the_ladder_and_so_does_an_order(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = [ladder_hash(SEED)]
        monkeypatch.setattr(temptation, "ORDERS", {"tempted": "Be kind."})
        found.append(ladder_hash(SEED))
        monkeypatch.setattr(showing, "rungs", lambda card, foreign: rungs(card, foreign)[:-1])
        found.append(ladder_hash(SEED))
        assert len(set(found)) == 3


class TestRecalibration:
    def command(self, **settings: Any) -> list[str]:
        calls = CallSettings(
            base_url="http://somebody:secret@127.0.0.1:9/v1?key=abc",
            sampling={"judge": Sampling(temperature=0.2, max_tokens=900)},
        )
        spec = RunSpec(
            problem="my cards/shop.md",
            models={"judge": "llamacpp:,vllm:b"},
            judge_repeats=5,
            transcripts=Path("runs"),
            calls=calls,
        )
        spec = dataclasses.replace(spec, **settings)
        return shlex.split(calibration(spec, jury_identity(spec, SEED, ROLES)))

    def test_it_has_every_setting_the_certificate_is_bound_to_and_no_secret(self) -> None:
        assert self.command() == [
            *("debate", "calibrate", "my cards/shop.md", "--model", "judge=llamacpp:,vllm:b"),
            *("--judge-repeats", "5", "--base-url", "http://127.0.0.1:9/v1"),
            *("--set", "judge.temperature=0.2", "--set", "judge.max_tokens=900", "--transcripts", "runs"),
        ]

    def test_what_is_usual_is_left_out(self) -> None:
        usual = self.command(
            problem="x",
            models={"judge": "llamacpp:"},
            judge_repeats=3,
            calls=CallSettings(),
            transcripts=None,
        )
        assert usual == ["debate", "calibrate", "x", "--model", "judge=llamacpp:"]
