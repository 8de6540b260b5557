"""Novelty and Originality: how far an answer's claims lie from the baseline's, by words.

Distance is measured claim by claim and averaged, so one odd sentence does little, and counts only where a
claim is about the case. Claims that are off topic count 0, but for a few asides; those that only restate the
problem, a constraint or an attempt are left out of the mean, for what the card says is neither a good nor a
bad idea of the answer's. To link two things of the case as the case does not is an idea. Novelty looks at all
claims. Originality looks at the claims that give a mechanism or turn the question round, and also asks that
they be no more of what was tried. How like two claims are is left to the case's distance.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from debate.cards.facts import FactKind
from debate.judging.actionability import bans, breaks
from debate.judging.case import Case, Feature
from debate.judging.causes import chain
from debate.judging.sentences import quote
from debate.judging.text import Answer, Claim
from debate.judging.words import GENERIC, content, stems

_LINK = 0.5  # what a new link between the case's own things counts without a new word
_NEW_WORDS = 3  # new words from which on a claim counts as saying something new
# Fewer claims are averaged as if there were so many: one good sentence is no answer.
_FEWEST_CLAIMS, _FEWEST_MECHANISMS, _FEWEST_WITH_ATTEMPTS = 4, 3, 2
_NAMING = 3  # words that name the problem itself; they tell in a short answer and in no long one
_OPENING = 3  # an attempt among the first words of a claim is what the claim is about
_ASIDES = 0.5  # sentences off topic for each one on topic that do not dilute an answer
_RETOLD = 0.6  # share of a constraint's or an attempt's words from which on a claim says it again
_MOSTLY = 0.5  # share of a claim's words that come from what it says again when it says little else

CAUSAL = re.compile(
    r"""\b(?:because|since\s+(?:the|each|every|it|they|no)|so\s+(?:that|the|it|no|each|every|they|more)|therefore
    |thus|hence|which\s+(?:is\s+(?:also\s+)?why|means|makes|forces|keeps|leaves)|(?:that|this)(?:'s|\s+is)\s+(?:also\s+)?why|due\s+to|caused?\s+by|causes\s+(?:the|an?|each|every|it|more)
    |leads?\s+to|results?\s+in|driven\s+by|depends?\s+on|forces|produces?|comes?\s+from|explains?|suggests?
    |means\s+that|only\s+\w+\s+when|as\s+long\s+as|sets?\s+the|more\s+of\s+the\s+same
    |(?:decides?|determines?|governs?|limits?|dictates?|holds?\s+back|keeps?|drives?)
        \s+(?:the|how|what|which|every|each|it|all|most)
    |too\s+(?:much|many|few|little)\s+(?!is\b|are\b|was\b|were\b)\w+|none\s+(?:made|changed|touched|removed)
    |(?:cannot|can't)\s+(?:overcome|reach|fix|change|move|optimi[sz]e))\b
    |\A\W*so\s+(?:the|those|these|any|each|every|it|you|a)\s|(?:has|have)\s+eaten\b
    |[,;]\s+so\s+(?!far\b|on\b|as\b|called\b|much\b|many\b)\w+""",
    re.IGNORECASE | re.VERBOSE,
)
WHY = re.compile(
    r"\b(?:why|reason|because|fell\s+short|limited|little|explain|plateau|failed|attempts?)\b", re.IGNORECASE
)
REFRAME = re.compile(
    r"""\b(?:(?:is|are|was|isn't|aren't|not)\s+(?:not\s+)?[^.;:]{1,80}?[,;]?\s+but\s|rather\s+than|instead\s+of
    |(?:is|are|was|were|do|does|did)(?:n't|\s+not)\s[^.;:]{1,80}?[,;]\s+(?:it|they|that|you)(?:'s|'re|\s+is|\s+are|\s+was|\s+were)\s
    |but\s+(?:did|do|does|not|never|still|nothing|none)\s
    |not\s+(?:(?:at|in|for|with|by|about)\s+)?(?:the|a|an|your|its|their)\s|not\s+(?:in|on)\s|root\s+cause|bottleneck
    |(?:real|actual|true|underlying|deeper)\s+(?:constraint|problem|bottleneck|cause|limit|issue|question)
    |my\s+(?:bet|guess|suspicion)\s+is|i(?:'d)?\s+(?:bet|suspect)\s|(?:wrong|other)\s+(?:half|end|side|thing|question|place|people|part)
    |what\s+(?:limits?|decides?|holds?|slows?|costs?)\s|\A\W*(?:observation|diagnosis|insight|reframe)\s*:
    |(?:issue|problem|breakthrough|diagnosis|hypothesis|constraint)\s*(?:is\b|isn't\b|lies\b|:))""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Distance:
    """One claim's novelty (0 to 1), whether it is off topic, and its nearest known claim."""

    claim: Claim
    value: float
    off: bool
    nearest: str = ""


def novelty(case: Case, answer: Answer) -> Feature:
    """Mean distance of all claims from the baseline's claims."""
    claims = [c for c in answer.claims if not _restates(case, case.unnamed(c))]
    distances = [_distance(case, claim, case.baseline.claims) for claim in claims]
    tie = own_tie(case, answer)
    value = tie * _mean(distances, _FEWEST_CLAIMS, sum(_retells(case, claim) for claim in answer.claims))
    return Feature(
        value, (*_told(distances, value, "claims", "the baseline's"), *_loose(tie), case.distance.note)
    )


def originality(case: Case, answer: Answer) -> Feature:
    """Mean distance of claims that explain or reframe from the baseline's claims and from what was tried."""
    tried = tuple(Claim(a.name, a.stems, "") for a in case.attempts)
    mechanisms = [c for n, c in enumerate(answer.claims) if _carries(case, case.unnamed(c), first=n == 0)]
    if not mechanisms:
        return Feature(0.0, ("No claim gives a mechanism or turns the question round.", case.distance.note))
    distances = [_distance(case, claim, (*case.baseline.claims, *tried)) for claim in mechanisms]
    # A diagnosis held against the attempts one by one is more than a sentence, though they count elsewhere.
    aside = sum(is_mechanism(c) and _explains_one_attempt(case, c) for c in answer.claims)
    # One sentence of them may name a thing of the case in passing; together they must be about it.
    tie = min(own_tie(case, answer), case.tie(case.unnamed(claim).stems for claim in mechanisms))
    value = tie * _mean(distances, max(_FEWEST_WITH_ATTEMPTS, _FEWEST_MECHANISMS - aside))
    told = _told(distances, value, "claims with a mechanism", "baseline and attempts")
    return Feature(value, (*told, *_loose(tie), case.distance.note))


# Four criteria ask for it.
@lru_cache(maxsize=64)
def own_tie(case: Case, answer: Answer) -> float:
    """How far what an answer says of its own is tied to the case: beside retelling and quoting it. Of the
    words that name the problem itself a few count, once each, as anybody may repeat them.
    """
    marks = {mark for attempt in case.attempts for mark in attempt.marks}
    bare = (case.own(claim) for claim in answer.claims)
    own = (c for c in bare if not _restates(case, c) and not marks.intersection(c.stems[:_OPENING]))
    said = [s for claim in own for s in claim.stems]
    naming = list(dict.fromkeys(s for s in said if s in case.given))[:_NAMING]
    return case.tie([[s for s in said if s not in case.given], naming])


def _loose(tie: float) -> tuple[str, ...]:
    if tie >= 1:
        return ()
    return (f"What it says of its own shares few words with the case: counted {tie:.2f} times.",)


def is_mechanism(claim: Claim) -> bool:
    """True for a sentence that says why, or (outside a step's details) that the matter lies elsewhere.

    "If …" says what will be done, not what is.
    """
    if claim.text.startswith("If "):
        return False
    return bool(CAUSAL.search(claim.text) or (not claim.within and REFRAME.search(claim.text)))


def _carries(case: Case, claim: Claim, *, first: bool) -> bool:
    """Whether Originality is judged by this claim: a mechanism, or the sentence an answer opens with."""
    if not (is_mechanism(claim) or (first and _is_sentence(claim))):
        return False
    return not _restates(case, claim) and not _explains_one_attempt(case, claim)


def _distance(case: Case, claim: Claim, known: Sequence[Claim]) -> _Distance:
    if not case.on_topic(claim):
        return _Distance(claim, 0.0, off=True)
    bare = case.unnamed(claim)
    base = {s for other in known for s in other.stems}
    new = sum(s not in base and s not in case.core and s not in GENERIC for s in bare.stems)
    alike = case.distance.similarity
    near = max(
        ((alike(bare, other, case.core.__contains__), other.text) for other in known), default=(0.0, "")
    )
    fresh = max(min(1.0, new / _NEW_WORDS), _LINK if _links(case, bare) else 0.0)
    return _Distance(claim, fresh * (1 - near[0]), off=False, nearest=near[1])


def _restates(case: Case, claim: Claim) -> bool:
    """True for a sentence in the problem's own words, which is no idea of the answer's, good or bad: all its
    words are the problem's, or it mostly says a constraint or an attempt again. A list item in the problem's
    words is a proposal.
    """
    own = all(s in case.core or s in GENERIC for s in claim.stems)
    return (own and not claim.top and not _links(case, claim)) or _retells(case, claim)


def _links(case: Case, claim: Claim) -> bool:
    """True for a cause and an effect in the case's words that no fact of it puts together."""
    found = chain(claim.text)
    if found is None or not (found.cause & case.core and found.effect & case.core):
        return False
    return all(_shared(claim.stems, stems(fact.text)) < _RETOLD for fact in case.card.facts)


def _retells(case: Case, claim: Claim) -> bool:
    """True for a claim that is mostly a constraint kept or an attempt named.

    It has most words of each such fact, and these make up half of it. A constraint it breaks is its own idea,
    and so is an attempt that a list proposes once more.
    """
    again = WHY.search(claim.lead) or not claim.top
    tried = [a.stems for a in case.attempts if again]
    kept = [content(fact.text.split("(")[0]) for fact in case.card.of(FactKind.CONSTRAINT)]
    said = {s for words in (*kept, *tried) if _shared(words, claim.stems) >= _RETOLD for s in words}
    return _shared(claim.stems, said) >= _MOSTLY and not any(breaks(claim.text, ban) for ban in bans(case))


def _shared(words: Sequence[str], among: Collection[str]) -> float:
    """The share of words that are among others, 0 for none."""
    return sum(word in among for word in words) / len(words) if words else 0.0


def _is_sentence(claim: Claim) -> bool:
    """An answer's first sentence is its diagnosis when it says something; a title or an item is not."""
    return not claim.top and len(claim.stems) >= 5 and not claim.text.rstrip().endswith(("?", ":"))


def _mean(distances: Sequence[_Distance], fewest: int, retold: int = 0) -> float:
    """The mean of at least `fewest`; `retold` claims, left out of it, are about the case and allow asides."""
    on = sum(not d.off for d in distances)
    counted = on + max(0.0, len(distances) - on - (on + retold) * _ASIDES)
    return sum(d.value for d in distances) / max(counted, fewest)


def _told(distances: Sequence[_Distance], value: float, what: str, known: str) -> tuple[str, ...]:
    if not distances:
        return (f"There are no {what}.",)
    off = sum(d.off for d in distances)
    reasons = [f"Mean distance {value:.2f} from {known} over {len(distances)} {what}."]
    if off:
        reasons.append(f"{off} of them off topic; more than one for every two others dilutes the mean.")
    best = max(distances, key=lambda d: d.value)
    if best.value:
        reasons.append(f"Furthest: {quote(best.claim.text)} ({best.value:.2f}).")
    near = min((d for d in distances if not d.off and d.nearest), key=lambda d: d.value, default=best)
    if near is not best:
        reasons.append(
            f"Nearest: {quote(near.claim.text)} ({near.value:.2f}), close to {quote(near.nearest, 50)}."
        )
    return tuple(reasons)


def _explains_one_attempt(case: Case, claim: Claim) -> bool:
    """A claim on why one attempt fell short is judged under Explanation; here it would look like more of the
    same.
    """
    why = bool(WHY.search(claim.lead))
    if why and any(a.stems and claim.stems[: len(a.stems)] == a.stems for a in case.attempts):
        return True
    if REFRAME.search(claim.text):
        return False
    named = [a for a in case.attempts if any(mark in claim.stems for mark in a.marks)]
    if len(named) != 1:
        return False
    marks = named[0].marks
    opening = sum(mark in claim.stems[:_OPENING] for mark in marks)
    return opening > len(marks) / 2 or (opening > 0 and why)
