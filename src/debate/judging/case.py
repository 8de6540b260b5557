"""A case: one problem card prepared for judging, so that all its answers are measured by the same words.

The *core* of a case is what the problem itself says (title, question, facts); its *field* adds the two known
answers and the author's words on the lenses, because an answer may be on topic without repeating the problem.
A claim is on topic when enough of its words are in the field. An answer that touches fewer words of the field
or of the core than the baseline does has less *substance*, from 0 (nothing on topic) to 1: every score is
scaled by it, so an empty or foreign answer ends at the bottom whatever else it shows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from debate.cards.facts import Fact, FactKind
from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.judging.text import Answer, Claim, read
from debate.judging.words import GENERIC, content, figures, stems

_ENOUGH = 10  # distinct words of the field that make an answer fully about the case
_FEW = 0.15  # share of a claim's words that must be in the field, when at least two are
_SHORT = 0.34  # the same for a single word
_ENTRY = 4  # words of the field in an entry from which on its parts are about the case too


@dataclass(frozen=True, slots=True)
class Feature:
    """What a criterion measures in one answer: 0 to 1, with reasons a person can check.

    `ceiling` is a score the criterion cannot exceed with this evidence, None when there is no such limit.
    """

    value: float
    reasons: tuple[str, ...] = ()
    ceiling: float | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that was tried. `marks` are the stems that name it and no other attempt, `stems` all of its
    name.
    """

    fact: Fact
    name: str
    stems: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A card ready for judging. `names` finds lenses by name; `baseline`, `target` are the known answers."""

    card: ProblemCard
    lenses: tuple[LensCard, ...]
    core: frozenset[str]
    field: frozenset[str]
    figures: frozenset[str]
    names: re.Pattern[str]
    attempts: tuple[Attempt, ...]
    baseline: Answer
    target: Answer

    def on_topic(self, claim: Claim) -> bool:
        """True when the claim shares enough of its words and figures with the case, or the entry it is part
        of does.
        """
        if self._shares(claim.stems, claim.figures, 1):
            return True
        return bool(claim.within) and self._shares(content(claim.within), figures(claim.within), _ENTRY)

    def _shares(self, words: Sequence[str], numbers: Sequence[str], least: int) -> bool:
        shared = sum(s in self.field for s in words) + sum(n in self.figures for n in numbers)
        share = shared / len(words) if words else 0.0
        return shared >= least and (share >= _SHORT or (shared >= 2 and share >= _FEW))

    def unnamed(self, claim: Claim) -> Claim:
        """The claim without the names of lenses: naming one is no idea."""
        text = self.names.sub(" ", claim.text)
        return claim if text == claim.text else replace(claim, text=text, stems=content(text))

    def touched(self, answer: Answer, words: frozenset[str]) -> int:
        """How many of some words the answer's on-topic claims use; the names of lenses are not counted."""
        claims = (self.unnamed(c) for c in answer.claims if self.on_topic(c))
        return len({s for c in claims for s in c.stems if s in words})

    def substance(self, answer: Answer) -> tuple[float, str]:
        """How much the answer is about the case, 0 to 1, and the reason when that is not all of it."""
        if not answer.claims:
            return 0.0, "The answer says nothing that could be judged."
        share, found, need = min(self._reached(answer, words) for words in (self.field, self.core))
        if share >= 1:
            return 1.0, ""
        return (
            share,
            f"Only {found} of the case's own words are used, {need} are needed: scaled by {share:.2f}.",
        )

    def _reached(self, answer: Answer, words: frozenset[str]) -> tuple[float, int, int]:
        """The share of the words needed that an answer uses, how many it uses and how many are needed."""
        need = min(_ENOUGH, self.touched(self.baseline, words), self.touched(self.target, words))
        found = self.touched(answer, words)
        # Squared: an answer to a neighbouring problem shares some words and must not pass for half.
        return (min(1.0, found / need) ** 2 if need else 1.0), found, need


def prepare(card: ProblemCard, lenses: Sequence[LensCard]) -> Case:
    """The case of a card, judged beside the lenses that were given."""
    baseline, target = read(card.baseline.text), read(card.target.text)
    core = _specific([card.title, card.question, *(f.text for f in card.facts)])
    known = {s for answer in (baseline, target) for c in answer.claims for s in c.stems}
    words = frozenset(known | _specific(f"{r.lens} {r.gloss}" for r in card.relevance))
    said = (card.title, card.question, *(f.text for f in card.facts), *(r.text for r in card.readings))
    rounded = (f"{reading.value:.0f}" for reading in card.readings)
    numbers = frozenset((*(n for text in said for n in figures(text)), *rounded))
    names = sorted(
        {r.lens for r in card.relevance} | {n for each in lenses for n in (each.name, *each.aliases)}
    )
    known_names = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name.strip())
    return Case(
        card=card,
        lenses=tuple(lenses),
        core=core,
        field=core | words,
        figures=numbers,
        names=re.compile(rf"(?<!\w)(?:{known_names or '(?!)'})(?!\w)", re.IGNORECASE),
        attempts=_attempts(card),
        baseline=baseline,
        target=target,
    )


def _specific(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(s for text in texts for s in stems(text) if s not in GENERIC)


def _attempts(card: ProblemCard) -> tuple[Attempt, ...]:
    tried = card.of(FactKind.TRIED)
    named = [(fact, fact.name or fact.text, content(fact.name or fact.text)) for fact in tried]
    attempts = []
    for fact, name, own in named:
        others = {s for other, _, theirs in named if other is not fact for s in theirs}
        attempts.append(Attempt(fact, name, own, tuple(s for s in own if s not in others) or own))
    return tuple(attempts)
