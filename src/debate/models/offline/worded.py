"""Worded: which wording of a move a case gets, and how much of it the case itself speaks of.

A card words a move for a domain with one kind of case in mind: code that answers requests, data that is
loaded by night. A case of the same domain may be of another kind, and a test for things it does not have
helps nobody. So a domain's wording counts only where its own concrete words stand in the case's facts; else
the general one does.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from debate.cards.moves import Move
from debate.models.offline import counted
from debate.models.offline.case import Case
from debate.words import stems

_SAYING = ("suspect", "measure", "test", "change")
_IN_BRACKETS = re.compile(r"\[[a-z ]+\]")
#: So many concrete words of a wording the case has to use, and such a share of all of them.
_FEWEST, _SHARE = 2, 0.2
#: Words that tests of any trade use: sharing them tells nothing of the kind of case.
ANY_TRADE = stems(
    "accounts act add against agree alone along already among another answer anybody anything apart arises "
    "arrives ask attempts away back bad because beforehand began begin begun behind beside best better bring "
    "brought call came cannot carry case cause change check choose close collect columns come common compare "
    "concerned copy cost count cut date day decided decisions differ difference different divide done door "
    "down draw dropped due earlier early effect effort eight either else elsewhere end equal even ever "
    "everybody everything exactly expected failed fall far fast fifteen fifth fifty figure fill find "
    "finished first five fixed follow force form fortnight found four free full gain get give "
    "given go goes gone good "
    "group half halve hand hang happened held help here highest hold hours hundred improve instead join "
    "judged just keeps kept kind knew know known large largest last later latest lay leads least leave led "
    "left lies like limit line list little long look lost low lower made make mark matter may meant measure "
    "meet minutes missing moment month morning move multiple name near nearly needs never new next nobody "
    "none note nothing noticed now number offer often old one open order ordinary others outside owed paper "
    "part passed past path pattern pay people person place plan plot point possible post present price "
    "promise put quarter question random rank reached read reason record remedy remove repeat report rest "
    "result return right room round rule run saved say second see seen send sentence serve set settle "
    "several share sheet shift short show side sign single size slot slow small somebody something sort "
    "source spared spent split spot stand start stays step stood stop stopped strike sum switch take taken "
    "talk tell ten tenth test themselves thing third thirty three tick time today together told took touched "
    "trade treated trial tried trouble try turn twenty twice two use used usual value visit waiting walk "
    "wanted watch way weekly weeks well went whatever whether whoever whole whom whose won word work worst "
    "worth write written wrong year average board card code data engineer lets letter picture product system "
    "team total user"
)


def slots(case: Case, move: Move) -> Mapping[str, str]:
    """The move as worded for the case: for its domain where that speaks of its kind, else generally."""
    if case.domain not in move.domains or not _of_this_kind(case, move):
        return move.slots
    return move.within(case.domain)


def shared(case: Case, move: Move) -> int:
    """How many concrete words of the chosen wording the case's facts use."""
    return len(_concrete(slots(case, move)) & _said(case))


def _of_this_kind(case: Case, move: Move) -> bool:
    own = _concrete(move.domains[case.domain]) - _concrete(move.slots)
    # A wording that speaks of the very thing the case counts ("requests") is of its kind at once.
    if stems(counted.cases(case) or "") & own:
        return True
    found = len(own & _said(case))
    return found >= _FEWEST and found >= _SHARE * len(own)


def _concrete(worded: Mapping[str, str]) -> frozenset[str]:
    text = " ".join(worded.get(slot, "") for slot in _SAYING)
    return stems(_IN_BRACKETS.sub("", text)) - ANY_TRADE


def _said(case: Case) -> frozenset[str]:
    # What is counted may be known by its figure alone: a response time is one of requests.
    counts = counted.cases(case) or ""
    return _stems_of(" ".join((case.title, counts, *(fact.text for fact in case.facts))))


@lru_cache(maxsize=64)
def _stems_of(text: str) -> frozenset[str]:
    return stems(text)
