"""The interview that makes a problem card: what is asked, why, and what the parser says to each answer.

What was answered stands in `sheet` at any moment, so that whoever stops half-way loses nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from debate.cards.draft import read
from debate.cards.facts import FactKind
from debate.cards.figures import figures
from debate.cards.markdown import sections
from debate.cards.mentions import aims, mentions
from debate.cards.patterns import CRITERIA, read_pattern
from debate.cards.problem import ProblemCard
from debate.cards.quantities import Quantity, find
from debate.cards.statements import LONGEST, split_list
from debate.cards.tried import Attempt, attempts
from debate.cards.units import TIMES, shown
from debate.cards.writing import Answer, Sheet
from debate.cli.asking import Asker, EndedEarly, Question, Remark
from debate.errors import UnknownName
from debate.library import Library

_TITLE = Question(
    "What is the problem called?",
    "it heads the letter you get, and the card is found by it",
    "Orders leave a day late",
)
_CONTEXT = Question(
    "What must somebody know who has never been there?",
    "agents may only say what rests on a fact of the card, so a fact you leave out does not exist",
    "One warehouse sends 4,000 orders a day with 38 people",
)
_STUCK = Question(
    "What is stuck, what is its figure today, and how was it measured?",
    "everything is reckoned from that figure: the gap, what past gains come to, what a step must bring",
    "An order waits 26 hours on average before it leaves (stamps of May), up from 14 hours two years ago",
)
_TODAY = Question(
    "What is the figure today, in the unit of the target?",
    "I cannot tell it from what was said; without it there is no gap to reckon with",
    "The wait is 26 hours on average",
)
_TARGET = Question(
    "What must the figure become?",
    "an answer is held against it; a step that cannot get there is not proposed",
    "The target is 12 hours",
)
_UNTIL = Question(
    "By when?",
    "what takes longer than that is left out",
    "within 6 weeks",
)
_TRIED = Question(
    "What was tried, and what did each of it bring?",
    "nothing tried is proposed again, and what little it brought is the best clue to the cause",
    "Overtime on Fridays: improved 3 %   or   New scanners: no effect",
)
_CONSTRAINTS = Question(
    "What must stay as it is, and what is there none of?",
    "each step is held against each of these",
    "Nobody can be hired before summer",
)
_CRITERIA = Question(
    "What does a good answer do, besides reaching the figure?",
    "the answer is held against it",
    "Says why the second packing line brought so little",
)
_PROMPT = Question(
    "What do you ask, in your own words?",
    "the letter you get answers this",
    "Our orders leave a day late. What are we not seeing?",
)
_KNOWN_ANSWERS = "Name lenses, the answer everybody gives and a better one? Only the judge sees them."
_LENSES = {
    "high": Question(
        "Which lenses will help most? (names, with commas)",
        "they are the panel unless you name another one",
        "bottleneck-theory, queueing-theory",
    ),
    "medium": Question("Which may help?", "they are what --lenses medium seats", "feedback-loops"),
    "low": Question("Which will hardly help?", "they show whether a panel matters at all", "emergence"),
}
_BASELINE = Question(
    "What does everybody advise?",
    "the score says how far an answer is from that",
    "Hire temporary staff, plan shifts better, automate the packing.",
)
_BETTER = Question(
    "What would a really good answer be?",
    "it is the other end of the scale",
    "Note for 50 orders when they enter and leave each station; if 60 % of the wait is before picking, …",
)
_RATINGS = Question(
    "How do you rate that, from 0 to 10?",
    f"it fixes the scale; what is rated: {', '.join(CRITERIA)}",
    "Originality: 2-3/10",
)


class Interview:
    """Asks for one card. `sheet` is what is known so far."""

    def __init__(self, asker: Asker, library: Library, id_: str) -> None:
        self._ask, self._library = asker, library
        self.sheet = Sheet(id=id_)

    def hold(self) -> None:
        """Ask everything. EndedEarly when there are no more answers before the case itself is told."""
        self._case()
        try:
            if self._ask.agreed(_KNOWN_ANSWERS):
                self._key()
        except EndedEarly as end:
            if end.interrupted:
                raise

    def _case(self) -> None:
        ask, keep = self._ask, self._keep
        keep(title=ask.one(_TITLE, _of_one_fact, needed=True))
        keep(domain=ask.one(self._domain()))
        ask.many(_CONTEXT, lambda said: keep(context=said), _fact)
        ask.many(_STUCK, lambda said: keep(challenge=said), _measured, needed=True)
        self._target()
        ask.many(_TRIED, lambda said: keep(tried=said), _attempted)
        ask.many(_CONSTRAINTS, lambda said: keep(constraints=said), _fact)
        before = self.sheet.criteria
        ask.many(_CRITERIA, lambda said: keep(criteria=before + said), _fact)
        ask.many(_PROMPT, lambda said: keep(question="\n".join(said)))

    def _target(self) -> None:
        target = self._ask.one(_TARGET, _aimed)
        self._keep(criteria=(target,) if target else ())
        if target and self._unknown_today():
            today = self._ask.one(_TODAY, lambda said, _: self._as_today(said))
            self._keep(challenge=self.sheet.challenge + ((today,) if today else ()))
        until = self._ask.one(_UNTIL, _in_time)
        self._keep(criteria=self.sheet.criteria + ((until,) if until else ()))

    def _unknown_today(self) -> bool:
        card = read(self.sheet)
        return card is not None and bool(aims(mentions(card.facts))) and figures(card.facts) is None

    def _as_today(self, said: str) -> Remark | None:
        card = read(replace(self.sheet, challenge=(*self.sheet.challenge, said)))
        found = figures(card.facts) if card else None
        if found is None:
            aim = self.sheet.criteria[0]
            return Remark(
                f"I cannot set that against {aim!r}; name the figure in the same unit", doubtful=True
            )
        return Remark(f"read: today {shown(found.now, found.unit)}, wanted {shown(found.target, found.unit)}")

    def _key(self) -> None:
        """What only the judge sees."""
        seated: set[str] = set()
        for level, question in _LENSES.items():
            named = split_list(self._ask.one(question, self._lens), words=False)
            new = tuple(name for name in named if name.casefold() not in seated)
            seated |= {name.casefold() for name in named}
            self._keep(lenses={**self.sheet.lenses, level: tuple(dict.fromkeys(new))})
        for part, question in (("baseline", _BASELINE), ("target", _BETTER)):
            self._ask.many(question, partial(self._known, part, ()))
            if told := getattr(self.sheet, part).text:
                self._ask.many(_RATINGS, partial(self._known, part, (told,), rated=True), _rated)

    def _known(self, part: str, told: tuple[str, ...], said: tuple[str, ...], *, rated: bool = False) -> None:
        """Keep a known answer: its text, or the ratings of the one told already."""
        answer = Answer("\n".join(told), said) if rated else Answer("\n".join(said))
        self._keep(**{part: answer})

    def _keep(self, **answers: Any) -> None:
        self.sheet = replace(self.sheet, **answers)

    def _domain(self) -> Question:
        lenses = [entry.card for entry in self._library.lenses() if entry.card]
        known = sorted({domain for lens in lenses for move in lens.moves for domain in move.domains})
        return Question(
            "Which field is it from?",
            f"lenses word their moves for {', '.join(known)}; any other word will do as well",
            "operations",
        )

    def _lens(self, said: str, _: Sequence[str]) -> Remark | None:
        unknown = []
        for name in split_list(said, words=False):
            try:
                self._library.lens(name)
            except UnknownName as error:
                unknown.append(str(error))
        return Remark("; ".join(unknown), doubtful=True) if unknown else None


def readout(attempt: Attempt) -> str:
    """What the parser makes of an attempt."""
    effect = attempt.effect
    if effect is None:
        return f"{attempt.name}: what it brought is not said"
    amount = f", {effect.amount.text}" if effect.amount else ""
    direction = {"none": "no effect", "unknown": "better or worse? not said"}.get(
        effect.direction, effect.direction
    )
    return f"{attempt.name}: {direction}{amount}"


def _of_one_fact(said: str, _: Sequence[str]) -> Remark | None:
    return (
        Remark(f"that has {len(said):,} characters; a title is a line", refused=True)
        if len(said) > 200
        else None
    )


def _fact(said: str, _: Sequence[str]) -> Remark | None:
    if len(said) <= LONGEST:
        return None
    return Remark(f"that has {len(said):,} characters; a fact has at most {LONGEST:,}", refused=True)


def _measured(said: str, before: Sequence[str]) -> Remark | None:
    if (remark := _fact(said, before)) is not None:
        return remark
    if bare := _without_unit(said):
        return Remark(_no_unit(bare), doubtful=True)
    figure = next((q for q in find(said) if q.unit), None)
    return Remark(f"read: {shown(figure.value, figure.unit)}") if figure else None


def _aimed(said: str, before: Sequence[str]) -> Remark | None:
    if (remark := _fact(said, before)) is not None:
        return remark
    if any(q.unit for q in find(said)):
        return None
    bare = _without_unit(said)
    why = _no_unit(bare) if bare else "I read no figure in that; without one nothing can be reckoned"
    return Remark(why, doubtful=True)


def _in_time(said: str, _: Sequence[str]) -> Remark | None:
    if any(q.unit in TIMES for q in find(said)):
        return None
    return Remark("I read no span in that, such as 'within 6 weeks'; a date is kept as it is", doubtful=True)


def _attempted(said: str, before: Sequence[str]) -> Remark | None:
    if (remark := _fact(said, before)) is not None:
        return remark
    told = attempts(said, labelled=True)
    read_as = "read: " + "; ".join(map(readout, told))
    if any(each.effect is None for each in told):
        return Remark(f"{read_as}. Say it as '(improved 5 %)', ': no effect' or ': slower'", doubtful=True)
    if any(each.effect and each.effect.direction == "unknown" for each in told):
        return Remark(f"{read_as}. Say 'better' or 'worse'", doubtful=True)
    return Remark(read_as)


def _rated(said: str, before: Sequence[str]) -> Remark | None:
    text = "\n".join(f"- {line}" for line in (*before, said))
    pattern, faults = read_pattern(sections(text).everything(), 1, CRITERIA)
    if faults:
        return Remark(faults[0].message, refused=True)
    if len(pattern.ratings) <= len(before):
        return Remark("that is no rating; expected one such as 'Originality: 2-3/10'", refused=True)
    return None


def _without_unit(said: str) -> Quantity | None:
    """The first bare number that is no year."""
    bare = (q for q in find(said) if not q.unit)
    return next((q for q in bare if not (q.value.is_integer() and 1900 <= q.value < 2100)), None)


def _no_unit(bare: Quantity) -> str:
    such = f"{bare.text} hours, {bare.text} %, {bare.text} orders"
    return f"I read no unit behind {bare.text}; say what it counts: {such}"


def reading_lines(card: ProblemCard) -> list[str]:
    """What the program reads in a card: the figure, and the attempts with their effects."""
    lines = ["now and target: not read, so nothing can be reckoned from them"]
    if found := figures(card.facts):
        told = [f"now {shown(found.now, found.unit)}", f"target {shown(found.target, found.unit)}"]
        told += [f"it began at {shown(found.start, found.unit)}"] if found.start is not None else []
        told += [f"{shown(found.deadline, 'working days')} to go"] if found.deadline is not None else []
        lines = [", ".join(told)]
    attempted = (Attempt(fact.text, fact.name, fact.effect) for fact in card.of(FactKind.TRIED))
    return [*lines, *(f"tried: {readout(attempt)}" for attempt in attempted)]
