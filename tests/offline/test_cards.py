"""The offline reasoner on cards of every kind: what it says holds, reads well, and keeps to the case."""

from collections import Counter
from functools import cache

import pytest

from debate.cards.facts import FactKind
from debate.cards.lens import lens_key
from debate.contracts import letter_faults, plan_faults, report_faults
from debate.contracts.letter import FEWEST_WORDS, MOST_WORDS
from debate.contributions import Draft, SeatReport
from debate.letters import letter_words
from debate.library import Library
from debate.places import Root
from tests.bookshelf import lens_text, put
from tests.offline.held import CARDS, Held, hold, library, shipped
from tests.offline.prose import marks, repeated

NAMES = sorted(path.stem for path in CARDS.glob("*.md"))
#: Card, lens terms, protocol, whether ad-hoc lenses are allowed.
SETTINGS = (
    *((name, "high", "panel", False) for name in NAMES),
    *((name, "none", "panel", False) for name in NAMES),
    *((name, "all", "solo", True) for name in NAMES),
    *((name, "emergence", "panel", False) for name in NAMES),
    ("service_permits", "all", "panel", False),
    ("service_permits", "none:5", "panel", False),
    ("code_search", "high,medium", "panel", True),
    ("code_search", "medium", "panel", True),
    ("code_search", "random:5", "panel", True),
    ("bare", "random:8", "panel", False),
    ("data_nightly", "none", "solo", False),
    ("code_performance-stuck", "high", "panel", False),
    ("code_performance-stuck", "all", "panel", False),
    ("code_performance-stuck", "none", "panel", False),
    ("code_performance-stuck", "high", "solo", False),
)


@cache
def held(setting: tuple[str, str, str, bool]) -> Held:
    """The debate of one setting, held once for all tests of a process."""
    name, terms, protocol, adhoc = setting
    return hold(shipped(name), terms, protocol, adhoc=adhoc)


# Of the module, so that the tests of one debate come one after the other, in one process.
@pytest.fixture(params=SETTINGS, ids=lambda setting: "-".join(map(str, setting[:3])), scope="module")
def debate(request: pytest.FixtureRequest) -> Held:
    return held(request.param)


def test_the_cards_are_of_many_kinds() -> None:
    cards = [shipped(name) for name in NAMES]
    attempts = {len(card.of(FactKind.TRIED)) for card in cards}
    constraints = {len(card.of(FactKind.CONSTRAINT)) for card in cards}
    assert len({card.domain for card in cards}) >= 8
    assert {0, 9} <= attempts
    assert {0, 8} <= constraints
    assert {bool(card.readings) for card in cards} == {True, False}


def test_every_reply_keeps_its_contract_at_the_first_attempt(debate: Held) -> None:
    assert debate.troubles == []
    reports = {
        seat: [
            Draft(**{name: getattr(h, name) for name in Draft.model_fields})
            for h in debate.hypotheses
            if h.seat == seat
        ]
        for seat in {h.seat for h in debate.hypotheses}
    }
    faults = [
        f for drafts in reports.values() for f in report_faults(SeatReport(hypotheses=drafts), debate.card)
    ]
    names = [seat.lens.name for seat in debate.panel.seats if seat.lens]
    faults += plan_faults(debate.plan, debate.card, debate.hypotheses)
    faults += letter_faults(debate.letter, debate.plan, debate.card, names)
    assert faults == []


def test_the_letter_keeps_its_length(debate: Held) -> None:
    assert FEWEST_WORDS <= letter_words(debate.letter, debate.card) <= MOST_WORDS


def test_every_text_reads_as_written_by_a_careful_person(debate: Held) -> None:
    assert marks(debate) == []


def test_no_step_repeats_what_another_says(debate: Held) -> None:
    assert repeated(debate, words=7) == []


def test_no_two_steps_of_a_plan_have_one_title(debate: Held) -> None:
    titles = [step.title for step in debate.plan.steps]
    assert len(set(titles)) == len(titles)


def test_every_hypothesis_ends_in_exactly_one_place(debate: Held) -> None:
    plan = debate.plan
    in_steps = {id_ for step in plan.steps for id_ in step.hypotheses}
    fates = Counter(
        [*in_steps, *(m.hypothesis for m in plan.merged), *(a.hypothesis for a in plan.set_aside)]
    )
    assert fates == Counter(hypothesis.id for hypothesis in debate.hypotheses)


