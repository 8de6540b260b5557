"""A whole debate through the real client, on a server that answers well."""

from debate.events import CallFinished
from debate.run_names import EVENTS, MANIFEST
from debate.transcripts import ANSWER, TRANSCRIPT
from tests.debates.conftest import Hold
from tests.debates.house_server import CRITIC, PANEL, THOUGHT, WRITER, HouseServer, who


def test_it_is_done_and_keeps_what_was_asked_said_thought_and_used(hold: Hold, house: HouseServer) -> None:
    held = hold()
    assert (held.code, held.document["status"]) == (0, "done"), held.err
    assert set(held.seats.values()) == {"spoke"}
    assert held.document["verdict"]["criteria"]
    assert {MANIFEST, EVENTS, TRANSCRIPT, ANSWER} <= {path.name for path in held.folder.iterdir()}
    assert sorted(map(who, house.requests)) == sorted([*PANEL.values(), CRITIC, WRITER])
    calls = held.run.of(CallFinished)
    assert {call.reasoning for call in calls} == {THOUGHT}
    assert not any(THOUGHT in call.reply for call in calls)
    used = [(len(e.body) // 4) for e in house.requests]
    assert held.document["usage"]["input_tokens"] == sum(used)
    assert held.document["usage"]["cost"] is None
    assert sorted(call.messages[-1].content for call in calls) == sorted(
        exchange.asked["messages"][-1]["content"] for exchange in house.requests
    )


def test_it_says_what_the_offline_model_says(hold: Hold, house: HouseServer) -> None:
    """The endpoint changes nothing: not the prompts, and not what is made of the replies."""
    over_the_wire = hold().document
    offline = hold("--model", "offline").document
    for part in ("plan", "answer", "verdict", "seats"):
        assert over_the_wire[part] == offline[part]
    assert len(house.requests) == len(PANEL) + 2


def test_held_again_it_asks_nobody_and_says_the_same(hold: Hold, house: HouseServer) -> None:
    first = hold().document
    asked = len(house.requests)
    second = hold()
    assert len(house.requests) == asked
    assert second.document["answer"] == first["answer"]
    assert second.document["usage"]["from_ledger"] == second.document["usage"]["calls"]


def test_a_dry_run_tells_what_the_ledger_knows_and_counts_the_rest(hold: Hold, house: HouseServer) -> None:
    house.faults = {CRITIC: "no-json>house", WRITER: "400>house"}
    assert hold("--dry-run").document["calls"] == {"least": len(PANEL) + 2, "most": 2 * len(PANEL) + 4}
    assert hold().code == 1
    ledger = sorted((hold("--dry-run").runs).iterdir())
    asked = len(house.requests)
    forecast = hold("--dry-run").document
    assert (forecast["calls"], forecast["cut_short"]) == ({"least": 1, "most": 2}, None)
    missing = [call for call in forecast["each"] if not call["from_ledger"]]
    assert [call["call"] for call in missing] == [WRITER]
    assert forecast["estimate"]["input_tokens"] == missing[0]["input_tokens"]
    assert (
        f"{len(PANEL) + 2} of {len(PANEL) + 3} replies are in the ledger"
        in hold("--dry-run", json=False).done.out
    )
    assert (len(house.requests), sorted(hold("--dry-run").runs.iterdir())) == (asked, ledger)
    assert hold().code == 0
    assert len(house.requests) == asked + 1
    assert hold("--dry-run").document["calls"] == {"least": 0, "most": 0}
