"""Verdicts: whether a lens earned its seat, from the differences it made on each card.

    earned       significant after Holm, the interval above zero and above what a placebo brings
    harmful      significant after Holm, the interval below zero
    dead weight  shown to make less difference, either way, than the margin the study named beforehand
    undecided    none of these is shown; needs about so many more cards
    untested     fewer than two cards: a description, no test

Earning and harming are asked first: an effect that is there but smaller than the margin is earned (or
harmful), and the verdict says how small it is. Holm holds the chance of any wrong "earned" or "harmful" in
the study at alpha; "dead weight" errs with at most alpha for each lens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from debate.studies.power import cards_needed, fewest_cards, minimum_detectable_effect
from debate.studies.sequential import e_process
from debate.studies.statistics import Estimate, Interval, estimate, holm, known, t_interval, tost

#: What a lens changed on each card, in points: with the lens minus without it, None where a side is missing.
Differences = Mapping[str, float | None]


class Standing(StrEnum):
    """What a study shows of a lens."""

    EARNED = "earned"
    HARMFUL = "harmful"
    DEAD_WEIGHT = "dead weight"
    UNDECIDED = "undecided"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class LensVerdict:
    """One lens. Effects are in points.

    `p` is None where there is no card; it is the sign-flip test's, or the e-process's where the study stops
    by it; `holm` is that p after Holm, `equivalence` that of lying inside the margin. `detectable` is the
    smallest effect so many cards find with 80 % power (None: nothing can be found), `fewest` the cards it
    takes to find anything, `more` about how many further cards settle an undecided lens (None: no number
    helps). `why` is the verdict's reason in plain sentences.
    """

    lens: str
    standing: Standing
    estimate: Estimate
    p: float | None
    holm: float | None
    equivalence: float | None
    detectable: float | None
    fewest: int
    more: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All lenses of a study and its placebos, by name, in the order given.

    `bar` is the highest mean among the placebos, in points, None without one. `unsound` says why no verdict
    here should be believed, "" when nothing is known against them.
    """

    lenses: Mapping[str, LensVerdict]
    placebos: Mapping[str, Estimate]
    bar: float | None
    unsound: str


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the study fixed beforehand, and the bar its placebos set."""

    margin: float
    alpha: float
    family: int
    fewest: int
    bar: float | None
    seed: int


def verdicts(
    lenses: Mapping[str, Differences],
    *,
    margin: float,
    alpha: float = 0.05,
    placebos: Mapping[str, Differences] | None = None,
    sequential: bool = False,
    seed: int = 0,
) -> Verdicts:
    """The verdict on each lens, from its difference on each card (Holm, 1979; Schuirmann, 1987).

    `lenses` and `placebos` map a name to its differences by card; replicates are already averaged inside the
    card. `margin` is the smallest effect that matters, in points. All lenses count as one family, those
    without a card too. With `sequential`, for studies that stop by the e-process, cards stand in the order
    they were run and the e-process replaces the sign-flip test, whose p is not valid then; intervals and
    "dead weight" keep their level only as if the number of cards had been fixed. ValueError for a margin,
    an alpha or a difference that makes no sense.
    """
    placebos = placebos or {}
    family = max(1, len(lenses))
    fewest = fewest_cards(alpha=alpha, family=family)
    measured = {name: estimate(cards, alpha=alpha, seed=seed) for name, cards in placebos.items()}
    means = [placebo.mean for placebo in measured.values() if placebo.mean is not None]
    rules = _Rules(
        margin=margin,
        alpha=alpha,
        family=family,
        fewest=fewest,
        bar=max(means, default=None),
        seed=seed,
    )
    estimates = {lens: estimate(cards, alpha=alpha, seed=seed) for lens, cards in lenses.items()}
    ps = {lens: found.p for lens, found in estimates.items()}
    if sequential:
        ps = {lens: e_process(known(cards)).p if known(cards) else None for lens, cards in lenses.items()}
    adjusted = holm(ps)
    return Verdicts(
        lenses={
            lens: _judge(lens, cards, estimates[lens], p=ps[lens], adjusted=adjusted[lens], rules=rules)
            for lens, cards in lenses.items()
        },
        placebos=measured,
        bar=rules.bar,
        unsound=_unsound(placebos, alpha),
    )


def _judge(
    lens: str, cards: Differences, found: Estimate, *, p: float | None, adjusted: float | None, rules: _Rules
) -> LensVerdict:
    equivalence = tost(known(cards), margin=rules.margin, seed=rules.seed)
    standing = _standing(found, adjusted, equivalence, rules)
    more = _more(found, standing, rules)
    return LensVerdict(
        lens=lens,
        standing=standing,
        estimate=found,
        p=p,
        holm=adjusted,
        equivalence=equivalence,
        detectable=minimum_detectable_effect(
            found.n, found.sd or 0.0, alpha=rules.alpha, family=rules.family
        ),
        fewest=rules.fewest,
        more=more,
        why=" ".join(_why(found, standing, adjusted, more, rules)),
    )


def _standing(found: Estimate, adjusted: float | None, equivalence: float | None, rules: _Rules) -> Standing:
    if found.interval is None or adjusted is None:
        return Standing.UNTESTED
    if adjusted < rules.alpha and found.interval.low > max(0.0, rules.bar or 0.0):
        return Standing.EARNED
    if adjusted < rules.alpha and found.interval.high < 0:
        return Standing.HARMFUL
    if equivalence is not None and equivalence < rules.alpha:
        return Standing.DEAD_WEIGHT
    return Standing.UNDECIDED


def _more(found: Estimate, standing: Standing, rules: _Rules) -> int | None:
    """Further cards until the verdict is likely to fall.

    Reckoned for an effect of the margin. A lens still undecided at that many cards has an effect between
    nothing and the margin, so the effect to tell apart is halved until there is something left to do.
    """
    if standing not in {Standing.UNDECIDED, Standing.UNTESTED}:
        return None
    if not found.sd:
        return max(0, rules.fewest - found.n) or None
    effect, needed = rules.margin, 0
    while needed <= found.n:
        cards = cards_needed(found.sd, effect, alpha=rules.alpha, family=rules.family)
        if cards is None:
            return None
        effect, needed = effect / 2, cards
    return needed - found.n


def _why(
    found: Estimate, standing: Standing, adjusted: float | None, more: int | None, rules: _Rules
) -> list[str]:
    """The reason in sentences, the one that decides first."""
    if found.mean is None:
        return ["No card has a score on both sides.", _needs(more)]
    if found.interval is None or adjusted is None:
        return [
            f"{found.mean:+.2f} points: describes this card and tests nothing.",
            f"A test takes at least {rules.fewest} cards.",
        ]
    seen = f"{found.mean:+.2f} points ({_span(found.interval)}) over {found.n} cards"
    sentences = {
        Standing.EARNED: [f"{seen}, p {adjusted:.3f} after Holm."],
        Standing.HARMFUL: [f"{seen}, p {adjusted:.3f} after Holm."],
        Standing.DEAD_WEIGHT: [f"{seen}: shown to lie inside ±{rules.margin:g}."],
    }.get(standing, [f"{seen}: neither an effect nor its absence is shown.", _needs(more)])
    if standing in {Standing.EARNED, Standing.HARMFUL} and abs(found.mean) < rules.margin:
        sentences.append(f"Smaller than the ±{rules.margin:g} the study set out to find.")
    if (
        standing is Standing.UNDECIDED
        and adjusted < rules.alpha
        and rules.bar is not None
        and 0 < found.interval.low <= rules.bar
    ):
        sentences[0] = f"{seen}, p {adjusted:.3f} after Holm, but not above a placebo's {rules.bar:+.2f}."
    if found.n < rules.fewest:
        lenses = "one lens" if rules.family == 1 else f"{rules.family} lenses"
        sentences.append(
            f"With {found.n} cards and {lenses} no effect can be significant: it takes {rules.fewest} cards."
        )
    if found.missing:
        sentences.append(f"{len(found.missing)} of {found.n + len(found.missing)} cards are missing.")
    return sentences


def _needs(more: int | None) -> str:
    if more is None:
        return "More cards are unlikely to settle it."
    return f"Needs about {more} more {'card' if more == 1 else 'cards'}."


def _span(interval: Interval) -> str:
    return f"{interval.low:+.2f} to {interval.high:+.2f}"


def _unsound(placebos: Mapping[str, Differences], alpha: float) -> str:
    """A placebo that does something voids the study; a false alarm has a chance of alpha over all of them."""
    for name, cards in placebos.items():
        interval = t_interval(known(cards), alpha=alpha / len(placebos))
        if interval is not None and (interval.low > 0 or interval.high < 0):
            return (
                f"The placebo arm ({name}) changed the score by {_span(interval)} points. Something other "
                "than what lenses say moves the score here, so no verdict of this study stands."
            )
    return ""
