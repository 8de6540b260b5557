"""debate: lenses on a stuck problem, merged into testable steps, scored against the obvious answer."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("lens-debate")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0+unknown"
