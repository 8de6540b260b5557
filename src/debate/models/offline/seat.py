"""The offline seat: one lens and one case make hypotheses.

Every move of the lens card is worded for the case's domain, its stand-ins are replaced by the case's
figures and names, and the moves whose words the case's facts use come first. Where a lens has too few moves,
or there is none, plain moves that fit any figure fill up (`plain.md`); what they say is never called the
lens's.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from debate.cards.facts import Fact, FactKind
from debate.cards.lens import LensCard, Move, lens_of_body, parse_lens
from debate.cards.moves import listed
from debate.cards.thresholds import Range, decide, parse_threshold
from debate.cards.units import TIMES
from debate.contracts.figures import Figures
from debate.contributions import Draft, Effort, Interval, Prediction, SeatReport
from debate.letters import days_text
from debate.models.offline import attempts, decisive, reckoned, sizes, stand_ins, worded, wording
from debate.models.offline import speaking as speaking_of
from debate.models.offline.case import Case, fenced
from debate.words import sentences

HYPOTHESES = 3
HYPOTHESES_PLAIN = 5
HYPOTHESES_ALONE = 6
#: How the sentence opens that has nothing but the want of a measurement against a claim.
UNMEASURED = "Nobody has measured"
#: What stands in `Prediction.now` where the card of the lens does not say how to know.
NOT_KNOWN = "not known yet"
_NEEDED = (
    "suspect",
    "because",
    "measure",
    "true if",
    "false if",
    "test",
    "who",
    "days",
    "change",
    "build days",
    "effect",
    "rival",
)
#: Signals that most cases show: they tell one move from another less than the others do.
_USUAL = frozenset(("gap to target", "deadline", "budget"))
_MOST_CITED = 4
_MOST_SHARED = 3
_ATTEMPT = re.compile(r"\battempts?\b", re.IGNORECASE)
_TIME = re.compile(r"\b(?:time|minutes?|hours?|waits?|waiting|stopwatch|in line|quickest)\b", re.IGNORECASE)
# A test that takes the figure itself anew, from a few cases of its own.
_ANEW = re.compile(r"\b(?:measure|compare)\b[^:;]*\[figure\]", re.IGNORECASE)
_LATE = re.compile(
    r"\b(?:week \w+|month|quarter|year|retention|market share)\b|/(?:month|year)", re.IGNORECASE
)
_BECAUSE = re.compile(
    r"(?P<figure>[^,;:]{3,90}?) (?:stays|stay|remains) (?P<at>at [^,;:]{1,30}?|in place) because "
    r"(?P<why>[^;:]+?)\."
)
_PARTS = re.compile(r"(?<=[,;]) ")


def report(case: Case, prompt: str) -> SeatReport:
    """The report of a seat whose lens (or lenses, for one agent alone) stand in the prompt."""
    lenses = [lens_of_body(body) for body in fenced("lens", prompt)]
    each = [_drafts(case, lens, HYPOTHESES) for lens in lenses]
    own = reckoned.draft(case)
    if not each:
        plain = _drafts(case, _plain(), HYPOTHESES_PLAIN - (own is not None))
        return SeatReport(hypotheses=[own, *plain] if own is not None else plain)
    if own is not None:
        # The sum that stands in the case goes before what the lens that looks for it suspects.
        each = [_led(case, own, lens, drafts) for lens, drafts in zip(lenses, each, strict=True)]
    if len(each) == 1:
        plain = _drafts(case, _plain(), HYPOTHESES - len(each[0]))
        return SeatReport(hypotheses=[*each[0], *plain])
    # One agent with several lenses: the best of each in turn.
    turns = [drafts[n] for n in range(HYPOTHESES) for drafts in each if n < len(drafts)]
    plain = _drafts(case, _plain(), max(0, HYPOTHESES - len(turns)))
    return SeatReport(hypotheses=[*turns, *plain][:HYPOTHESES_ALONE])


def _led(case: Case, own: Draft, lens: LensCard, drafts: list[Draft]) -> list[Draft]:
    """The seat's hypotheses with the sum's own: first where the lens looks for such a sum, else last. Seats
    know nothing of each other, so none may leave it to another; a lens that sees none of the case's signals
    sees no sum either.
    """
    signals = [signal.name for signal in lens.signals]
    if decisive.looks_for(case, signals):
        return [own, *drafts][:HYPOTHESES]
    if case.signals.keys().isdisjoint(signals):
        return drafts
    return [*drafts[: HYPOTHESES - 1], own]


def is_plain(test: str) -> bool:
    """True when a test is one of the plain moves: then no lens opened the view, whoever holds the seat."""
    return wording.title(test) in {wording.title(move.slots["test"]) for move in _plain().moves}


@cache
def _plain() -> LensCard:
    text = files("debate.models.offline").joinpath("plain.md").read_text(encoding="utf-8")
    return parse_lens(text, Path("plain.md"), "built-in")


def _drafts(case: Case, lens: LensCard, most: int) -> list[Draft]:
    ranked = sorted((move for move in lens.moves if _fits(case, move)), key=lambda move: -_fit(case, move))
    known, figures = stand_ins.words(case), _known_figures(case)
    drafts = [draft for move in ranked if (draft := _draft(case, lens, move, known)) is not None][:most]
    turn = len(lens.name)
    drafts = [
        draft.model_copy(update={"claim": _turned(draft.claim)}) if (n + turn) % 2 else draft
        for n, draft in enumerate(drafts)
    ]
    return [_estimates_marked(draft, figures) for draft in drafts]


def _turned(claim: str) -> str:
    """ "X stays at Y because Z" the other way round: many claims open alike, and a reader sees several."""
    found = _BECAUSE.fullmatch(claim)
    if found is None:
        return claim
    return wording.sentence(f"{found['why']}, and that keeps {wording.clause(found['figure'])} {found['at']}")


def _fits(case: Case, move: Move) -> bool:
    """True when the move is worded in full, and does not turn on attempts where nothing was tried; and when
    its test can be read in time.
    """
    slots = worded.slots(case, move)
    if not all(slots.get(slot) for slot in _NEEDED):
        return False
    claim = _PARTS.split(slots["suspect"])[0]
    about_attempts = any(_ATTEMPT.search(text) for text in (claim, slots["measure"], slots["test"]))
    late = _slow(case) and _ANEW.search(slots["test"]) is not None
    return not late and (bool(case.of(FactKind.TRIED)) or not about_attempts)


def _fit(case: Case, move: Move) -> int:
    """How many facts use the move's words; one or two more for each of its signals that the case shows, and
    one for each concrete word of its wording, up to three; less when its claim loses a part because nothing
    was tried, or speaks of time where the figure is none.
    """
    slots = worded.slots(case, move)
    suspect = slots["suspect"]
    own = min(_MOST_SHARED, worded.shared(case, move))
    untimely = (
        not _of_time(case) and _TIME.search(f"{suspect} {slots['measure']} {slots['test']}") is not None
    )
    shown = sum(1 if name in _USUAL else 2 for name in _shown(case, move))
    said = len(_speaking(case, move)) + shown
    return said + own - 3 * (_told(case, suspect) != suspect) - 3 * untimely


def _slow(case: Case) -> bool:
    """True where the figure itself comes so late that no check of a few days can read it."""
    figures = case.figures
    name = stand_ins.words(case)["figure"]
    return figures is not None and _LATE.search(f"{name} {figures.unit}") is not None


def _of_time(case: Case) -> bool:
    """True where the figure is a span of time, or something waits."""
    unit = case.figures.unit.partition("/")[0] if case.figures is not None else ""
    return unit in TIMES or not case.signals.keys().isdisjoint(("waiting", "delay"))


def _speaking(case: Case, move: Move) -> list[Fact]:
    listed = worded.slots(case, move).get("words", "")
    words = [word.strip() for word in listed.split(",") if word.strip()]
    return [fact for fact in case.facts if any(wording.says(fact.text, word) for word in words)]


def _shown(case: Case, move: Move) -> dict[str, tuple[str, ...]]:
    """The move's signals that the case shows, each with the facts that show it."""
    wanted = listed(worded.slots(case, move).get("signals", ""))
    return {name: case.signals[name] for name in wanted if name in case.signals}


