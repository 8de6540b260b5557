"""The parts of docs/lenses.md that are counted and not written.

    python -m benchmarks.lens_page [library] [choice] [placebo]

writes those parts anew, all of them when none is named. Each stands between `<!-- generated: NAME -->` and
`<!-- end -->`.
"""

import argparse
import re
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

from benchmarks import choice, placebo
from debate.cards.lens import LensCard
from debate.library import Library
from debate.words import sentences

PAGE = Path(__file__).resolve().parents[1] / "docs" / "lenses.md"
_SHORT = 60  # characters
_PART = r"(<!-- generated: {name} -->\n).*?(<!-- end -->)"


def library(shelf: Library) -> str:
    """The families, and in one line each what their lenses see."""
    lenses = [entry.card for entry in shelf.lenses() if entry.card]
    with_bearing = [lens for lens in lenses if not lens.is_placebo]
    parts = [f"{len(with_bearing)} lenses and {len(lenses) - len(with_bearing)} placebos.\n"]
    order = sorted(lenses, key=lambda lens: (lens.is_placebo, lens.family, lens.id))
    for family, members in groupby(order, key=lambda lens: lens.family):
        parts.append(f"### {family.capitalize()}\n")
        parts += [f"- `{lens.id}` **{lens.name}**: {_line(lens)}" for lens in members]
        parts.append("")
    return "\n".join(parts).rstrip()


def placebos(shelf: Library) -> str:
    """The fall of the scores over all shipped problems."""
    names = [entry.id for entry in shelf.problems() if entry.card]
    return placebo.table(placebo.pairs(shelf, names))


PARTS: Mapping[str, Callable[[Library], str]] = {
    "library": library,
    "choice": choice.table,
    "placebo": placebos,
}


def part(page: str, name: str) -> str:
    """What stands in a part of the page now."""
    found = re.search(_PART.format(name=name), page, re.DOTALL)
    if found is None:
        raise SystemExit(f"the page has no part {name!r}")
    return found[0].removeprefix(found[1]).removesuffix(found[2]).strip()


def written(page: str, name: str, text: str) -> str:
    """The page with a part written anew."""
    return re.sub(
        _PART.format(name=name), lambda match: f"{match[1]}\n{text}\n\n{match[2]}", page, flags=re.DOTALL
    )


def _line(lens: LensCard) -> str:
    """What a lens sees, in its first sentence, or two if that is short; a placebo's very first says only that
    it is one.
    """
    first, *others = sentences(lens.sees)[1 if lens.is_placebo else 0 :]
    return first if len(first) >= _SHORT or not others else f"{first} {others[0]}"


def main() -> None:
    """Write the parts that are named."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    shelf = Library.open(None)
    page = PAGE.read_text(encoding="utf-8")
    for name in options.parse_args().parts or PARTS:
        page = written(page, name, PARTS[name](shelf))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
