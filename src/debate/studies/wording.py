"""Wording: how figures of a study are written in sentences and tables."""

import re
from collections.abc import Sequence
from typing import Final

from debate.studies.effects import Effect

#: Below this a mean is shown as nothing: scores have two decimals.
NOTHING: Final = 0.005


def signed(text: str) -> str:
    """`text` with minus signs for the hyphens before figures."""
    return re.sub(r"(?<![\w.])-(?=\d)", "−", text)


def points(value: float | None) -> str:
    """A difference in points, with its sign; "–" where there is none."""
    if value is None:
        return "–"
    return signed(f"{0.0 if abs(value) < NOTHING else value:+.2f}")


def span(effect: Effect) -> str:
    """The interval of an effect; "–" where there is none."""
    if effect.low is None or effect.high is None:
        return "–"
    return f"{points(effect.low)} to {points(effect.high)}"


def told(effect: Effect) -> str:
    """An effect with its interval where it has one."""
    interval = f" [{span(effect)}]" if effect.low is not None else ""
    return f"{points(effect.mean)}{interval}"


def level(alpha: float) -> str:
    """How sure an interval is: `95 %`."""
    return f"{100 * (1 - alpha):g} %"


def count(number: int, noun: str) -> str:
    """`1 card`, `2 cards`, `2 lenses`."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"


def listed(names: Sequence[str], most: int = 4) -> str:
    """The first of some names, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def score(value: float | None) -> str:
    """A score with two decimals; "–" where there is none."""
    return "–" if value is None else f"{value:.2f}"
