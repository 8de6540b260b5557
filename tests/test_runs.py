"""Runs: from what was asked to a folder and a result, however the debate ends."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from debate.errors import InputError, SettingsError
from debate.events import CallFinished, Event, LetterWritten, Note, RunFinished, RunStarted, SeatSpoke
from debate.library import Library
from debate.run_lock import LOCK
from debate.run_names import EVENTS, MANIFEST
from debate.runs import Brake, RunResult, RunSpec, run
from debate.runs.document import usage_of
from debate.runs.protocol import load_protocol
from debate.transcripts import ANSWER, TRANSCRIPT, Run

REPO = Path(__file__).resolve().parents[1]

CARD = """\
# Waiting Time Stuck

## Problem ID
`care_waiting-stuck`

## Domain
care

## Title
Waiting Time Stuck

## Context
- An outpatient clinic sees 90 patients a day
- Four nurses share one registration desk

## Challenge
The mean wait is 120 minutes. The team has tried:

1. Text message reminders (improved 10%)
2. Second printer at the desk (improved 5%)

The target is under 60 minutes.

## Constraints
- No new staff can be hired
- Must be live within 3 weeks

## Success Criteria
- Reaches the target of 60 minutes

## Prompt for Agent

```
Our mean wait is 120 minutes and we need it under 60. What are we missing?
```

## Expected Lens Relevance

**High relevance:**
- **Bottleneck Theory** - what is the constraint?
- **Pace Layering** - fast fixes, slow rules

## Baseline Solution Pattern

```
"Have you tried:
- Hiring more nurses
- A new booking system"
```

- **Originality: 2/10** (generic)
- **Novelty: 2/10** (obvious)
- **Actionability: 4/10** (unclear which to try)

## Target Solution Pattern

```
"The desk is not slow, it receives everybody at once. Spread the start times in quarter hours.
Measure the wait by hour of arrival for one day; if half of it arises before ten, spread the starts."
```

- **Originality: 8/10** (reframes)
- **Novelty: 8/10** (not obvious)
- **Actionability: 9/10** (one measure, one threshold)

## Evaluation Notes

**Scoring rubric:**

| Metric | 0-3 | 4-6 | 7-10 |
|--------|-----|-----|------|
| **Originality** | More tactics | Mentions structure | Clear reframe |
| **Lens Relevance** | No lenses | Generic mention | Explicit application |
| **Explanation** | None | Partial | Full |
| **Actionability** | Vague | Some specifics | Clear testable steps |
| **Novelty** | Obvious | Slight reframe | Non-obvious insight |
"""

# A protocol of one's own: what matters is `graph.ainvoke(input, context=…)`. It plays what it is told to.
PROTOCOL = """\
from types import SimpleNamespace

from debate import events
from debate.errors import QuorumError
from tests import builders


async def ainvoke(given, context):
    emit = context.recorder.emit
    seats = given["seats"]
    for seat in seats:
        emit(events.SeatStarted(seat=seat))
    {body}


