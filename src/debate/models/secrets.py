"""Secrets: what must never reach disk, screen or exception text.

A `Secrets` knows the values that were given (keys, passwords, query values of a base URL) and replaces them
wherever they turn up, also when a server echoes them. Texts meant for people are rid of whatever looks like a
key besides.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

_LOOKS_SECRET = re.compile(
    r"(?i)\b(?:sk|pk|rk|gsk|xai)-[A-Za-z0-9_\-]{6,}|\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=\-]{6,}"
)
_URL_USER = re.compile(r"(?<=://)[^/\s@]+@")
_HIDDEN = "[hidden]"
_SHORTEST = 4  # replacing every "a" of a text because a key is "a" would ruin replies and hide nothing


class Secrets:
    """Known secret values. `str()` and `repr()` show none of them."""

    __slots__ = ("_bytes", "_texts")

    def __init__(self, values: Iterable[str] = ()) -> None:
        forms = {form for value in values for form in (value, quote(value, safe=""), quote_plus(value))}
        # Longest first: a secret that contains another one must go as a whole.
        self._texts = tuple(sorted((f for f in forms if len(f) >= _SHORTEST), key=len, reverse=True))
        self._bytes = tuple(text.encode() for text in self._texts)

    def __repr__(self) -> str:
        return f"Secrets({len(self._texts)} hidden)"

    def scrub(self, text: str) -> str:
        """`text`, for people: without known secrets and without anything that looks like one."""
        for value in self._texts:
            text = text.replace(value, _HIDDEN)
        return _URL_USER.sub(f"{_HIDDEN}@", _LOOKS_SECRET.sub(_HIDDEN, text))

    def scrub_bytes(self, body: bytes) -> bytes:
        """`body`, to be kept: without known secrets, else unchanged."""
        for value in self._bytes:
            if value in body:
                body = body.replace(value, _HIDDEN.encode())
        return body
