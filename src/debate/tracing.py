"""Tracing: off unless the user asks this program for it.

LangChain sends prompts and replies to a tracing service when variables say so that may have been set for
another program. `forbid` turns them off for this process, before LangChain reads them; `allow` gives them
back.
"""

import os
from typing import Final

VARIABLES: Final = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
)

_found: dict[str, str] = {}


def forbid() -> None:
    """From now on nothing is traced, whatever the environment says. LangChain must not be imported yet."""
    for name in VARIABLES:
        if os.environ.get(name, "false") != "false":
            _found[name] = os.environ[name]
            os.environ[name] = "false"


def allow() -> None:
    """Trace as the environment said at first."""
    os.environ.update(_found)
    _found.clear()
