"""Dependencies point one way, provider packages have one door, modules stay small, only the edge prints."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

# From the ground up. A room (module or folder of src/debate) imports rooms of lower layers, never another of
# its own layer or a higher one. A new room gets its place here; docs/architecture.md says what each is for.
LAYERS = (
    ("errors", "sanitize", "words", "contributions", "tracing", "verdict"),
    ("cards", "places", "run_names"),
    ("events", "letters", "prompts", "run_glance", "run_lock"),
    ("contracts", "fitting", "run_index"),
    # models know nothing of debates: library, panel and turns stand above them
    ("judging", "manifest", "models"),
    ("ledger",),
    ("calls",),
    ("library", "vectors"),
    ("panel", "transcripts", "turns"),
    ("transcript_page", "inspect_log", "mcp_results", "state", "choosing", "jury", "trail", "failures"),
    ("comparing", "searching"),
    ("nodes", "pages"),
    ("setting_forms", "runs"),
    ("settings", "doctor", "studies"),
    ("api", "mcp_server", "studio", "web"),
    ("cli",),
    ("__main__",),
)
HEIGHT = {room: height for height, layer in enumerate(LAYERS) for room in layer}

# Packages with a heavy import or a strong smell, and the rooms that may know them.
DOORS = {
    "inspect_ai": {"inspect_log"},
    "langchain_core": {"models", "turns"},
    "langchain_openai": {"models"},
    "langgraph": {"nodes", "runs", "state", "studio"},
    "markdown_it": {"cards"},
    "mcp": {"mcp_server"},
    "openai": {"models"},
    "jinja2": {"pages", "studies"},
    "rich": {"cli"},
    "starlette": {"web"},
    "typer": {"cli"},
    "uvicorn": {"web"},
    "yaml": {"cards"},
}
PROVIDERS = {"langchain_openai", "openai"}
PRINTERS = {"cli", "web"}

MODULE_LINES = 330
FUNCTION_LINES = 65
# "path" or "path:function" → why it is allowed to be longer.
LONGER: dict[str, str] = {}

REPO = Path(__file__).resolve().parents[2]
PACKAGE = REPO / "src" / "debate"
SOURCES = sorted([*PACKAGE.rglob("*.py"), *(REPO / "graph").glob("*.py")])
MODULES = [path for path in SOURCES if PACKAGE in path.parents]


@dataclass(frozen=True)
class Import:
    """One import as written: the dotted name it reaches for and its line."""

    name: str
    line: int

    @property
    def top(self) -> str:
        return self.name.split(".")[0]

    @property
    def room(self) -> str:
        """The room of our own package it enters, or ""; `debate` itself, with its version, is free to all."""
        parts = self.name.split(".")
        return parts[1] if parts[0] == "debate" and len(parts) > 1 and parts[1] != "__version__" else ""


def room_of(path: Path) -> str:
    """`cards/facts.py` is in `cards`, `turns.py` is `turns`; the package's own `__init__.py` is in ""."""
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


@cache
def parsed(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[Import]:
    """All imports, late ones in functions too."""
    for node in parsed(path):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (Import(f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def name(path: Path) -> str:
    return path.relative_to(REPO).as_posix()


def test_a_module_imports_only_what_lies_below_it() -> None:
    assert {room_of(path) for path in MODULES} - {""} <= {*HEIGHT}, "give each room its place in LAYERS"
    upward = [
        f"{name(path)}:{found.line} imports {found.name}"
        for path in MODULES
        for found in imports(path)
        if not _below(found.room, room_of(path))
    ]
    assert upward == []


def _below(room: str, of: str) -> bool:
    """Whether a module of a room may import another room. The package itself lies below everything, but for
    what it hands out late.
    """
    late = "api" if of == "" else of
    return room in ("", of, late) or HEIGHT.get(room, len(LAYERS)) < HEIGHT.get(of, -1)


def test_a_foreign_package_is_known_only_behind_its_door() -> None:
    strangers = [
        f"{name(path)}:{found.line} imports {found.name}; {found.top} is known to {sorted(DOORS[found.top])}"
        for path in MODULES
        for found in imports(path)
        if room_of(path) not in DOORS.get(found.top, {room_of(path)})
    ]
    assert strangers == []


def test_one_adapter_at_most_imports_the_provider_packages() -> None:
    adapters = [name(path) for path in SOURCES if any(found.top in PROVIDERS for found in imports(path))]
    assert len(adapters) <= 1, adapters


def test_only_the_edge_prints() -> None:
    printing = [
        f"{name(path)}:{node.lineno}"
        for path in SOURCES
        if path not in MODULES or room_of(path) not in PRINTERS
        for node in parsed(path)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"print", "input"}
        )
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout", "sys.stderr"})
    ]
    assert printing == []


def test_modules_and_functions_stay_small() -> None:
    lengths = {
        name(path): (len(path.read_text(encoding="utf-8").splitlines()), MODULE_LINES) for path in SOURCES
    }
    for path in SOURCES:
        for node in parsed(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                lines = node.end_lineno - node.lineno + 1
                # Of methods of one name the longest.
                known, _ = lengths.get(f"{name(path)}:{node.name}", (0, 0))
                lengths[f"{name(path)}:{node.name}"] = (max(known, lines), FUNCTION_LINES)
    too_long = {
        what: length for what, (length, limit) in lengths.items() if length > limit and what not in LONGER
    }
    assert not too_long, "split it, or give the reason in LONGER"


def test_every_exception_to_the_size_rule_still_stands_for_something() -> None:
    assert [what for what in LONGER if not (REPO / what.split(":")[0]).is_file()] == []


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["problems", "list"], ["lenses", "list"], ["agents", "list"], ["transcripts", "list"]],
    ids=" ".join,
)
def test_commands_that_only_look_things_up_start_without_the_heavy_packages(arguments: list[str]) -> None:
    script = (
        "import sys\n"
        f"sys.argv = ['debate', *{arguments!r}]\n"
        "from debate.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'langgraph', 'langchain_core', 'openai'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_help_waits_for_no_card_reader_and_no_event_loop() -> None:
    script = (
        "import sys\n"
        "sys.argv = ['debate', '--help']\n"
        "from debate.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "late = {'asyncio', 'debate.library', 'importlib.metadata', 'pydantic', 'sqlite3', 'yaml'}\n"
        "late &= set(sys.modules)\n"
        "assert not late, late\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
