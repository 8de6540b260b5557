"""Calls: one question to a model, answered once and paid for once.

This is the seam between turns, who know what a debate wants, and models and ledger, who know how to get it:

    async with SqliteLedger.open(path) as ledger, Wires() as wires:
        caller = Caller(ledger, budget=Budget(scope=run_id, max_calls=60), prices=prices)
        spec = CallSpec(role="lens", model=wires.wire(read_model("openai:<id>")), messages=[("user", "…")],
                        schema=Schema.of(SeatReport), sampling=Sampling(temperature=0.7), sample=0)
        reply = await caller.call(spec)
        if reply.faults:                                    # or the object breaks its contract
            reply = await caller.call(reask(spec, reply, reply.faults))

`known` gives what the ledger holds and asks nobody.

`call` returns a `Reply` (text, reasoning, usage, cost, from_ledger, attempts, flags; `value` is the JSON
object when a schema was given) or raises

    CallError    this call is lost for good; the debate may go on without it
    StopError    (a CallError) no further call can succeed, or none is wanted: end the run, keep what there is

and promises:

* A reply received is never requested again: it is on disk before it is read, and found by the call's
identity, in this process or any other, now or in a year. Equal calls at the same time are one call. * There
is one retry loop, here. At most 4 requests a call (2 where the server may bill what it did not deliver), 1
where asking again cannot help; never before the time a server asked for; each is in the ledger before it
leaves. * A call ends within its deadline, counted from when it gets its place in the queue. * Cancelling who
waits does not cancel the request: its reply is kept when it comes. `halt` stops new requests, `drain` waits
for those in flight.

What a fault is and what follows from it stands in `debate.models.faults`.
"""

from debate.calls.asker import Asker, Guest
from debate.calls.caller import Caller
from debate.calls.desk import Policy, Setback
from debate.calls.errors import CallError, StopError
from debate.calls.gate import EndpointLimits
from debate.calls.reply import Flag, Reply
from debate.calls.spec import CallSpec, reask

__all__ = [
    "Asker",
    "CallError",
    "CallSpec",
    "Caller",
    "EndpointLimits",
    "Flag",
    "Guest",
    "Policy",
    "Reply",
    "Setback",
    "StopError",
    "reask",
]
