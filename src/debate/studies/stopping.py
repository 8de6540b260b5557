"""The stop rule: a study that stops by the e-process ends when what its cards show of every lens is enough.

Looked at after each card, and valid whenever one looks (see `debate.studies.sequential`). It asks for
evidence of an effect of every lens, or of every arm the user named; a lens that does nothing is never
evident, so a study with one goes on to its last card, where equivalence can be tested.
"""

from collections.abc import Callable, Sequence

from debate.studies.cells import Cell, complete
from debate.studies.contrasts import contrasts
from debate.studies.games import game_report
from debate.studies.plan import StudyPlan


def stop_rule(plan: StudyPlan) -> Callable[[Sequence[Cell]], str | None] | None:
    """What says, of the cells so far, why the study may end; None for a plan without a stop rule."""
    return (lambda cells: settled(plan, cells)) if plan.stop else None


def settled(plan: StudyPlan, cells: Sequence[Cell]) -> str | None:
    """Why the cells decide everything that is asked; None when they do not, or the plan has no stop rule."""
    if not plan.stop:
        return None
    by_key = {cell.key: cell for cell in complete(plan, cells)}
    lenses = {lens: lens for problem in plan.problems for lens in problem.lenses}
    if lenses:
        ps = [lens.adjusted for lens in game_report(plan.games[0], plan, by_key, lenses, None).lenses]
    else:
        ps = [each.adjusted for each in contrasts(plan, by_key) if each.kind == "varied"]
    if not ps or any(p is None or p >= plan.alpha for p in ps):
        return None
    cards = len({cell.problem for cell in cells if cell.state == "done"})
    what = "lens" if lenses else "arm"
    return f"after {cards} of {len(plan.problems)} cards the evidence on every {what} is enough"
