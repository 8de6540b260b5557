"""Asking: one logical call while it is being made. Here is the program's only retry loop."""

import asyncio
import time
from dataclasses import replace

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception
from tenacity.wait import wait_exponential, wait_random

from debate.calls.desk import Desk, Setback
from debate.calls.errors import StopError, call_error
from debate.calls.gate import Gate
from debate.calls.reply import Circumstances, Reply, read_reply
from debate.calls.spec import CallSpec
from debate.ledger.entries import BudgetError, Entry, Failure, LedgerError, Opening, Settlement
from debate.models.completions import Answer, Usage, read_completion
from debate.models.faults import FaultKind, Outcome, WireError
from debate.models.statuses import status_fault
from debate.models.wire import Manner

_CHARS_PER_TOKEN = 4  # the usual rule of thumb; only budgets use it, and only where a server does not count


class Asking:
    """Make one call; every request it sends is in the ledger before and after."""

    def __init__(self, spec: CallSpec, key: str, desk: Desk, gate: Gate) -> None:
        self._spec, self._key, self._desk, self._gate = spec, key, desk, gate
        self._wire = spec.model
        self._price = desk.price(spec.model)
        self._number = 0
        self._billed = 0
        self._adapted = False
        self._until = 0.0
        policy = desk.policy
        self._usual_pause = wait_exponential(policy.first_pause, policy.longest_pause) + wait_random(
            0, policy.first_pause
        )

    async def answer(self) -> Reply:
        """The reply, within the deadline. Raises `CallError`."""
        deadline = self._desk.policy.deadline
        self._until = time.monotonic() + deadline
        try:
            async with asyncio.timeout(deadline) as limit:
                return await self._persist(limit)
        except TimeoutError:
            fault = WireError(FaultKind.DEADLINE, f"{deadline:g} s")
        except WireError as last:
            fault = last
        except BudgetError as spent:
            raise self._desk.judge(StopError(str(spent), "budget", attempts=self._number)) from None
        except LedgerError as broken:
            raise self._desk.judge(StopError(str(broken), "ledger", attempts=self._number)) from None
        raise self._desk.judge(call_error(self._spec.role, self._wire, fault, self._number)) from None

    async def _persist(self, limit: asyncio.Timeout) -> Reply:
        retrying = AsyncRetrying(
            retry=retry_if_exception(self._may_help),
            wait=self._pause,
            stop=self._enough,
            before_sleep=self._tell,
            sleep=self._desk.pause,
            reraise=True,
        )
        return await retrying(self._attempt, limit)

    def _may_help(self, error: BaseException) -> bool:
        """Whether the same question, or the same in another manner, may yet be answered."""
        if not isinstance(error, WireError):
            return False
        self._billed += error.rule.may_be_billed
        return self._adapted or error.rule.outcome is Outcome.RETRY

    def _pause(self, state: RetryCallState) -> float:
        """Seconds; never less than the server asked for."""
        fault = _fault(state)
        return 0.0 if self._adapted else max(self._usual_pause(state), fault.retry_after or 0.0)

    def _enough(self, state: RetryCallState) -> bool:
        """No request is left, or the deadline would pass asleep."""
        policy = self._desk.policy
        if self._number >= policy.attempts or self._billed >= policy.billed_attempts:
            return True
        return time.monotonic() + state.upcoming_sleep > self._until

    def _tell(self, state: RetryCallState) -> None:
        fault = _fault(state)
        setback = Setback(
            self._spec.role, self._wire.name, self._number, fault.kind, fault.detail, state.upcoming_sleep
        )
        self._desk.listen(setback)

    async def _attempt(self, limit: asyncio.Timeout) -> Reply:
        """One request and what comes of it. Raises `WireError` for what is no answer."""
        desk, wire = self._desk, self._wire
        desk.refuse_if_stopped()
        await self._gate.admit(desk.pause)
        manner = await desk.manner(wire)
        self._adapted = False
        self._number += 1
        spec = self._spec
        opening = Opening(self._key, wire.name, wire.endpoint, spec.role, spec.sample, self._number)
        attempt = await desk.ledger.begin(opening, desk.budget)
        try:
            received = await wire.exchange(spec.ask, manner)
            if fault := status_fault(received, wire.secrets):
                raise fault
            await desk.keep(attempt, opening, received)
            answer = read_completion(received.body, received.headers.get("content-type", ""))
        except WireError as fault:
            self._note_failure(attempt, fault, manner)
            raise
        except asyncio.CancelledError:
            if limit.expired():
                self._note_failure(attempt, WireError(FaultKind.DEADLINE), manner)
            raise
        desk.confirm(wire, manner)
        cost = self._settle(attempt, answer)
        return self._read(answer, manner, cost, from_ledger=False)

    def _note_failure(self, attempt: int, fault: WireError, manner: Manner) -> None:
        if fault.rule.outcome is Outcome.ADAPT and (other := manner.after(fault)):
            self._adapted = True
            self._desk.learn(self._wire, manner, other)
        if fault.retry_after and fault.rule.outcome is Outcome.RETRY:
            self._gate.hold(fault.retry_after)
        billed = self._guess(len(fault.part)) if fault.rule.may_be_billed else Usage(0, 0)
        failure = Failure(
            fault=fault.kind,
            detail=fault.detail,
            status=fault.status,
            part=fault.part,
            guard_tokens=_total(billed),
            guard_cost=self._cost(billed) or 0.0,
        )
        self._desk.ledger.fail(attempt, failure)

    def _settle(self, attempt: int, answer: Answer) -> float | None:
        """Write down what the answer used; its cost, if that is known."""
        usage = answer.usage
        counted = usage if usage.known else self._guess(len(answer.text) + len(answer.reasoning))
        if usage.completion is not None:  # known by itself where nothing was generated
            counted = replace(counted, completion=usage.completion)
        cost = self._cost(usage)
        settlement = Settlement(
            **{"prompt": usage.prompt, "completion": usage.completion, "cached": usage.cached},
            reasoning=usage.reasoning,
            cost=cost,
            guard_tokens=_total(counted),
            guard_cost=self._cost(counted) or 0.0,
        )
        self._desk.ledger.settle(attempt, settlement)
        return cost

    def _cost(self, usage: Usage) -> float | None:
        return self._price.cost(usage) if self._price else None

    def _guess(self, chars: int) -> Usage:
        """Tokens of the prompt and of `chars` characters that came back."""
        prompt = sum(len(text) for _, text in self._spec.messages)
        return Usage(prompt=prompt // _CHARS_PER_TOKEN, completion=chars // _CHARS_PER_TOKEN)

    def _read(self, answer: Answer, manner: Manner, cost: float | None, *, from_ledger: bool) -> Reply:
        who = f"{self._spec.role}: {self._wire.name}"
        how = Circumstances(self._key, who, self._spec.ask, manner, cost, self._number, from_ledger)
        return read_reply(answer, how)

    async def remembered(self, entry: Entry) -> Reply | None:
        """The reply in `entry`, at no cost; None when its receiver died before finding that it holds no
        answer.
        """
        try:
            answer = read_completion(entry.body)
        except WireError as fault:
            self._desk.ledger.fail(entry.attempt, Failure(fault.kind, fault.detail))
            return None
        cost = entry.cost if entry.settled else self._settle(entry.attempt, answer)
        return self._read(answer, await self._desk.manner(self._wire), cost, from_ledger=True)


def _fault(state: RetryCallState) -> WireError:
    """What the attempt before this pause came to."""
    assert state.outcome is not None
    fault = state.outcome.exception()
    assert isinstance(fault, WireError)
    return fault


def _total(usage: Usage) -> int:
    return (usage.prompt or 0) + (usage.completion or 0)
