"""The ledger: every call to a model, remembered so that no received reply is paid for twice.

A call is known by its identity (`debate.ledger.identity`): what was asked of whom. Under it the ledger keeps
every attempt to get an answer: that it was sent (on disk before the request leaves), that a reply was
received (its whole body on disk before anybody reads it), what it cost, or how it failed. A received reply is
served again for ever; a failed attempt never.

    call  ──▶  attempt 1: sent ─▶ failed (rate-limited)
          ──▶  attempt 2: sent ─▶ received ─▶ answer (1,204 + 377 tokens)

`Ledger` is what callers need of it; `SqliteLedger` keeps it in one file that all processes of a study share.
Beside the attempts it holds what they share: the money spent per scope (a run or a study), and how servers
like to be asked.
"""

from debate.ledger.entries import (
    Budget,
    BudgetError,
    Claim,
    Entry,
    Failure,
    Ledger,
    LedgerError,
    Opening,
    Settlement,
    Spend,
)
from debate.ledger.identity import call_identity
from debate.ledger.sqlite import SqliteLedger

__all__ = [
    "Budget",
    "BudgetError",
    "Claim",
    "Entry",
    "Failure",
    "Ledger",
    "LedgerError",
    "Opening",
    "Settlement",
    "Spend",
    "SqliteLedger",
    "call_identity",
]
