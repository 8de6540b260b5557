"""A misbehaving server, a ledger and a caller, in a few lines."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from debate.calls import Caller, CallSpec, Policy, Setback
from debate.ledger import Budget, SqliteLedger
from debate.models.endpoint import read_model
from debate.models.wire import Sampling, Schema
from debate.models.wires import Wires
from tests.faults.server import FaultServer

SCHEMA = Schema(
    "Claim",
    {
        "type": "object",
        "properties": {"claim": {"type": "string"}, "confidence": {"type": "integer"}},
        "required": ["claim", "confidence"],
        "additionalProperties": False,
    },
)
QUICK = Policy(first_pause=0.01, longest_pause=0.05, deadline=8.0)
KEY = "sk-CANARY-4f1d77"


@dataclass
class Bench:
    """Everything a call needs, against one server."""

    server: FaultServer
    ledger: SqliteLedger
    wires: Wires
    setbacks: list[Setback] = field(default_factory=list)

    def caller(self, *, budget: Budget | None = None, policy: Policy = QUICK, **more: object) -> Caller:
        return Caller(
            self.ledger,
            budget=budget or Budget("test"),
            policy=policy,
            listen=self.setbacks.append,
            **more,  # type: ignore[arg-type]  # whatever the test gives
        )

    def spec(
        self,
        model: str,
        text: str = "What is wrong?",
        *,
        url: str = "",
        schema: Schema | None = SCHEMA,
        sampling: Sampling | None = None,
        sample: int = 0,
    ) -> CallSpec:
        found = read_model(
            f"openai:{model}", base_url=url or self.server.url, environ={"OPENAI_API_KEY": KEY}
        )
        wire = self.wires.wire(found)
        return CallSpec("lens", wire, [("user", text)], schema, sampling or Sampling(), sample)


async def until(condition: Callable[[], object]) -> None:
    """Wait for something another task does."""
    while not condition():  # noqa: ASYNC110 - a fact of the server, not an event of ours
        await asyncio.sleep(0.005)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A bench with an impatient client: silence of 0.4 s is a hang."""
    server = FaultServer()
    await server.start()
    async with (
        SqliteLedger.open(tmp_path / "ledger.sqlite3") as ledger,
        Wires(connect=2.0, read=0.4) as wires,
    ):
        yield Bench(server, ledger, wires)
    await server.stop()


Rows = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """Read the ledger's file with a query, behind its back."""

    def query(sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as connection:
            return connection.execute(sql).fetchall()

    return query
