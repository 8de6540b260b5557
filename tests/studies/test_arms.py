"""Arms: every design makes the ways of holding a debate it promises, and no two that ask the same."""

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from debate.errors import InputError
from debate.library import Library
from debate.models.roles import ROLES
from debate.runs.question import read_question
from debate.studies.arms import FULL, NO_LENS, base_of, designed
from debate.studies.controls import idle_lenses, low_lenses
from debate.studies.plan import Arm, StudyPlan
from debate.studies.planning import plan_study, spec_of
from debate.studies.request import CONTROLS, StudyRequest, control_names, named_arms, read_study_file
from debate.studies.sampled_shapley import estimated
from debate.studies.shapley import brackets

STUCK = "code_performance-stuck"
LENSES = "bottleneck-theory,leverage-points,pace-layering"
OFFLINE = dict.fromkeys(ROLES, "offline")


@cache
def shelf() -> Library:
    """The built-in cards, read once."""
    return Library.open()


def asked(**changes: object) -> StudyRequest:
    given = {"problems": (STUCK,), "models": OFFLINE, "lenses": LENSES, "controls": (), **changes}
    return StudyRequest(**given)  # type: ignore[arg-type]


def planned(**changes: object) -> StudyPlan:
    return plan_study(asked(**changes), shelf()).plan


def arms(**changes: object) -> list[Arm]:
    return list(planned(**changes).problems[0].arms)


def seated(arm: Arm) -> list[str]:
    return sorted(arm.settings.lenses.split(","))


@pytest.mark.parametrize("design", ["leave-one-out", "add-one-in"])
def test_what_a_lens_adds_is_asked_at_both_ends(design: str) -> None:
    found = {arm.name: seated(arm) for arm in arms(designs=(design,))}
    neutral = "none:1"
    assert found == {
        FULL: ["bottleneck-theory", "leverage-points", "pace-layering"],
        "replacement: without bottleneck-theory": ["leverage-points", neutral, "pace-layering"],
        "replacement: without leverage-points": ["bottleneck-theory", neutral, "pace-layering"],
        "replacement: without pace-layering": ["bottleneck-theory", "leverage-points", neutral],
        "replacement: only bottleneck-theory": ["bottleneck-theory", neutral, neutral],
        "replacement: only leverage-points": ["leverage-points", neutral, neutral],
        "replacement: only pace-layering": [neutral, neutral, "pace-layering"],
        NO_LENS: [neutral, neutral, neutral],
    }


@pytest.mark.parametrize("design", ["subsets", "shapley"])
@pytest.mark.parametrize(("game", "panels"), [("removal", 8), ("replacement", 8), ("both", 15)])
def test_every_set_of_lenses_sits_once_a_game(design: str, game: str, panels: int) -> None:
    found = arms(designs=(design,), game=game)
    assert len(found) == panels
    assert len({arm.coalition for arm in found}) == 8
    assert len({arm.settings.model_dump_json() for arm in found}) == panels


needs_shapiq = pytest.mark.skipif(
    find_spec("shapiq") is None, reason="shapiq, the extra `attribution`, is not installed"
)


@needs_shapiq
def test_beyond_six_lenses_sets_are_drawn_and_recorded_and_fill_the_table_of_the_estimate() -> None:
    found = plan_study(asked(lenses="random:8", designs=("shapley",)), shelf())
    (problem,) = found.plan.problems
    assert problem.sample is not None
    assert problem.sample.sets <= problem.sample.budget == 64
    assert any("256 panels" in note and problem.sample.method in note for note in found.notes)
    assert planned(lenses="random:8", designs=("shapley",)) == found.plan
    worth = {lens: place / 10 for place, lens in enumerate(problem.lenses)}
    table = {
        frozenset(arm.coalition): 3 + sum(worth[lens] for lens in arm.coalition)
        for arm in problem.arms
        if arm.coalition is not None
    }
    assert problem.sample.sets <= len(table) <= problem.sample.sets + 2 * 8
    assert estimated(table, problem).values == pytest.approx(worth, abs=1e-6)
    assert all(None not in (each.leave_one_out, each.add_one_in)
               for each in brackets(table, problem.lenses).values())  # fmt: skip
    other = problem.model_copy(update={"sample": problem.sample.model_copy(update={"method": "other"})})
    with pytest.raises(InputError, match="were drawn for other"):
        estimated(table, other)


def test_six_lenses_draw_nothing_and_more_say_which_extra_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shapiq", None)
    assert planned(lenses="random:6", designs=("shapley",)).problems[0].sample is None
    with pytest.raises(InputError, match="attribution"):
        planned(lenses="random:7", designs=("shapley",))


def test_removal_leaves_the_seat_out_and_the_critic_alone_at_last() -> None:
    found = {arm.name: arm for arm in arms(game="removal")}
    assert seated(found["removal: without pace-layering"]) == ["bottleneck-theory", "leverage-points"]
    assert found["removal: nobody"].settings.lenses == "nobody"
    assert {arm.game for name, arm in found.items() if name != FULL} == {"removal"}


