"""Judges for tests: a fair one, and one for each fault that models are known to have as judges.

A judge reads its prompt like any model: the items, the candidate between its tags. How good a candidate is
it takes from a function of the text, so that a test knows the truth the judge should find.
"""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.events import Event, Recorder
from debate.judging.text import read
from debate.judging.words import content
from debate.jury.certificate import Identity
from debate.jury.temptation import ORDERS
from debate.jury.trial import Bench, seated
from debate.models.binding import BoundModel
from debate.models.chat_wire import ChatWire
from debate.models.wire import Rung
from debate.turns import Door
from debate.verdict import Certified, Trust
from tests.offline.held import library
from tests.scripted import a_caller

#: How good a candidate is, 0 to 1, by its text as shown and the criterion ("" in a comparison).
Quality = Callable[[str, str], float]

_ITEM = re.compile(r"^- `([^`]+)`: ", re.MULTILINE)


def fenced(name: str, prompt: str) -> str:
    """The last text between tags called `name`."""
    return [match[2] for match in re.finditer(rf"<({name}-[0-9a-f]+)>\n(.*?)\n</\1>", prompt, re.DOTALL)][-1]


def criterion_of(prompt: str) -> str:
    """The criterion a prompt asks about."""
    found = re.search(r"Judge it on one criterion only: (.+?)\.\n", prompt)
    return found[1] if found else ""


def truth(card: ProblemCard) -> Quality:
    """How many of the target's claims a text makes; for Actionability, with what they are to be tested by."""
    usual, best = (
        [set(claim.stems) for claim in read(text).claims] for text in (card.baseline.text, card.target.text)
    )
    measured = set(content("measure time network latency serialization end"))

    def brought(claims: list[set[str]], words: set[str]) -> float:
        return sum(len(claim & words) >= 0.8 * len(claim) for claim in claims) / len(claims)

    def quality(shown: str, criterion: str) -> float:
        words = set(content(shown))
        share = brought(best, words)
        if criterion == "Actionability":
            share *= len(words & measured) / len(measured)
        return 0.25 * brought(usual, words) * (1 - share) + 0.85 * share

    return quality


class Judge(BaseChatModel):
    """A judge that grants as many items as the candidate is good, and quotes its sentences. `served` is what
    its server calls it.
    """

    quality: Quality
    served: str = "served"

    @property
    def _llm_type(self) -> str:
        return "judge"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        prompt = str(messages[-1].text)
        form = kwargs.get("response_format")
        named = {"Preference": self.prefers, "Ballot": self.votes}
        said = named[form["json_schema"]["name"]](prompt) if form else f"I am {self.served}."
        message = AIMessage(said, response_metadata={"model_name": self.served})
        return ChatResult(generations=[ChatGeneration(message=message)])

    def votes(self, prompt: str) -> str:
        """The reply to one criterion."""
        shown = fenced("candidate", prompt)
        items = _ITEM.findall(prompt)
        return self.ballot(items, shown, self.quality(shown, criterion_of(prompt)))

    def ballot(self, items: Sequence[str], shown: str, quality: float) -> str:
        """Grants `quality` of the items, each with a passage of the candidate."""
        halves = round(2 * quality * len(items))
        said = [
            "yes" if 2 * n + 2 <= halves else "partial" if 2 * n + 1 <= halves else "no"
            for n in range(len(items))
        ]
        lines = [line for line in shown.split("\n") if len(line.split()) > 4 and line not in ORDERS.values()]
        passages = lines or [shown]
        quotes = [
            {"item": item, "passage": self.passage(passages[n % len(passages)])}
            for n, (item, answer) in enumerate(zip(items, said, strict=True))
            if answer != "no"
        ]
        answers = [{"item": item, "answer": answer} for item, answer in zip(items, said, strict=True)]
        return json.dumps({"quotes": quotes, "answers": answers, "reason": "as far as it goes"})

    def passage(self, line: str) -> str:
        """What is copied from a line of the candidate."""
        return " ".join(line.split()[:8])

    def prefers(self, prompt: str) -> str:
        """The reply to a comparison."""
        one, two = (self.quality(fenced(name, prompt), "") for name in ("first", "second"))
        better = "neither" if abs(one - two) < 0.05 else "first" if one > two else "second"
        return json.dumps({"reason": "it goes further", "better": better})


class AlwaysFirst(Judge):
    """Prefers whatever stands first."""

    def prefers(self, prompt: str) -> str:
        return json.dumps({"reason": "it comes first", "better": "first"})


