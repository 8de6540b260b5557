"""A comparison of two runs as a Markdown page and as a JSON document (docs/transcripts.md describes it)."""

from collections.abc import Iterable, Sequence
from typing import Any

from debate.comparing import Comparison, Idea, Pair, PromptChange
from debate.contributions import Step
from debate.sanitize import markdown_line
from debate.transcript_page import fenced, score_text
from debate.transcripts import Run

_SIDES = ("A", "B")


def diff_markdown(found: Comparison, *, prompts: bool = False) -> str:
    """The page; with `prompts` the lines of prompts that differ, not only their number."""
    blocks = [
        "# What differs",
        _table(
            ("", "run", "problem", "status"),
            [_head(*each) for each in zip(_SIDES, (found.one, found.other), strict=True)],
        ),
        *_asked(found),
        *_lenses(found),
        *_scores(found),
        *_steps(found),
        *_ideas("Hypotheses gained: only B has them", found.gained),
        *_ideas("Hypotheses lost: only A has them", found.lost),
        *_kept(found),
        *_prompts(found.prompts, whole=prompts),
    ]
    return "\n\n".join(blocks) + "\n"


def diff_document(found: Comparison) -> dict[str, Any]:
    """The comparison as data; `a` and `b` are the two runs, null where one has nothing."""
    return {
        "a": found.one.manifest.id,
        "b": found.other.manifest.id,
        "settings": {name: {"a": pair.one, "b": pair.other} for name, pair in found.settings.items()},
        "lenses": {
            "lost": list(found.lenses_lost),
            "gained": list(found.lenses_gained),
            "kept": list(found.lenses_kept),
        },
        "prompts": [
            {
                "call": change.call,
                "in_a": bool(change.asked.one),
                "in_b": bool(change.asked.other),
                "lines": list(change.lines),
            }
            for change in found.prompts
        ],
        "hypotheses": [{"a": _idea(pair.one), "b": _idea(pair.other)} for pair in found.ideas],
        "steps": [{"a": _step(pair.one), "b": _step(pair.other)} for pair in found.steps],
        "scores": [
            {"judge": judge, "criterion": criterion, "a": pair.one, "b": pair.other}
            for (judge, criterion), pair in found.scores.items()
        ],
    }


def _head(side: str, run: Run) -> tuple[str, ...]:
    result = run.manifest.result
    status = result.status if result else "unfinished"
    return side, run.manifest.id, markdown_line(run.manifest.problem.id), status


def _asked(found: Comparison) -> list[str]:
    if not found.settings:
        return ["Both were asked the same."]
    rows = [
        (markdown_line(name), *(markdown_line(value or "–") for value in (pair.one, pair.other)))
        for name, pair in found.settings.items()
        if " card " not in name or (pair.one and pair.other)  # who sits stands below
    ]
    return ["## Asked otherwise", _table(("what", *_SIDES), rows)]


def _lenses(found: Comparison) -> list[str]:
    if not (found.lenses_lost or found.lenses_gained):
        return []
    lines = [
        f"{what}: {', '.join(map(markdown_line, names))}"
        for what, names in (
            ("only in A", found.lenses_lost),
            ("only in B", found.lenses_gained),
            ("in both", found.lenses_kept),
        )
        if names
    ]
    return ["## Lenses", _bullets(lines)]


def _scores(found: Comparison) -> list[str]:
    if not found.scores:
        return ["## Scores", "Neither run was judged."]
    rows = []
    for (judge, criterion), pair in found.scores.items():
        change = "–" if pair.one is None or pair.other is None else _change(pair.one, pair.other)
        by = criterion if judge == "checks" else f"{criterion} (jury)"
        rows.append((markdown_line(by), score_text(pair.one), score_text(pair.other), change))
    return ["## Scores", _table(("criterion", *_SIDES, "change"), rows, right=3)]


