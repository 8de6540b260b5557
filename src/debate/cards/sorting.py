"""Sorting: what a sentence of a report is for a case, by the words it is said with.

The cues that read cards also read reports, but more strictly: in a card a section says what stands in it,
here nothing does. A sentence counts as an attempt only when it says what was done and what came of it (or
that it was tried), as a constraint only when it forbids or fixes something to do, as a criterion only when it
names what is aimed at. What no rule decides is context: it stays true there, and in a wrong part it would
mislead.
"""

import re
from enum import StrEnum

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.cards.mentions import aims, mentions, sets_end
from debate.cards.quantities import find
from debate.cards.tried import attempts, effect_of
from debate.cards.units import convert


class Place(StrEnum):
    """Where a sentence goes: a part of the card, or nowhere."""

    CONTEXT = "context"
    CHALLENGE = "challenge"
    TRIED = "tried"
    CONSTRAINTS = "constraints"
    CRITERIA = "criteria"
    QUESTION = "prompt"
    NOWHERE = ""


_VERBS = (
    "added|introduced|hired|bought|rented|moved|changed|switched|doubled|halved|raised|increased|lowered|"
    "reduced|"
    "restarted|rebooted|rolled back|rolled out|scaled|trained|coached|sent|wrote|rewrote|set up|installed|"
    "launched|"
    "ran|offered|gave|replaced|upgraded|tuned|extended|shortened|opened|asked|put|started|stopped|split|"
    "merged|"
    "cached|redesigned|renamed|called|phoned|printed|tested|piloted|rescheduled|reorgani[sz]ed|assigned|"
    "brought in|"
    "paid|built|made|let|allowed|rearranged|shifted|held|created|published|migrated|blocked|disabled|"
    "enabled|cut|"
    "cleared|purged|deployed|fixed|patched|reverted|failed over|drained|throttled|discounted|promised|"
    "appointed|"
    "dropped|removed|banned|emailed|e-mailed|reminded|translated|simplified|automated|outsourced"
)
_ADVERBS = r"(?:(?:have|has|had|also|already|then|even|first|just|therefore|recently|twice|once|since) ){0,3}"
_WHO = (
    r"(?:we|I|they|he|she|somebody|someone|management|on-call|ops|(?:the|our|my) (?:\w+ )?(?:team|agency|"
    r"vendor|manager|"
    r"office|nurses|engineers|staff|board|supplier|department|teachers|head)|wir|ich)"
)
_OBJECT = r"(?= (?:the|a|an|our|their|all|both|its|this|that|another|more|extra|every|each|two|three|\d))"
_DONE = re.compile(
    rf"\b{_WHO},? {_ADVERBS}(?:{_VERBS})\b"
    rf"|\A(?:\W*(?:at |around )?[0-9][0-9:.]*(?: \w+)?[ ,:–—-]+)?(?:{_VERBS})\b{_OBJECT}"
    rf"|\b(?:was|were|has been|have been) (?:{_VERBS})\b"
    r"|\b(?:(?:wir|ich|man|das Team) (?:haben|habe|hat)|(?:haben|habe|hat) (?:wir|ich|man|"
    r"das Team))\b.{3,120}?\b(?:\w*ge\w+(?:t|en)|\w+iert|ver\w+t|"
    r"er\w+t)\b"
    r"|\bwurden?\b.{3,120}?\b(?:\w*ge\w+(?:t|en)|\w+iert|ver\w+t|er\w+t)\b",
    re.IGNORECASE,
)
_GERUND = re.compile(
    r"\A(?!(?:waiting|billing|booking|planning|pricing|marketing|nothing|everything|something|anything|"
    r"morning|"
    r"evening|during|staffing|training|according)\b)[A-Z]\w+ing\b.{3,80}?\b(?=(?:helped|brought|made|did|"
    r"had|cut|"
    r"reduced|improved|changed|only)\b)",
    re.IGNORECASE,
)
_FRUITLESS = re.compile(
    r"\b(?:(?:had|has had|was|were|remained|with|made) (?:no|hardly any|little|"
    r"without) (?:\w+ )?(?:effect|difference|"
    r"impact|success)|without (?:any )?(?:effect|success)|(?:did not|didn't|has not|hasn't|have not|"
    r"never) help(?:ed)?|"
    r"changed nothing|did nothing|(?:hat|haben) nichts gebracht|brachten? nichts|(?:hat|"
    r"haben) nicht geholfen|"
    r"halfe?n? nicht|ohne wirkung|ohne erfolg|hatten? keine wirkung)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\A(?:it|this|that|these|they|the (?:effect|result|gain)|no |nothing|neither|both|das|dies|es|aber|"
    r"but)\b",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"\b(?:did not|didn't|has not|hasn't) (?:change|move|improve|fall|drop|rise)d?\b|\bstayed the same\b"
    r"|\b(?:remained|is|was) unchanged\b|\bunverändert\b",
    re.IGNORECASE,
)
_FEW = 9
_SUBJECT_NAMED = re.compile(
    r"\A(?!(?:it|this|that|these|they|nothing|none|neither|both|we|das|dies|es|nichts)\b)\w", re.I
)
_CUT = re.compile(r"[,;:]\s|\s[–—-]\s|[.]\s|\s(?:but|which|yet|aber|doch|and|und)\s", re.IGNORECASE)
_PLANNED = cue(
    "will, plan to, plans to, planning to, going to, should, could, would, propose*, suggest*, geplant",
    "werden wir, wollen wir, if we, wenn wir, wants to, want to, consider*",
)

