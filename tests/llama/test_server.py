"""The call layer against llama.cpp's own server, on a model that writes gibberish."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from debate.calls import Caller, CallError, CallSpec, Flag, Policy, Reply, StopError
from debate.contributions import SeatReport
from debate.ledger import Budget, SqliteLedger
from debate.models.endpoint import read_model
from debate.models.faults import FaultKind
from debate.models.wire import Sampling, Schema
from debate.models.wires import Wires
from tests.llama.conftest import KEY, Llama, Start

REPORT = Schema.of(SeatReport)


@pytest.fixture
def llama(start: Start) -> Llama:
    """The server most tests share."""
    return start()


@pytest.fixture
def thinker(start: Start) -> Llama:
    """A server whose model thinks first."""
    return start("--think")


class Client:
    """The call layer with a ledger of its own."""

    def __init__(self, caller: Caller, wires: Wires, ledger: SqliteLedger) -> None:
        self._caller, self._wires, self._ledger = caller, wires, ledger

    async def ask(
        self,
        llama: Llama,
        text: str = "What is wrong?",
        *,
        model: str = "llamacpp:",
        schema: Schema | None = None,
        sample: int = 0,
    ) -> Reply:
        wire = self._wires.wire(read_model(model, base_url=llama.url))
        sampling = Sampling(max_tokens=3_000, seed=sample)
        return await self._caller.call(CallSpec("lens", wire, [("user", text)], schema, sampling))

    async def attempts(self) -> list[tuple[Any, ...]]:
        """State, HTTP status and fault of every request; ends the ledger."""
        await self._ledger.close()
        with closing(sqlite3.connect(self._ledger.path)) as connection:
            return connection.execute("SELECT state, status, fault FROM attempts ORDER BY id").fetchall()


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with (
        SqliteLedger.open(tmp_path / "ledger.sqlite3") as ledger,
        Wires() as wires,
        Caller(ledger, budget=Budget("test"), policy=Policy(deadline=60)) as caller,
    ):
        yield Client(caller, wires, ledger)


class TestCalls:
    async def test_a_plain_answer_comes_with_the_servers_own_count(
        self, client: Client, llama: Llama
    ) -> None:
        before = llama.served()
        reply = await client.ask(llama)
        assert reply.text
        assert (reply.finish, reply.flags, reply.reasoning) == ("stop", (), "")
        served = llama.served().since(before)
        assert (reply.usage.prompt, reply.usage.completion) == (served.prompt, served.completion)

    async def test_every_report_fits_the_schema_that_was_sent(self, client: Client, llama: Llama) -> None:
        validator = Draft202012Validator(dict(REPORT.body))
        said = [await client.ask(llama, schema=REPORT, sample=n) for n in range(12)]
        for reply in said:
            validator.validate(reply.value)
            assert not {Flag.JSON_OBJECT, Flag.IN_PROMPT, Flag.REPAIRED} & set(reply.flags)
        assert len({reply.text for reply in said}) > 1
        assert any(reply.value and reply.value["hypotheses"] for reply in said)
        assert await client.attempts() == [("answer", 200, None)] * len(said)

    async def test_thinking_is_kept_apart_from_the_answer(self, client: Client, thinker: Llama) -> None:
        said = [await client.ask(thinker, schema=REPORT, sample=n) for n in range(4)]
        assert any(reply.reasoning for reply in said)
        for reply in said:
            assert "<think>" not in reply.text
            assert reply.faults or reply.value == json.loads(reply.text)

    async def test_a_prompt_longer_than_the_context_is_one_request_that_says_so(
        self, client: Client, start: Start
    ) -> None:
        small = start("--context", "2048")
        with pytest.raises(CallError, match=r"longer than the model's context.*2048") as failed:
            await client.ask(small, "0123456789" * 2_000, schema=REPORT)
        assert not isinstance(failed.value, StopError)
        assert (failed.value.kind, failed.value.attempts) == (FaultKind.CONTEXT_LENGTH, 1)
        assert (await client.ask(small, schema=REPORT)).value is not None
        assert await client.attempts() == [("failed", 400, "context-length"), ("answer", 200, None)]

    @pytest.mark.parametrize(
        ("model", "variable"), [("openai:any", "OPENAI_API_KEY"), ("llamacpp:", "LLAMA_API_KEY")]
    )
    async def test_a_wrong_key_stops_after_one_request_and_names_its_variable(
        self, client: Client, start: Start, monkeypatch: pytest.MonkeyPatch, model: str, variable: str
    ) -> None:
        locked = start("--key", KEY)
        monkeypatch.setenv(variable, "sk-the-wrong-key")
        with pytest.raises(StopError, match=f"check the key in {variable}") as stopped:
            await client.ask(locked, model=model, schema=REPORT)
        assert stopped.value.attempts == 1
        assert "sk-" not in str(stopped.value)
        assert await client.attempts() == [("failed", 401, "key")]

    async def test_the_right_key_opens(
        self, client: Client, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LLAMA_API_KEY", KEY)
        assert (await client.ask(start("--key", KEY), schema=REPORT)).value is not None
