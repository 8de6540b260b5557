"""Speaking: the case's own words that speak for a move, quoted, with what they show.

A claim that rests on a statement of the owner is told with that statement: it is what makes a general
suspicion one about this case. A shape of trouble is named in words that fit it; a statement found by a word
alone is quoted as it is. Statements that only repeat the figure are no evidence, and neither are wishes.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from debate.cards.facts import Fact, FactKind
from debate.models.offline import wording
from debate.models.offline.case import Case

#: How a sentence opens that quotes the case for a claim.
OPENS = "In your own words, "
_SHOWN = MappingProxyType(
    {
        "growth again": "it has come back before",
        "inflow above outflow": "more comes in than goes out",
        "delay": "the effect comes late",
        "waiting": "something waits",
        "shared resource": "one thing serves several",
        "conflicting interests": "two sides pull",
        "proxy metric": "there is a number or a reward to watch",
        "handover": "the work changes hands",
        "binary choice": "it is put as one thing or the other",
        "old decision": "something old is taken as given",
        "spread": "behind the average there are others",
        "small sample": "few were asked",
        "single point": "it all passes one point",
        "many parts": "many have a part in it",
        "rivals": "others want the same people",
        "uncertain future": "nobody can know yet",
        "newcomers": "they are new to it",
        "silence": "something is not said",
        "interruptions": "the work is broken up",
        "complexity": "there is much to get through",
        "rare event": "there are few of them among many",
    }
)
_MOST_WORDS = 22
_QUOTED = frozenset((FactKind.CONTEXT, FactKind.CHALLENGE))


def sentence(case: Case, speaking: Sequence[Fact], shown: Mapping[str, Sequence[str]]) -> str:
    """One sentence that quotes the case for a move, or "" where it says nothing that speaks for it alone."""
    for name, ids in shown.items():
        facts = [fact for id_ in ids if (fact := case.fact(id_)) is not None]
        fact = next((fact for fact in facts if _quotable(case, fact, _QUOTED | {FactKind.TRIED})), None)
        if fact is not None and name in _SHOWN:
            return f"{OPENS}{_SHOWN[name]}: {_quote(fact)}."
    fact = next((fact for fact in speaking if _quotable(case, fact, _QUOTED)), None)
    return f"{OPENS}{_quote(fact)}." if fact is not None else ""


def _quotable(case: Case, fact: Fact, kinds: frozenset[FactKind]) -> bool:
    stated = case.figures.sources["now"] if case.figures is not None else ()
    short = len(_told(fact).split()) <= _MOST_WORDS
    quotes = any(mark in fact.text for mark in '“”"?!;')
    return fact.kind in kinds and fact.id not in stated and short and not quotes


def _told(fact: Fact) -> str:
    return wording.brief(" ".join(fact.text.split()), _MOST_WORDS)


def _quote(fact: Fact) -> str:
    return f"“{wording.clause(_told(fact)).rstrip('.!?:; ')}”"
