"""Proposals: the entries of an answer that say what to do.

They are found by where they stand: points under a heading or line about steps, tests or plans, numbered
points, other lists that do not explain something. Where an answer has hardly any of these, its prose is read:
a sentence that proposes begins one, and what follows it up to the next belongs to it.

One that stands among steps (numbered, or under a heading such as "Next steps") is a step whatever its words;
any other proposal has to be about the case to be one.
"""

import re
from collections.abc import Iterator

from debate.judging.sentences import sentences
from debate.judging.text import Answer, Claim, Entry
from debate.judging.words import content

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
    |(?:start|begin)\s+(?:by|with)|next\s+step)\b|\A(?:test|try|step|action|next|proposal|experiment)\s*:""",
    re.IGNORECASE | re.VERBOSE,
)
_VERBS = """
    add agree appoint ask assign begin book build buy call change check choose close collect compare copy
    count create cut delay drop find follow give group hand hire instrument introduce invite keep launch
    let limit list log look make map mark measure merge move name offer open pair pick plan post profile
    publish put record reduce remove replace report run sample schedule send set show sort split start
    stop store swap switch take talk test time trace track train trial try turn use visit wait walk watch
    weigh write
""".split()  # noqa: SIM905  a word list reads better as words
_IMPERATIVE = re.compile(
    rf"\A\W*(?:(?:first|second|third|then|next|finally|also|now|so|please)\b,?\s+)*(?:{'|'.join(_VERBS)})\b",
    re.IGNORECASE,
)


def proposals(answer: Answer) -> tuple[Entry, ...]:
    """The entries that propose something, listed ones first."""
    found = [e for e in answer.entries if _is_proposed(e)]
    if len(found) < _FEW:
        found += [p for paragraph in answer.paragraphs for p in _in_prose(paragraph)]
    return tuple(e for e in found if content(e.text))


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
    group: list[str] = []
    for sentence in sentences(paragraph.text):
        if _PROPOSES.search(sentence) or _IMPERATIVE.search(sentence):
            if group:
                yield _entry(group, paragraph)
            group = [sentence]
        elif group:
            group.append(sentence)
    if group:
        yield _entry(group, paragraph)


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
