"""Comparing two runs: what was asked otherwise, and what came out otherwise, in words and not in ids.

An id says who spoke and in which place, so it tells nothing across runs. Hypotheses and steps are paired by
what they say: the same words first, then the most alike by the stems of their content words (Jaccard's index,
at least `ALIKE`), each with one partner at most. What finds none was lost or gained.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Final, Generic, TypeVar

from debate.contributions import Step
from debate.events import CallFinished, PlanMade, VerdictGiven
from debate.manifest import Manifest
from debate.trail import Fate, fate_of, hypotheses_of, seat_name
from debate.transcripts import Run
from debate.words import stems

ALIKE: Final = 0.5

# A fence tag comes from the seed and means nothing.
_TAG: Final = re.compile(r"(</?[a-z]+)-[0-9a-f]{10}>")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """What one run and the other say; None where there is nothing to it."""

    one: T | None
    other: T | None

    @property
    def same(self) -> bool:
        """Whether there is no difference."""
        return self.one == self.other


@dataclass(frozen=True, slots=True)
class PromptChange:
    """A call whose prompt differs. `lines` is a unified diff without context, without its head; empty when
    only one of the runs made the `call`.
    """

    call: str
    asked: Pair[bool]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idea:
    """A hypothesis in one of the runs: who raised it, what it claims, what became of it."""

    id: str
    seat: str
    claim: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs. `one` is the first that was named, `other` the second.

    `settings` holds what was asked otherwise, by name; `lenses_…` the names of lenses that sit in just one,
    and in both. `ideas` and `steps` are paired by meaning: `other` is None for a lost one, `one` for a gained
    one; they stand in the order of the second run, lost ones last. `scores` are by judge ("checks" or
    "model") and criterion, 0 to 10, the headline last.
    """

    one: Run
    other: Run
    settings: Mapping[str, Pair[str]]
    lenses_lost: tuple[str, ...]
    lenses_gained: tuple[str, ...]
    lenses_kept: tuple[str, ...]
    prompts: tuple[PromptChange, ...]
    ideas: tuple[Pair[Idea], ...]
    steps: tuple[Pair[Step], ...]
    scores: Mapping[tuple[str, str], Pair[float]]

    @property
    def gained(self) -> tuple[Idea, ...]:
        """Hypotheses of the second run that the first does not have."""
        return tuple(pair.other for pair in self.ideas if pair.one is None and pair.other)

    @property
    def lost(self) -> tuple[Idea, ...]:
        """Hypotheses of the first run that the second does not have."""
        return tuple(pair.one for pair in self.ideas if pair.other is None and pair.one)


def compare(one: Run, other: Run) -> Comparison:
    """What differs between `one` and `other`."""
    names, others = _lenses(one.manifest), _lenses(other.manifest)
    before, after = _ideas(one), _ideas(other)
    return Comparison(
        one=one,
        other=other,
        settings=_settings(one.manifest, other.manifest),
        lenses_lost=tuple(name for name in names if name not in others),
        lenses_gained=tuple(name for name in others if name not in names),
        lenses_kept=tuple(name for name in names if name in others),
        prompts=tuple(_prompt_changes(one, other)),
        ideas=tuple(_paired(before, after, lambda idea: idea.claim)),
        steps=tuple(_paired(_steps(one), _steps(other), lambda step: f"{step.title}. {step.action}")),
        scores=_scores(one, other),
    )


def _settings(one: Manifest, other: Manifest) -> dict[str, Pair[str]]:
    said, others = _asked(one), _asked(other)
    pairs = {name: Pair(said.get(name), others.get(name)) for name in {**said, **others}}
    return {name: pair for name, pair in pairs.items() if not pair.same}


def _asked(manifest: Manifest) -> dict[str, str]:
    """What was asked, by name; a card's hash stands for its text."""
    cards = {
        "problem card": [manifest.problem],
        "protocol file": [manifest.protocol],
        **{f"lens card {card.id}": [card] for card in manifest.lenses},
        **{f"role card {card.id}": [card] for card in manifest.roles},
    }
    return {
        "problem": manifest.problem.id,
        "lenses": manifest.terms,
        "protocol": manifest.protocol.id,
        "seed": str(manifest.seed),
        **{f"model of {role}": model for role, model in manifest.models.items()},
        **{name: str(value) for name, value in manifest.settings.items()},
        **{name: card.sha256[:12] for name, (card,) in cards.items()},
        "debate": manifest.debate,
    }


def _lenses(manifest: Manifest) -> list[str]:
    return [seat.name for seat in manifest.seats if seat.lens]


def _prompt_changes(one: Run, other: Run) -> list[PromptChange]:
    prompts, others = _prompts(one), _prompts(other)
    found = []
    for call in {**prompts, **others}:
        said, says = prompts.get(call), others.get(call)
        if said is None or says is None:
            found.append(PromptChange(call, Pair(said is not None or None, says is not None or None), ()))
        elif said != says:
            lines = [line for line in unified_diff(said, says, n=0, lineterm="") if not line.startswith("@@")]
            found.append(PromptChange(call, Pair(True, True), tuple(lines[2:])))
    return found


def _prompts(run: Run) -> dict[str, list[str]]:
    """Lines of the prompts by call, without what only the seed decides."""
    return {
        call.call: _TAG.sub(r"\1>", "\n".join(message.content for message in call.messages)).splitlines()
        for call in sorted(run.of(CallFinished), key=lambda call: call.call)
    }


def _ideas(run: Run) -> list[Idea]:
    return [
        Idea(said.id, seat_name(run, said.seat), said.claim, fate_of(run, said.id))
        for said in hypotheses_of(run).values()
    ]


def _steps(run: Run) -> Sequence[Step]:
    made = run.of(PlanMade)
    return made[-1].plan.steps if made else ()


def _paired(before: Sequence[T], after: Sequence[T], words: Callable[[T], str]) -> list[Pair[T]]:
    """Pairs in the order of `after`, then what of `before` has no partner."""
    said, says = [stems(words(each)) for each in before], [stems(words(each)) for each in after]
    alike = sorted(
        (-_alike(words(one), words(other), said[n], says[m]), n, m)
        for n, one in enumerate(before)
        for m, other in enumerate(after)
    )
    partner: dict[int, int] = {}
    for likeness, n, m in alike:
        if -likeness >= ALIKE and n not in partner.values() and m not in partner:
            partner[m] = n
    pairs = [Pair(before[partner[m]] if m in partner else None, each) for m, each in enumerate(after)]
    return [*pairs, *(Pair(each, None) for n, each in enumerate(before) if n not in partner.values())]


def _alike(one: str, other: str, said: frozenset[str], says: frozenset[str]) -> float:
    """From 0 to 1, and 2 for the same words."""
    if one == other:
        return 2.0
    return len(said & says) / len(said | says) if said or says else 0.0


def _scores(one: Run, other: Run) -> dict[tuple[str, str], Pair[float]]:
    scores, others = _scores_of(one), _scores_of(other)
    return {key: Pair(scores.get(key), others.get(key)) for key in {**scores, **others}}


def _scores_of(run: Run) -> dict[tuple[str, str], float | None]:
    return {
        (verdict.kind, score.name): score.answer
        for verdict in sorted((event.verdict for event in run.of(VerdictGiven)), key=lambda each: each.kind)
        for score in (*verdict.criteria, verdict.headline)
    }
