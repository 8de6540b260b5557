"""Ballots as they lie in the record: the passages of the answer that a jury granted its items for.

A ballot is the reply of a call, so it is read from there as it was read in the debate. Which passages stand
in the answer is not asked here: only those are marked that are found in it.
"""

import re
from typing import Final

from pydantic import ValidationError

from debate.events import CallFinished, Repair
from debate.jury.ballot import Answered, Ballot
from debate.models.replies import ReplyError, read_object
from debate.models.roles import JUDGE
from debate.transcripts import Run

# As the jury names its calls: role, juror, candidate, criterion, and perhaps the repeat and the repair.
_CALL: Final = re.compile(rf"{JUDGE}/\d+/answer/(?P<criterion>.+?)(?:/\d+)?(?:/repair)?\Z", re.DOTALL)


def ballot_passages(run: Run) -> dict[str, list[str]]:
    """Passages by criterion, each once, in the order they were given; a ballot sent back has none."""
    faulty = {repair.call for repair in run.of(Repair)}
    found: dict[str, dict[str, None]] = {}
    for call in run.of(CallFinished):
        named = _CALL.match(call.call)
        if named and call.call not in faulty:
            found.setdefault(named["criterion"], {}).update(dict.fromkeys(_granted(call.reply)))
    return {criterion: list(passages) for criterion, passages in found.items()}


def _granted(reply: str) -> list[str]:
    try:
        ballot = Ballot.model_validate(read_object(reply).value)
    except (ReplyError, ValidationError):
        return []
    yes = {each.item for each in ballot.answers if each.answer is not Answered.NO}
    return [quote.passage.strip("\"“”' …") for quote in ballot.quotes if quote.item in yes]
