"""Prompts: a role card filled with the case, as the messages a model gets.

What most calls share comes first, so that a provider's prefix cache can serve it: house rules and problem,
which all calls share, then what a role is told to do; the lens, the hypotheses or the plan, in which the
calls of a role differ, stand at the end. Prompts are deterministic: the same card, lens, role and seed give
the same bytes, because a reply is kept under the hash of what was asked. So fence tags come from the run's
seed and the fenced text, never from a random source.

The answer-key wall stands here: `problem_block` takes only what agents may see, and nothing else in this
module touches a problem card.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence

from debate.cards.facts import Fact, FactKind
from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.contributions import Hypothesis, Plan

Message = tuple[str, str]
"""Role ("system" or "user") and text."""

# JSON leaves these as they are, though many a reader ends a line at them: what is one a line must stay so.
_LINE_ENDS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}
_IN_DOMAIN = re.compile(r"####\s+In\s+(.+)", re.IGNORECASE)
_HEADINGS = {
    FactKind.CONTEXT: "Context",
    FactKind.CHALLENGE: "Challenge",
    FactKind.TRIED: "What was tried",
    FactKind.CONSTRAINT: "Constraints",
    FactKind.CRITERION: "A good answer",
}


def fence(name: str, text: str, seed: int) -> str:
    """`text` between tags it cannot contain. The tag follows from seed, name and text alone."""
    for round_ in range(1_000):
        digest = hmac.new(
            f"{seed}:{round_}".encode(), f"{name}\n{text}".encode(errors="replace"), hashlib.sha256
        )
        tag = f"{name}-{digest.hexdigest()[:10]}"
        if tag not in text:
            return f"<{tag}>\n{text.strip()}\n</{tag}>"
    raise AssertionError("a text of bounded length cannot contain a thousand chosen tags")


def problem_block(card: ProblemCard, seed: int) -> str:
    """The visible part of a problem card: title, domain, numbered facts, readings, the owner's question."""
    parts = [f"# {card.title}", f"Domain: {card.domain}"]
    for kind, heading in _HEADINGS.items():
        facts = card.of(kind)
        if facts:
            parts.append(f"## {heading}\n" + "\n".join(_fact_line(fact) for fact in facts))
    if card.readings:
        lines = "\n".join(f"{reading.id}. {reading.text}" for reading in card.readings)
        parts.append(f"## Readings (computed from the facts)\n{lines}")
    if card.question:
        parts.append(f"## The owner asks\n{card.question}")
    return fence("problem", "\n\n".join(parts), seed)


def _fact_line(fact: Fact) -> str:
    # One line a fact: a reader of the prompt finds a fact by the id at the start of its line.
    return f"{fact.id}. {' '.join(fact.text.split())}"


def lens_block(lens: LensCard, domain: str, seed: int) -> str:
    """A lens card's text, without its front matter and without the wordings for other domains."""
    kept, dropped = [], False
    for line in lens.body.splitlines():
        if line.startswith("#"):
            named = _IN_DOMAIN.match(line)
            dropped = named is not None and named[1].strip().casefold() != domain.casefold()
        if not dropped:
            kept.append(line)
    return fence("lens", "\n".join(kept), seed)


def lenses_block(lenses: Sequence[LensCard], domain: str, seed: int) -> str:
    """Several lens texts for one agent, or a line saying that there are none."""
    if not lenses:
        return "You wear no lens."
    texts = "\n\n".join(lens_block(lens, domain, seed) for lens in lenses)
    return f"These ways of looking may help:\n\n{texts}"


def hypotheses_block(hypotheses: Sequence[Hypothesis], seed: int) -> str:
    """Validated hypotheses as JSON, one a line: fields, never a raw reply."""
    lines = (json.dumps(hypothesis.model_dump(mode="json"), ensure_ascii=False) for hypothesis in hypotheses)
    return fence("hypotheses", "\n".join(line.translate(_LINE_ENDS) for line in lines), seed)


def missing_line(failed: Sequence[str], seats: int) -> str:
    """One line that names the seats that failed, so that nobody mistakes silence for agreement."""
    if not seats:
        return "Nobody sat: there are no hypotheses. Find the causes yourself; no step names a hypothesis."
    if not failed:
        return "Every seat spoke."
    return f"These seats failed and said nothing: {', '.join(failed)}. Do not speak for them."


def plan_block(plan: Plan, seed: int) -> str:
    """A validated plan as JSON."""
    return fence("plan", json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=1), seed)


def messages(house: RoleCard, role: RoleCard, **values: str) -> list[Message]:
    """The house rules as system message, the role card filled with `values` as user message."""
    return [("system", house.render().strip()), ("user", role.render(**values).strip())]
