"""`docs/cards.md` is true: its cards are read as it says, its faults are the program's, its commands run.

A table below `<!-- read: what -->` says how something is read, one below `<!-- faults: FILE -->` what is said
when one thing in the page's own FILE is written otherwise.
"""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.pages import SHELL, Block, blocks, code, marked, shell, strays

from debate.cards.figures import figures
from debate.cards.lens import SECTIONS, parse_lens
from debate.cards.moves import SLOTS, STAND_INS
from debate.cards.parts import KEY, NAMES
from debate.cards.problem import ProblemCard, parse_problem
from debate.cards.quantities import Quantity, find
from debate.cards.role import parse_role
from debate.cards.signals import SIGNALS, find_signals
from debate.cards.thresholds import Threshold, parse_threshold, show
from debate.cards.tried import attempts
from debate.errors import CardError
from debate.library import Library
from debate.models.offline import stand_ins
from debate.models.offline.case import Case, read_case
from debate.prompts import problem_block

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cards.md"
LEFT_OUT = "(left out)"
KINDS: dict[str, Callable[[str, Path, str], object]] = {
    "lenses": parse_lens,
    "agents": parse_role,
    "": parse_problem,
}


def rows(what: str) -> tuple[tuple[str, ...], ...]:
    """The table below `<!-- read: what -->`."""
    found = marked(PAGE, "read", what).rows
    assert found, f"no table below the marker {what!r}"
    return found


FAULTS = [
    pytest.param(block.what, *row, id=f"{block.what}-{row[0]}-{row[1]}")
    for block in blocks(PAGE)
    if block.kind == "faults"
    for row in block.rows
]


def test_the_page_can_be_followed_from_top_to_bottom(tmp_path: Path) -> None:
    taken = [_follow(block, tmp_path) for block in blocks(PAGE)]
    assert {"file", "shell", "stdout", "stderr"} <= set(taken)


def _follow(block: Block, folder: Path) -> str:
    """Do what a reader does with a block; says what that was."""
    if block.kind == "file":
        (folder / block.what).parent.mkdir(parents=True, exist_ok=True)
        (folder / block.what).write_text(block.text, encoding="utf-8")
    elif block.kind in ("stdout", "stderr"):
        done = shell(block.what, folder)
        assert strays(block.text, done.stdout if block.kind == "stdout" else done.stderr) == [], block.what
    elif block.language in SHELL:
        done = shell(block.text, folder)
        assert done.returncode == 0, f"{block.text}\n{done.stderr}"
        return "shell"
    else:
        assert block.kind in ("read", "faults"), f"nobody checks this block: {block.text[:200]}"
    return block.kind


@pytest.mark.parametrize("block", [b for b in blocks(PAGE) if b.what.endswith(".md") and b.kind == "file"],
                         ids=lambda block: block.what)  # fmt: skip
def test_every_card_of_the_page_is_without_fault_or_warning(block: Block) -> None:
    assert _said(block.what, block.text) == []


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS)
def test_a_fault_is_said_as_the_page_says_it(file: str, old: str, new: str, message: str) -> None:
    text, (before,), (expected,) = marked(PAGE, "file", file).text, code(old), code(message)
    assert before in text
    assert expected in _said(file, _changed(text, before, new))


def _changed(text: str, before: str, new: str) -> str:
    if new != LEFT_OUT:
        return text.replace(before, code(new)[0], 1)
    if before.startswith("## "):  # the whole section goes
        return re.sub(rf"^{re.escape(before)}\n.*?(?=^## |\Z)", "", text, flags=re.MULTILINE | re.DOTALL)
    return text.replace(before, "", 1)


def _said(file: str, text: str) -> list[str]:
    """Every fault of a card, or else every warning."""
    parse = KINDS[file.rpartition("/")[0]]
    try:
        card = parse(text, Path(file), "file")
    except CardError as error:
        return [fault.message for fault in error.faults]
    return [fault.message for fault in card.warnings] if isinstance(card, ProblemCard) else []


