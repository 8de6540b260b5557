"""A sheet: a titled table of words, for terminals and pages alike, each row with the runs it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is shown, and the runs its figures come from."""

    cells: tuple[str, ...]
    runs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. `key` names it for links; `words` are how many columns from the left hold words, the rest are
    figures; `notes` stand under it.
    """

    key: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    words: int = 1
    notes: tuple[str, ...] = ()
