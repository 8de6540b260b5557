"""Protocols: loading the LangGraph wiring of a debate from a file."""

import hashlib
import importlib.util
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from debate.errors import SettingsError


def load_protocol(path: Path) -> Any:
    """The compiled graph of a protocol file. Raises `SettingsError` when the file does not give one.

    A file is compiled once, until it changes: the runs of a study share its graph.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"--protocol {path}: cannot be read: {error.strerror}") from error
    return _compiled(path, hashlib.sha256(text).hexdigest())


@lru_cache(maxsize=32)
def _compiled(path: Path, _sha256: str) -> Any:
    """The graph of this version of the file. Its module is registered before it runs: LangGraph and pickling
    look types up by their module's name.
    """
    name = f"debate_protocol_{path.stem}_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SettingsError(f"--protocol {path}: expected a Python file (.py)")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise SettingsError(
            f"--protocol {path}: the file does not load: {type(error).__name__}: {error}"
        ) from error
    if not callable(getattr(getattr(module, "graph", None), "ainvoke", None)):
        raise SettingsError(
            f"--protocol {path}: expected `graph = builder.compile(…)`, a compiled LangGraph graph"
        )
    return module.graph