_LIMIT = cue(
    "must not, mustn't, may not, not allowed, forbidden, off limits, out of scope, not an option",
    "off the table",
    "not negotiable, non-negotiable, for compliance reasons, required by law, by law, hiring freeze",
    "code freeze",
    "has to stay, have to stay, must stay, must remain, has to remain, have to remain, must keep",
    "must continue",
    "has to keep, have to keep, no budget, our budget, the budget, no money, no later than, at the latest",
    "darf nicht, dürfen nicht, darf kein, darf keine, dürfen keine, nicht erlaubt, gesetzlich, muss bleiben",
    "müssen bleiben, kein budget, kein geld, das budget, datenschutz, betriebsrat, spätestens",
    "keine neuen stellen",
    "keine zusätzlichen stellen, keine neuen, kein personal",
)
_NO_MORE = re.compile(
    r"\b(?:no|without(?: any)?) (?:new|extra|additional|further|more) (?:\w+ )?(?:staff|posts?|hires?|"
    r"hiring|people|hands|"
    r"systems?|software|machines?|tools?|vendors?|headcount|servers?|hardware|money|budget|equipment|"
    r"beds?|space|rooms?|"
    r"teachers?|nurses?|licen[cs]es?|colleagues?)\b"
    r"|\bwithout (?:adding|hiring|buying|changing|touching|spending|replacing|rewriting)\b",
    re.IGNORECASE,
)
_BOUND_HANDS = re.compile(
    r"\b(?:(?:we|I|they|it|you|the \w+|that) (?:cannot|can't|can not|are not able to|is not to)|(?:nobody|"
    r"no one|nothing|"
    r"none of \w+) (?:can|may|is allowed to))\b.{0,50}?\b(?:hired?|afford|buy|bought|changed?|"
    r"touch(?:ed)?|replaced?|"
    r"spend|spent|moved?|rewrit\w+|pay|paid|add(?:ed)?|extend(?:ed)?|closed?|dropped|migrated?|shared?|"
    r"be altered)\b",
    re.IGNORECASE,
)
_BY_THEN = re.compile(
    r"\b(?:must|has to|have to|muss|müssen)\b.{0,60}\b(?:within|before|by|until|binnen|innerhalb|bis)\b"
    r"|\bdeadline (?:is|of|for)\b|\bdeadline:",
    re.IGNORECASE,
)
_OVER_BUDGET = cue("over budget, over the budget, exceeded the budget, missed the deadline")

_AIM_SAID = re.compile(
    r"\b(?:the|our|my|main|its) (?:\w+ )?(?:goal|aim|objective|target) (?:is|was|remains|would be)\b|"
    r"\bsuccess (?:means|is|looks)\b"
    r"|\b(?:unser|das|mein) ziel (?:ist|wäre|sind)\b|\A(?:goal|aim|target|objective|expected|ziel)s?:",
    re.IGNORECASE,
)
_STRONG = cue("target, goal, aim, objective, sla, agreed, promised, ziel, ziele, expected, acceptable")
_WANTING = cue(
    "want, wants, need, needs, must, should, have to, has to, would like, aim to, soll, sollen, sollte, muss",
    "müssen, wollen, möchten, has been asked to, get it, get this, get them, wish",
)
_HOPING = re.compile(
    r"\b(?:would be (?:glad|happy|enough|good|fine)|would like|hope (?:to|for)|wünsche|wäre schön|"
    r"wären froh)\b",
    re.IGNORECASE,
)
_TROUBLE = cue(
    "too long, too slow, too late, too many, too few, too often, too much, too high, too low, complain*",
    "late",
    "delay*, overdue, slow, slower, slowly, stuck, problem*, fail, fails, blocked, blocks, failed",
    "failing, failure*, outage*",
    "error*",
    "lose, loses, losing, lost, miss, misses, missed, missing, fell, falls, falling, rising, worse, worst",
    "overtime, angry, frustrat*, not enough, nobody knows, wait, waits, waiting, waited, backlog*, queue*",
    "churn*, cancel*, quit, broken, crash*, timeout*, timed out, unanswered, unhappy, decline*, declining",
    "dropped, drops, down from, up from, unable to, cannot, can't, keeps coming back, exhausted, burned out",
    "struggl*, confus*, no longer, rejected, 5xx, 500s, unavailable, flaky, sick leave, give up, fall behind",
    "zu lange, zu spät, zu viele, zu wenig, zu langsam, beschwer*, ausfall*, verloren, verlieren, sinkt",
    "sinken",
    "gestiegen, gesunken, steigt, probleme, fehler*, rückstand, warten, wartet, wartezeit*, überlastet",
    "verspätet, unzufrieden, kündig*, liegen bleiben, bleiben liegen, bleibt liegen, dauert, reklamation*",
)
_ASKS = cue(
    "idea, ideas, advice, advise, suggest*, propose, help us, help me, what to do, überseh*, rat", end=False
)
_ADDRESSED = cue(
    "please, let me know, let us know, happy to, feel free, looking forward, see attached, attached, thanks",
    "thank you, sorry for, i hope, hope this, bitte, vielen dank, ich hoffe, im anhang, anbei, happy friday",
    start=True,
)
_MEETING = cue(
    "can we meet, could we meet, can we talk, could we talk, do you have time, are you free, shall we meet",
    "any questions, können wir uns, habt ihr zeit, haben sie zeit",
    start=True,
)
_MOST = 600


