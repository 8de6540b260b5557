"""The page of a study: one file without a network, with plots, and under each plot its table as text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from debate.sanitize import plain
from debate.studies.controls import AGAIN
from debate.studies.games import GameReport
from debate.studies.idea_sheets import gap_sheet, idea_sheet, survival_sheet
from debate.studies.plots.arms import scores_by_arm
from debate.studies.plots.forest import forest
from debate.studies.plots.sets import by_set, panels, sets_map
from debate.studies.plots.tokens import arm_anchor, comparable, tokens_and_score
from debate.studies.report import ArmReport, StudyReport
from debate.studies.sheet import Sheet
from debate.studies.sheets import about, arm_sheet, contrast_sheet, lens_sheet, pair_sheet, trouble_sheet
from debate.studies.summary import findings, next_steps
from debate.studies.wording import count, level, listed, told
from debate.transcripts import TRANSCRIPT

WIDE, NARROW = 900, 350
#: A figure from more runs than this points to the list of all cells.
MOST_RUNS = 24
#: Where every card has a panel of its own, so many of them get a map.
MOST_MAPS = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its title says what is seen; `plots` are the same plot wide and narrow, () without one.
    `more` is a table that is shown when asked for.
    """

    key: str
    title: str
    sheet: Sheet | None
    plots: tuple[Markup, ...] = ()
    caption: str = ""
    more: Sheet | None = None


#: Where a run is read, below its folder's address.
TO_READ = f"/{TRANSCRIPT}"


def render_report(
    report: StudyReport, runs: str = "../../", *, leaf: str = TO_READ, static: str = "", back: str = ""
) -> str:
    """The page; `runs` is the address of the folder the runs lie in, seen from the page, with a slash, and
    `leaf` what follows a run's id there. A server gives the address where it has report.css, plots.css and
    icon.svg, `static`, and a way `back`; without them the page holds all it needs.
    """
    links = run_links(report, runs, leaf)
    first, *others = findings(report)
    page = _environment().get_template("report.html")
    return page.render(
        report=report,
        about=about(report),
        first=first,
        others=others,
        parts=sections(report, links),
        steps=next_steps(report),
        links=links,
        most=MOST_RUNS,
        anchor=arm_anchor,
        static=static,
        back=back,
    )


def run_links(report: StudyReport, runs: str, leaf: str = TO_READ) -> dict[str, str]:
    """Where each run of the study is read, by its id."""
    return {cell.run: f"{runs}{quote(cell.run)}{leaf}" for cell in report.cells if cell.run}


