"""The style sheet: contrast as WCAG computes it, from the sheet's own custom properties."""

import re
from itertools import product

import pytest

from debate.pages import static_files

SHEET = static_files()["style.css"].read_text(encoding="utf-8")
SCHEMES = ("light", "dark", "print")
TEXT = ("ink", "quiet", "accent", "good", "warn", "bad")
GROUNDS = ("paper", "card")
SOFT = [(name, f"{name}-soft") for name in ("accent", "good", "warn", "bad")]
PAIRS = [
    *product(TEXT, GROUNDS),
    *SOFT,
    ("card", "accent"),
    ("ink", "mark"),
    *(("ink", soft) for _, soft in SOFT),
]


def colours(scheme: str) -> dict[str, str]:
    """The custom properties that hold a colour; a scheme says only what differs from the light one."""
    light, dark, printed = re.findall(r":root \{([^}]*)\}", SHEET)
    found = {}
    for block in {"light": [light], "dark": [light, dark], "print": [light, printed]}[scheme]:
        found.update(dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block)))
    return found


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_that_of_the_standard() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_stands_out_from_its_ground(scheme: str) -> None:
    found = colours(scheme)
    weak = {pair: ratio for pair in PAIRS if (ratio := contrast(*map(found.__getitem__, pair))) < 4.5}
    assert weak == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_that_mean_something_stand_out_from_their_ground(scheme: str) -> None:
    found = colours(scheme)
    lines = product(("edge", "accent", "good", "bad"), GROUNDS)
    assert {pair for pair in lines if contrast(*map(found.__getitem__, pair)) < 3} == set()


def test_every_colour_is_a_custom_property() -> None:
    rules = re.sub(r":root \{[^}]*\}|/\*.*?\*/", "", SHEET, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb\(", rules) == []
    used, known = set(re.findall(r"var\(--([a-z-]+)\)", SHEET)), set(re.findall(r"--([a-z-]+):", SHEET))
    assert used <= known
