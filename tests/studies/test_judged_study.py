"""Studies that a model judges: every answer goes before the judge once, however many runs came to it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from debate.studies.report import StudyReport
from tests.debates.house_server import distinct
from tests.faults.server import Exchange
from tests.jury.judges import Judge, criterion_of
from tests.studies.conftest import SIX, Debate, StudyServer, counts, house_words, role_of

REPEATS = 2
OTHER_CRITERIA = 4  # of the five of the default rubric; Lens Relevance is asked with the panel's lenses
KNOWN = 2  # baseline and target


class JudgedServer(StudyServer):
    """The house, with a judge who finds an answer the better the more it measures."""

    judge = Judge(quality=lambda shown, _: min(1.0, shown.casefold().count("measure") / 10))

    def words(self, exchange: Exchange) -> str:
        """What the judge or the offline model says."""
        if role_of(exchange) not in ("ballot", "comparison"):
            return house_words(exchange)
        asked = exchange.asked
        message = HumanMessage(asked["messages"][-1]["content"])
        return str(self.judge.invoke([message], response_format=asked["response_format"]).text)


@pytest.fixture
def server() -> Iterator[JudgedServer]:
    with JudgedServer() as made:
        yield made


def test_distinct_answers_are_judged_once_and_every_call_is_counted(
    debate: Debate, server: JudgedServer, card: Path, tmp_path: Path
) -> None:
    places = ("--transcripts", str(tmp_path / "runs"))
    models = ("--model", "llamacpp:", "--model", "judge=llamacpp:", "--base-url", server.url)
    flags = ("--lenses", ",".join(SIX[:2]), "--game", "removal", "--controls", "a/a", "--endpoint", "jury")
    words = ("ablate", str(card), *models, *flags, "--judge-repeats", str(REPEATS), *places, "-q")
    forecast = json.loads(debate(*words, "--dry-run", "--json").out)
    done = debate(*words, "--json")
    assert done.code == 0, done.err

    arms = {cell["arm"]: cell["run"] for cell in json.loads(done.out)["cells"]}
    answers = {(tmp_path / "runs" / run / "answer.md").read_text("utf-8") for run in arms.values()}
    # The panel held once more asks seats, critic and writer for samples of their own, and they say the same.
    assert (len(arms), len(answers)) == (5, 4)
    panels = len(answers)
    asked = counts(server.requests)
    assert asked == Counter(
        seat=2 + 2,
        critic=panels + 1,
        writer=panels + 1,
        ballot=REPEATS * (OTHER_CRITERIA * (KNOWN + len(answers)) + panels * (KNOWN + 1)),
        comparison=2 * len(answers),
    )
    judged = [each for each in server.requests if role_of(each) in ("ballot", "comparison")]
    assert distinct(judged) == len(judged)
    criteria = Counter(criterion_of(each.asked["messages"][-1]["content"]) for each in judged)
    assert criteria["Lens Relevance"] == REPEATS * panels * (KNOWN + 1)
    assert forecast["total"]["roles"]["judge"] == len(judged)

    report = StudyReport.model_validate_json(debate("studies", "report", "--format", "json", *places).out)
    assert report.spent.requests == report.spent.distinct == len(server.requests)
    scored = {cell.arm: cell.score for cell in report.cells}
    assert None not in scored.values()
    assert scored["a/a"] == scored["full"]
