"""The shipped lenses: each is a lens of its own, and every move of it can be tried and can fail."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import pytest

from debate.cards.lens import AttemptReading, LensCard, Move, parse_lens
from debate.cards.signals import SIGNALS
from debate.cards.thresholds import decide, parse_threshold
from debate.contracts.letter import MEETING_WORDS
from debate.contracts.plan import REASON_WORDS

FOLDER = Path(__file__).resolve().parents[1] / "lenses"
LENSES = [parse_lens(path.read_text("utf-8"), path, "built-in") for path in sorted(FOLDER.glob("*.md"))]
SEATED = [
    "bottleneck-theory",
    "emergence",
    "feedback-loops",
    "geometry-of-dissent",
    "innovation-cascade",
    "leverage-points",
    "map-is-not-the-territory",
    "pace-layering",
    "ritual-and-ceremony",
    "system-boundaries",
]
DOMAINS = {"code", "operations", "product", "team", "strategy", "data", "design", "public service"}

# A case with figures, as the stand-ins would be replaced, and one without any.
FIGURES = {
    "now": (350.0, "ms"),
    "target": (150.0, "ms"),
    "start": (500.0, "ms"),
    "gap": (200.0, "ms"),
    "gap share": (57.0, "%"),
    "half gap share": (29.0, "%"),
    "repeat": (256.0, "ms"),
    "halfway": (250.0, "ms"),
}
WORDS = {
    "figure": "the average response time",
    "subject": "`/api/orders`",
    "attempts": "five",
    "cases": "orders",
    "best attempt": "query tuning",
    "deadline": "2 weeks",
    "gain": "5 %",
    **{name: f"{value:g} {unit}" for name, (value, unit) in FIGURES.items()},
}
WITHOUT = {
    "figure": "the figure",
    "subject": "this work",
    "now": "today's value",
    "target": "the target",
    "start": "the value at the start",
    "gap": "the gap",
    "gap share": "the share that must go",
    "half gap share": "half of that share",
    "repeat": "what another round would reach",
    "halfway": "half the way",
    "attempts": "earlier",
    "cases": "cases",
    "best attempt": "the best attempt so far",
    "deadline": "the time given",
    "gain": "small gain",
}
UNFINISHED = re.compile(r"\b(?:todo|tbd|fixme|xxx|lorem|etc)\b|\.\.\.|…|\?\?|<[a-z]", re.IGNORECASE)
DOUBLED = re.compile(
    r"\b(?:the|a|an|its|their|this|every|each) (?:the|a|an|its|today's)\b|\b(\w+) \1\b|['’] the\b",
    re.IGNORECASE,
)
TOO_MUCH = re.compile(
    r"\b(?:rewrite|microservices?|graphql|buy|purchase|replace the"
    r"|new (?:database|server|framework|language))\b",
    re.IGNORECASE,
)

# What people try first, by where they work: a lens that says the same of each has not looked.
TRIED = [
    "Redis caching",
    "Database query optimization",
    "Added database indexes",
    "Code profiling and algorithm improvements",
    "Connection pooling tuning",
    "CDN for static assets",
    "Horizontal scaling",
    "Overtime on Saturdays",
    "Hiring two analysts",
    "Stricter alert thresholds",
    "A dashboard for managers",
    "Reminder emails",
    "New copy on the landing page",
    "Discount for the first month",
    "Onboarding tour",
    "Training for all staff",
    "Weekly meeting",
    "Reorganisation of the teams",
]


def wordings(lens: LensCard) -> Iterator[tuple[Move, str, Mapping[str, str]]]:
    """Every move as it is worded in general ("") and in each domain the card words it for."""
    for move in lens.moves:
        yield move, "", move.slots
        for domain in move.domains:
            yield move, domain, move.within(domain)


#: All wordings of all moves, by where they stand. A test over them names every one that is not as it says.
MOVES = {
    f"{lens.path.name}:{move.line} {domain or 'general'}": slots
    for lens in LENSES
    for move, domain, slots in wordings(lens)
}
PROSE = ("suspect", "because", "measure", "now", "test", "change", "effect", "rival")


def title(text: str) -> str:
    """What stands before the colon."""
    return text.split(":", 1)[0] if ": " in text else ""


def filled(text: str, words: Mapping[str, str]) -> str:
    """`text` with its stand-ins replaced."""
    return re.sub(r"\[([a-z ]+)\]", lambda match: words[match[1]], text)


def content(slots: Mapping[str, str]) -> set[str]:
    """Longer words of what a move suspects, measures, tests and changes, cut to stems."""
    text = " ".join(slots[name] for name in ("suspect", "because", "measure", "test", "change"))
    return {word[:6] for word in re.findall(r"[a-z]{4,}", re.sub(r"\[[a-z ]+\]", "", text.casefold()))}


def overlap(one: set[str], other: set[str]) -> float:
    """Words in common over all words."""
    return len(one & other) / len(one | other)


def reading_of(lens: LensCard, tried: str) -> AttemptReading:
    """The reading whose longest word the attempt contains; the reading of any attempt when none does."""

    def fit(reading: AttemptReading) -> int:
        return max((len(word) for word in reading.words if word in tried.casefold()), default=0)

    return max(lens.attempts, key=fit)


def test_every_lens_the_first_problem_names_is_shipped() -> None:
    assert {lens.id for lens in LENSES} >= set(SEATED)


def test_no_name_or_alias_belongs_to_two_lenses() -> None:
    names = [name.casefold() for lens in LENSES for name in {lens.name, *lens.aliases}]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.id)
class TestOneLens:
    def test_its_file_has_its_id(self, lens: LensCard) -> None:
        assert lens.path.name == f"{lens.id}.md"

    def test_its_neighbours_and_opposites_are_other_lenses_of_the_library(self, lens: LensCard) -> None:
        known = {other.id for other in LENSES} - {lens.id}
        assert {*lens.neighbours, *lens.opposites} <= known
        assert not set(lens.neighbours) & set(lens.opposites)

    def test_its_opposites_name_it_as_theirs(self, lens: LensCard) -> None:
        assert all(lens.id in other.opposites for other in LENSES if other.id in lens.opposites)

    def test_it_has_three_to_five_moves_and_its_sources(self, lens: LensCard) -> None:
        assert 3 <= len(lens.moves) <= 5
        assert re.search(r"\(\d{4}\)", lens.source)

    def test_it_is_worded_for_code_and_for_at_least_two_other_domains(self, lens: LensCard) -> None:
        assert all("code" in move.domains for move in lens.moves)
        others = {domain for move in lens.moves for domain in move.domains} - {"code"}
        assert len(others) >= 2
        assert others < DOMAINS

    def test_its_moves_within_a_domain_measure_different_things(self, lens: LensCard) -> None:
        measures = [move.within("code")["measure"] for move in lens.moves]
        assert len(set(measures)) == len(measures)

    def test_it_says_why_each_usual_attempt_falls_short_and_why_any_does(self, lens: LensCard) -> None:
        assert not lens.attempts[-1].words
        unread = [tried for tried in TRIED if not reading_of(lens, tried).words]
        assert unread == []

    def test_its_reasons_are_as_many_as_the_kinds_of_attempt(self, lens: LensCard) -> None:
        reasons = [reading.because for reading in lens.attempts]
        assert len(set(reasons)) == len(reasons)
        assert len({reading_of(lens, tried).because for tried in TRIED}) == len(TRIED)

    def test_each_of_its_reasons_is_one_a_plan_may_give(self, lens: LensCard) -> None:
        short = [each.because for each in lens.attempts if len(each.because.split()) < REASON_WORDS]
        assert short == []

    def test_no_move_has_a_word_a_letter_may_not_say(self, lens: LensCard) -> None:
        shown = [
            (move.name, text)
            for move in lens.moves
            for slots in (move.slots, *move.domains.values())
            for name, text in slots.items()
            if name.casefold() != "words"  # what it knows a fact by is never said
        ]
        said = re.compile(rf"\b(?:{'|'.join(MEETING_WORDS)})\b", re.IGNORECASE)
        assert [(move, text) for move, text in shown if said.search(text)] == []

    def test_no_word_by_which_it_knows_an_attempt_is_known_by_another_reading(self, lens: LensCard) -> None:
        words = [word for reading in lens.attempts for word in reading.words]
        assert len(set(words)) == len(words)

    def test_its_signals_are_not_found_inside_unrelated_words(self, lens: LensCard) -> None:
        words = [word for signal in lens.signals for word in signal.words]
        assert [word for word in words if len(word) < 3] == []


class TestEveryMove:
    @pytest.mark.parametrize("figures", [FIGURES, {}], ids=["figures", "no figures"])
    def test_it_can_fail(self, figures: Mapping[str, tuple[float, str]]) -> None:
        never = []
        for place, slots in MOVES.items():
            true, false = parse_threshold(slots["true if"]), parse_threshold(slots["false if"])
            never += [] if decide(true, false, figures) else [place]
        assert never == []

    def test_it_is_tested_within_three_days_and_built_within_a_week(self) -> None:
        long = [
            place
            for place, slots in MOVES.items()
            if not (0 < float(slots["days"]) <= 3 and 0 < float(slots["build days"]) <= 5)
        ]
        assert long == []

    @pytest.mark.parametrize("slot", ["test", "change"])
    def test_it_has_a_title_of_at_most_eight_words(self, slot: str) -> None:
        titles = {place: title(slots[slot]) for place, slots in MOVES.items()}
        assert {place: said for place, said in titles.items() if not 2 <= len(said.split()) <= 8} == {}

    def test_no_text_is_left_unfinished(self) -> None:
        texts = [(place, text) for place, slots in MOVES.items() for text in slots.values()]
        assert [(place, text) for place, text in texts if UNFINISHED.search(text)] == []

    def test_it_asks_for_nothing_that_a_tight_case_forbids(self) -> None:
        changes = {place: slots["change"] for place, slots in MOVES.items()}
        assert {place: text for place, text in changes.items() if TOO_MUCH.search(text)} == {}

    @pytest.mark.parametrize("words", [WORDS, WITHOUT], ids=["figures", "no figures"])
    def test_its_sentences_stay_sentences_when_stand_ins_are_replaced(self, words: Mapping[str, str]) -> None:
        texts = [
            (place, filled(slots[name], words))
            for place, slots in MOVES.items()
            for name in PROSE
            if name in slots
        ]
        assert [(place, text) for place, text in texts if DOUBLED.search(text) or "[" in text] == []

    def test_a_slot_begins_and_ends_as_the_letter_needs_it(self) -> None:
        orders = ("test", "change")
        assert [place for place, slots in MOVES.items() if not {*orders} <= {*slots}] == []
        said = [(place, n, slots[n]) for place, slots in MOVES.items() for n in PROSE if n in slots]
        assert [(place, n) for place, n, text in said if text[0].isupper() != (n in orders)] == []
        assert [(place, n) for place, n, text in said if text.endswith(".")] == []


@pytest.mark.parametrize("domain", ["", *sorted(DOMAINS)])
def test_no_two_lenses_share_a_move(domain: str) -> None:
    moves = [
        (f"{lens.id}: {move.name}", content(move.within(domain))) for lens in LENSES for move in lens.moves
    ]
    shared = [(a, b) for (a, one), (b, other) in combinations(moves, 2) if overlap(one, other) > 0.25]
    assert shared == []


PLACEBOS = [lens for lens in LENSES if lens.is_placebo]


class TestPlacebos:
    def test_there_are_at_least_four(self) -> None:
        assert len(PLACEBOS) >= 4

    @pytest.mark.parametrize("lens", PLACEBOS, ids=lambda lens: lens.id)
    def test_a_placebo_says_so_first_and_lies_beside_others_of_its_kind_only(self, lens: LensCard) -> None:
        assert lens.id.startswith("placebo-")
        assert lens.sees.startswith("A placebo: it has no bearing on any case")
        beside = {*lens.neighbours, *lens.opposites}
        assert beside <= {each.id for each in PLACEBOS}

    @pytest.mark.parametrize("lens", PLACEBOS, ids=lambda lens: lens.id)
    def test_a_placebo_names_no_shape_that_a_case_could_show(self, lens: LensCard) -> None:
        named = {signal.name.casefold() for signal in lens.signals} & set(SIGNALS)
        assert not named
        assert not any("signals" in slots for _, _, slots in wordings(lens))

    @pytest.mark.parametrize("lens", PLACEBOS, ids=lambda lens: lens.id)
    def test_a_placebo_promises_nothing_for_the_figure(self, lens: LensCard) -> None:
        figures = re.compile(r"\[(?:gap|target|half|now|figure)")
        for _, _, slots in wordings(lens):
            assert not any(figures.search(slots[name]) for name in ("effect", "change", "measure", "true if"))

    def test_placebos_are_hardly_shorter_than_the_shortest_of_the_others(self) -> None:
        shortest = min(len(lens.body) for lens in LENSES if not lens.is_placebo)
        assert [lens.id for lens in PLACEBOS if len(lens.body) < 0.9 * shortest] == []
