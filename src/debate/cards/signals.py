"""Signals: shapes of trouble that a case's facts show, whatever the case is about.

Lens cards name them: a signal under `Signals` that bears one of these names, and a move whose `Signals` slot
lists it, speak to every case that shows it. Some are seen by arithmetic on the facts (diminishing returns, a
gap, a rate in above a rate out), the others by the words people use for them, English and some German.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.cards.figures import figures, gains


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
    }
)

_WORDED = MappingProxyType(
    {
        "growth again": cue(
            "came back, come* back, back again, again within, grew again, grow* again, returned, "
            "relapse*, wore off, "
            "wears off, faded, faded away, reappear*, wieder gestiegen, kam wieder"
        ),
        "delay": cue(
            "delay*, lag, lags, only after, months later, weeks later, too late, takes effect, verspät*"
        ),
        "waiting": cue(
            "wait*, queue*, backlog*, pile* up, in line, unanswered, stuck in, lie*, wartet, warten, Stau"
        ),
        "shared resource": cue(
            "shared, share the, share one, shares, for everybody, everyone uses, commons, one pool, "
            "common pool, "
            "all teams use, gemeinsam*"
        ),
        "conflicting interests": cue(
            "disagree*, argue*, insist*, refuse*, object*, wants, want to keep, on the other hand, "
            "conflict*, "
            "at odds, against each other, dispute*, streit*"
        ),
        "proxy metric": cue(
            "score*, KPI*, bonus*, OKR*, metric*, quota*, rated by, measured by, ranking*, "
            "league table, NPS, "
            "velocity, utilisation, utilization, hit rate, Kennzahl*"
        ),
        "handover": cue(
            "hand* over, hand* off, handover*, handoff*, hand-over*, hand-off*, pass* to, passed on, "
            "forward*, "
            "sign-off*, approv*, between departments, between teams, between shifts, referr*, Übergabe*"
        ),
        "binary choice": cue(
            "either, whether to, choose between, torn between, vs, versus, one or the other, entweder, "
            "all or nothing"
        ),
        "old decision": cue(
            "legacy, years ago, since 19*, since 20*, inherited, historical*, always been, "
            "never been changed, "
            "decades, grown over, technical debt, long-standing, schema, seit 19*, seit 20*"
        ),
        "spread": cue(
            "p90, p95, p99, median, worst, tail, varies, varied, uneven, some of them, a few of them, "
            "outlier*, "
            "on average, im Schnitt, im Durchschnitt"
        ),
        "small sample": cue(
            "interview* with, survey*, pilot*, respond*, of those who stayed, a handful, anecdot*, "
            "one month, first week"
        ),
        "single point": cue("only one, single, the only, one person, sole, nobody else, einzige*"),
        "many parts": cue(
            "services, microservices, departments, suppliers, modules, regions, sites, branches, Ämter"
        ),
        "rivals": cue(
            "competitor*, rival*, market share, undercut*, a new entrant, other employers, Konkurren*"
        ),
        "uncertain future": cue(
            "nobody knows, unclear, uncertain*, may change, bet, guess*, unsicher, cannot be predicted"
        ),
        "newcomers": cue(
            "new users, new customers, newcomer*, onboard*, first-time, beginners, new members, trial*, "
            "first week, neue Kollegen"
        ),
        "silence": cue(
            "nobody says, nobody dares, afraid, fear, blame*, silent, silence, keeps quiet, not reported, "
            "in private, unspoken"
        ),
        "interruptions": cue(
            "interrupt*, meeting*, context switch*, chat, messages, pings, on call, e-mails, emails, "
            "notifications, "
            "stand-up*, standup*"
        ),
        "complexity": cue(
            "features, options, settings, screens, fields, rules, forms, variants, exceptions, "
            "complicated, complex, "
            "confus*, overload*"
        ),
    }
)
_MONEY_OR_HANDS = cue(
    "budget*, no money, money, hire*, hiring, headcount, staff cannot, no new, funds, capital, Stellen, "
    "Mittel, Geld"
)


def find_signals(facts: Sequence[Fact]) -> tuple[CaseSignal, ...]:
    """Every signal the facts show, in the order of `SIGNALS`."""
    found = {name: _saying(facts, pattern.search) for name, pattern in _WORDED.items()}
    for name, ids in (
        ("diminishing returns", _diminishing(facts)),
        ("growth again", _grown_again(facts)),
        ("gap to target", _gap(facts)),
        ("inflow above outflow", _inflow(facts)),
        ("deadline", _deadline(facts)),
        ("budget", _saying([f for f in facts if f.kind is FactKind.CONSTRAINT], _MONEY_OR_HANDS.search)),
    ):
        found[name] = tuple(dict.fromkeys((*ids, *found.get(name, ()))))
    return tuple(CaseSignal(name, found[name]) for name in SIGNALS if found.get(name))


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


def _grown_again(facts: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(fact.id for fact in facts if fact.effect is not None and fact.effect.direction == "worse")


def _gap(facts: Sequence[Fact]) -> tuple[str, ...]:
    stuck = figures(facts)
    return () if stuck is None else tuple(dict.fromkeys((*stuck.sources["now"], *stuck.sources["target"])))


def _deadline(facts: Sequence[Fact]) -> tuple[str, ...]:
    stuck = figures(facts)
    return () if stuck is None else stuck.sources["deadline"]


_IN = cue(
    "come* in, arrive*, arriv*, new, opened, reported, received, sign* up, join*, created, incoming, kommen"
)
_OUT = cue(
    "close*, solve*, resolve*, handle*, finish*, done, leave, cancel*, answered, outgoing, complete*, "
    "erledigt"
)


def _inflow(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Two rates of one kind, one named as coming in and larger than the other, named as going out."""
    rates = [(fact, quantity) for fact in facts for quantity in fact.quantities if "/" in quantity.unit]
    for fact, coming in rates:
        for other, going in rates:
            larger = coming.unit == going.unit and coming.value > going.value
            if larger and _IN.search(fact.text) and _OUT.search(other.text):
                return tuple(dict.fromkeys((fact.id, other.id)))
    return ()
