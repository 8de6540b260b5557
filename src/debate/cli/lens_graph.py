"""`debate lenses graph`: how the lenses of a library lie to each other."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debate.cards.lens import LensCard


class GraphFormat(StrEnum):
    """How the graph is written."""

    TEXT = "text"
    MERMAID = "mermaid"
    DOT = "dot"


def drawn(lenses: Sequence["LensCard"], form: GraphFormat) -> str:
    """The graph of neighbours and opposites. An id nobody has is left out of the drawings, marked in the
    text.
    """
    return {GraphFormat.TEXT: _text, GraphFormat.MERMAID: _mermaid, GraphFormat.DOT: _dot}[form](lenses)


def dangling(lenses: Sequence["LensCard"]) -> list[tuple["LensCard", str]]:
    """Lenses with a neighbour or opposite that the library does not have."""
    known = {lens.id for lens in lenses}
    return [(lens, id_) for lens in lenses for id_ in (*lens.neighbours, *lens.opposites) if id_ not in known]


def _text(lenses: Sequence["LensCard"]) -> str:
    known = {lens.id for lens in lenses}
    beside, against = _both_ways(lenses, "neighbours"), _both_ways(lenses, "opposites")
    parts = []
    for family, members in groupby(
        sorted(lenses, key=lambda lens: (lens.family, lens.id)), lambda x: x.family
    ):
        parts.append(f"{family or 'no family'}")
        for lens in members:
            parts.append(f"  {lens.id}")
            for sign, ids in (("~", beside[lens.id]), ("×", against[lens.id])):
                if ids:
                    named = (id_ if id_ in known else f"{id_} (not in the library)" for id_ in sorted(ids))
                    parts.append(f"    {sign} {', '.join(named)}")
    return "\n".join([*parts, "", "~ looks at something near   × looks the other way"])


def _mermaid(lenses: Sequence["LensCard"]) -> str:
    lines = ["graph LR"]
    for family, members in groupby(
        sorted(lenses, key=lambda lens: (lens.family, lens.id)), lambda x: x.family
    ):
        lines.append(f"  subgraph {_mermaid_id(family or 'no family')}[{_quoted(family or 'no family')}]")
        lines += [f"    {_mermaid_id(lens.id)}[{_quoted(lens.name)}]" for lens in members]
        lines.append("  end")
    lines += [f"  {_mermaid_id(one)} --- {_mermaid_id(other)}" for one, other in _edges(lenses, "neighbours")]
    lines += [f"  {_mermaid_id(one)} x--x {_mermaid_id(other)}" for one, other in _edges(lenses, "opposites")]
    return "\n".join(lines)


def _dot(lenses: Sequence["LensCard"]) -> str:
    lines = ["graph lenses {", "  node [shape=box];"]
    lines += [f"  {_quoted(lens.id)} [label={_quoted(lens.name)}];" for lens in lenses]
    lines += [f"  {_quoted(one)} -- {_quoted(other)};" for one, other in _edges(lenses, "neighbours")]
    lines += [
        f"  {_quoted(one)} -- {_quoted(other)} [style=dashed];" for one, other in _edges(lenses, "opposites")
    ]
    return "\n".join([*lines, "}"])


def _edges(lenses: Sequence["LensCard"], kind: str) -> list[tuple[str, str]]:
    """Each pair of lenses of the library once, in order."""
    known = {lens.id for lens in lenses}
    pairs = {tuple(sorted((lens.id, id_))) for lens in lenses for id_ in getattr(lens, kind) if id_ in known}
    return sorted((one, other) for one, other in pairs)


def _both_ways(lenses: Sequence["LensCard"], kind: str) -> dict[str, set[str]]:
    """Whom each lens lies beside, whichever of the two cards says so."""
    found: dict[str, set[str]] = {lens.id: set() for lens in lenses}
    for lens in lenses:
        for id_ in getattr(lens, kind):
            found[lens.id].add(id_)
            if id_ in found:
                found[id_].add(lens.id)
    return found


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "'") + '"'


def _mermaid_id(id_: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in id_)
