"""Candidates: an answer as a juror sees it.

Every answer, whoever wrote it, goes through one plain template: what it says is the matter, what it says of
single points, what it proposes, each capped, without markup, headings, ranks of any house style, and
without the names of lenses. So form, length and authorship have little to say. Sentences that speak to a
judge are cut out and counted.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from debate.judging.orders import without_orders
from debate.judging.proposals import said_and_proposed
from debate.judging.text import Entry, read

WORDS_SAID, WORDS_PROPOSAL, PROPOSALS = 400, 130, 12
_SAYS, _PROPOSES, _NOTHING = "What it says:", "What it proposes:", "(It says nothing.)"
_A_VIEW = "this view"
_LABEL = re.compile(r"\A\W*(?:step|phase|action|week)?\s*#?\d{1,2}\s*[.):–—-]\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer, ready to be shown. `orders` are sentences that spoke to the judge; they are not in `text`.

    `cut` is true when something was left out because it was too long.
    """

    text: str
    orders: tuple[str, ...]
    cut: bool


def candidate(markdown: str, names: Iterable[str] = (), aliases: Iterable[str] = ()) -> Candidate:
    """An answer of any form as a juror sees it, without the names of lenses.

    A name of several words goes however it is written. Aliases and names of one word ("Feedback") are words
    of any answer: they go where they are written as a name inside a sentence.
    """
    answer = read(markdown)
    hidden = _hiding(names, aliases)
    claims, proposals = said_and_proposed(answer)
    first, cut_said = _capped(" ".join(_ended(hidden.sub(_A_VIEW, c.text)) for c in claims), WORDS_SAID)
    shown = proposals[:PROPOSALS]
    # An order may be spread over the lines of an entry: it is one sentence only now.
    flat = [without_orders(_flat(entry)) for entry in shown]
    steps = [_capped(hidden.sub(_A_VIEW, said), WORDS_PROPOSAL) for said, _ in flat]
    blocks = [f"{_SAYS}\n{first}" if first else "", *_proposed([text for text, _ in steps])]
    text = "\n\n".join(block for block in blocks if block) or _NOTHING
    cut = cut_said or len(proposals) > len(shown) or any(was_cut for _, was_cut in steps) or answer.cut
    orders = (*answer.orders, *(order for _, found in flat for order in found))
    return Candidate(text, orders, cut)


def said(shown: str) -> str:
    """What the answer itself says of a candidate as shown: without the words of the template."""
    lines = shown.split("\n")
    return "\n".join(line for line in lines if line not in (_SAYS, _PROPOSES, _NOTHING))


def _proposed(steps: Sequence[str]) -> list[str]:
    if not steps:
        return []
    return [f"{_PROPOSES}\n" + "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))]


def _flat(entry: Entry) -> str:
    lines = (_LABEL.sub("", line).strip() for line in entry.text.split("\n"))
    return " ".join(_ended(line) for line in lines if line)


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!", ":", "…", ".”", '."')) else f"{text}."


def _capped(text: str, most: int) -> tuple[str, bool]:
    words = text.split()
    return (" ".join(words), False) if len(words) <= most else (" ".join(words[:most]) + " …", True)


def _hiding(names: Iterable[str], aliases: Iterable[str]) -> re.Pattern[str]:
    known = {name.strip() for name in names if name.strip()}
    long = {name for name in known if len(name.split()) > 1}
    called = {alias.strip() for alias in aliases if alias.strip()} | known - long
    anywhere = rf"(?<!\w)(?i:(?:the\s+)?(?:{_any(long)}))(?!\w)"
    inside = rf"(?<=[\w,;:] )(?:the\s+)?(?:{_any(called - long)})(?!\w)"
    return re.compile(f"{anywhere}|{inside}")


def _any(names: Iterable[str]) -> str:
    """A pattern for each of some names, the longest first."""
    return "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))) or "(?!)"
