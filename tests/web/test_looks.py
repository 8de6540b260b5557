"""What the eye needs: contrast, in light and dark, of every text; nothing wider than the screen."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from debate.pages import static_files
from tests.web.browser import Chromium, Seen
from tests.web.served import serving
from tests.web.shots import SCHEMES, WIDTHS, gallery

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEAST, LEAST_LARGE = 4.5, 3.0
"""WCAG 2.2, level AA; large is from 24 px, or 18.66 px bold."""

# For each text that can be seen: its colour, the colours behind it from the nearest outwards, its size. A
# text of a picture stands on the boxes drawn before it that hold its middle, and on what the picture is on.
TEXTS = """() => {
    const found = [];
    const grounds = (element) => {
        const behind = [];
        for (let each = element; each; each = each.parentElement)
            behind.push(getComputedStyle(each).backgroundColor);
        return behind;
    };
    const drawn = (text, picture) => {
        const at = text.getBoundingClientRect(), under = [];
        const x = at.left + at.width / 2, y = at.top + at.height / 2;
        for (const shape of picture.querySelectorAll("rect")) {
            const box = shape.getBoundingClientRect(), { fill } = getComputedStyle(shape);
            const before = shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
            const holds = box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
            if (before && holds && fill !== "none") under.unshift(fill);
        }
        return under;
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode, holder = node.parentElement;
        if (!node.data.trim() || !holder.checkVisibility({ visibilityProperty: true })) continue;
        if (holder.closest("script, style, template, noscript, svg title, svg desc")) continue;
        const picture = holder.closest("svg"), style = getComputedStyle(holder);
        found.push({ text: node.data.trim().slice(0, 40), drawn: Boolean(picture),
            colour: picture ? style.fill : style.color,
            behind: picture ? [...drawn(holder, picture), ...grounds(picture)] : grounds(holder),
            size: parseFloat(style.fontSize), weight: Number(style.fontWeight) });
    }
    return found;
}"""

# Texts that reach over the side of the screen and stand in nothing that scrolls sideways.
CUT = """() => {
    const found = [], side = document.documentElement.clientWidth + 1;
    const free = "script, style, template, noscript, svg, .sr, .skip, .scroll, .sideways, pre";
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode, holder = node.parentElement, range = document.createRange();
        if (!node.data.trim() || !holder.checkVisibility({ visibilityProperty: true })) continue;
        range.selectNodeContents(node);
        if (!holder.closest(free) && range.getBoundingClientRect().right > side)
            found.push(node.data.trim().slice(0, 60));
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


@dataclass
class Looks:
    """A page on a screen of one width: its texts by colour scheme, how far it reaches, what is cut."""

    texts: dict[str, list[dict[str, Any]]]
    reach: int
    cut: list[str]


@pytest.fixture(scope="module")
def looked(
    browser: Chromium, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[tuple[str, str], Looks], Seen]:
    """Every page on both screens, by name and width."""
    runs = tmp_path_factory.mktemp("gallery") / "runs"
    with serving(runs) as served:
        pages = gallery(runs)

        def look(page: "Page") -> dict[tuple[str, str], Looks]:
            page.goto(served.url())
            found = {}
            for name, path in pages.items():
                page.goto(served.origin + path)
                page.wait_for_load_state("networkidle")
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                for width, size in WIDTHS.items():
                    page.set_viewport_size(size)  # type: ignore[arg-type]
                    found[name, width] = _look(page)
            return found

        return browser.look(look)


def _look(page: "Page") -> Looks:
    texts = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        texts[scheme] = page.evaluate(TEXTS)
    return Looks(texts, page.evaluate("document.documentElement.scrollWidth"), page.evaluate(CUT))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_text_of_every_page_and_picture_can_be_read(
    looked: tuple[dict[tuple[str, str], Looks], Seen], width: str, scheme: str
) -> None:
    found = {name: looks.texts[scheme] for (name, wide), looks in looked[0].items() if wide == width}
    assert [name for name, texts in found.items() if len(texts) < 3] == []
    drawn = {name: sum(each["drawn"] for each in texts) for name, texts in found.items()}
    assert [name for name in ("run", "run-judged", "study", "report") if drawn[name] < 10] == []
    assert {name: weak for name, texts in found.items() if (weak := list(faint(texts)))} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen_and_no_text_is_cut_also_with_long_names(
    looked: tuple[dict[tuple[str, str], Looks], Seen], width: str
) -> None:
    found = {name: looks for (name, wide), looks in looked[0].items() if wide == width}
    screen = WIDTHS[width]["width"]
    assert {name: looks.reach for name, looks in found.items() if looks.reach > screen} == {}
    assert {name: looks.cut for name, looks in found.items() if looks.cut} == {}


def test_the_console_is_clean_and_nothing_a_page_asks_for_is_missing(
    looked: tuple[dict[tuple[str, str], Looks], Seen],
) -> None:
    _, seen = looked
    assert ([said for said in seen.console if "404" not in said], seen.errors) == ([], [])
    assert [address for address in seen.refused if not address.endswith("/runs/nowhere")] == []


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
