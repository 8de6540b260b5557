"""Numbers with their units, as people write them in cards.

A `Quantity` is a value (or a range) with a unit and the place it was read from. Two quantities are of one
kind when their units convert into each other (`debate.cards.units`); only those are ever compared or
subtracted.

What is counted gives the unit: the first plural within three words of the number, so "5,000 daily active
users" is 5000 "users"; a rate keeps what it is counted by ("tickets/week"). Spelt-out numbers are read
before times only ("two weeks"). A point before three digits is a thousands mark for money and counts
("40.000 €"), a decimal point elsewhere. Not read: numbers in code spans, paths, addresses, dates and clock
times, fractions, and numbers grown onto a word (OAuth2, p95, v2, N+1, 3rd).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from debate.cards.cues import words
from debate.cards.units import CURRENCIES, TIMES, is_period, measured, named, rate_at, unit_at


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written in a text.

    `low == high` for a plain number; `bound` says what a comparator before it meant: "<", "<=", ">", ">=",
    "~" or "". `unit` is normalised ("ms", "s", "%", "users", "weeks", "€", …; "" when bare). `start` and
    `end` are offsets into the text it was read from; `text` is exactly what stood there, without the
    comparator.
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


_HIDDEN = re.compile(
    r"`[^`]*`|\b(?:https?|ftp)://\S+|(?<![\w/])/[A-Za-z][\w/.{}-]*|\b24/7\b"
    r"|\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b"
)
_GAP = r"[,.'’\u00a0\u202f\u2009]"
#: Numbers that are spelt out, up to twelve.
NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "one",
            "two zwei",
            "three drei",
            "four vier",
            "five",
            "six sechs",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ),
        1,
    )
    for word in words.split()
}
_NUMBER = re.compile(
    r"(?<![\w.,#])(?<![0-9]/)(?:"
    rf"[0-9]{{1,3}}(?P<gap>{_GAP})[0-9]{{3}}(?:(?P=gap)[0-9]{{3}})*(?P<rest>[.,][0-9]{{1,2}})?"
    r"|[0-9]{1,3}(?: [0-9]{3})* 000"
    r"|[0-9]{1,15}(?:[.,][0-9]{1,9})?"
    rf")(?![.,]?[0-9])|\b(?P<word>{'|'.join(NUMBER_WORDS)})(?=[ -])",
    re.IGNORECASE,
)
# Wherever `_NUMBER` finds something so does this, which most sentences pass quickly.
_MAYBE = re.compile(rf"[0-9]|\b(?:{'|'.join(NUMBER_WORDS)})[ -]", re.IGNORECASE)
_SCALE = re.compile(
    r"([kKM]|bn)(?![A-Za-z])|(m)(?![A-Za-z])|[ \u00a0](thousand|million|billion|Tsd|Mio|Mrd)\b\.?"
)
_SCALES = {"k": 1e3, "thousand": 1e3, "tsd": 1e3, "m": 1e6, "million": 1e6, "mio": 1e6} | dict.fromkeys(
    ("bn", "billion", "mrd"), 1e9
)
_CURRENCY = re.compile(r"(?:[€$£¥]|\b(?:EUR|USD|GBP|CHF|JPY))(?=[ \u00a0\u202f]?\Z)")
_OUT_OF = re.compile(r"\s?/\s?(5|10|100)(?![\w.])")
_FRACTION = re.compile(r"\s?/\s?[0-9]")
_GROWN = re.compile(r"\b(?!sub[-‐‑])[A-Za-z]+[-‐‑+]\Z", re.IGNORECASE)
_WORD = re.compile(r"[ \u00a0\u202f]([A-Za-zäöüÄÖÜß][A-Za-zäöüÄÖÜß'’-]*)")
_BOUNDS = (
    ("<=", r"<=|≤|\b(?:at most|not? more than|up to|max(?:imum|\.)?(?: of)?|within|höchstens|maximal)"),
    (">=", r">=|≥|\b(?:at least|no (?:less|fewer) than|min(?:imum|\.)(?: of)?|mindestens)"),
    ("<", r"<|\b(?:under|below|less than|fewer than|sub-|unter|weniger als)"),
    (">", r">|\b(?:above|over|more than|exceeds|über|mehr als)"),
    ("~", r"[~≈]|\b(?:about|around|roughly|approx(?:imately|\.)?|ca\.|circa|nearly|almost|etwa|rund)"),
)
_BEFORE = tuple((bound, re.compile(rf"(?:{words})\s*\Z", re.IGNORECASE)) for bound, words in _BOUNDS)
_AFTER = re.compile(
    r"\s+(?:or|oder)\s+(?:(less|fewer|under|below|weniger)|more|above|over|mehr)\b", re.IGNORECASE
)
_DASH = re.compile(r"\s?[-‐-―]\s?")
_TO = re.compile(r"\s(?:to|bis)\s(?:about |~)?", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|und)\s", re.IGNORECASE)
_BECAME = re.compile(
    r"\s?(?:→|⇒|->|=>|\b(?:down |up )?to\b|\bauf\b)\s?(?:~|about |under |below |<)?\s?", re.IGNORECASE
)
_FROM = re.compile(r"\b(?:from|von)\s*(?:[~<>≈]|about|around)?\s*\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen)\s*\Z", re.IGNORECASE)
# Words that end the search for a counted noun; any other within three words may be an adjective before it.
_NO_NOUN = words(
    "a about across after all also although always an and are as at because been before but by can costs "
    "did do does each every for from gets gives has have hits if in into is its lasts less makes means "
    "minus more needs nor not of off on or our over pass per plus says since so some stays than that the "
    "their then these this those times to towards under unless until us uses versus via vs wants was we "
    "were when which while who will with within without yet you your takes und oder mit bis von für pro "
    "sind ist war"
)
_PEOPLE = frozenset(["people", "staff", "men", "women", "children", "personnel"])


# A text of a study is read for every debate it comes up in, and there by contract and judge alike.
@lru_cache(maxsize=8192)
def find(text: str) -> tuple[Quantity, ...]:
    """Every quantity in the text, in its order."""
    if _MAYBE.search(text) is None:
        return ()
    visible = _HIDDEN.sub(lambda match: "\0" * len(match[0]), text)
    read = [each for match in _NUMBER.finditer(visible) if (each := _read(visible, match)) is not None]
    return tuple(replace(each, text=text[each.start : each.end]) for each in _joined(visible, read))


def _read(visible: str, match: re.Match[str]) -> tuple[Quantity, float] | None:
    """The number matched with what stands around it, and the scale written after it (1 for none)."""
    start, end = match.span()
    before = visible[max(0, start - 24) : start]
    out_of = _OUT_OF.match(visible, end)
    if _GROWN.search(before) or (_FRACTION.match(visible, end) and not out_of):
        return None
    currency = _CURRENCY.search(before)
    if currency:
        start -= len(before) - currency.start()
        before = before[: currency.start()]
    sign = re.search(r"(?:\A|[\s(])([-−])\Z", before)
    scale, end = _scale_at(visible, end)
    plus = visible.startswith("+", end)
    money = named(currency[0]) if currency else None
    unit, end = (f"/{out_of[1]}", out_of.end()) if out_of else _unit(visible, end + plus, money)
    if _unreadable(visible, match, unit, scale):
        return None
    value = _value(match, unit) * _SCALES.get(scale.casefold(), 1)
    bound = _bound(visible, before, end, unit) or (">=" if plus else "")
    if sign:
        value, start = -value, start - 1
    return Quantity(value, value, unit, bound, "", start, end), _SCALES.get(scale.casefold(), 1)


def _scale_at(visible: str, at: int) -> tuple[str, int]:
    found = _SCALE.match(visible, at)
    return (found[1] or found[2] or found[3], found.end()) if found else ("", at)


def _unreadable(visible: str, match: re.Match[str], unit: str, scale: str) -> bool:
    money = unit.partition("/")[0] in CURRENCIES
    if match["word"]:
        # "one day" is a way of speaking.
        return unit not in TIMES or (match["word"].casefold(), unit) == ("one", "days")
    if scale == "m" and not money:
        return True  # 5m: metres, minutes or millions
    after = visible[match.end() : match.end() + 1]
    return after.isalpha() and not scale and unit_at(visible, match.end()) is None


def _unit(visible: str, at: int, money: str | None) -> tuple[str, int]:
    found = (money, at) if money else unit_at(visible, at) or _counted(visible, at)
    unit, end = found or ("", at)
    by = rate_at(visible, end) if unit else None
    # "350 ms per request" is a time like any other; "2 hours a week" is a rate.
    if by is not None and (unit not in TIMES or is_period(by[0])):
        return f"{unit}/{by[0]}", by[1]
    return unit, end


def _counted(visible: str, at: int) -> tuple[str, int] | None:
    end, first = at, None
    for _ in range(3):
        found = _WORD.match(visible, end)
        if found is None or found[1].casefold() in _NO_NOUN:
            break
        word, end = found[1].casefold(), found.end()
        first = first or found
        if (unit := named(found[1])) in TIMES and unit is not None:
            return unit, end
        if word in _PEOPLE or (len(word) > 3 and word.endswith("s") and word[-2] not in "su"):
            return word, end
    # German nouns are capitalised and seldom end in s.
    if first and re.fullmatch(r"[A-ZÄÖÜ][a-zäöüß]{3,}", first[1]) and not _is_year(visible, at):
        return first[1].casefold(), first.end()
    return None


def _is_year(visible: str, end: int) -> bool:
    return re.search(r"(?<![0-9])(?:19|20)[0-9]{2}\Z", visible[max(0, end - 5) : end]) is not None


def _value(match: re.Match[str], unit: str) -> float:
    if match["word"]:
        return float(NUMBER_WORDS[match["word"].casefold()])
    digits, gap = match[0], match["gap"]
    if gap is None or (gap == "." and digits.count(".") == 1 and not match["rest"] and measured(unit)):
        return float(digits.replace(",", ".").replace(" ", ""))
    whole = digits.removesuffix(match["rest"] or "").replace(gap, "")
    return float(whole + (match["rest"] or "").replace(",", "."))


def _bound(visible: str, before: str, end: int, unit: str) -> str:
    if (after := _AFTER.match(visible, end)) is not None:
        return "<=" if after[1] else ">="
    bound, words = next(((b, found[0]) for b, p in _BEFORE if (found := p.search(before))), ("", ""))
    # "over three months" tells how long, not how much.
    return "" if unit in TIMES and words.strip().casefold() in ("over", "über") else bound


def _joined(visible: str, read: Sequence[tuple[Quantity, float]]) -> Iterator[Quantity]:
    """Ranges made of two numbers; and the unit given to the first of two where only the second has one."""
    taken = False
    for (one, scale), following in zip_longest(read, read[1:]):
        if taken or following is None:
            if not taken:
                yield one
            taken = False
            continue
        two, other_scale = following
        between, before = visible[one.end : two.start], visible[max(0, one.start - 16) : one.start]
        kin = one.unit == two.unit or not one.unit or (not two.unit and one.unit in CURRENCIES)
        factor = other_scale if scale == 1 else 1
        ranged = _DASH.fullmatch(between) or (
            not one.unit and _TO.fullmatch(between) and not _FROM.search(before)
        )
        ranged = ranged or (_AND.fullmatch(between) and _BETWEEN.search(before))
        if kin and ranged and one.low * factor <= two.low:
            unit, end = (two.unit, two.end) if two.unit else _unit(visible, two.end, one.unit)
            yield Quantity(one.low * factor, two.high, unit, one.bound, "", one.start, end)
            taken = True
        elif not one.unit and (ranged or _BECAME.fullmatch(between)):
            yield replace(one, unit=two.unit)
        else:
            yield one
