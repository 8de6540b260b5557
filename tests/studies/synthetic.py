"""A world whose truth is known: which lenses sit decides the score of a debate, and nothing else but noise.

Of six lenses two are redundant (either brings what both do), one is harmful, one useless, one sound by
itself, and one works only where the sound one sits. Placebos and neutral agents bring nothing.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist, fmean

from debate.library import Library
from debate.models.roles import ROLES
from debate.studies.cells import Cell, Points, every_key
from debate.studies.contrasts import PLACEBO
from debate.studies.plan import Arm, ProblemPlan, StudyPlan
from debate.studies.planning import plan_study
from debate.studies.request import StudyRequest
from debate.studies.shapley import Table
from debate.studies.verdicts import Differences

ECHO, AGAIN, HARMFUL, USELESS, SOUND, NEEDY = SIX = (
    "bottleneck-theory",
    "emergence",
    "feedback-loops",
    "leverage-points",
    "pace-layering",
    "system-boundaries",
)
#: Shapley values, by hand: the redundant two share 1.6, the needy one and its partner share 1.4.
TRUTH = {ECHO: 0.8, AGAIN: 0.8, HARMFUL: -1.2, USELESS: 0.0, SOUND: 0.9 + 0.7, NEEDY: 0.7}
ENDPOINT = "headline"
SPREAD = 0.25  # points, of one cell


def worth(sitting: Iterable[str]) -> float:
    """What the lenses that sit add to a debate's score, in points."""
    seated = set(sitting)
    return (
        1.6 * bool(seated & {ECHO, AGAIN})
        - 1.2 * (HARMFUL in seated)
        + 0.9 * (SOUND in seated)
        + 1.4 * ({SOUND, NEEDY} <= seated)
    )


def scored(problem: str, arm: str, replicate: int, sitting: Iterable[str]) -> float:
    """The score of one cell: the card's own level, what its lenses are worth, and noise that is its own."""
    return 4.0 + _drawn(problem) / 2 + worth(sitting) + SPREAD * _drawn(problem, arm, str(replicate))


def _drawn(*words: str) -> float:
    """A standard normal draw that follows from the words."""
    digest = hashlib.sha256("\0".join(words).encode()).digest()
    return NormalDist().inv_cdf((int.from_bytes(digest[:6]) + 0.5) / 2**48)


@cache
def shelf() -> Library:
    """The built-in cards, read once."""
    return Library.open()


def planned(cards: int, *, lenses: Iterable[str] = SIX, replicates: int = 2) -> StudyPlan:
    """A study of all sets of these lenses on shipped cards, with the controls that should do nothing."""
    names = [entry.id for entry in shelf().problems() if entry.card][:cards]
    request = StudyRequest(
        problems=tuple(names),
        models=dict.fromkeys(ROLES, "offline"),
        designs=("shapley",),
        lenses=",".join(lenses),
        controls=(PLACEBO, "a/a"),
        replicates=replicates,
    )
    return plan_study(request, shelf()).plan


def seated(arm: Arm) -> list[str]:
    """The lenses that sit in an arm."""
    return [term for term in arm.settings.lenses.split(",") if not term.startswith("none:")]


def cells_of(plan: StudyPlan) -> list[Cell]:
    """The cells of a plan as this world would have them, none held."""
    arms = {(problem.id, arm.name): arm for problem in plan.problems for arm in problem.arms}
    return [
        Cell(problem=card, arm=arm, replicate=n, state="done",
             scores={ENDPOINT: Points(answer=scored(card, arm, n, seated(arms[card, arm])),
                                      baseline=2.5, target=8.4)})
        for card, arm, n in every_key(plan)
    ]  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What cells say: by card, the mean over replicates of each arm."""

    plan: StudyPlan
    means: Mapping[tuple[str, str], float]

    @classmethod
    def of(cls, plan: StudyPlan, cells: Iterable[Cell]) -> "Found":
        scores: dict[tuple[str, str], list[float]] = {}
        for cell in cells:
            score = cell.score(ENDPOINT)
            assert score is not None, cell.error
            scores.setdefault((cell.problem, cell.arm), []).append(score)
        return cls(plan, {key: fmean(each) for key, each in scores.items()})

    def table(self, problem: ProblemPlan) -> Table:
        """The scores of all sets of lenses on one card."""
        return {
            frozenset(arm.coalition): self.means[problem.id, arm.name]
            for arm in problem.arms
            if arm.coalition is not None
        }

    def by_lens(
        self, reckon: Callable[[Table, tuple[str, ...]], Mapping[str, float]]
    ) -> dict[str, Differences]:
        """A figure of each lens by card."""
        found = {each.id: reckon(self.table(each), each.lenses) for each in self.plan.problems}
        return {lens: {card: values[lens] for card, values in found.items()} for lens in self.lenses}

    def less(self, arm: str, other: str) -> Differences:
        """One arm minus another, by card."""
        return {each.id: self.means[each.id, arm] - self.means[each.id, other] for each in self.plan.problems}

    @property
    def lenses(self) -> tuple[str, ...]:
        """The players."""
        return self.plan.problems[0].lenses
