"""`docs/studies.md`: its commands run in order, its tables are those of the code, its excerpt is real."""

from pathlib import Path

import pytest
from tests.pages import bench, blocks, code, commands, marked, shell, strays
from tests.studies.handmade import a_study

from debate.studies.exports import FIELDS, figures
from debate.studies.power import fewest_cards
from debate.studies.report import study_report
from debate.studies.request import CONTROLS, DEFAULT_CONTROLS, DESIGNS, GAMES, StudyFile, StudyRequest
from debate.studies.verdicts import Standing

REPO = Path(__file__).resolve().parents[2]
PAGE = REPO / "docs" / "studies.md"


def rows(what: str) -> tuple[tuple[str, ...], ...]:
    return marked(PAGE, "read", what).rows


def first(what: str) -> list[str]:
    """What stands in code type in the first cells of a table."""
    return [name.strip("[]") for row in rows(what) for name in code(row[0])]


def test_every_command_runs_in_the_readers_clone_and_the_report_is_what_it_gives(
    repo: Path, repo_files: list[Path], tmp_path: Path
) -> None:
    bench(repo, repo_files, tmp_path)
    for block in blocks(PAGE):
        if block.kind == "file":
            (tmp_path / block.what).write_text(block.text, encoding="utf-8")
    shown = commands(PAGE)
    assert any("study.toml" in command for command in shown)
    said = {}
    for command in shown:
        done = shell(command, tmp_path)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        said[command] = done.stdout
    assert strays(marked(PAGE, "excerpt", "report").text, said["debate ablate code_performance-stuck"]) == []


def test_every_key_of_a_study_file_is_told_with_its_default() -> None:
    assert sorted(first("keys")) == sorted(StudyFile.model_fields)
    request = StudyRequest(problems=(), models={})
    told = {name: row[2] for row in rows("keys") for name in code(row[0])}
    for name in ("lenses", "protocol", "game", "endpoint", "stop"):
        assert code(told[name]) == [getattr(request, name)]
    for name in ("replicates", "margin", "alpha", "seed"):
        assert told[name] == f"{getattr(request, name):g}"
    for name in ("allow_adhoc", "factorial"):
        assert told[name] == str(getattr(request, name)).casefold()
    assert code(told["design"]) == [*request.designs]


@pytest.mark.parametrize(
    ("table", "known"),
    [
        ("designs", DESIGNS),
        ("games", [name for name in GAMES if name != "both"]),
        ("controls", CONTROLS),
        ("verdicts", [each.value for each in Standing]),
        ("columns", FIELDS),
    ],
)
def test_its_tables_have_everything_there_is(table: str, known: list[str]) -> None:
    assert first(table) == [*known]


def test_the_default_controls_are_those_it_names() -> None:
    *most, last = (f"`{name}`" for name in DEFAULT_CONTROLS)
    assert f"The default is {', '.join(most)} and {last}." in PAGE.read_text(encoding="utf-8")


def test_its_numbers_of_cards_are_right() -> None:
    (cards,) = rows("fewest")
    assert [int(cell) for cell in cards[1:]] == [fewest_cards(family=lenses) for lenses in (1, 2, 4, 6, 8)]


def test_its_kinds_of_rows_are_those_of_an_export() -> None:
    record, cells = a_study(2)
    found = {row["kind"] for row in figures(study_report(record, cells, {}))}
    (told,) = (code(row[1]) for row in rows("columns") if row[0] == "`kind`")
    assert found <= {*told}
    assert {*told} - found == {"ideas", "idea", "oracle gap"}  # a study made by hand has no transcripts
