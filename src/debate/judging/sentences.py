"""Sentences: a paragraph cut where one ends and the next begins, and a sentence quoted as evidence."""

import re
from itertools import pairwise

# After a full stop that is none of an abbreviation's, before what a sentence can begin with.
_END = re.compile(
    r"""(?<=[.!?…])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\betc\.)(?<!\bapprox\.)["”’')\]]*\s+"""
    r"""(?=["“‘'(\[]*[^\W_a-z]|["“‘'(\[]*`)"""
)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of one paragraph, without the blanks between them."""
    ends = [0, *(m.end() for m in _END.finditer(text)), len(text)]
    return tuple(piece for a, b in pairwise(ends) if (piece := text[a:b].strip()))


def quote(text: str, most: int = 90) -> str:
    """The text in quotation marks, on one line, shortened at a word to about `most` characters."""
    text = " ".join(text.split()).strip("\"“”'")
    if len(text) > most:
        text = text[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"
    return f"“{text}”"