class TestProblemTables:
    def test_every_part_is_named_with_who_sees_it(self) -> None:
        named = {code(row[0])[0].casefold(): row for row in rows("parts")}
        assert set(named) == {aliases[0] for aliases in NAMES.values()}
        for name, aliases in NAMES.items():
            heading, *_, seen_by = named[aliases[0]]
            assert {each.casefold() for each in code(heading)} <= set(aliases)
            assert seen_by == ("the judge" if name in KEY else "all")

    @pytest.mark.parametrize("row", rows("quantities"), ids=lambda row: row[0])
    def test_quantities(self, row: tuple[str, ...]) -> None:
        read = [", ".join(map(_quantity, find(each))) or "nothing" for each in code(row[0])]
        assert read == row[1].split("; ")

    @pytest.mark.parametrize("row", rows("figures"), ids=lambda row: row[0])
    def test_figures(self, row: tuple[str, ...]) -> None:
        assert _figures(code(row[0])[0]) == row[1]

    @pytest.mark.parametrize("row", rows("sums"), ids=lambda row: row[0])
    def test_sums(self, row: tuple[str, ...]) -> None:
        keys = ("pile", "pile_to_go", "stages", "share_of_share", "floor", "load")
        found = [each.text for each in _card("## Context", code(row[0])[0]).readings if each.key in keys]
        assert (" ".join(found) or "nothing") == row[1]

    @pytest.mark.parametrize("row", rows("attempts"), ids=lambda row: row[0])
    def test_attempts(self, row: tuple[str, ...]) -> None:
        (attempt,) = attempts(code(row[0])[0], labelled=True)
        effect = attempt.effect
        amount = f", {_quantity(effect.amount)}" if effect and effect.amount else ""
        assert (attempt.name, f"{effect.direction}{amount}" if effect else "not stated") == row[1:]

    @pytest.mark.parametrize("row", rows("relevance"), ids=lambda row: row[0])
    def test_relevance(self, row: tuple[str, ...]) -> None:
        found = _card("## Lenses", code(row[0])[0]).relevance
        why = [f", because {each.gloss}" if each.gloss else "" for each in found]
        read = [f"{each.level}: {each.lens}{gloss}" for each, gloss in zip(found, why, strict=True)]
        assert "; ".join(read) == row[1]

    @pytest.mark.parametrize("row", rows("ratings"), ids=lambda row: row[0])
    def test_ratings(self, row: tuple[str, ...]) -> None:
        (rating,) = _card("## Baseline Solution", "Do more.\n\n" + code(row[0])[0]).baseline.ratings
        scope = f"{rating.low:g} to {rating.high:g}" if rating.low < rating.high else f"{rating.low:g}"
        assert f"{rating.criterion} {scope}" + f": {rating.note}" * bool(rating.note) == row[1]


class TestLensTables:
    def test_every_section_and_slot_is_named_in_the_order_cards_have_them(self) -> None:
        assert [code(row[0])[0] for row in rows("sections")] == list(SECTIONS)
        assert [code(row[0])[0].casefold() for row in rows("slots")] == list(SLOTS)

    def test_the_domains_are_those_of_the_shipped_lenses(self) -> None:
        lenses = [entry.card for entry in Library.open().lenses() if entry.card]
        known = {domain for lens in lenses for move in lens.moves for domain in move.domains}
        assert code(marked(PAGE, "read", "domains").text) == sorted(known)

    def test_every_signal_is_told_as_the_program_has_it(self) -> None:
        assert {code(row[0])[0]: row[1] for row in rows("signals")} == dict(SIGNALS)

    @pytest.mark.parametrize("row", rows("signals"), ids=lambda row: row[0])
    def test_a_signal_is_found_where_the_page_says_so(self, row: tuple[str, ...]) -> None:
        said = code(row[2])
        parts = {
            "`deadline`": "Constraints",
            "`budget`": "Constraints",
            "`diminishing returns`": "What was tried",
        }
        text = "\n".join(f"- {each}" for each in said) if len(said) > 1 else said[0]
        found = find_signals(_card(f"## {parts.get(row[0], 'Challenge')}", text).facts)
        assert code(row[0])[0] in {signal.name for signal in found}

    def test_every_stand_in_is_replaced_by_what_the_page_says(self) -> None:
        known = stand_ins.words(_stuck())
        assert [(code(row[0])[0], row[2].strip("` ")) for row in rows("stand-ins")] == [
            (f"[{name}]", known[name].strip("`")) for name in STAND_INS
        ]

    @pytest.mark.parametrize("row", rows("thresholds"), ids=lambda row: row[0])
    def test_thresholds(self, row: tuple[str, ...]) -> None:
        threshold = parse_threshold(code(row[0])[0])
        assert (_range(threshold, _stuck()), _range(threshold, read_case(""))) == row[1:]


def test_every_role_is_named_with_its_variables() -> None:
    known = {entry.id: entry.card for entry in Library.open().roles()}
    told = {code(row[0])[0]: tuple(code(row[1])) for row in rows("roles")}
    assert told == {id_: card.variables for id_, card in known.items() if card}


def test_every_command_of_the_page_is_one_of_the_program_or_of_the_shell() -> None:
    lines = [line for b in blocks(PAGE) if b.language in SHELL for line in b.text.splitlines()]
    assert {shlex.split(line)[0] for line in lines} <= {"cd", "cp", "debate", "mkdir", "touch"}


def _quantity(quantity: Quantity) -> str:
    low, high = f"{quantity.low:,.10g}", f"{quantity.high:,.10g}"
    number = low if low == high else f"{low} to {high}"
    return f"{quantity.bound} {number} {quantity.unit}".strip()


def _card(heading: str, text: str) -> ProblemCard:
    return parse_problem(f"# T\n## Context\nIt is slow.\n{heading}\n{text}\n", Path("card.md"), "file")


def _figures(challenge: str) -> str:
    found = figures(_card("## Challenge", challenge).facts)
    if found is None:
        return "nothing"
    values = {"now": found.now, "target": found.target, "start": found.start, found.tail_name: found.tail}
    told = [f"{name} {value:,g} {found.unit}" for name, value in values.items() if value is not None]
    deadline = [] if found.deadline is None else [f"{found.deadline:g} working days"]
    return ", ".join(told + deadline)


def _stuck() -> Case:
    return read_case(problem_block(Library.open().problem("code_performance-stuck"), seed=0))


def _range(threshold: Threshold, case: Case) -> str:
    found = threshold.resolve(stand_ins.values(case))
    return show(found) if found else "none: the move is left out"