def _draft(case: Case, lens: LensCard, move: Move, known: Mapping[str, str]) -> Draft | None:
    raw = worded.slots(case, move)
    ranges = decide(parse_threshold(raw["true if"]), parse_threshold(raw["false if"]), stand_ins.values(case))
    if ranges is None:
        return None
    slots = {name: stand_ins.fill(_told(case, text), known) for name, text in raw.items()}
    if_true, if_false = map(_interval, ranges)
    speaking, shown = _speaking(case, move), _shown(case, move)
    binds = "[gap share]" in raw["true if"] and case.share is not None
    return Draft(
        claim=wording.sentence(slots["suspect"]),
        mechanism=_mechanism(case, slots["because"], speaking_of.sentence(case, speaking, shown), binds),
        cites=_cites(case, speaking, shown, binds, raw),
        against=_against(speaking, slots["measure"]),
        prediction=Prediction(
            measure=wording.clause(slots["measure"]),
            now=_now(case, slots, if_true, if_false),
            if_true=if_true,
            if_false=if_false,
        ),
        test=wording.sentence(slots["test"]),
        effort=Effort(who=slots["who"], days=float(slots["days"])),
        intervention=wording.sentence(slots["change"]),
        build=Effort(who=slots["who"], days=float(slots["build days"])),
        effect=" ".join(wording.sentence(slots[name]) for name in ("effect", "costs") if name in slots),
        rival=wording.sentence(slots["rival"]),
        explains=attempts.reasons(case, slots.get("leaves", ""), lens, known),
        confidence=_confidence(case, lens, move, binds),
    )


