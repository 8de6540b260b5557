"""Pasted text: a report, memo, e-mail or ticket, made ready for reading as Markdown.

What frames a text and says nothing of the case is set aside: the lines of an e-mail's head, the greeting,
the signature. Lines that serve as headings ("Impact:", "**Timeline**", "h2. Steps") become headings, bullets
of all kinds become bullets, and a line that was ended on purpose ends its paragraph. Words stay as they are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent

from debate.cards.cues import cue
from debate.sanitize import plain


@dataclass(frozen=True, slots=True)
class Aside:
    """A piece of the text that was left out of the card: its 1-based line, the words, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """The text as Markdown. `origin[n]` is the 1-based source line of its line n + 1."""

    markdown: str
    origin: tuple[int, ...]
    title: str
    asides: tuple[Aside, ...]

    def line(self, number: int) -> int:
        """Source line of a line of `markdown`, both 1-based."""
        return self.origin[min(number, len(self.origin)) - 1] if self.origin else 1


_Row = tuple[int, str]

_HEAD = re.compile(
    r"\A\W{0,4}(?P<name>from|to|cc|bcc|date|sent|subject|re|reply-to|importance|authors?|status|assignee|"
    r"reporter"
    r"|labels|ticket|priority|prepared by|von|an|kopie|gesendet|datum|betreff|verfasser)"
    r"\s*:\W{0,4}\s*(?P<value>.*?)\**\Z",
    re.IGNORECASE,
)
_SUBJECT = ("subject", "betreff", "re")
_REPLIED = re.compile(r"\A(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.IGNORECASE)
_GREETING = re.compile(
    r"\A(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|moin|liebe[rs]?|guten (?:tag|morgen|"
    r"abend)"
    r"|sehr geehrte\w*)\b[^.!?:;]{0,60}[,!.]?\Z",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\A(?:--|best(?: (?:regards|wishes))?|kind(?:est)? regards|warm regards|regards|cheers|(?:many )?thanks"
    r"(?: (?:a lot|in advance|again|everyone|all|so much))?|thank you(?: (?:very much|all|in advance))?|"
    r"sincerely"
    r"|yours(?: \w+)?|(?:viele|beste|liebe|schöne|herzliche) grü(?:ß|ss)e|mit (?:freundlichen|"
    r"besten) grü(?:ß|ss)en"
    r"|lg|vg|mfg|gru(?:ß|ss)|danke(?: \w+){0,3}|vielen dank(?: \w+){0,3})\s*[,!.]?(?:\s+[A-Z]\w+\.?)?\Z",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(r"\A(?:sent from my|gesendet von|von meinem)\b", re.IGNORECASE)
_SIGNATURE = 7
_JIRA = re.compile(r"\Ah(?P<level>[1-6])\.\s+")
_BULLET = re.compile(r"\A(?P<indent>\s*)(?:[•‣▪●○►·–—]|\*(?=\s))\s+")
_ITEM = re.compile(r"\A\s*(?:[-*+]|[0-9]{1,3}[.)])\s")
_CLOCK = re.compile(
    r"\A\[?(?:[0-9]{1,2}[:.h][0-9]{2}\b|[0-9]{4}-[0-9]{2}-[0-9]{2}\b|[0-9]{1,2}\.[0-9]{1,2}\.[ 0-9])"
)
_ALONE = re.compile(
    r"\A(?P<open>\**)(?P<name>[A-ZÄÖÜ][^.!?:;|]{1,40}?)(?P<mark>:?)(?P<close>\**)(?P<after>:?)\s*\Z"
)
_QUOTED = re.compile(r"\A> ?")
_ENDED = re.compile(r"[.!?:;…)\"”]\Z")
_NARROW = 60
_NOTES = 4
_LONGEST_TITLE = 90
#: Headings of reports that say what stands below them, beside the names of a card's parts.
HEADINGS = {
    "tried": cue(
        "what was tried, what we tried, what we have tried, what has been tried, tried, tried so far",
        "already tried, attempts, attempted fixes, workarounds tried, actions taken, steps taken",
        "troubleshooting, what we have done, what we did, done so far, mitigation attempts",
        "was wir versucht haben, versucht, bisher versucht, bisherige maßnahmen, bisherige versuche",
    ),
    "constraints": cue(
        "constraints, limits, limitations, restrictions, boundary conditions, what must not change, givens",
        "out of scope, non-goals, not negotiable",
        "randbedingungen, rahmenbedingungen, vorgaben, grenzen, einschränkungen",
    ),
    "criteria": cue(
        "success criteria, acceptance criteria, definition of done, goal, goals, target, targets, aim, aims",
        "objective, objectives, expected, expected result, expected behaviour, expected behavior",
        "what good looks like, ziel, ziele, erfolgskriterien, what we want",
    ),
    "challenge": cue(
        "problem, the problem, challenge, impact, issue, symptoms, actual, actual result, actual behaviour",
        "actual behavior, problem statement, pain points, what went wrong, auswirkungen, auswirkung, problem",
        "customer impact, user impact, business impact",
    ),
    "context": cue(
        "context, background, summary, overview, situation, description, environment, hintergrund, lage",
        "ausgangslage, zusammenfassung, kontext, beschreibung, steps to reproduce, executive summary",
    ),
    "chronicle": cue(
        "timeline, chronology, root cause, root causes, contributing factors, detection, what went well",
        "zeitlicher ablauf, ablauf, chronologie, ursache, ursachen, lessons learned, root cause analysis",
    ),
    "plans": cue(
        "action items, actions, next steps, follow-ups, follow-up, todo, to do, recommendations, remediation",
        "proposal, proposed solution, nächste schritte, geplante maßnahmen, plan, plans",
    ),
    "question": cue("question, questions, open questions, the ask, frage, fragen, offene fragen"),
}


def heading_of(title: str) -> str:
    """What stands below a heading (a key of `HEADINGS`), or ""."""
    said = re.sub(r"\A[0-9.) ]+", "", title.strip(" *:#"))
    return next((kind for kind, names in HEADINGS.items() if names.fullmatch(said)), "")


def read_pasted(text: str) -> Pasted:
    """A pasted text, made ready."""
    lines = [line.rstrip() for line in dedent(plain(text).expandtabs(4)).split("\n")]
    filled = [line for line in lines if line.strip()]
    if filled and all(line.startswith(">") for line in filled):
        lines = [_QUOTED.sub("", line) for line in lines]
    rows: list[_Row] = [(number, _as_markdown(line)) for number, line in enumerate(lines, 1)]
    asides: list[Aside] = []
    rows, title = _without_head(rows, asides)
    if not title:
        rows, title = _titled(rows)
        rows, subject = _without_head(rows, asides)
        title = title or subject
    rows = _parted(_without_frame(rows, asides))
    return Pasted("\n".join(line for _, line in rows), tuple(n for n, _ in rows), title, tuple(asides))


def _without_head(rows: Sequence[_Row], asides: list[Aside]) -> tuple[list[_Row], str]:
    """The rows below an e-mail's or memo's head, and its subject."""
    at, title, names = 0, "", 0
    before = len(asides)
    while at < len(rows):
        found = _HEAD.match(rows[at][1])
        if found is None and rows[at][1].strip() and not (names == 0 and rows[at][1].isupper()):
            break
        if found is not None:
            names += 1
            if found["name"].casefold() in _SUBJECT:
                title = _REPLIED.sub("", found["value"]).strip()
            else:
                asides.append(Aside(rows[at][0], rows[at][1].strip(), "head of a message"))
        at += 1
    # One such line may be a sentence ("To: whom it may concern"); two are a head.
    if names < 2 and not title:
        del asides[before:]
        return list(rows), ""
    return list(rows[at:]), title


def _without_frame(rows: Sequence[_Row], asides: list[Aside]) -> list[_Row]:
    filled = [n for n, (_, line) in enumerate(rows) if line.strip()]
    gone: dict[int, str] = {}
    if filled and _GREETING.match(rows[filled[0]][1].strip()):
        gone[filled[0]] = "greeting"
    for at in filled[-_SIGNATURE:]:
        if _CLOSING.match(rows[at][1].strip()):
            gone |= {n: "signature" for n in filled if n >= at and not rows[n][1].lstrip().startswith("PS")}
            break
    gone |= {n: "signature" for n in filled if _SENT_FROM.match(rows[n][1].strip())}
    asides += [Aside(rows[n][0], rows[n][1].strip(), why) for n, why in sorted(gone.items())]
    return [row for n, row in enumerate(rows) if n not in gone]


def _as_markdown(line: str) -> str:
    if jira := _JIRA.match(line):
        return "#" * int(jira["level"]) + " " + line[jira.end() :]
    line = _BULLET.sub(r"\g<indent>- ", line)
    if _CLOCK.match(line):
        return f"- {line}"
    alone = _ALONE.match(line)
    if alone and heading_of(alone["name"]):
        return f"## {alone['name']}"
    if alone and alone["open"] and alone["close"] and len(alone["name"].split()) <= 6:
        return f"## {alone['name']}"
    return line


def _titled(rows: Sequence[_Row]) -> tuple[list[_Row], str]:
    """The first line as title where it is one: a heading that names nothing else, or a short line alone."""
    filled = [n for n, (_, line) in enumerate(rows) if line.strip()]
    if not filled:
        return list(rows), ""
    first = filled[0]
    line = rows[first][1].strip()
    said = line.lstrip("#").strip(" *")
    below = rows[first + 1][1].strip() if first + 1 < len(rows) else ""
    headed = line.startswith("#") or re.fullmatch(r"[=-]{3,}", below) is not None
    short = len(said) <= _LONGEST_TITLE and not _ENDED.search(said) and not _ITEM.match(line)
    alone = (
        short and len(filled) > 1 and (not below or below.startswith("#") or _HEAD.match(below) is not None)
    )
    if not (headed or alone) or heading_of(said) or not said:
        return list(rows), ""
    skipped = {first, first + 1} if re.fullmatch(r"[=-]{3,}", below) else {first}
    return [row for n, row in enumerate(rows) if n not in skipped], said


def _notes(rows: Sequence[_Row]) -> frozenset[int]:
    """Numbers of rows that stand in a block of notes, a line each: nobody's wrapped lines all begin big."""
    found: set[int] = set()
    for prose, block in groupby(rows, key=lambda row: bool(row[1].strip()) and not _ITEM.match(row[1])):
        own = list(block)
        if prose and len(own) >= _NOTES and all(line[0].isupper() or line[0].isdigit() for _, line in own):
            found |= {number for number, _ in own}
    return frozenset(found)


def _parted(rows: Sequence[_Row]) -> list[_Row]:
    """An empty row where a line was ended on purpose: the next word would have fitted on it."""
    widths = [len(line) for _, line in rows if "://" not in line and not _ITEM.match(line)]
    width = max([*widths, _NARROW])
    noted = _notes(rows)
    out: list[_Row] = []
    for number, line in rows:
        before = out[-1][1] if out else ""
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        fits = len(before) + 1 + len(word) <= width
        begins = bool(word) and (line[0].isupper() or line[0].isdigit() or line[0] in '"“„')
        plain_rows = (
            bool(before.strip()) and not _ITEM.match(before) and not before.startswith(("#", " ", "|", "```"))
        )
        item_ended = bool(_ITEM.match(before)) and not _ITEM.match(line) and begins and _ENDED.search(before)
        if (plain_rows and begins and (fits or number in noted)) or item_ended:
            out.append((number, ""))
        out.append((number, line))
    return out
