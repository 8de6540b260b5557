"""Debates held offline for tests, and what a careful reader would mark in their texts.

`hold` goes the way of every run: library, panel, protocol, nodes, door; only the run folder is left out.
"""

import asyncio
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from debate.cards.problem import ProblemCard, parse_problem
from debate.contributions import Hypothesis, Letter, Plan
from debate.events import Event, LetterWritten, PlanMade, Recorder, Repair, SeatFailed, SeatSpoke
from debate.judging.checks import judge
from debate.library import Library
from debate.models.binding import bind
from debate.models.roles import ROLES
from debate.models.wires import Wires
from debate.panel import Panel, choose
from debate.runs.protocol import load_protocol
from debate.state import Context, DebateInput
from debate.turns import Door
from debate.verdict import Verdict
from tests.scripted import a_caller

CARDS = Path(__file__).resolve().parent / "cards"
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Held:
    """A debate that was held: the card, who sat, and everything that happened."""

    card: ProblemCard
    panel: Panel
    events: tuple[Event, ...]
    answer: str

    def all(self, kind: type[E]) -> list[E]:
        """The events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def hypotheses(self) -> list[Hypothesis]:
        """What all seats said, in the panel's order."""
        spoken = {event.seat: event.hypotheses for event in self.all(SeatSpoke)}
        order = [seat.id for seat in self.panel.seats if seat.id in spoken] or list(spoken)
        return [hypothesis for seat in order for hypothesis in spoken[seat]]

    @property
    def plan(self) -> Plan:
        """The critic's record."""
        return self.all(PlanMade)[-1].plan

    @property
    def letter(self) -> Letter:
        """The writer's letter."""
        return self.all(LetterWritten)[-1].letter

    @property
    def troubles(self) -> list[str]:
        """Every contract a reply broke, and every seat that failed."""
        broken = [fault for event in self.all(Repair) for fault in event.faults]
        return broken + [event.error for event in self.all(SeatFailed)]

    @property
    def verdict(self) -> Verdict:
        """What the checks judge says of the answer."""
        return judge(self.card, self.answer, [seat.lens for seat in self.panel.seats if seat.lens])


@cache
def library() -> Library:
    """The built-in library alone."""
    return Library.open(cwd=CARDS)


def card_of(text: str, name: str = "case") -> ProblemCard:
    """A problem card from its text."""
    return parse_problem(text, Path(f"{name}.md"), "file")


def shipped(name: str) -> ProblemCard:
    """A card of these tests by file name, or a built-in one by id."""
    path = CARDS / f"{name}.md"
    return library().problem(str(path) if path.is_file() else name)


def hold(
    card: ProblemCard,
    terms: str = "high",
    protocol: str = "panel",
    *,
    adhoc: bool = False,
    shelf: Library | None = None,
) -> Held:
    """Hold one debate offline. An error of the run is raised, not recorded."""
    shelf = shelf or library()
    panel = choose(terms, card, shelf, seed=0, allow_adhoc=adhoc)
    events: list[Event] = []
    recorder = Recorder(events.append)
    graph = load_protocol(shelf.protocol(protocol))

    async def judged(answer: str) -> Verdict:
        return judge(card, answer, [])

    async def debate(folder: Path) -> str:
        async with a_caller(folder) as caller, Wires() as wires:
            context = Context(
                problem=card,
                seats={seat.id: seat for seat in panel.seats},
                roles={entry.id: shelf.role(entry.id) for entry in shelf.roles()},
                door=Door(caller, bind(dict.fromkeys(ROLES, "offline"), wires), recorder),
                recorder=recorder,
                judge=judged,
                seed=0,
            )
            state = await graph.ainvoke(DebateInput(seats=list(context.seats)), context=context)
        return str(state["answer"])

    with TemporaryDirectory() as folder:
        answer = asyncio.run(debate(Path(folder)))
    return Held(card, panel, tuple(events), answer)
