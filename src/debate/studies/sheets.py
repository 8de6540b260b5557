"""Sheets: a report as titled tables of words, for terminals and pages alike, each row with its runs."""

from debate.studies import spending
from debate.studies.effects import Effect
from debate.studies.games import GameReport, LensReport
from debate.studies.idea_sheets import gap_sheet, survival_sheet
from debate.studies.report import ArmReport, CellFigure, StudyReport
from debate.studies.sheet import Row, Sheet
from debate.studies.wording import count, level, points, score, signed, span

_GAMES = {
    "replacement": "a neutral agent sits in the seat of a lens that is away",
    "removal": "the seat of a lens that is away is gone",
}
#: Pairs that do nothing are many; the strongest are shown.
MOST_PAIRS = 10


def sheets(report: StudyReport, most_arms: int | None = None) -> list[Sheet]:
    """All tables of a report that have anything in them, in the order they are read. Where there are more
    than `most_arms` arms, the panels of the games are left out of theirs: the lenses sum them up.
    """
    made = [
        *(lens_sheet(game, report) for game in report.games),
        *(pair_sheet(game, report) for game in report.games if game.pairs),
        contrast_sheet(report),
        arm_sheet(report, panels=most_arms is None or len(report.arms) <= most_arms),
        survival_sheet(report),
        gap_sheet(report),
        trouble_sheet(report),
    ]
    return [sheet for sheet in made if sheet.rows]


def lens_sheet(game: GameReport, report: StudyReport) -> Sheet:
    """What each lens does in one game."""
    tested = any(lens.measured.n > 1 for lens in game.lenses)
    shapley = any(lens.shapley for lens in game.lenses)
    void = report.soundness.state == "unsound"
    bases = (*(["Shapley"] if shapley else []), "left out", "alone")
    tests = (f"{level(report.alpha)} interval", "p (Holm)") if tested else ()
    notes = [f"{lens.name}: {signed(lens.why)}" for lens in game.lenses] if tested else [_untested(game)]
    if game.drawn:
        notes.append(f"Shapley values are estimates here: {game.drawn}.")
    if game.placebo is not None and game.placebo.mean is not None:
        notes.append(f"A placebo lens brings {points(game.placebo.mean)} to its seat.")
    if tested:
        notes.append(_detectable(game, report))
    if report.stop:
        evidence = ", ".join(f"{lens.name} {max(lens.evidence or (1.0,)):,.1f}" for lens in game.lenses)
        notes.append(
            "The most evidence there was of each lens (e-process; for the first, Holm asks for "
            f"{len(game.lenses) / report.alpha:g}): {evidence}. Its p holds wherever a study stops."
        )
    return Sheet(
        key=f"lenses-{game.game}",
        title=f"Lenses in {game.game}: {_GAMES[game.game]}",
        headers=("lens", "verdict", *bases, *tests),
        rows=tuple(_lens(lens, shapley=shapley, tested=tested, void=void) for lens in game.lenses),
        words=2,
        notes=tuple(notes),
    )


def _lens(lens: LensReport, *, shapley: bool, tested: bool, void: bool) -> Row:
    figures = [points(lens.shapley.mean if lens.shapley else None)] if shapley else []
    figures += [points(lens.leave_one_out.mean), points(lens.add_one_in.mean)]
    if tested:
        figures += [span(lens.measured), _p(lens.adjusted)]
    standing = f"{lens.standing.value}{' (void)' if void else ''}"
    return Row((lens.name, standing, *figures), lens.measured.runs)


def _untested(game: GameReport) -> str:
    fewest = max(lens.fewest for lens in game.lenses)
    return (
        f"No lens has scores on two cards: this describes and tests nothing. With "
        f"{count(len(game.lenses), 'lens')} a test takes at least {fewest} cards."
    )


def _detectable(game: GameReport, report: StudyReport) -> str:
    found = [lens.detectable for lens in game.lenses if lens.detectable is not None]
    basis = game.lenses[0].basis
    margin = f"the margin is ±{report.margin:g}"
    if not found:
        fewest = max(lens.fewest for lens in game.lenses)
        return f"No effect of any size can be found: it takes {fewest} cards or more, and a spread; {margin}."
    ends = f"{min(found):.2f}" if len(found) == 1 else f"{min(found):.2f} to {max(found):.2f}"
    return (
        f"The interval and the verdict are about the {basis}. The smallest effect these cards find with 80 % "
        f"power is {ends} points, by lens; {margin}."
    )


def pair_sheet(game: GameReport, report: StudyReport) -> Sheet:
    """Which two lenses say the same or need one another."""
    known = [each for each in game.pairs if each.mean is not None]
    pairs = sorted(known, key=lambda each: -abs(each.mean or 0.0))
    tested = any(each.low is not None for each in pairs)
    rows = []
    for each in pairs[:MOST_PAIRS]:
        figures = (points(each.mean), *([span(each)] if tested else []))
        rows.append(Row((_pair(each, report), _together(each, report.margin), *figures), each.runs))
    left = len(pairs) - len(rows)
    notes = ["Intervals are not corrected for the number of pairs: they suggest and do not test."] * tested
    notes += [f"{count(left, 'weaker pair')} left out here."] if left else []
    return Sheet(
        key=f"pairs-{game.game}",
        title=f"Pairs in {game.game}: what two lenses do beyond what each does",
        headers=("pair", "so", "points", *([f"{level(report.alpha)} interval"] if tested else [])),
        rows=tuple(rows),
        words=2,
        notes=tuple(notes),
    )