graph = SimpleNamespace(ainvoke=ainvoke)
"""
SPEAK = "emit(events.SeatSpoke(seat=seats[0], hypotheses=builders.some_hypotheses()[:2]))"
ANSWER_LINES = [
    "emit(events.PlanMade(plan=builders.a_plan()))",
    "emit(events.LetterWritten(letter=builders.a_letter()))",
]
FAIL_ONE = "emit(events.SeatFailed(seat=seats[1], error='the server is gone'))"
ENDINGS: dict[str, list[str]] = {
    "done": [SPEAK, *ANSWER_LINES],
    "degraded": [SPEAK, FAIL_ONE, *ANSWER_LINES],
    "failed": [SPEAK, FAIL_ONE, "raise QuorumError('only 1 of 2 seats spoke')"],
    "without a letter": [SPEAK],
}


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "care_waiting-stuck.md"
    path.write_text(CARD, encoding="utf-8")
    return path


@pytest.fixture
def protocol(tmp_path: Path) -> Any:
    def write(*lines: str) -> str:
        path = tmp_path / "mine.py"
        path.write_text(PROTOCOL.replace("{body}", "\n    ".join(lines)), encoding="utf-8")
        return str(path)

    return write


def shadow(library: Path, lens: str) -> None:
    (library / "lenses").mkdir(parents=True)
    shutil.copy(REPO / "lenses" / f"{lens}.md", library / "lenses")


def a_spec(card: Path, **changes: Any) -> RunSpec:
    models = dict.fromkeys(("lens-agent", "solo", "critic", "writer"), "offline")
    fields: dict[str, Any] = {"problem": str(card), "models": models, "transcripts": card.parent / "runs"}
    return RunSpec(**{**fields, **changes})


async def hold(spec: RunSpec) -> RunResult:
    return await run(spec, Library.open(), lambda event: None)


def the_folder(card: Path) -> Path:
    """The one run of a test; beside it lies the ledger."""
    (folder,) = (card.parent / "runs").glob(f"*/{EVENTS}")
    return folder.parent


def the_schema() -> Draft202012Validator:
    schema = json.loads((REPO / "docs" / "run.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


class TestARealDebate:
    async def test_it_leaves_the_four_files_and_a_document_of_the_schema(
        self, card: Path, repo: Path
    ) -> None:
        result = await hold(a_spec(card))
        folder = result.run.path
        assert {path.name for path in folder.iterdir()} == {MANIFEST, EVENTS, TRANSCRIPT, ANSWER}
        assert (result.status, result.error) == ("done", None)
        the_schema().validate(json.loads(json.dumps(result.document)))
        assert result.document["seats"] == [
            {"lens": lens, "status": "spoke", "hypotheses": result.document["seats"][n]["hypotheses"]}
            for n, lens in enumerate(("bottleneck-theory", "pace-layering"))
        ]
        assert result.document["models"]["judge"] == "checks"
        assert result.document["answer"] == (folder / ANSWER).read_text(encoding="utf-8")

    async def test_what_is_on_disk_is_what_was_returned(self, card: Path) -> None:
        result = await hold(a_spec(card))
        assert Run.load(result.run.path) == result.run

    async def test_the_same_input_gives_the_same_bytes_of_the_answer(self, card: Path) -> None:
        first, second = await hold(a_spec(card)), await hold(a_spec(card))
        assert (first.run.path / ANSWER).read_bytes() == (second.run.path / ANSWER).read_bytes()
        assert first.run.manifest.digest == second.run.manifest.digest

    @pytest.mark.parametrize(
        ("terms", "lenses"), [("none:2", [None, None]), ("pace-layering", ["pace-layering"])]
    )
    async def test_the_panel_is_the_one_the_terms_say(
        self, card: Path, terms: str, lenses: list[str | None]
    ) -> None:
        result = await hold(a_spec(card, lenses=terms))
        assert [seat["lens"] for seat in result.document["seats"]] == lenses

    async def test_solo_is_one_seat_without_a_lens(self, card: Path) -> None:
        result = await hold(a_spec(card, protocol="solo"))
        (seat,) = result.document["seats"]
        assert (seat["lens"], seat["status"], result.document["protocol"]) == (None, "spoke", "solo")


class TestHowARunEnds:
    @pytest.mark.parametrize(
        ("ending", "status"),
        [("done", "done"), ("degraded", "degraded"), ("failed", "failed"), ("without a letter", "failed")],
    )
    async def test_the_folder_and_the_document_tell_it(
        self, card: Path, protocol: Any, ending: str, status: str
    ) -> None:
        result = await hold(a_spec(card, protocol=protocol(*ENDINGS[ending])))
        run_ = Run.load(result.run.path)
        assert result.status == status
        assert run_.manifest.result is not None
        assert run_.manifest.result.status == status
        assert [event.status for event in run_.of(RunFinished)] == [status]
        assert (run_.path / TRANSCRIPT).exists()
        assert (run_.path / ANSWER).exists() == (status != "failed")
        the_schema().validate(result.document)
        assert (result.error is None) == (status != "failed")

    async def test_a_failure_is_loud_in_the_transcript(self, card: Path, protocol: Any) -> None:
        result = await hold(a_spec(card, protocol=protocol(*ENDINGS["failed"])))
        page = (result.run.path / TRANSCRIPT).read_text(encoding="utf-8")
        for words in ("**FAILED.** only 1 of 2 seats spoke", "SEAT FAILED: Pace Layering", "**NO PLAN.**"):
            assert words in page
        assert result.document["seats"][1] == {"lens": "pace-layering", "status": "failed", "hypotheses": 0}

    async def test_seats_are_shown_in_the_panels_order_whoever_finished_first(
        self, card: Path, protocol: Any
    ) -> None:
        late = "emit(events.SeatSpoke(seat=seats[1], hypotheses=builders.some_hypotheses()[2:]))"
        result = await hold(a_spec(card, protocol=protocol(late, SPEAK, *ANSWER_LINES)))
        page = (result.run.path / TRANSCRIPT).read_text(encoding="utf-8")
        assert page.index("### Bottleneck Theory") < page.index("### Pace Layering")

    async def test_a_bug_in_a_protocol_is_recorded_and_not_hidden(self, card: Path, protocol: Any) -> None:
        with pytest.raises(ZeroDivisionError):
            await hold(a_spec(card, protocol=protocol(SPEAK, "1 / 0")))
        folder = the_folder(card)
        assert [event.error for event in Run.load(folder).of(RunFinished)] == [
            "ZeroDivisionError: division by zero"
        ]

    async def test_an_interrupted_run_keeps_what_was_said(self, card: Path, protocol: Any) -> None:
        path = protocol(SPEAK, "import asyncio", "await asyncio.sleep(3600)")
        spoke = asyncio.Event()

        def listen(event: Event) -> None:
            if isinstance(event, SeatSpoke):
                spoke.set()

        task = asyncio.create_task(run(a_spec(card, protocol=path), Library.open(), listen))
        await asyncio.wait_for(spoke.wait(), 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        folder = the_folder(card)
        run_ = Run.load(folder)
        assert [event.status for event in run_.of(RunFinished)] == ["interrupted"]
        assert run_.manifest.result is not None
        assert run_.manifest.result.hypotheses == 2


class TestTheBrake:
    async def test_a_pulled_brake_ends_the_run_as_interrupted(
        self, card: Path, protocol: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("debate.runs.hold._GRACE", 0.1)
        path = protocol(SPEAK, "import asyncio", "await asyncio.sleep(3600)")
        brake = Brake()

        def listen(event: Event) -> None:
            if isinstance(event, SeatSpoke):
                assert brake.pull(2)

        result = await run(a_spec(card, protocol=path), Library.open(), listen, brake)
        assert (result.status, brake.signal) == ("interrupted", 2)
        assert [event.status for event in result.run.of(RunFinished)] == ["interrupted"]
        assert any("stopping" in note.text for note in result.run.of(Note))
        the_schema().validate(json.loads(json.dumps(result.document)))

    async def test_pulled_too_late_it_changes_nothing(self, card: Path, protocol: Any) -> None:
        brake = Brake()
        result = await run(
            a_spec(card, protocol=protocol(*ENDINGS["done"])), Library.open(), lambda event: None, brake
        )
        assert result.status == "done"
        assert not brake.pull(2)

    async def test_a_run_that_is_done_before_it_stops_is_done(self, card: Path, protocol: Any) -> None:
        brake = Brake()
        path = protocol(*ENDINGS["done"], "import asyncio", "await asyncio.sleep(0.05)")

        def listen(event: Event) -> None:
            if isinstance(event, LetterWritten):
                brake.pull(2)

        result = await run(a_spec(card, protocol=path), Library.open(), listen, brake)
        assert result.status == "done"


class TestBeforeTheFirstCall:
    async def test_the_manifest_is_on_disk(self, card: Path, protocol: Any) -> None:
        seen: list[tuple[str, set[str]]] = []

        def listen(event: Event) -> None:
            folder = the_folder(card)
            seen.append((type(event).__name__, {path.name for path in folder.iterdir()}))

        await run(a_spec(card, protocol=protocol(*ENDINGS["done"])), Library.open(), listen)
        assert seen[0] == (RunStarted.__name__, {MANIFEST, EVENTS, LOCK})

    async def test_the_manifest_names_every_file_with_origin_and_hash(
        self, card: Path, protocol: Any
    ) -> None:
        manifest = (await hold(a_spec(card, protocol=protocol(*ENDINGS["done"])))).run.manifest
        lens = manifest.lenses[0]
        assert (lens.id, lens.path, lens.origin) == (
            "bottleneck-theory",
            "lenses/bottleneck-theory.md",
            "built-in",
        )
        assert (manifest.problem.path, manifest.problem.origin) == (str(card), "file")
        assert manifest.protocol.origin == "file"
        assert {"critic", "writer", "lens-agent"} <= {role.id for role in manifest.roles}
        assert all(
            len(ref.sha256) == 64 for ref in (manifest.problem, manifest.protocol, lens, *manifest.roles)
        )

    @pytest.mark.parametrize(
        "changes",
        [
            {"problem": "no-such-problem"},
            {"lenses": "no-such-lens"},
            {"lenses": "high,-high"},
            {"protocol": "no-such-protocol"},
            {"protocol": "no/such/file.py"},
            {"models": {"critic": "no-such-model"}},
        ],
        ids=str,
    )
    async def test_wrong_input_leaves_no_folder(self, card: Path, changes: dict[str, Any]) -> None:
        with pytest.raises(InputError):
            await hold(a_spec(card, **changes))
        assert not (card.parent / "runs").exists()

    async def test_notes_of_the_choice_are_told(self, card: Path, protocol: Any) -> None:
        result = await hold(a_spec(card, protocol=protocol(*ENDINGS["done"]), lenses="auto"))
        assert any("auto" in note.text for note in result.run.of(Note))

    async def test_a_card_that_shadows_a_built_in_one_is_told_and_recorded(
        self, card: Path, protocol: Any, tmp_path: Path
    ) -> None:
        shadow(tmp_path / "mine", "pace-layering")
        library = Library.open(tmp_path / "mine")
        result = await run(a_spec(card, protocol=protocol(*ENDINGS["done"])), library, lambda event: None)
        (note,) = result.run.of(Note)
        assert "mine/lenses/pace-layering.md is used in place of" in note.text
        assert [(lens.id, lens.origin) for lens in result.run.manifest.lenses] == [
            ("bottleneck-theory", "built-in"),
            ("pace-layering", "overlay"),
        ]


class TestProtocols:
    @pytest.mark.parametrize(
        ("code", "says"),
        [
            ("graph = 5", "graph = builder.compile"),
            ("", "graph = builder.compile"),
            ("import no_such_module", "ModuleNotFoundError"),
            ("graph = (", "SyntaxError"),
            ("raise RuntimeError('at import')", "at import"),
        ],
    )
    def test_a_file_that_gives_no_graph_is_your_mistake(self, tmp_path: Path, code: str, says: str) -> None:
        path = tmp_path / "mine.py"
        path.write_text(code)
        with pytest.raises(SettingsError, match=says):
            load_protocol(path)

    def test_a_file_that_is_no_python_is_your_mistake(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.txt"
        path.write_text("graph = 5")
        with pytest.raises(SettingsError, match=r"\.py"):
            load_protocol(path)


class TestUsage:
    @pytest.mark.parametrize(
        ("tokens", "total"),
        [([], 0), ([3, 4], 7), ([3, None], None)],
        ids=["no calls", "known", "one unknown"],
    )
    def test_a_sum_with_an_unknown_part_is_unknown(self, tokens: list[int | None], total: int | None) -> None:
        calls: list[Event] = [
            CallFinished(call=str(n), role="critic", messages=(), reply="", model="m", input_tokens=n)
            for n in tokens
        ]
        usage = usage_of(calls)
        assert (usage.calls, usage.input_tokens, usage.cost) == (len(tokens), total, None)


def test_the_schema_refuses_what_is_not_in_it() -> None:
    with pytest.raises(ValidationError):
        the_schema().validate({"schema": 2})
