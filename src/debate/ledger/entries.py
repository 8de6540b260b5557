"""What is written into a ledger, what is read from it, and what any ledger must be able to do."""

from dataclasses import dataclass
from typing import Protocol, Self

from debate.errors import RunError


class LedgerError(RunError):
    """The ledger cannot be read or written."""


class BudgetError(RunError):
    """One more call would break the budget; everything so far is kept."""


@dataclass(frozen=True, slots=True)
class Spend:
    """What the attempts of a scope have used: requests sent, tokens, money.

    Where a server does not say how many tokens it used, an estimate counts here: a limit must hold without
    its help. These are figures to limit by; what is known is in the attempts.
    """

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits for all attempts of one scope, shared by every process that uses it. None: no limit.

    Requests are counted when they are sent: `max_calls` is never exceeded. Tokens and money are known
    afterwards: they can be exceeded by the calls in flight, and no further.
    """

    scope: str
    max_calls: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None

    def check(self, spend: Spend) -> None:
        """Raises `BudgetError` when no further request may be sent."""
        for flag, limit, used, unit in (
            ("--max-calls", self.max_calls, spend.calls, "requests"),
            ("--max-tokens", self.max_tokens, spend.tokens, "tokens"),
            ("--max-cost", self.max_cost, spend.cost, ""),
        ):
            if limit is not None and used >= limit:
                spent = f"{used:g} {unit}".strip() if isinstance(used, float) else f"{used:,} {unit}"
                raise BudgetError(
                    f"{flag} {limit:g} is reached ({spent}); what was received is kept. "
                    f"Resume with a higher {flag} to go on."
                )


@dataclass(frozen=True, slots=True)
class Opening:
    """An attempt that is about to be sent. `number` counts the attempts of one logical call from 1."""

    key: str
    model: str
    endpoint: str
    role: str
    sample: int
    number: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an answer used. Counts and cost are None where they are not known; `guard_…` is what budgets
    count.
    """

    prompt: int | None
    completion: int | None
    cached: int | None
    reasoning: int | None
    cost: float | None
    guard_tokens: int
    guard_cost: float


@dataclass(frozen=True, slots=True)
class Failure:
    """How an attempt failed. `part` is what arrived of the reply; `guard_…` as in `Settlement`, for what may
    be billed.
    """

    fault: str
    detail: str
    status: int | None = None
    part: bytes = b""
    guard_tokens: int = 0
    guard_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A reply the ledger holds. `settled` is False when its receiver died before reading it."""

    attempt: int
    body: bytes
    settled: bool
    cost: float | None


class Claim(Protocol):
    """The right to send one call, held by one process at a time; it ends with the process."""

    def release(self) -> None:
        """Give it back. Safe to call twice."""
        ...


class Ledger(Protocol):
    """Where attempts are kept. One object serves one process; many processes share what it stands for.

    What is awaited is durable when it returns: it survives the death of the process and of the machine.
    `settle`, `fail` and `remember` are written soon, in order; a crash before costs knowledge that can be had
    again, never a reply.
    """

    async def find(self, key: str) -> Entry | None:
        """The reply received for a call, if there is one."""
        ...

    async def try_claim(self, key: str) -> Claim | None:
        """The claim on a call, or None while another process holds it. Who gets it looks again before
        sending.
        """
        ...

    async def begin(self, opening: Opening, budget: Budget) -> int:
        """Count and write down an attempt before it is sent; its number. Raises `BudgetError`,
        `LedgerError`.
        """
        ...

    async def receive(self, attempt: int, status: int, body: bytes, request_id: str = "") -> None:
        """Keep a whole reply. Raises `LedgerError` when it could not be kept."""
        ...

    def settle(self, attempt: int, settlement: Settlement) -> None:
        """The reply holds an answer that used this much."""
        ...

    def fail(self, attempt: int, failure: Failure) -> None:
        """The attempt brought no answer."""
        ...

    async def manner(self, endpoint: str, model: str) -> str | None:
        """What was remembered about how to ask this model at this endpoint."""
        ...

    def remember(self, endpoint: str, model: str, manner: str) -> None:
        """Remember how to ask."""
        ...

    async def spend(self, scope: str) -> Spend:
        """What a scope has used so far, in all processes."""
        ...

    async def close(self) -> None:
        """Write what is pending and let go."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...
