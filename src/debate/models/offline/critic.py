"""The offline critic: hypotheses to one plan.

One diagnosis is chosen, because arithmetic and agreement speak for it; every attempt is explained by it;
steps, dissent and the fate of every hypothesis follow from the rules in `merging`, `schedule` and `steps`.
"""

import json
import re
from collections.abc import Sequence
from types import MappingProxyType

from debate.contributions import Dissent, Hypothesis, Merged, Plan, SetAside, Step
from debate.letters import days_text, interval_text
from debate.models.offline import decisive, merging, path, shortfall, stand_ins, telling, wording
from debate.models.offline.case import Case, fenced
from debate.models.offline.schedule import Schedule, choose, fewest_checks, read_off
from debate.models.offline.seat import is_plain, report
from debate.models.offline.steps import steps

_FORCED_BY = ("compound_vs_reported", "compound", "gap_share", "repeat")
#: How the reason of the diagnosis opens, with a lens and without one.
THROUGH, PLAINLY = "Through ", "Plainly put: "
#: How the sentence opens that says what speaks against the diagnosis.
AGAINST = "Against it: "
_SMALL_WORDS = (
    "a",
    "an",
    "and",
    "as",
    "at",
    "by",
    "for",
    "from",
    "in",
    "of",
    "on",
    "or",
    "the",
    "to",
    "with",
)
#: Names of lenses that their ids do not spell, as they read after "Through".
_NAMES = MappingProxyType(
    {
        "explore-exploit": "Exploration and Exploitation",
        "map-is-not-the-territory": "The Map Is Not the Territory",
        "principal-agent": "the Principal-Agent Problem",
        "root-cause-analysis": "Root-Cause Analysis",
        "second-order-effects": "Second-Order Effects",
        "synchronous-asynchronous": "Synchronous and Asynchronous Work",
        "value-based-pricing": "Value-Based Pricing",
    }
)
# An id has no apostrophe: "goodharts-law".
_OWNED = re.compile(r"s (?=(?:Law|Paradox|Fence|Razor|Principle|Rule|Theorem|Dilemma)\b)")
# So many statements of the case are cited for what they tell.
_QUOTES = 2
# From so many words on, what stands before a colon is a claim by itself.
_WHOLE_CLAIM = 6
_NO_LENS = re.compile(r"\A(?:solo|neutral-\d+)\Z")


def plan(case: Case, prompt: str) -> Plan:
    """The plan for the hypotheses that stand in the prompt; for its own where nobody said anything."""
    lines = next(iter(fenced("hypotheses", prompt)), "").split("\n")
    said = [Hypothesis.model_validate(json.loads(line)) for line in lines if line.strip()]
    return _merged_plan(case, said) if said else _alone(case)


def _alone(case: Case) -> Plan:
    """The plan of a critic who found the causes himself: no hypothesis has an id to be named by."""
    own = [
        Hypothesis(**draft.model_dump(), id=f"solo-{n}", seat="solo")
        for n, draft in enumerate(report(case, "").hypotheses, 1)
    ]
    made = _merged_plan(case, own)
    steps_ = [step.model_copy(update={"hypotheses": []}) for step in made.steps]
    return made.model_copy(update={"steps": steps_, "dissent": [], "merged": [], "set_aside": []})


def _merged_plan(case: Case, hypotheses: Sequence[Hypothesis]) -> Plan:
    wanted = fewest_checks(case, len(hypotheses))
    groups = merging.grouped(hypotheses, wanted)
    diagnosis = max(groups, key=lambda group: merging.strength(case, group))
    schedule = choose(case, diagnosis, groups, wanted)
    left = [group.lead for group in groups if group.lead not in schedule.checks]
    extra = [h for h in left if any(read_off(check, h) for check in schedule.checks)]
    ranked = steps(case, schedule, extra, len(hypotheses))
    other = _alternative(schedule)
    return Plan(
        diagnosis=_diagnosis(case, diagnosis.lead),
        because=_because(case, diagnosis.lead),
        cites=_cites(case, diagnosis.lead),
        confidence=min(75, diagnosis.lead.confidence + 5 * (diagnosis.seats - 1)),
        alternative=_told(other, schedule),
        tried=shortfall.reasons(case, diagnosis.lead),
        steps=ranked,
        path=path.waypoints(case, diagnosis.lead, schedule),
        dissent=_dissent(other, schedule),
        merged=[_merged(group.lead, each) for group in groups for each in group.others],
        set_aside=[_set_aside(h, schedule) for h in left if h not in extra],
        stop_rule=_stop_rule(case, diagnosis.lead, schedule, ranked),
    )


def _diagnosis(case: Case, lead: Hypothesis) -> str:
    """The claim, with what it does to the case's figure where the claim does not say it."""
    figures = case.figures
    if figures is None:
        return lead.claim
    known = stand_ins.words(case)
    if any(known[name] in lead.claim for name in ("now", stand_ins.AT_NOW, "target", "gap", "figure")):
        return lead.claim
    held = f"{known['figure']} {known[stand_ins.AT_NOW]}"
    claim = lead.claim.rstrip(".")
    return wording.sentence(f"{claim}{_and(claim)} keeps {held}")


def _and(claim: str) -> str:
    """What ties the case's figure to a claim that does not name it."""
    return "; this" if ", and " in claim or ": " in claim else ", and that"


