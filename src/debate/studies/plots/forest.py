"""The forest plot: what each lens does, with its interval, its bracket and its cards, beside the placebo."""

from markupsafe import Markup

from debate.studies.effects import CardFigure, Effect
from debate.studies.games import GameReport, LensReport
from debate.studies.plots import svg
from debate.studies.verdicts import Standing
from debate.studies.wording import points, signed, told

ROW = 34
_CLASS = {
    Standing.EARNED: "good",
    Standing.HARMFUL: "bad",
    Standing.DEAD_WEIGHT: "idle",
    Standing.UNDECIDED: "open",
    Standing.UNTESTED: "open",
}
#: Beside the plot from this width on; below, words stand above their row.
BESIDE = 600


def forest(game: GameReport, margin: float, width: int) -> Markup:
    """The lenses of one game, in the report's order."""
    beside = width >= BESIDE
    label, said = (160, 190) if beside else (0, 0)
    row = ROW if beside else ROW + 18
    scale = svg.Scale(*_ends(game, margin), label + 10, width - said - 14)
    rows = [(lens.name, lens.measured, lens) for lens in game.lenses]
    height = 8 + row * (len(rows) + (game.placebo is not None)) + 44
    floor = height - 40
    parts = [_ground(scale, margin, floor)]
    if game.placebo is not None and game.placebo.mean is not None:
        x = scale(game.placebo.mean)
        parts.append(svg.line(x, 4, x, floor, "placebo"))
    for place, (name, measured, lens) in enumerate(rows):
        y = 8 + row * place + row / 2 + (0 if beside else 9)
        words = f"{told(measured)}  {lens.standing.value}"
        parts += [
            *_words(name, words, y, width, said),
            _bracket(lens, scale, y),
            _mark(measured, scale, y, lens),
        ]
    if game.placebo is not None:
        y = 8 + row * len(rows) + row / 2 + (0 if beside else 9)
        parts += [
            *_words("a placebo lens", told(game.placebo), y, width, said),
            _mark(game.placebo, scale, y, None),
        ]
    parts.append(
        svg.text("points it adds to the score", (scale.start + scale.end) / 2, height - 6, "axis", "middle")
    )
    return svg.drawing(width, height, f"Effects of lenses in {game.game}", *parts)


def _ends(game: GameReport, margin: float) -> tuple[float, float]:
    values = [-margin, margin, 0.0]
    effects = [game.placebo] if game.placebo else []
    for lens in game.lenses:
        effects += [lens.measured, lens.leave_one_out, lens.add_one_in]
    for each in effects:
        values += [value for value in (each.mean, each.low, each.high) if value is not None]
    for lens in game.lenses:
        values += [card.value for card in lens.measured.cards if card.value is not None]
    return svg.spread(values)


def _ground(scale: svg.Scale, margin: float, floor: float) -> Markup:
    """The margin as a band, zero as a line, ticks below."""
    low, high = scale(-margin), scale(margin)
    ticks = []
    for at in scale.ticks(6 if scale.end - scale.start > 250 else 4):
        ticks.append(svg.line(scale(at), floor, scale(at), floor + 4, "rule"))
        ticks.append(svg.text(signed(f"{at:+g}") if at else "0", scale(at), floor + 12, "axis", "middle"))
    band = svg.el("rect", x=low, y=4, width=high - low, height=floor - 4, class_="band")
    zero = svg.line(scale(0), 4, scale(0), floor, "zero")
    return svg.group(band, zero, svg.line(scale.start, floor, scale.end, floor, "rule"), *ticks)


def _words(name: str, figures: str, y: float, width: int, said: int) -> list[Markup]:
    if said:
        return [svg.text(svg.cut(name, 158), 0, y), svg.text(figures, width, y, "figure", "end")]
    return [svg.text(svg.cut(name, 170), 0, y - 21), svg.text(figures, width, y - 21, "figure", "end")]


def _bracket(lens: LensReport, scale: svg.Scale, y: float) -> Markup:
    """From left out to alone, with an open end for each."""
    out, alone = lens.leave_one_out.mean, lens.add_one_in.mean
    if out is None or alone is None:
        return Markup("")
    words = f"{lens.name}: {points(out)} when left out, {points(alone)} alone"
    ends = [svg.line(scale(at), y + 5, scale(at), y + 13, "bracket") for at in (out, alone)]
    return svg.linked(
        svg.group(svg.line(scale(out), y + 9, scale(alone), y + 9, "bracket"), *ends), words, None
    )


def _mark(found: Effect, scale: svg.Scale, y: float, lens: LensReport | None) -> Markup:
    """The mean, its interval and the cards behind it."""
    kind = _CLASS[lens.standing] if lens else "none"
    parts = [_card(card, scale, y) for card in found.cards if card.value is not None and found.n > 1]
    if found.low is not None and found.high is not None:
        parts.append(svg.line(scale(found.low), y, scale(found.high), y, f"interval {kind}"))
    if found.mean is not None:
        mark = svg.el("circle", cx=scale(found.mean), cy=y, r=5.5, class_=f"mean {kind}")
        name = lens.name if lens else "a placebo lens"
        parts.append(svg.linked(mark, f"{name}: {told(found)} over {found.n} cards", None))
    return svg.group(*parts)


def _card(card: CardFigure, scale: svg.Scale, y: float) -> Markup:
    assert card.value is not None
    dot = svg.el("circle", cx=scale(card.value), cy=y, r=2.4, class_="card")
    return svg.linked(dot, f"{card.card}: {points(card.value)} ({len(card.runs)} runs)", None)
