"""Drafts: a problem card made from a pasted report, memo, e-mail or ticket, by rule.

Every sentence goes into one part of the card in its own words, or is set aside with the reason; nothing is
added. What a case needs and the text does not say is asked for in the card, by a line that keeps the card
from being used until somebody has written it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from debate.cards.cues import cue
from debate.cards.domains import DOMAINS, guess_domain
from debate.cards.facts import FactKind
from debate.cards.figures import figures
from debate.cards.markdown import Block, ListBlock, Paragraph, Section, sections
from debate.cards.mentions import aims, mentions
from debate.cards.pasted import Aside, Pasted, heading_of, read_pasted
from debate.cards.problem import MAX_VISIBLE, ProblemCard, parse_problem
from debate.cards.sorting import Place, does, place_of, reports_effect
from debate.cards.statements import LONGEST, Statement, cut, statements
from debate.cards.tried import attempts
from debate.cards.writing import UNWRITTEN, Sheet, problem_text, slug, unwritten
from debate.errors import CardError

_KINDS = {FactKind.TRIED: "tried", FactKind.CONSTRAINT: "constraints", FactKind.CRITERION: "criteria"}
_BACK = cue("it, its, this, these, they, es, dies, diese", start=True)
_STRICT = ("tried", "constraints", "criteria")


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence in its place. `line` is where it stands in the text it came from."""

    place: Place
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A card to be. `because` are the words that spoke for its domain; `card` is what can be read of it so
    far, None when that is not even one fact.
    """

    sheet: Sheet
    placed: tuple[Placed, ...]
    asides: tuple[Aside, ...]
    because: tuple[str, ...]
    card: ProblemCard | None

    @property
    def text(self) -> str:
        """The card."""
        return problem_text(self.sheet)

    @property
    def missing(self) -> tuple[tuple[int, str], ...]:
        """What is still to be written, each with its line of the card."""
        return tuple(unwritten(self.text))


def draft(text: str, id_: str = "") -> Draft:
    """A draft of a problem card. `id_` is used as it is; without one it is made of the title."""
    pasted = read_pasted(text)
    asides = list(pasted.asides)
    placed = list(_joined(_placed(pasted)))
    for each in placed:
        if each.place is Place.NOWHERE:
            asides.append(Aside(each.line, each.text, "said to the reader"))
        elif len(each.text) > LONGEST:
            asides.append(
                Aside(each.line, f"{each.text[:60]} …", f"longer than {LONGEST:,} characters: cut it")
            )
    placed = [each for each in placed if each.place is not Place.NOWHERE and len(each.text) <= LONGEST]
    domain, because = guess_domain([pasted.title, *(each.text for each in placed)])
    sheet = _sheet(pasted, placed, domain, id_)
    stuck = _stating_today(read(sheet))
    placed = [
        replace(p, place=Place.CHALLENGE) if p.text == stuck and p.place is Place.CONTEXT else p
        for p in placed
    ]
    sheet = _sheet(pasted, placed, domain, id_)
    asides.sort(key=lambda aside: aside.line)
    return Draft(with_gaps(sheet), tuple(placed), tuple(asides), because, read(sheet))


def _sheet(pasted: Pasted, placed: Sequence[Placed], domain: str, id_: str) -> Sheet:
    return Sheet(
        id=id_ or slug(pasted.title, slug(domain)) or "draft",
        title=pasted.title,
        domain=domain,
        context=_of(placed, Place.CONTEXT),
        challenge=_of(placed, Place.CHALLENGE),
        tried=_of(placed, Place.TRIED),
        constraints=_of(placed, Place.CONSTRAINTS),
        criteria=_of(placed, Place.CRITERIA),
        question="\n".join(_of(placed, Place.QUESTION)),
    )


def _stating_today(card: ProblemCard | None) -> str:
    """The sentence that says where the figure stands today: it belongs to the challenge."""
    found = figures(card.facts) if card else None
    fact = card.fact(found.sources["now"][0]) if card and found else None
    return fact.text if fact else ""


def too_much(text: str) -> str:
    """Why a text cannot become one card, or ""."""
    size = len(text)
    if size <= MAX_VISIBLE:
        return ""
    return f"it has {size:,} characters and a card at most {MAX_VISIBLE:,}: keep what matters to the case"


def read(sheet: Sheet) -> ProblemCard | None:
    """What the parser reads in a sheet, whatever is still missing; None when it is no card yet."""
    whole = replace(sheet, title=sheet.title or "Untitled", missing={})
    try:
        return parse_problem(problem_text(whole), Path(f"{sheet.id}.md"), "file")
    except CardError:
        return None


def _placed(pasted: Pasted) -> Iterator[Placed]:
    for section, under in _sections(sections(pasted.markdown), ""):
        before = f"{section.title}: " if under == "plans" else ""
        for statement in statements(section.blocks):
            inside = "" if under in _STRICT and _behind_list(section.blocks, statement.line) else under
            for text, kind in _cut(statement, inside):
                at = pasted.line(statement.line)
                yield Placed(place_of(text, under=kind), f"{before}{text}", at)


def _behind_list(blocks: Sequence[Block], line: int) -> bool:
    """True for text below a list: a heading such as "Tried:" speaks of the list, and no longer of that."""
    before = [block for block in blocks if block.line <= line]
    return isinstance(before[-1], Paragraph) and any(isinstance(block, ListBlock) for block in before)


def _sections(section: Section, inherited: str) -> Iterator[tuple[Section, str]]:
    own = heading_of(section.title) or inherited
    yield section, own
    for child in section.sections:
        yield from _sections(child, own)


def _cut(statement: Statement, under: str) -> Iterator[tuple[str, str]]:
    """The sentences of a statement, each with what its heading or introduction says it is."""
    kind = _KINDS[statement.label] if statement.label else under
    if kind == "tried" or attempts(statement.text, labelled=False):
        yield statement.text, kind
        return
    name = re.match(r"\A([^.:;]{3,30}):\s", statement.text)
    labelled = kind or (heading_of(name[1]) if name else "")
    for _, text in cut(statement.text):
        yield text, labelled if labelled in (*_STRICT, "challenge", "plans", "chronicle", "question") else ""


def _joined(placed: Iterator[Placed]) -> Iterator[Placed]:
    """A deed and what came of it, told in two sentences, are one attempt; what stands twice is taken once."""
    kept: list[Placed] = []
    for each in placed:
        last = kept[-1] if kept else None
        deed = last is not None and last.place in (Place.CONTEXT, Place.CHALLENGE) and does(last.text)
        if last and deed and last.line + 3 >= each.line and reports_effect(each.text):
            kept[-1] = Placed(Place.TRIED, f"{last.text.rstrip('. ')}: {each.text}", last.line)
        elif (
            last and each.place is Place.CONTEXT and last.place is Place.CHALLENGE and _BACK.match(each.text)
        ):
            kept.append(replace(each, place=Place.CHALLENGE))  # what "it" is stands there
        elif each.text not in {other.text for other in kept}:
            kept.append(each)
    yield from kept


def _of(placed: Sequence[Placed], place: Place) -> tuple[str, ...]:
    return tuple(each.text for each in placed if each.place is place)


def with_gaps(sheet: Sheet) -> Sheet:
    """The sheet with lines that ask for what a case needs and nobody has said yet."""
    gaps = {part: asked for part, asked in _missing(sheet, read(sheet)) if asked}
    return replace(sheet, tried=tuple(_with_effect(text) for text in sheet.tried), missing=gaps)


def _with_effect(text: str) -> str:
    told = attempts(text, labelled=True)
    silent = [attempt.name for attempt in told if attempt.effect is None]
    if not silent:
        return text
    about = "" if len(told) == 1 else f" by each of: {', '.join(silent)}"
    return f"{text.rstrip(' .:')}: {UNWRITTEN} what it brought{about}, such as (improved 5 %) or: no effect"


def _missing(sheet: Sheet, card: ProblemCard | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    known = ", ".join(DOMAINS)
    yield "title", () if sheet.title else ("a title: the trouble in a few words",)
    yield "domain", () if sheet.domain else (f"the domain, such as {known}",)
    yield "challenge", tuple(_about_figure(sheet, card))
    yield "tried", () if sheet.tried else ("what was tried, and what each brought",)
    yield "constraints", () if sheet.constraints else ("what must stay as it is, and what there is none of",)
    yield "criteria", tuple(_about_target(sheet, card))
    yield "prompt", () if sheet.question else ("your question, such as: What are we not seeing?",)


def _about_figure(sheet: Sheet, card: ProblemCard | None) -> Iterator[str]:
    said = [*aims(mentions(card.facts))] if card else []
    if not sheet.challenge:
        yield "what is stuck, with its figure today and how it was measured"
    elif card is None or (figures(card.facts) is None and (said or not mentions(card.facts))):
        yield "the figure today, with its unit, such as: It takes 26 hours on average"


def _about_target(sheet: Sheet, card: ProblemCard | None) -> Iterator[str]:
    if card is None or (figures(card.facts) is None and not aims(mentions(card.facts))):
        yield "the figure wanted, and by when, such as: The target is 12 hours within 6 weeks"
