"""Numbers with their units, as people write them in cards.

A `Quantity` is a value (or a range) with a unit and the place it was read from. Two quantities are of one
kind when their units normalise to the same base; only those are ever compared or subtracted.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written in a text.

    `low == high` for a plain number; `bound` says what a comparator before it meant: "<", "<=", ">", ">=",
    "~" or "". `unit` is normalised ("ms", "s", "%", "users", "weeks", "€", …; "" when bare). `start` and
    `end` are offsets into the text it was read from; `text` is exactly what stood there.
    """

    low: float
    high: float
    unit: str
    bound: str
    text: str
    start: int
    end: int

    @property
    def value(self) -> float:
        """Middle of the range."""
        return (self.low + self.high) / 2
