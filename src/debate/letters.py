"""The letter and the plan as Markdown: what a person reads, and what is kept beside it.

The letter is the answer: one diagnosis, why, the attempts, one rule, the steps, Monday. The plan is the
record: ids, cited facts, constraints, dissent, and what became of every hypothesis. Both are pure functions
of typed contributions: same input, same bytes, ending with one newline. All text of models and cards passes
`debate.sanitize`, so it stays text; sections nobody filled are left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Protocol

from debate.cards.problem import ProblemCard
from debate.contributions import Hypothesis, Interval, Letter, LetterStep, Plan, Step
from debate.sanitize import markdown_line, markdown_text, plain

_WORD = re.compile(r"\S*\w\S*")


class Titled(Protocol):
    """What a letter needs of a case: its title."""

    @property
    def title(self) -> str:
        """The case's title."""
        ...


def letter_words(letter: Letter, case: Titled) -> int:
    """How many words the letter has as its owner reads it, headings and all."""
    return len(_WORD.findall(letter_markdown(letter, case)))


def letter_markdown(letter: Letter, case: Titled) -> str:
    """The letter as its owner reads it, on a page or in a terminal."""
    blocks = [
        f"# {markdown_line(case.title)}",
        _bold(letter.diagnosis),
        markdown_text(letter.why),
        *_section("Why what you tried fell short", [_bullets(letter.attempts)]),
        f"*{rule}*" if (rule := _bare(letter.rule)) else "",
        *_section(
            "Steps", [block for n, step in enumerate(letter.steps, 1) for block in _letter_step(n, step)]
        ),
        *_section("How this reaches the target", [markdown_text(letter.path)]),
        *_section("What stays protected", [markdown_text(letter.safeguards)]),
        *_section("What would make this fail", [markdown_text(letter.fails_if)]),
        *_section("On Monday", [_bullets(letter.monday)]),
    ]
    return _page(blocks)


def plan_markdown(
    plan: Plan, hypotheses: Sequence[Hypothesis], card: ProblemCard, seat_names: Mapping[str, str]
) -> str:
    """The critic's record. `seat_names` maps a hypothesis's seat to the name people know it by."""
    claims = {
        h.id: f"{_code(h.id)} ({markdown_line(seat_names.get(h.seat, h.seat))}): {markdown_line(h.claim)}"
        for h in hypotheses
    }
    blocks = [
        f"# Plan: {markdown_line(card.title)}",
        _bold(plan.diagnosis),
        markdown_text(plan.because),
        f"Confidence: {plan.confidence} of 100. Strongest alternative: {markdown_line(plan.alternative)}",
        *_section("Rests on", [_bullets_raw(_cited(id_, card) for id_ in plan.cites)]),
        *_section(
            "Why what was tried fell short",
            [_bullets_raw(f"{_attempt(t.tried, card)}: {markdown_line(t.because)}" for t in plan.tried)],
        ),
        *_section("Steps", [block for step in plan.steps for block in _plan_step(step, claims)]),
        *_section(
            "Path to the target",
            [_bullets_raw(_waypoint(w.what, w.arithmetic, w.assumption) for w in plan.path)],
        ),
        *_section(
            "Dissent",
            [block for d in plan.dissent for block in _dissent(d.hypotheses, d.about, d.settled_by, claims)],
        ),
        *_section(
            "Merged",
            [
                _bullets_raw(
                    f"{_claim(m.hypothesis, claims)} Merged into {_code(m.into)}: {markdown_line(m.because)}"
                    for m in plan.merged
                )
            ],
        ),
        *_section(
            "Set aside",
            [
                _bullets_raw(
                    f"{_claim(s.hypothesis, claims)} Because: {markdown_line(s.because)}"
                    for s in plan.set_aside
                )
            ],
        ),
        *_section("When to stop", [markdown_text(plan.stop_rule)]),
    ]
    return _page(blocks)


def interval_text(interval: Interval) -> str:
    """A range in words: "at least 50 %", "at most 25 %", "10 to 20 ms", "exactly 3 steps"."""
    low, high, unit = interval.low, interval.high, plain(interval.unit)
    if low is not None and high is not None:
        span = f"exactly {_number(low)}" if low == high else f"{_number(low)} to {_number(high)}"
    else:
        span = f"at least {_number(low)}" if low is not None else f"at most {_number(high or 0.0)}"
    return f"{span} {unit}".rstrip()


