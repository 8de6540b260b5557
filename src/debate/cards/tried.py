"""Tried things: what an attempt was called, and what it did.

Lists and sentences are both read: "Redis caching (improved 5%)", "Indexing → 12% improvement", "Overtime: the
backlog grew again", "We tried a chatbot, overtime and a new form, but nothing helped". The direction is
what the card says, never a guess from the sign of a number: "dropped 5%" is good for a queue and bad for
sales, so it is unknown. What came back or wore off counts as no effect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from debate.cards.cues import cue
from debate.cards.facts import Effect
from debate.cards.quantities import Quantity, find
from debate.cards.statements import split_list


@dataclass(frozen=True, slots=True)
class Attempt:
    """One tried thing: the card's wording, its name without the effect, and the effect where stated."""

    text: str
    name: str
    effect: Effect | None


_ACTIVE = re.compile(
    r"\A(?P<who>.{0,80}?)\btried\b(?: (?:out|to|so far))?\s*:?\s+(?P<what>.+)\Z", re.IGNORECASE | re.DOTALL
)
_PASSIVE = re.compile(
    r"\A(?P<what>.{1,300}?)\s+(?:were|was|have been|has been)\s+(?:all |already |also )*tried\b"
    r"[,:]?\s*(?P<tail>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
# "Nothing we tried helped", "every trick has been tried": no attempt is named.
_NO_NAME = cue("nothing, everything, whatever, what, anything, which, that, none, be, been, being, who")
_NO_NAMES = cue("every, all, each, many, most, several, a lot", start=True)
_GERMAN = re.compile(
    r"\A.{0,60}?\bhaben\s+(?:bereits |schon )?(?P<what>.+?)\s+(?:versucht|ausprobiert|probiert)\b[,:;]?"
    r"\s*(?:(?:aber|doch|und)\s+)?(?P<tail>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(
    r"\A(?:(?:already|also|what we|what was|so far) )?(?:tried|attempts?|versucht)\s*[:–—-]\s+(?P<what>.+)\Z",
    re.I,
)
_HOWEVER = re.compile(r"\s*[,;]?\s+(?:but|yet|however|aber|doch)\s+(?P<tail>.+)\Z", re.IGNORECASE | re.DOTALL)
_OF_ALL = cue("each, all, both, none, nothing, neither, every, nichts, alle", start=True)
_ATTACHED = cue("which, that, who, with, without, then, still, only, so, this, it", start=True)

_NONE = cue(
    "hardly any, no _ effect, no _ change, no _ improvement, no _ difference, no _ impact, no _ gain",
    "no _ result*, no effect, no change, no improvement, no difference, no impact, no gain, zero effect",
    "unchanged, nothing, none of, neither, nobody, no one, without effect, without success",
    "without _ effect, wirkungslos, ohne wirkung, keine wirkung, kein effekt, keine änderung, again",
    "nichts, unverändert, nicht geholfen, half nicht, halfen nicht, ohne erfolg, kein unterschied",
    "wore off, faded, came back, grew back, crept back, went back, back to, wieder, didn't help",
    "didn't work, didn't change",
    "didn't improve, didn't stick, didn't last, did not help, did not work, did not change",
    "did not improve, did not stick, did not last, has not helped, have not helped",
)
_WORSE = cue(
    "worse*, backfired, slower, regress*, degrad*, deteriorat*, more complaints, more errors",
    "more churn, schlechter",
)
_BETTER = cue(
    "improv*, better, faster, gain*, save, saved, saving*, helped, cut, reduc*, lowered, lowers",
    "shorten*, raised, besser, verbesser*, schneller, gesenkt, eingespart",
)
_MOVED = re.compile(
    cue(
        "grew, grow*, rose, fell, drop*, increas*, decreas*, declin*, up, down, failed, little, marginal*",
        "minor, slight*, small, short-lived, stayed, stuck, limited, modest, mixed, temporar*, only, kaum",
        "wenig",
    ).pattern
    + r"|[0-9]\s*(?:%|percent|prozent|pp\b)|\bfrom\b.+\bto\b|\A[-+−][0-9]",
    re.IGNORECASE,
)
_SAID = re.compile("|".join(said.pattern for said in (_NONE, _WORSE, _BETTER)), re.IGNORECASE)
_WE = re.compile(
    r"\A(?:so far,? )?(?:we|they|the team)(?: have| has|'ve|’ve)? (?:also |already |then )?", re.IGNORECASE
)
_ARROW = re.compile(r"\s*(?:→|⇒|➜|➔|->|=>)\s*")
_BRACKET = re.compile(r"\A(?P<name>.+?)\s*\((?P<effect>[^()]+)\)\.?\Z", re.DOTALL)
_CUT = re.compile(r"\s*(?::\s|\s[–—-]\s|;\s|,\s(?:but|which|then)?\s?|\s(?:but|which)\s)\s*", re.IGNORECASE)
_VERB = cue(
    "improved, reduced, cut, raised, increased, decreased, helped, brought, saved, lowered, worsened",
    "made, gave, had, did, didn't, was, showed, changed, yielded, gained, only improved, only cut",
    "brachte, hatte, hat, haben, half, halfen",
)
_ARTICLE = re.compile(r"\A(?:an?|the|some|ein(?:e|en|em)?)\s+", re.IGNORECASE)
_HIDDEN = re.compile(r"`[^`]*`")
_MOST_CUTS = 8
_SHARES = ("%", "percentage points")
_BY = re.compile(r"(?:\bby|\bsaved|\bgained|\bum|\A[-+−]?)\s*\Z", re.IGNORECASE)


def attempts(text: str, *, labelled: bool) -> tuple[Attempt, ...]:
    """The tried things a statement tells of; `labelled` when the card introduced it as one.

    An unlabelled statement holds some only when it says that they were tried.
    """
    if (named := _NAME.match(text)) is not None:
        return tuple(_listed(named["what"].rstrip(" ."), ""))
    if (named := _GERMAN.match(text)) is not None:
        return tuple(_listed(named["what"], named["tail"].rstrip(" .")))
    if (passive := _PASSIVE.match(text)) is not None and not _nameless(passive["what"]):
        return tuple(_listed(passive["what"], passive["tail"].rstrip(" .")))
    if (active := _ACTIVE.match(text)) is not None and not _nameless(active["who"]):
        return tuple(_listed(active["what"].rstrip(" ."), ""))
    return (_attempt(text, ""),) if labelled else tuple(_counted(text))


def _counted(text: str) -> Iterator[Attempt]:
    """Attempts in a sentence that gives each its effect: "We added runners (10% faster), split tests (…)"."""
    pieces = split_list(_WE.sub("", text).rstrip(" ."))
    found = [_BRACKET.match(piece) for piece in pieces]
    if len(pieces) > 1 and all(each and _SAID.search(each["effect"]) for each in found):
        yield from (_attempt(piece, "") for piece in pieces)


def effect_of(text: str) -> Effect | None:
    """What an attempt did, from the words about its effect; None when they say nothing of one."""
    said = _NONE.search(text) or _WORSE.search(text) or _BETTER.search(text) or _MOVED.search(text)
    if not said:
        return None
    amount = _amount(text)
    if _NONE.search(text):
        direction = "none"
    elif _WORSE.search(text):
        direction = "worse"
    elif _BETTER.search(text) or _bare_gain(text, amount):
        direction = "better"
    else:
        direction = "unknown"
    return Effect(amount, direction, text)


def _bare_gain(text: str, amount: Quantity | None) -> bool:
    """True for a percentage with nothing said about it: people list gains that way."""
    gain = amount is not None and amount.unit in _SHARES and amount.value > 0
    return gain and amount is not None and text.strip(" +~.") == amount.text


def _amount(text: str) -> Quantity | None:
    """The figure of an effect: a percentage, or another quantity that something changed by."""
    found = find(text)
    share = next((q for q in found if q.unit in _SHARES), None)
    return share or next((q for q in found if q.unit and _BY.search(text[: q.start])), None)


def _listed(what: str, tail: str) -> Iterator[Attempt]:
    if (however := _HOWEVER.search(what)) is not None and _closed(what[: however.start()]):
        what, tail = what[: however.start()], however["tail"]
    pieces: list[str] = []
    for piece in split_list(what):
        if _OF_ALL.match(piece):
            tail = tail or piece
        elif pieces and _ATTACHED.match(piece):
            pieces[-1] = f"{pieces[-1]}, {piece}"
        else:
            pieces.append(piece)
    for piece in pieces:
        yield _attempt(piece, tail)


def _attempt(text: str, tail: str) -> Attempt:
    """`tail` is what the card says of several attempts at once, for those without an effect of their own."""
    text = text.strip()
    name, effect = _apart(text.rstrip(" ."))
    name = _ARTICLE.sub("", name) or name
    if effect is None and tail:
        return Attempt(f"{text} ({tail})", name, effect_of(tail))
    return Attempt(text, name, effect)


def _apart(text: str) -> tuple[str, Effect | None]:
    head, *rest = _ARROW.split(text, maxsplit=1)
    if rest and head:
        return head, effect_of(rest[0]) or Effect(None, "unknown", rest[0])
    if (found := _BRACKET.match(text)) is not None and (effect := effect_of(found["effect"])) is not None:
        return found["name"], effect
    for cut in islice(_CUT.finditer(_HIDDEN.sub(lambda match: "x" * len(match[0]), text)), _MOST_CUTS):
        effect = effect_of(text[cut.end() :])
        if cut.start() and effect is not None and _closed(text[: cut.start()]):
            return text[: cut.start()], effect
    if (verb := _VERB.search(text)) is not None and verb.start() > 0:
        effect = effect_of(text[verb.start() :])
        return (text[: verb.start()].strip(), effect) if effect else (text, None)
    return text, None


def _closed(text: str) -> bool:
    return text.count("(") == text.count(")")


def _nameless(text: str) -> bool:
    return _NO_NAME.search(text) is not None or _NO_NAMES.match(text) is not None
