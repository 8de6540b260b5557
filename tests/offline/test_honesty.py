"""The offline reasoner knows what stands in its prompt, and nothing of any particular problem."""

import re
import shutil
from itertools import combinations
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from debate import prompts
from debate.cards.facts import FactKind
from debate.cards.lens import LensCard
from debate.contributions import SeatReport
from debate.library import Library
from debate.models.offline.chat import OfflineChat
from debate.models.offline.wording import alike
from debate.models.wire import Rung, Schema, response_format
from debate.places import Root
from debate.words import stems
from tests.bookshelf import lens_text, put
from tests.offline.held import card_of, hold, library, shipped

REPO = Path(__file__).resolve().parents[2]
PACKAGE = REPO / "src" / "debate" / "models" / "offline"
SOURCES = sorted(path for path in PACKAGE.iterdir() if path.suffix in (".py", ".md"))
SEED = "code_performance-stuck"
# Words of the shipped problems' subjects that no rule writes by accident.
SUBJECTS = """
    dashboard redis django endpoint postgresql python saas database query queries indexes caching pooling
    profiling backend latency orm
""".split()  # noqa: SIM905 - a word list reads better as words


SEAT_REPORT = response_format(Schema.of(SeatReport), Rung.JSON_SCHEMA)


def names_in(text: str) -> set[str]:
    """What a text calls by name: words in code type, and capitals that open no sentence."""
    code = {word for name in re.findall(r"`([^`]+)`", text) for word in re.findall(r"[A-Za-z]{4,}", name)}
    inner = re.findall(r"(?<=[a-z,] )[A-Z][A-Za-z]{3,}", text)
    return {word.casefold() for word in (*code, *inner)} - {"users"}


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of all words that two texts have in common."""
    return len(one & other) / len(one | other) if one | other else 0.0


def reply_to(prompt: str) -> SeatReport:
    message = OfflineChat().invoke([HumanMessage(prompt)], response_format=SEAT_REPORT)
    return SeatReport.model_validate_json(message.text)


def seat_prompt(lens: LensCard, text: str) -> str:
    return f"{text}\n\n{prompts.lens_block(lens, 'code', 0)}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_package_does_not_speak_of_any_shipped_problem(path: Path) -> None:
    problems = [library().problem(entry.id) for entry in library().problems()]
    named = {name for problem in problems for fact in problem.facts for name in names_in(fact.text)}
    said = set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").casefold()))
    assert problems
    assert said & (named | set(SUBJECTS)) == set()


def test_an_empty_problem_folder_changes_no_byte_of_an_answer(tmp_path: Path) -> None:
    card = shipped("operations_parcels")
    for folder in ("lenses", "agents", "graph"):
        shutil.copytree(REPO / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "problems").mkdir()
    bare = Library([Root(tmp_path, "built-in")])
    assert [entry.id for entry in bare.problems()] == []
    assert hold(card, shelf=bare).answer == hold(card).answer


@pytest.mark.parametrize("name", [SEED, "product_trials", "team_reviews"])
def test_the_same_card_gives_the_same_bytes(name: str) -> None:
    assert hold(shipped(name)).answer == hold(shipped(name)).answer


@pytest.mark.parametrize("name", [SEED, "operations_parcels", "health_ward", "team_reviews"])
def test_different_lenses_say_different_things(name: str) -> None:
    held = hold(shipped(name), "all")
    pairs = [(one, two) for one, two in combinations(held.hypotheses, 2) if one.seat != two.seat]
    # What the figure is called, and that something keeps it there, stands in most claims of a case.
    case = stems(" ".join((held.card.title, *(f.text for f in held.card.facts), "keep number share average")))
    overlaps = [shared(stems(one.claim) - case, stems(two.claim) - case) for one, two in pairs]
    assert len(pairs) > 20
    assert sum(overlaps) / len(overlaps) < 0.08
    assert sum(overlap >= 0.5 for overlap in overlaps) <= 2


def test_a_figure_changed_in_the_prompt_changes_the_reply() -> None:
    lens = library().lens("pace-layering")
    prompt = prompts.problem_block(shipped(SEED), 0)
    before, after = (reply_to(seat_prompt(lens, text)) for text in (prompt, prompt.replace("350", "420")))
    assert "350 ms" in before.hypotheses[0].claim
    assert "350 ms" not in after.model_dump_json()
    assert "420 ms" in after.hypotheses[0].claim
    lows = [report.hypotheses[0].prediction.if_true.low for report in (before, after)]
    assert lows == [57, 64]


def test_a_fact_that_is_not_in_the_prompt_is_not_in_the_reply() -> None:
    card = shipped(SEED)
    lens = library().lens("pace-layering")
    prompt = prompts.problem_block(card, 0)
    lines = [line for line in prompt.splitlines() if not line.startswith("T1.")]
    tried = {
        reason.tried
        for h in reply_to(seat_prompt(lens, "\n".join(lines))).hypotheses
        for reason in h.explains
    }
    assert tried == {fact.id for fact in card.of(FactKind.TRIED)} - {"T1"}


def test_a_prompt_without_a_problem_still_gets_a_report() -> None:
    assert len(reply_to("Think about it.").hypotheses) >= 3


BAKING = (
    ("Weigh the flour twice", "share of doughs whose flour differs between two weighings", "flour"),
    ("Probe the crumb", "share of loaves that are moist in the middle after cooling", "crumb"),
    ("Time the second rise", "share of loaves shaped before the dough has doubled", "yeast"),
)


def baking(title: str, measure: str, thing: str) -> str:
    return f"""### {title}