def test_a_panel_with_a_neutral_seat_has_the_arm_without_lenses_that_tokens_are_measured_by() -> None:
    lenses = "bottleneck-theory,pace-layering,none:1"
    found = {arm.name for arm in arms(lenses=lenses, controls=("token-matched",))}
    assert {NO_LENS, "token-matched"} <= found


def test_lenses_are_left_out_of_any_protocol_beside_the_controls() -> None:
    found = {arm.name: arm for arm in arms(protocol="solo", controls=("token-matched", "placebo"))}
    assert found["replacement: nobody"].settings.protocol == "solo"
    assert found[NO_LENS].settings.protocol == "panel"


def test_the_order_of_the_seats_follows_from_seed_and_arm_and_is_not_always_the_same() -> None:
    one = {arm.name: arm.settings.lenses for arm in arms(designs=("subsets",))}
    assert one == {arm.name: arm.settings.lenses for arm in arms(designs=("subsets",))}
    orders = {arm.settings.lenses for seed in range(12) for arm in arms(seed=seed) if arm.name == FULL}
    assert len(orders) > 1


def test_all_controls_are_there_and_differ_from_the_full_panel_in_one_thing() -> None:
    found = {arm.name: arm for arm in arms(controls=CONTROLS)}
    full = found[FULL].settings
    assert found["a/a"].settings == full
    assert found["a/a"].again == 1
    assert found["single-call"].settings == full.model_copy(update={"lenses": "none:1", "protocol": "solo"})
    assert found["single-agent"].settings == full.model_copy(update={"protocol": "solo"})
    assert found["swapped"].settings == full.model_copy(update={"definitions": "swapped"})
    assert found["name-only"].settings == full.model_copy(update={"definitions": "none"})
    assert found["token-matched"].matches == FULL
    assert found[NO_LENS].settings.lenses == "none:1,none:1,none:1"
    assert len(found["placebo"].settings.lenses.split(",")) == 3
    assert len(found["low-relevance"].settings.lenses.split(",")) == 3
    assert found["low-relevance"].settings.lenses != found["placebo"].settings.lenses


def test_matching_tokens_brings_along_what_it_is_measured_by() -> None:
    named = {"sets": {"known": "high", "drawn": "random:3"}}
    found = [arm.name for arm in arms(designs=("sets",), named=named, controls=("token-matched",))]
    assert found == ["known", "drawn", "token-matched", NO_LENS]


def test_a_placebo_has_no_bearing_on_any_case_where_the_library_has_enough() -> None:
    library = shelf()
    found = plan_study(asked(controls=("placebo",)), library)
    terms = found.plan.problems[0].arms[-1].settings.lenses.split(",")
    assert len(terms) == 3
    assert all(library.lens(term).is_placebo for term in terms)
    assert any("have no bearing" in note and terms[0] in note for note in found.notes)


def test_a_panel_with_more_lenses_than_there_are_placebos_is_told_what_sits_instead() -> None:
    library = shelf()
    found = plan_study(asked(lenses="random:5", controls=("placebo",)), library)
    terms = found.plan.problems[0].arms[-1].settings.lenses.split(",")
    assert len(terms) == 5
    assert not any(library.lens(term).is_placebo for term in terms)
    assert any("too few placebos for 5 seats" in note for note in found.notes)


def test_lenses_of_low_relevance_are_those_other_cards_call_so_and_this_card_does_not_name() -> None:
    library = shelf()
    base = base_of(asked(), library.problem(STUCK), library)
    named = {library.lens(each.lens).id for each in base.problem.relevance}
    low = {each.lens for entry in library.problems() if entry.card for each in entry.card.relevance
           if each.level == "low"}  # fmt: skip
    found = low_lenses(base)
    assert len(found) == 3
    assert not set(found) & (named | set(base.lenses))
    assert found == low_lenses(base)
    assert {library.lens(name).id for name in low} >= set(found)
    assert not set(found) & set(idle_lenses(base))


@pytest.mark.parametrize(
    ("design", "values", "field"),
    [
        ("sets", {"a": "pace-layering", "b": "leverage-points"}, "lenses"),
        ("protocols", {"a": "panel", "b": "solo"}, "protocol"),
        ("models", {"a": "offline", "b": "critic=ollama:x"}, "models"),
        ("roles", {"a": "own", "b": "critic=blunt.md"}, "roles"),
    ],
)
def test_one_thing_varies_at_a_time(design: str, values: dict[str, str], field: str, tmp_path: Path) -> None:
    text = next(entry.card for entry in shelf().roles() if entry.id == "critic")
    assert text is not None
    (tmp_path / "blunt.md").write_text(text.path.read_text("utf-8") + "\nBe blunt.\n", encoding="utf-8")
    a, b = (arm.settings.model_dump() for arm in arms(designs=(design,), named={design: values}))
    assert [name for name in a if a[name] != b[name]] == [field]


