"""Trails as Markdown pages and as JSON documents (docs/transcripts.md describes these)."""

from collections.abc import Iterable
from typing import Any

from debate.contributions import Effort, Prediction
from debate.letters import days_text, interval_text
from debate.sanitize import markdown_line
from debate.trail import HypothesisTrail, Sentence, StepTrail

_UNKNOWN = "(no prompt of the run has this sentence)"


def step_markdown(trail: StepTrail) -> str:
    """From the step back to the sentences of the case."""
    step = trail.step
    so, not_so = markdown_line(step.decision.if_true), markdown_line(step.decision.if_false)
    blocks = [
        f"# Step {step.rank}: {markdown_line(step.title)}",
        markdown_line(step.action),
        _bullets(
            [
                *_prediction(step.prediction),
                f"If so: {so}; if not: {not_so}",
                f"Effort: {_effort(step.effort)}",
                f"Worth: {markdown_line(step.effect)}",
            ]
        ),
    ]
    for each in trail.hypotheses:
        blocks += [f"## Because {markdown_line(each.seat)} says", *_hypothesis(each)]
    if not trail.hypotheses:
        blocks.append("No hypothesis of a seat stands behind this step: it is the critic's own.")
    if trail.constraints:
        lines = [
            f"{_sentence(sentence)}: **{line.stands}**, {markdown_line(line.because)}"
            for sentence, line in zip(trail.constraints, step.constraints, strict=True)
        ]
        blocks += ["## Held against the constraints", _bullets(lines)]
    return "\n\n".join(blocks) + "\n"


def hypothesis_markdown(trail: HypothesisTrail) -> str:
    """What it claims, what it rests on, what became of it."""
    said = trail.hypothesis
    blocks = [
        f"# {markdown_line(trail.seat)}: {_code(said.id)}",
        *_hypothesis(trail),
        "## What would prove it wrong",
        _bullets(
            [
                *_prediction(said.prediction),
                f"Test: {markdown_line(said.test)} ({_effort(said.effort)})",
                f"Rival: {markdown_line(said.rival)}",
                f"Against it: {markdown_line(said.against)}",
            ]
        ),
        "## What to do if it holds",
        _bullets(
            [
                f"{markdown_line(said.intervention)} ({_effort(said.build)})",
                f"Worth: {markdown_line(said.effect)}",
            ]
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def step_document(trail: StepTrail) -> dict[str, Any]:
    """The trail of a step."""
    return {
        "step": trail.step.model_dump(mode="json"),
        "hypotheses": [hypothesis_document(each) for each in trail.hypotheses],
        "constraints": _sentences(trail.constraints),
    }


def hypothesis_document(trail: HypothesisTrail) -> dict[str, Any]:
    """The trail of a hypothesis."""
    fate = trail.fate
    return {
        "hypothesis": trail.hypothesis.model_dump(mode="json"),
        "seat": trail.seat,
        "cites": _sentences(trail.cites),
        "tried": _sentences(trail.tried),
        "fate": {
            "text": fate.text,
            "steps": list(fate.steps),
            "into": fate.into,
            "because": fate.because,
            "dissent": [each.model_dump(mode="json") for each in fate.dissent],
        },
        "merged": [each.id for each in trail.merged],
    }


def _hypothesis(trail: HypothesisTrail) -> list[str]:
    """Claim, mechanism, sentences, attempts, fate: what step and hypothesis pages share."""
    said = trail.hypothesis
    claim = markdown_line(said.claim.replace("*", ""))
    blocks = [
        f"**{claim}** ({_code(said.id)}, confidence {said.confidence} of 100)",
        markdown_line(said.mechanism),
        "It rests on:",
        _bullets(map(_sentence, trail.cites)),
    ]
    if trail.tried:
        lines = (
            f"{_sentence(sentence)}: {markdown_line(each.because)}"
            for sentence, each in zip(trail.tried, said.explains, strict=True)
        )
        blocks += ["It explains why these fell short:", _bullets(lines)]
    for merged in trail.merged:
        blocks.append(f"Merged into it: {_code(merged.id)}, {markdown_line(merged.claim)}")
    blocks.append(f"What became of it: {markdown_line(trail.fate.text)}")
    for dissent in trail.fate.dissent:
        others = ", ".join(_code(each) for each in dissent.hypotheses if each != said.id)
        blocks.append(
            f"Disputed by {others}: {markdown_line(dissent.about)}. "
            f"Settled by: {markdown_line(dissent.settled_by)}"
        )
    return blocks


def _prediction(prediction: Prediction) -> list[str]:
    true, false = interval_text(prediction.if_true), interval_text(prediction.if_false)
    return [
        f"Measure: {markdown_line(prediction.measure)}; now: {markdown_line(prediction.now)}",
        f"True if {markdown_line(true)}, false if {markdown_line(false)}",
    ]


def _effort(effort: Effort) -> str:
    return f"{markdown_line(effort.who)}, {days_text(effort.days)}"


def _sentence(sentence: Sentence) -> str:
    return f"{_code(sentence.id)} {markdown_line(sentence.text) if sentence.text else _UNKNOWN}"


def _sentences(sentences: Iterable[Sentence]) -> list[dict[str, str | None]]:
    return [{"id": each.id, "text": each.text} for each in sentences]


def _code(text: str) -> str:
    return f"`{markdown_line(text).replace('`', '')}`"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