def days_text(days: float) -> str:
    """Working days as people say them: "half a day", "1 day", "4 days"."""
    if days == 0.5:
        return "half a day"
    return "1 day" if days == 1 else f"{_number(days)} days"


def outcome(side: str) -> str:
    """An outcome as a sentence with "If": writers leave the word out as often as not."""
    if side[:3].casefold() == "if ":
        return side
    first = side.split(" ", 1)[0]
    return f"If {side if first[1:2].isupper() else side[:1].lower() + side[1:]}"


def closed(line: str) -> str:
    """`line` with a full stop when it ends without any mark."""
    return line if not line or line[-1] in ".!?:…" or line.endswith(('."', ".”", ".)")) else f"{line}."


def _letter_step(number: int, step: LetterStep) -> list[str]:
    who = f" — {markdown_line(step.who)}, {days_text(step.days)}."
    return [
        f"**{number}. {_bare(step.title)}**{who} {closed(markdown_line(step.what))}",
        f"Measure: {closed(markdown_line(step.measure))}",
        _bullets_raw(closed(markdown_line(outcome(side))) for side in (step.if_true, step.if_false)),
        f"Worth: {closed(markdown_line(step.effect))}",
    ]


def _plan_step(step: Step, claims: Mapping[str, str]) -> list[str]:
    prediction, decision = step.prediction, step.decision
    lines = [
        f"Measure: {markdown_line(prediction.measure)}; now: {markdown_line(prediction.now)}",
        f"If true ({markdown_line(interval_text(prediction.if_true))}): {markdown_line(decision.if_true)}",
        f"If false ({markdown_line(interval_text(prediction.if_false))}): {markdown_line(decision.if_false)}",
        f"Effort: {markdown_line(step.effort.who)}, {days_text(step.effort.days)}",
        f"Expected effect: {markdown_line(step.effect)}",
        *(
            f"{markdown_line(c.constraint)} {c.stands.value}: {markdown_line(c.because)}"
            for c in step.constraints
        ),
        *(f"From {_claim(id_, claims)}" for id_ in step.hypotheses),
    ]
    return [f"### {step.rank}. {markdown_line(step.title)}", markdown_text(step.action), _bullets_raw(lines)]


def _dissent(ids: Iterable[str], about: str, settled_by: str, claims: Mapping[str, str]) -> list[str]:
    return [
        f"About {markdown_line(about)}:",
        _bullets_raw(_claim(id_, claims) for id_ in ids),
        f"Settled by: {markdown_line(settled_by)}",
    ]


def _waypoint(what: str, arithmetic: str, assumption: str) -> str:
    line = f"{markdown_line(what)}: {markdown_line(arithmetic)}"
    return f"{line}. Assumption: {markdown_line(assumption)}" if assumption else line


def _cited(id_: str, card: ProblemCard) -> str:
    fact = card.fact(id_)
    return (
        f"{markdown_line(id_)}: {markdown_line(fact.text)}"
        if fact
        else f"{markdown_line(id_)} (not in the card)"
    )


def _attempt(id_: str, card: ProblemCard) -> str:
    name = next((fact.name or fact.text for fact in card.facts if fact.id == id_), "")
    return f"{markdown_line(id_)} {markdown_line(name)}".rstrip()


def _claim(id_: str, claims: Mapping[str, str]) -> str:
    return claims.get(id_, _code(id_))


def _code(id_: str) -> str:
    return f"`{markdown_line(id_).replace('`', '')}`"


def _bold(text: str) -> str:
    return f"**{bare}**" if (bare := _bare(text)) else ""


def _bare(text: str) -> str:
    """One line without emphasis of its own, for places that are emphasised already."""
    return markdown_line(text.replace("*", ""))


def _number(value: float) -> str:
    """Thousands marked, no exponent and no needless zeros, whatever the size."""
    if not isfinite(value):
        return str(value)
    return f"{int(value):,}" if value == int(value) else f"{value:,.10f}".rstrip("0").rstrip(".")


def _bullets(lines: Iterable[str]) -> str:
    return _bullets_raw(markdown_line(line) for line in lines)


def _bullets_raw(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines if line)


def _section(title: str, blocks: Sequence[str]) -> list[str]:
    """A heading with its blocks; nothing at all when none of them says anything."""
    return [f"## {title}", *blocks] if any(blocks) else []


def _page(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"
