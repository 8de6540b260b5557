"""Scores by arm: a dot for each run, the arm's mean, and the card's two known answers as lines."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from markupsafe import Markup

from debate.studies.plots import svg
from debate.studies.plots.forest import BESIDE
from debate.studies.report import CellFigure, StudyReport

ROW = 26


def scores_by_arm(report: StudyReport, links: Mapping[str, str], width: int) -> Markup:
    """All arms that have a score, in the plan's order."""
    arms = [arm for arm in report.arms if arm.summary.mean is not None]
    beside = width >= BESIDE
    label = 340 if beside else 0
    row = ROW if beside else ROW + 20
    cells = [cell for cell in report.cells if cell.score is not None]
    lows, highs = (
        [v for c in cells if (v := getattr(c, name)) is not None] for name in ("baseline", "target")
    )
    scale = svg.Scale(*svg.spread([*lows, *highs, *(c.score or 0.0 for c in cells)]), label + 10, width - 46)
    head, height = 24, 24 + row * len(arms) + 30
    floor = height - 24
    parts = [_known("baseline", lows, scale, head, floor), _known("target", highs, scale, head, floor)]
    parts.append(svg.line(scale.start, floor, scale.end, floor, "rule"))
    parts += [
        svg.text(f"{at:g}", scale(at), floor + 11, "axis", "middle") for at in scale.ticks(8 if beside else 5)
    ]
    for place, arm in enumerate(arms):
        y = head + row * place + row / 2 + (0 if beside else 9)
        name = arm.summary.arm
        where = (0, y) if beside else (0, y - 15)
        parts.append(
            svg.text(
                svg.cut(name, 336 if beside else width - 60),
                *where,
                "control" if arm.is_control else arm.kind,
            )
        )
        parts += _dots([cell for cell in cells if cell.arm == name], scale, y, links)
        mean = arm.summary.mean or 0.0
        parts.append(svg.line(scale(mean), y - 8, scale(mean), y + 8, "tick"))
        parts.append(svg.text(f"{mean:.2f}", width, y if beside else y - 15, "figure", "end"))
    return svg.drawing(width, height, f"{report.endpoint} by arm", *parts)


def _known(name: str, values: Sequence[float], scale: svg.Scale, head: float, floor: float) -> Markup:
    """The known answer's score: a line at the mean, a band over the cards."""
    if not values:
        return Markup("")
    low, mean, high = scale(min(values)), scale(fmean(values)), scale(max(values))
    return svg.group(
        svg.el("rect", x=low, y=head, width=high - low, height=floor - head, class_=f"known {name}"),
        svg.line(mean, head, mean, floor, f"known {name}"),
        svg.text(f"{name} {fmean(values):.1f}", mean, head - 12, "axis", "middle"),
    )


def _dots(cells: Sequence[CellFigure], scale: svg.Scale, y: float, links: Mapping[str, str]) -> list[Markup]:
    dots = []
    for place, cell in enumerate(cells):
        # A card keeps its height in all rows, so that the eye can follow it.
        rise = ((place * 5) % 11 - 5) * 0.9 if len(cells) > 1 else 0.0
        dot = svg.el("circle", cx=scale(cell.score or 0.0), cy=y + rise, r=3.4, class_="dot")
        words = f"{cell.card}, replicate {cell.replicate}: {cell.score:.2f}. Run {cell.run}"
        dots.append(svg.linked(dot, words, links.get(cell.run or "")))
    return dots
