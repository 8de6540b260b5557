"""Calibration of juries: the fair are admissible, each fault is found, a certificate outlives no change."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from debate.judging.checks import judge
from debate.judging.ladder import FOREIGN, rungs
from debate.judging.rubric import compiled
from debate.judging.words import content
from debate.jury.calibrating import certificate, hear
from debate.jury.certificate import Certificate, Identity, Shelf, identity_of
from debate.runs.judging import by_criterion
from debate.verdict import Trust
from tests.jury import judges
from tests.jury.judges import Judge, a_bench, truth
from tests.offline.held import library, shipped

SEED = shipped("code_performance-stuck")
OTHER = shipped("operations_parcels").target.text
WHEN = datetime(2026, 11, 23, tzinfo=UTC)
ROLES = {entry.id: library().role(entry.id) for entry in library().roles()}


FAIR = truth(SEED)
BY_RULE = {rung.label: by_criterion(judge(SEED, rung.text, ())) for rung in rungs(SEED, OTHER)}


async def calibrated(folder: Path, *bench: Judge, repeats: int = 3) -> Certificate:
    identity = identity_of(
        SEED,
        compiled(SEED),
        ROLES,
        [f"judge-{n}" for n, _ in enumerate(bench, 1)],
        sampling={},
        repeats=repeats,
    )
    async with a_bench(folder, SEED, *bench, repeats=repeats) as (seats, _):
        return certificate(await hear(seats, rungs(SEED, OTHER)), BY_RULE, identity, WHEN)


def failed(found: Certificate) -> set[str]:
    return {gate.name for gate in found.gates if gate.passed is False}


async def test_a_fair_judge_is_admissible(tmp_path: Path) -> None:
    found = await calibrated(tmp_path, Judge(quality=FAIR))
    assert failed(found) == set()
    assert found.state is Trust.ADMISSIBLE
    assert found.missing == 0
    # What repeats show is counted by what was repeated: eleven candidates or so on five criteria.
    counted = {gate.name.split(" (")[0]: gate.n for gate in found.gates if "repeat" in gate.name}
    assert set(counted.values()) >= {50}
    assert found.table["baseline"]["novelty"] == pytest.approx(2.0, abs=0.01)
    assert found.table["target"]["novelty"] == pytest.approx(8.0, abs=0.01)


@pytest.mark.parametrize(
    ("fault", "gate"),
    [
        (judges.AlwaysFirst, "same answer preferred in both orders"),
        (judges.LikesLength, "padding moves"),
        (judges.InventsQuotes, "passages that stand in the answer"),
        (judges.Noisy, "spread of repeats (mean standard deviation, raw points)"),
        (judges.Noisy, "verdicts that flip from repeat to repeat (above the baseline or not)"),
        (judges.Timid, "the author's gap between baseline and target, recovered before linking"),
        (judges.UpsideDown, "same order as the judge by rule (lowest Spearman of a criterion)"),
        (judges.Refuses, "ballots missing"),
        (judges.BreaksJson, "ballots missing"),
    ],
)
async def test_each_known_fault_is_found_by_its_gate(fault: type[Judge], gate: str, tmp_path: Path) -> None:
    found = await calibrated(tmp_path, fault(quality=FAIR))
    assert gate in failed(found)
    assert found.state is Trust.INADMISSIBLE


async def test_a_judge_that_clusters_at_seven_separates_nothing_and_is_not_admissible(tmp_path: Path) -> None:
    found = await calibrated(tmp_path, judges.ClustersAtSeven(quality=FAIR))
    assert found.state is not Trust.ADMISSIBLE
    assert {score for row in found.table.values() for score in row.values()} == {None}


async def test_orders_never_reach_a_judge_that_obeys_them(tmp_path: Path) -> None:
    found = await calibrated(tmp_path, judges.ObeysOrders(quality=FAIR))
    assert found.table["ordered"] == found.table["baseline"]
    assert "an order to the judge moves" not in failed(found)


async def test_two_jurors_are_held_against_each_other(tmp_path: Path) -> None:
    agree = await calibrated(tmp_path / "agree", Judge(quality=FAIR), Judge(quality=FAIR))
    differ = await calibrated(tmp_path / "differ", Judge(quality=FAIR), judges.Noisy(quality=FAIR))
    name = "agreement of jurors (Krippendorff's alpha)"
    assert name not in failed(agree)
    assert name in failed(differ)


class TestShelves:
    def identity(self, **changes: object) -> Identity:
        plain = identity_of(SEED, compiled(SEED), ROLES, ["m at x"], sampling={}, repeats=3)
        return plain.model_copy(update=changes)

    def kept(self, base: Path) -> Shelf:
        shelf = Shelf(base)
        shelf.keep(
            Certificate(
                identity=self.identity(),
                created=WHEN,
                state=Trust.ADMISSIBLE,
                why="passed all",
                gates=(),
                table={},
                ballots=1,
                missing=0,
            )
        )
        return shelf

    def test_what_was_kept_is_found_again(self, tmp_path: Path) -> None:
        state = self.kept(tmp_path).state_of(self.identity())
        assert (state.state, state.why) == (Trust.ADMISSIBLE, "passed all")
        assert state.id is not None

    def test_nothing_kept_says_what_to_run(self, tmp_path: Path) -> None:
        state = Shelf(tmp_path).state_of(self.identity())
        assert state.state is Trust.UNVALIDATED
        assert state.why == f"never calibrated on this card; run: debate calibrate {SEED.id} --model judge=m"

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"card": "other"}, "the problem card changed"),
            ({"rubric": "other"}, "the rubric changed"),
            ({"prompts": "other"}, "the prompts changed"),
            ({"repeats": 5}, "the number of repeats changed"),
            ({"sampling": {"temperature": 0.0}}, "the sampling settings changed"),
            ({"models": ("other",)}, "never calibrated on this card"),
        ],
    )
    def test_a_change_expires_it_and_is_named(
        self, changes: dict[str, object], why: str, tmp_path: Path
    ) -> None:
        state = self.kept(tmp_path).state_of(self.identity(**changes))
        assert state.state is Trust.UNVALIDATED
        assert state.why.startswith(why)

    def test_a_file_that_is_no_certificate_certifies_nothing(self, tmp_path: Path) -> None:
        shelf = self.kept(tmp_path)
        for path in (tmp_path / "certificates").iterdir():
            path.write_text("{", encoding="utf-8")
        assert shelf.state_of(self.identity()).state is Trust.UNVALIDATED


def test_another_prompt_or_rubric_is_another_identity() -> None:
    one = identity_of(SEED, compiled(SEED), ROLES, ["m"], sampling={}, repeats=3)
    reworded = {**ROLES, "judge": dataclasses.replace(ROLES["judge"], sha256="0" * 64)}
    assert identity_of(SEED, compiled(SEED), reworded, ["m"], sampling={}, repeats=3).digest != one.digest


@pytest.mark.parametrize("name", ["code_performance-stuck", "farm_mastitis"])
def test_the_ladder_is_made_of_what_the_card_says(name: str) -> None:
    card = shipped(name)
    texts: dict[str, str] = {rung.label: rung.text for rung in rungs(card, OTHER)}
    assert texts["empty"] == ""
    assert texts[FOREIGN] == OTHER
    length: Callable[[str], int] = lambda label: len(content(texts[label]))  # noqa: E731 - a word for what is compared
    assert length("baseline") < length("plus one") < length("plus two")
    assert set(content(texts["plus two"])) <= set(
        content(card.baseline.text + " " + card.target.text + " next steps")
    )
    assert texts.get("reversed") != texts["target"]