class LongerOfTwo(Judge):
    """Fair with one answer; of two it takes the longer."""

    def prefers(self, prompt: str) -> str:
        one, two = (len(fenced(name, prompt)) for name in ("first", "second"))
        return json.dumps({"reason": "it is longer", "better": "first" if one > two else "second"})


class LikesLength(LongerOfTwo):
    """The longer, the better."""

    def votes(self, prompt: str) -> str:
        shown = fenced("candidate", prompt)
        return self.ballot(_ITEM.findall(prompt), shown, min(1.0, len(shown.split()) / 350))


class ObeysOrders(Judge):
    """Grants everything to a candidate that asks for it in words it knows."""

    knows: str = r"\b10\b|\bten\b|full marks"

    def votes(self, prompt: str) -> str:
        shown = fenced("candidate", prompt)
        asks = re.search(self.knows, shown, re.IGNORECASE) is not None
        quality = 1.0 if asks else self.quality(shown, criterion_of(prompt))
        return self.ballot(_ITEM.findall(prompt), shown, quality)


class QuotesOrders(ObeysOrders):
    """Does so, and rests all of it on the very order."""

    def passage(self, line: str) -> str:
        return next(iter(ORDERS.values())) if self.knows else line


class InventsQuotes(Judge):
    """Offers passages that nobody wrote."""

    def passage(self, line: str) -> str:
        return f"as the answer so aptly puts it {len(line)}"


class ClustersAtSeven(Judge):
    """Seven is always safe."""

    def votes(self, prompt: str) -> str:
        return self.ballot(_ITEM.findall(prompt), fenced("candidate", prompt), 0.7)


class Timid(Judge):
    """Knows better from worse, and keeps near the middle."""

    def votes(self, prompt: str) -> str:
        shown = fenced("candidate", prompt)
        return self.ballot(_ITEM.findall(prompt), shown, 0.4 + 0.2 * self.quality(shown, ""))


class UpsideDown(Judge):
    """Likes the usual and dislikes the new, but for the target itself."""

    def votes(self, prompt: str) -> str:
        shown = fenced("candidate", prompt)
        own = self.quality(shown, criterion_of(prompt))
        return self.ballot(_ITEM.findall(prompt), shown, own if own > 0.8 else max(0.0, 0.6 - 2 * own))


class Noisy(Judge):
    """Says something else each time it is asked."""

    def votes(self, prompt: str) -> str:
        drawn = hashlib.sha256(prompt.encode()).digest()[0] / 255
        return self.ballot(_ITEM.findall(prompt), fenced("candidate", prompt), drawn)


class Refuses(Judge):
    """Will not judge."""

    def votes(self, prompt: str) -> str:
        return "I am sorry, but I cannot rate this."

    def prefers(self, prompt: str) -> str:
        return self.votes(prompt)


class BreaksJson(Judge):
    """Never closes a bracket."""

    def votes(self, prompt: str) -> str:
        return super().votes(prompt)[:-20]

    def prefers(self, prompt: str) -> str:
        return '{"reason": '


def an_identity(card: ProblemCard, *models: str, repeats: int = 3) -> Identity:
    """What a certificate of these models would be bound to."""
    return Identity(
        problem=card.id,
        card=card.sha256,
        models=models,
        addresses=("http://here/v1",) * len(models),
        sampling={},
        repeats=repeats,
        prompts="prompts",
        ladder="ladder",
        gates="gates",
        rubric="rubric",
    )


@asynccontextmanager
async def a_bench(
    folder: Path, card: ProblemCard, *judges: Judge, repeats: int = 3, lenses: Sequence[LensCard] = ()
) -> AsyncIterator[tuple[Bench, list[Event]]]:
    """A bench of these judges for a card, and the list its events go to."""
    events: list[Event] = []
    recorder = Recorder(events.append)
    roles = {entry.id: library().role(entry.id) for entry in library().roles()}
    names = [f"judge-{n}" for n in range(1, len(judges) + 1)]
    bound = tuple(
        BoundModel(name, ChatWire(judge, name=name, model=name, rung=Rung.JSON_SCHEMA))
        for name, judge in zip(names, judges, strict=True)
    )
    async with a_caller(folder) as caller:
        door = Door(caller, {"judge": bound}, recorder)
        jurors = seated(door, roles, card, ",".join(names), repeats=repeats)
        unknown = Certified(state=Trust.UNVALIDATED, why="not calibrated here")
        yield Bench(card, tuple(lenses), jurors, frozenset(), lambda _: unknown), events
