"""The panel: `--lenses` terms to seats."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debate.cards.problem import ProblemCard, Relevance
from debate.errors import CardError, InputError, UnknownName
from debate.library import Library
from debate.panel import Panel, choose
from debate.places import Root
from tests.bookshelf import lens_text, put
from tests.builders import a_card

# Signal words of the test lenses; the facts of the builders' card speak of nurses, a desk and patients.
WORDS = {
    "alpha": "nurse, desk, patient",
    "beta": "desk, patient",
    "gamma": "desk, submarine",
    "delta": "submarine",
    "epsilon": "esk, ients",
    "zeta": "DESK, Registration",
}
LEVELS = {"high": ["Alpha", "Beta Lens"], "medium": ["Gamma"], "low": ["The Delta", "alpha"]}


def relevance(**levels: list[str]) -> tuple[Relevance, ...]:
    named = [(name, level) for level, names in levels.items() for name in names]
    return tuple(Relevance(name, level, f"why {name}", line) for line, (name, level) in enumerate(named, 40))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "library"
    for id_, words in WORDS.items():
        aliases = {"beta": ["Beta Lens"]}.get(id_, [])
        text = lens_text(id_, "", aliases, Signals=f"- **s**: t; words: {words}")
        put(folder, **{f"lenses__{id_}": text})
    return Library([Root(folder, "built-in")])


@pytest.fixture
def card() -> ProblemCard:
    return a_card(relevance=relevance(**LEVELS))


@pytest.fixture
def bare() -> ProblemCard:
    """A newcomer's card, which names no lenses."""
    return a_card(relevance=())


def ids(panel: Panel) -> list[str]:
    return [seat.id for seat in panel.seats]


