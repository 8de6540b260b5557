"""What a jury is shown in a calibration, and the hashes of it.

A certificate speaks for what was shown: change a word of a prompt, of the template of the candidates or of a
rung of the ladder, and it was for something else. The foreign answer is hashed as a text of ours, so that
another card in the library expires nothing.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.judging.certified import ELSEWHERE
from debate.judging.ladder import BASELINE, TARGET, Rung, rungs
from debate.jury.ballot import Ballot
from debate.jury.juror import ballot_messages
from debate.jury.pairwise import Preference, pair_messages
from debate.jury.temptation import tempted
from debate.jury.trial import docket_of
from debate.jury.verdicts import Docket


def ladder_docket(problem: ProblemCard, lenses: tuple[LensCard, ...], ladder: Sequence[Rung]) -> Docket:
    """The rungs of a ladder as they are shown, and the baseline with orders that no filter has touched."""
    docket = docket_of(problem, lenses, {rung.label: rung.text for rung in ladder})
    return replace(
        docket,
        blind={**docket.blind, **tempted(docket.blind[BASELINE])},
        named={**docket.named, **tempted(docket.named[BASELINE])},
    )


def ladder_hash(problem: ProblemCard) -> str:
    """sha256 of all rungs as they are shown."""
    docket = ladder_docket(problem, (), rungs(problem, ELSEWHERE))
    return _hash({label: shown.text for label, shown in docket.blind.items()})


def prompts_hash(problem: ProblemCard, roles: Mapping[str, RoleCard]) -> str:
    """sha256 of rendered prompts: a ballot on the baseline for each criterion, a comparison of the known
    answers, and the forms of the replies.
    """
    docket = docket_of(problem, (), {})
    usual, best = docket.blind[BASELINE].text, docket.blind[TARGET].text
    ballots = [
        ballot_messages(roles, problem, criterion, docket.shown(criterion, BASELINE), repeat=1)
        for criterion in docket.rubric.criteria
    ]
    forms = [form.model_json_schema() for form in (Ballot, Preference)]
    return _hash([ballots, pair_messages(roles, problem, best, usual), forms])


def _hash(shown: object) -> str:
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
