"""The identity of a call: who is asked what, and nothing else.

    model       the id the server knows it by
    endpoint    base URL without user info and query: a key or a gateway's parameters change no answer
    path        what is appended to it, or the class of a chat model that has no path
    parameters  the sampling settings that are given
    messages    role and text of each, in order
    schema      digest of the object that is wanted, or null
    sample      0, 1, …: replicates of one prompt are different calls
    draw        how often this call was made in vain before and given up; not there the first time

These, as canonical JSON (sorted keys, no blanks, ASCII, no NaN), hashed with sha256, after a tag that says
so: `c1-<64 hex digits>`. Whatever else changes (timeouts, retries, which rung of the structured-output ladder
carries the schema, who asks in which run) leaves it the same. A change of this recipe needs a new tag: old
replies are then not found, never mistaken.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

TAG: Final = "c1"


def call_identity(
    *,
    model: str,
    endpoint: str,
    path: str,
    parameters: Mapping[str, float | int | str],
    messages: Sequence[tuple[str, str]],
    schema: str | None,
    sample: int,
    draw: int = 0,
) -> str:
    """The key of a call. Raises ValueError for a parameter that is no finite number."""
    asked = {
        "model": model,
        "endpoint": endpoint,
        "path": path,
        "parameters": dict(parameters),
        "messages": [list(message) for message in messages],
        "schema": schema,
        "sample": sample,
        **({"draw": draw} if draw else {}),
    }
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"{TAG}-{sha256(canonical.encode('ascii')).hexdigest()}"