def test_factors_are_crossed_when_told() -> None:
    named = {"sets": {"a": "high", "b": "random:2"}, "protocols": {"p": "panel", "s": "solo"}}
    crossed = arms(designs=("sets", "protocols"), named=named, factorial=True)
    assert [arm.name for arm in crossed] == ["a × p", "a × s", "b × p", "b × s"]
    apart = arms(designs=("sets", "protocols"), named=named)
    assert [arm.name for arm in apart][:2] == ["sets: a", "sets: b"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"designs": ("leave-two-out",)}, "leave-one-out"),
        ({"designs": ("sets",)}, "two or more"),
        ({"lenses": "pace-layering"}, "two lenses or more"),
        ({"lenses": "random:9", "designs": ("subsets",)}, "512 panels"),
        ({"lenses": "random:17", "designs": ("shapley",)}, "16 lenses at most"),
        ({"controls": ("placebos",)}, "placebo"),
        ({"factorial": True}, "--factorial"),
        ({"endpoint": "jury"}, "--model judge="),
        ({"endpoint": "Beauty"}, "Originality"),
        ({"problems": ()}, "debate ablate PROBLEM"),
        ({"models": {**OFFLINE, "lens-agent": "ollama:a,ollama:b"}}, "take turns"),
        (
            {"designs": ("sets",), "named": {"sets": {"a/a": "high", "b": "low"}}, "controls": ("a/a",)},
            "'a/a'",
        ),
    ],
)
def test_a_study_that_cannot_be_held_is_refused_with_what_to_do(
    changes: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError) as refused:
        planned(**changes)
    assert words in str(refused.value)


def test_the_plan_is_known_by_everything_that_decides() -> None:
    plan = planned()
    others = [
        planned(**change)
        for change in (
            {"seed": 1}, {"margin": 1.0}, {"replicates": 2}, {"alpha": 0.1}, {"endpoint": "Novelty"},
            {"stop": "e-process"}, {"game": "removal"}, {"lenses": "high"}, {"controls": ("a/a",)},
        )
    ]  # fmt: skip
    assert plan.sha256 == planned().sha256
    assert len({plan.sha256, *(each.sha256 for each in others)}) == 10
    assert StudyPlan.model_validate_json(plan.model_dump_json()).sha256 == plan.sha256


def test_lenses_are_worn_as_the_arm_says() -> None:
    library, plan = shelf(), planned(controls=("swapped", "name-only"))
    panels = {
        arm.name: read_question(spec_of(plan, STUCK, arm.settings), library).panel
        for arm in plan.problems[0].arms
    }
    own = {seat.lens.id: seat.lens for seat in panels[FULL].seats if seat.lens}
    for seat in panels["name-only"].seats:
        assert seat.lens is not None
        assert seat.lens.body == f"# {seat.lens.name}\n"
    bodies = set()
    for seat in panels["swapped"].seats:
        assert seat.lens is not None
        assert seat.lens.name == own[seat.lens.id].name
        assert seat.lens.body.startswith(f"# {seat.lens.name}\n")
        bodies.add(seat.lens.body.partition("\n")[2])
    assert len(bodies) == 3
    assert not bodies & {lens.body.strip().partition("\n")[2] for lens in own.values()}


def test_designed_arms_come_with_the_reference_first() -> None:
    library = shelf()
    base = base_of(asked(), library.problem(STUCK), library)
    assert designed(base)[0].name == FULL


def test_a_study_file_says_the_same_as_flags(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(
        'problems = ["a", "b"]\ndesign = "sets"\nreplicates = 3\nmodel = "ollama:x"\ncontrols = "none"\n'
        '[sets]\nknown = "high"\ndrawn = "random:4"\n',
        encoding="utf-8",
    )
    file = read_study_file(path)
    assert file.problems == ("a", "b")
    assert file.given == {
        "design": ("sets",), "replicates": 3, "controls": ("none",), "model": ["ollama:x"],
    }  # fmt: skip
    assert file.named == named_arms(["known=high", "drawn=random:4"], ("sets",))


@pytest.mark.parametrize(
    ("text", "words"),
    [("repliactes = 2\n", "repliactes"), ("replicates = 0\n", "replicates"), ("x = [\n", "not TOML")],
)
def test_a_fault_in_a_study_file_is_named(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_study_file(path)
    assert words in str(refused.value)


def test_controls_are_named_in_any_case_and_in_sets() -> None:
    assert control_names("none") == ()
    assert control_names("all") == CONTROLS
    assert control_names("A/A, placebo") == ("a/a", "placebo")
    assert control_names("default,single-call")[-1] == "single-call"
