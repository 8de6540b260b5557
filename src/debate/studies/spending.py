"""Spending: what a study's runs would use held alone, and what the study really asked for.

The first is summed over the runs; the second is what the ledger counted under the study, retries and calls
that came to nothing included, and so what a server saw. Between them lies what arms share, and what was in
the ledger before.
"""

from collections.abc import Sequence

from debate.ledger.entries import Spend
from debate.studies.cells import Cell
from debate.studies.effects import Record
from debate.studies.wording import count


class Spent(Record):
    """`calls`, `tokens` and `cost` are as if each run had been held alone, `distinct` how many different
    calls that takes. `requests`, `tokens_sent` and `cost_sent` are what the study sent. None is unknown: no
    ledger, a run whose calls have no keys, a price missing (for `unpriced` runs).
    """

    calls: int
    distinct: int | None
    requests: int | None
    tokens: int
    tokens_sent: int | None
    estimated: bool
    cost: float | None
    cost_sent: float | None
    unpriced: int


def spent(cells: Sequence[Cell], sent: Spend | None) -> Spent:
    """What these cells used; `sent` is what the ledger counted under their study."""
    held = [cell for cell in cells if cell.used.calls]
    keys = [key for cell in held for key in cell.used.keys]
    calls = sum(cell.used.calls for cell in held)
    costs = [cell.used.cost for cell in held if cell.used.cost is not None]
    priced = bool(held) and len(costs) == len(held)
    return Spent(
        calls=calls,
        distinct=len(set(keys)) if len(keys) == calls else None,
        requests=sent.calls if sent else None,
        tokens=sum(cell.used.tokens for cell in held),
        tokens_sent=sent.tokens if sent else None,
        estimated=any(cell.used.estimated for cell in held),
        cost=sum(costs) if priced else None,
        cost_sent=sent.cost if sent and priced else None,
        unpriced=len(held) - len(costs),
    )


def told(found: Spent, *, offline: bool) -> str:
    """The same in a sentence or three; `offline` studies pay nobody."""
    about = "about " if found.estimated else ""
    alone = f"Held one by one, these runs would make {count(found.calls, 'call')}"
    if found.distinct is not None:
        alone += f", {found.distinct:,} of them different"
    said = [f"{alone}, and use {about}{found.tokens:,} tokens."]
    if found.requests is not None:
        sent = f"{count(found.requests, 'request')}{_saved(found.requests, found.calls)}"
        said.append(f"The study sent {sent} for {about}{found.tokens_sent:,} tokens.")
    if found.cost is not None and not offline:
        paid = "" if found.cost_sent is None else f", {found.cost_sent:.4f} as it was held"
        said.append(f"Cost: {found.cost:.4f} one by one{paid}.")
    elif not offline:
        why = f": no price for {count(found.unpriced, 'run')}" if found.unpriced else ""
        said.append(f"The cost is unknown{why}.")
    return " ".join(said)


def _saved(requests: int, calls: int) -> str:
    return f" ({100 * (1 - requests / calls):.0f} % fewer)" if requests < calls else ""
