"""Drafts: which sentence of a pasted text lands in which part of the card, and what is said to be missing.

The texts lie in `reports/`. A sentence in a wrong part misleads; one left in the context only helps less: so
the table of each text is complete for what was tried, constraints and criteria.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debate.cards.domains import DOMAINS
from debate.cards.draft import Draft, draft, read, too_much
from debate.cards.facts import FactKind
from debate.cards.figures import figures
from debate.cards.problem import parse_problem
from debate.cards.sorting import Place, place_of
from debate.cards.tried import attempts
from debate.cards.writing import UNWRITTEN, Answer, Sheet, problem_text, slug
from debate.errors import CardError
from debate.library import Library

REPORTS = Path(__file__).parent / "reports"


def of(name: str) -> Draft:
    return draft((REPORTS / name).read_text(encoding="utf-8"))


def starts(made: Draft, place: Place) -> list[str]:
    """The first three words of each sentence in a part."""
    return [" ".join(each.text.split()[:3]) for each in made.placed if each.place is place]


#: file → title, domain, then per part the first words of every sentence in it; now, target and unit as read.
LANDS: dict[str, tuple[str, str, dict[Place, list[str]], tuple[float, float, str]]] = {
    "post-mortem.md": (
        "Post-mortem: checkout errors on Black Friday eve",
        "code",
        {
            Place.TRIED: ["18:31 we restarted", "19:15 we doubled", "20:02 we raised"],
            Place.CONSTRAINTS: ["The payment provider's", "Code freeze from"],
            Place.CRITERIA: ["The error rate"],
            Place.CHALLENGE: [
                "The checkout service", "It has done", "On average 5.2", "About 1,400 customers",
                "Support received 310",
            ],
            Place.CONTEXT: [
                "18:04 error rate", "18:10 on-call is", "All carts share", "Action items: Add",
                "Action items: Discuss",
            ],
            Place.QUESTION: [],
        },
        (5.2, 0.5, "%"),
    ),
    "sales-memo.txt": (
        "Renewals in the mid-size segment",
        "strategy",
        {
            Place.TRIED: ["We gave every", "In autumn we", "A loyalty newsletter"],
            Place.CONSTRAINTS: ["There is no"],
            Place.CRITERIA: ["The goal is"],
            Place.CHALLENGE: ["Our renewal rate", "Every lost account"],
            Place.CONTEXT: ["Most customers who", "We have 240", "We will visit"],
            Place.QUESTION: ["What are we"],
        },
        (78, 88, "%"),
    ),
    "ward-note.txt": (
        "Ward 7 - discharge before noon",
        "operations",
        {
            Place.TRIED: ["discharge lounge: used", "reminder on the", "a second clerk"],
            Place.CONSTRAINTS: ["Nobody can be", "The round has"],
            Place.CRITERIA: ["Should be 3"],
            Place.CHALLENGE: ["Patients who are", "Admissions from the"],
            Place.CONTEXT: ["Beds: 28, full", "Doctors write discharge", "Pharmacy delivers take-home"],
            Place.QUESTION: [],
        },
        (6.5, 3, "h"),
    ),
    "teacher-mail.txt": (
        "Homework that never comes back",
        "public service",
        {
            Place.TRIED: ["Then I tried", "Giving detention made"],
            Place.CONSTRAINTS: ["Marks may not"],
            Place.CRITERIA: ["I would be"],
            Place.CHALLENGE: ["In my four", "The parents complain"],
            Place.CONTEXT: ["In October I", "Next term I"],
            Place.QUESTION: ["Does anybody have"],
        },
        (40, 15, "%"),
    ),
    "german-memo.txt": (
        "Bauanträge dauern zu lange",
        "public service",
        {
            Place.TRIED: ["Im Frühjahr haben", "Wir haben ein", "Die neue Aktenordnung"],
            Place.CONSTRAINTS: ["Es gibt kein", "Die Beteiligung der"],
            Place.CRITERIA: ["Ziel sind 45"],
            Place.CHALLENGE: ["die Bearbeitung eines", "Die Bürger beschweren"],
            Place.CONTEXT: ["Vor drei Jahren", "Jede Woche gehen"],
            Place.QUESTION: ["Was übersehen wir?"],
        },
        (94, 45, "days"),
    ),
    "ticket.txt": (
        "Search results too slow for large tenants",
        "code",
        {
            Place.TRIED: ["bigger nodes ->", "query cache (no", "raised shard count:"],
            Place.CONSTRAINTS: ["no new database", "deadline is end"],
            Place.CRITERIA: ["average below 800"],
            Place.CHALLENGE: ["p95 of /search", "complaints from 3"],
            Place.CONTEXT: ["Search API is"],
            Place.QUESTION: [],
        },
        (1.9, 0.8, "s"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LANDS)
class TestReports:
    def test_each_sentence_lands_where_it_belongs(self, name: str) -> None:
        title, domain, parts, _ = LANDS[name]
        made = of(name)
        assert (made.sheet.title, made.sheet.domain) == (title, domain)
        assert {place: starts(made, place) for place in parts} == parts

    def test_every_line_is_placed_or_set_aside(self, name: str) -> None:
        made = of(name)
        lines = (REPORTS / name).read_text(encoding="utf-8").splitlines()
        said = " ".join(
            [made.sheet.title, *(each.text for each in made.placed), *(a.text for a in made.asides)]
        )
        heads = {"summary", "impact", "timeline", "root", "cause", "constraints", "goal", "action", "items",
                 "tried", "expected", "out", "of", "scope", "description", "memorandum"}  # fmt: skip
        words = {word.strip(".,:;*#()").casefold() for line in lines for word in line.split()}
        kept = {word.strip(".,:;*#()").casefold() for word in said.split()}
        unsaid = {"re", "subject", "betreff", "h2"}  # they name the title
        assert {word for word in words - kept - heads - unsaid if word.isalpha()} == set()

    def test_nothing_is_said_that_the_text_does_not_say(self, name: str) -> None:
        text = " ".join((REPORTS / name).read_text(encoding="utf-8").split())
        for each in of(name).placed:
            for piece in each.text.removeprefix("Action items: ").split(": "):
                assert piece.rstrip(".") in text

    def test_the_program_reads_the_figure_in_it(self, name: str) -> None:
        card = of(name).card
        assert card is not None
        found = figures(card.facts)
        assert found is not None
        assert (found.now, round(found.target, 6), found.unit) == LANDS[name][3]

    def test_the_card_has_no_fault_but_what_is_still_to_be_written(self, name: str) -> None:
        made = of(name)
        said = _faults(made.text)
        assert [line for line, _ in said] == [line for line, _ in made.missing]
        assert all(message.startswith("still to be written: ") for _, message in said)


def _faults(text: str) -> list[tuple[int, str]]:
    try:
        parse_problem(text, Path("card.md"), "file")
    except CardError as error:
        return [(fault.line, fault.message) for fault in error.faults]
    return []


def test_effects_told_in_the_next_sentence_belong_to_the_attempt() -> None:
    made = of("sales-memo.txt")
    assert (
        made.sheet.tried[0]
        == "We gave every account a 10 % discount at renewal last summer: It did not help."
    )
    assert made.card is not None
    effects = [fact.effect.direction for fact in made.card.of(FactKind.TRIED) if fact.effect]
    assert effects == ["none", "unknown", "none"]


def test_what_an_attempt_brought_is_asked_for_where_nobody_says_it() -> None:
    made = of("ward-note.txt")
    assert made.missing[0][1].startswith("what it brought")
    assert f"- a second clerk on Mondays: {UNWRITTEN} what it brought" in made.text


def test_greeting_signature_and_head_are_set_aside_with_the_reason() -> None:
    asides = [(aside.line, aside.why) for aside in of("teacher-mail.txt").asides]
    assert asides == [
        (1, "head of a message"), (2, "head of a message"), (5, "greeting"), (7, "said to the reader"),
        (18, "signature"), (19, "signature"), (21, "signature"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "We moved the office to Leeds in 2019.",
        "We raised prices in May.",
        "Customers cannot log in.",
        "Nurses have to walk 300 m to the pharmacy.",
        "The campaign targets young mothers.",
        "The regulator visited us in March.",
        "We missed the deadline twice.",
        "There are no new customers this month.",
        "We will add a second clerk, which should cut the wait by 20 %.",
        "Twelve calls a day get to the hotline.",
        "Waiting times improved in summer.",
        "Sales moved to another floor, and the canteen closed.",
        "We cut the price to 9 €.",
    ],
)
def test_what_no_rule_decides_is_no_attempt_no_constraint_and_no_criterion(text: str) -> None:
    assert place_of(text) in (Place.CONTEXT, Place.CHALLENGE)


def test_a_text_that_says_little_is_asked_for_all_the_rest() -> None:
    made = draft("The lift at the library is slow.")
    assert [what.split(",")[0].split(" such")[0] for _, what in made.missing] == [
        "a title: the trouble in a few words",
        "the domain",
        "the figure today",
        "what was tried",
        "what must stay as it is",
        "the figure wanted",
        "your question",
    ]


def test_what_is_longer_than_a_card_is_said_to_be() -> None:
    assert too_much("x" * 30_000) == ""
    assert "30,001 characters" in too_much("x" * 30_001)


def test_the_domains_are_those_the_built_in_lenses_know() -> None:
    lenses = [entry.card for entry in Library.open().lenses() if entry.card]
    assert set(DOMAINS) == {domain for lens in lenses for move in lens.moves for domain in move.domains}


@pytest.mark.parametrize(
    ("title", "domain", "id_"),
    [
        ("Orders leave a day late", "operations", "operations_orders-leave-a-day-late"),
        ("Bauanträge: zu spät!", "", "bauantraege-zu-spaet"),
        ("The team's café", "public-service", "public-service_the-teams-cafe"),
        ("!!", "", ""),
        ("word " * 30, "", "word-word-word-word-word-word-word-word-word"),
    ],
)
def test_an_id_is_made_of_the_title(title: str, domain: str, id_: str) -> None:
    assert slug(title, domain) == id_


class TestWriting:
    LINES = (
        "# 1 in the league",
        "- 5 °C at night",
        "12. May was quiet",
        "2*3*4 and _this_ and `code`",
        "> half of them",
        "<!-- not a comment -->",
        "a | b | c",
        "High: nobody",
        "**High:** nobody",
        "Target solution: none",
        "Lens relevance: 3",
        "[y] and &amp;",
        "a \\ b",
        "Domain: x",
        "+ more",
    )

    @pytest.mark.parametrize("line", LINES)
    def test_a_line_is_read_back_as_it_was_said(self, line: str) -> None:
        card = read(Sheet(id="x", title="T", context=("It is slow.", line), challenge=("It waits.",)))
        assert card is not None
        assert (len(card.facts), card.relevance, card.target.text) == (3, (), "")
        assert line in {fact.text.strip("“”") for fact in card.facts}

    @pytest.mark.parametrize("title", ["Goals", "Challenge: stuck at the gate", "Problem", "C# is slow"])
    def test_any_title_is_a_title(self, title: str) -> None:
        card = read(Sheet(id="x", title=title, context=("It is slow.",)))
        assert card is not None
        assert card.title == title

    def test_what_only_the_judge_sees_is_read_back(self) -> None:
        ratings = ("Originality: 2/10", "Lens Relevance: 1/10")
        card = read(
            Sheet(
                id="x", title="T", context=("It is slow.",), lenses={"high": ("Emergence",), "low": ()},
                baseline=Answer("Do more.\n\n```\n## Target Solution\n```", ratings),
                target=Answer("Do less."),
            )
        )  # fmt: skip
        assert card is not None
        assert [(each.lens, each.level) for each in card.relevance] == [("Emergence", "high")]
        assert [(each.criterion, each.value) for each in card.baseline.ratings] == [
            ("Originality", 2),
            ("Lens Relevance", 1),
        ]
        assert (card.baseline.text.splitlines()[0], card.target.text) == ("Do more.", "Do less.")

    def test_a_card_with_something_to_write_names_each_line(self) -> None:
        text = problem_text(Sheet(id="x", title="T", context=("Slow.",), missing={"tried": ("a", "b")}))
        assert [message for _, message in _faults(text)] == [
            "still to be written: a; write it, or take it out",
            "still to be written: b; write it, or take it out",
        ]

    def test_a_sentence_that_speaks_of_writing_is_no_fault(self) -> None:
        text = problem_text(Sheet(id="x", title="T", context=("Nobody has the time (to write) it down.",)))
        assert _faults(text) == []


_PIECES = (
    "We tried a bell: no effect.",
    "## Impact",
    "Tried:",
    "- a second clerk (5 %)",
    "The target is 12 hours.",
    "> hm",
    "Nobody can be hired.",
    "Hi all,",
    "Best regards",
    "Subject: Late",
    "It waits 26 hours on average.",
    "",
    "  x",
    "```",
    "**High:** A, B",
    "Target Solution: none",
    "18:04 alarm",
    "What now?",
    "<!--",
    "| a | b |",
    "---",
    "- ",
    "(to write) x",
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=60)), max_size=14))
def test_any_text_gives_a_draft_whose_only_faults_are_what_is_to_be_written(lines: list[str]) -> None:
    made = draft("\n".join(lines))
    told = [message for _, message in _faults(made.text)]
    assert all(m.startswith(("still to be written", "found no fact")) for m in told), told


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=120))
def test_no_sentence_takes_the_reader_of_attempts_by_surprise(text: str) -> None:
    assert isinstance(place_of(text), Place)
    attempts(text, labelled=True)
