"""Cues: the words by which card parsers recognise what a sentence is about, English and some German.

A cue is written as people would list its words: phrases parted by commas, `*` for any ending ("improv*"), `_`
for up to two words between ("no _ effect"). It matches whole words, whatever their case.
"""

import re


def cue(*phrases: str, start: bool = False, end: bool = False) -> re.Pattern[str]:
    """A pattern for any of the phrases; `start` and `end` tie it to the start or the end of the text.

    Tied to the end, blanks may follow: such cues are searched in what stands before a number.
    """
    listed = [phrase.strip() for line in phrases for phrase in line.split(",") if phrase.strip()]
    # Longer phrases first, so that "at most" is not cut short by "at".
    body = "|".join(_phrase(word) for word in sorted(listed, key=len, reverse=True))
    before, after = r"\A" if start else "", r"\s*\Z" if end else ""
    return re.compile(rf"{before}\b(?:{body})\b{after}", re.IGNORECASE)


def _phrase(text: str) -> str:
    return re.escape(text).replace(r"\*", r"\w*").replace(r"\ _\ ", r" (?:\w+ ){0,2}")


def words(text: str) -> frozenset[str]:
    """The words of a text, for look-ups."""
    return frozenset(text.split())
