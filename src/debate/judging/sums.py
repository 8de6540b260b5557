"""Sums: arithmetic an answer does in the open ("34 × 14 = 476", "19 + 44 + 11 = 74"), worked out again.

A figure that comes out, and begins from a figure of the case, is evidence somebody derived. One that does not
come out, or whose numbers are all the answer's own, is none.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT = r"(?:\s?%|\s+(?!times\b|is\b|are\b|makes?\b|x\b)[^\W\d_]+){0,3}?"
_SIGN = r"\+|−|–|-|×|x|\*|·|/|÷|times|plus|minus"
_OPERAND = rf"[~≈€$£]?\s?{_NUMBER}{_UNIT}"
_GIVES = r"(?:=|≈|\bis\b|\bare\b|\bmakes?\b|\bgives?\b)"
_SUM = re.compile(
    rf"(?P<left>{_OPERAND}(?:\s*(?:{_SIGN})\s*{_OPERAND})+)\s*,?\s*{_GIVES}\s*(?:about|some|roughly|only|~|≈|€)?\s*(?P<right>{_NUMBER})",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?P<number>{_NUMBER})|(?P<sign>(?<![^\W\d_])(?:{_SIGN})(?![^\W\d_]))", re.IGNORECASE)
_CLOSE = 0.02  # of the result: people round


@dataclass(frozen=True, slots=True)
class Sum:
    """One calculation that comes out. `text` is as written, `operands` are digits, thousands joined."""

    text: str
    operands: tuple[str, ...]


def sums(text: str) -> Iterator[Sum]:
    """The calculations of a text that come out, within what rounding explains."""
    for found in _SUM.finditer(text):
        parts = [(m.group("number"), m.group("sign")) for m in _PART.finditer(found.group("left"))]
        numbers = [number.replace(",", "") for number, _ in parts if number]
        signs = [sign.casefold() for _, sign in parts if sign]
        if len(numbers) != len(signs) + 1:
            continue
        result, said = _worked_out(numbers, signs), float(found.group("right").replace(",", ""))
        if result is not None and abs(result - said) <= max(
            _CLOSE * abs(result), 0.5 * _step(found.group("right"))
        ):
            yield Sum(" ".join(found.group().split()), tuple(numbers))


def begins_in(found: Sum, figures: Collection[str]) -> bool:
    """Whether a calculation uses a figure of the case; single digits prove nothing."""
    return any(number in figures for number in found.operands if len(number) > 1)


def _worked_out(numbers: list[str], signs: list[str]) -> float | None:
    """Products first, then sums; None for a division by nothing."""
    terms, adding = [float(numbers[0])], [1.0]
    for number, sign in zip(numbers[1:], signs, strict=True):
        value = float(number)
        if sign in ("×", "x", "*", "·", "times"):
            terms[-1] *= value
        elif sign in ("/", "÷"):
            if not value:
                return None
            terms[-1] /= value
        else:
            terms.append(value)
            adding.append(1.0 if sign in ("+", "plus") else -1.0)
    return sum(sign * term for sign, term in zip(adding, terms, strict=True))


def _step(number: str) -> float:
    """The place of the last digit written: 1 for 27, 0.1 for 3.9."""
    return 10.0 ** -len(number.partition(".")[2])
