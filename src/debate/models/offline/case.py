"""The case as the offline model knows it: read back from the prompt, line by line.

Facts keep their ids; their figures are read again from their text, so that the offline model knows no more
than any other reader of the prompt.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from debate.cards.facts import Fact, FactKind, Reading
from debate.cards.figures import Figures, figures
from debate.cards.quantities import find
from debate.cards.readings import readings
from debate.cards.signals import find_signals
from debate.cards.tried import attempts

_FENCE = r"<({name}-[0-9a-f]+)>\n(.*?)\n</\1>"
_FACT = re.compile(r"^([CHTKS]\d+)\. (.+)$", re.MULTILINE)
_READING = re.compile(r"^(R\d+)\. (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What a prompt says of the problem. `signals` are the shapes of trouble in it, each with its facts.

    Compared by identity: one problem makes one case, of which much is asked again and again.
    """

    title: str
    domain: str
    facts: tuple[Fact, ...]
    readings: tuple[Reading, ...]
    question: str
    figures: Figures | None
    signals: Mapping[str, tuple[str, ...]]

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """Facts of one kind, in order."""
        return tuple(fact for fact in self.facts if fact.kind is kind)

    def fact(self, id_: str) -> Fact | None:
        """The fact called `id_`, or None."""
        return next((fact for fact in self.facts if fact.id == id_), None)

    def reading(self, key: str) -> Reading | None:
        """The first reading of one kind, if the figures allow it."""
        return next((reading for reading in self.readings if reading.key == key), None)

    @property
    def share(self) -> float | None:
        """How much of today's value must go, in per cent; None when it must rise or nothing is stated."""
        return self.figures.gap_share if self.figures is not None and self.figures.lower else None


def fenced(name: str, prompt: str) -> list[str]:
    """The texts that stand in the prompt between tags called `name`, in order."""
    return [match[2] for match in re.finditer(_FENCE.format(name=re.escape(name)), prompt, re.DOTALL)]


def read_case(prompt: str) -> Case:
    """The case in a prompt. A prompt without a problem gives an empty case."""
    return _of_problem(next(iter(fenced("problem", prompt)), ""))


@lru_cache(maxsize=64)
def _of_problem(text: str) -> Case:
    body, _, question = text.partition("\n## The owner asks\n")
    facts = tuple(_fact(id_, text) for id_, text in _FACT.findall(body))
    return Case(
        title=_after("# ", text),
        domain=_after("Domain: ", text).casefold(),
        facts=facts,
        readings=_numbered_as_shown(body, readings(facts)),
        question=question.strip(),
        figures=figures(facts),
        signals=MappingProxyType({signal.name: signal.facts for signal in find_signals(facts)}),
    )


def _fact(id_: str, text: str) -> Fact:
    kind = FactKind(id_[0])
    if kind is not FactKind.TRIED:
        return Fact(id_, kind, text, 0, find(text))
    attempt = attempts(text, labelled=True)[0]
    return Fact(id_, kind, text, 0, find(text), attempt.name, attempt.effect)


def _numbered_as_shown(body: str, computed: Sequence[Reading]) -> tuple[Reading, ...]:
    # The figures are computed again from the facts; a reading counts only if the prompt shows it.
    shown = dict(_READING.findall(body))
    return tuple(reading for reading in computed if reading.id in shown)


def _after(prefix: str, text: str) -> str:
    return next((line[len(prefix) :].strip() for line in text.splitlines() if line.startswith(prefix)), "")
