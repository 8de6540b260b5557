"""Domains: what field a case is from, guessed by the words it uses, for the domains the lenses know."""

from collections.abc import Sequence

from debate.cards.cues import cue

#: Words that speak for one of the domains the built-in lenses know.
DOMAINS = {
    "code": cue(
        "api, endpoint*, deploy*, database, query, queries, latency, server*, repository, build, ci",
        "pods, cpu",
        "memory leak, refactor*, microservice*, backend, frontend, cache, redis, rollback, release*",
        "commit*, kubernetes",
        "pull request*, stack trace, 5xx, timeout*, connection pool, replica*",
    ),
    "data": cue(
        "dataset*, data set*, training data, classifier, model accuracy, false positives, false alarms",
        "survey*",
        "respondents, etl, data pipeline, sample, samples, statistic*, correlation*, a/b test*, label*",
        "precision, recall",
    ),
    "design": cue(
        "screen, screens, usability, layout, mock-up*, mockup*, prototype*, typography, icon*",
        "wireframe*, colour contrast",
        "user test*, form fields, touch target*, signage, designer*, component library, figma",
    ),
    "operations": cue(
        "warehouse, order, orders, picking, packing, lorry, lorries, shift, shifts, machine*, plant",
        "supplier*, stock",
        "maintenance, ward, wards, patient*, bed, beds, nurse*, discharge*, theatre, pharmacy, logistics",
        "lager, schicht",
        "lieferung*, lieferant*, aufträge, maschine*, montage, fertigung, wareneingang, kommissionierung",
    ),
    "product": cue(
        "feature*, onboarding, free trial, trial, churn, activation, subscriber*, subscription*, app",
        "users, retention",
        "sign-up*, signup*, roadmap, daily active, monthly active, release notes, in-app",
    ),
    "public service": cue(
        "citizen*, applicant*, applications, council, municipal*, benefit*, permit*, town hall, library",
        "libraries, school*",
        "pupil*, parents, class, homework, lesson*, bürger*, antrag, anträge, bescheid*, amt, behörde",
        "schule, schüler*",
        "eltern, sachbearbeiter*, rathaus, bürgeramt",
    ),
    "strategy": cue(
        "market share, competitor*, pricing, price list, margin*, segment*, business model, acquisition",
        "rivals, deal, deals",
        "pipeline, win rate, quota, sales, discount*, revenue, prospect*, renewal*, konkurren*",
        "marktanteil, umsatz, rabatt*",
    ),
    "team": cue(
        "meeting*, stand-up*, standup*, retrospective*, morale, turnover, one-on-one*, decision*",
        "disagree*, conflict*",
        "feedback round, team lead*, colleagues, on-call rota, near miss*, burnout, resign*, workshop*",
    ),
}
_LEAST = 3


def guess_domain(texts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The domain whose words a text uses, and those words; ("", ()) where none is clearly ahead."""
    said = " ".join(texts)
    found = {
        domain: tuple(dict.fromkeys(match[0].casefold() for match in pattern.finditer(said)))
        for domain, pattern in DOMAINS.items()
    }
    first, second, *_ = sorted(found, key=lambda domain: len(found[domain]), reverse=True)
    ahead = len(found[first]) >= _LEAST and len(found[first]) >= len(found[second]) + 2
    return (first, found[first]) if ahead else ("", ())
