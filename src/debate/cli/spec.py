"""From flags to the run they ask for, over `debate.toml` and the environment."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from debate import tracing

if TYPE_CHECKING:
    from debate.runs.spec import RunSpec

#: Flags that are settings, by the names of their parameters.
FLAGS: Final = frozenset(
    {
        *("model", "base_url", "library", "lenses", "protocol", "transcripts", "ledger", "max_calls"),
        *("max_tokens", "max_cost", "concurrency", "per_minute", "deadline", "sampling", "prices", "trace"),
        "judge_repeats",
        "embeddings",
    }
)


@contextmanager
def loading() -> Iterator[None]:
    """Load packages in here. What they leave lives as long as the program: looking through it for garbage,
    again and again now and once more in the middle of a debate, takes a tenth of a second and finds none.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def run_spec(
    flags: Mapping[str, Any],
    *,
    problem: str,
    seed: int = 0,
    allow_adhoc: bool = False,
    temperature: float | None = None,
) -> "RunSpec":
    """The run that flags and settings ask for. Raises `SettingsError`.

    From here on LangChain may be loaded, with tracing as the user wants it.
    """
    from debate.settings import load  # noqa: PLC0415 - see debate.cli.options

    given = dict(flags)
    if temperature is not None:
        given["sampling"] = [f"temperature={temperature}", *given.get("sampling", [])]
    settings = load(given)
    if settings.trace:
        tracing.allow()

    return settings.spec(problem, seed=seed, allow_adhoc=allow_adhoc)
