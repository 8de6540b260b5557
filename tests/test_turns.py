"""One door to models: a valid reply passes, a wrong one is mended once, a second wrong one is an error."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import AsyncCallbackHandler

from debate.calls import Caller, CallError, StopError
from debate.contributions import SeatReport
from debate.errors import ContributionError, ModelError, SettingsError
from debate.events import CallFinished, CallStarted, Event, Note, Recorder, Repair
from debate.models.scripted import ScriptedChat
from debate.turns import Door, Turn
from tests.builders import a_draft, a_report
from tests.scripted import a_caller, a_chat, bound

GOOD = a_report().model_dump_json()
OVERLAPPING = GOOD.replace('"high":25.0', '"high":75.0')


def a_turn(check: object = None, number: int = 0) -> Turn[SeatReport]:
    def accept(report: SeatReport) -> Sequence[str]:
        return ()

    return Turn(
        role="lens-agent",
        messages=[("system", "house"), ("user", "case")],
        schema=SeatReport,
        check=check if callable(check) else accept,
        seat="pace-layering",
        number=number,
    )


class Watcher(AsyncCallbackHandler):
    """A tracer that keeps what it is told beside the prompt."""

    def __init__(self) -> None:
        self.seen: list[tuple[dict[str, str], list[str]]] = []

    async def on_chat_model_start(self, *_: object, **told: Any) -> None:
        self.seen.append((told["metadata"], told["tags"]))


ADoor = Callable[..., tuple[Door, ScriptedChat, list[Event]]]


@pytest.fixture
async def caller(tmp_path: Path) -> AsyncIterator[Caller]:
    async with a_caller(tmp_path) as caller:
        yield caller


@pytest.fixture
def a_door(caller: Caller) -> ADoor:
    """A door to one model that says `replies`; the chat it asks and the events it tells."""

    def make(*replies: str | Exception) -> tuple[Door, ScriptedChat, list[Event]]:
        events: list[Event] = []
        chat = a_chat({"SeatReport": replies})
        return Door(caller, {"lens-agent": (bound(chat),)}, Recorder(events.append)), chat, events

    return make


class TestAsk:
    async def test_a_valid_reply_is_the_contribution(self, a_door: ADoor) -> None:
        door, chat, events = a_door(GOOD)
        assert await door.ask(a_turn()) == a_report()
        assert [type(event) for event in events] == [CallStarted, CallFinished]
        assert len(chat.requests) == 1

    async def test_the_whole_prompt_and_reply_are_recorded(self, a_door: ADoor) -> None:
        door, _, events = a_door(GOOD)
        await door.ask(a_turn())
        (finished,) = [event for event in events if isinstance(event, CallFinished)]
        assert [(m.role, m.content) for m in finished.messages] == [("system", "house"), ("user", "case")]
        assert finished.reply == GOOD
        assert finished.cost is None

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ("no json at all", "JSON"),
            ("{}", "hypotheses"),
            (OVERLAPPING, "overlap"),
            (GOOD[:-1] + ',"extra":1}', "extra"),
        ],
        ids=["prose", "missing", "overlap", "unknown key"],
    )
    async def test_a_wrong_reply_is_mended_once_with_its_faults(
        self, a_door: ADoor, wrong: str, told: str
    ) -> None:
        door, chat, events = a_door(wrong, GOOD)
        assert await door.ask(a_turn()) == a_report()
        (repair,) = [event for event in events if isinstance(event, Repair)]
        assert told in " ".join(repair.faults)
        (_, second) = chat.requests[1]
        assert second[-2].text == wrong
        assert told in second[-1].text

    async def test_a_reply_that_breaks_its_contract_is_told_what_to_mend(self, a_door: ADoor) -> None:
        door, chat, _ = a_door(GOOD, a_report(a_draft(confidence=1)).model_dump_json())
        report = await door.ask(a_turn(lambda r: ["too sure"] if r.hypotheses[0].confidence > 1 else []))
        assert report.hypotheses[0].confidence == 1
        assert "too sure" in chat.requests[1][1][-1].text

    async def test_a_second_wrong_reply_is_an_error_that_names_seat_and_fault(self, a_door: ADoor) -> None:
        door, chat, _ = a_door("first", "second")
        with pytest.raises(ContributionError, match=r"pace-layering.*JSON"):
            await door.ask(a_turn())
        assert len(chat.requests) == 2

    async def test_a_model_that_cannot_be_asked_is_an_error_that_names_the_role(self, a_door: ADoor) -> None:
        door, chat, events = a_door(ModelError("down"))
        with pytest.raises(CallError, match=r"lens-agent.*down"):
            await door.ask(a_turn())
        assert len(chat.requests) == 1
        assert [type(event) for event in events] == [CallStarted]

    async def test_a_reply_received_before_is_used_again_and_marked(self, a_door: ADoor) -> None:
        first, _, _ = a_door(GOOD)
        await first.ask(a_turn())
        door, chat, events = a_door()
        assert await door.ask(a_turn()) == a_report()
        assert chat.requests == []
        (finished,) = [event for event in events if isinstance(event, CallFinished)]
        assert (finished.from_ledger, finished.attempts) == (True, 0)

    async def test_anew_means_only_what_was_answered_twice_in_vain(self, caller: Caller) -> None:
        chat = a_chat({"SeatReport": ["first", "second", GOOD]})
        models, events = {"lens-agent": (bound(chat),)}, list[Event]()
        asked = []
        for anew in (False, False, True, True):
            door = Door(caller, models, Recorder(events.append), anew=anew)
            try:
                await door.ask(a_turn())
            except ContributionError:
                asked.append(-len(chat.requests))
            else:
                asked.append(len(chat.requests))
        assert asked == [-2, -2, 3, 3]
        assert [event.text for event in events if isinstance(event, Note)] == [
            "lens-agent/pace-layering: what it said before is of no use; it is asked anew"
        ]
        assert chat.requests[2] == chat.requests[0]

    async def test_anew_a_repair_that_was_never_asked_for_is_the_next_step(self, caller: Caller) -> None:
        chat = a_chat({"SeatReport": ["first", ModelError("down"), GOOD]})
        models = {"lens-agent": (bound(chat),)}
        with pytest.raises(CallError):
            await Door(caller, models, Recorder()).ask(a_turn())
        assert await Door(caller, models, Recorder(), anew=True).ask(a_turn()) == a_report()
        assert chat.requests[2] == chat.requests[1] != chat.requests[0]

    async def test_once_halted_nothing_is_asked(self, a_door: ADoor, caller: Caller) -> None:
        door, chat, _ = a_door(GOOD)
        caller.halt()
        with pytest.raises(StopError):
            await door.ask(a_turn())
        assert chat.requests == []

    async def test_an_unbound_role_fails_before_any_call(self, caller: Caller) -> None:
        events: list[Event] = []
        with pytest.raises(SettingsError, match="lens-agent"):
            await Door(caller, {}, Recorder(events.append)).ask(a_turn())
        assert events == []

    @pytest.mark.parametrize("lens", ["pace-layering", None])
    async def test_tracing_is_told_on_whose_behalf_a_call_is_made(
        self, caller: Caller, lens: str | None
    ) -> None:
        watcher, chat = Watcher(), a_chat({"SeatReport": [GOOD]})
        chat.callbacks = [watcher]
        turn = replace(a_turn(), lens=lens)
        await Door(caller, {"lens-agent": (bound(chat),)}, Recorder()).ask(turn)
        ((metadata, tags),) = watcher.seen
        assert (metadata["role"], metadata.get("lens")) == ("lens-agent", lens)
        assert tags == ["lens-agent", *filter(None, [lens])]

    @pytest.mark.parametrize(("number", "asked"), [(0, 0), (1, 0), (2, 1), (3, 0), (4, 1)])
    async def test_several_models_of_a_role_take_turns_from_the_first_seat_on(
        self, caller: Caller, number: int, asked: int
    ) -> None:
        chats = [a_chat({"SeatReport": [GOOD]}) for _ in range(2)]
        models = tuple(bound(chat, str(n)) for n, chat in enumerate(chats))
        await Door(caller, {"lens-agent": models}, Recorder()).ask(a_turn(number=number))
        assert [len(chat.requests) for chat in chats] == [int(n == asked) for n in range(2)]


def test_the_script_raises_when_it_ends() -> None:
    chat = a_chat({"SeatReport": []})
    with pytest.raises(Exception, match="ends after 0"):
        chat.invoke("x", response_format={"json_schema": {"name": "SeatReport"}})


def test_every_wire_schema_is_plain_enough_for_servers_that_know_little() -> None:
    text = json.dumps(SeatReport.model_json_schema())
    assert "pattern" not in text
    assert '"additionalProperties": false' in text