class TestTerms:
    @pytest.mark.parametrize(
        ("terms", "expected"),
        [
            ("high", "alpha beta"),
            ("medium", "gamma"),
            ("low", "delta alpha"),
            ("all", "alpha beta gamma delta"),
            ("HIGH, Medium", "alpha beta gamma"),
            ("medium,high", "gamma alpha beta"),
            ("zeta", "zeta"),
            ("+zeta", "zeta"),
            ("The Alpha", "alpha"),
            ("beta lens,BETA", "beta"),
            ("high,-alpha,+zeta", "beta zeta"),
            ("all,-low", "beta gamma"),
            ("all,-alpha,alpha", "beta gamma delta alpha"),
            ("all,-Beta Lens", "alpha gamma delta"),
            ("none,zeta", "zeta"),
            ("zeta,none", "zeta"),
            ("none", "neutral-1 neutral-2"),
            ("none,none", "neutral-1 neutral-2"),
            ("none:3", "neutral-1 neutral-2 neutral-3"),
            ("alpha,none:1,beta,none:1", "alpha neutral-1 beta neutral-2"),
            ("auto", "alpha zeta beta gamma"),
            ("auto:2", "alpha zeta"),
            ("high,auto:1", "alpha beta zeta"),
            (" high , ", "alpha beta"),
        ],
    )
    def test_terms_give_the_seats_they_say(
        self, terms: str, expected: str, card: ProblemCard, library: Library
    ) -> None:
        assert ids(choose(terms, card, library)) == expected.split()

    def test_seats_are_numbered_in_order_and_carry_their_lens(
        self, card: ProblemCard, library: Library
    ) -> None:
        panel = choose("high,none:1", card, library)
        assert [seat.number for seat in panel.seats] == [1, 2, 3]
        assert [seat.lens and seat.lens.name for seat in panel.seats] == ["Alpha", "Beta", None]
        assert (panel.terms, panel.notes) == ("high,none:1", ())

    @pytest.mark.parametrize(("high", "seats"), [([], 3), (["Alpha"], 2), (["Alpha", "Beta", "Gamma"], 3)])
    def test_neutral_seats_are_as_many_as_the_card_has_high_lenses(
        self, high: list[str], seats: int, library: Library
    ) -> None:
        panel = choose("none", a_card(relevance=relevance(high=high, low=["Delta"])), library)
        assert ids(panel) == [f"neutral-{n}" for n in range(1, seats + 1)]
        assert {seat.lens for seat in panel.seats} == {None}

    @pytest.mark.parametrize(
        ("terms", "message"),
        [
            ("", "leaves no seat: .* names lenses as high, medium, low; try --lenses with auto"),
            (" , ", "leaves no seat"),
            ("medium,-gamma", "leaves no seat"),
            ("high,-", "no lens called ''"),
            ("-alpha", "--lenses: cannot drop 'alpha'; in the set are: nothing yet"),
            ("high,-gamma", "--lenses: cannot drop 'gamma'; in the set are: alpha, beta"),
            ("medium,-high", "--lenses: cannot drop 'high'; in the set are: gamma"),
            ("high,-none", "only lenses and groups can be dropped"),
            ("high,-random:1", "only lenses and groups can be dropped"),
            ("random", "such as random:3"),
            ("random:0", "expected a number of seats, such as random:3"),
            ("random:x", "expected a number of seats"),
            ("none:-1", "expected a number of seats, such as none:3"),
            ("random:7", "asks for 7 lenses, the library has 6 left"),
            ("high,random:5", "asks for 5 lenses, the library has 4 left"),
            ("high,-@set.txt", "a file cannot be dropped"),
        ],
    )
    def test_terms_that_make_no_sense_say_what_to_do(
        self, terms: str, message: str, card: ProblemCard, library: Library
    ) -> None:
        with pytest.raises(InputError, match=message):
            choose(terms, card, library)

    @pytest.mark.parametrize(
        ("terms", "nearest"),
        [("alpa", "alpha"), ("high,-gama", "gamma"), ("hihg", "high"), ("Beta Lenz", "Beta Lens")],
    )
    def test_an_unknown_lens_names_the_nearest(
        self, terms: str, nearest: str, card: ProblemCard, library: Library
    ) -> None:
        with pytest.raises(UnknownName) as caught:
            choose(terms, card, library)
        assert nearest in caught.value.nearest
        assert "It stands in --lenses; see debate lenses list" in str(caught.value)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        terms=st.lists(
            st.sampled_from(
                ["high", "all", "-alpha", "none", "none:2", "random:2", "auto", "@", "x:y", "+", "zeta"]
            )
        )
    )
    def test_any_terms_give_distinct_seats_or_an_input_error(
        self, terms: list[str], card: ProblemCard, library: Library
    ) -> None:
        try:
            panel = choose(",".join(terms), card, library)
        except InputError:
            return
        assert panel.seats
        assert len(set(ids(panel))) == len(panel.seats)


class TestRandom:
    def test_the_draw_is_the_same_everywhere(self, card: ProblemCard, library: Library) -> None:
        assert ids(choose("random:3", card, library)) == ["beta", "alpha", "epsilon"]
        assert ids(choose("random:3", card, library, seed=0)) == ids(
            choose("random:3", card, library, seed=0)
        )

    def test_seeds_draw_differently(self, card: ProblemCard, library: Library) -> None:
        assert len({tuple(ids(choose("random:3", card, library, seed=seed))) for seed in range(20)}) > 5

    def test_a_larger_draw_begins_with_the_smaller_one(self, card: ProblemCard, library: Library) -> None:
        assert ids(choose("random:5", card, library, seed=4))[:2] == ids(
            choose("random:2", card, library, seed=4)
        )

    @pytest.mark.parametrize("seed", range(10))
    def test_lenses_seated_or_dropped_are_not_drawn(
        self, seed: int, card: ProblemCard, library: Library
    ) -> None:
        panel = choose("high,-alpha,random:3", card, library, seed=seed)
        assert ids(panel)[0] == "beta"
        assert len(set(ids(panel))) == 4
        assert "alpha" not in ids(panel)


