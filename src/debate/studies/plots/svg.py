"""SVG by hand: elements whose words stay words, a linear scale with round ticks, marks that are links."""

from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

from debate.sanitize import plain

#: Height of a line of the plots' type, and about how wide one of its letters is, in pixels.
LINE = 16
LETTER = 6.6


def el(tag: str, *inside: str | Markup, **attributes: str | float | None) -> Markup:
    """An element. `class_` stands for class, other underscores for hyphens; None leaves an attribute out."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_shown(_short(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{tag}{written}>{''.join(map(_shown, inside))}</{tag}>")  # noqa: S704 - all of it is escaped


def _shown(words: str | Markup) -> Markup:
    """Words as text: what could steer a terminal or turn a line around is made visible first."""
    return words if isinstance(words, Markup) else escape(plain(words))


def group(*inside: str | Markup, **attributes: str | float | None) -> Markup:
    """Elements together."""
    return el("g", *inside, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def text(words: str, x: float, y: float, class_: str | None = None, anchor: str | None = None) -> Markup:
    """Words whose middle line is at `y`."""
    return el("text", words, x=x, y=y, class_=class_, text_anchor=anchor, dominant_baseline="central")


def drawing(width: float, height: float, label: str, *inside: Markup) -> Markup:
    """A whole plot; `label` is read out in its place."""
    return el(
        "svg",
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
    )


def linked(inside: Markup, words: str, address: str | None) -> Markup:
    """A mark that says `words` when pointed at and leads to `address`."""
    titled = group(el("title", words), inside)
    return titled if address is None else el("a", titled, href=address)


def cut(words: str, width: float) -> str:
    """`words` shortened to about `width` pixels."""
    most = max(3, int(width / LETTER))
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Scale:
    """From values `low` … `high` to pixels `start` … `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, about: int = 6) -> list[float]:
        """Round values inside the scale, about so many."""
        rough = (self.high - self.low) / max(1, about)
        power = 10.0 ** floor(log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= 0.75 * rough)
        first = ceil(self.low / step - 1e-9)
        return [round(step * n, 10) for n in range(first, floor(self.high / step + 1e-9) + 1)]


def spread(values: list[float], share: float = 0.06) -> tuple[float, float]:
    """The ends of `values` with some air around them."""
    low, high = min(values), max(values)
    air = (high - low) * share or 0.5
    return low - air, high + air


def _short(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
