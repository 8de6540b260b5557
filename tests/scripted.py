"""Models that say what a test wrote for them, behind the same ledger and caller as any other."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from debate.calls import Caller
from debate.ledger import Budget, SqliteLedger
from debate.models.binding import BoundModel
from debate.models.chat_wire import ChatWire
from debate.models.scripted import ScriptedChat
from debate.models.wire import Rung


def a_chat(script: Mapping[str, Sequence[str | Exception]]) -> ScriptedChat:
    return ScriptedChat(script=script)


def bound(chat: ScriptedChat, name: str = "scripted") -> BoundModel:
    """`chat` as a run's model of this name."""
    return BoundModel(name, ChatWire(chat, name=name, model=name, rung=Rung.JSON_SCHEMA))


@asynccontextmanager
async def a_caller(folder: Path) -> AsyncIterator[Caller]:
    """A caller with a ledger in `folder`."""
    async with (
        SqliteLedger.open(folder / "ledger.sqlite3") as ledger,
        Caller(ledger, budget=Budget("test")) as caller,
    ):
        yield caller
