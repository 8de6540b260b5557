"""Binding: which model speaks for which role in one run.

Code asks for a role; the run binds roles to models. A role no model is bound to, or a model that does not
exist, is an error before any call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel

from debate.errors import SettingsError, UnknownName
from debate.models.offline.chat import OfflineChat

#: Roles that call a model, and the short names people use for them.
ROLES = ("lens-agent", "solo", "critic", "writer")
_SHORT = {"lens": "lens-agent", "seat": "lens-agent"}


@dataclass(frozen=True, slots=True)
class BoundModel:
    """A chat model under the name the run's manifest gives it (`offline`)."""

    name: str
    chat: BaseChatModel


def read_models(flags: Sequence[str]) -> dict[str, str]:
    """`--model X` (all roles) and `--model critic=Y`, as role → model. Raises `UnknownName` for another
    role.
    """
    named: dict[str, str] = {}
    for flag in flags:
        role, equals, model = flag.rpartition("=")
        role = _SHORT.get(role, role)
        if not model or (equals and not role):
            raise SettingsError(f"--model {flag}: expected MODEL or ROLE=MODEL")
        if equals and role not in ROLES:
            raise UnknownName(
                "role", role, [*ROLES, *_SHORT], f"--model {flag}: roles are {', '.join(ROLES)}"
            )
        named.update({role: model} if equals else {each: model for each in ROLES if each not in named})
    return {role: named.get(role, "offline") for role in ROLES}


def bind(models: Mapping[str, str]) -> dict[str, tuple[BoundModel, ...]]:
    """Chat models for `read_models`' result: one, or several separated by commas that take turns."""
    made: dict[str, BoundModel] = {}
    bound = {}
    for role, names in models.items():
        for name in names.split(","):
            made.setdefault(name, BoundModel(name, _make(name)))
        bound[role] = tuple(made[name] for name in names.split(","))
    return bound


def _make(name: str) -> BaseChatModel:
    if name == "offline":
        return OfflineChat()
    raise UnknownName(
        "model", name, ["offline"], "This version reasons offline only: --model offline, or leave it out."
    )