def _because(case: Case, lead: Hypothesis) -> str:
    forced = [reading.text for key in _FORCED_BY if (reading := case.reading(key)) is not None]
    if decides := decisive.told(case, lead.cites, lead.claim):
        forced.insert(0, decides)
    plainly = _NO_LENS.match(lead.seat) or is_plain(lead.test) or decisive.states(case, lead)
    opening = PLAINLY if plainly else f"{THROUGH}{_lens(lead)}: "
    against = wording.sentence(f"{AGAINST}{wording.clause(lead.against)}")
    return " ".join([*map(wording.sentence, forced), f"{opening}{wording.clause(lead.mechanism)}.", against])


def _lens(hypothesis: Hypothesis) -> str:
    if hypothesis.seat in _NAMES:
        return _NAMES[hypothesis.seat]
    words = hypothesis.seat.split("-")
    name = wording.capital(" ".join(w if w in _SMALL_WORDS else w.capitalize() for w in words))
    return _OWNED.sub("'s ", name)


def _cites(case: Case, lead: Hypothesis) -> list[str]:
    forced = [reading.id for key in _FORCED_BY if (reading := case.reading(key)) is not None]
    telling_ = [fact.id for fact in telling.best(case, lead, _QUOTES)]
    return list(
        dict.fromkeys(
            [*(lead.cites[:1] if decisive.states(case, lead) else ()), *telling_, *forced, *lead.cites]
        )
    )


def _alternative(schedule: Schedule) -> Hypothesis | None:
    """The strongest other cause among those that are checked, one that contests the diagnosis first."""
    lead, *others = schedule.checks
    return max(others, key=lambda h: (merging.contest(h, lead), h.confidence), default=None)


def _told(other: Hypothesis | None, schedule: Schedule) -> str:
    if other is None:
        return "No other cause was put forward; the first check that fails leaves the question open."
    step = schedule.checks.index(other) + 1
    claim = _head(other.claim)
    # Another lens is named; the same one has been.
    named = not _NO_LENS.match(other.seat) and other.seat != schedule.checks[0].seat
    seen = f"Seen through {_lens(other)}, {claim}" if named else wording.capital(claim)
    return f"{seen}; step {step} would show it."


def _head(claim: str) -> str:
    """The claim without what follows from it."""
    head = re.split(r", (?:and|so|because) ", wording.clause(claim))[0]
    opening = head.partition(": ")[0]
    return opening if len(opening.split()) >= _WHOLE_CLAIM else head


def _dissent(other: Hypothesis | None, schedule: Schedule) -> list[Dissent]:
    """Where checked causes contest each other; first the diagnosis against the strongest other cause."""
    if other is None:
        return []
    lead = schedule.checks[0]
    pairs = [(lead, other)]
    for n, one in enumerate(schedule.checks):
        rivals = [two for two in schedule.checks[n + 1 :] if merging.contest(one, two)]
        pairs += [(one, two) for two in rivals if (one, two) != (lead, other)]
    return [_contested(one, two, schedule) for one, two in pairs[:3]]


def _contested(one: Hypothesis, two: Hypothesis, schedule: Schedule) -> Dissent:
    first, second = (schedule.checks.index(h) + 1 for h in (one, two))
    by = (
        f"step {first} ({one.prediction.measure}, {interval_text(one.prediction.if_true)}) against "
        f"step {second} ({two.prediction.measure}, {interval_text(two.prediction.if_true)}); "
        f"when both pass, the larger share is built first"
    )
    about = f"which cause is worth the first change: {_held(one)}; {_held(two)}"
    return Dissent(hypotheses=[one.id, two.id], about=about, settled_by=by)


def _held(hypothesis: Hypothesis) -> str:
    claim = wording.clause(hypothesis.claim)
    return claim if _NO_LENS.match(hypothesis.seat) else f"{_lens(hypothesis)} holds that {claim}"


def _merged(lead: Hypothesis, each: Hypothesis) -> Merged:
    because = f"both would be measured by {wording.clause(lead.prediction.measure)}"
    return Merged(hypothesis=each.id, into=lead.id, because=because)


def _set_aside(hypothesis: Hypothesis, schedule: Schedule) -> SetAside:
    days, measure = days_text(hypothesis.effort.days), wording.clause(hypothesis.prediction.measure)
    checks = len(schedule.checks)
    return SetAside(
        hypothesis=hypothesis.id,
        because=f"its check ({days}: {measure}) bears on it alone and tells less per day "
        f"than the {wording.count(checks)} "
        f"chosen; next in line if {_all_checks(schedule)} {'find' if checks > 1 else 'finds'} nothing",
    )


def _all_checks(schedule: Schedule) -> str:
    checks = len(schedule.checks)
    return ("step 1", "steps 1 and 2", "steps 1 to 3")[checks - 1]


def _stop_rule(case: Case, lead: Hypothesis, schedule: Schedule, ranked: Sequence[Step]) -> str:
    checks = len(schedule.checks)
    fail = ("fails", "both fail", "all fail")[checks - 1]
    time = f"{days_text(schedule.days_until(checks))}{path.of_time(case, schedule)}"
    stop = f"Stop when {_all_checks(schedule)} ({time}) {fail}"
    figures = case.figures
    if figures is None:
        return f"{stop}: then the cause lies elsewhere, and what was measured is where to start anew."
    target = stand_ins.words(case)["target"]
    if merging.binds(case, lead):
        share = stand_ins.words(case)["gap share"]
        return f"{stop}: then no one cause holds {share}, and {target} needs several or is out of reach."
    return f"{stop}: then look elsewhere, or give up {target}; more of the same will not bring it."
