"""Two sides against each other: by card, and nothing that is not alike."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from debate.studies.pairing import Side, SideCard, pair
from tests.studies.conftest import Debate

TWO = "feedback-loops,emergence"


def made(name: str, scores: Mapping[str, tuple[float | None, ...]], **models: str) -> Side:
    """A side with these scores by card; a card's hash is its name."""
    cards = {
        card: SideCard(card, each, tuple(f"{name}-{card}-{i}" for i in range(len(each))))
        for card, each in scores.items()
    }
    return Side(name, cards, models)


def test_replicates_are_averaged_inside_their_card_before_cards_are_compared() -> None:
    paired = pair(
        made("one", {"a": (2.0, 4.0), "b": (5.0,)}), made("other", {"a": (6.0,), "b": (5.0, 6.0)}), "headline"
    )
    assert paired.differences == {"a": 3.0, "b": 0.5}
    assert (paired.estimate.n, paired.estimate.mean) == (2, 1.75)


def test_a_card_that_is_not_alike_on_both_sides_is_named_and_left_out() -> None:
    one = made("one", {"a": (2.0,), "b": (3.0,), "c": (None,), "d": (1.0,)})
    other = Side("other", {**made("other", {"a": (3.0,), "c": (4.0,), "d": (1.0,)}).cards}, {})
    other = Side("other", {**other.cards, "d": SideCard("changed", (9.0,), ())}, {})
    paired = pair(one, other, "headline")
    assert dict(paired.left_out) == {
        "b": "not in other",
        "c": "no score in one",
        "d": "the card was changed between the two",
    }
    assert set(paired.differences) == {"a"}
    assert "1 of 4 cells of one have no score and are left out" in paired.notes


def test_one_card_is_described_and_tests_nothing() -> None:
    paired = pair(made("one", {"a": (2.0,)}), made("other", {"a": (3.0,)}), "headline")
    assert (
        paired.conclusion
        == "B against A: +1.00 points on one card. This describes the card and tests nothing."
    )


def test_few_cards_say_that_nothing_can_be_significant_and_enough_say_what_they_find() -> None:
    few = {f"c{i}": (float(i),) for i in range(4)}
    more = {f"c{i}": (float(i),) for i in range(8)}
    lifted = {card: (scores[0] + 1 + 0.1 * i,) for i, (card, scores) in enumerate(more.items())}
    assert "With fewer than 6 cards" in pair(made("a", few), made("b", lifted), "headline").conclusion
    enough = pair(made("a", more), made("b", lifted), "headline")
    assert enough.detectable is not None
    assert f"{enough.detectable:.2f} points or more" in enough.conclusion
    assert enough.estimate.p == pytest.approx(2 / 2**8)


def test_nothing_in_common_says_so() -> None:
    paired = pair(made("one", {"a": (2.0,)}), made("other", {"b": (3.0,)}), "headline")
    assert paired.conclusion == "No card is on both sides with a score, so nothing can be compared."


def test_models_that_differ_are_told() -> None:
    paired = pair(made("one", {"a": (2.0,)}, lens="m"), made("other", {"a": (2.0,)}, lens="n"), "headline")
    assert paired.notes == ("lens was m in one and n in other",)


@pytest.fixture
def held(debate: Debate, card: Path, tmp_path: Path) -> str:
    """A study of two lenses and a run, both offline; the id of the study."""
    place = ("--transcripts", str(tmp_path / "runs"))
    assert debate("run", str(card), "--lenses", "none:2", "-q", *place).code == 0
    done = debate("ablate", str(card), "--lenses", TWO, "--controls", "a/a", "--json", *place)
    assert done.code == 0, done.err
    study: str = json.loads(done.out)["study"]
    return study


def test_studies_arms_and_runs_are_compared_by_their_ids(debate: Debate, held: str, tmp_path: Path) -> None:
    place = ("--transcripts", str(tmp_path / "runs"))
    arm = "replacement: only emergence"
    done = debate("compare", held, f"{held}:{arm}", "--json", *place)
    assert done.code == 0, done.err
    document = json.loads(done.out)
    (problem,) = document["differences"]
    scores = [document[side]["cards"][problem]["mean"] for side in "ab"]
    assert document["differences"] == {problem: pytest.approx(scores[1] - scores[0])}
    assert document["b"]["name"] == f"{held}:{arm}"
    again = debate("compare", held[:-2], f"{held}:a/a", "--json", *place)
    assert again.code == 0, again.err
    same = json.loads(again.out)
    assert same["differences"] == {problem: 0.0}
    run = document["a"]["cards"][problem]["runs"][0]
    shown = debate("compare", run, held, *place)
    assert f"A = {run}" in shown.out
    assert "describes the card and tests nothing" in shown.out


def test_the_last_study_and_the_one_before_are_found_by_their_arms(
    debate: Debate, held: str, card: Path, tmp_path: Path
) -> None:
    place = ("--transcripts", str(tmp_path / "runs"))
    done = debate("compare", "last:no-lens", "last:full", "--json", *place)
    assert json.loads(done.out)["b"]["name"] == f"{held}:full"
    assert debate("ablate", str(card), "--lenses", TWO, "--controls", "none", "-q", *place).code == 0
    done = debate("compare", "last~1:a/a", "last:full", "--json", *place)
    document = json.loads(done.out)
    assert document["a"]["name"] == f"{held}:a/a"
    assert document["b"]["name"].split(":")[0] > held
    runs = json.loads(debate("compare", "last~1", "last", "--json", *place).out)
    assert ":" not in runs["a"]["name"] + runs["b"]["name"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("last~7:full", "last"), "last~7: there is only 1 study"),
        (("{study}:nobody", "last"), "Arms of"),
        (("{study}", "last", "--endpoint", "Charm"), "has no score 'Charm'; it has headline"),
        (("nothing-of-that-name", "last"), "no run"),
    ],
)
def test_what_cannot_be_compared_is_a_clear_error(
    debate: Debate, held: str, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = debate(
        "compare", *(word.format(study=held) for word in words), "--transcripts", str(tmp_path / "runs")
    )
    assert done.code == 2
    assert told in done.err