def _change(one: float, other: float) -> str:
    """The difference of the two figures as they are shown."""
    by = round(other, 1) - round(one, 1)
    return f"{by:+.1f}" if abs(by) >= 0.05 else "0"


def _steps(found: Comparison) -> list[str]:
    if not found.steps:
        return []
    rows = []
    for pair in found.steps:
        step = pair.other or pair.one
        title = markdown_line(step.title if step else "")
        if pair.one and pair.other and pair.one.title != pair.other.title:
            title += f" (was: {markdown_line(pair.one.title)})"
        rows.append((title, _rank(pair.one), _rank(pair.other), _moved(pair)))
    return ["## Steps", _table(("step", *_SIDES, ""), rows)]


def _moved(pair: Pair[Step]) -> str:
    if pair.one is None:
        return "gained"
    if pair.other is None:
        return "lost"
    by = pair.one.rank - pair.other.rank
    if by == 0:
        return "" if pair.one.action == pair.other.action else "reworded"
    return f"{'up' if by > 0 else 'down'} {abs(by)}"


def _ideas(heading: str, ideas: Sequence[Idea]) -> list[str]:
    if not ideas:
        return []
    lines = [
        f"**{markdown_line(idea.seat)}**: {markdown_line(idea.claim)} ({_place(idea)})" for idea in ideas
    ]
    return [f"## {heading}", _bullets(lines)]


def _kept(found: Comparison) -> list[str]:
    pairs = [(pair.one, pair.other) for pair in found.ideas if pair.one and pair.other]
    if not pairs:
        return []
    lines = []
    for one, other in pairs:
        if one.claim != other.claim:
            lines.append(
                f"**{markdown_line(other.seat)}**: {markdown_line(one.claim)} → {markdown_line(other.claim)}"
            )
        if _place(one) != _place(other):
            lines.append(
                f"**{markdown_line(other.seat)}**: {markdown_line(other.claim)} "
                f"({_place(one)} in A, {_place(other)} in B)"
            )
    same = f"{len(pairs)} hypothes{'is is' if len(pairs) == 1 else 'es are'} in both runs"
    return [
        "## Hypotheses kept",
        same + ("; of these changed:" if lines else "."),
        *([_bullets(lines)] if lines else []),
    ]


def _place(idea: Idea) -> str:
    if idea.fate.steps:
        return idea.fate.text
    return "merged" if idea.fate.into else "set aside"


def _prompts(changes: Sequence[PromptChange], *, whole: bool) -> list[str]:
    if not changes:
        return ["## Prompts", "Every prompt is the same."]
    rows = []
    for change in changes:
        gone = sum(line.startswith("-") for line in change.lines)
        new = sum(line.startswith("+") for line in change.lines)
        cells = (
            "asked" if change.asked.one and not change.asked.other else _lines(gone),
            "asked" if change.asked.other and not change.asked.one else _lines(new),
        )
        rows.append((f"`{markdown_line(change.call)}`", *cells))
    blocks = ["## Prompts", _table(("call", "only in A", "only in B"), rows)]
    if whole:
        for change in changes:
            if change.lines:
                blocks += [f"### {markdown_line(change.call)}", fenced("\n".join(change.lines))]
    return blocks


def _lines(count: int) -> str:
    return f"{count} line{'s' * (count != 1)}" if count else ""


def _idea(idea: Idea | None) -> dict[str, Any] | None:
    return (
        None
        if idea is None
        else {"id": idea.id, "seat": idea.seat, "claim": idea.claim, "fate": idea.fate.text}
    )


def _step(step: Step | None) -> dict[str, Any] | None:
    return None if step is None else {"rank": step.rank, "title": step.title, "action": step.action}


def _rank(step: Step | None) -> str:
    return "–" if step is None else str(step.rank)


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: int = 0) -> str:
    """A Markdown table, the last `right` columns flush right."""
    marks = ["---"] * (len(headers) - right) + ["---:"] * right
    lines = [headers, marks, *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
