"""What must hold between a seat's report and the card."""

from functools import lru_cache

from debate.cards.facts import FactKind
from debate.cards.problem import ProblemCard
from debate.contracts.citations import citation_faults, ids_of
from debate.contracts.figures import Figures, figure_fault
from debate.contributions import Draft, SeatReport
from debate.words import repeats, stems

MOST_HYPOTHESES = 6
_FILLED = ("claim", "mechanism", "against", "test", "intervention", "effect", "rival")


def report_faults(report: SeatReport, card: ProblemCard) -> list[str]:
    """What is wrong with a seat's report, as sentences it can be mended by."""
    return list(_faults(report, card))


# A study hands one report to every panel its lens sits in.
@lru_cache(maxsize=256)
def _faults(report: SeatReport, card: ProblemCard) -> tuple[str, ...]:
    count = len(report.hypotheses)
    faults = []
    if not 1 <= count <= MOST_HYPOTHESES:
        faults.append(f"the report has {count} hypotheses; give 1 to {MOST_HYPOTHESES}, strongest first")
    figures = Figures.of_card(card)
    familiar = stems(" ".join(fact.text for fact in card.facts))
    first: dict[str, int] = {}
    for number, draft in enumerate(report.hypotheses, 1):
        where = f"hypothesis {number}"
        faults += _draft_faults(where, draft, card, figures)
        faults += _repetition_faults(where, draft, card, familiar)
        claim = " ".join(draft.claim.casefold().split()).rstrip(".")
        if claim and claim in first:
            faults.append(
                f"{where} makes the claim of hypothesis {first[claim]} again; make another or leave it out"
            )
        first.setdefault(claim, number)
    return tuple(faults)


def _draft_faults(where: str, draft: Draft, card: ProblemCard, figures: Figures) -> list[str]:
    faults = [f"{where}: {name} is empty" for name in _FILLED if not getattr(draft, name)]
    if not draft.prediction.measure:
        faults.append(f"{where}: prediction.measure is empty; name one quantity")
    faults += citation_faults(where, draft.cites, card)
    tried = {fact.id for fact in card.of(FactKind.TRIED)}
    for reason in draft.explains:
        if reason.tried not in tried:
            faults.append(
                f"{where} explains {reason.tried!r}, which is no tried thing; valid are "
                f"{ids_of(card, FactKind.TRIED)}"
            )
    own = figures.with_prediction(draft.prediction).with_days(draft.effort.days, draft.build.days)
    for name in ("claim", "mechanism", "effect"):
        text = getattr(draft, name)
        faults += [figure_fault(f"{where}: {name}", quantity) for quantity in own.untraced(text, derive=True)]
    return faults


def _repetition_faults(where: str, draft: Draft, card: ProblemCard, familiar: frozenset[str]) -> list[str]:
    return [
        f"{where}: the intervention repeats {fact.name!r} ({fact.id}) as it was; propose something that "
        "was not tried, or say what is different this time"
        for fact in card.of(FactKind.TRIED)
        if repeats(fact.name or fact.text, draft.intervention, familiar, spare=2)
    ]
