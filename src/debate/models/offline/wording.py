"""Wording: figures, spans and sentences as a careful colleague would write them."""

import math
import re
from collections.abc import Iterable

from debate.cards.units import CURRENCIES, TIMES, shown
from debate.words import stems

_CLAUSE_END = re.compile(r"[.;!?](?=\s)")
_ENDS = re.compile(r"[.!?][\"'”’)]?\Z")
_SMALL = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
#: Currencies that stand before their figure.
PREFIXED = CURRENCIES - {"CHF"}
_PERIODS = {"h": "an hour", "min": "a minute", "s": "a second", "hour": "an hour"}


def amount(value: float, unit: str) -> str:
    """A figure with its unit, without false precision: "350 ms", "57 %", "€1,200", "640 parcels a day"."""
    return _with_unit(shown(value, ""), unit)


def exact(value: float, unit: str) -> str:
    """A figure that a sum or a threshold needs as it is: to a hundredth, not rounded by its size."""
    return _with_unit(f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "−"), unit)


def sensible(value: float, scale: float, unit: str) -> str:
    """A figure as exact as one of the size of `scale` is told: to a hundredth of it, about."""
    if value and scale:
        value = round(value, -math.floor(math.log10(abs(scale) / 50)))
    return exact(value, unit)


def _with_unit(number: str, unit: str) -> str:
    money = unit.partition("/")[0]
    if money in PREFIXED:
        return " ".join(f"{money}{number} {spoken(unit.removeprefix(money))}".split())
    return f"{number} {spoken(_one_of(unit) if number == '1' else unit)}".strip()


def bare(value: float, unit: str) -> str:
    """A figure beside another of the same unit: without its unit, except for money."""
    return amount(value, unit) if unit.partition("/")[0] in CURRENCIES else shown(value, "")


def spoken(unit: str) -> str:
    """A unit as people say it: "parcels/day" is "parcels a day", "ms/request" is "ms per request"."""
    top, slash, by = unit.partition("/")
    if not slash:
        return unit
    period = f"{by}s" in TIMES or by in _PERIODS
    return f"{top} {_PERIODS.get(by, f'a {by}') if period else f'per {by}'}".strip()


def _one_of(unit: str) -> str:
    """The unit of a single thing, where its plural is a plain one: "days" is "day"."""
    top, slash, by = unit.partition("/")
    plural = len(top) > 3 and top.endswith("s") and not top.endswith(("ss", "us", "ies", "ses", "xes"))
    return f"{top[:-1] if plural else top}{slash}{by}"


def number(value: float) -> str:
    """A figure alone."""
    return shown(value, "")


def count(n: int) -> str:
    """A small number in words."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else str(n)


def sentence(text: str) -> str:
    """The text with a capital at the front and one stop at the end."""
    text = capital(" ".join(text.split()))
    return text if not text or _ENDS.search(text) else text.rstrip(",;:") + "."


def capital(text: str) -> str:
    """The text with a capital at the front; code, figures and quotes stay as they are."""
    return text[:1].upper() + text[1:] if text[:1].isalpha() else text


def clause(text: str) -> str:
    """The text as it stands inside a sentence: no stop at the end, no capital unless it is a name."""
    text = " ".join(text.split()).rstrip(".")
    first = text.split(" ", 1)[0]
    if first == "A" or (len(first) > 1 and first[1:].islower() and first[0].isupper()):
        text = text[0].lower() + text[1:]
    return text


def quoted(text: str) -> str:
    """The text as somebody's own words, without what stands in brackets at its end."""
    return f"“{re.sub(r' *[(][^()]*[)][.]?$', '', ' '.join(text.split())).rstrip('.!?:; ')}”"


def brief(text: str, words: int) -> str:
    """The opening of the text that ends at a stop or semicolon within `words` words; at least its first
    clause.

    Never cut at a comma: what follows may be the rest of a list.
    """
    stops = [match.start() for match in _CLAUSE_END.finditer(text)] + [len(text.rstrip(".!?"))]
    stop = max((stop for stop in stops if len(text[:stop].split()) <= words), default=stops[0])
    return text[:stop]


def title(text: str) -> str:
    """The opening of "Count the round trips: log every call …": what stands before the colon, ten words at
    most.
    """
    return " ".join(text.partition(":")[0].split()[:10]).rstrip(".,;")


def detail(text: str) -> str:
    """What stands after the opening; the whole text when it has none."""
    return text.partition(":")[2].strip() or text


def alike(one: str, other: str) -> float:
    """Shared content words over all content words, 0 to 1."""
    left, right = stems(one), stems(other)
    return len(left & right) / len(left | right) if left | right else 0.0


def says(text: str, word: str) -> bool:
    """True when a word of the text begins with `word` ("wait" and "waiting", not "age" and "average")."""
    return re.search(rf"(?<!\w){re.escape(word)}", text, re.IGNORECASE) is not None


def listed(items: Iterable[str]) -> str:
    """ "a, b and c"."""
    words = list(items)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}" if words else ""
