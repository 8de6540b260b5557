"""Words of a contribution: its sentences, its content words, and whether it only repeats something tried.

Content words are compared by their stem ("query" and "queries" meet), roughly and for English: good enough to
see that two short texts name one thing, and never used to tell how good a text is.
"""

import re
from collections.abc import Collection
from functools import lru_cache

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(r"(?:\b(?i:e\.g|i\.e|vs|approx|ca|cf|resp|incl)|\b[A-Z])\.$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SUFFIX = re.compile(
    r"(?<=\w{3})(?:i[sz]ations?|ations?|ions?|ments?|ings?|i[sz](?:e[sd]?|ing)|ies|ers?|ed|es|e|y|s)$"
)
_FUNCTION_WORDS = (
    "a about above across after again all also an and any are around as at be been before being below "
    "between both but by can could did do does each every few for from had has have how if in into is it "
    "its itself less let many more most much must no nor not of off on once only or other our out over "
    "own per same should since so some still such than that the their them then there these they this "
    "those through to too under until up very was we were what when where which while who why will with "
    "within without would you your"
)
# Words that say "do it" or "do more of it": adding them to the name of an attempt proposes nothing new.
_MORE_OF_IT = (
    "add additional another apply better boost deploy do enhance enlarge expand extend faster further "
    "harder implement improve improvement increase introduce keep larger longer make new optimisation "
    "optimise optimization optimize quicker redo repeat retry second set speed stronger try tune tuning "
    "use using work"
)
_SKIPPED = frozenset(_FUNCTION_WORDS.split())


def sentences(text: str) -> list[str]:
    """The sentences of `text`, in order; a full stop after an abbreviation or an initial ends none."""
    out: list[str] = []
    for part in _SENTENCE_END.split(" ".join(text.split())):
        if out and _ABBREVIATION.search(out[-1]):
            out[-1] = f"{out[-1]} {part}"
        elif part:
            out.append(part)
    return out


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """Stems of the content words of `text`."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(_stem(word) for word in words if word not in _SKIPPED and len(word) > 1)


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return _SUFFIX.sub("", word)


_GENERIC = stems(_MORE_OF_IT)


def repeats(attempt: str, proposal: str, familiar: Collection[str], spare: int) -> bool:
    """True when `proposal` names what `attempt` names and says next to nothing else.

    `familiar` are stems of the case's own words: they do not make a proposal new. `spare` is how many words
    beyond them it may have and still be the same thing.
    """
    name = stems(attempt) - _GENERIC
    said = stems(proposal) - _GENERIC
    if not name or len(name & said) < 0.6 * len(name):
        return False
    return len(said - name - set(familiar)) <= spare
