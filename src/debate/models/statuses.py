"""Statuses: the fault an HTTP reply without an answer stands for, and the wait it asks for."""

import json
from email.utils import parsedate_to_datetime
from typing import Final

from debate.models.completions import clean
from debate.models.faults import ErrorDetail, FaultKind, WireError, classify, error_detail
from debate.models.secrets import Secrets
from debate.models.wire import Received

LONGEST_WAIT: Final = 120.0
"""Seconds. A server that asks for more is not waited for: the call fails and says when to resume."""

_SHOWN = 300


def status_fault(received: Received, secrets: Secrets) -> WireError | None:
    """The fault of a status that is no success, else None. Its detail is free of keys."""
    if 200 <= received.status < 300:
        return None
    detail = _detail(received)
    kind, param = classify(received.status, detail)
    wait = retry_after(received)
    if (
        wait is not None
        and wait > LONGEST_WAIT
        and kind in {FaultKind.RATE_LIMITED, FaultKind.SERVER, FaultKind.BUSY}
    ):
        kind = FaultKind.WAIT_TOO_LONG
    said = secrets.scrub(" ".join(clean(detail.message).split()))[:_SHOWN]
    words = f"HTTP {received.status}{f' {said!r}' if said else ''}"
    return WireError(kind, words, status=received.status, retry_after=wait, param=param)


def _detail(received: Received) -> ErrorDetail:
    text = received.body.decode("utf-8", errors="replace")
    try:
        return error_detail(json.loads(text)) or ErrorDetail()
    except (ValueError, RecursionError):
        # A proxy's page: its tags would only be noise.
        return ErrorDetail(message="" if text.lstrip().startswith("<") else text[:_SHOWN])


def retry_after(received: Received) -> float | None:
    """Seconds the server asks to wait, from `retry-after-ms` or `Retry-After` (seconds or date); None if it
    does not.

    A date is read against the reply's own Date header, so that a wrong clock on either side does no harm.
    """
    milliseconds = _number(received.headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    given = received.headers.get("retry-after", "")
    seconds = _number(given)
    if seconds is not None:
        return seconds
    try:
        until = parsedate_to_datetime(given)
        since = parsedate_to_datetime(received.headers["date"])
        return max(0.0, (until - since).total_seconds())
    except (ValueError, TypeError, KeyError):
        return None


def _number(text: str) -> float | None:
    """A number of 0 or more; anything else asks for nothing."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
