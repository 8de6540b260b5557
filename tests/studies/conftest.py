"""Studies as a user holds them: on a house server that says of each request whose turn it was."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import pytest

from tests.cli.conftest import Debate, debate
from tests.debates.house_server import HouseServer, house_says, schema_of
from tests.faults.server import Exchange, Step
from tests.test_runs import CARD

__all__ = ["Debate", "debate"]

SIX = (
    "bottleneck-theory",
    "emergence",
    "feedback-loops",
    "leverage-points",
    "pace-layering",
    "system-boundaries",
)
SEATS = {
    "SeatReport": "seat",
    "Plan": "critic",
    "Letter": "writer",
    "Ballot": "ballot",
    "Preference": "comparison",
}


class StudyServer(HouseServer):
    """Every call of a study succeeds on it, with a lens or without one."""

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def step(self, exchange: Exchange) -> Step:
        """The house's reply to everybody."""
        self.asked[role_of(exchange)] += 1
        return self.reply

    def words(self, exchange: Exchange) -> str:
        """What the offline model says."""
        return house_words(exchange)


def role_of(exchange: Exchange) -> str:
    """Whose turn a request belongs to: "seat" (with a lens), "neutral", "critic", "writer", or of a judge
    "ballot" and "comparison".
    """
    role = SEATS[exchange.asked["response_format"]["json_schema"]["name"]]
    lens = "through one lens:" in exchange.asked["messages"][1]["content"]
    return "neutral" if role == "seat" and not lens else role


def house_words(exchange: Exchange) -> str:
    """What the offline model says to the messages of a request."""
    return house_says(json.dumps(exchange.asked["messages"]), schema_of(exchange))


def usage(exchange: Exchange) -> tuple[int, int]:
    """The tokens this server counts of a request and its reply."""
    return len(exchange.body) // 4, len(house_words(exchange)) // 4


def counts(requests: Iterable[Exchange]) -> Counter[str]:
    """Requests by role."""
    return Counter(role_of(exchange) for exchange in requests)


@pytest.fixture
def server() -> Iterator[StudyServer]:
    """The server, in a thread of its own."""
    with StudyServer() as made:
        yield made


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A problem nobody has heard of, with both known answers."""
    path = tmp_path / "clinic.md"
    path.write_text(CARD, encoding="utf-8")
    return path
