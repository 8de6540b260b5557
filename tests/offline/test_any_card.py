"""What holds of an answer on any card: every shipped problem, and cards of domains no lens has words for."""

from functools import cache
from itertools import combinations

import pytest

from debate.cards.facts import FactKind
from debate.cards.problem import ProblemCard
from debate.cards.quantities import find
from debate.contracts import plan_faults
from debate.contracts.figures import Figures, bounds_of
from debate.contributions import Interval, Prediction, Respect
from debate.models.offline import decisive
from debate.verdict import Scored
from debate.words import repeats, stems
from tests.offline.held import Held, hold, library, shipped
from tests.offline.prose import marks

SHIPPED = [entry.id for entry in library().problems()]
#: Farming, a music school, a ward, shipping, a museum, a fire brigade, a bakery told in German.
UNSEEN = [
    "farm_mastitis",
    "music_school",
    "health_ward",
    "harbour_berths",
    "museum_classes",
    "fire_brigade",
    "backstube",
]
#: Shares of the predictions of a run that have to carry the card's numbers, and how alike the claims of
#: different lenses may be, on average and at most.
CARRIED, ALIKE, MOST_ALIKE = 0.8, 0.1, 0.4


@cache
def held(name: str) -> Held:
    """The debate with the panel the card itself suggests."""
    return hold(shipped(name), "high", adhoc=True)


# Of the module, so that the tests of one debate come one after the other, in one process.
@pytest.fixture(params=[*SHIPPED, *UNSEEN], scope="module")
def debate(request: pytest.FixtureRequest) -> Held:
    return held(request.param)


def test_the_unseen_cards_are_of_domains_no_lens_has_words_for() -> None:
    known = {
        domain for entry in library().lenses() if entry.card for m in entry.card.moves for domain in m.domains
    }
    assert {shipped(name).domain for name in UNSEEN}.isdisjoint(known)
    assert len({shipped(name).domain for name in UNSEEN}) == len(UNSEEN)


def test_the_run_ends_without_a_broken_contract(debate: Held) -> None:
    assert debate.troubles == []
    assert plan_faults(debate.plan, debate.card, debate.hypotheses) == []
    assert len(debate.letter.steps) >= 5


def test_the_text_has_no_slip(debate: Held) -> None:
    assert marks(debate) == []


def test_every_step_rests_on_facts_that_stand_in_the_card(debate: Held) -> None:
    known = {fact.id for fact in debate.card.facts} | {reading.id for reading in debate.card.readings}
    by_id = {hypothesis.id: hypothesis for hypothesis in debate.hypotheses}
    for step in debate.plan.steps:
        cited = {id_ for name in step.hypotheses for id_ in by_id[name].cites}
        assert cited
        assert cited <= known


def test_predictions_carry_the_cards_numbers(debate: Held) -> None:
    told = [carries(debate.card, hypothesis.prediction) for hypothesis in debate.hypotheses]
    assert sum(told) >= CARRIED * len(told)
    assert all(carries(debate.card, step.prediction) for step in debate.plan.steps[-1:])


def carries(card: ProblemCard, prediction: Prediction) -> bool:
    """True when measure, value now or a threshold is a figure of the card, or follows from its readings."""
    known = Figures.of_card(card)
    text = f"{prediction.measure}. {prediction.now}"
    said = [q for q in find(text) if q.unit and f"({q.text}" not in text]  # in brackets: days of work
    if any(known.traces(quantity) for quantity in said):
        return True
    bounds = [bound for each in (prediction.if_true, prediction.if_false) for bound in bounds_of(each)]
    return any(b.unit == k.unit and abs(b.value - k.value) <= 0.5 for b in bounds for k in known.known)


def test_where_no_number_is_known_the_prediction_says_how_to_get_it(debate: Held) -> None:
    assert all(len(h.prediction.now.split()) >= 3 for h in debate.hypotheses)


def test_no_step_violates_a_constraint_and_every_one_is_spoken_of(debate: Held) -> None:
    limits = {fact.id for fact in debate.card.of(FactKind.CONSTRAINT)}
    for step in debate.plan.steps:
        assert {line.constraint for line in step.constraints} == limits
        assert all(line.stands is not Respect.VIOLATES and line.because for line in step.constraints)
    assert bool(debate.letter.safeguards)


def test_nothing_that_was_tried_is_proposed_again(debate: Held) -> None:
    familiar = stems(" ".join(fact.text for fact in debate.card.facts))
    for fact in debate.card.of(FactKind.TRIED):
        name = fact.name or fact.text
        again = [
            h.intervention for h in debate.hypotheses if repeats(name, h.intervention, familiar, spare=2)
        ]
        again += [s.title for s in debate.plan.steps if repeats(name, s.title, familiar, spare=0)]
        assert again == []


def test_every_attempt_is_explained_and_no_two_alike(debate: Held) -> None:
    told = {reason.tried: reason.because for reason in debate.plan.tried}
    assert set(told) == {fact.id for fact in debate.card.of(FactKind.TRIED)}
    assert len(set(told.values())) == len(told)


def test_different_lenses_say_different_things(debate: Held) -> None:
    """The case's own words, such as the name of its figure, make no two claims alike."""
    own = stems(" ".join(fact.text for fact in debate.card.facts))
    # What a sum among the facts says is no lens's view, and any seat may state it.
    sums = {reading.id for reading in debate.card.readings if reading.key in decisive.KEYS}
    claims = [(h.seat, stems(h.claim) - own) for h in debate.hypotheses if sums.isdisjoint(h.cites)]
    pairs = [len(one & two) / len(one | two) for (a, one), (b, two) in combinations(claims, 2) if a != b]
    assert sum(pairs) / len(pairs) <= ALIKE
    assert max(pairs) <= MOST_ALIKE


def test_the_judge_by_rule_puts_the_answer_above_the_baseline(debate: Held) -> None:
    scores = {score.name: score for score in debate.verdict.criteria}
    for name in ("Actionability", "Explanation"):
        score = scores[name]
        assert score.status is Scored.SCORED, score.reasons
        assert score.answer is not None
        assert score.baseline is not None
        assert score.answer > score.baseline


@pytest.mark.parametrize("name", [*UNSEEN, "code_performance-stuck"])
def test_another_panel_gives_another_plan(name: str) -> None:
    other = hold(shipped(name), "stocks-and-flows,regression-to-the-mean,principal-agent,explore-exploit")
    one = {step.title for step in held(name).plan.steps}
    two = {step.title for step in other.plan.steps}
    assert len(one & two) <= 2
    assert other.plan.diagnosis != held(name).plan.diagnosis


@pytest.mark.parametrize("name", UNSEEN)
def test_the_answer_speaks_of_what_the_case_counts(name: str) -> None:
    said = {
        "farm_mastitis": "cows",
        "music_school": "beginners",
        "health_ward": "falls",
        "harbour_berths": "vessels",
        "museum_classes": "pupils",
        "fire_brigade": "second engine",
        "backstube": "Brote",
    }
    assert said[name] in held(name).answer


def test_an_interval_without_numbers_of_the_card_is_seen_as_such() -> None:
    plain = Interval(low=77, high=None, unit="doughs")
    other = Interval(low=None, high=3, unit="doughs")
    bare = Prediction(measure="doughs that rise twice", now="not known yet", if_true=plain, if_false=other)
    assert not carries(shipped("harbour_berths"), bare)
