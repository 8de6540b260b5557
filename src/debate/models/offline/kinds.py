"""Kinds: what a remedy did, in plain words, by the words of its name.

More time, more hands, a quicker tool, a rule, a talk, a reward: each kind works on something and on nothing
else. What is said of a kind is true of every remedy of it; a name that tells no kind gets no kind.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from debate.cards.cues import cue

#: What the kinds did that can be known by the name, to stand behind "it"; the second wording is for another
#: remedy of the same kind. What another name stands for nobody can tell: there only the figures speak.
DID: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "time": ("bought more hours for the same work", "added hours once more"),
        "hands": ("put more hands to the same work", "added hands again"),
    }
)
_WORDS = (
    (
        "time",
        cue(
            "overtime, extra shift*, weekend*, longer hours, longer opening, evening shift*, mehrarbeit",
            "überstunden, hours more, more hours, saturday*, night shift*, holidays, double shift*",
        ),
    ),
    (
        "hands",
        cue(
            "hire*, hired, hiring, extra staff, more staff, helper*, volunteers, temps, temporary workers",
            "more clerks, more people, another teacher, second person, aushilfe*, more nurses, assistant*",
            "more guides, sitter*",
        ),
    ),
    (
        "talk",
        cue(
            "meeting*, call, calls, stand-up*, standup*, channel*, round table*, retrospective*, workshop*",
            "conference*, steering, working group*, committee*, weekly talk*, chat",
        ),
    ),
    (
        "told",
        cue(
            "training*, course*, leaflet*, flyer*, film*, video*, poster*, campaign*, letter, letters",
            "email*, e-mail*, mailing*, message*, reminder*, newsletter*, wall chart*, chart, notice*",
            "onboarding, tour, tutorial*, guide, handbook, presentation*, evening for, open day*, advert*",
            "visits to, plakat*, brief, schulung*, wiki, documentation, help text*, talk for, talks",
        ),
    ),
    (
        "reward",
        cue(
            "bonus*, reward*, discount*, rebate*, coupon*, price*, points, free, badge*, streak*, contest*",
            "prize*, premium*, prämie*, ranking, incentive*, voucher*, gift*, competition, fee, fees",
        ),
    ),
    (
        "watch",
        cue(
            "dashb*, alert*, alarm*, monitor*, report, reports, kpi*, profil*, audit*, survey*",
            "display, screen, board, inspection*",
        ),
    ),
    ("line", cue("cut-off*, cutoff*, threshold*, stricter, limit, limits, quota*")),
    ("form", cue("form, forms, questionnaire*, template*, formular*")),
    (
        "rule",
        cue(
            "checklist*, rule*, table of, list of, lists of, priority list, policy, agenda*, plan, process*",
            "standard*, guideline*, deadline*, procedure*, rota, timetable*, schedule*",
            "checkliste*, plan*, priority, priorities, ban, obligation, mandatory",
        ),
    ),
    (
        "look",
        cue(
            "larger type, fewer words, layout*, design*, redesign*, colour*, color*, wording, languages",
            "landing page*, headline*, button*, shorter, icons, picture*, labels",
        ),
    ),
    (
        "tool",
        cue(
            "scanner*, software, portal*, app, robot*, online, tool*, tablet*, automat*, digital*, conveyor*",
            "system, module*, script*, cach*, index*, machine learning, bot",
        ),
    ),
    (
        "tune",
        cue(
            "retrain*, features, tun*, optimi*, quer*, pool*, first, cleaner, better, faster",
            "sort*, refin*, improved, dip, cleaning, maintenance",
        ),
    ),
    (
        "means",
        cue(
            "runners, machines, servers, larger, bigger, twice as many, additional, heap, memory, nodes",
            "vehicles, vans, trucks, replica*, capacity, more, extra, second, third, new copies",
        ),
    ),
    ("people", cue("reorgani*, reorg, restructur*, new head, new lead, coordinator*, merger*, moved the")),
)


def kind(name: str) -> str:
    """The kind of a remedy by its name, "" where that does not tell. What is named first is what was done."""
    found = [
        (match.start(), n, each) for n, (each, words) in enumerate(_WORDS) if (match := words.search(name))
    ]
    return min(found)[2] if found else ""


def did(kind_: str, before: Iterable[str]) -> str:
    """What a remedy of this kind did, behind "it", where those of the kinds `before` were told already; ""
    for no kind, or one that was told twice.
    """
    told = list(before).count(kind_)
    wordings = DID.get(kind_, ())
    return wordings[told] if told < len(wordings) else ""
