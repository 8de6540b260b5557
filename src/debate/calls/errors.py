"""How a call ends when it brings no reply."""

from datetime import datetime, timedelta

from debate.errors import ModelError
from debate.models.faults import FaultKind, Outcome, WireError
from debate.models.wire import Wire


class CallError(ModelError):
    """A call is lost for good.

    `kind` is the fault's name (`FaultKind`, or "busy-elsewhere"), `attempts` the requests it took, `text`
    what the model said where it refused.
    """

    def __init__(self, message: str, kind: str, *, attempts: int = 0, text: str = "") -> None:
        self.kind, self.attempts, self.text = kind, attempts, text
        super().__init__(message)


class StopError(CallError):
    """No further call of this run can succeed, or none is wanted ("budget", "ledger", "halted")."""


def call_error(role: str, wire: Wire, fault: WireError, attempts: int) -> CallError:
    """`fault` as the end of a call, in words that say who, what and what to do next."""
    rule = fault.rule
    end = rule.then if rule.outcome is Outcome.RETRY else rule.outcome
    tried = f" after {attempts} requests" if attempts > 1 else ""
    parts = [f"{role}: {wire.name} at {wire.endpoint}{tried}: {rule.says}"]
    if fault.detail:
        parts.append(fault.detail)
    if advice := _advice(wire, fault):
        parts.append(advice)
    kind = StopError if end is Outcome.STOP else CallError
    return kind("; ".join(parts), fault.kind, attempts=attempts)


def _advice(wire: Wire, fault: WireError) -> str:
    if fault.kind is FaultKind.KEY and wire.key_variable:
        return f"check the key in {wire.key_variable}"
    if fault.kind is FaultKind.WAIT_TOO_LONG and fault.retry_after is not None:
        until = datetime.now().astimezone() + timedelta(seconds=fault.retry_after)
        return f"resume the run after {until:%H:%M} ({fault.retry_after:.0f} s from now)"
    return fault.rule.advice
