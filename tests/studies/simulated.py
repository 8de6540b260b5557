"""Studies whose truth is known: scores of arms drawn from a model of cards, replicates and lens effects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from debate.studies.statistics import paired_differences
from debate.studies.verdicts import Differences, Verdicts, verdicts

Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]

MARGIN = 0.5
NULL = {"one": 0.0, "two": 0.0, "three": 0.0, "four": 0.0, "five": 0.0}


def normal(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return random.standard_normal(shape)


def heavy(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return random.standard_t(3, shape)


def skewed(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Skewed scores in every arm alike; their differences are symmetric again."""
    return random.exponential(1.0, shape) - 1.0


@dataclass(frozen=True)
class Study:
    """A study of `cards` cards: what each lens adds on average, how scores spread, how many cells fail.

    An arm's score is the card's own level, plus a deviation of arm and card, plus one of each replicate; as
    scores are, it is kept to tenths between 0 and 10.
    """

    cards: int
    effects: Mapping[str, float]
    draw: Draw = normal
    replicates: int = 2
    failing: float = 0.0

    def scores(
        self, random: np.random.Generator, level: np.ndarray, shift: float
    ) -> dict[str, list[float | None]]:
        """One arm's scores by card and replicate."""
        own = 0.7 * self.draw(random, (self.cards, 1)) + 0.5 * self.draw(
            random, (self.cards, self.replicates)
        )
        rows = np.clip(np.round(level[:, None] + shift + own, 1), 0, 10)
        failed = random.random(rows.shape) < self.failing
        return {
            f"card {place}": [None if gone else float(score) for score, gone in zip(*row, strict=True)]
            for place, row in enumerate(zip(rows, failed, strict=True))
        }

    def differences(
        self, random: np.random.Generator
    ) -> tuple[dict[str, Differences], dict[str, Differences]]:
        """Lenses and placebos: the full panel against one with a neutral agent in a seat."""
        level = 5 + 0.8 * random.standard_normal(self.cards)
        full = self.scores(random, level, 0.0)
        lenses: dict[str, Differences] = {
            lens: paired_differences(full, self.scores(random, level, -effect)).cards
            for lens, effect in self.effects.items()
        }
        neutral = self.scores(random, level, 0.0)
        placebo = paired_differences(self.scores(random, level, 0.0), neutral).cards
        return lenses, {"placebo": placebo}

    def judged(self, seed: int, *, sequential: bool = False) -> Verdicts:
        lenses, placebos = self.differences(np.random.default_rng(seed))
        return verdicts(lenses, margin=MARGIN, placebos=placebos, sequential=sequential, seed=seed)
