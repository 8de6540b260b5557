"""Signals: shapes of trouble that a case's facts show, whatever the case is about.

Lens cards name them: a signal under `Signals` that bears one of these names, and a move whose `Signals` slot
lists it, speak to every case that shows it. Some are seen by arithmetic on the facts (diminishing returns, a
gap, a rate in above a rate out), the others by the words people use for them, English and some German.
A wrong signal costs more than a missed one: words that have other meanings count only beside others ("only
one", not "single"; "64 fields", not "fields"), and most say nothing where they name what was tried.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.cards.figures import figures, gains
from debate.cards.mentions import mentions, sets_end
from debate.cards.quantities import Quantity
from debate.cards.units import CURRENCIES


@dataclass(frozen=True, slots=True)
class CaseSignal:
    """One shape of trouble and the facts that show it, in the card's order."""

    name: str
    facts: tuple[str, ...]


#: What each signal is, in the order they are looked for.
SIGNALS = MappingProxyType(
    {
        "diminishing returns": "several attempts helped a little, and less and less",
        "growth again": "what was mended came back, or the gain wore off",
        "gap to target": "the figure is stated, and so is where it must be",
        "inflow above outflow": "more comes in than goes out",
        "delay": "something happens long after what caused it",
        "waiting": "cases stand in a line, or lie and wait",
        "shared resource": "many draw on one thing that nobody owns",
        "conflicting interests": "two parties want different things",
        "proxy metric": "a number stands in for what is wanted, and somebody is judged by it",
        "handover": "work passes from hand to hand",
        "binary choice": "the case is put as one thing or the other",
        "deadline": "there is a date",
        "budget": "money or hands are limited",
        "old decision": "something laid down long ago is taken as given",
        "spread": "the average hides a tail, or groups that differ",
        "small sample": "a conclusion rests on a few cases, or on those that stayed",
        "single point": "everything passes one person, place or machine",
        "many parts": "many parts act on each other",
        "rivals": "others compete for the same people or customers",
        "uncertain future": "nobody knows what will be needed or will happen",
        "newcomers": "people who are new to it fail or leave",
        "silence": "people know and do not say",
        "interruptions": "work is broken up by messages, meetings or changes of task",
        "complexity": "there is too much of it: features, options, rules",
        "rare event": "what is looked for is rare among all that is looked at",
    }
)

