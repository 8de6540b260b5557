"""Moves: what a lens suggests to do, with the measurement that would prove it wrong.

A move is a list of slots, general ones first; `#### In <domain>` words some of them anew for one domain. Who
words `Suspect` anew words `Because` anew, too: the general reason belongs to the general claim. A move that
cannot be wrong is none: its `True if` and `False if` must share a unit and no value, in every domain, with
the case's figures and without.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from debate.cards.frontmatter import nearest
from debate.cards.markdown import Block, ListBlock, ListItem, Section
from debate.cards.signals import SIGNALS
from debate.cards.thresholds import Threshold, pair_faults, parse_threshold
from debate.errors import Fault

#: Slots of a move, by the bold lead of its bullet, in the order cards write them.
SLOTS = (
    "suspect",  # the claim: one sentence about the case that could be wrong
    "because",  # cause, mediator, effect
    "leaves",  # what an attempt that misses the cause leaves as it was: "how full the fullest of all is"
    "measure",  # one quantity, a noun phrase: "share of [now] spent waiting between parts"
    "now",  # its value today, or how to get it
    "true if",  # interval: "at least [gap share], else 50 %"; see debate.cards.thresholds
    "false if",  # interval disjoint from it, same unit: "at most [half gap share], else 25 %"
    "test",  # how to get the measure: "Count the round trips: …" (the part before the colon is a title)
    "who",  # who tests and builds it
    "days",  # working days the test takes, a number
    "change",  # what to change when the claim holds: "Ask once for all of it: …"
    "build days",  # working days the change takes
    "effect",  # what the change is worth
    "costs",  # what is given up for the change, or who gives it up
    "rival",  # best other explanation and what it would predict
    "words",  # comma-separated words that, in a case, speak for this move
    "signals",  # comma-separated names out of debate.cards.signals that speak for it in any case
)
OPTIONAL_SLOTS = ("leaves", "now", "costs", "words", "signals")

#: Names that may stand in square brackets: the case's own figures and names.
STAND_INS = (
    "subject",  # the thing the case is about
    "figure",  # the figure that is stuck
    "now",  # its value today
    "target",  # the value wanted
    "start",  # its value before the attempts
    "gap",  # what is still missing
    "half gap",
    "gap share",  # the gap as share of now, in %
    "half gap share",
    "repeat",  # where every past gain once more would end
    "halfway",  # half the way from now to target
    "attempts",  # how many things were tried
    "cases",  # what is counted, in the plural: "orders", "tickets"; "cases" where the case does not tell
    "best attempt",  # the attempt that brought most, by name
    "deadline",  # the time the case allows
)


@dataclass(frozen=True, slots=True)
class Move:
    """One intervention with the measurement that would prove it wrong. `line` is 1-based."""

    name: str
    slots: Mapping[str, str]
    domains: Mapping[str, Mapping[str, str]]
    line: int

    def within(self, domain: str) -> Mapping[str, str]:
        """The slots as worded for `domain`: its own where the card has them, the general ones elsewhere."""
        return MappingProxyType({**self.slots, **self.domains.get(domain.casefold(), {})})


_BRACKETS = re.compile(r"\[([A-Za-z][A-Za-z -]*)\]")
_CODE = re.compile(r"`[^`]*`")
_DAYS = re.compile(r"\d+(?:\.\d+)?")
_IN = re.compile(r"in\s+(?P<domain>\S.*)", re.IGNORECASE)

_Slots = dict[str, ListItem]


def read_moves(section: Section, faults: list[Fault]) -> tuple[Move, ...]:
    """The moves below `## Moves`, one for each heading. What is wrong is added to `faults`."""
    for block in section.blocks:
        faults.append(
            Fault(block.line, "text before the first move; expected a heading '### <name of the move>'")
        )
    if not section.sections:
        faults.append(
            Fault(section.line, "the lens has no move; expected a heading '### <name of the move>'")
        )
    moves = [_move(each, faults) for each in section.sections]
    seen: set[str] = set()
    for move in moves:
        if move.name.casefold() in seen:
            faults.append(Fault(move.line, f"a second move is called {move.name!r}"))
        seen.add(move.name.casefold())
    return tuple(moves)


def stand_in_faults(text: str, line: int, known: Sequence[str] = STAND_INS) -> list[Fault]:
    """One fault for every word in square brackets that stands for nothing."""
    unknown = [name for name in _BRACKETS.findall(_CODE.sub("", text)) if name not in known]
    return [
        Fault(line, f"[{name}] stands for nothing; {_meant(name.casefold(), known, '[{}]')}")
        for name in unknown
    ]


def bullets(blocks: Sequence[Block], faults: list[Fault]) -> list[ListItem]:
    """The items of all lists among the blocks; anything else, and anything nested in an item, is a fault."""
    items: list[ListItem] = []
    for block in blocks:
        if isinstance(block, ListBlock):
            items += block.items
        else:
            faults.append(Fault(block.line, "text outside a list; expected bullets only: '- …'"))
    for item in items:
        if item.blocks:
            faults.append(
                Fault(item.blocks[0].line, "text nested in a bullet; expected one paragraph for each")
            )
    return items


def _move(section: Section, faults: list[Fault]) -> Move:
    general = _slots(section.blocks, faults)
    for name in SLOTS:
        if name not in general and name not in OPTIONAL_SLOTS:
            line, what = section.line, f"move {section.title!r} has no {_title(name)}"
            faults.append(Fault(line, f"{what}; expected a bullet '- **{_title(name)}:** …'"))
    _check_pair(general, general, faults)
    domains: dict[str, Mapping[str, str]] = {}
    for each in section.sections:
        match = _IN.fullmatch(each.title)
        domain = match["domain"].casefold() if match else ""
        if not domain:
            faults.append(Fault(each.line, f"heading {each.title!r} in a move; expected '#### In <domain>'"))
        elif domain in domains:
            faults.append(Fault(each.line, f"a second heading 'In {domain}' in move {section.title!r}"))
        own = _slots([*each.blocks, *(b for below in each.sections for b in below.everything())], faults)
        if "suspect" in own and "because" not in own:
            what = f"{each.title!r} in move {section.title!r} has a Suspect of its own and no Because"
            add = "add a bullet '- **Because:** …' with the reason there"
            faults.append(Fault(own["suspect"].line, f"{what}; {add}"))
        if {"true if", "false if"} & own.keys():
            _check_pair({**general, **own}, own, faults)
        if domain:
            domains[domain] = _texts(own)
    return Move(section.title, _texts(general), MappingProxyType(domains), section.line)


def _slots(blocks: Sequence[Block], faults: list[Fault]) -> _Slots:
    found: _Slots = {}
    for item in bullets(blocks, faults):
        name = " ".join(item.lead.rstrip(" :").casefold().split())
        if not name:
            faults.append(Fault(item.line, f"{item.text[:40]!r} is no slot; expected '- **Slot:** text'"))
        elif name not in SLOTS:
            faults.append(Fault(item.line, f"unknown slot {_title(name)!r}; {_meant(name, SLOTS, '{}')}"))
        elif name in found:
            faults.append(Fault(item.line, f"{_title(name)} stands here twice"))
        elif not item.rest:
            faults.append(Fault(item.line, f"{_title(name)} is empty"))
        else:
            found[name] = item
    for name, item in found.items():
        faults += stand_in_faults(item.rest, item.line)
        if name in ("days", "build days") and not (
            _DAYS.fullmatch(item.rest) and 0 < float(item.rest) <= 1000
        ):
            faults.append(
                Fault(item.line, f"{_title(name)} is {item.rest!r}; expected a number of working days")
            )
        if name == "signals":
            unknown = [each for each in listed(item.rest) if each not in SIGNALS]
            faults += [
                Fault(item.line, f"no signal {each!r}; {_meant(each, tuple(SIGNALS), '{}')}")
                for each in unknown
            ]
    return found


def _check_pair(slots: _Slots, new: _Slots, faults: list[Fault]) -> None:
    """Both intervals of `slots` parse and can decide something; what is not in `new` was looked at before."""
    parsed: list[Threshold] = []
    line = 0
    for name in ("true if", "false if"):
        item = slots.get(name)
        if item is None or stand_in_faults(item.rest, item.line):
            continue
        try:
            parsed.append(parse_threshold(item.rest))
        except ValueError as error:
            if name in new:
                faults.append(Fault(item.line, f"{_title(name)}: {error}"))
        line = item.line if name in new else line
    if len(parsed) == 2:
        faults += [Fault(line, sentence) for sentence in pair_faults(*parsed)]


def listed(text: str) -> tuple[str, ...]:
    """What a slot lists, parted by commas."""
    return tuple(each for part in text.split(",") if (each := " ".join(part.split())))


def _texts(slots: _Slots) -> Mapping[str, str]:
    return MappingProxyType({name: slots[name].rest for name in SLOTS if name in slots})


def _title(slot: str) -> str:
    return slot[:1].upper() + slot[1:]


def _meant(word: str, known: Sequence[str], form: str) -> str:
    near = nearest(word, known)
    if near:
        return f"nearest: {form.format(near)}"
    return f"expected one of {', '.join(form.format(each) for each in known)}"
