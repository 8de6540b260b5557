"""Choosing lenses by model: what it is shown, what it may answer, and what a run makes of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from debate.choosing import Choice, choose_by_model
from debate.errors import ContributionError
from debate.events import CallFinished, Event, Recorder
from debate.models.roles import ROLES
from debate.runs.choice import settled
from debate.runs.spec import RunSpec
from debate.turns import Door
from tests.offline.held import library, shipped
from tests.scripted import a_caller, a_chat, bound

SEED = "code_performance-stuck"


def said(*lenses: tuple[str, Sequence[str]]) -> str:
    return json.dumps(
        {"lenses": [{"lens": id_, "because": "it does", "cites": cites} for id_, cites in lenses]}
    )


async def chosen(folder: Path, *replies: str, count: int = 2) -> tuple[Choice, list[Event]]:
    events: list[Event] = []
    recorder = Recorder(events.append)
    lenses = [entry.card for entry in library().lenses() if entry.card]
    roles = {entry.id: library().role(entry.id) for entry in library().roles()}
    models = {"chooser": (bound(a_chat({"Choice": replies})),)}
    async with a_caller(folder) as caller:
        door = Door(caller, models, recorder)
        choice = await choose_by_model(door, roles, shipped(SEED), lenses, count=count, seed=0)
    return choice, events


GOOD = said(("pace-layering", ["T1", "R1"]), ("emergence", ["H1"]))


async def test_the_model_sees_every_lens_and_nothing_of_the_answer_key(tmp_path: Path) -> None:
    choice, events = await chosen(tmp_path, GOOD)
    assert [each.lens for each in choice.lenses] == ["pace-layering", "emergence"]
    (call,) = [event for event in events if isinstance(event, CallFinished)]
    prompt = "\n".join(message.content for message in call.messages)
    assert all(f"\n{entry.id}: " in prompt for entry in library().lenses())
    assert "Expected Lens Relevance" not in prompt
    assert "which of them holds the time" not in prompt


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (said(("pace-layering", ["T1"])), "expected 2"),
        (said(("pace-layering", ["T1"]), ("pace-layering", ["T1"])), "named twice"),
        (said(("pace-layering", ["T1"]), ("astrology", ["T1"])), "not in the list"),
        (said(("pace-layering", ["T99"]), ("emergence", ["T1"])), "no fact of the case"),
        (said(("pace-layering", []), ("emergence", ["T1"])), "cites nothing"),
    ],
)
async def test_a_wrong_choice_is_mended_once_or_refused(tmp_path: Path, reply: str, fault: str) -> None:
    mended, _ = await chosen(tmp_path / "mended", reply, GOOD)
    assert len(mended.lenses) == 2
    with pytest.raises(ContributionError, match=fault):
        await chosen(tmp_path / "refused", reply, reply)


async def test_terms_without_auto_or_without_a_model_stay_as_they_are() -> None:
    spec = RunSpec(problem=SEED, models=dict.fromkeys(ROLES, "offline"), lenses="auto:2,emergence")
    assert await settled(spec, library()) is spec
    named = replace(spec, lenses="high", models={**spec.models, "chooser": "llamacpp:"})
    assert await settled(named, library()) is named
