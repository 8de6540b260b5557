"""Binding: which model speaks for which role in one run.

Code asks for a role; the run binds roles to models. A role no model is bound to, a missing key or a model
that does not exist is an error before any call.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib.resources import files

from debate.errors import SettingsError
from debate.models.chat_wire import ChatWire
from debate.models.embeddings import StandIn
from debate.models.endpoint import BOUND_ELSEWHERE, KEYLESS, PROVIDERS, read_model
from debate.models.offline.chat import OfflineChat
from debate.models.roles import EMBEDDINGS
from debate.models.wire import Rung, Sampling, Wire
from debate.models.wires import Wires

OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class BoundModel:
    """A model under the name the run's manifest gives it (`offline`, `openai:…`), and how it is to draw."""

    name: str
    wire: Wire
    sampling: Sampling = field(default_factory=Sampling)


def bind(
    models: Mapping[str, str],
    wires: Wires,
    *,
    base_url: str | None = None,
    sampling: Mapping[str, Sampling] | None = None,
    ready: Mapping[str, Wire] | None = None,
) -> dict[str, tuple[BoundModel, ...]]:
    """Models by role: one, or several separated by commas that take turns.

    `sampling` is by role, `ready` has the wires that were made elsewhere, by name. Raises `SettingsError`
    when one of them cannot be used.
    """
    made = {(name, False): wire for name, wire in (ready or {}).items()}
    bound: dict[str, tuple[BoundModel, ...]] = {}
    for role, names in models.items():
        drawn = (sampling or {}).get(role, Sampling())
        places = tuple((name, role == EMBEDDINGS) for name in names.split(","))
        for name, embeds in places:
            if (name, embeds) not in made:
                made[name, embeds] = (_embedding_wire if embeds else _wire)(name, wires, base_url)
        bound[role] = tuple(BoundModel(name, made[name, embeds], drawn) for name, embeds in places)
    return bound


def taking_turns(models: Sequence[BoundModel], number: int) -> BoundModel:
    """The model of seat `number`, counted from 1; who has no place in the panel is 0, and gets the first."""
    return models[max(0, number - 1) % len(models)]


def overlaid(below: Sampling, above: Sampling) -> Sampling:
    """`below` with everything that `above` sets."""
    given = {f.name: value for f in fields(above) if (value := getattr(above, f.name)) is not None}
    return replace(below, **given)


def _wire(name: str, wires: Wires, base_url: str | None) -> Wire:
    spec = read_model(name, base_url=base_url)
    if spec.provider == OFFLINE:
        # Its rules are its identity: a reply they gave yesterday is not the reply of today's rules.
        model = f"{OFFLINE}-{_rules()}"
        return ChatWire(OfflineChat(), name=OFFLINE, model=model, endpoint=OFFLINE, rung=Rung.JSON_SCHEMA)
    if spec.provider in BOUND_ELSEWHERE:
        raise SettingsError(f"--model {name}: no model a user can name. {KEYLESS}")
    return wires.wire(spec)


def _embedding_wire(name: str, wires: Wires, base_url: str | None) -> Wire:
    if name == OFFLINE:
        return StandIn()
    if name.partition(":")[0].strip().lower() not in PROVIDERS:
        known = ", ".join(f"{provider}:ID" for provider in PROVIDERS)
        raise SettingsError(f"--embeddings: expected one of {known}, or none")
    spec = read_model(name, base_url=base_url, flag="--embeddings")
    assert spec.endpoint is not None  # all of these have one
    return wires.embedding_wire(spec, spec.endpoint)


@cache
def _rules() -> str:
    digest = hashlib.sha256()
    for package in ("debate", "debate.cards", "debate.models.offline"):
        for file in sorted(files(package).iterdir(), key=lambda each: each.name):
            if file.name.endswith((".py", ".md")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
