"""Blinding: the names of lenses taken out of a text, and no word of any answer with them.

Many names are words of any answer ("Feedback", "Constraints", "delays"), so writing decides. A name is one
when it is written as a name, each word with the capitals it has on the card, inside a sentence; when words
around it present it as a way of looking ("the lens of …", "used …", "… lens"); and at the beginning of a
sentence, where every word has a capital, when it has several capitals of its own, or speaks ("Inversion
asks …", "Incentives: …").
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

VIEW: Final = "this view"
_BEFORE: Final = 60  # characters that tell how a name is introduced

_LOOK: Final = r"(?:lens|view|viewpoint|perspective|angle|standpoint|idea|concept|notion|principle|theory)"
# Before a name of any writing; before one of several words in small letters as well.
_PRESENTED = re.compile(rf"\b{_LOOK}(?:e?s)?\s*(?:of|:|called|named)\s*[\"“‘'(]*(?:the\s+)?\Z", re.IGNORECASE)
_USED = re.compile(
    r"\b(?:through|via|us(?:e[ds]?|ing)|appl(?:y|ied|ies|ying)|in\s+terms\s+of|thinking\s+in|by\s+way\s+of"
    r"|lens(?:es)?)\s+[\"“‘'(]*(?:the\s+)?\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\"”’')]*\s+(?:lens|view|viewpoint|perspective|theory|principle)\b", re.IGNORECASE)
_SPEAKS = re.compile(
    r"[\"”’')]*(?:['’]s\b|\s+(?:as\s+an?\s+(?:lens|view)|(?:would\s+)?(?:says?|asks?|tells?|suggests?|sees?"
    r"|teaches|reminds|warns|predicts|looks\s+at|invites)\b))",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(r"(?:\A|[.!?:…][\"”’)\]]*\s+|\n\s*)[\W_]*\Z")
_THE = re.compile(r"\bthe\s+\Z", re.IGNORECASE)


class Blind:
    """Takes names and aliases of lenses out of texts."""

    def __init__(self, names: Iterable[str], aliases: Iterable[str] = ()) -> None:
        own = {_key(name): name.strip() for name in names if _key(name)}
        also = {_key(alias): alias.strip() for alias in aliases if _key(alias)}
        self._written = {**also, **own}
        self._own = frozenset(own)
        known = sorted(self._written.values(), key=lambda name: (-len(name), name))
        self._any = re.compile(rf"(?<!\w)(?:{'|'.join(map(_loosely, known)) or '(?!)'})(?!\w)", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """The text with each name of a lens as "this view"."""
        return "".join(self._pieces(text))

    def _pieces(self, text: str) -> Iterator[str]:
        at = 0
        for match in self._any.finditer(text):
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            if not self._is_name(match.group(), before, text[match.end() : match.end() + _BEFORE]):
                continue
            start = match.start() - (len(found.group()) if (found := _THE.search(before)) else 0)
            opens = bool(_SENTENCE_START.search(text[max(0, start - _BEFORE) : start]))
            yield text[at:start]
            yield VIEW.capitalize() if opens and text[start].isupper() else VIEW
            at = match.end()
        yield text[at:]

    def _is_name(self, found: str, before: str, after: str) -> bool:
        words, own = _words(found), _words(self._written.get(_key(found), ""))
        if len(words) != len(own):
            return False  # letters that fold in more than one way
        several = len(words) > 1
        if _PRESENTED.search(before) or _AFTER.match(after) or (several and _USED.search(before)):
            return True
        capitals = [word[0].isupper() for word, card in zip(words, own, strict=True) if card[0].isupper()]
        if not all(capitals):
            return False
        if not capitals:
            return several
        if not _SENTENCE_START.search(before) or sum(capitals) > 1 or _is_acronym(found):
            return True
        labelled = _key(found) in self._own and after.startswith(":")
        return labelled or bool(_SPEAKS.match(after))


def _is_acronym(found: str) -> bool:
    return len(found) > 1 and found.isupper()


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name)


def _key(name: str) -> str:
    return " ".join(_words(name.casefold()))


def _loosely(name: str) -> str:
    """The words of a name, however they are joined: by blanks, hyphens, either apostrophe."""
    return r"[\s'’.-]{1,3}".join(map(re.escape, _words(name)))