def sections(report: StudyReport, links: Mapping[str, str]) -> list[Part]:
    """What the page shows one after the other; a part that has nothing to show is left out."""
    parts = [part for game in report.games for part in _of_game(game, report, links)]
    parts += [_controls(report), *_of_arms(report, links), _ideas(report), _gap(report), _missing(report)]
    return [part for part in parts if (part.plots or (part.sheet and part.sheet.rows))]


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("debate.studies"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    made.filters["score"] = lambda value: "–" if value is None else f"{value:.2f}"
    return made


def _plots(draw: Callable[[int], Markup]) -> tuple[Markup, ...]:
    drawn = (draw(WIDE), draw(NARROW))
    return drawn if all(drawn) else ()


def _of_game(game: GameReport, report: StudyReport, links: Mapping[str, str]) -> list[Part]:
    sheet = lens_sheet(game, report)
    many = any(lens.measured.n > 1 for lens in game.lenses)
    basis = {"Shapley value": "the Shapley value", "leave-one-out": "what is lost without the lens",
             "add-one-in": "what the lens brings alone"}[game.lenses[0].basis]  # fmt: skip
    test = (
        f", the bar its {level(report.alpha)} interval, small dots are cards"
        if many
        else "; one card has no interval"
    )
    caption = (
        f"The mark is {basis}{test}. The bracket under it reaches from what is lost when the lens leaves to "
        f"what it brings alone. Shaded: the margin, ±{report.margin:g} points."
    )
    if game.placebo is not None:
        caption += " Dashed: what a placebo lens brings."
    first = Part(
        key=sheet.key,
        title=_forest_title(game),
        sheet=sheet,
        plots=_plots(lambda width: forest(game, report.margin, width)),
        caption=caption,
    )
    maps = [_sets(game, cards, report, links) for cards in list(panels(game).values())[:MOST_MAPS]]
    pairs = pair_sheet(game, report)
    return [first, *maps, Part(key=pairs.key, title=pairs.title, sheet=pairs)]


def _forest_title(game: GameReport) -> str:
    """From the lens that does most to the one that does least."""
    scored = [lens for lens in game.lenses if lens.measured.mean is not None]
    if not scored:
        return f"No lens has a score on both sides ({game.game})"
    said = [f"{lens.name} {told(lens.measured)}" for lens in scored]
    return f"{said[0]}{' … ' if len(said) > 2 else ', '}{said[-1]} ({game.game})" if said[1:] else said[0]


def _sets(game: GameReport, cards: Sequence[str], report: StudyReport, links: Mapping[str, str]) -> Part:
    """The panels held on these cards, which share their lenses."""
    return Part(
        key=f"sets-{game.game}-{cards[0]}",
        title=_sets_title(game, cards, report),
        sheet=None,
        plots=_plots(lambda width: sets_map(game, cards, report.names, links, width)),
        caption="A row is a panel; a filled dot is a lens that sits. On the right its mean score over cards, "
        "best first.",
    )


def _sets_title(game: GameReport, cards: Sequence[str], report: StudyReport) -> str:
    rows = by_set(game, cards)
    if not rows:
        return "No set of lenses has a score"
    sitting, score, _ = rows[0]
    best = " + ".join(report.names[lens] for lens in sitting) or "no lens"
    most = max(len(lenses) for lenses, _, _ in rows)
    full = next(score for lenses, score, _ in rows if len(lenses) == most)
    empty = next((f", without a lens {score:.2f}" for lenses, score, _ in rows if not lenses), "")
    where = "" if len(cards) == len(report.cards) else f" on {listed(cards, 3)}"
    if len(sitting) == most:
        return f"Of {count(len(rows), 'panel')}{where} the full one scores best: {score:.2f}{empty}"
    return f"Of {count(len(rows), 'panel')}{where} {best} scores best: {score:.2f}; full {full:.2f}{empty}"


def _controls(report: StudyReport) -> Part:
    sheet = contrast_sheet(report)
    return Part(key=sheet.key, title=sheet.title, sheet=sheet)


def _of_arms(report: StudyReport, links: Mapping[str, str]) -> list[Part]:
    scored = [arm for arm in report.arms if arm.summary.mean is not None]
    if not scored:
        return []
    return [
        Part(
            key="arms",
            title=_arms_title(scored[0]),
            sheet=arm_sheet(report),
            plots=_plots(lambda width: scores_by_arm(report, links, width)),
            caption="A dot is a run and leads to its transcript; the tick is the arm's mean. Lines: what the "
            "judge gives the card's two known answers, the everyday one (baseline) and the one to reach "
            "(target), with a band over the cards where there are several.",
        ),
        Part(
            key="tokens",
            title=_tokens_title(comparable(report)),
            sheet=None,
            plots=_plots(lambda width: tokens_and_score(report, width)),
            caption="A mark is an arm; small ones are panels of a game. Arms without scores on "
            "all of the first one's cards are left out. The table of arms has the figures.",
        ),
    ]


def _arms_title(arm: ArmReport) -> str:
    figures = arm.summary
    if figures.baseline is None or figures.target is None or figures.mean is None:
        return f"Scores: {figures.arm} {figures.mean:.2f}"
    return (
        f"The arm {figures.arm} scores {figures.mean:.2f}: the everyday answer gets {figures.baseline:.2f}, "
        f"the one to reach {figures.target:.2f}"
    )


def _tokens_title(arms: list[ArmReport]) -> str:
    reference = arms[0].summary
    cheaper = [
        arm.summary.arm
        for arm in arms[1:]
        if arm.summary.arm != AGAIN
        and (arm.summary.mean or 0.0) >= (reference.mean or 0.0)
        and (arm.summary.tokens or 0.0) < (reference.tokens or 0.0)
    ]
    if not cheaper:
        return f"No arm scores as much as {reference.arm} with fewer tokens"
    return f"With fewer tokens than {reference.arm}, as good or better: {listed(cheaper, 3)}"


def _ideas(report: StudyReport) -> Part:
    sheet, found = survival_sheet(report), report.survival
    title = f"Ideas: of {len(found.ideas)} raised in the full panel, {found.kept} reached a step"
    return Part(sheet.key, title, sheet, more=idea_sheet(report))


def _gap(report: StudyReport) -> Part:
    sheet = gap_sheet(report)
    return Part(key=sheet.key, title=sheet.title, sheet=sheet)


def _missing(report: StudyReport) -> Part:
    sheet = trouble_sheet(report)
    return Part(key=sheet.key, title=sheet.title, sheet=sheet)