class TestAuto:
    def test_what_auto_took_is_noted(self, card: ProblemCard, library: Library) -> None:
        (note,) = choose("auto:2", card, library).notes
        assert "fit the card's facts best: alpha, zeta" in note
        assert f"debate lenses suggest {card.id}" in note

    def test_high_means_auto_for_a_card_that_names_no_lenses(
        self, bare: ProblemCard, library: Library
    ) -> None:
        panel = choose("high", bare, library)
        assert ids(panel) == ["alpha", "zeta", "beta", "gamma"]
        assert panel.notes[0] == f"{bare.path} names no lenses, so 'high' is read as 'auto'"

    def test_all_means_the_library_for_a_card_that_names_no_lenses(
        self, bare: ProblemCard, library: Library
    ) -> None:
        assert ids(choose("all", bare, library)) == sorted(WORDS)

    def test_other_groups_are_empty_for_a_card_that_names_no_lenses(
        self, bare: ProblemCard, library: Library
    ) -> None:
        with pytest.raises(InputError, match="names no lenses; try --lenses with auto, all"):
            choose("medium", bare, library)

    def test_high_of_a_card_that_names_only_others_says_which_groups_it_has(self, library: Library) -> None:
        with pytest.raises(InputError, match="names lenses as medium; try"):
            choose("high", a_card(relevance=relevance(medium=["Alpha"])), library)

    def test_a_lens_that_cannot_be_read_is_left_out_with_a_note(
        self, card: ProblemCard, library: Library
    ) -> None:
        put(library.roots[0].path, lenses__broken="nothing")
        panel = choose("random:6,-zeta", card, library)
        assert "broken" not in ids(panel)
        assert ["broken.md" in note for note in panel.notes] == [True]
        with pytest.raises(CardError, match=r"broken\.md:1"):
            choose("broken", card, library)


class TestPlacebos:
    PLACEBOS = ("idle-a", "idle-b", "idle-c")

    @pytest.fixture
    def library(self, library: Library) -> Library:
        """The library with three placebos, which hear every word of the card."""
        words = "- **s**: t; words: nurse, desk, patient, registration"
        for id_ in self.PLACEBOS:
            text = lens_text(id_, Signals=words).replace("family: time", "family: placebo")
            put(library.roots[0].path, **{f"lenses__{id_}": text})
        return library

    def test_a_placebo_is_seated_by_its_id_with_a_note(self, card: ProblemCard, library: Library) -> None:
        panel = choose("high,idle-b", card, library)
        assert ids(panel) == ["alpha", "beta", "idle-b"]
        assert panel.notes == ("placebos, which have no bearing on any case, are seated: idle-b",)

    @pytest.mark.parametrize("terms", ["auto", "auto:6", "random:6", "all", "high"])
    def test_no_other_term_seats_one(self, terms: str, bare: ProblemCard, library: Library) -> None:
        for seed in range(5):
            assert not {*ids(choose(terms, bare, library, seed=seed))} & {*self.PLACEBOS}

    @pytest.mark.parametrize("term", ["auto:7", "random:7"])
    def test_they_do_not_fill_up_where_other_lenses_run_out(
        self, term: str, card: ProblemCard, library: Library
    ) -> None:
        with pytest.raises(InputError, match="asks for 7 lenses, the library has 6 left"):
            choose(term, card, library)

    def test_the_group_is_all_of_them_and_can_be_dropped(self, card: ProblemCard, library: Library) -> None:
        assert ids(choose("placebo", card, library)) == [*self.PLACEBOS]
        assert ids(choose("Placebo,-idle-b", card, library)) == ["idle-a", "idle-c"]
        assert ids(choose("high,placebo,-placebo", card, library)) == ["alpha", "beta"]

    def test_some_are_drawn_by_seed(self, card: ProblemCard, library: Library) -> None:
        draws = {tuple(ids(choose("placebo:2", card, library, seed=seed))) for seed in range(12)}
        assert len(draws) > 2
        assert all(len({*draw}) == 2 and {*draw} < {*self.PLACEBOS} for draw in draws)
        with pytest.raises(InputError, match="'placebo:4' asks for 4 lenses, the library has 3 left"):
            choose("placebo:4", card, library)

    @pytest.mark.parametrize("term", ["placebo:", "placebo:0", "placebo:x", "-placebo:2"])
    def test_a_count_that_cannot_be_is_an_error(self, term: str, card: ProblemCard, library: Library) -> None:
        with pytest.raises(InputError, match="placebo"):
            choose(f"high,{term}", card, library)


