"""Proposals: the entries of an answer that say what to do.

They are found by where they stand: points under a heading or line about steps, tests or plans, numbered
points, other lists that do not explain something. Prose is read as well: a sentence that proposes begins a
proposal, and what follows it up to the next belongs to it. Beside a list it counts only when it is a test.

One that stands among steps (numbered, or under a heading such as "Next steps") is a step whatever its words;
any other proposal has to be about the case to be one.
"""

import re
from collections.abc import Iterator

from debate.judging.sentences import sentences
from debate.judging.slots import slots
from debate.judging.text import Answer, Claim, Entry
from debate.judging.words import content

_OUTCOMES = frozenset({"if_true", "if_false"})
_LEAD_UP = 2  # proposing sentences that may lead up to the one with the outcome
_TESTED = 4  # slots that make a piece of prose a test beside a list
_FEW = 2  # fewer listed proposals than this, and the prose is read as well

_STEP_LEAD = re.compile(
    r"""\b(?:steps?|next|plan|actions?|do|predictions?|tests?|experiments?|recommend\w*|propos\w*|try|tried
    |solutions?|roadmap|checks?|measures?|moves?|phase|ideas?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_STEP_SECTION = re.compile(
    r"\b(?:steps?|plan|actions?|roadmap|tests?|experiments?|what\s+to\s+do|to[ -]do)\b", re.IGNORECASE
)
_REASON_LEAD = re.compile(
    r"""\b(?:why|evidence|because|reasons?|diagnos\w*|observ\w*|attempts?|rules?|path|safeguards?|constraints?
    |risks?|fails?|failed|stop|assum\w*|background|context|summary|monday|today|first\s+day|dissent
    |set\s+aside
    |sources?|lens(?:es)?|figures?|arithmetic|what\s+we\s+know)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PROPOSES = re.compile(
    r"""\b(?:(?:i|we|you)(?:'d|\s+would|\s+could|\s+should|\s+need\s+to|\s+can)|should|let's|recommend
    |suggest|propose
    |(?:start|begin)\s+(?:by|with)|next\s+step)\b|\A(?:test|try|step|action|next|proposal|experiment)\s*:
    |\A(?:on\s+)?(?:monday|tomorrow|today|this\s+week|week\s+\w+|then|first)\b[^.]{0,30}:""",
    re.IGNORECASE | re.VERBOSE,
)
_VERBS = """
    add agree appoint ask assign begin book build buy call change check choose close collect compare copy
    count create cut delay drop find follow give group hand hire instrument introduce invite keep launch
    let limit list log look make map mark measure merge move name offer open pair pick plan post profile
    bundle combine note phone plot pull read ring shorten
    publish put record reduce remove replace report run sample schedule send set show sort split start
    stop store swap switch take talk test time trace track train trial try turn use visit wait walk watch
    weigh write
""".split()  # noqa: SIM905  a word list reads better as words
_IMPERATIVE = re.compile(
    rf"\A\W*(?:[^.:;?!]{{1,60}}:\s+)?(?:(?:first|second|third|then|next|finally|also|now|so|please|tomorrow|on\s+monday)\b[,:]?\s+)*"
    rf"(?:{'|'.join(_VERBS)}|have\s+(?:one|two|a|an|the|your|some\w*)\s+\w+\s+(?!ever\b|been\b))\b",
    re.IGNORECASE,
)

_CONDITION = re.compile(r"\A\W*(?:(?:and|but)\s+)?(?:if|otherwise|else|unless|when|until)\b", re.IGNORECASE)


def proposals(answer: Answer) -> tuple[Entry, ...]:
    """The entries that propose something, listed ones first."""
    found = [e for e in answer.entries if _is_proposed(e)]
    told = [p for paragraph in answer.paragraphs for p in _in_prose(paragraph)]
    found += [p for p in told if len(found) < _FEW or _is_test(p)]
    return tuple(e for e in found if content(e.text))


def _is_test(entry: Entry) -> bool:
    """True for prose that is a test as it stands, whatever else is listed."""
    filled = slots(entry.text)
    return "threshold" in filled and len(filled) >= _TESTED


def is_among_steps(entry: Entry) -> bool:
    """True for a proposal whose place tells that it is a step: a number, or the words that introduce it."""
    return entry.numbered or bool(_STEP_SECTION.search(entry.lead.rsplit(" / ", 1)[-1]))


def _is_proposed(entry: Entry) -> bool:
    """By the words that introduce it; an item nobody introduces is a proposal, a table row is none."""
    lead = entry.lead.rsplit(" / ", 1)[-1]
    if _REASON_LEAD.search(lead):
        return False
    return entry.kind != "row" or bool(_STEP_LEAD.search(lead))


def _in_prose(paragraph: Entry) -> Iterator[Entry]:
    if _REASON_LEAD.search(paragraph.lead.rsplit(" / ", 1)[-1]):
        return
    yield from (_entry(group, paragraph) for group in _gathered(list(_groups(paragraph))))


def _gathered(groups: list[list[str]]) -> Iterator[list[str]]:
    """Groups of sentences, a test joined with what leads up to it: "Take … Plot … If the top one …"."""
    waiting: list[list[str]] = []
    for group in groups:
        filled = slots("\n".join(group))
        if not _OUTCOMES.isdisjoint(filled):
            yield from waiting[:-_LEAD_UP]
            yield [sentence for part in (*waiting[-_LEAD_UP:], group) for sentence in part]
            waiting = []
        elif "who" in filled:  # somebody's work of its own
            yield from (*waiting, group)
            waiting = []
        else:
            waiting.append(group)
    yield from waiting


def _groups(paragraph: Entry) -> Iterator[list[str]]:
    """Sentences that propose, each with what follows it."""
    group: list[str] = []
    for sentence in sentences(paragraph.text):
        if sentence.endswith(":") and not group:
            continue  # it announces what follows
        proposes = _PROPOSES.search(sentence) or _IMPERATIVE.search(sentence)
        if proposes and not (group and _CONDITION.match(sentence)):
            if group:
                yield group
            group = [sentence]
        elif group:
            group.append(sentence)
    if group:
        yield group


def _entry(group: list[str], paragraph: Entry) -> Entry:
    return Entry(group[0], "\n".join(group), paragraph.lead, "paragraph")


def said_and_proposed(answer: Answer) -> tuple[tuple[Claim, ...], tuple[Entry, ...]]:
    """What an answer says, and what it proposes: its steps, or all its entries where none is called one."""
    steps = tuple(entry for entry in answer.entries if is_among_steps(entry)) or answer.entries
    inside = "\n\n".join(entry.text for entry in steps)
    said = (claim for claim in answer.claims if not _stands_in(claim, inside))
    return tuple(said), steps


def _stands_in(claim: Claim, inside: str) -> bool:
    return claim.text in inside or (bool(claim.within) and claim.within in inside)
