"""Making the manifest of a run that is about to begin."""

import hashlib
import importlib.metadata
import platform
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from pydantic import JsonValue

from debate import __version__
from debate.events import now
from debate.library import Library
from debate.manifest import SCHEMA, CardRef, Manifest, SeatRef
from debate.models.roles import CHECKS, JUDGE
from debate.runs.past import kept_calls, kept_places, kept_sampling
from debate.runs.question import Question

_RECORDED = ("langgraph", "langchain-core", "openai", "pydantic")


def make_manifest(
    id_: str, question: Question, library: Library, *, created: datetime | None = None
) -> Manifest:
    """The manifest of run `id_`, without a result; `created` is now for a new run."""

    def ref(id_: str, path: Path, origin: str, sha256: str) -> CardRef:
        return CardRef(id=id_, path=_shown(path, library), origin=origin, sha256=sha256)

    spec, problem, protocol = question.spec, question.problem, question.protocol
    lenses = [seat.lens for seat in question.panel.seats if seat.lens]
    settings: dict[str, JsonValue] = {"allow_adhoc": spec.allow_adhoc, "lenses": spec.lenses}
    if sampling := kept_sampling(spec.calls):
        settings["sampling"] = sampling
    if JUDGE in spec.models:
        settings["judge_repeats"] = spec.judge_repeats
    if spec.roles:
        settings["roles"] = dict(spec.roles)
    if spec.definitions != "own":
        settings["definitions"] = spec.definitions
    if spec.sample:
        settings["sample"] = spec.sample
    if question.endpoints:
        settings["endpoints"] = dict(question.endpoints)
    return Manifest(
        schema=SCHEMA,
        id=id_,
        created=created or now(),
        debate=__version__,
        python=platform.python_version(),
        problem=ref(problem.id, problem.path, problem.origin, problem.sha256),
        terms=question.panel.terms,
        seats=tuple(
            SeatRef(
                id=seat.id,
                lens=seat.lens.id if seat.lens else None,
                name=seat.lens.name if seat.lens else seat.id,
            )
            for seat in question.panel.seats
        ),
        lenses=tuple(ref(lens.id, lens.path, lens.origin, lens.sha256) for lens in lenses),
        roles=tuple(ref(role.id, role.path, role.origin, role.sha256) for role in question.roles.values()),
        protocol=ref(protocol.stem, protocol, _origin(protocol, library), _sha256(protocol)),
        models={JUDGE: CHECKS, **spec.models},
        seed=spec.seed,
        settings=settings,
        calls={**kept_calls(spec.calls), **kept_places(question, library)},
        versions=dict(_versions()),
        study=spec.study,
    )


@cache
def _versions() -> Mapping[str, str]:
    """Of the packages that shape what is asked. Finding them takes milliseconds: once a process is enough."""
    return {name: importlib.metadata.version(name) for name in _RECORDED}


def _shown(path: Path, library: Library) -> str:
    """`path` relative to the library it belongs to, so that a manifest means the same on another machine."""
    for root in library.roots:
        if path.is_relative_to(root.path):
            return path.relative_to(root.path).as_posix()
    return str(path)


def _origin(path: Path, library: Library) -> str:
    return next((root.origin for root in library.roots if path.is_relative_to(root.path)), "file")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
