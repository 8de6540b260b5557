"""Sentences: what a study found, said first, and what to do next. Everything here follows from the report."""

from collections.abc import Sequence
from typing import Final

from debate.studies.arms import MOST_LENSES
from debate.studies.contrasts import Contrast
from debate.studies.games import GameReport, LensReport
from debate.studies.report import StudyReport
from debate.studies.verdicts import Standing
from debate.studies.wording import NOTHING, count, points, signed, told

_ORDER: Final = (Standing.EARNED, Standing.HARMFUL, Standing.DEAD_WEIGHT, Standing.UNDECIDED)
_AGAINST: Final = {
    "no-lens": "as many agents without a lens",
    "token-matched": "agents without a lens that use as many tokens",
    "placebo": "a panel of placebo lenses",
    "single-call": "a single call",
    "single-agent": "one agent that is given all lens texts",
    "swapped": "a panel whose lenses have each other's definitions",
    "name-only": "a panel that is told only the names of its lenses",
}


def findings(report: StudyReport) -> list[str]:
    """What the study found, the most important sentence first."""
    if all(arm.summary.mean is None for arm in report.arms):
        return ["No cell of this study has a score: nothing can be said."]
    found = _lenses(report.games[0], len(report.cards), report.margin) if report.games else _named(report)
    if report.soundness.state == "unsound":
        found = [
            f"VOID: {signed(report.soundness.why)}",
            f"Were the study sound, it would say: {' '.join(found)}",
        ]
    stopped = [f"Stopped by its rule: {report.stopped}."] if report.stopped else []
    said = [*found, *_worth_it(report), *stopped]
    return said or ["Nothing is compared: the study has one arm."]


def _lenses(game: GameReport, cards: int, margin: float) -> list[str]:
    """The verdicts in one game."""
    scored = [lens for lens in game.lenses if lens.measured.mean is not None]
    if not scored:
        return ["No lens has a score both with and without it."]
    if all(lens.standing is Standing.UNTESTED for lens in game.lenses):
        return [_most(scored, cards), "One card describes itself and tests nothing." if cards == 1 else
                "No lens has scores on two cards: this describes cards and tests nothing."]  # fmt: skip
    groups = {
        standing: [lens for lens in game.lenses if lens.standing is standing]
        for standing in (*_ORDER, Standing.UNTESTED)
    }
    said = [
        f"{standing.value.capitalize()}: {', '.join(f'{x.name} {points(x.measured.mean)}' for x in lenses)}."
        for standing, lenses in groups.items()
        if lenses
    ]
    covered = beside_others(game, margin)
    if not covered:
        return [" ".join(said)]
    both = "each brings" if len(covered) > 1 else "it brings"
    return [
        " ".join(said),
        f"{_names(covered)}: dead weight only beside the others; alone {both} {margin:g} points or more. "
        "Another lens says the same, so do not take out all of them at once.",
    ]


def _most(lenses: Sequence[LensReport], cards: int) -> str:
    """Which lens does most where each has one card at most."""
    where = "on this card" if cards == 1 else "where it sits"
    best = lenses[0]
    value = best.measured.mean or 0.0
    if value < NOTHING:
        return f"No lens adds anything {where}."
    tied = [lens.name for lens in lenses if value - (lens.measured.mean or 0.0) < NOTHING]
    what = f"{points(best.leave_one_out.mean)} when left out, {points(best.add_one_in.mean)} alone"
    if best.shapley is not None:
        what = f"{points(best.shapley.mean)} by its Shapley value ({what})"
    who = tied[0] if len(tied) == 1 else f"{', '.join(tied[:-1])} and {tied[-1]}"
    return f"{who} {'adds' if len(tied) == 1 else 'add'} most {where}: {what}."


def _named(report: StudyReport) -> list[str]:
    """What arms that the user named differ by."""
    varied = [each for each in report.contrasts if each.kind == "varied" and each.effect.mean is not None]
    said = [_compared(each) for each in varied]
    if varied and all(each.effect.n < 2 for each in varied):
        said.append("One card describes itself and tests nothing.")
    return said


