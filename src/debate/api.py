"""The API: debates and studies from Python, in a script, a notebook or a service.

    import debate

    result = debate.run("code_performance-stuck", lenses="high")
    result = await debate.arun("my-problem.md", model="ollama:ID", max_calls=20)
    study = debate.study(["code_performance-stuck", "team_slow-decisions"], replicates=2)

It does what `debate run` and `debate ablate` do, with the same settings from the same places: arguments here
take the place of flags. Whatever is wrong with the input is raised as an `InputError`, which is a
`DebateError`, before anything is asked, and names the argument; a run that fails later is a result whose
`error` says why. Nothing is printed. Calls of `run` and `study` work inside a running event loop too (a
notebook has one): they wait in a thread of their own.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from typing import Any, Literal, TypedDict, TypeVar, Unpack

from langsmith import tracing_context
from pydantic import BaseModel, ConfigDict, ValidationError

from debate.errors import InputError
from debate.events import Listener
from debate.library import Library
from debate.runs import RunResult
from debate.runs import run as hold
from debate.runs.past import kept_sampling
from debate.settings import load
from debate.studies.planning import plan_study
from debate.studies.request import Flag, StudyRequest, StudyTerms, Whole, control_names, faults_in
from debate.studies.stopping import stop_rule
from debate.studies.study import Conduct, Listen, StudyResult, begin

T = TypeVar("T")

Problem = str | PathLike[str]
"""The id of a problem, or the path of a card."""


class Options(TypedDict, total=False):
    """Settings, as `docs/models.md` explains them; one that is left out comes from `debate.toml`, the
    environment, or its default. `model` is one for all roles, or models by role; `library` a folder of cards.
    """

    model: str | Mapping[str, str]
    base_url: str
    lenses: str
    protocol: str
    library: str | PathLike[str]
    transcripts: str | PathLike[str]
    ledger: str | PathLike[str]
    max_calls: int
    max_tokens: int
    max_cost: float
    concurrency: int
    per_minute: float
    deadline: float
    sampling: Mapping[str, Any]
    prices: Mapping[str, Mapping[str, float]]
    judge_repeats: int
    trace: bool


class StudyOptions(Options, total=False):
    """What a study is told beside its problems and settings; see `debate ablate --help` and
    `debate.studies.request.StudyRequest`. `named` has the arms of `sets`, `protocols`, `models` and `roles`:
    by design, value by name. `controls` and `design` may be one name or several.
    """

    design: str | Sequence[str]
    named: Mapping[str, Mapping[str, str]]
    controls: str | Sequence[str]
    game: Literal["replacement", "removal", "both"]
    replicates: int
    endpoint: str
    margin: float
    alpha: float
    stop: Literal["none", "e-process"]
    seed: int
    allow_adhoc: bool
    factorial: bool


_STUDY = StudyOptions.__annotations__.keys() - Options.__annotations__.keys()


class _Arguments(BaseModel):
    """Arguments that are no settings, as a caller may give them."""

    model_config = ConfigDict(extra="forbid")

    problem: Problem = ""
    problems: Problem | Sequence[Problem] = ""
    seed: Whole = 0
    allow_adhoc: Flag = False
    listen: Callable[..., object] | None = None
    named: Mapping[str, Mapping[str, str]] = {}


def _check(**given: object) -> None:
    """Raises `InputError` that names the argument."""
    try:
        _Arguments.model_validate(given)
    except ValidationError as error:
        raise InputError("\n".join(faults_in(error, str))) from None


async def arun(
    problem: Problem,
    *,
    seed: int = 0,
    allow_adhoc: bool = False,
    listen: Listener | None = None,
    **options: Unpack[Options],
) -> RunResult:
    """Hold one debate. `listen` hears every event after it is on disk.

    The result has `.answer` (Markdown), `.plan`, `.verdict`, `.path` (its folder), `.status` and `.error`.
    Raises `DebateError` before anything is asked.
    """
    _check(problem=problem, seed=seed, allow_adhoc=allow_adhoc, listen=listen)
    settings = load(options, arguments=True)
    library = Library.open(settings.library)
    spec = settings.spec(str(problem), seed=seed, allow_adhoc=allow_adhoc)
    with _traced(trace=settings.trace):
        return await hold(spec, library, listen or _ignore)


async def astudy(
    problems: Problem | Sequence[Problem], *, listen: Listen | None = None, **options: Unpack[StudyOptions]
) -> StudyResult:
    """Hold a study. `listen` hears of every cell, and of sentences for the user (notes on the plan first).

    The result has `.cells`, `.record` (with the plan and its hash), `.path` (the study's folder), `.report()`
    (what they show) and `.error`, which is None unless something stopped it: then `debate ablate --resume`
    goes on. Raises `DebateError` before anything is asked.
    """
    given: dict[str, Any] = dict(options)
    asked = {name: given.pop(name) for name in _STUDY if name in given}
    named = asked.pop("named", {})
    _check(problems=problems, listen=listen, named=named)
    terms = StudyTerms.checked(asked, str).model_dump(exclude_none=True)
    settings = load(given, arguments=True)
    library = Library.open(settings.library)
    names = [problems] if isinstance(problems, str | PathLike) else problems
    request = StudyRequest(
        problems=tuple(map(str, names)),
        models=settings.models,
        lenses=settings.lenses,
        protocol=settings.protocol,
        designs=terms.pop("design", ("leave-one-out",)),
        named=named,
        controls=control_names(terms.pop("controls", "default")),
        judge_repeats=settings.judge_repeats,
        sampling=kept_sampling(settings.calls),  # type: ignore[arg-type]
        **terms,
    )
    planned = plan_study(request, library)
    hear = listen or _ignore
    for note in planned.notes:
        hear(note)
    base = library.transcripts_dir(settings.transcripts)
    with _traced(trace=settings.trace):
        conduct = Conduct(library, settings.calls, base, hear, stop=stop_rule(planned.plan))
        return await begin(planned.plan, conduct)


def run(
    problem: Problem,
    *,
    seed: int = 0,
    allow_adhoc: bool = False,
    listen: Listener | None = None,
    **options: Unpack[Options],
) -> RunResult:
    """`arun`, waited for. With a running loop `listen` is called from another thread."""
    return _waited(lambda: arun(problem, seed=seed, allow_adhoc=allow_adhoc, listen=listen, **options))


def study(
    problems: Problem | Sequence[Problem], *, listen: Listen | None = None, **options: Unpack[StudyOptions]
) -> StudyResult:
    """`astudy`, waited for. With a running loop `listen` is called from another thread."""
    return _waited(lambda: astudy(problems, listen=listen, **options))


def _waited(begin_it: Callable[[], Coroutine[Any, Any, T]]) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(begin_it())
    with ThreadPoolExecutor(1, thread_name_prefix="debate") as thread:
        return thread.submit(lambda: asyncio.run(begin_it())).result()


def _traced(*, trace: bool) -> Any:
    """Tracing as the environment says, or off in this call alone: the caller's own stays as it is."""
    return tracing_context(enabled=None if trace else False)


def _ignore(_: object) -> None:
    """Nobody listens."""
