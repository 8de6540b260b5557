"""Run names: what an id, a part of one, or `last` stands for, without reading a run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from debate.errors import DebateError, InputError, UnknownName
from debate.run_names import MANIFEST, Named, find_run, named_runs, run_named


class TestFinding:
    @pytest.fixture
    def base(self, tmp_path: Path) -> Path:
        for name in ("20261103-000000-code-aaaa", "20261102-000000-code-bbbb", "20261101-000000-care-abab"):
            (tmp_path / name).mkdir()
            (tmp_path / name / MANIFEST).write_text("{}")
        return tmp_path

    @pytest.mark.parametrize(
        ("name", "day"),
        [
            ("last", "03"),
            ("last~0", "03"),
            ("last~2", "01"),
            ("20261102", "02"),
            ("care", "01"),
            ("20261101-000000-care-abab", "01"),
        ],
    )
    def test_a_name_stands_for_one_run(self, base: Path, name: str, day: str) -> None:
        assert find_run(name, named_runs([base])).id[6:8] == day

    @pytest.mark.parametrize(
        ("name", "says"),
        [("code", "stands for 2 runs"), ("2026", "stands for 3 runs"), ("last~3", "there are only 3 runs")],
    )
    def test_a_name_that_fits_no_single_run_is_your_mistake(self, base: Path, name: str, says: str) -> None:
        with pytest.raises(InputError, match=says):
            find_run(name, named_runs([base]))

    def test_one_run_is_counted_as_one(self, base: Path) -> None:
        with pytest.raises(InputError, match=r"last~1: there is only 1 run$"):
            find_run("last~1", named_runs([base])[:1])

    def test_an_empty_name_stands_for_nothing_even_where_there_is_one_run(self, base: Path) -> None:
        with pytest.raises(InputError, match="empty"):
            find_run("", named_runs([base])[:1])

    @pytest.mark.parametrize("name", ["last~99999999999999999999", "last~" + "9" * 5000, "last~-1", "last~²"])
    def test_no_number_of_runs_back_is_too_odd_for_an_answer(self, base: Path, name: str) -> None:
        with pytest.raises(InputError):
            find_run(name, named_runs([base]))

    @pytest.mark.parametrize("name", ["20261102-000000-code-bbbb", "20261102", "bbbb"])
    def test_of_an_example_that_was_copied_the_copy_is_meant(self, base: Path, name: str) -> None:
        own = named_runs([base])
        examples = [replace(run, path=base / "elsewhere" / run.id, example=True) for run in own]
        assert find_run(name, [*own, *examples]) in own

    def test_an_unknown_name_is_answered_with_the_nearest(self, base: Path) -> None:
        with pytest.raises(UnknownName, match="20261101-000000-care-abab"):
            find_run("20261101-000000-care-abba", named_runs([base]))

    def test_last_is_an_own_run_and_an_example_only_where_there_is_none(
        self, base: Path, tmp_path: Path
    ) -> None:
        examples = [replace(run, example=True) for run in named_runs([base])]
        own = tmp_path / "own" / "20261103-000000-code-cccc"
        own.mkdir(parents=True)
        (own / MANIFEST).write_text("{}")
        assert find_run("last", examples).example
        assert find_run("last", [*examples, *named_runs([own.parent])]).path == own

    def test_last_passes_over_what_never_began(self, base: Path) -> None:
        (base / "20261104-000000-code-cccc").mkdir()
        runs = named_runs([base])
        assert find_run("last", runs).id == "20261103-000000-code-aaaa"
        assert find_run("last~2", runs).id == "20261101-000000-care-abab"
        assert not find_run("20261104", runs).begun
        with pytest.raises(InputError, match="no runs yet"):
            find_run("last", runs[:1])

    def test_without_any_run_the_error_says_how_to_make_one(self) -> None:
        with pytest.raises(InputError, match="debate run"):
            find_run("last", [])


class TestLookingAtFewFolders:
    """`run_named` says what `find_run` says of all that is listed, also where it finds nothing."""

    @pytest.fixture
    def bases(self, tmp_path: Path) -> list[Path]:
        own, examples = tmp_path / "own", tmp_path / "examples"
        begun = ("20261103-000000-code-aaaa", "20261102-000000-code-bbbb", "20261101-000000-care-abab")
        for base, names in ((own, begun), (examples, (*begun[1:2], "20261001-000000-shop-cccc"))):
            for name in names:
                (base / name).mkdir(parents=True)
                (base / name / MANIFEST).write_text("{}")
        (own / "20261104-000000-code-dddd").mkdir()  # never began
        (own / ".20261103-000000-code-gone").mkdir()
        (own / "20261103-code-note").write_text("no folder")
        (own / "renamed").mkdir()
        (own / "renamed" / MANIFEST).write_text("{}")
        (own / "studies").mkdir()
        return [own, examples]

    @pytest.mark.parametrize(
        "name",
        ["last", "last~0", "last~1", "last~3", "last~4", "last~99", "care", "code", "20261104", "20261102",
         "bbbb", "shop", "20261001-000000-shop-cccc", "20261", "gone", "note", "renamed", "studies", "abba",
         "20261101-000000-care-abba", "", "../own"],
    )  # fmt: skip
    def test_it_says_what_a_look_at_all_of_them_says(self, bases: list[Path], name: str) -> None:
        assert _said(lambda: run_named(name, bases)) == _said(lambda: find_run(name, named_runs(bases)))

    def test_where_there_are_no_runs_it_says_so(self, tmp_path: Path) -> None:
        for name in ("last", "code", ""):
            with pytest.raises(InputError, match="debate run"):
                run_named(name, [tmp_path / "nowhere"])

    def test_a_file_in_the_place_of_the_runs_is_an_error_that_names_the_flag(self, tmp_path: Path) -> None:
        (tmp_path / "runs").write_text("")
        with pytest.raises(InputError, match="--transcripts"):
            run_named("code", [tmp_path / "runs"])


def _said(find: Callable[[], Named]) -> Named | tuple[type[DebateError], str]:
    try:
        return find()
    except DebateError as error:
        return type(error), str(error)
