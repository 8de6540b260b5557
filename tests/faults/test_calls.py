"""Calls: paid once, kept before use, within limits, and stoppable."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from debate.calls import Caller, CallError, EndpointLimits, Flag, Policy, StopError, asking, reask
from debate.errors import SettingsError
from debate.ledger import Budget, LedgerError, SqliteLedger
from debate.ledger import reports as ledger_reports
from debate.models import completions
from debate.models.endpoint import read_model
from debate.models.prices import Price
from debate.models.wire import Sampling
from debate.models.wires import Wires
from tests.faults.conftest import KEY, QUICK, Bench, Rows, until
from tests.faults.server import ANSWER, completion


async def test_a_reply_is_served_again_by_another_caller_and_another_ledger_object(
    bench: Bench, tmp_path: Path
) -> None:
    async with bench.caller() as caller:
        bought = await caller.call(bench.spec("ok"))
    async with (
        SqliteLedger.open(tmp_path / "ledger.sqlite3") as again,
        Caller(again, budget=Budget("other")) as caller,
    ):
        served = await caller.call(bench.spec("ok"))
    assert len(bench.server.requests) == 1
    assert (bought.from_ledger, bought.attempts) == (False, 1)
    assert (served.from_ledger, served.attempts) == (True, 0)
    assert (served.text, served.value, served.usage) == (bought.text, bought.value, bought.usage)


@pytest.mark.parametrize("script", ["refusal", "two-different", "null", "length-cut", "deep-content"])
async def test_a_reply_nobody_can_use_was_received_too_and_is_not_bought_again(
    script: str, bench: Bench
) -> None:
    outcomes = []
    for _ in range(2):
        async with bench.caller() as caller:
            try:
                outcomes.append(str((await caller.call(bench.spec(script))).faults))
            except CallError as error:
                outcomes.append(str(error))
    assert len(bench.server.requests) == 1
    assert outcomes[0] == outcomes[1]


async def test_a_failed_attempt_is_never_served(bench: Bench) -> None:
    async with bench.caller() as caller:
        with pytest.raises(CallError):
            await caller.call(bench.spec("bad-json>bad-json>ok"))
        assert (await caller.call(bench.spec("bad-json>bad-json>ok"))).value == ANSWER
    assert len(bench.server.requests) == 3


async def test_equal_calls_at_once_are_one_request_and_replicates_are_not(bench: Bench) -> None:
    bench.server.latency = 0.05
    async with bench.caller() as caller:
        replies = await asyncio.gather(*(caller.call(bench.spec("ok", sample=i % 3)) for i in range(12)))
    assert len(bench.server.requests) == 3
    assert {reply.text for reply in replies} == {json.dumps(ANSWER)}


async def test_equal_calls_of_two_ledger_objects_are_one_request(bench: Bench, tmp_path: Path) -> None:
    bench.server.latency = 0.1
    async with SqliteLedger.open(tmp_path / "ledger.sqlite3") as other:
        callers = [bench.caller(), Caller(other, budget=Budget("test"), policy=QUICK)]
        replies = await asyncio.gather(*(caller.call(bench.spec("ok")) for caller in callers))
    assert len(bench.server.requests) == 1
    assert sorted(reply.from_ledger for reply in replies) == [False, True]


async def test_a_cancelled_wait_does_not_lose_the_reply(bench: Bench) -> None:
    bench.server.latency = 0.1
    async with bench.caller() as caller:
        waiting = asyncio.create_task(caller.call(bench.spec("ok")))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await caller.drain(2) == 0
        assert (await caller.call(bench.spec("ok"))).from_ledger
    assert len(bench.server.requests) == 1


async def test_the_record_is_there_before_the_reply_is(
    bench: Bench, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[object, ...]] = []
    read = completions.read_completion

    def look(body: bytes, content_type: str = "") -> object:
        kept.extend(rows("SELECT state, body FROM attempts JOIN bodies ON attempt = id"))
        return read(body, content_type)

    monkeypatch.setattr(asking, "read_completion", look)
    async with bench.caller() as caller:
        await caller.call(bench.spec("ok"))
    assert kept == [("received", completion({"content": json.dumps(ANSWER)}).encode())]


async def test_a_reply_kept_but_never_read_is_read_at_the_next_look(
    bench: Bench, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def call() -> bool:
        async with bench.caller(budget=Budget("s"), prices={"openai:ok": Price(10.0, 100.0)}) as caller:
            return (await caller.call(bench.spec("ok"))).cost == pytest.approx(0.003)

    with monkeypatch.context() as patched:
        patched.setattr(
            asking.Asking, "_settle", lambda *_: None
        )  # as if killed between receiving and settling
        await call()
    assert rows("SELECT state FROM attempts") == [("received",)]
    assert await call()
    assert (await bench.ledger.spend("s")).tokens in {0, 120}
    await bench.ledger.close()
    assert rows("SELECT state, prompt_tokens, completion_tokens FROM attempts") == [("answer", 100, 20)]
    assert rows("SELECT calls, tokens FROM spend") == [(1, 120)]
    assert len(bench.server.requests) == 1


async def test_a_replay_asks_nobody(bench: Bench) -> None:
    async with bench.caller() as caller:
        await caller.call(bench.spec("ok"))
    async with bench.caller(replay=True) as caller:
        assert (await caller.call(bench.spec("ok"))).from_ledger
        with pytest.raises(StopError, match="a replay asks nobody"):
            await caller.call(bench.spec("ok", "Something else?"))
    assert len(bench.server.requests) == 1


async def test_asking_again_is_a_call_of_its_own_with_more_room(bench: Bench) -> None:
    async with bench.caller() as caller:
        spec = bench.spec("length-cut>ok", sampling=Sampling(max_tokens=50))
        first = await caller.call(spec)
        second = await caller.call(reask(spec, first, first.faults))
        again = await caller.call(reask(spec, first, first.faults))
    assert second.value == ANSWER
    assert again.from_ledger
    sent = bench.server.requests[1].asked
    assert sent["max_tokens"] == 100
    assert [message["role"] for message in sent["messages"]] == ["user", "assistant", "user"]
    assert "ends in the middle" in sent["messages"][-1]["content"]


async def test_an_empty_answer_is_not_sent_back(bench: Bench) -> None:
    async with bench.caller() as caller:
        spec = bench.spec("null>ok")
        first = await caller.call(spec)
        await caller.call(reask(spec, first, first.faults))
    sent = bench.server.requests[1].asked["messages"]
    assert [message["role"] for message in sent] == ["user"]
    assert sent[0]["content"].startswith("What is wrong?")


async def test_free_text_needs_no_object(bench: Bench) -> None:
    async with bench.caller() as caller:
        reply = await caller.call(bench.spec("no-json", schema=None))
        assert (reply.text, reply.value, reply.faults) == ("I would rather talk about it.", None, ())
        assert (await caller.call(bench.spec("null", schema=None))).faults == ("the answer is empty",)


# The manner


async def test_a_rung_once_found_is_remembered_by_this_process_and_the_next(bench: Bench) -> None:
    for text in ("one", "two"):
        async with bench.caller() as caller:
            assert Flag.IN_PROMPT in (await caller.call(bench.spec("no-format", text))).flags
            await caller.call(bench.spec("no-format", f"{text} more"))
    formats = [request.asked.get("response_format", {}).get("type") for request in bench.server.requests]
    assert formats == ["json_schema", "json_object", None, None, None, None]
    assert "JSON Schema" in bench.server.requests[-1].asked["messages"][-1]["content"]


async def test_the_identity_of_a_call_does_not_know_the_rung(bench: Bench) -> None:
    async with bench.caller() as caller:
        first = await caller.call(bench.spec("no-schema"))
        assert (await caller.call(bench.spec("no-schema"))).from_ledger
    assert first.key == bench.spec("no-schema").key


async def test_a_parameter_goes_by_its_other_name_when_the_first_is_refused(bench: Bench) -> None:
    async with bench.caller() as caller:
        await caller.call(bench.spec("no-max-tokens", sampling=Sampling(max_tokens=300)))
        await caller.call(bench.spec("no-max-tokens", "more", sampling=Sampling(max_tokens=300)))
    assert [
        sorted({"max_tokens", "max_completion_tokens"} & r.asked.keys()) for r in bench.server.requests
    ] == [
        ["max_tokens"],
        ["max_completion_tokens"],
        ["max_completion_tokens"],
    ]


async def test_a_temperature_the_model_does_not_take_is_left_out_and_said(bench: Bench) -> None:
    async with bench.caller() as caller:
        reply = await caller.call(bench.spec("no-temperature", sampling=Sampling(temperature=0.7)))
    assert reply.flags == (Flag.SAMPLING_IGNORED,)
    assert reply.attempts == 2


async def test_a_prompt_the_server_cut_is_flagged_by_its_own_count(bench: Bench) -> None:
    async with bench.caller() as caller:
        assert Flag.PROMPT_CUT in (await caller.call(bench.spec("prompt-cut", "word " * 2000))).flags


# Trouble on the way


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/v1"


async def test_a_server_that_is_down_is_tried_four_times_and_then_stops_the_run(
    bench: Bench, nowhere: str, rows: Rows
) -> None:
    async with bench.caller() as caller:
        with pytest.raises(StopError, match="is the server up") as stopped:
            await caller.call(bench.spec("ok", url=nowhere))
        with pytest.raises(StopError, match="is the server up"):
            await caller.call(bench.spec("ok"))
    assert stopped.value.attempts == 4
    await bench.ledger.close()
    assert rows("SELECT fault, count(*) FROM attempts") == [("unreachable", 4)]


async def test_a_name_nobody_knows_is_an_address_where_nobody_answers(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with bench.caller() as caller:
        with pytest.raises(StopError, match="nobody answers at this address") as stopped:
            await caller.call(bench.spec("ok", url="http://nowhere.invalid/v1"))
    assert stopped.value.attempts == 4


async def test_a_server_can_be_looked_at_without_a_call(bench: Bench) -> None:
    endpoint = read_model("openai:ok", base_url=bench.server.url, environ={"OPENAI_API_KEY": KEY}).endpoint
    assert endpoint is not None
    client = bench.wires.client(endpoint)
    found, missing = await client.get("models"), await client.get("nothing")
    assert (found.status, json.loads(found.body)) == (200, {"data": [{"id": "ok"}]})
    assert missing.status == 404


async def test_a_ledger_that_cannot_be_read_stops_the_run(bench: Bench) -> None:
    await bench.ledger.close()
    async with bench.caller() as caller:
        with pytest.raises(StopError, match="ledger") as stopped:
            await caller.call(bench.spec("ok"))
    assert stopped.value.kind == "ledger"
    assert bench.server.requests == []


async def test_a_plain_server_behind_https_stops_the_run_at_once(bench: Bench) -> None:
    async with bench.caller() as caller:
        with pytest.raises(StopError, match="no trusted encrypted connection") as stopped:
            await caller.call(bench.spec("ok", url=bench.server.url.replace("http:", "https:")))
    assert stopped.value.attempts == 1


@pytest.mark.parametrize("script", ["drip", "429-s", "503"])
async def test_a_call_ends_within_its_deadline(script: str, bench: Bench, rows: Rows) -> None:
    policy = Policy(first_pause=0.2, longest_pause=0.2, deadline=0.5)
    began = time.monotonic()
    async with bench.caller(policy=policy) as caller:
        with pytest.raises(CallError):
            await caller.call(bench.spec(script))
    assert time.monotonic() - began < 5
    await bench.ledger.close()
    attempts = len(rows("SELECT id FROM attempts"))
    assert attempts - len(bench.server.requests) in (0, 1)  # the deadline may fall before it is sent
    assert rows("SELECT id FROM attempts WHERE state = 'sent'") == []


async def test_a_server_that_asks_one_call_to_wait_is_left_alone_by_all(bench: Bench) -> None:
    async with bench.caller() as caller:
        held = asyncio.create_task(caller.call(bench.spec("429-ms>ok")))
        await until(lambda: bench.setbacks)
        await caller.call(bench.spec("ok"))
        await held
    first, *later = bench.server.requests
    assert all(request.at - first.at >= 0.3 for request in later)


async def test_no_more_requests_at_once_than_the_endpoint_may_have(bench: Bench) -> None:
    bench.server.latency = 0.02
    async with bench.caller(usual_limits=EndpointLimits(concurrency=3)) as caller:
        await asyncio.gather(*(caller.call(bench.spec("ok", sample=i)) for i in range(20)))
    assert bench.server.most_at_once == 3


async def test_requests_keep_their_distance_under_a_rate_limit(bench: Bench) -> None:
    async with bench.caller(usual_limits=EndpointLimits(per_minute=1200)) as caller:
        await asyncio.gather(*(caller.call(bench.spec("ok", sample=i)) for i in range(5)))
    times = [request.at for request in bench.server.requests]
    # The first is seen late: its connection has to be made, which takes what it takes.
    assert times[-1] - times[1] >= 3 * 0.05 - 0.03


# Budgets


async def test_calls_never_exceed_their_budget_and_replies_from_the_ledger_do_not_count(bench: Bench) -> None:
    budget = Budget("study", max_calls=3)
    async with bench.caller(budget=budget) as caller:
        outcomes = await asyncio.gather(
            *(caller.call(bench.spec("ok", sample=i)) for i in range(8)), return_exceptions=True
        )
    spent = [outcome for outcome in outcomes if isinstance(outcome, StopError)]
    assert (len(bench.server.requests), len(spent)) == (3, 5)
    assert all(error.kind == "budget" and "--max-calls 3" in str(error) for error in spent)
    async with bench.caller(budget=budget) as caller:
        known = [i for i, outcome in enumerate(outcomes) if outcome not in spent]
        assert all([(await caller.call(bench.spec("ok", sample=i))).from_ledger for i in known])


@pytest.mark.parametrize(
    "budget", [Budget("s", max_tokens=250), Budget("s", max_cost=0.0007)], ids=["tokens", "cost"]
)
async def test_tokens_and_cost_stop_the_run_once_they_are_known_to_be_spent(
    budget: Budget, bench: Bench
) -> None:
    async with bench.caller(budget=budget, prices={"openai:ok": Price(1.0, 10.0)}) as caller:
        for i in range(3):
            assert (await caller.call(bench.spec("ok", sample=i))).cost == pytest.approx(0.0003)
        with pytest.raises(StopError, match="--max-") as stopped:
            await caller.call(bench.spec("ok", sample=3))
    assert stopped.value.kind == "budget"
    assert len(bench.server.requests) == 3


async def test_missing_usage_counts_against_a_budget_by_estimate_and_is_never_a_cost(bench: Bench) -> None:
    async with bench.caller(
        budget=Budget("s", max_tokens=100), prices={"openai:no-usage": Price(1.0, 1.0)}
    ) as caller:
        reply = await caller.call(bench.spec("no-usage", "word " * 100))
        assert (reply.cost, reply.usage.prompt) == (None, None)
        with pytest.raises(StopError, match="--max-tokens"):
            await caller.call(bench.spec("no-usage", sample=1))


async def test_a_limit_on_cost_without_a_price_is_refused_before_any_call(bench: Bench) -> None:
    async with bench.caller(budget=Budget("s", max_cost=1.0)) as caller:
        with pytest.raises(SettingsError, match="no price is known for openai:ok"):
            await caller.call(bench.spec("ok"))
    assert bench.server.requests == []


# Stopping


async def test_halting_sends_nothing_more_and_keeps_what_is_on_the_wire(bench: Bench, rows: Rows) -> None:
    bench.server.latency = 0.1
    async with bench.caller(usual_limits=EndpointLimits(concurrency=2)) as caller:
        tasks = [asyncio.create_task(caller.call(bench.spec("ok", sample=i))) for i in range(6)]
        await until(lambda: len(bench.server.requests) == 2)
        caller.halt()
        assert await caller.drain(2) == 0
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(outcome, StopError) for outcome in outcomes) == 4
    assert len(bench.server.requests) == 2
    await bench.ledger.close()
    assert rows("SELECT state FROM attempts") == [("answer",)] * 2


async def test_halting_ends_a_pause(bench: Bench) -> None:
    async with bench.caller(policy=Policy(first_pause=30, longest_pause=30)) as caller:
        task = asyncio.create_task(caller.call(bench.spec("503")))
        await until(lambda: bench.setbacks)
        caller.halt()
        began = time.monotonic()
        with pytest.raises(StopError):
            await task
    assert time.monotonic() - began < 10


async def test_what_stops_one_call_stops_the_next_before_it_is_sent(bench: Bench) -> None:
    async with bench.caller() as caller:
        for text in ("one", "two"):
            with pytest.raises(StopError, match="quota"):
                await caller.call(bench.spec("429-quota", text))
    assert len(bench.server.requests) == 1


def rescued_in(folder: Path) -> Path:
    (file,) = folder.glob("debate-rescued-*")
    return file


async def test_a_reply_the_ledger_cannot_keep_is_put_elsewhere_and_can_be_taken_in(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise LedgerError("the ledger cannot be written: database or disk is full")

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with monkeypatch.context() as patched:
        patched.setattr(bench.ledger, "receive", full)
        async with bench.caller() as caller:
            with pytest.raises(StopError, match="ledger adopt") as stopped:
                await caller.call(bench.spec("ok"))
    assert stopped.value.kind == "ledger"
    rescued = rescued_in(tmp_path)
    assert oct(rescued.stat().st_mode) == "0o100600"
    taken = ledger_reports.adopt(tmp_path / "ledger.sqlite3", rescued.read_text().splitlines(), str(rescued))
    assert (taken.taken, taken.known) == (1, 0)
    async with bench.caller() as caller:
        assert (await caller.call(bench.spec("ok"))).value == ANSWER
    assert len(bench.server.requests) == 1


def test_every_request_that_may_be_billed_has_time_to_be_answered() -> None:
    for deadline in (1.0, 900.0):
        policy = Policy(deadline=deadline)
        assert policy.silence * policy.billed_attempts == deadline


# Through LangChain


@pytest.mark.parametrize(
    ("script", "requests"), [("ok", 1), ("no-format", 3), ("429-ms>ok", 2), ("reset>ok", 2)]
)
async def test_a_traced_call_behaves_the_same_and_is_the_same_call(
    script: str, requests: int, bench: Bench
) -> None:
    async with Wires(connect=2.0, read=0.4, traced=True) as traced, bench.caller() as caller:
        plain = bench.spec(script)
        bench.wires, usual = traced, bench.wires
        spec = bench.spec(script)
        bench.wires = usual
        assert spec.key == plain.key
        assert (await caller.call(spec)).value == ANSWER
        assert (await caller.call(plain)).from_ledger
    assert len(bench.server.requests) == requests
