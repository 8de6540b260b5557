"""Scores as the page shows them: numbers, a strip from baseline over answer to target, reasons and marks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from debate.pages.marks import Quote
from debate.transcript_page import PREFERRED, score_text
from debate.verdict import Score, Verdict

STRIP: Final = 200
"""Width of a strip, in its own units: 20 a point."""


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A criterion. Places on the strip are None where there is no score; `quotes` are those marked in the
    answer.
    """

    score: Score
    baseline: str
    answer: str
    target: str
    band: str
    places: tuple[tuple[str, float], ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A judge's verdict. `preferred` is the comparison in both orders as a sentence, "" without one."""

    verdict: Verdict
    title: str
    anchor: str
    headline: ScoreView
    criteria: tuple[ScoreView, ...]
    preferred: str


def verdict_views(
    verdicts: Iterable[Verdict], quotes: Sequence[Quote], marked: Collection[int]
) -> tuple[VerdictView, ...]:
    """Each verdict with the quotes that were found in the answer."""
    return tuple(
        VerdictView(
            verdict=verdict,
            title="The judge by rule" if verdict.kind == "checks" else "The jury of models",
            anchor=f"verdict-{verdict.kind}",
            headline=_score(verdict.headline, ()),
            criteria=tuple(
                _score(
                    score,
                    [
                        quote
                        for quote in quotes
                        if (quote.judge, quote.criterion) == (verdict.kind, score.name)
                        and quote.number in marked
                    ],
                )
                for score in verdict.criteria
            ),
            preferred=PREFERRED[verdict.preferred] if verdict.preferred else "",
        )
        for verdict in verdicts
    )


def _score(score: Score, quotes: Iterable[Quote]) -> ScoreView:
    values = (("baseline", score.baseline), ("target", score.target), ("answer", score.answer))
    return ScoreView(
        score=score,
        baseline=score_text(score.baseline),
        answer=score_text(score.answer),
        target=score_text(score.target),
        band=score.band or str(score.status),
        places=tuple((name, round(value * STRIP / 10, 1)) for name, value in values if value is not None),
        quotes=tuple(quotes),
    )
