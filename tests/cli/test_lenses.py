"""`debate lenses suggest | graph | new | check`: choosing, drawing and beginning lenses."""

import json
from pathlib import Path

import pytest

from tests.bookshelf import lens_text, put
from tests.cli.conftest import Debate

SEED = "code_performance-stuck"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of one's own, which is the working folder."""
    (tmp_path / "debate.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestSuggest:
    def test_it_names_lenses_facts_and_reasons(self, debate: Debate) -> None:
        done = debate("lenses", "suggest", SEED)
        assert done.code == 0
        head, *rows = done.out.splitlines()
        assert head.split() == ["LENS", "FIT", "FACTS", "BECAUSE"]
        assert len(rows) == 4
        assert all(row.split()[1].replace(".", "").isdigit() for row in rows)
        assert "debate run code_performance-stuck --lenses " in done.err

    def test_auto_seats_what_it_suggests(self, debate: Debate, tmp_path: Path) -> None:
        suggested = [
            each["lens"] for each in json.loads(debate("lenses", "suggest", SEED, "-n", "3", "--json").out)
        ]
        place = str(tmp_path / "runs")
        run = debate("run", SEED, "--lenses", "auto:3", "--transcripts", place, "--json", "-q")
        assert [seat["lens"] for seat in json.loads(run.out)["seats"]] == suggested

    def test_a_placebo_is_never_suggested(self, debate: Debate) -> None:
        lenses = json.loads(debate("lenses", "list", "--json").out)
        real = [each["id"] for each in lenses if not each["id"].startswith("placebo-")]
        suggested = json.loads(debate("lenses", "suggest", SEED, "-n", str(len(real)), "--json").out)
        assert sorted(each["lens"] for each in suggested) == sorted(real)
        assert debate("lenses", "suggest", SEED, "-n", str(len(real) + 1)).code == 2

    @pytest.mark.parametrize("count", ["0", "5000"])
    def test_a_count_that_cannot_be_is_an_error(self, count: str, debate: Debate) -> None:
        done = debate("lenses", "suggest", SEED, "-n", count)
        assert done.code == 2
        assert done.out == ""


class TestGraph:
    def test_text_names_every_lens_under_its_family(self, debate: Debate) -> None:
        lenses = [line.split()[0] for line in debate("lenses", "list").out.splitlines()[1:]]
        drawn = debate("lenses", "graph").out.splitlines()
        assert [line.strip() for line in drawn if line.startswith("  ") and line[2] != " "] != []
        assert {line.strip() for line in drawn if line.startswith("  ") and line[2] != " "} == set(lenses)

    @pytest.mark.parametrize(
        ("form", "first", "edge"),
        [("mermaid", "graph LR", "here --- there"), ("dot", "graph lenses {", '"here" -- "there";')],
    )
    def test_a_drawing_has_each_pair_once(
        self, form: str, first: str, edge: str, debate: Debate, shelf: Path
    ) -> None:
        here = lens_text("here").replace("aliases: []", "aliases: []\nneighbours: [there, nowhere]")
        there = lens_text("there").replace("aliases: []", "aliases: []\nneighbours: [here]")
        put(shelf, lenses__here=here, lenses__there=there)
        drawn = debate("lenses", "graph", "--format", form).out
        assert drawn.splitlines()[0] == first
        assert drawn.count(edge) == 1
        assert "nowhere" not in drawn


class TestNew:
    def test_a_skeleton_is_written_and_check_lists_what_it_lacks(self, debate: Debate, shelf: Path) -> None:
        done = debate("lenses", "new", "Queue Discipline")
        path = shelf / "lenses" / "queue-discipline.md"
        assert (done.code, done.out.strip()) == (0, str(path))
        checked = debate("lenses", "check", str(path))
        assert checked.code == 2
        assert f"{path}:4: still to be written" in checked.out

    def test_nothing_is_written_over(self, debate: Debate, shelf: Path) -> None:
        debate("lenses", "new", "Mine")
        (shelf / "lenses" / "mine.md").write_text("kept", encoding="utf-8")
        done = debate("lenses", "new", "Mine")
        assert done.code == 2
        assert (shelf / "lenses" / "mine.md").read_text(encoding="utf-8") == "kept"

    def test_a_name_that_is_taken_is_said(self, debate: Debate, shelf: Path) -> None:
        done = debate("lenses", "new", "Shearing Layers")
        assert done.code == 2
        assert "pace-layering" in done.err
        assert not (shelf / "lenses").exists()

    def test_without_a_library_of_ones_own_it_says_how_to_make_one(
        self, debate: Debate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        done = debate("lenses", "new", "Mine")
        assert done.code == 2
        assert "touch debate.toml" in done.err


class TestCheck:
    def test_a_card_that_says_what_another_says_is_a_fault(self, debate: Debate, shelf: Path) -> None:
        put(shelf, lenses__one=lens_text("one"), lenses__two=lens_text("two"))
        done = debate("lenses", "check", str(shelf / "lenses" / "one.md"))
        assert done.code == 2
        assert "two such cards are one lens" in done.out

    def test_a_neighbour_nobody_has_is_a_note(self, debate: Debate, shelf: Path) -> None:
        put(shelf, lenses__one=lens_text("one").replace("aliases: []", "aliases: []\nneighbours: [nowhere]"))
        done = debate("lenses", "check", "one")
        assert done.code == 0
        assert "note: 'nowhere' is no lens of the library" in done.err