def place_of(text: str, *, under: str = "") -> Place:
    """Where a sentence goes. `under` is what its heading says (a key of `debate.cards.pasted.HEADINGS`)."""
    if under in ("tried", "constraints", "criteria"):
        return Place(under)
    if _MEETING.match(text):
        return Place.NOWHERE
    if text.rstrip("\"'”) ").endswith("?") or under == "question":
        return Place.QUESTION
    if _ADDRESSED.match(text):
        return Place.QUESTION if _ASKS.search(text) else Place.NOWHERE
    if under == "plans":
        return Place.CONTEXT
    if tells_attempt(text):
        return Place.TRIED
    if under == "chronicle":
        return Place.CONTEXT
    said_aim = _STRONG.search(text) is not None
    if not said_aim and _limits(text):
        return Place.CONSTRAINTS
    if names_aim(text):
        return Place.CRITERIA
    if _limits(text):
        return Place.CONSTRAINTS
    return Place.CHALLENGE if under == "challenge" or _TROUBLE.search(text) else Place.CONTEXT


def tells_attempt(text: str) -> bool:
    """True when a sentence says that something was tried, or what was done and what came of it."""
    if len(text) > _MOST:
        return False
    if attempts(text, labelled=False):
        return True
    if _FRUITLESS.search(text) and _SUBJECT_NAMED.match(text) and not _PLANNED.search(text):
        return True
    if (found := _GERUND.match(text)) is not None:
        return _says_effect(text[found.end() :])
    done = does(text)
    rest = _CUT.search(text, done) if done else None
    return rest is not None and _says_effect(text[rest.end() :])


def does(text: str) -> int:
    """Where the words end that say somebody did something about it; 0 when there are none."""
    found = _DONE.search(text)
    return found.end() if found and not _PLANNED.search(text[: found.end()]) else 0


def reports_effect(text: str) -> bool:
    """True for a sentence that says what the one before it came to: "It did not help."."""
    if len(text.split()) <= _FEW and _SAME.search(text):
        return True
    back = _POINTS_BACK.match(text) is not None and len(text) <= _MOST
    return back and (_FRUITLESS.search(text) is not None or _says_effect(text)) and not _PLANNED.search(text)


def names_aim(text: str) -> bool:
    """True when a sentence says what must be reached; not when it says as well where things stand."""
    if len(text) > _MOST:
        return False
    found = mentions([Fact("H1", FactKind.CHALLENGE, text, 1, find(text))])
    aimed = [aim for aim in aims(found) if not sets_end(aim)]
    if not aimed:
        if _HOPING.search(text) and any(q.bound in ("<", "<=", ">", ">=") for q in find(text)):
            return True
        return _AIM_SAID.search(text) is not None and not any(q.unit for q in find(text))
    if not (_STRONG.search(text) or _WANTING.search(text)):
        return False
    rest = [m for m in found if m not in aimed and m is not aimed[0]]
    return aimed[0].left is not None or not any(
        convert(m.quantity.value, m.quantity.unit, aimed[0].quantity.unit) is not None for m in rest
    )


def _limits(text: str) -> bool:
    if _OVER_BUDGET.search(text):
        return False
    return any(p.search(text) is not None for p in (_LIMIT, _NO_MORE, _BOUND_HANDS, _BY_THEN))


def _says_effect(text: str) -> bool:
    if _FRUITLESS.search(text):
        return True
    effect = effect_of(text)
    return effect is not None and (effect.direction != "unknown" or effect.amount is not None)
