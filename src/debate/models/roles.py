"""Roles that call a model, and the short names people use for them."""

from typing import Final

from debate.errors import UnknownName

ROLES: Final = ("lens-agent", "solo", "critic", "writer", "chooser")
#: Roles with many seats, so that several models can take turns in them.
SEATED: Final = frozenset({"lens-agent", "solo"})
_SHORT: Final = {"lens": "lens-agent", "seat": "lens-agent"}


def role_of(name: str, where: str) -> str:
    """The role people call `name`. Raises `UnknownName`; `where` is the flag or variable it stands in."""
    role = _SHORT.get(name, name)
    if role not in ROLES:
        raise UnknownName("role", name, [*ROLES, *_SHORT], f"{where}: roles are lens, {', '.join(ROLES[1:])}")
    return role
