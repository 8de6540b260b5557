"""Units of quantities: the names people give them, and which of them measure the same.

A unit is a short name ("ms", "weeks", "€", "%") or, for things that are counted, their plural as the text
has it ("tickets"). A rate is two units with a slash ("tickets/week"). Months are not weeks: what has no
exact factor is never converted.
"""

import re

# Normal name, factor to the base of its kind, and the spellings read (lower case; short ones are exact).
_TIME_AND_SIZE: tuple[tuple[str, str, float, str], ...] = (
    ("ms", "ms", 1, "ms msec msecs millisecond milliseconds millisekunde millisekunden"),
    ("µs", "ms", 1e-3, "µs μs microsecond microseconds"),
    ("s", "ms", 1e3, "s sec secs second seconds sekunde sekunden"),
    ("min", "ms", 60e3, "min mins minute minutes minuten"),
    ("h", "ms", 3600e3, "h hr hrs hour hours stunde stunden std"),
    ("days", "ms", 86400e3, "d day days tag tage tagen"),
    ("weeks", "ms", 7 * 86400e3, "week weeks wk wks woche wochen"),
    ("months", "months", 1, "month months monat monate monaten"),
    ("quarters", "months", 3, "quarter quarters quartal quartale"),
    ("years", "months", 12, "year years yr yrs jahr jahre jahren"),
    ("B", "B", 1, "byte bytes"),
    ("KB", "B", 1e3, "KB kB kb kilobyte kilobytes"),
    ("MB", "B", 1e6, "MB megabyte megabytes"),
    ("GB", "B", 1e9, "GB gigabyte gigabytes"),
    ("TB", "B", 1e12, "TB terabyte terabytes"),
    ("%", "%", 1, "% percent prozent"),
    (
        "percentage points",
        "percentage points",
        1,
        "pp pps pct-points prozentpunkt prozentpunkte prozentpunkten",
    ),
    ("€", "€", 1, "€ eur euro euros"),
    ("$", "$", 1, "$ usd dollar dollars"),
    ("£", "£", 1, "£ gbp"),
    ("¥", "¥", 1, "¥ jpy yen"),
    ("×", "×", 1, "× x"),
    ("CHF", "CHF", 1, "chf franken"),
)
_NAMES = {spelling: name for name, _, _, spellings in _TIME_AND_SIZE for spelling in spellings.split()}
_FACTORS = {name: (base, factor) for name, base, factor, _ in _TIME_AND_SIZE}

CURRENCIES = frozenset(["€", "$", "£", "¥", "CHF"])
TIMES = frozenset(name for name, base, _, _ in _TIME_AND_SIZE if base in ("ms", "months"))
# Where a period is named to make a rate: 40 tickets a week.
_PERIODS = TIMES | {"sprint", "shift", "night"}

_AFTER = re.compile(
    r"[ \u00a0\u202f\u2009]?(%|[€$£¥×]|per cent\b|percentage[ -]points?\b|[A-Za-zµμäöüÄÖÜß]+)", re.IGNORECASE
)
_HYPHEN = re.compile(r"[-‐‑]([A-Za-zäöü]+)")
_RATE = re.compile(r"\s*(?:/|(per|pro|a|an|each|every|je)\s)\s*([A-Za-zäöüÄÖÜ]+)")


def named(word: str) -> str | None:
    """The unit a word stands for, or None. One- and two-letter names are read as written: `5S` is no time."""
    if word in _NAMES:
        return _NAMES[word]
    return _NAMES.get(word.casefold()) if len(word) > 2 else None


def unit_at(text: str, at: int) -> tuple[str, int] | None:
    """The unit that starts at `at`, with or without a blank or hyphen before it, and where it ends."""
    if (found := _AFTER.match(text, at)) is not None:
        word = found[1].casefold()
        if word.startswith("per cent"):
            return "%", found.end()
        if word.startswith("percentage"):
            return "percentage points", found.end()
        if (unit := named(found[1])) is not None:
            return unit, found.end()
    if (
        (found := _HYPHEN.match(text, at)) is not None
        and (unit := named(found[1])) in TIMES
        and unit is not None
    ):
        return unit, found.end()
    return None


def rate_at(text: str, at: int) -> tuple[str, int] | None:
    """What a quantity is counted by (`per week`, `a day`, `/user`), and where that ends."""
    found = _RATE.match(text, at)
    if found is None:
        return None
    word, by = found[1], found[2]
    period = named(by.casefold()) if len(by) > 1 else None
    if period in TIMES and period is not None:
        return _singular(period), found.end()
    if word in ("a", "an", "each", "every") and by not in _PERIODS:
        return None
    return by.casefold(), found.end()


def measured(unit: str) -> bool:
    """True for a unit of measure other than money; False for counts, money and bare numbers."""
    top = unit.partition("/")[0]
    return top in _FACTORS and top not in CURRENCIES


def is_period(word: str) -> bool:
    """True for what something happens in: a day, a week, a shift."""
    return word in _PERIODS or named(word) in TIMES


def convert(value: float, unit: str, to: str) -> float | None:
    """`value` in another unit of the same kind, or None where no exact factor exists."""
    if unit == to:
        return value
    (top, _, by), (other, _, other_by) = unit.partition("/"), to.partition("/")
    if by != other_by or top not in _FACTORS or other not in _FACTORS:
        return None
    (base, factor), (other_base, other_factor) = _FACTORS[top], _FACTORS[other]
    return value * factor / other_factor if base == other_base else None


def shown(value: float, unit: str) -> str:
    """A figure as people read it: rounded, thousands apart, unit behind ("27 %", "1.2 s")."""
    size = abs(value)
    places = 0 if size >= 10 else 1 if size >= 1 else 2
    number = f"{value:,.{places}f}" if size == 0 or size >= 0.005 else f"{value:.1g}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    number = number.replace("-", "−") if number not in ("-0", "0") else "0"
    return f"{number} {unit}".strip()


def _singular(period: str) -> str:
    return period.removesuffix("s") if len(period) > 1 and period != "ms" else period