_WORDED = MappingProxyType(
    {
        "growth again": cue(
            "came back, come back, comes back, back again, back to, again within, grew again, grew back",
            "grows again, growing again, returned, relapse*, wore off, wears off, faded, fades, reappear*",
            "crept back, went back, slipped back, fizzled, petered out, did not last, didn't last",
            "did not stick, didn't stick, given up after, dropped after, wieder gestiegen",
            "kam wieder, wieder wie vorher, wieder wie zuvor, eingeschlafen",
        ),
        "delay": cue(
            "delay*, lag, lags, only after, months later, weeks later, days later, too late",
            "takes effect, verspät*, zu spät, erst nach",
        ),
        "waiting": cue(
            "wait, waits, waited, waiting, queue*, backlog*, pile up, piles up, piling up, stand in line",
            "stands in line, waiting list, unanswered, stuck in, lie around, lies around, lie for, lies for",
            "untouched for, wartet, warten, Wartezeit*, Warteliste*, Stau, liegen bleib*, bleibt liegen",
        ),
        "shared resource": cue(
            "shared, share one, share a, share the, shares one, shares a, sharing one, everyone uses",
            "everybody uses, the commons, one pool, common pool, all teams use, all shifts use, gemeinsam*",
            "teilen sich",
        ),
        "conflicting interests": cue(
            "disagree*, argue, argues, argued, insist*, refuses to, refuse to, refused to, objects to",
            "object to, objected, in conflict, conflict between, conflicting, at odds, against each other",
            "dispute*, quarrel*, streit*, dagegen",
        ),
        "proxy metric": cue(
            "ranking score, the score, its score, their score, quality score, scored by",
            "KPI*, bonus, bonuses, OKR*, quota*, rated by, rated on, measured by",
            "measured on, judged by, judged on, paid per, paid by the hour, ranked by, league table*, NPS",
            "paid by the lesson, paid by the piece, paid by the case",
            "velocity, utilisation, utilization, Kennzahl*, Prämie*, bewertet, gemessen an",
        ),
        "handover": cue(
            "hand* over, hand* off, handover*, handoff*, hand-over*, hand-off*, passed on, passes it to",
            "pass it to, passed to, passes to, forwarded, sign-off*, approv*, between departments",
            "between teams, between shifts, between offices, referral*, referred to, Übergabe*",
            "weitergeleitet",
        ),
        "binary choice": cue(
            "either, whether to, choose between, torn between, vs, versus, one or the other",
            "all or nothing, entweder",
        ),
        "old decision": cue(
            "legacy, inherited, historically, for historical reasons, always been, always done",
            "never been changed, never been touched, never been looked at, for decades, decades ago",
            "decades old, grown over, technical debt, long-standing, made years ago, built years ago",
            "set years ago, decided years ago, laid down, seit jeher, schon immer",
        ),
        "spread": cue(
            "p90, p95, p99, worst tenth, slowest, the slowest tenth, varies, vary, varied, uneven",
            "unevenly, range from, ranges from, some of them, a few of them, outlier*, twice as many as",
            "schwankt, schwanken, ungleich",
        ),
        "small sample": cue(
            "interviews with, interviewed, survey of, surveyed, a pilot with, a pilot in, pilot project",
            "pilot group, respondents, of those who stayed, those who stayed, a handful, anecdot*, Umfrage",
        ),
        "single point": cue(
            "only one, the only, one person, a single person, a single machine, single point, nobody else",
            "only she, only he, sole, einzige*, nur eine, nur einer",
        ),
        "rivals": cue(
            "competitor*, rival*, undercut*, a new entrant, other employers, poach*",
            "Konkurren*, Mitbewerber*",
        ),
        "uncertain future": cue(
            "nobody knows whether, nobody knows how many, nobody knows what, unclear whether, unclear if",
            "unclear how, uncertain*, may change, might change, a bet, guesswork, cannot be predicted",
            "cannot be foreseen, unsicher, nicht absehbar",
        ),
        "newcomers": cue(
            "new users, new customers, newcomer*, onboard*, first-time, beginner*, new members",
            "new joiners, free trial, trials, trial users, first week, first day, neue Kollegen, Anfänger*",
        ),
        "silence": cue(
            "nobody says, nobody dares, afraid, fear, fears, blame*, silent, silence, keep quiet",
            "keeps quiet, not reported, in private, unspoken, behind closed doors, Angst, verschweig*",
        ),
        "interruptions": cue(
            "interrupt*, context switch*, pings, pinged, meetings, on call, on-call, messages a day",
            "e-mails a day, emails a day, notifications, unterbroch*, Besprechungen",
        ),
        "complexity": cue(
            "too many, complicated, complex, complexity, confus*, overload*, overwhelm*, zu viele",
            "unübersichtlich, kompliziert",
        ),
        "rare event": cue("false alarm*, false positive*, Fehlalarm*, one in a thousand, one in a million"),
    }
)
#: What an attempt was, or did, is a sign of these; of the others only what the case says of itself.
_OF_ATTEMPTS = frozenset(("growth again", "proxy metric", "silence", "conflicting interests", "small sample"))
_NUMBER = (
    r"\b(?:\d[\d.,]*|several|many|dozens of|hundreds of|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve)"
)
_PARTS = re.compile(
    rf"{_NUMBER} (?:\w+ )?(?:services|microservices|departments|suppliers|modules|regions|sites|branches|"
    r"offices|agencies|shops|stores|teams|systems|vendors|partners|plants|depots|Ämter|Filialen|Abteilungen)\b",
    re.IGNORECASE,
)
_LOTS = re.compile(
    rf"{_NUMBER} (?:\w+ )?(?:features|options|settings|screens|fields|rules|forms|variants|exceptions|pages|"
    r"steps|buttons|menus|tariffs|products|Felder|Regeln|Formulare)\b",
    re.IGNORECASE,
)
_BOTH_WANT = re.compile(
    r"\b(?:wants?|insists?|prefers?|demands?)\b.*\b(?:wants?|prefers?|demands?)\b", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:since|seit|from|of|in) (?:19[0-9]{2}|200[0-9]|201[0-5])\b", re.IGNORECASE)
# Few of many are one in ten or fewer.
_FEW = 0.1
_OF_MANY = re.compile(
    r"\b(?P<whole>\d[\d,]*) [a-z][^.;\d]*?\b(?:of which|of whom|and) (?P<part>\d[\d,]*) (?:of them )?"
    r"(?:are|is|were|was|turn|turned|prove|proved)\b"
)
_MONEY_OR_HANDS = cue(
    "budget*, no money, money, hire*, hiring, headcount, staff cannot, no new posts, no new staff, funds",
    "further posts, be paid, no extra staff, capital, Stellen, Mittel, Geld",
)