class TestFiles:
    @pytest.mark.parametrize(
        "term", ["@set.txt", "set.txt", "./set.txt", "@./set.txt", "@set.toml", "set.toml"]
    )
    def test_a_file_holds_one_term_a_line_with_comments(
        self, term: str, tmp_path: Path, card: ProblemCard, library: Library
    ) -> None:
        text = "# my set\nhigh\n\n-alpha  # not this one\nzeta, none:1\n"
        for name in ("set.txt", "set.toml"):
            (tmp_path / name).write_text(text, encoding="utf-8")
        assert ids(choose(f"{term},gamma", card, library)) == ["beta", "zeta", "neutral-1", "gamma"]

    def test_none_alone_may_stand_in_a_file(
        self, tmp_path: Path, card: ProblemCard, library: Library
    ) -> None:
        (tmp_path / "set.txt").write_text("none\n", encoding="utf-8")
        assert ids(choose("@set.txt", card, library)) == ["neutral-1", "neutral-2"]

    def test_a_lens_comes_before_a_file_of_its_name(
        self, tmp_path: Path, card: ProblemCard, library: Library
    ) -> None:
        (tmp_path / "zeta").write_text("alpha\n", encoding="utf-8")
        assert ids(choose("zeta", card, library)) == ["zeta"]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("high\nalpa\n", "It stands in set.txt:2"),
            ("high\n\n-gamma\n", "set.txt:3: cannot drop 'gamma'"),
            ("@set.txt\n", "set.txt:1: '@set.txt': a file of terms cannot name another one"),
            ("# nothing\n", "set.txt:1: the file has no terms"),
            ("random\n", "set.txt:1: 'random' needs a number"),
        ],
    )
    def test_errors_name_the_line(
        self, text: str, message: str, tmp_path: Path, card: ProblemCard, library: Library
    ) -> None:
        (tmp_path / "set.txt").write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            choose("@set.txt", card, library)
        assert message in str(caught.value)

    @pytest.mark.parametrize("term", ["@missing.txt", "@", "@."])
    def test_a_file_that_cannot_be_read_is_an_error(
        self, term: str, card: ProblemCard, library: Library
    ) -> None:
        with pytest.raises(InputError, match=":1: "):
            choose(term, card, library)

    def test_a_lens_card_is_no_file_of_terms(self, card: ProblemCard, library: Library) -> None:
        with pytest.raises(UnknownName):
            choose(str(library.roots[0].path / "lenses" / "zeta.md"), card, library)


class TestAdHoc:
    @pytest.fixture
    def card(self) -> ProblemCard:
        return a_card(relevance=relevance(high=["Alpha", "The Alpa Male"]))

    @pytest.mark.parametrize("terms", ["high", "The Alpa Male", "alpa male"])
    def test_a_named_lens_the_library_lacks_is_an_error_with_both_ways_on(
        self, terms: str, card: ProblemCard, library: Library
    ) -> None:
        with pytest.raises(UnknownName, match=r"no lens called 'The Alpa Male'; nearest: .*alpha") as caught:
            choose(terms, card, library)
        assert f"{card.path}:41 names it" in str(caught.value)
        assert "write a card lenses/alpa-male.md" in str(caught.value)
        assert "--allow-adhoc" in str(caught.value)

    def test_with_leave_its_gloss_becomes_the_lens(self, card: ProblemCard, library: Library) -> None:
        panel = choose("high", card, library, allow_adhoc=True)
        lens = panel.seats[1].lens
        assert ids(panel) == ["alpha", "alpa-male"]
        assert lens is not None
        assert (lens.name, lens.sees, lens.moves, lens.origin) == (
            "The Alpa Male",
            "why The Alpa Male",
            (),
            "ad hoc",
        )

    def test_leave_does_not_make_a_lens_of_any_word(self, card: ProblemCard, library: Library) -> None:
        with pytest.raises(UnknownName):
            choose("high,omega", card, library, allow_adhoc=True)

    def test_a_lens_the_library_lacks_can_be_dropped(self, card: ProblemCard, library: Library) -> None:
        assert ids(choose("high,-alpa male", card, library)) == ["alpha"]
