"""Prompts: what everybody sees first, the same bytes each time, and nothing of the answer key."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debate import prompts
from debate.cards.problem import ProblemCard
from debate.library import Library
from tests.builders import a_card, a_plan, some_hypotheses

LIBRARY = Library.open()
PROBLEMS = [entry.id for entry in LIBRARY.problems()]
LENSES = [entry.id for entry in LIBRARY.lenses()]
RUN = 8


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[n : n + RUN]) for n in range(len(found) - RUN + 1)}


def every_prompt(card: ProblemCard) -> list[str]:
    """Each role's prompt for `card`, as the nodes render it."""
    house = LIBRARY.role("house")
    problem = prompts.problem_block(card, 0)
    lenses = [LIBRARY.lens(id_) for id_ in LENSES]
    filled = [
        prompts.messages(
            house,
            LIBRARY.role("lens-agent"),
            problem=problem,
            lens=prompts.lens_block(lens, card.domain, 0),
            lens_name=lens.name,
        )
        for lens in lenses
    ]
    filled.append(
        prompts.messages(
            house,
            LIBRARY.role("solo"),
            problem=problem,
            lenses=prompts.lenses_block(lenses, card.domain, 0),
        )
    )
    hypotheses = prompts.hypotheses_block(some_hypotheses(), 0)
    filled.append(
        prompts.messages(
            house,
            LIBRARY.role("critic"),
            problem=problem,
            hypotheses=hypotheses,
            missing=prompts.missing_line((), 3),
        )
    )
    plan = prompts.plan_block(a_plan(), 0)
    filled.append(prompts.messages(house, LIBRARY.role("writer"), problem=problem, plan=plan))
    return ["\n".join(text for _, text in messages) for messages in filled]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_no_prompt_holds_eight_words_in_a_row_of_the_answer_key(problem: str) -> None:
    card = LIBRARY.problem(problem)
    visible = runs(prompts.problem_block(card, 0))
    secret = runs(card.answer_key) - visible
    assert len(secret) > 100
    for prompt in every_prompt(card):
        assert runs(prompt) & secret == set()


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_fact_and_reading_stands_in_the_prompt_under_its_id(problem: str) -> None:
    card = LIBRARY.problem(problem)
    lines = prompts.problem_block(card, 0).splitlines()
    for id_ in [*(fact.id for fact in card.facts), *(reading.id for reading in card.readings)]:
        assert sum(line.startswith(f"{id_}. ") for line in lines) == 1


def test_the_same_input_gives_the_same_bytes() -> None:
    assert every_prompt(a_card()) == every_prompt(a_card())


def test_what_all_roles_share_comes_first() -> None:
    """A provider's cache serves a common prefix: house rules and problem stand before role and lens."""
    prefix = prompts.messages(LIBRARY.role("house"), LIBRARY.role("judge"), **JUDGED)
    system, start = prefix[0][1], prompts.problem_block(a_card(), 0)
    for prompt in every_prompt(a_card()):
        assert prompt.startswith(f"{system}\n{start}")


@pytest.mark.parametrize("role", ["lens-agent", "solo", "critic", "writer"])
def test_calls_of_one_role_share_all_they_are_told_and_differ_at_the_end(role: str) -> None:
    card = LIBRARY.role(role)
    first = min(card.body.index(f"{{{{{name}}}}}") for name in card.variables if name != "problem")
    told = re.sub(r"\{\{\w+\}\}", "", card.body).split()
    assert card.body.lstrip().startswith("{{problem}}")
    assert len(card.body[:first].split()) > 0.85 * len(told)


JUDGED = {
    "problem": prompts.problem_block(a_card(), 0),
    "criterion": "Novelty",
    "items": "1. …",
    "candidate": "…",
}


@given(st.text(), st.integers(0, 9))
def test_fenced_text_cannot_close_its_fence(text: str, seed: int) -> None:
    fenced = prompts.fence("lens", text, seed)
    tag = fenced[1 : fenced.index(">")]
    assert re.fullmatch(r"lens-[0-9a-f]{10}", tag)
    assert fenced.count(tag) == 2
    assert tag not in text


def test_a_text_that_guesses_its_tag_gets_another_one() -> None:
    guessed = prompts.fence("problem", "a case", 0)
    again = prompts.fence("problem", guessed, 0)
    assert again.splitlines()[0] not in guessed


def test_placeholders_in_card_text_stay_what_they_are() -> None:
    card = a_card(title="{{plan}} and {{missing}}")
    for prompt in every_prompt(card):
        assert "# {{plan}} and {{missing}}" in prompt


@pytest.mark.parametrize(("lens", "domain"), list(product(LENSES[:4], ("code", "operations"))))
def test_a_lens_speaks_the_language_of_the_domain_only(lens: str, domain: str) -> None:
    block = prompts.lens_block(LIBRARY.lens(lens), domain, 0)
    named = {
        line.removeprefix("#### In ").casefold() for line in block.splitlines() if line.startswith("#### In")
    }
    assert named <= {domain}
