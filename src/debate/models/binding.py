"""Binding: which model speaks for which role in one run.

Code asks for a role; the run binds roles to models. A role no model is bound to, a missing key or a model
that does not exist is an error before any call.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files

from debate.errors import SettingsError, UnknownName
from debate.models.chat_wire import ChatWire
from debate.models.endpoint import KEYLESS, read_model
from debate.models.offline.chat import OfflineChat
from debate.models.wire import Rung, Sampling, Wire
from debate.models.wires import Wires

OFFLINE = "offline"
#: Roles that call a model, and the short names people use for them.
ROLES = ("lens-agent", "solo", "critic", "writer")
_SHORT = {"lens": "lens-agent", "seat": "lens-agent"}


@dataclass(frozen=True, slots=True)
class BoundModel:
    """A model under the name the run's manifest gives it (`offline`, `openai:…`), and how it is to draw."""

    name: str
    wire: Wire
    sampling: Sampling = Sampling()


def role_of(name: str, flag: str) -> str:
    """The role people call `name`. Raises `UnknownName`; `flag` is where it stood."""
    role = _SHORT.get(name, name)
    if role not in ROLES:
        raise UnknownName("role", name, [*ROLES, *_SHORT], f"{flag}: roles are {', '.join(ROLES)}")
    return role


def read_models(flags: Sequence[str], default: Mapping[str, str] | None = None) -> dict[str, str]:
    """`--model X` (all roles) and `--model critic=Y`, as role → model.

    `default` binds what no flag does, "" for every role; what is left speaks offline.
    """
    all_roles: str | None = None
    named: dict[str, str] = {}
    for flag in flags:
        role, equals, model = flag.partition("=")
        if not equals:
            role, model = "", flag
        if not model.strip() or (equals and not role.strip()):
            raise SettingsError(f"--model {flag}: expected MODEL or ROLE=MODEL. {KEYLESS}")
        if equals:
            named[role_of(role.strip(), f"--model {flag}")] = model.strip()
        else:
            all_roles = model.strip()
    fallback = default or {}
    return {
        role: named.get(role) or all_roles or fallback.get(role) or fallback.get("") or OFFLINE
        for role in ROLES
    }


def bind(
    models: Mapping[str, str],
    wires: Wires,
    *,
    base_url: str | None = None,
    sampling: Mapping[str, Sampling] | None = None,
) -> dict[str, tuple[BoundModel, ...]]:
    """Models for `read_models`' result: one a role, or several separated by commas that take turns.

    `sampling` is by role. Raises `SettingsError` when one of them cannot be used.
    """
    made: dict[str, Wire] = {}
    bound: dict[str, tuple[BoundModel, ...]] = {}
    for role, names in models.items():
        drawn = (sampling or {}).get(role, Sampling())
        for name in names.split(","):
            if name not in made:
                made[name] = _wire(name, wires, base_url)
        bound[role] = tuple(BoundModel(name, made[name], drawn) for name in names.split(","))
    return bound


def overlaid(below: Sampling, above: Sampling) -> Sampling:
    """`below` with everything that `above` sets."""
    given = {f.name: value for f in fields(above) if (value := getattr(above, f.name)) is not None}
    return replace(below, **given)


def _wire(name: str, wires: Wires, base_url: str | None) -> Wire:
    if name == OFFLINE:
        # Its rules are its identity: a reply they gave yesterday is not the reply of today's rules.
        model = f"{OFFLINE}-{_rules()}"
        return ChatWire(OfflineChat(), name=OFFLINE, model=model, endpoint=OFFLINE, rung=Rung.JSON_SCHEMA)
    return wires.wire(read_model(name, base_url=base_url))


@cache
def _rules() -> str:
    digest = hashlib.sha256()
    for package in ("debate", "debate.cards", "debate.models.offline"):
        for file in sorted(files(package).iterdir(), key=lambda each: each.name):
            if file.name.endswith((".py", ".md")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
