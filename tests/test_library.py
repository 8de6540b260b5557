"""The library: roots, overlays, names, and cards that cannot be read."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debate import places as places_module
from debate.cards.markdown import read_text
from debate.errors import CardError, DebateError, InputError, SettingsError, UnknownName
from debate.library import Library
from debate.places import Root
from tests.bookshelf import lens_text, problem_text, put, role_text


def library_of(*folders: Path) -> Library:
    """A library of these roots; the last one is the built-in."""
    *overlays, builtin = folders
    return Library([*(Root(each, "overlay") for each in overlays), Root(builtin, "built-in")])


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    folder = tmp_path / "builtin"
    put(
        folder,
        lenses__waiting=lens_text("waiting", "The Waiting", ["Theory of Queues"]),
        lenses__other=lens_text("other"),
        agents__scribe=role_text(),
        problems__shop_queue=problem_text("shop_queue"),
    )
    (folder / "graph").mkdir()
    (folder / "graph" / "panel.py").write_text("", encoding="utf-8")
    (folder / "problems" / "shop-queue.md").rename(folder / "problems" / "shop_queue.md")
    return folder


class TestRoots:
    def test_the_checkout_is_the_built_in_root_and_its_own_workspace(self, repo: Path) -> None:
        library = Library.open(cwd=repo / "src" / "debate")
        assert library.roots == (Root(repo, "built-in"),)
        assert library.workspace == repo

    def test_packaged_cards_come_before_the_checkout(self, tmp_path: Path) -> None:
        (tmp_path / "_library").mkdir()
        with patch.object(places_module, "files", return_value=tmp_path):
            assert Library.open(cwd=tmp_path).roots == (Root(tmp_path / "_library", "built-in"),)

    def test_without_any_built_in_cards_the_way_on_is_named(self, tmp_path: Path) -> None:
        lost = tmp_path / "src" / "debate" / "library.py"
        with (
            patch.object(places_module, "files", return_value=tmp_path),
            patch.object(places_module, "__file__", str(lost)),
            pytest.raises(InputError, match="install lens-debate again"),
        ):
            Library.open(cwd=tmp_path)

    def test_the_nearest_folder_with_settings_is_an_overlay_below_the_given_one(
        self, tmp_path: Path, repo: Path
    ) -> None:
        (tmp_path / "debate.toml").touch()
        below = tmp_path / "a" / "b"
        below.mkdir(parents=True)
        extra = put(tmp_path / "extra", lenses__waiting=lens_text())
        library = Library.open(extra, cwd=below)
        assert library.roots == (Root(extra, "overlay"), Root(tmp_path, "overlay"), Root(repo, "built-in"))
        assert library.workspace == tmp_path

    def test_a_folder_without_settings_is_no_overlay(self, tmp_path: Path, repo: Path) -> None:
        put(tmp_path, lenses__waiting=lens_text())
        library = Library.open(cwd=tmp_path)
        assert library.roots == (Root(repo, "built-in"),)
        assert library.workspace is None

    def test_one_folder_is_one_root(self, tmp_path: Path, repo: Path) -> None:
        (tmp_path / "debate.toml").touch()
        put(tmp_path, lenses__waiting=lens_text())
        assert len(Library.open(tmp_path, cwd=tmp_path).roots) == 2
        assert Library.open(repo, cwd=repo).roots == (Root(repo, "built-in"),)

    @pytest.mark.parametrize(
        ("name", "reason"), [("missing", "no such folder"), ("empty", "expected a folder")]
    )
    def test_a_library_flag_that_leads_nowhere_is_an_error(
        self, tmp_path: Path, name: str, reason: str
    ) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(SettingsError, match=f"--library .*{name}: .*{reason}"):
            Library.open(tmp_path / name, cwd=tmp_path)


class TestEntries:
    def test_cards_are_listed_by_id_with_their_origin(self, builtin: Path) -> None:
        entries = library_of(builtin).lenses()
        assert [(entry.id, entry.origin, entry.shadows, entry.fault) for entry in entries] == [
            ("other", "built-in", None, None),
            ("waiting", "built-in", None, None),
        ]
        assert [entry.card.origin for entry in entries if entry.card] == ["built-in", "built-in"]

    def test_a_card_that_hides_another_says_which(self, builtin: Path, tmp_path: Path) -> None:
        mine = put(tmp_path / "mine", lenses__my_own=lens_text("waiting", "Mine"))
        library = library_of(mine, builtin)
        (entry,) = [entry for entry in library.lenses() if entry.id == "waiting"]
        assert entry.shadows == builtin / "lenses" / "waiting.md"
        assert (entry.path, entry.origin) == (mine / "lenses" / "my-own.md", "overlay")
        assert library.lens("waiting").name == "Mine"

    def test_the_first_of_several_roots_wins(self, builtin: Path, tmp_path: Path) -> None:
        one = put(tmp_path / "one", lenses__waiting=lens_text("waiting", "One"))
        two = put(tmp_path / "two", lenses__waiting=lens_text("waiting", "Two"))
        library = library_of(one, two, builtin)
        assert library.lens("waiting").name == "One"
        assert [e.shadows for e in library.lenses() if e.id == "waiting"] == [two / "lenses" / "waiting.md"]

    def test_only_cards_are_cards(self, builtin: Path) -> None:
        folder = builtin / "lenses"
        for name in ("README.md", "Readme.md", ".hidden.md", "notes.txt"):
            (folder / name).write_text("no card", encoding="utf-8")
        (folder / "folder.md").mkdir()
        assert [entry.id for entry in library_of(builtin).lenses()] == ["other", "waiting"]

    def test_two_cards_with_one_id_are_both_named_and_others_stay(self, builtin: Path) -> None:
        put(builtin, lenses__twin=lens_text("waiting", "Twin"))
        library = library_of(builtin)
        with pytest.raises(CardError) as caught:
            library.lens("waiting")
        assert "twin.md" in str(caught.value)
        assert "waiting.md" in str(caught.value)
        assert library.lens("other").id == "other"

    def test_a_broken_card_is_listed_and_breaks_no_other(self, builtin: Path) -> None:
        put(builtin, lenses__broken="---\nid: broken\n---\n")
        library = library_of(builtin)
        assert [entry.id for entry in library.lenses() if entry.fault] == ["broken"]
        assert library.lens("Theory of Queues").id == "waiting"
        with pytest.raises(CardError, match=r"broken\.md:1"):
            library.lens("Broken")

    def test_a_broken_override_is_not_passed_over_for_the_card_it_hides(
        self, builtin: Path, tmp_path: Path
    ) -> None:
        mine = put(tmp_path / "mine", lenses__waiting="nothing")
        with pytest.raises(CardError, match="mine"):
            library_of(mine, builtin).lens("waiting")

    def test_a_readable_card_keeps_its_id_against_an_unreadable_file_of_that_name(
        self, builtin: Path
    ) -> None:
        put(builtin, lenses__waiting="nothing", lenses__good=lens_text("waiting", "Good"))
        library = library_of(builtin)
        assert library.lens("waiting").name == "Good"
        assert len([entry for entry in library.lenses() if entry.fault]) == 1

    @pytest.mark.parametrize("name", ["Waiting Room.md", "wäiting.md", "-x.md", "con.md"])
    def test_a_file_with_a_name_no_id_may_have_is_refused(self, builtin: Path, name: str) -> None:
        (builtin / "lenses" / name).write_text(lens_text("fine"), encoding="utf-8")
        (fault,) = [entry.fault for entry in library_of(builtin).lenses() if entry.fault]
        assert "the file's name must be" in str(fault)

    def test_a_link_that_leads_out_of_its_root_is_refused(self, builtin: Path, tmp_path: Path) -> None:
        secret = tmp_path / "secret.md"
        secret.write_text(lens_text("secret"), encoding="utf-8")
        (builtin / "lenses" / "secret.md").symlink_to(secret)
        (builtin / "lenses" / "loop.md").symlink_to(builtin / "lenses" / "loop.md")
        (builtin / "lenses" / "inside.md").symlink_to(builtin / "lenses" / "other.md")
        faults = {entry.path.name: str(entry.fault) for entry in library_of(builtin).lenses() if entry.fault}
        assert "leads out of its library" in faults["secret.md"]
        assert "cannot read the file" in faults["loop.md"]
        assert "claimed by" in faults["inside.md"]

    def test_listing_reads_each_file_once(self, builtin: Path) -> None:
        library = library_of(builtin)
        with patch("debate.library.read_text", wraps=read_text) as read:
            assert library.lenses() == library.lenses()
            library.lens("waiting")
        assert read.call_count == 2

    def test_looking_up_cards_needs_neither_langgraph_nor_openai(self, repo: Path) -> None:
        code = (
            "import sys; from debate.library import Library; library = Library.open(); "
            "library.lenses(); library.roles(); library.problems(); "
            "print([m for m in ('langgraph', 'langchain_core', 'openai') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True
        )
        assert done.stdout == "[]\n"


class TestLensNames:
    @pytest.mark.parametrize(
        "name",
        [
            "waiting",
            "WAITING",
            "The Waiting",
            "the waiting!",
            " waiting ",
            "Theory of Queues",
            "theory-of-queues",
        ],
    )
    def test_a_lens_is_found_by_id_name_or_alias(self, builtin: Path, name: str) -> None:
        assert library_of(builtin).lens(name).id == "waiting"

    @pytest.mark.parametrize(
        ("name", "nearest"),
        [("wating", "waiting"), ("Theory of Queue", "Theory of Queues"), ("othr", "other")],
    )
    def test_an_unknown_lens_is_an_error_with_the_nearest_names(
        self, builtin: Path, name: str, nearest: str
    ) -> None:
        with pytest.raises(UnknownName) as caught:
            library_of(builtin).lens(name)
        assert nearest in caught.value.nearest
        assert "debate lenses list" in str(caught.value)

    def test_a_name_two_lenses_claim_is_an_error_that_names_both(self, builtin: Path, tmp_path: Path) -> None:
        mine = put(tmp_path / "mine", lenses__mine=lens_text("mine", "Mine", ["theory of queues"]))
        library = library_of(mine, builtin)
        with pytest.raises(CardError) as caught:
            library.lens("Theory of Queues")
        for part in ("mine.md", "waiting.md", "say mine or waiting"):
            assert part in str(caught.value)
        assert [str(caught.value).split(": ")[0]] == [str(each).split(": ")[0] for each in library.disputes()]
        assert library.lens("waiting").id == "waiting"

    def test_an_id_comes_before_a_name_another_lens_claims(self, builtin: Path) -> None:
        put(builtin, lenses__third=lens_text("third", "Third", ["Other"]))
        assert library_of(builtin).lens("Other").id == "other"

    @pytest.mark.parametrize("name", ["", " ", "the", "!", "\0"])
    def test_a_name_without_letters_stands_for_nothing(self, builtin: Path, name: str) -> None:
        with pytest.raises(UnknownName):
            library_of(builtin).lens(name)


class TestProblemsRolesProtocols:
    def test_a_problem_is_found_by_id(self, builtin: Path) -> None:
        card = library_of(builtin).problem("shop_queue")
        assert (card.id, card.origin) == ("shop_queue", "built-in")

    @pytest.mark.parametrize("prefix", ["", "./", "cards/../"])
    def test_a_problem_is_read_from_a_path_the_user_gives(
        self, builtin: Path, tmp_path: Path, prefix: str
    ) -> None:
        (tmp_path / "cards").mkdir()
        (tmp_path / "mine.md").write_text(problem_text("my_own"), encoding="utf-8")
        card = library_of(builtin).problem(f"{prefix}mine.md")
        assert (card.id, card.origin, card.path) == ("my_own", "file", Path(f"{prefix}mine.md"))

    @pytest.mark.parametrize("name", ["missing.md", "no/such/card", ".", "x" * 5000 + ".md", "\0.md", "../"])
    def test_what_is_no_problem_is_an_input_error(self, builtin: Path, name: str) -> None:
        with pytest.raises(InputError):
            library_of(builtin).problem(name)

    def test_an_unknown_problem_names_the_nearest_and_the_ways_on(self, builtin: Path) -> None:
        with pytest.raises(UnknownName, match="nearest: shop_queue") as caught:
            library_of(builtin).problem("shop_que")
        assert "./my-problem.md" in str(caught.value)
        assert "debate problems list" in str(caught.value)

    def test_a_role_is_found_by_id(self, builtin: Path) -> None:
        library = library_of(builtin)
        assert library.role("scribe").origin == "built-in"
        with pytest.raises(UnknownName, match="no role card called 'scrib'; nearest: scribe"):
            library.role("scrib")

    def test_a_protocol_comes_from_the_built_in_root_or_a_path_and_never_from_an_overlay(
        self, builtin: Path, tmp_path: Path
    ) -> None:
        mine = put(tmp_path / "mine", lenses__mine=lens_text("mine"))
        (mine / "graph").mkdir()
        for name in ("panel.py", "evil.py"):
            (mine / "graph" / name).write_text("", encoding="utf-8")
        library = library_of(mine, builtin)
        assert library.protocol("panel") == builtin / "graph" / "panel.py"
        with pytest.raises(UnknownName, match="no protocol called 'evil'"):
            library.protocol("evil")
        assert library.protocol("mine/graph/evil.py") == Path("mine/graph/evil.py")

    @pytest.mark.parametrize("name", ["missing.py", "no/such", "../", "\0.py", "x" * 5000 + ".py"])
    def test_a_protocol_path_without_a_file_is_an_error(self, builtin: Path, name: str) -> None:
        with pytest.raises(InputError, match="no protocol file"):
            library_of(builtin).protocol(name)


class TestNamesStayInside:
    # The folder does not change between examples.
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
    @given(
        st.one_of(
            st.text(max_size=40),
            st.lists(
                st.sampled_from(["..", "~", "secret", "waiting", "\\", ".", "%2e%2e", "C:"]), max_size=5
            ).map("".join),
        ).filter(lambda name: not name.endswith((".md", ".py")) and "/" not in name)
    )
    def test_no_name_opens_a_file_outside_the_roots(self, builtin: Path, name: str) -> None:
        (builtin.parent / "secret.md").write_text(lens_text("secret"), encoding="utf-8")
        (builtin.parent / "secret").write_text(lens_text("secret"), encoding="utf-8")
        opened: list[Path] = []

        def watch(path: Path) -> str:
            opened.append(path)
            return read_text(path)

        library = library_of(builtin)
        found: list[Path] = []
        with patch("debate.library.read_text", watch):
            for look in (library.problem, library.lens, library.role):
                with suppress(DebateError):
                    found.append(look(name).path)
            with suppress(DebateError):
                found.append(library.protocol(name))
        assert all(Path(os.path.realpath(path)).is_relative_to(builtin) for path in [*opened, *found])


class TestTranscripts:
    def test_a_flag_comes_first(self, tmp_path: Path) -> None:
        (tmp_path / "debate.toml").touch()
        assert Library.open(cwd=tmp_path).transcripts_dir(Path("mine")) == Path("mine")

    def test_a_working_folder_keeps_its_own(self, tmp_path: Path, repo: Path) -> None:
        (tmp_path / "debate.toml").touch()
        (tmp_path / "below").mkdir()
        assert Library.open(cwd=tmp_path / "below").transcripts_dir() == tmp_path / "transcripts"
        assert Library.open(cwd=repo / "tests").transcripts_dir() == repo / "transcripts"

    def test_elsewhere_they_go_to_the_users_data_folder(self, tmp_path: Path) -> None:
        folder = Library.open(cwd=tmp_path).transcripts_dir()
        assert folder.parts[-2:] == ("debate", "transcripts")
        assert not folder.is_relative_to(tmp_path)
