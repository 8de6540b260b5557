"""Replies: finding the one JSON object in what a model wrote.

`read_object` repairs what costs nothing and loses nothing: fences and prose around the object, raw control
characters in its strings, the same object twice. What would need a guess (a cut object, two different ones,
NaN) it does not touch: that is a `ReplyError`, a reason to ask once more. Brackets are never closed by us.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from debate.models.completions import clean
from debate.models.faults import RULES, FaultKind

DEEPEST: Final = 64
"""Most levels of nesting; contributions have fewer than ten."""

_LONGEST: Final = 2 * 1024 * 1024
_MOST_TRIES: Final = 2_000
_MOST_DIGITS: Final = 400

JsonObject = dict[str, object]


class ReplyError(Exception):
    """A reply without exactly one usable object. `str()` is a sentence the model can mend it by."""

    def __init__(self, kind: FaultKind, detail: str = "") -> None:
        self.kind = kind
        super().__init__(f"{RULES[kind].says}{f': {detail}' if detail else ''}")


@dataclass(frozen=True, slots=True)
class Found:
    """The object, and whether something around it had to be taken away."""

    value: JsonObject
    repaired: bool


def read_object(text: str, required: frozenset[str] = frozenset()) -> Found:
    """The object in `text` that has all `required` keys (so an object inside another never passes for the
    whole).
    """
    stripped = text.strip()
    if not stripped:
        raise ReplyError(FaultKind.EMPTY)
    if len(stripped) > _LONGEST:
        raise ReplyError(FaultKind.TOO_LARGE)
    found, cut = _objects(stripped)
    whole = [value for value in found if required <= value.keys()]
    if not whole:
        raise _none_fits(found, cut, required)
    if any(value != whole[-1] for value in whole[:-1]):
        raise ReplyError(FaultKind.TWO_OBJECTS)
    if cut:
        raise ReplyError(FaultKind.TRUNCATED)
    value = whole[-1]
    if _too_deep(value):
        raise ReplyError(FaultKind.TOO_DEEP)
    # Only an escape can bring what no file takes into a text that is clean itself.
    if "\\u" in stripped or clean(stripped) != stripped:
        value = {clean(key): _clean(item) for key, item in value.items()}
    return Found(value, repaired=not _is_all(stripped))


def _is_all(text: str) -> bool:
    """Nothing stands before or after the one object of `text`."""
    return text[0] == "{" and _DECODER.raw_decode(text)[1] == len(text)


def _none_fits(found: list[JsonObject], cut: bool, required: frozenset[str]) -> ReplyError:
    if cut:
        return ReplyError(FaultKind.TRUNCATED)
    if not found:
        return ReplyError(FaultKind.NOT_JSON)
    missing = ", ".join(sorted(required - found[-1].keys()))
    return ReplyError(FaultKind.WRONG_SHAPE, f"keys missing: {missing}")


def _objects(text: str) -> tuple[list[JsonObject], bool]:
    """All outermost objects of `text` in order, and whether the last one begun is cut off by the end of the
    text.
    """
    found: list[JsonObject] = []
    at = 0
    for _ in range(_MOST_TRIES):
        at = text.find("{", at)
        if at < 0:
            return found, False
        try:
            value, end = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            # A brace of prose goes wrong at once. What begins like an object was meant as one: if it goes
            # wrong where the text ends it was cut, else it is broken, and what lies inside it is not the
            # whole.
            if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
                return found, True
            if _BEGINS_LIKE_AN_OBJECT.match(text, at):
                near = text[max(0, error.pos - 20) : error.pos + 20]
                where = f"{error.msg} at character {error.pos}, near {near!r}"
                raise ReplyError(FaultKind.NOT_JSON, where) from None
            at += 1
        except RecursionError:
            raise ReplyError(FaultKind.TOO_DEEP) from None
        else:
            found.append(value)
            at = end
    raise ReplyError(FaultKind.NOT_JSON)


_BEGINS_LIKE_AN_OBJECT = re.compile(r'\{\s*"[^"\\]*"\s*:')


def _not_finite(_name: str) -> float:
    raise ReplyError(FaultKind.NOT_FINITE)


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise ReplyError(FaultKind.NOT_FINITE)
    return value


def _int(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ReplyError(FaultKind.NOT_FINITE, "a number with thousands of digits")
    return int(digits)


_DECODER = json.JSONDecoder(strict=False, parse_constant=_not_finite, parse_float=_float, parse_int=_int)


def _too_deep(value: object) -> bool:
    """True for more levels of nesting than `DEEPEST`."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for node in level
            if isinstance(node, dict | list)
            for inner in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return False
    return True


def _clean(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _clean(item) for key, item in value.items()}
    return value
