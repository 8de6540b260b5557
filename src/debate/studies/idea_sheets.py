"""Idea sheets: what became of ideas, by seat and one by one, and what merging was worth."""

from debate.studies.report import StudyReport
from debate.studies.sheet import Row, Sheet
from debate.studies.survival import Idea
from debate.studies.wording import count, points, score


def survival_sheet(report: StudyReport) -> Sheet:
    """What became of the ideas of each seat in the full panel."""
    found = report.survival
    rows = [
        Row(
            (_seat(each.seat, report), *map(str, (each.first, each.too, each.survived, each.quoted))),
            each.runs,
        )
        for each in found.seats
    ]
    notes = [
        f"{count(len(found.ideas), 'idea')} over {count(len(found.panels), 'run')}. "
        "An idea is a hypothesis with those merged into it; one that several seats raised counts for each. "
        f"One by one: debate studies show {report.study} --ideas{report.where}"
    ]
    if report.games and not any(game.game == "removal" for game in report.games):
        notes.append(
            "The oracle gap, whether a seat alone did better than all of them merged, is not known: here no "
            "seat answers alone. A study with --game both has it."
        )
    return Sheet(
        key="ideas",
        title="Ideas: what became of them in the full panel",
        headers=("seat", "raised first", "raised too", "reached a step", "judge quotes it"),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def idea_sheet(report: StudyReport) -> Sheet:
    """What became of each idea, run by run."""
    several = len(report.survival.panels) > 1
    rows = [
        Row((each.claim, _who(each, report), each.end, ", ".join(each.quoted) or "–",
             *([each.card] if several else [])), (each.run,))
        for each in report.survival.ideas
    ]  # fmt: skip
    return Sheet(
        key="ideas-one-by-one",
        title=f"Each of {count(len(rows), 'idea')}: who raised it, and what it led to",
        headers=("idea", "raised by", "led to", "judge quotes it for", *(["card"] if several else [])),
        rows=tuple(rows),
        words=5,
        notes=(
            "Seats think at the same time: the first is who sits first. A judge quotes the answer; a quote "
            "that stands in a step of it is counted for the ideas this step acts on.",
        ),
    )


def _who(idea: Idea, report: StudyReport) -> str:
    first, *others = (_seat(seat, report) for seat in idea.seats)
    return f"{first}, then {', '.join(others)}" if others else first


def _seat(seat: str, report: StudyReport) -> str:
    return report.names.get(seat, seat)


def gap_sheet(report: StudyReport) -> Sheet:
    """The best single seat against the merged answer."""
    rows = [
        Row(
            (each.problem, _seat(each.seat, report), str(each.replicate), score(each.best),
             score(each.merged), points(each.gap)),
            each.runs,
        )
        for each in report.gaps
    ]  # fmt: skip
    return Sheet(
        key="oracle-gap",
        title="Oracle gap: the best seat alone against the merged answer",
        headers=("card", "best seat", "replicate", "alone", "merged", "gap"),
        rows=tuple(rows),
        words=2,
        notes=("Above zero something that was in the pool was lost in merging.",),
    )
