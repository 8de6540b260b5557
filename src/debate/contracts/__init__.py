"""Contracts: what must hold between a contribution and the card, so that code, not goodwill, keeps it.

Each check returns the broken promises as sentences, in the order of the contribution; an empty list means
that all hold. A sentence says where the fault is, what was found and what is expected, for its first reader
is the model that mends its contribution by it. What holds inside one object is validated in
`debate.contributions`.
"""

from debate.contracts.letter import letter_faults, letter_notes
from debate.contracts.plan import plan_faults
from debate.contracts.report import report_faults

__all__ = ["letter_faults", "letter_notes", "plan_faults", "report_faults"]