def _now(case: Case, slots: Mapping[str, str], if_true: Interval, if_false: Interval) -> str:
    """The measure's value today: what the card of the lens says of it, else how to get it; and what the
    thresholds mean in the case's figures.
    """
    got = f"{NOT_KNOWN}: {wording.clause(wording.title(slots['test']))} ({days_text(float(slots['days']))})"
    said = slots.get("now", got).rstrip(".")
    size = sizes.told(case, slots["measure"], if_true, if_false)
    return f"{said}; {size}" if size else said


def _told(case: Case, text: str) -> str:
    """The text without the parts that speak of attempts, where nothing was tried."""
    if case.of(FactKind.TRIED):
        return text
    first, *others = _PARTS.split(text)
    return " ".join([first, *(part for part in others if not _ATTEMPT.search(part))]).rstrip(",;")


def _interval(range_: Range) -> Interval:
    low, high, unit = range_
    return Interval(low=low, high=high, unit=wording.spoken(unit))


def _mechanism(case: Case, because: str, evidence: str, binds: bool) -> str:
    text = f"{wording.sentence(because)} {evidence}".rstrip()
    figures = case.figures
    if binds and figures is not None and case.share is not None:
        share, gap = wording.amount(round(case.share), "%"), wording.amount(figures.gap, figures.gap_unit)
        now = wording.amount(figures.now, figures.unit)
        text += f" The gap is {gap}, {share} of {now}: a cause that holds less cannot close it alone."
    return text


def _known_figures(case: Case) -> Figures:
    texts = (case.title, case.question, *(f.text for f in case.facts), *(r.text for r in case.readings))
    return Figures(()).with_texts(*texts).with_count(len(case.of(FactKind.TRIED)))


def _estimates_marked(draft: Draft, figures: Figures) -> Draft:
    """The draft with figures that are the lens's own, not the case's, called estimates where they stand."""
    own = figures.with_prediction(draft.prediction).with_days(draft.effort.days, draft.build.days)

    def marked(text: str) -> str:
        told = (
            f"{said.rstrip('.')} (an estimate)." if own.untraced(said, derive=True) else said
            for said in sentences(text)
        )
        return " ".join(told)

    texts = {name: marked(getattr(draft, name)) for name in ("claim", "mechanism", "effect")}
    return draft.model_copy(update=texts)


def _cites(
    case: Case,
    speaking: Sequence[Fact],
    shown: Mapping[str, Sequence[str]],
    binds: bool,
    raw: Mapping[str, str],
) -> list[str]:
    cited = [fact.id for fact in speaking if fact.kind is not FactKind.CONSTRAINT][:_MOST_CITED]
    cited += [id_ for ids in shown.values() for id_ in ids[:_MOST_CITED] if id_ not in cited]
    used = " ".join(raw.values())
    keys = {"[gap share]": "gap_share", "[repeat]": "repeat", "[halfway]": "halfway", "[gap]": "gap"}
    wanted = [key for mark, key in keys.items() if mark in used or (binds and key == "gap_share")]
    cited += [reading.id for key in wanted if (reading := case.reading(key)) is not None]
    if not cited:
        # Nothing in the case uses the move's words: it rests on the figure, or on the challenge as a whole.
        stated = case.figures.sources["now"] if case.figures is not None else ()
        cited = [*stated, *(fact.id for fact in (*case.of(FactKind.CHALLENGE), *case.facts))][:1]
    return list(dict.fromkeys(cited))


def _against(speaking: Sequence[Fact], measure: str) -> str:
    """The attempt in this area that helped most: had the cause been elsewhere, it would have helped less."""
    helped = [fact for fact in speaking if fact.effect is not None and fact.effect.direction == "better"]
    if not helped:
        unmeasured = wording.clause(measure)
        return f"{UNMEASURED} the {unmeasured} yet, so nothing in the case shows it directly."
    best = max(helped, key=_gain)
    assert best.effect is not None
    name = wording.capital(best.name or best.text)
    return (
        f"{name} did help ({best.effect.text.rstrip('.')}), so part of the cause may sit where that worked."
    )


def _gain(fact: Fact) -> float:
    return fact.effect.amount.value if fact.effect is not None and fact.effect.amount is not None else 0.0


def _confidence(case: Case, lens: LensCard, move: Move, binds: bool) -> int:
    """By rule, and modest: facts that speak for the move by its words or its signals, signals of the lens
    that the case shows, binding arithmetic.
    """
    speaking = {fact.id for fact in _speaking(case, move)}.union(*_shown(case, move).values())
    text = " ".join(fact.text for fact in case.facts)
    signals = sum(
        signal.name in case.signals or any(wording.says(text, word) for word in signal.words)
        for signal in lens.signals
    )
    telling = sum(name not in _USUAL for name in _shown(case, move))
    return min(
        70, 28 + 3 * min(len(speaking), 6) + 4 * min(signals, 3) + 6 * min(telling, 2) + (6 if binds else 0)
    )
