"""Past runs: asking again what a manifest says was asked, and what has changed since.

A manifest keeps what decides the answers (`settings`) and how they were to be got (`calls`: limits, pace,
places), so that a resumed run neither asks something else nor forgets its budget. Keys are never kept: a base
URL loses its user info and query, and gets them back from where they were given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import JsonValue

from debate.library import Library
from debate.manifest import CardRef, Manifest
from debate.models.prices import Price
from debate.models.roles import CHECKS, JUDGE
from debate.models.wire import Sampling
from debate.runs.question import Question
from debate.runs.spec import CallSettings, RunSpec

_PLAIN: Final = ("max_calls", "max_tokens", "max_cost", "concurrency", "per_minute", "deadline")


def kept_calls(settings: CallSettings) -> dict[str, JsonValue]:
    """What a manifest keeps of `settings`: everything that is not as usual, but for tracing and keys."""
    usual = CallSettings()
    kept: dict[str, JsonValue] = {
        name: value for name in _PLAIN if (value := getattr(settings, name)) != getattr(usual, name)
    }
    if settings.base_url:
        kept["base_url"] = _without_keys(settings.base_url)
    if settings.ledger:
        kept["ledger"] = str(settings.ledger.absolute())
    if settings.prices:
        kept["prices"] = {name: asdict(price) for name, price in settings.prices.items()}
    return kept


def kept_places(question: Question, library: Library) -> dict[str, JsonValue]:
    """Where this machine has what the run was made of, if that is not where everybody has it."""
    kept: dict[str, JsonValue] = {}
    extra = library.roots[0].path
    if len(library.roots) > 1 and extra != library.workspace:
        kept["library"] = str(extra.absolute())
    if any(path.is_file() and not path.is_absolute() for path in (question.problem.path, question.protocol)):
        kept["folder"] = str(Path.cwd())
    return kept


def kept_sampling(settings: CallSettings) -> dict[str, JsonValue]:
    """What a manifest keeps of the user's sampling settings, by role."""
    return {role: dict(drawn.given()) for role, drawn in settings.sampling.items() if drawn.given()}


def spec_of(manifest: Manifest, base: Path, changes: Mapping[str, Any]) -> RunSpec:
    """The run's own question, to be asked again in `base`.

    `changes` are call settings given now (None: none given). A base URL that is the run's own but for user
    info and query brings these back.
    """
    settings: Mapping[str, Any] = manifest.settings
    folder = Path(str(manifest.calls.get("folder", ".")))
    sampling = {role: Sampling(**given) for role, given in settings.get("sampling", {}).items()}
    calls = replace(calls_of(manifest.calls, changes), sampling=sampling)
    return RunSpec(
        problem=_name_of(manifest.problem, folder),
        models={role: model for role, model in manifest.models.items() if (role, model) != (JUDGE, CHECKS)},
        lenses=str(settings.get("lenses", manifest.terms)),
        protocol=_name_of(manifest.protocol, folder),
        seed=manifest.seed,
        allow_adhoc=bool(settings.get("allow_adhoc", False)),
        judge_repeats=int(settings.get("judge_repeats", 3)),
        transcripts=base,
        roles={role: str(path) for role, path in settings.get("roles", {}).items()},
        definitions=settings.get("definitions", "own"),
        sample=int(settings.get("sample", 0)),
        study=manifest.study,
        calls=calls,
    )


def calls_of(kept: Mapping[str, object], changes: Mapping[str, Any]) -> CallSettings:
    """The call settings that were `kept`, with those given now (None: none given)."""
    then: dict[str, Any] = dict(kept)
    if "ledger" in then:
        then["ledger"] = Path(then["ledger"])
    then["prices"] = {name: Price(**price) for name, price in then.get("prices", {}).items()}
    known = {field.name for field in fields(CallSettings)}
    calls = CallSettings(**{name: value for name, value in then.items() if name in known})
    return replace(calls, **{name: value for name, value in changes.items() if value is not None})


def same_place(given: str | None, kept: Mapping[str, object]) -> bool:
    """Whether a base URL is the one that was used, but for user info and query."""
    return bool(given) and _without_keys(str(given)) == kept.get("base_url")


def changes(then: Manifest, now: Manifest) -> Iterator[str]:
    """A sentence for each thing that is not as it was when the run began."""
    yield from _card_changes("the problem card", [then.problem], [now.problem])
    yield from _card_changes("the protocol", [then.protocol], [now.protocol])
    seats = [", ".join(seat.name for seat in manifest.seats) for manifest in (then, now)]
    if seats[0] != seats[1]:
        yield f"the panel has changed since the run began: it was {seats[0]}, it is {seats[1]}"
    yield from _card_changes("the lens card", then.lenses, now.lenses)
    yield from _card_changes("the role card", then.roles, now.roles)
    yield from moved(then, now)
    if then.debate != now.debate:
        yield f"the run was begun by debate {then.debate}, this is {now.debate}"
    for package, version in then.versions.items():
        if now.versions.get(package, version) != version:
            yield f"the run was begun with {package} {version}, this is {now.versions[package]}"


def moved(then: Manifest, now: Manifest) -> Iterator[str]:
    """A sentence for each model that would be asked at another address."""
    before, after = _addresses(then), _addresses(now)
    for model, place in before.items():
        if after.get(model, place) != place:
            yield f"{model} was asked at {place}, it is {after[model]} now"


def _addresses(manifest: Manifest) -> Mapping[str, str]:
    settings: Mapping[str, Any] = manifest.settings
    return dict(settings.get("endpoints", {}))


def _card_changes(what: str, then: tuple[CardRef, ...] | list[CardRef], now: Any) -> Iterator[str]:
    present = {ref.id: ref.sha256 for ref in now}
    for ref in then:
        if present.get(ref.id, ref.sha256) != ref.sha256:
            yield f"{what} {ref.id} has changed since the run began"


def _name_of(ref: CardRef, folder: Path) -> str:
    """What the user would call it: an id, or a path where one was given, from here or from `folder`."""
    if ref.origin != "file":
        return ref.id
    return ref.path if Path(ref.path).exists() else str(folder / ref.path)


def _without_keys(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2].lower(), parts.path.rstrip("/"), "", ""))
