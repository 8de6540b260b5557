"""Citations: ids of facts and readings that a contribution names."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from debate.cards.facts import FactKind
from debate.cards.problem import ProblemCard


def citation_faults(where: str, cites: Sequence[str], card: ProblemCard) -> list[str]:
    """A sentence when nothing is cited, and one for each id the card does not have."""
    if not cites:
        return [f"{where} cites nothing; name the facts it rests on, from {valid_ids(card)}"]
    unknown = dict.fromkeys(id_ for id_ in cites if card.fact(id_) is None)
    return [
        f"{where} cites {id_!r}, which is no fact or reading; valid are {valid_ids(card)}" for id_ in unknown
    ]


def valid_ids(card: ProblemCard) -> str:
    """All citable ids by kind: "C1 to C4, T1 to T5, R1"."""
    return _spans([fact.id for fact in card.facts] + [reading.id for reading in card.readings])


def ids_of(card: ProblemCard, kind: FactKind) -> str:
    """The ids of one kind of fact: "T1 to T5", or "none"."""
    return _spans(fact.id for fact in card.of(kind)) or "none"


def _spans(ids: Iterable[str]) -> str:
    groups = [list(group) for _, group in groupby(ids, key=lambda id_: id_[:1])]
    return ", ".join(g[0] if len(g) == 1 else f"{g[0]} to {g[-1]}" for g in groups)
