"""A case: one problem card prepared for judging, so that all its answers are measured by the same words.

The *core* of a case is what the problem itself says (title, question, facts); its *field* adds the two known
answers and the author's words on the lenses, because an answer may be on topic without repeating the problem.
A claim is on topic when enough of its words are in the field. An answer has less *substance*, from 0 (nothing
on topic) to 1, when it touches fewer words of the field or of the core than the baseline does, or when they
are few for its length: a long text on something else touches many by chance. Every score is scaled by it,
so an empty or foreign answer ends at the bottom whatever else it shows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from debate.cards.facts import Fact, FactKind
from debate.cards.figures import figures as stated
from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.judging.distance import LEXICAL, Distance
from debate.judging.text import Answer, Claim, Entry, Part, read
from debate.judging.words import COMMON, GENERIC, content, figures, stems

_ENOUGH = 10  # distinct words of the field that make an answer fully about the case
_TWO = 1.5  # weight of two words of the field, of which one is common
_FEW = 0.15  # share of a claim's words that must be in the field, when at least that weight is
_SHORT = 0.34  # the same for a single word
_ENTRY = 3  # words of the field in an entry from which on its parts are about the case too
# Share of an answer's words that are the case's: texts on something else reach 0.19, ours on the case 0.28.
_CHANCE, _DENSE = 0.16, 0.26
_COMMON_WEIGHT = 0.5  # what a common word or a figure counts in that share
_PRIOR = 6  # words a short answer is given the benefit of the doubt for
_ASIDES, _ASIDE = 8, 4  # filler: as many sentences, of as many words, that share nothing with the case
# Share of the specific words of ideas that are in the field: 0.13 at most where the cause has nothing to do
# with the case, 0.15 to 0.5 where it has.
_UNTIED, _TIED = 0.06, 0.16
_LOOSE, _HIGHEST = 4.0, 10.0  # the most a criterion gives where nothing is tied to the case, and where all is
_QUOTED = re.compile(r"“[^”]*”")
_REPEATS = 0.6  # share of a claim's words that are the baseline's from which on it repeats the baseline


@dataclass(frozen=True, slots=True)
class Feature:
    """What a criterion measures in one answer: 0 to 1, with reasons a person can check.

    `ceiling` is a score the criterion cannot exceed with this evidence, None when there is no such limit.
    """

    value: float
    reasons: tuple[str, ...] = ()
    ceiling: float | None = None


def ceiling(tie: float) -> float | None:
    """What a criterion cannot exceed when that much of an answer is tied to the case, None for all of it.

    Form alone, however good, ends in the middle.
    """
    return None if tie >= 1 else _LOOSE + (_HIGHEST - _LOOSE) * tie


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that was tried. `marks` are the stems that name it and no other attempt, `stems` all of its
    name.
    """

    fact: Fact
    name: str
    stems: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A card ready for judging. `names` finds lenses by name, `usual` are words of the baseline, `given`
    those that name the problem itself; `baseline` and `target` are the known answers; `distance` says how
    like two claims are. Compared by identity.
    """

    card: ProblemCard
    lenses: tuple[LensCard, ...]
    core: frozenset[str]
    field: frozenset[str]
    usual: frozenset[str]
    given: frozenset[str]
    figures: frozenset[str]
    names: re.Pattern[str]
    attempts: tuple[Attempt, ...]
    baseline: Answer
    target: Answer
    distance: Distance = LEXICAL

    def on_topic(self, claim: Claim) -> bool:
        """True when the claim shares enough of its words and figures with the case, or the entry it is part
        of does.
        """
        if self._shares(claim.stems, claim.figures, _COMMON_WEIGHT):
            return True
        return bool(claim.within) and self._shares(content(claim.within), figures(claim.within), _ENTRY)

    def _shares(self, words: Sequence[str], numbers: Sequence[str], least: float) -> bool:
        shared = sum(_weight(s) for s in words if s in self.field) + sum(n in self.figures for n in numbers)
        share = shared / len(words) if words else 0.0
        return shared >= least and (share >= _SHORT or (shared >= _TWO and share >= _FEW))

    def unnamed(self, claim: Claim) -> Claim:
        """The claim without the names of lenses: naming one is no idea."""
        text = self.names.sub(" ", claim.text)
        return claim if text == claim.text else replace(claim, text=text, stems=content(text))

    def own(self, claim: Claim) -> Claim:
        """The claim without names of lenses and without what it quotes, which ties nothing to the case."""
        bare = self.unnamed(claim)
        text = _QUOTED.sub(" ", bare.text)
        return bare if text == bare.text else replace(bare, text=text, stems=content(text))

    def named(self, answer: Answer) -> list[str]:
        """The names of lenses in an answer, piece by piece."""
        pieces: tuple[Claim | Entry | Part, ...] = (
            *answer.claims,
            *answer.entries,
            *answer.paragraphs,
            *answer.parts,
        )
        return [name for piece in pieces for name in self.names.findall(piece.text)]

    def touched(self, answer: Answer, words: frozenset[str]) -> int:
        """How many of some words the answer's on-topic claims use; the names of lenses are not counted."""
        claims = (self.unnamed(c) for c in answer.claims if self.on_topic(c))
        return len({s for c in claims for s in c.stems if s in words})

    def substance(self, answer: Answer) -> tuple[float, str]:
        """How much the answer is about the case, 0 to 1, and the reason when that is not all of it."""
        if not answer.claims:
            return 0.0, "The answer says nothing that could be judged."
        share, found, need = min(self._reached(answer, words) for words in (self.field, self.core))
        dense, least = (
            self.density(answer),
            min(_DENSE, self.density(self.baseline), self.density(self.target)),
        )
        chance = min(_CHANCE, least * _CHANCE / _DENSE)
        close = min(1.0, max(0.0, (dense - chance) / (least - chance))) if least > chance else 1.0
        if share * close >= 1:
            return 1.0, ""
        few = f"Only {found} of the case's own words are used, {need} are needed" if share < 1 else ""
        thin = f"only {dense:.0%} of its words are the case's, {least:.0%} are usual" if close < 1 else ""
        told = "; ".join(part for part in (few, thin) if part)
        return share * close, f"{told[0].upper()}{told[1:]}: scaled by {share * close:.2f}."

    def density(self, answer: Answer) -> float:
        """Share of an answer's words and figures that are the case's own, 0 to 1: the mean of the shares with
        and without repeats. Short sentences of filler are left out, a few of them.
        """
        said = [self._weighed(self.own(claim)) for claim in answer.claims]
        asides = [n for n, words in enumerate(said) if len(words) <= _ASIDE and not any(k for _, k in words)]
        counted = [words for n, words in enumerate(said) if n not in asides[:_ASIDES]]
        every = [each for words in counted for each in words]
        return (_known(every, _PRIOR) + _known(list(dict.fromkeys(every)), _PRIOR)) / 2

    def tie(self, ideas: Iterable[Sequence[str]], doubt: float = 0.0) -> float:
        """How far ideas, each given as its stems, are tied to this case by their words: 0 to 1.

        1 where there is no specific word to go by. `doubt` is the weight of words taken to be foreign beside
        those there are: of a few words one is soon the case's by chance.
        """
        words = [(s, s in self.field) for stems_of in ideas for s in stems_of if s not in GENERIC]
        if not words:
            return 1.0
        every = sum(_weight(s) for s, _ in words)
        share = (_known(words) + _known(list(dict.fromkeys(words)))) / 2 * every / (every + doubt)
        return min(1.0, max(0.0, (share - _UNTIED) / (_TIED - _UNTIED)))

    def _weighed(self, claim: Claim) -> list[tuple[str, bool]]:
        """The specific words and figures of a claim, each with whether it is the case's own."""
        words = [s for s in claim.stems if s not in GENERIC]
        usual = self.usual
        repeats = bool(words) and sum(s in usual for s in words) / len(words) >= _REPEATS
        known = [(s, s in self.core or (repeats and s in usual)) for s in words]
        return known + [(n, n in self.figures) for n in claim.figures]

    def _reached(self, answer: Answer, words: frozenset[str]) -> tuple[float, int, int]:
        """The share of the words needed that an answer uses, how many it uses and how many are needed."""
        need = min(_ENOUGH, self.touched(self.baseline, words), self.touched(self.target, words))
        found = self.touched(answer, words)
        # Squared: an answer to a neighbouring problem shares some words and must not pass for half.
        return (min(1.0, found / need) ** 2 if need else 1.0), found, need


