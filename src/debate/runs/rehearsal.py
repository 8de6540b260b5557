"""Rehearsals: a caller that asks nobody.

What the ledger holds is said again as it was; the offline reasoner says everything else in the model's place.
So a rehearsal shows which calls of a run would cost nothing, and the very prompts that follow from them.
"""

from collections.abc import Callable
from dataclasses import replace

from debate.calls import Caller, CallSpec, Reply
from debate.calls.reply import Circumstances, read_reply
from debate.ledger import Budget, Ledger
from debate.ledger.entries import Entry
from debate.models.completions import read_completion
from debate.models.faults import WireError
from debate.models.wire import Wire


class Rehearsal(Caller):
    """`scratch` is thrown away afterwards, `known` looks into the run's own ledger, `stand_in` is offline."""

    def __init__(self, scratch: Ledger, known: Callable[[str], Entry | None], stand_in: Wire) -> None:
        super().__init__(scratch, budget=Budget("rehearsal"))
        self._known, self._stand_in = known, stand_in

    async def call(self, spec: CallSpec) -> Reply:
        """See `Caller.call`."""
        return await self.known(spec) or await super().call(replace(spec, model=self._stand_in))

    async def known(self, spec: CallSpec) -> Reply | None:
        """See `Caller.known`."""
        entry = self._known(spec.key)
        try:
            answer = None if entry is None else read_completion(entry.body)
        except WireError:  # its receiver died before it found that there is no answer in it
            answer = None
        if answer is None:
            return None
        who = f"{spec.role}: {spec.model.name}"
        how = Circumstances(spec.key, who, spec.ask, spec.model.manner, 0.0, 0, from_ledger=True)
        return read_reply(answer, how)
