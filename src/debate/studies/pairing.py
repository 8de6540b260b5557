"""Pairing: two runs, or one arm each of two studies, held against each other card by card.

The unit is the card: replicates are averaged inside it first, on either side. A card counts only when both
sides have it, scored it by the same judge and mean the same card by its name (same sha256); every other card
is named with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from debate.errors import InputError, UnknownName
from debate.library import Library
from debate.models.roles import CHECKS
from debate.run_names import steps_back
from debate.studies.cells import Cell, read_cells, scores_of
from debate.studies.plan import PLAN, list_studies, read
from debate.studies.power import fewest_cards, minimum_detectable_effect
from debate.studies.statistics import Estimate, estimate
from debate.studies.study import study_folder
from debate.transcripts import Run

FULL = "full"


@dataclass(frozen=True, slots=True)
class SideCard:
    """One card of a side. `scores` has its replicates (None: not done or not scored), `runs` their ids."""

    sha256: str
    scores: tuple[float | None, ...]
    runs: tuple[str, ...]

    @property
    def mean(self) -> float | None:
        """Over the replicates that have a score; None without any."""
        known = [score for score in self.scores if score is not None]
        return fmean(known) if known else None

    @property
    def lost(self) -> int:
        """Replicates without a score."""
        return sum(score is None for score in self.scores)


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared: `name` is what a reader calls it, `cards` are by problem id, `models` by role."""

    name: str
    cards: Mapping[str, SideCard]
    models: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Paired:
    """Two sides. `left_out` has the reason by card, `detectable` is the smallest effect so many cards find
    with 80 % power (None: none can be found); `notes` are what else is not alike, in sentences.
    """

    one: Side
    other: Side
    endpoint: str
    differences: Mapping[str, float]
    left_out: Mapping[str, str]
    estimate: Estimate
    detectable: float | None
    fewest: int
    notes: tuple[str, ...]

    @property
    def conclusion(self) -> str:
        """What the pair shows, in a sentence or two; A is the one side, B the other."""
        found = self.estimate
        if found.mean is None:
            return "No card is on both sides with a score, so nothing can be compared."
        way = f"B against A: {found.mean:+.2f} points"
        if found.interval is None or found.p is None:
            return f"{way} on one card. This describes the card and tests nothing."
        low, high = found.interval
        seen = f"{way} over {found.n} cards ({low:+.2f} to {high:+.2f}, p {found.p:.3f})."
        if found.n < self.fewest:
            return f"{seen} With fewer than {self.fewest} cards no difference can be significant."
        if self.detectable is None:
            return seen
        return f"{seen} So many cards find differences of {self.detectable:.2f} points or more."


def side(name: str, endpoint: str, library: Library, transcripts: Path | None) -> Side:
    """The side `name` stands for: a study, `STUDY:ARM` (else its full panel), or a run. Raises `InputError`.

    Ids may be shortened. What is both a run's and a study's is a study's; `last` and `last~1` are runs where
    they stand alone and studies before an arm.
    """
    base = library.transcripts_dir(transcripts)
    study, of, arm = name.partition(":")
    if of or _is_study(study, base):
        return _study_side(study_folder(study, base), arm or FULL, endpoint)
    run = Run.named(name, library.run_folders(transcripts))
    points = scores_of(run).get(endpoint)
    if points is None:
        raise InputError(_no_endpoint(run.manifest.id, endpoint, scores_of(run)))
    card = SideCard(run.manifest.problem.sha256, (points.answer,), (run.manifest.id,))
    models = {role: model for role, model in run.manifest.models.items() if model != CHECKS}
    return Side(run.manifest.id, {run.manifest.problem.id: card}, models)


def pair(one: Side, other: Side, endpoint: str, *, alpha: float = 0.05) -> Paired:
    """`other` minus `one` on every card both have."""
    differences, left_out = {}, {}
    for card in dict.fromkeys([*one.cards, *other.cards]):
        found = _difference(one.cards.get(card), other.cards.get(card), (one.name, other.name))
        if isinstance(found, str):
            left_out[card] = found
        else:
            differences[card] = found
    measured = estimate(differences, alpha=alpha)
    return Paired(
        one=one,
        other=other,
        endpoint=endpoint,
        differences=differences,
        left_out=left_out,
        estimate=measured,
        detectable=minimum_detectable_effect(measured.n, measured.sd or 0.0, alpha=alpha),
        fewest=fewest_cards(alpha=alpha),
        notes=tuple(_notes(one, other)),
    )


def _is_study(name: str, base: Path) -> bool:
    """Whether `name` means a study rather than a run."""
    if steps_back(name) is not None:
        return False
    return (Path(name) / PLAN).is_file() or any(name in folder.name for folder in list_studies(base))


def _study_side(folder: Path, arm: str, endpoint: str) -> Side:
    plan = read(folder).plan
    if arm not in plan.arms:
        raise UnknownName("arm", arm, list(plan.arms), f"Arms of {folder.name}: {', '.join(plan.arms)}")
    hashes = {problem.id: problem.sha256 for problem in plan.problems}
    cells: dict[str, list[Cell]] = {}
    for cell in sorted(read_cells(folder), key=lambda cell: cell.replicate):
        if cell.arm == arm:
            cells.setdefault(cell.problem, []).append(cell)
    held = [cell for each in cells.values() for cell in each if cell.scores]
    if held and not any(endpoint in cell.scores for cell in held):
        raise InputError(_no_endpoint(folder.name, endpoint, held[0].scores))
    settings = next(each.settings for problem in plan.problems for each in problem.arms if each.name == arm)
    return Side(
        name=f"{folder.name}:{arm}",
        cards={problem: _card(hashes[problem], each, endpoint) for problem, each in cells.items()},
        models=settings.models,
    )


def _card(sha256: str, cells: Sequence[Cell], endpoint: str) -> SideCard:
    return SideCard(
        sha256,
        tuple(cell.score(endpoint) for cell in cells),
        tuple(cell.run for cell in cells if cell.run),
    )


def _difference(one: SideCard | None, other: SideCard | None, names: tuple[str, str]) -> float | str:
    """The difference on one card, or why there is none."""
    if one is None or other is None:
        return f"not in {names[0] if one is None else names[1]}"
    if one.sha256 != other.sha256:
        return "the card was changed between the two"
    if one.mean is None or other.mean is None:
        return f"no score in {names[0] if one.mean is None else names[1]}"
    return other.mean - one.mean


def _notes(one: Side, other: Side) -> list[str]:
    notes = []
    for role in dict.fromkeys([*one.models, *other.models]):
        before, after = one.models.get(role, "nobody"), other.models.get(role, "nobody")
        if before != after:
            notes.append(f"{role} was {before} in {one.name} and {after} in {other.name}")
    for each in (one, other):
        if lost := sum(card.lost for card in each.cards.values()):
            held = sum(len(card.scores) for card in each.cards.values())
            notes.append(f"{lost} of {held} cells of {each.name} have no score and are left out")
    return notes


def _no_endpoint(name: str, endpoint: str, scores: Mapping[str, object]) -> str:
    known = ", ".join(scores) or "none: it has no verdict"
    return f"{name} has no score {endpoint!r}; it has {known}"