def _weight(word: str) -> float:
    return _COMMON_WEIGHT if word in COMMON or word[0].isdigit() else 1.0


def _known(words: Sequence[tuple[str, bool]], prior: float = 0.0) -> float:
    """Share of the weight of words that are known; `prior` is the weight of doubt in favour."""
    weights = [(_weight(s), known) for s, known in words]
    total = sum(weight for weight, _ in weights) + prior
    return (sum(weight for weight, known in weights if known) + _DENSE * prior) / total if total else 0.0


def prepare(card: ProblemCard, lenses: Sequence[LensCard], distance: Distance = LEXICAL) -> Case:
    """The case of a card, judged beside the lenses that were given.

    `distance` says how like two claims are.
    """
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
        usual=frozenset(s for c in baseline.claims for s in c.stems),
        given=_specific([card.title, card.question, *_figure_facts(card)]),
        figures=numbers,
        names=re.compile(rf"(?<!\w)(?:{known_names or '(?!)'})(?!\w)", re.IGNORECASE),
        attempts=_attempts(card),
        baseline=baseline,
        target=target,
        distance=distance,
    )


def _figure_facts(card: ProblemCard) -> list[str]:
    """The statements that give today's value and the target."""
    found = stated(card.facts)
    ids = (
        {found.sources[name][0] for name in ("now", "target") if found.sources.get(name)} if found else set()
    )
    return [fact.text for fact in card.facts if fact.id in ids]


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