def _pair(pair: Effect, report: StudyReport) -> str:
    return " × ".join(report.names.get(lens, lens) for lens in pair.what.split(" × "))


def _together(pair: Effect, margin: float) -> str:
    mean = pair.mean or 0.0
    if pair.low is not None and pair.high is not None and pair.low <= 0 <= pair.high:
        return "unclear"
    if abs(mean) < margin / 2:
        return "little"
    return "need one another" if mean > 0 else "overlap"


def contrast_sheet(report: StudyReport) -> Sheet:
    """The controls and named arms against the reference."""
    tested = any(each.effect.n > 1 for each in report.contrasts)
    tests = (f"{level(report.alpha)} interval", "p (Holm)") if tested else ()
    rows = []
    for each in report.contrasts:
        missed = "" if each.mismatch is None else signed(f" ({round(100 * each.mismatch):+d}% tokens)")
        figures = (span(each.effect), _p(each.adjusted)) if tested else ()
        cells = (f"{each.effect.what}{missed}", points(each.effect.mean), *figures, str(each.effect.n))
        rows.append(Row(cells, each.effect.runs))
    return Sheet(
        key="controls",
        title="Controls: what the panel does beyond them"
        if all(each.kind == "control" for each in report.contrasts)
        else "Comparisons",
        headers=("comparison", "points", *tests, "cards"),
        rows=tuple(rows),
        notes=(signed(report.soundness.why), *_power(report)),
    )


def _power(report: StudyReport) -> list[str]:
    """What so many cards can find at all, for the comparisons of each kind."""
    if not report.contrasts:
        return []
    found = [each.detectable for each in report.contrasts if each.detectable is not None]
    fewest = max(each.fewest for each in report.contrasts)
    if not found:
        return [f"No difference of any size can be found: it takes {fewest} cards or more, and a spread."]
    ends = f"{min(found):.2f}" if len(found) == 1 else f"{min(found):.2f} to {max(found):.2f}"
    return [f"The smallest difference these cards find with 80 % power is {ends} points, by comparison."]


def arm_sheet(report: StudyReport, *, panels: bool = True) -> Sheet:
    """The arms in figures, without the `panels` of the games if so wished."""
    priced = any(arm.cost is not None for arm in report.arms)
    shown = [arm for arm in report.arms if panels or arm.is_control or arm.game is None]
    rows = [Row(_arm(arm, priced=priced), arm.runs) for arm in shown]
    left = len(report.arms) - len(shown)
    return Sheet(
        key="arms",
        title=f"Arms: {report.endpoint} by arm, beside the card's two known answers",
        headers=(
            "arm",
            "runs",
            "score",
            "baseline",
            "target",
            "seats",
            "tokens",
            *(["cost"] if priced else []),
        ),
        rows=tuple(rows),
        notes=(
            spending.told(report.spent, offline=report.offline),
            *(
                [f"{count(left, 'panel')} of the games are in the other forms of this report."]
                if left
                else []
            ),
        ),
    )


def _arm(arm: ArmReport, *, priced: bool) -> tuple[str, ...]:
    figures = arm.summary
    tokens = "–" if figures.tokens is None else f"{figures.tokens:,.0f}"
    seats = "–" if figures.seats is None else f"{figures.seats:g}"
    cost = ["unknown" if arm.cost is None else f"{arm.cost:.4f}"] if priced else []
    scores = (score(figures.mean), score(figures.baseline), score(figures.target))
    return (figures.arm, str(figures.n), *scores, seats, tokens, *cost)


def trouble_sheet(report: StudyReport) -> Sheet:
    """The cells that are in no figure, and why; arms that share a reason share a row."""
    alike: dict[tuple[str, ...], list[CellFigure]] = {}
    for cell in report.trouble:
        what = (cell.card, str(cell.replicate), _state(cell), cell.error or "–")
        alike.setdefault(what, []).append(cell)
    return Sheet(
        key="missing",
        title=f"Not counted: {len(report.trouble)} of {count(len(report.cells), 'cell')}",
        headers=("card", "replicate", "state", "why", "arms"),
        rows=tuple(
            Row((*what, "; ".join(cell.arm for cell in cells)), tuple(cell.run for cell in cells if cell.run))
            for what, cells in alike.items()
        ),
        words=5,
        notes=("They are in no mean and replaced by nothing.",),
    )


def _state(cell: CellFigure) -> str:
    return "unscored" if cell.state == "done" else cell.state


def about(report: StudyReport) -> str:
    """Which study this is, in a line."""
    return (
        f"{report.study} · {', '.join(report.designs)} · {count(len(report.cards), 'card')} × "
        f"{count(report.replicates, 'replicate')} · {report.endpoint} · plan {report.sha256[:12]}"
    )


def _p(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if value >= 0.001 else "<0.001"
