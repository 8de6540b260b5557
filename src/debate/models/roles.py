"""Roles that call a model, and the short names people use for them.

A model for all roles speaks for `ROLES`. A judge is asked many times and should be another model than the
author, so it sits only when it is named.
"""

from typing import Final

from debate.errors import UnknownName

ROLES: Final = ("lens-agent", "solo", "critic", "writer", "chooser")
JUDGE: Final = "judge"
#: Turns texts into vectors, for the judge by rule; it says nothing, so no `--model` binds it.
EMBEDDINGS: Final = "embeddings"
#: What stands for the judge by rule, which needs no model.
CHECKS: Final = "checks"
NAMED: Final = (*ROLES, JUDGE)
#: Roles that several models can have: seats take turns, judges sit side by side.
SEATED: Final = frozenset({"lens-agent", "solo", JUDGE})
_SHORT: Final = {"lens": "lens-agent", "seat": "lens-agent"}


def role_of(name: str, where: str) -> str:
    """The role people call `name`. Raises `UnknownName`; `where` is the flag or variable it stands in."""
    role = _SHORT.get(name, name)
    if role not in NAMED:
        raise UnknownName("role", name, [*NAMED, *_SHORT], f"{where}: roles are lens, {', '.join(NAMED[1:])}")
    return role