def find_signals(facts: Sequence[Fact]) -> tuple[CaseSignal, ...]:
    """Every signal the facts show, in the order of `SIGNALS`."""
    own = [fact for fact in facts if fact.kind is not FactKind.TRIED]
    found = {name: _saying(_telling(facts, name), pattern.search) for name, pattern in _WORDED.items()}
    for name, ids in (
        ("diminishing returns", _diminishing(facts)),
        ("gap to target", _gap(facts)),
        ("inflow above outflow", _inflow(own)),
        ("deadline", _deadline(facts)),
        ("budget", _budget(facts)),
        ("conflicting interests", _saying(_telling(facts, "conflicting interests"), _BOTH_WANT.search)),
        ("old decision", _saying(own, _SINCE.search)),
        ("many parts", _saying(own, _PARTS.search)),
        ("complexity", _saying(own, _LOTS.search)),
        ("rare event", _saying(own, _rare)),
    ):
        found[name] = tuple(dict.fromkeys((*ids, *found.get(name, ()))))
    return tuple(CaseSignal(name, found[name]) for name in SIGNALS if found.get(name))


def _rare(text: str) -> bool:
    """True where a statement counts few of many: "1,900 alerts, of which 76 are fraud"."""
    return any(
        0 < _count(found["part"]) <= _FEW * _count(found["whole"]) for found in _OF_MANY.finditer(text)
    )


def _count(text: str) -> float:
    return float(text.replace(",", ""))


def _telling(facts: Sequence[Fact], name: str) -> list[Fact]:
    """The facts that may show a signal: attempts show few of them, and "the auditors insist" is a limit."""
    attempts = name in _OF_ATTEMPTS
    limits = name != "conflicting interests"
    return [
        fact
        for fact in facts
        if (attempts or fact.kind is not FactKind.TRIED) and (limits or fact.kind is not FactKind.CONSTRAINT)
    ]


def _saying(facts: Iterable[Fact], says: Callable[[str], object]) -> tuple[str, ...]:
    return tuple(fact.id for fact in facts if says(fact.text))


def _diminishing(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Attempts that helped, where three or more were made and their gains shrink or miss the target."""
    helped = gains(facts)
    tried = [fact for fact in facts if fact.kind is FactKind.TRIED]
    if len(tried) < 3 or len(helped) < 2:
        return ()
    stuck = figures(facts)
    short = stuck is not None and not stuck.reached(stuck.repeat if stuck.repeat is not None else stuck.now)
    shrinking = helped[-1].share < helped[0].share
    return tuple(gain.fact for gain in helped) if short or shrinking else ()


def _gap(facts: Sequence[Fact]) -> tuple[str, ...]:
    stuck = figures(facts)
    return () if stuck is None else tuple(dict.fromkeys((*stuck.sources["now"], *stuck.sources["target"])))


def _deadline(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Where the time ends that the case allows; a history has no deadline."""
    wanted = (FactKind.CHALLENGE, FactKind.CONSTRAINT, FactKind.CRITERION)
    return tuple(m.fact.id for m in mentions(facts) if m.fact.kind in wanted and sets_end(m))


def _budget(facts: Sequence[Fact]) -> tuple[str, ...]:
    limits = [fact for fact in facts if fact.kind is FactKind.CONSTRAINT]
    money = (fact.id for fact in limits if any(q.unit in CURRENCIES for q in fact.quantities))
    return (*money, *_saying(limits, _MONEY_OR_HANDS.search))


_NEAR = 24
_IN = cue(
    "come* in, arrive*, arriv*, new, opened, reported, received, sign* up, join*, created, incoming, kommen"
)
_OUT = cue(
    "close*, solve*, resolve*, handle*, finish*, done, leave*, cancel*, answered, outgoing, complete*, "
    "erledigt"
)


def _inflow(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Two amounts of one kind, one named as coming in and larger than the other, named as going out: two
    rates, or two counts of one sentence.
    """
    flows = [(fact, quantity) for fact in facts for quantity in fact.quantities if quantity.unit]
    ins = [flow for flow in flows if _IN.search(_around(*flow))]
    outs = [flow for flow in flows if _OUT.search(_around(*flow))]
    for fact, coming in ins:
        for other, going in outs:
            kin = coming.unit.partition("/")[0] == going.unit.partition("/")[0]
            rates = "/" in coming.unit and coming.unit == going.unit
            if kin and coming.value > going.value and (rates or fact is other):
                return tuple(dict.fromkeys((fact.id, other.id)))
    return ()


def _around(fact: Fact, quantity: Quantity) -> str:
    """What stands beside a quantity, up to the next number or clause."""
    before = re.split(r"[,;.]|\d|\b(?:and|but|while|und)\b", fact.text[: quantity.start])[-1]
    after = re.split(r"[,;.]|\d|\b(?:and|but|while|und)\b", fact.text[quantity.end :])[0]
    return f"{before[-_NEAR:]} {fact.text[quantity.start : quantity.end]} {after[:_NEAR]}"
