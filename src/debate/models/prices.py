"""Prices: what a call cost, by a table the user gives.

There is no table of our own: prices change and a wrong figure is worse than none. A cost that is not known is
None and is shown as unknown, never as 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from debate.errors import SettingsError
from debate.models.completions import Usage

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Per million tokens, in whatever currency the user thinks in. `cached_input` is `input` where not
    given.
    """

    input: float
    output: float
    cached_input: float | None = None

    def cost(self, usage: Usage) -> float | None:
        """What these tokens cost; None when one of the counts is missing."""
        if usage.prompt is None or usage.completion is None:
            return None
        cached = min(usage.cached or 0, usage.prompt)
        for_cached = self.input if self.cached_input is None else self.cached_input
        spent = (usage.prompt - cached) * self.input + cached * for_cached + usage.completion * self.output
        return spent / _MILLION


def read_prices(table: Mapping[str, object], where: str) -> dict[str, Price]:
    """`{"openai:model": {"input": 1.1, "output": 4.4}}` as prices by model name. `where` names the file in
    errors.
    """
    prices = {}
    for name, entry in table.items():
        fields = entry if isinstance(entry, Mapping) else {}
        good = {key: float(value) for key, value in fields.items() if key in _FIELDS and _is_price(value)}
        if {"input", "output"} - good.keys() or len(good) != len(fields):
            raise SettingsError(
                f"{where}: the price of {name!r} needs input and output (cached_input if it differs), "
                "numbers of 0 or more per million tokens"
            )
        prices[name] = Price(**good)
    return prices


_FIELDS = frozenset({"input", "output", "cached_input"})


def _is_price(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
