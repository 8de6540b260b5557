"""Tokens against score: whether what a panel costs comes back, arm by arm."""

from markupsafe import Markup

from debate.studies.plots import svg
from debate.studies.plots.forest import BESIDE
from debate.studies.report import ArmReport, StudyReport


def comparable(report: StudyReport) -> list[ArmReport]:
    """The arms that have scores on the very cards the first one has: means over others cannot be compared."""
    scored = [arm for arm in report.arms if arm.summary.mean is not None and arm.summary.tokens is not None]
    return [arm for arm in scored if arm.cards == scored[0].cards]


def tokens_and_score(report: StudyReport, width: int) -> Markup:
    """A mark for each arm at its mean tokens and score; arms of a game are small and without a name."""
    arms = comparable(report)
    if len(arms) < 2:
        return Markup("")
    height = 320 if width >= BESIDE else 290
    right = 130 if width >= BESIDE else 92
    x = svg.Scale(*svg.spread([a.summary.tokens or 0.0 for a in arms], 0.08), 44, width - right)
    y = svg.Scale(*svg.spread([a.summary.mean or 0.0 for a in arms], 0.1), height - 44, 26)
    parts = [
        svg.line(x.start, y.start, x.end, y.start, "rule"),
        svg.line(x.start, y.start, x.start, y.end, "rule"),
    ]
    parts.append(svg.text(report.endpoint, 0, 8, "axis"))
    for at in x.ticks(5 if width >= BESIDE else 3):
        parts.append(
            svg.text(f"{at / 1000:g}k" if at >= 1000 else f"{at:g}", x(at), y.start + 12, "axis", "middle")
        )
    for at in y.ticks(6):
        parts.append(svg.line(x.start, y(at), x.end, y(at), "grid"))
        parts.append(svg.text(f"{at:g}", x.start - 6, y(at), "axis", "end"))
    named = [arm for arm in arms if arm.is_control or arm.kind in ("full", "varied")]
    for arm in sorted(arms, key=lambda arm: (arm in named, not arm.is_control)):
        parts.append(_mark(arm, x, y, named=arm in named))
    parts += _names(named, x, y, right)
    parts.append(
        svg.text("tokens of a run, in and out", (x.start + x.end) / 2, height - 10, "axis", "middle")
    )
    return svg.drawing(width, height, f"Tokens against {report.endpoint}", *parts)


def _mark(arm: ArmReport, x: svg.Scale, y: svg.Scale, *, named: bool) -> Markup:
    tokens, score = arm.summary.tokens or 0.0, arm.summary.mean or 0.0
    mark = svg.el(
        "circle",
        cx=x(tokens),
        cy=y(score),
        r=6 if named else 4,
        class_=f"arm {_tone(arm) if named else 'small'}",
    )
    return svg.linked(
        mark, f"{arm.summary.arm}: {score:.2f} with {tokens:,.0f} tokens", f"#{arm_anchor(arm)}"
    )


def _tone(arm: ArmReport) -> str:
    return "control" if arm.is_control else arm.kind


def arm_anchor(arm: ArmReport) -> str:
    """Where an arm's runs are listed on the page."""
    return "arm-" + "".join(char if char.isalnum() else "-" for char in arm.summary.arm)


def _names(arms: list[ArmReport], x: svg.Scale, y: svg.Scale, room: float) -> list[Markup]:
    """Names to the right of their marks, moved apart where marks lie close."""
    parts: list[Markup] = []
    taken: list[tuple[float, float, float]] = []
    for arm in sorted(arms, key=lambda arm: -(arm.summary.mean or 0.0)):
        at, start = y(arm.summary.mean or 0.0), x(arm.summary.tokens or 0.0) + 10
        name = svg.cut(arm.summary.arm, x.end + room - start)
        end = start + svg.LETTER * len(name)
        while any(
            abs(at - other) < svg.LINE - 2 and start < right and left < end for other, left, right in taken
        ):
            at += 2
        taken.append((at, start, end))
        parts.append(svg.text(name, start, at, _tone(arm)))
    return parts
