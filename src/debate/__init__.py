"""debate: lenses on a stuck problem, merged into testable steps, scored against the obvious answer.

`import debate` loads next to nothing; `debate.run`, `debate.arun`, `debate.study` and `debate.astudy` (see
`debate.api`) and `debate.__version__` come when they are asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from debate.api import arun, astudy, run, study

    __version__: str

__all__ = ["arun", "astudy", "run", "study"]


def __getattr__(name: str) -> Any:
    """What takes long to load, when it is asked for."""
    if name in __all__:
        from debate import api  # noqa: PLC0415 - loads LangGraph

        return getattr(api, name)
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - see above

    try:
        return version("lens-debate")
    except PackageNotFoundError:  # running from a source tree that was never installed
        return "0+unknown"