def _compared(each: Contrast) -> str:
    mean = each.effect.mean or 0.0
    test = (
        "" if each.adjusted is None else f" ({each.effect.what} {told(each.effect)}, p {each.adjusted:.3f})"
    )
    if abs(mean) < NOTHING:
        return f"{each.against} and {each.arm} score the same on average{test}."
    better, worse = (each.against, each.arm) if mean > 0 else (each.arm, each.against)
    return f"{better} scores {abs(mean):.2f} more than {worse}{test}."


def _worth_it(report: StudyReport) -> list[str]:
    """Whether the panel is worth its while, by the controls that are there."""
    said = [
        f"{told(each.effect)} against {_AGAINST[each.arm]}"
        for each in report.contrasts
        if each.arm in _AGAINST and each.effect.mean is not None
    ]
    if not said:
        return []
    reference = report.contrasts[0].against
    return [f"{'The full panel' if reference == 'full' else reference} in points: {'; '.join(said)}."]


def next_steps(report: StudyReport) -> list[str]:
    """What would make the study say more, the most urgent first."""
    steps = []
    open_states = ("failed",) if report.stopped else ("missing", "failed")
    unheld = [cell for cell in report.cells if cell.state in open_states]
    if unheld:
        steps.append(f"Hold what is missing or failed, {count(len(unheld), 'cell')}: {report.resume}")
    if report.soundness.state == "unsound":
        steps.append(
            "Find out first what moves the score: read runs of placebo, no-lens and a/a side by side "
            "(their ids stand with the arms); another judge or more replicates may tell."
        )
    else:
        steps += [step for game in report.games[:1] for step in _for_lenses(game, report)]
    varied = [each for each in report.contrasts if each.kind == "varied"]
    if not report.games and varied and len(report.cards) < 2:
        steps.append("Add problems: with one card nothing is tested.")
    if report.offline:
        steps.append(
            "Ask a model: the offline reasoner spoke, so this shows how the tool works, not what a model "
            "makes of these lenses (--model, see: debate doctor)."
        )
    return steps


def _for_lenses(game: GameReport, report: StudyReport) -> list[str]:
    steps = []
    fewest = max((lens.fewest for lens in game.lenses), default=0)
    undecided = [lens for lens in game.lenses if lens.standing is Standing.UNDECIDED]
    if len(report.cards) < fewest:
        steps.append(
            f"Add problems: with {count(len(game.lenses), 'lens')} a test takes at least {fewest} cards, "
            f"and the study has {len(report.cards)}. Seat the same lenses on each "
            f"(--lenses {','.join(sorted(lens.lens for lens in game.lenses))})."
        )
    elif more := [lens.more for lens in undecided if lens.more]:
        steps.append(f"Add about {count(max(more), 'card')}: that is likely to settle {_names(undecided)}.")
    wide = [lens.name for lens in game.lenses if _apart(lens) >= report.margin]
    if wide and len(game.lenses) <= MOST_LENSES["shapley"] and game.lenses[0].shapley is None:
        steps.append(
            f"Share out what lenses have in common: for {', '.join(wide)} the two ends lie {report.margin:g} "
            "points apart or more, so lenses overlap or need one another (--design shapley)."
        )
    covered = beside_others(game, report.margin)
    idle = (Standing.DEAD_WEIGHT, Standing.HARMFUL)
    drop = [lens for lens in game.lenses if lens.standing in idle and lens not in covered]
    if drop:
        kept = ",".join(lens.lens for lens in game.lenses if lens not in drop)
        steps.append(f"Try the panel without {_names(drop)}: --lenses {kept or 'none:1'}")
    return steps


def beside_others(game: GameReport, margin: float) -> list[LensReport]:
    """Lenses that are dead weight only while all others sit: alone each brings the margin or more."""
    return [
        lens
        for lens in game.lenses
        if lens.standing is Standing.DEAD_WEIGHT
        and lens.basis == "leave-one-out"
        and (lens.add_one_in.mean or 0.0) >= margin
    ]


def _names(lenses: Sequence[LensReport]) -> str:
    return ", ".join(lens.name for lens in lenses)


def _apart(lens: LensReport) -> float:
    out, alone = lens.leave_one_out.mean, lens.add_one_in.mean
    return 0.0 if out is None or alone is None else abs(alone - out)
