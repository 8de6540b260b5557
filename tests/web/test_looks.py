"""What the eye needs: contrast, in light and dark, of every text; nothing wider than the screen."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from debate.pages import static_files
from tests.web.browser import Chromium
from tests.web.served import Served
from tests.web.shots import WIDTHS, gallery

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEAST, LEAST_LARGE = 4.5, 3.0
"""WCAG 2.2, level AA; large is from 24 px, or 18.66 px bold."""

# For each text that can be seen: its colour, the colours behind it from the nearest outwards, its size.
TEXTS = """() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode, holder = node.parentElement;
        if (!node.data.trim() || !holder.checkVisibility({ visibilityProperty: true })) continue;
        if (holder.closest("script, style, template, noscript, svg")) continue;
        const behind = [];
        for (let each = holder; each; each = each.parentElement)
            behind.push(getComputedStyle(each).backgroundColor);
        const style = getComputedStyle(holder);
        found.push({ text: node.data.trim().slice(0, 40), colour: style.color, behind,
            size: parseFloat(style.fontSize), weight: Number(style.fontWeight) });
    }
    return found;
}"""

Colour = tuple[float, float, float, float]


def colour(text: str) -> Colour:
    """Red, green, blue and opacity, 0 to 1, of a computed colour."""
    figures = [float(each) for each in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", text.partition("(")[2])]
    scale = 1.0 if text.startswith("color(") else 255.0
    red, green, blue = (each / scale for each in figures[:3])
    return red, green, blue, figures[3] if len(figures) > 3 else 1.0


def over(front: Colour, back: Colour) -> Colour:
    """What is seen where `front` lies on an opaque `back`."""
    red, green, blue = (f * front[3] + b * (1 - front[3]) for f, b in zip(front[:3], back[:3], strict=True))
    return red, green, blue, 1.0


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two opaque colours, 1 to 21, as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(of: Colour) -> float:
    parts = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in of[:3])
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def faint(texts: list[dict[str, Any]]) -> Iterator[str]:
    """The texts that are too faint, with their contrast."""
    for each in texts:
        back: Colour = (1.0, 1.0, 1.0, 1.0)
        for layer in reversed(each["behind"]):
            back = over(colour(layer), back)
        large = each["size"] >= 24 or (each["size"] >= 18.66 and each["weight"] >= 700)
        ratio = contrast(over(colour(each["colour"]), back), back)
        if ratio < (LEAST_LARGE if large else LEAST):
            yield f"{each['text']!r}: {ratio:.2f}, {each['colour']} on {back}"


def test_the_contrast_of_known_pairs_is_known() -> None:
    black, white = colour("rgb(0, 0, 0)"), colour("rgb(255, 255, 255)")
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(colour("rgb(118, 118, 118)"), white) == pytest.approx(4.54, abs=0.01)
    assert over(colour("rgba(0, 0, 0, 0.5)"), white)[0] == pytest.approx(0.5)
    assert colour("color(srgb 0.5 0.25 1 / 0.5)") == (0.5, 0.25, 1.0, 0.5)
    assert list(
        faint([{"text": "x", "colour": "rgb(119, 119, 119)", "behind": [], "size": 16, "weight": 400}])
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_every_page_can_be_read(
    browser: Chromium, served: Served, runs: Path, scheme: str
) -> None:
    pages = gallery(runs)

    def look(page: "Page") -> dict[str, list[dict[str, Any]]]:
        page.goto(served.url())
        found = {}
        for name, path in pages.items():
            page.goto(served.origin + path)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            found[name] = page.evaluate(TEXTS)
        return found

    found, _ = browser.look(look, color_scheme=scheme)
    assert [name for name, texts in found.items() if len(texts) < 3] == []
    assert {name: list(faint(texts)) for name, texts in found.items() if list(faint(texts))} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(browser: Chromium, served: Served, runs: Path, width: str) -> None:
    pages = gallery(runs)

    def look(page: "Page") -> dict[str, int]:
        page.goto(served.url())
        found = {}
        for name, path in pages.items():
            page.goto(served.origin + path)
            found[name] = page.evaluate("document.documentElement.scrollWidth")
        return found

    found, _ = browser.look(look, viewport=WIDTHS[width])
    assert {name: wide for name, wide in found.items() if wide > WIDTHS[width]["width"]} == {}


def tokens(css: str) -> Iterator[Mapping[str, str]]:
    """The colours of the stylesheet by name: light, then dark."""
    blocks = re.findall(r":root\s*\{([^}]*)\}", css)
    light = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\b", blocks[0]))
    yield light
    yield {**light, **dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\b", blocks[1]))}


def pairs(css: str) -> set[tuple[str, str]]:
    """Text and ground by name: what a rule sets together, and all other texts on all plain grounds."""
    together, texts, grounds = set(), set(), set()
    for rule in re.findall(r"\{([^{}]*)\}", css):
        text = re.search(r"(?<![\w-])color:\s*var\(--([\w-]+)\)", rule)
        ground = re.search(r"background(?:-color)?:\s*var\(--([\w-]+)\)", rule)
        if text and ground:
            together.add((text[1], ground[1]))
        elif text:
            texts.add(text[1])
        elif ground:
            grounds.add(ground[1])
    return together | set(product(texts, grounds & {"paper", "card"}))


def test_every_pair_of_colours_in_the_stylesheets_has_contrast() -> None:
    css = "".join(
        file.read_text(encoding="utf-8")
        for name, file in sorted(static_files().items())
        if name.endswith(".css")
    )
    assert len(pairs(css)) > 8
    for scheme in tokens(css):
        ratios = {
            (text, ground): contrast(*(colour(_rgb(scheme[name])) for name in (text, ground)))
            for text, ground in pairs(css)
        }
        assert {pair: ratio for pair, ratio in ratios.items() if ratio < LEAST} == {}


def _rgb(hexadecimal: str) -> str:
    return f"rgb({', '.join(str(int(hexadecimal[n : n + 2], 16)) for n in (1, 3, 5))})"
