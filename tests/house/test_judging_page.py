"""`docs/judging.md`: its commands run, its tables are those of the code, its sums are right."""

import re
from pathlib import Path

from tests.bookshelf import problem_text
from tests.pages import bench, commands, marked, shell

from debate.cards.problem import parse_problem
from debate.judging.calibration import gates, wilson
from debate.judging.ladder import rungs
from debate.judging.rubric import compiled
from debate.jury.calibrating import Heard, model_gates
from debate.jury.juror import REPEATS, Ballots
from debate.jury.temptation import ORDERS
from debate.jury.trial import DISPUTED
from debate.jury.verdicts import Docket
from debate.library import Library

REPO = Path(__file__).resolve().parents[2]
PAGE = REPO / "docs" / "judging.md"
CARD = Library.open(cwd=REPO).problem("code_performance-stuck")


def rows(what: str) -> tuple[tuple[str, ...], ...]:
    return marked(PAGE, "read", what).rows


def text() -> str:
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def test_every_command_runs_in_the_readers_clone(repo: Path, repo_files: list[Path], tmp_path: Path) -> None:
    shown = commands(PAGE)
    assert any(command.startswith("debate judge") for command in shown)
    bench(repo, repo_files, tmp_path)
    for command in shown:
        done = shell(command, tmp_path)
        # A judge by rule that is not admissible on a card says so with 3.
        assert done.returncode == 0 or ("calibrate" in command and done.returncode == 3), done.stderr


def test_the_ladder_is_the_one_that_is_put_before_judges() -> None:
    assert [row[0].strip("`") for row in rows("ladder")] == [rung.label for rung in rungs(CARD, "x")]


def test_the_orders_are_those_that_are_shown_to_juries() -> None:
    assert {row[0].strip("`"): row[1] for row in rows("orders")} == ORDERS


def test_the_gates_are_those_of_a_certificate() -> None:
    nobody = Ballots((), 0)
    polls = {("Novelty", number, "baseline"): nobody for number in (1, 2)}
    docket = Docket(CARD, compiled(CARD), (), {}, {})
    theirs = model_gates(Heard(docket, polls, ()), {}, {})
    told = [(row[0], row[1]) for row in rows("gates")]
    assert told == [(gate.name, gate.bound) for gate in [*gates({}), *theirs]]


def test_the_sums_are_right() -> None:
    criteria, ladder = len(compiled(CARD).criteria), len(rungs(CARD, "x"))
    assert f"that is {criteria * REPEATS * 3 + 2} calls" in text()
    assert f"every later answer costs {criteria * REPEATS + 2} calls" in text()
    calibration = criteria * REPEATS * (ladder + len(ORDERS)) + 10 + 1
    assert f"{calibration} calls for five criteria, three repeats, ten rungs and five orders" in text()
    assert (criteria, REPEATS, ladder, len(ORDERS)) == (5, 3, 10, 5)
    low, high = wilson(5, 5)
    assert f"from {low:.2f} to {high:g} (Wilson" in text()
    assert f"more than {DISPUTED:g} points" in text()


def test_its_rubric_is_read_as_it_says() -> None:
    table = marked(PAGE, "card", "rubric").text
    card = parse_problem(f"{problem_text()}\n## Scoring Rubric\n\n{table}", Path("shop.md"), "file")
    found = compiled(card)
    assert [criterion.name for criterion in found.criteria] == re.findall(
        r"^\| \*\*(\w+)", table, re.MULTILINE
    )
    fairness = found.criteria[-1]
    assert any("Shares the cost and says how" in item.asks for item in fairness.items)
    assert all(len(criterion.items) in (5, 6) for criterion in found.criteria)
