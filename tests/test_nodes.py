"""A debate as a graph: seats are blind, failures are seen, too few voices stop it."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from debate.calls import Caller, StopError
from debate.cards.role import RoleCard
from debate.errors import ModelError, QuorumError
from debate.events import Event, PlanMade, Recorder, SeatFailed, SeatSpoke
from debate.library import Library
from debate.models.scripted import ScriptedChat
from debate.nodes import quorum
from debate.panel import Seat
from debate.runs.protocol import load_protocol
from debate.state import Context, DebateInput
from debate.turns import Door
from debate.verdict import Score, Scored, Verdict
from tests.builders import a_card, a_draft, a_letter, a_plan, a_report
from tests.scripted import a_caller, a_chat, bound

LENSES = ("bottleneck-theory", "pace-layering")
TWO = a_report(a_draft(), a_draft(claim="Another claim about the 120 minutes.")).model_dump_json()


def a_verdict(answer: str) -> Verdict:
    score = Score(
        name="headline",
        baseline=2.0,
        answer=7.0,
        target=8.0,
        band="7-10",
        status=Scored.SCORED,
        anchors="rated",
        reasons=(f"{len(answer.split())} words",),
    )
    return Verdict(judge="fake", rubric="0" * 64, headline=score, criteria=())


AContext = Callable[..., tuple[Context, ScriptedChat, list[Event]]]


@pytest.fixture
async def caller(tmp_path: Path) -> AsyncIterator[Caller]:
    async with a_caller(tmp_path) as caller:
        yield caller


@pytest.fixture
def a_context(caller: Caller) -> AContext:
    """A debate of these lenses whose models say what the script says; the chat and the events."""

    def make(
        script: dict[str, Sequence[str | Exception]], lenses: Sequence[str] = LENSES
    ) -> tuple[Context, ScriptedChat, list[Event]]:
        library = Library.open()
        chat = a_chat(script)
        events: list[Event] = []
        recorder = Recorder(events.append)
        models = (bound(chat),)
        seats = [Seat(id=lens, lens=library.lens(lens), number=n) for n, lens in enumerate(lenses)]
        roles: dict[str, RoleCard] = {entry.id: library.role(entry.id) for entry in library.roles()}
        door = Door(caller, dict.fromkeys(("lens-agent", "solo", "critic", "writer"), models), recorder)
        context = Context(
            problem=a_card(),
            seats={seat.id: seat for seat in seats},
            roles=roles,
            door=door,
            recorder=recorder,
            judge=judged,
        )
        return context, chat, events

    return make


async def judged(answer: str) -> Verdict:
    return a_verdict(answer)


async def held(protocol: str, context: Context) -> dict[str, Any]:
    graph = load_protocol(Library.open().protocol(protocol))
    result = await graph.ainvoke(DebateInput(seats=list(context.seats)), context=context)
    assert isinstance(result, dict)
    return result


def whole_script(seats: Sequence[str | Exception]) -> dict[str, Sequence[str | Exception]]:
    return {
        "SeatReport": seats,
        "Plan": [a_plan().model_dump_json()],
        "Letter": [a_letter().model_dump_json()],
    }


class TestPanel:
    async def test_a_panel_ends_with_plan_letter_answer_and_verdict(self, a_context: AContext) -> None:
        context, _, _ = a_context(whole_script([TWO, TWO]))
        result = await held("panel", context)
        assert result["plan"] == a_plan()
        assert result["letter"] == a_letter()
        assert result["answer"].startswith("# ")
        assert result["verdict"].headline.answer == 7.0

    async def test_seats_are_blind_to_each_other(self, a_context: AContext) -> None:
        context, chat, _ = a_context(whole_script([TWO, TWO]))
        await held("panel", context)
        prompts = [
            "\n".join(m.text for m in messages) for name, messages in chat.requests if name == "SeatReport"
        ]
        assert len(prompts) == 2
        assert all(a_draft().claim not in prompt for prompt in prompts)

    async def test_hypotheses_are_numbered_by_seat_in_the_panels_order(self, a_context: AContext) -> None:
        context, _, events = a_context(whole_script([TWO, TWO]))
        result = await held("panel", context)
        ids = [h.id for spoken in result["spoken"] for h in spoken.hypotheses]
        assert ids == [f"{lens}-{n}" for lens in LENSES for n in (1, 2)]
        assert len([event for event in events if isinstance(event, SeatSpoke)]) == 2

    async def test_the_critic_gets_fields_not_raw_replies(self, a_context: AContext) -> None:
        context, chat, _ = a_context(whole_script([TWO, TWO]))
        await held("panel", context)
        (prompt,) = [messages[-1].text for name, messages in chat.requests if name == "Plan"]
        lines = [json.loads(line) for line in prompt.splitlines() if line.startswith('{"')]
        assert [line["id"] for line in lines] == [f"{lens}-{n}" for lens in LENSES for n in (1, 2)]

    async def test_a_failed_seat_is_seen_and_the_debate_goes_on(self, a_context: AContext) -> None:
        script = whole_script([ModelError("down"), TWO, TWO])
        context, chat, events = a_context(script, ("emergence", *LENSES))
        result = await held("panel", context)
        (failed,) = [event for event in events if isinstance(event, SeatFailed)]
        assert "down" in failed.error
        assert [spoken.error is None for spoken in result["spoken"]].count(False) == 1
        (prompt,) = [messages[-1].text for name, messages in chat.requests if name == "Plan"]
        assert f"said nothing: {failed.seat}" in prompt

    async def test_below_quorum_it_stops_and_keeps_what_was_said(self, a_context: AContext) -> None:
        context, _, events = a_context(whole_script([TWO, ModelError("down")]))
        with pytest.raises(QuorumError, match="1 of 2 seats"):
            await held("panel", context)
        assert [type(e) for e in events if isinstance(e, SeatSpoke | SeatFailed | PlanMade)].count(
            SeatSpoke
        ) == 1
        assert not any(isinstance(event, PlanMade) for event in events)

    async def test_when_no_call_can_succeed_the_debate_stops_at_once(
        self, a_context: AContext, caller: Caller
    ) -> None:
        context, chat, events = a_context(whole_script([TWO, TWO]))
        caller.halt("the account is empty")
        with pytest.raises(StopError, match="the account is empty"):
            await held("panel", context)
        assert chat.requests == []
        assert not any(isinstance(event, SeatFailed) for event in events)


class TestSolo:
    async def test_one_agent_alone_gets_every_lens_text_and_the_same_merge(self, a_context: AContext) -> None:
        report = a_report(*[a_draft(claim=f"Claim {n} about the 120 minutes.") for n in range(4)])
        hypotheses = [f"solo-{n}" for n in range(1, 5)]
        plan = a_plan(
            steps=[
                step.model_copy(update={"hypotheses": [hypotheses[n % 4]]})
                for n, step in enumerate(a_plan().steps)
            ],
            dissent=[],
            set_aside=[],
        )
        script = {
            "SeatReport": [report.model_dump_json()],
            "Plan": [plan.model_dump_json()],
            "Letter": [a_letter().model_dump_json()],
        }
        context, chat, _ = a_context(script)
        result = await held("solo", context)
        assert [h.id for h in result["spoken"][0].hypotheses] == hypotheses
        prompt = chat.requests[0][1][-1].text
        assert all(f"# {context.seats[lens].lens.name}" in prompt for lens in LENSES)  # type: ignore[union-attr]


@pytest.mark.parametrize(("seats", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (9, 6)])
def test_quorum_is_two_thirds_and_at_least_two(seats: int, needed: int) -> None:
    assert quorum(seats) == needed
