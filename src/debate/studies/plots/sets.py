"""The map of sets: which lenses sit, a row a set, and how that panel scored, best first."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from markupsafe import Markup

from debate.studies.games import CoalitionFigure, GameReport
from debate.studies.plots import svg
from debate.studies.plots.forest import BESIDE
from debate.studies.wording import count

#: More lenses than this over all cards make a map nobody reads; then the table says it.
MOST_LENSES = 8
ROW = 19


def panels(game: GameReport) -> dict[tuple[str, ...], list[str]]:
    """The full panels of a game, each with its cards: sets of different cards cannot be compared."""
    whole: dict[str, tuple[str, ...]] = {}
    for each in game.coalitions:
        whole[each.card] = max(whole.get(each.card, ()), each.lenses, key=len)
    found: dict[tuple[str, ...], list[str]] = {}
    for card, lenses in whole.items():
        found.setdefault(lenses, []).append(card)
    return found


def by_set(
    game: GameReport, cards: Sequence[str]
) -> list[tuple[tuple[str, ...], float, list[CoalitionFigure]]]:
    """Each set that has a score with its mean over these cards and where it comes from, best first."""
    found: dict[tuple[str, ...], list[CoalitionFigure]] = {}
    for each in game.coalitions:
        if each.score is not None and each.card in cards:
            found.setdefault(each.lenses, []).append(each)
    rows = [(lenses, fmean(each.score or 0.0 for each in cards), cards) for lenses, cards in found.items()]
    return sorted(rows, key=lambda row: (-row[1], -len(row[0]), row[0]))


def sets_map(
    game: GameReport, cards: Sequence[str], names: Mapping[str, str], links: Mapping[str, str], width: int
) -> Markup:
    """A row for each set of the lenses that sit on these cards; "" where they are too many, or there is
    nothing to show.
    """
    rows = by_set(game, cards)
    seated = {lens for sitting, _, _ in rows for lens in sitting}
    lenses = [lens.lens for lens in game.lenses if lens.lens in seated]
    if not lenses or len(lenses) > MOST_LENSES:
        return Markup("")
    column = 30 if width >= BESIDE else 22
    head = 22 + svg.LETTER * 0.72 * max(len(names[lens]) for lens in lenses)
    floor = head + ROW * len(rows) + 4
    scale = svg.Scale(*svg.spread([score for _, score, _ in rows]), column * len(lenses) + 16, width - 46)
    parts = [
        _heading(names[lens], column * place + column / 2 + 4, head - 8) for place, lens in enumerate(lenses)
    ]
    for at in scale.ticks(7 if width >= BESIDE else 4):
        parts.append(svg.line(scale(at), head, scale(at), floor, "grid"))
        parts.append(svg.text(f"{at:g}", scale(at), floor + 11, "axis", "middle"))
    for place, (sitting, score, found) in enumerate(rows):
        y = head + ROW * place + ROW / 2
        parts.append(_row(sitting, lenses, column, y))
        whole = "full" if len(sitting) == len(lenses) else "nobody" if not sitting else "some"
        dot = svg.el("circle", cx=scale(score), cy=y, r=5.5, class_=f"panel {whole}")
        sat = ", ".join(names[lens] for lens in sitting) or "no lens"
        only = [run for each in found for run in each.runs]
        address = links.get(only[0]) if len(only) == 1 else None
        parts.append(svg.linked(dot, f"{sat}: {score:.2f} over {count(len(found), 'card')}", address))
        parts.append(svg.text(f"{score:.2f}", width, y, "figure", "end"))
    return svg.drawing(width, floor + 22, f"Score by set of lenses in {game.game}", *parts)


def _heading(name: str, x: float, y: float) -> Markup:
    return svg.el("text", name, class_="slant", transform=f"translate({x:.0f} {y:.0f}) rotate(-45)")


def _row(sitting: Sequence[str], lenses: Sequence[str], column: int, y: float) -> Markup:
    return svg.group(
        *(
            svg.el(
                "circle",
                cx=column * place + column / 2,
                cy=y,
                r=5,
                class_="sits" if lens in sitting else "away",
            )
            for place, lens in enumerate(lenses)
        )
    )
