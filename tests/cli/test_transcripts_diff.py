"""`debate transcripts diff` and `search`: what two runs have otherwise, and where a phrase stands."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from debate.events import Message, PlanMade, SeatSpoke, VerdictGiven
from debate.run_names import MANIFEST
from tests.builders import a_hypothesis, a_plan, a_step
from tests.cli.conftest import Debate, Done
from tests.runs import SEATS, a_call, a_run, a_score, a_verdict
from tests.web.hostile import hostile_run

STEERING = {"\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\ufeff"}

Call = Callable[..., Done]


@pytest.fixture
def diff(debate: Debate) -> Call:
    return lambda *flags: debate("transcripts", "diff", *flags, "--transcripts", "runs")


@pytest.fixture
def search(debate: Debate) -> Call:
    return lambda *flags: debate("transcripts", "search", *flags, "--transcripts", "runs")


def a_debate(
    base: Path, days: int, *, claim: str, titles: tuple[str, ...], score: float, prompt: str
) -> Path:
    """A run so many days old: one claim, steps with these titles, one score, one prompt."""
    said = (a_hypothesis("pace-layering-1", claim=claim),)
    steps = [
        a_step(rank, title=title, action=f"{title} for one day.", hypotheses=["pace-layering-1"])
        for rank, title in enumerate(titles, 1)
    ]
    verdict = a_verdict().model_copy(update={"criteria": (a_score("Novelty", score),)})
    events = [
        a_call("lens-agent/pace-layering", "lens-agent", messages=(Message(role="user", content=prompt),)),
        SeatSpoke(seat="pace-layering", hypotheses=said),
        PlanMade(plan=a_plan(steps=steps, set_aside=[], dissent=[])),
        VerdictGiven(verdict=verdict),
    ]
    return a_run(base, events, ago=timedelta(days=days), seats=SEATS if days else SEATS[1:])


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    """Ids of an older and a newer run that differ in panel, prompt, claim, steps and score."""
    runs = tmp_path / "runs"
    older = a_debate(
        runs,
        1,
        claim="Bookings fall on three start times.",
        titles=("Stamp slips", "Count chairs"),
        score=4.0,
        prompt="same\nold line",
    )
    newer = a_debate(
        runs,
        0,
        claim="Doctors arrive after the patients do.",
        titles=("Count chairs", "Ring patients"),
        score=6.5,
        prompt="same\nnew",
    )
    return older.name, newer.name


class TestDiff:
    def test_the_last_two_are_compared_and_everything_that_differs_is_told(
        self, diff: Call, two: tuple[str, str]
    ) -> None:
        found = json.loads(diff("--json").out)
        assert (found["a"], found["b"]) == two
        assert found["lenses"] == {"lost": ["Bottleneck Theory"], "gained": [], "kept": ["Pace Layering"]}
        assert found["prompts"] == [
            {
                "call": "lens-agent/pace-layering",
                "in_a": True,
                "in_b": True,
                "lines": ["-old line", "+new"],
            }
        ]
        claims = [
            (pair["a"] and pair["a"]["claim"], pair["b"] and pair["b"]["claim"])
            for pair in found["hypotheses"]
        ]
        assert claims == [
            (None, "Doctors arrive after the patients do."),
            ("Bookings fall on three start times.", None),
        ]
        ranks = [
            (pair["a"] and pair["a"]["rank"], pair["b"] and pair["b"]["rank"]) for pair in found["steps"]
        ]
        assert ranks == [(2, 1), (None, 2), (1, None)]
        assert {(s["criterion"], s["a"], s["b"]) for s in found["scores"]} == {
            ("Novelty", 4.0, 6.5),
            ("Headline", 7.2, 7.2),
        }

    def test_the_page_tells_the_same_in_words(self, diff: Call, two: tuple[str, str]) -> None:
        page = diff().out
        for words in (
            f"| A | {two[0]} |",
            "- only in A: Bottleneck Theory",
            "| Novelty | 4.0 | 6.5 | +2.5 |",
            "| Count chairs | 2 | 1 | up 1 |",
            "| Ring patients | – | 2 | gained |",
            "| Stamp slips | 1 | – | lost |",
            "## Hypotheses gained: only B has them\n\n- **Pace Layering**: Doctors arrive",
            "## Hypotheses lost: only A has them\n\n- **Pace Layering**: Bookings fall",
            "| `lens-agent/pace-layering` | 1 line | 1 line |",
        ):
            assert words in page

    def test_the_order_of_the_names_is_the_order_of_the_sides(self, diff: Call, two: tuple[str, str]) -> None:
        found = json.loads(diff("last", "last~1", "--json").out)
        assert (found["b"], found["a"]) == two
        assert "| Count chairs | 1 | 2 | down 1 |" in diff("last", "last~1").out

    def test_prompts_shows_the_lines_that_differ(self, diff: Call, two: tuple[str, str]) -> None:
        assert "-old line\n+new" in diff("--prompts").out
        assert "old line" not in diff().out

    def test_a_run_and_itself_differ_in_nothing(self, diff: Call, two: tuple[str, str]) -> None:
        page = diff("last", "last").out
        assert "Both were asked the same." in page
        assert "Every prompt is the same." in page
        for words in ("gained", "lost", "up 1", "only in"):
            assert words not in page

    @pytest.mark.parametrize("names", [["nope"], ["last", "last~2"], ["2026", "last"]])
    def test_a_run_that_is_not_there_is_your_mistake(
        self, diff: Call, two: tuple[str, str], names: list[str]
    ) -> None:
        done = diff(*names)
        assert (done.code, done.out) == (2, "")

    def test_what_models_wrote_cannot_steer_the_terminal(self, diff: Call, tmp_path: Path) -> None:
        hostile_run(tmp_path / "runs")
        a_run(tmp_path / "runs")
        for flags in ([], ["--prompts"], ["--json"]):
            done = diff(*flags)
            assert done.code == 0
            assert not set(done.out + done.err) & STEERING
            assert "window.pwned" in done.out


class TestSearch:
    def test_a_hit_names_run_place_and_sentence(self, search: Call, two: tuple[str, str]) -> None:
        done = search("DOCTORS arrive")
        assert done.out.splitlines() == [
            two[1],
            "  pace-layering-1, Pace Layering",
            "    Doctors arrive after the patients do.",
        ]

    def test_the_newest_run_comes_first(self, search: Call, two: tuple[str, str]) -> None:
        hits = json.loads(search("count chairs for one day", "--json").out)["hits"]
        assert [(hit["run"], hit["part"]) for hit in hits] == [(two[1], "step"), (two[0], "step")]

    def test_problem_and_lens_leave_their_runs(self, search: Call, two: tuple[str, str]) -> None:
        def runs(*flags: str) -> set[str]:
            hits = json.loads(search("count chairs", "--json", *flags).out)["hits"]
            return {hit["run"] for hit in hits}

        assert runs() == set(two)
        assert runs("--lens", "bottleneck") == {two[0]}
        assert runs("--problem", "care") == set(two)
        assert runs("--problem", "code") == set()

    def test_limit_cuts_the_sentences_and_says_so(self, search: Call, two: tuple[str, str]) -> None:
        assert "--limit" in search("the", "--limit", "2").err
        cut = json.loads(search("the", "--limit", "2", "--json").out)
        whole = json.loads(search("the", "--limit", "0", "--json").out)
        assert (len(cut["hits"]), cut["more"], whole["more"]) == (2, True, False)
        assert whole["hits"][:2] == cut["hits"]

    def test_nothing_found_is_said_beside_an_empty_page(self, search: Call, two: tuple[str, str]) -> None:
        done = search("no such words")
        assert (done.code, done.out) == (0, "")
        assert "Nowhere in 3 runs: no such words" in done.err

    @pytest.mark.parametrize("text", ["", "  "])
    def test_nothing_to_search_for_is_your_mistake(self, search: Call, text: str) -> None:
        assert search(text).code == 2

    def test_a_broken_run_is_passed_over(self, search: Call, two: tuple[str, str], tmp_path: Path) -> None:
        (tmp_path / "runs" / two[1] / MANIFEST).write_text("{")
        assert two[0] in search("count chairs").out

    def test_what_models_wrote_cannot_steer_the_terminal(self, search: Call, tmp_path: Path) -> None:
        hostile_run(tmp_path / "runs")
        for flags in ([], ["--json"]):
            done = search("window.pwned", *flags)
            assert done.code == 0
            assert not set(done.out + done.err) & STEERING
            assert "<script>" in done.out
