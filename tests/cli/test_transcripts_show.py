"""`debate transcripts show`: each side of a run, and the trail from a step to the card's own sentences."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from debate.library import Library
from debate.run_names import MANIFEST
from debate.transcripts import Run
from tests.cli.conftest import Debate, Done
from tests.conftest import REPO
from tests.runs import a_run, failures
from tests.web.hostile import hostile_run

Show = Callable[..., Done]


@pytest.fixture
def show(debate: Debate) -> Show:
    """`show("--step", "1")` shows the last of the runs."""
    return lambda *flags: debate("transcripts", "show", *flags, "--transcripts", "runs")


@pytest.fixture
def example(tmp_path: Path) -> Run:
    """A whole recorded debate, of which the card is in the library."""
    (source,) = (path for path in (REPO / "transcripts" / "examples").iterdir() if path.is_dir())
    return Run.load(Path(shutil.copytree(source, tmp_path / "runs" / source.name)))


def bullets(page: str, heading: str) -> list[str]:
    """The list items under the line `heading`."""
    lines = page.partition(f"{heading}\n\n")[2].partition("\n\n")[0].splitlines()
    return [line.removeprefix("- ") for line in lines]


class TestTrails:
    def test_a_step_leads_to_the_very_sentences_of_the_card(self, show: Show, example: Run) -> None:
        card = Library.open().problem(example.manifest.problem.id)
        said = {fact.id: fact.text for fact in card.facts}
        said |= {reading.id: reading.text for reading in card.readings}
        step = json.loads(show("--step", "1", "--json").out)
        (hypothesis, *_) = step["hypotheses"]
        cited = [*hypothesis["cites"], *hypothesis["tried"], *step["constraints"]]
        assert {each["id"][0] for each in cited} >= set("TKR")
        assert [each["text"] for each in cited] == [said[each["id"]] for each in cited]

    def test_every_step_and_hypothesis_of_a_plan_has_its_trail(self, show: Show, example: Run) -> None:
        for rank in range(1, 6):
            step = json.loads(show("--step", str(rank), "--json").out)
            for trail in step["hypotheses"]:
                id_ = trail["hypothesis"]["id"]
                assert json.loads(show("--hypothesis", id_, "--json").out) == {"run": step["run"], **trail}
                assert rank in trail["fate"]["steps"]

    def test_the_page_of_a_step_reads_from_action_to_sentences(self, show: Show, example: Run) -> None:
        page = show("--step", "1").out
        data = json.loads(show("--step", "1", "--json").out)
        (trail, *_) = data["hypotheses"]
        assert page.startswith(f"# Step 1: {data['step']['title']}")
        assert [line.split()[0] for line in bullets(page, "It rests on:")] == [
            f"`{each['id']}`" for each in trail["cites"]
        ]
        for words in (f"## Because {trail['seat']} says", "## Held against the constraints", "- If so: "):
            assert words in page

    def test_the_page_of_a_hypothesis_says_what_would_prove_it_wrong_and_what_became_of_it(
        self, show: Show, example: Run
    ) -> None:
        dropped = next(
            id_
            for id_ in (said.id for event in example.events for said in getattr(event, "hypotheses", ()))
            if not json.loads(show("--hypothesis", id_, "--json").out)["fate"]["steps"]
        )
        page = show("--hypothesis", dropped).out
        because = json.loads(show("--hypothesis", dropped, "--json").out)["fate"]["because"]
        assert "## What would prove it wrong" in page
        assert because
        assert because in page.replace("\\", "")

    @pytest.mark.parametrize(
        ("flags", "says"),
        [
            (["--step", "6"], "1, 2, 3, 4, 5"),
            (["--step", "one"], "--step"),
            (["--hypothesis", "pace-layering-9"], "pace-layering-1"),
            (["--hypothesis", ""], "pace-layering-1"),
            (["--seat", "nobody"], "pace-layering"),
            (["--step", "1", "--calls"], "--step and --calls"),
            (["--step", "1", "--hypothesis", "x"], "give one of them"),
            (["--prompts", "--failures"], "give one of them"),
            (["--seat", "pace-layering", "--step", "1"], "--seat"),
        ],
    )
    def test_what_is_not_there_is_your_mistake_and_names_what_is(
        self, show: Show, example: Run, flags: list[str], says: str
    ) -> None:
        done = show(*flags)
        assert (done.code, done.out) == (2, "")
        assert says in done.err

    def test_a_run_without_a_plan_has_no_steps(self, show: Show, tmp_path: Path) -> None:
        a_run(tmp_path / "runs", failures())
        done = show("--step", "1")
        assert done.code == 2
        assert "has no plan" in done.err


class TestCalls:
    def test_a_row_says_who_was_asked_and_what_it_took(self, show: Show, tmp_path: Path) -> None:
        a_run(tmp_path / "runs")
        done = show("--calls")
        head, first, *rest = done.out.splitlines()
        assert head.split() == ["ROLE", "LENS", "MODEL", "IN", "OUT", "COST", "MS", "TRIES", "LEDGER"]
        assert " ".join(first.split()) == "lens-agent Bottleneck Theory offline 1,200 300 0.0100 1,500 1"
        assert len(rest) == 3
        assert "4 calls, 0 of them from the ledger; tokens in: 4,800" in done.err

    def test_seat_leaves_the_calls_of_one_seat(self, show: Show, tmp_path: Path) -> None:
        a_run(tmp_path / "runs")
        (call,) = json.loads(show("--calls", "--seat", "pace-layering", "--json").out)["calls"]
        assert (call["seat"], call["lens"], call["ms"], call["flags"]) == (
            *("pace-layering", "Pace Layering", 1500),
            ["cut"],
        )

    def test_what_a_server_did_not_count_is_unknown_and_no_nought(self, show: Show, example: Run) -> None:
        done = show("--calls")
        assert "tokens in: unknown" in done.err
        assert {call["input_tokens"] for call in json.loads(show("--calls", "--json").out)["calls"]} == {None}

    def test_a_run_that_asked_nobody_says_so(self, show: Show, tmp_path: Path) -> None:
        a_run(tmp_path / "runs", failures())
        done = show("--calls")
        assert (done.code, done.out) == (0, "")
        assert "No call" in done.err


class TestFailures:
    def test_what_cost_something_is_loud_and_what_was_got_over_is_told(
        self, show: Show, tmp_path: Path
    ) -> None:
        a_run(tmp_path / "runs", failures())
        page = show("--failures").out
        for words in ("SEAT FAILED PACE-LAYERING", "the server did not answer", "JUDGE FAILED", "RUN FAILED"):
            assert words in page

    def test_a_run_that_is_done_tells_what_it_got_over(self, show: Show, tmp_path: Path) -> None:
        a_run(tmp_path / "runs")
        document = json.loads(show("--failures", "--json").out)
        assert document["status"] == "done"
        kinds = [(failure["kind"], failure["fatal"]) for failure in document["failures"]]
        assert kinds[:3] == [("tried again", False), ("odd reply", False), ("asked once more", False)]
        assert ("call came to nothing", True) in kinds
        assert "rate limit: too fast" in show("--failures").out

    def test_a_clean_run_says_so_beside_an_empty_page(self, show: Show, example: Run) -> None:
        done = show("--failures")
        assert (done.code, done.out) == (0, "")
        assert "Nothing went wrong" in done.err


class TestNames:
    @pytest.fixture(autouse=True)
    def _runs(self, tmp_path: Path) -> None:
        for day, end in (("20", "aaaa"), ("21", "aabb"), ("22", "cccc")):
            made = a_run(tmp_path / "runs")
            path = made.rename(made.with_name(f"202611{day}-120005-care_waiting-stuck-{end}"))
            manifest = json.loads((path / MANIFEST).read_text())
            (path / MANIFEST).write_text(json.dumps({**manifest, "id": path.name}))

    @pytest.mark.parametrize(
        ("name", "day"),
        [
            ("last", "22"),
            ("last~1", "21"),
            ("last~2", "20"),
            ("20261121", "21"),
            ("cccc", "22"),
            ("stuck-aaaa", "20"),
        ],
    )
    def test_a_short_name_will_do(self, show: Show, name: str, day: str) -> None:
        assert json.loads(show(name, "--calls", "--json").out)["run"].startswith(f"202611{day}")

    @pytest.mark.parametrize("name", ["aa", "care", "2026112"])
    def test_a_name_of_several_runs_is_answered_with_these(self, show: Show, name: str) -> None:
        done = show(name)
        assert (done.code, done.out) == (2, "")
        assert "20261121-120005-care_waiting-stuck-aabb" in done.err

    @pytest.mark.parametrize(
        "name", ["last~3", "last~" + "9" * 30, "", "..", "../runs", "/etc", "nope", "a\x00b"]
    )
    def test_a_name_of_no_run_is_your_mistake(self, show: Show, name: str) -> None:
        done = show(name)
        assert (done.code, done.out) == (2, "")
        assert "Traceback" not in done.err


SIDES: list[list[str]] = [
    *([], ["--prompts"], ["--calls"], ["--failures"], ["--step", "1"]),
    *(["--hypothesis", "bottleneck-theory-1"], ["--seat", "bottleneck-theory"]),
]


@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["page", "json"])
@pytest.mark.parametrize("flags", SIDES, ids=" ".join)
def test_what_models_wrote_cannot_steer_the_terminal(
    show: Show, tmp_path: Path, flags: list[str], as_json: list[str]
) -> None:
    hostile_run(tmp_path / "runs")
    # Ids and seats are hostile too; the run says how they are called.
    data: dict[str, Any] = json.loads(show("--json").out)
    spoken = next(event for event in data["events"] if event["type"] == "seat_spoke")
    named = {"bottleneck-theory": spoken["seat"], "bottleneck-theory-1": spoken["hypotheses"][0]["id"]}
    done = show(*(named.get(flag, flag) for flag in flags), *as_json)
    assert (done.code, done.out == "") == (0, False), done.err
    assert not set(done.out + done.err) & {"\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\ufeff"}