- **Suspect:** too much {thing} makes the loaf heavy
- **Because:** {thing} binds water that the crust needs, so the oven dries the loaf before it has risen
- **Measure:** {measure}
- **True if:** at least 40 %
- **False if:** at most 10 %
- **Test:** {title}: take twelve loaves of one morning and write down what you find
- **Who:** one baker
- **Days:** 1
- **Change:** Bake with less {thing}: take a tenth less and keep the oven as it is
- **Build days:** 1
- **Effect:** lighter loaves from the next morning on
- **Rival:** the oven is too cold; then every loaf is heavy, whatever the {thing}
- **Words:** {thing}
"""


def test_irrelevant_lenses_are_seen_in_the_answer_and_by_the_judge(tmp_path: Path) -> None:
    """The headline falls only a little: it counts form, and an answer about baking has the same form."""
    moves = "\n".join(baking(*each) for each in BAKING)
    for entry in library().lenses():
        name = library().lens(entry.id).name
        text = lens_text(entry.id, name, Moves=moves, Reads_attempts="- any; was made with the old recipe")
        put(tmp_path, **{f"lenses__{entry.id}": text})
    placebo = Library([Root(tmp_path, "overlay"), *library().roots])
    seed = shipped(SEED)
    real, sham = hold(seed), hold(seed, shelf=placebo)
    assert max(alike(a.claim, b.claim) for a in real.hypotheses for b in sham.hypotheses) < 0.5
    fell = {
        one.name: one.answer - two.answer
        for one, two in zip(real.verdict.criteria, sham.verdict.criteria, strict=True)
        if one.answer is not None and two.answer is not None
    }
    assert fell["Lens Relevance"] >= 2
    assert fell["Novelty"] >= 0.8
    assert real.verdict.headline.answer is not None
    assert sham.verdict.headline.answer is not None
    assert real.verdict.headline.answer > sham.verdict.headline.answer


def test_a_case_that_says_nothing_known_is_answered_without_made_up_figures() -> None:
    held = hold(
        card_of("# Quiet\n\n## Context\nA thing is odd.\n\n## Challenge\nNobody knows why.\n"), "none"
    )
    assert held.troubles == []
    assert "must still go" not in held.answer
