"""Reasoning: the first paragraph of the letter, from plan and case.

The sum that decides, or the statements that tell most; the mechanism; what is missing; how sure one can be,
with what speaks against it; the strongest rival. Sure is said in words: no rule here knows per cents.
"""

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.contributions import Plan
from debate.models.offline import decisive, telling, wording
from debate.models.offline.case import Case
from debate.models.offline.critic import AGAINST, PLAINLY, THROUGH
from debate.models.offline.seat import UNMEASURED
from debate.models.offline.speaking import OPENS
from debate.words import sentences

_ODD = cue("but, although, though, while, still, yet, even, instead, aber, obwohl, dennoch")
_WHOLE = cue(
    "only, all, every, each, same, always, never, nobody, none, nur, alle, jeder, immer, nie, niemand"
)
#: How sure a plan is, from so much confidence on.
_SURE = (
    (65, "Likely, not certain"),
    (55, "More likely than not"),
    (46, "A best guess"),
    (0, "A guess, worth no more than the time of step 1"),
)


def why(case: Case, plan: Plan, *, reason: int, quotes: int) -> str:
    """The paragraph; the mechanism in `reason` words or so, with at most `quotes` statements of the case."""
    told = sentences(plan.because)
    mechanism = _mechanism(told, reason)
    against = next((said.removeprefix(AGAINST) for said in told if said.startswith(AGAINST)), "")
    sure = next(said for least, said in _SURE if plan.confidence >= least)
    unseen = against.casefold().startswith(UNMEASURED.casefold())
    doubt = f"{sure}; {'nobody has measured it yet' if unseen else wording.clause(against)}."
    decides = decisive.told(case, plan.cites, plan.diagnosis)
    evidence = "" if decides else _evidence(case, plan, quotes)
    other = f"Strongest alternative: {wording.clause(plan.alternative)}."
    parts = (decides, evidence, mechanism, _missing(case), doubt, other)
    return " ".join(part for part in parts if part)


def _mechanism(told: list[str], words: int) -> str:
    at = next((n for n, said in enumerate(told) if said.startswith((THROUGH, PLAINLY))), len(told))
    kept = [said for said in told[at:] if not said.startswith((OPENS, AGAINST))]
    if not kept or not words:
        return ""
    return wording.sentence(wording.brief(" ".join(kept), words).removeprefix(PLAINLY))


def _evidence(case: Case, plan: Plan, quotes: int) -> str:
    cited = (fact for id_ in plan.cites if (fact := case.fact(id_)) is not None)
    facts = [fact for fact in cited if _quotable(case, fact)][:quotes]
    if not facts:
        return ""
    facts.sort(key=case.facts.index)
    first, others = facts[0], facts[1:]
    told = telling.listed(facts)
    if _ODD.search(first.text):
        beside = f" Beside it: {telling.listed(others)}." if others else ""
        return f"What does not fit the usual story: {telling.quoted(first)}.{beside}"
    if others and all(fact.quantities for fact in facts):
        return f"Two figures belong together: {told}."
    if _WHOLE.search(first.text):
        return f"In your words: {told}."
    return ""


def _quotable(case: Case, fact: Fact) -> bool:
    own = fact.kind in (FactKind.CONTEXT, FactKind.CHALLENGE)
    return own and telling.whole(fact) and not telling.restates(case, fact)


def _missing(case: Case) -> str:
    """The arithmetic in one sentence: what was won, what more of the same would bring, what is missing."""
    figures, compound = case.figures, case.reading("compound")
    if figures is None:
        return ""
    now, gap = wording.bare(figures.now, figures.unit), wording.bare(figures.gap, figures.unit)
    target, share = wording.amount(figures.target, figures.unit), wording.amount(figures.gap_share, "%")
    left = f"{share} of today's value" if figures.lower else f"{share} on top of today's value"
    still = "must still go" if figures.lower else "are still missing"
    if compound is None or figures.repeat is None or figures.reached(figures.repeat):
        gap = wording.amount(figures.gap, figures.gap_unit)
        return wording.sentence(f"from {now} to {target}, {gap} {still}, {left}")
    gains = (
        f"Your {wording.count(len(figures.gains))} gains compound to {wording.amount(compound.value, '%')}"
    )
    again = f"the same again would end near {wording.amount(figures.repeat, figures.unit)}"
    return f"{gains}, and {again}; from {now} to {target}, {gap} {still}, {left}."