def test_the_letter_names_only_lenses_that_were_worn(debate: Held) -> None:
    names = {seat.lens.name for seat in debate.panel.seats if seat.lens}
    worn = {h.seat for h in debate.hypotheses} & {seat.id for seat in debate.panel.seats if seat.lens}
    through = debate.letter.why.partition("Through ")[2].partition(":")[0]
    keys = {lens_key(name) for name in names}
    assert through == "" or (worn and lens_key(through) in keys)


def test_no_attempt_is_spoken_of_where_nothing_was_tried(debate: Held) -> None:
    tried = debate.card.of(FactKind.TRIED)
    said = " ".join(f"{step.title} {step.what} {step.measure}" for step in debate.letter.steps)
    assert tried or "attempt" not in f"{debate.letter.diagnosis} {said}".casefold()


WITH_FIGURES = [name for name in NAMES if shipped(name).readings]


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_the_change_is_measured_by_the_figure_of_the_case(name: str) -> None:
    debate = held((name, "high", "panel", False))
    readings = {reading.key: reading.value for reading in debate.card.readings}
    change = next(step for step in debate.plan.steps if "Only if step 1 says so" in step.action)
    bounds = {
        bound
        for interval in (change.prediction.if_true, change.prediction.if_false)
        for bound in (interval.low, interval.high)
    }
    assert readings["halfway"] in bounds
    assert change.prediction.now[:1].isdigit()


@pytest.mark.parametrize("name", ["farm_mastitis", "service_permits", "code_performance-stuck"])
def test_what_must_go_is_a_threshold_where_the_lenses_ask_for_it(name: str) -> None:
    debate = held((name, "high", "panel", False))
    share = next(r.value for r in debate.card.readings if r.key == "gap_share")
    lows = [h.prediction.if_true.low for h in debate.hypotheses if h.prediction.if_true.unit == "%"]
    assert round(share) in lows


@pytest.mark.parametrize("name", ["product_trials", "strategy_growth", "design_form"])
def test_a_figure_that_has_to_rise_is_told_as_rising(name: str) -> None:
    letter = held((name, "high", "panel", False)).letter
    assert "still missing" in letter.why
    assert "must still go" not in letter.why
    assert "+" in letter.path


@pytest.mark.parametrize("name", NAMES)
def test_steps_fit_the_time_the_case_allows(name: str) -> None:
    debate = held((name, "high", "panel", False))
    days = [step.effort.days for step in debate.plan.steps]
    allowed = {"design_form": 3, "operations_parcels": 30, "code_search": 15, "service_permits": 84}.get(
        name, 400
    )
    assert max(days) <= allowed
    assert sum(days) <= allowed or all(d + days[-1] <= allowed for d in days[:-1])


@pytest.mark.parametrize("thing", ["read model", "how old each field may be"])
def test_the_shipped_problem_gets_the_checks_an_engineer_would_start(thing: str) -> None:
    debate = held(("code_performance-stuck", "high", "panel", False))
    assert len(debate.letter.steps) == 5
    assert thing in debate.answer


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("move", [1, 2])
def test_a_lens_of_ones_own_with_few_moves_and_no_domains_gives_a_whole_answer(
    name: str, move: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    moves = {
        1: None,
        2: lens_text_move("Ask who else waits", "Ask three people", "people who wait for the same thing"),
    }[move]
    folder = tmp_path_factory.mktemp("own")
    card = lens_text("waiting")
    put(
        folder,
        lenses__waiting=card.replace("## Reads attempts", f"{moves}\n## Reads attempts") if moves else card,
    )
    shelf = Library([Root(folder, "overlay"), *library().roots])
    debate = hold(shipped(name), "waiting", shelf=shelf)
    assert debate.troubles == []
    assert marks(debate) == []
    assert len({h.claim for h in debate.hypotheses}) == len(debate.hypotheses)


def lens_text_move(name: str, test: str, measure: str) -> str:
    """Another move for a lens card, with thresholds of its own and no figures of the case."""
    return f"""### {name}

- **Suspect:** more people wait for one thing than anybody counted
- **Because:** each of them sees only the own wait, so nobody adds them up
- **Measure:** {measure}
- **True if:** at least 6 people
- **False if:** at most 2 people
- **Test:** {test}: go round once and write down who waits for whom
- **Who:** one person
- **Days:** 1
- **Change:** Give them one list: put all who wait on it and serve it from the top
- **Build days:** 2
- **Effect:** each wait that is seen can be ended
- **Rival:** the waits have nothing to do with each other; then no thing is named twice
- **Words:** wait, people
"""
