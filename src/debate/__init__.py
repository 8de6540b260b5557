"""debate: lenses on a stuck problem, merged into testable steps, scored against the obvious answer."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str


def __getattr__(name: str) -> str:
    """`__version__`, looked up when it is asked for: what knows it takes long to load."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - see above

    try:
        return version("lens-debate")
    except PackageNotFoundError:  # running from a source tree that was never installed
        return "0+unknown"
