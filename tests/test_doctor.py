"""The doctor: what it checks, in order, and what it makes of servers good and bad."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from debate.doctor import Finding, examine
from debate.ledger.places import LEDGER
from debate.library import Library
from debate.models.roles import ROLES
from debate.runs.spec import CallSettings, RunSpec
from tests.faults.server import Exchange, FaultServer, Step, completion
from tests.judging.placer import DIMENSIONS, Placer
from tests.test_runs import CARD

GOOD = {"prompt_tokens": 9_000, "completion_tokens": 5}


@dataclass
class Clinic(FaultServer):
    """A server that can add; `models` is what it lists, `usage` what it counts."""

    models: list[dict[str, Any]] = field(default_factory=lambda: [{"id": "good", "max_model_len": 32_768}])
    usage: dict[str, int] = field(default_factory=lambda: GOOD)

    def listing(self) -> str:
        return json.dumps({"data": self.models})

    def step(self, exchange: Exchange) -> Step:
        if exchange.asked["model"] != "good":
            return super().step(exchange)
        return self.add

    async def add(self, exchange: Exchange) -> None:
        await exchange.send(200, completion({"content": '{"sum": 5}'}, usage=self.usage))


@pytest.fixture
async def clinic() -> AsyncIterator[Clinic]:
    server = Clinic()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "care_waiting-stuck.md"
    path.write_text(CARD, encoding="utf-8")
    return path


async def examined(card: Path, model: str = "offline", url: str | None = None) -> dict[str, Finding]:
    spec = RunSpec(
        problem=str(card),
        models=dict.fromkeys(ROLES, model),
        transcripts=card.parent / "runs",
        calls=CallSettings(base_url=url, deadline=5.0),
    )
    return {finding.check: finding async for finding in examine(spec, Library.open())}


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def levels(findings: dict[str, Finding]) -> dict[str, str]:
    return {check: finding.level for check, finding in findings.items()}


async def test_offline_everything_is_well_and_it_says_what_a_real_model_takes(
    card: Path, tmp_path: Path
) -> None:
    before = everything(tmp_path)
    found = await examined(card)
    assert levels(found) == dict.fromkeys(
        ["packages", "problems", "lenses", "agents", "transcripts", "ledger", "offline"], "ok"
    )
    assert "--model ollama:" in found["offline"].then
    assert everything(tmp_path) == before, "a doctor leaves nothing behind"


async def test_a_good_server_is_ok_in_every_check_and_asked_once(card: Path, clinic: Clinic) -> None:
    found = await examined(card, "llamacpp:good", clinic.url)
    mine = {check.removeprefix("llamacpp:good: "): finding for check, finding in found.items()}
    assert {mine[check].level for check in ("server", "known", "answer", "context")} == {"ok"}
    assert "takes a JSON schema" in mine["answer"].said
    assert "32,768" in mine["context"].said
    assert len(clinic.requests) == 1


async def test_a_context_smaller_than_the_largest_prompt_is_a_warning(card: Path, clinic: Clinic) -> None:
    clinic.models = [{"id": "good", "meta": {"n_ctx_train": 2_048}}]
    found = await examined(card, "llamacpp:good", clinic.url)
    assert found["llamacpp:good: context"].level == "warn"
    assert "2,048" in found["llamacpp:good: context"].said


async def test_a_server_that_cuts_prompts_silently_is_found_out(card: Path, clinic: Clinic) -> None:
    clinic.models, clinic.usage = [{"id": "good"}], {"prompt_tokens": 40, "completion_tokens": 5}
    found = await examined(card, "ollama:good", clinic.url)
    assert found["ollama:good: context"].level == "fail"
    assert "OLLAMA_CONTEXT_LENGTH" in found["ollama:good: context"].then
    assert len(clinic.requests) == 2


@pytest.mark.parametrize(
    ("model", "check", "level", "says"),
    [
        ("401", "answer", "fail", "401"),
        ("404", "answer", "fail", "404"),
        ("ok", "answer", "warn", "not in the agreed form"),
        ("no-schema", "answer", "warn", "takes no schema, but promises JSON"),
        ("no-format", "answer", "warn", "stands in the prompt"),
        ("404", "known", "warn", "not in the server's list"),
    ],
)
async def test_each_trouble_is_named_with_its_check(
    *, model: str, check: str, level: str, says: str, card: Path, clinic: Clinic
) -> None:
    found = (await examined(card, f"vllm:{model}", clinic.url))[f"vllm:{model}: {check}"]
    assert found.level == level
    assert says in found.said


class TestEmbeddings:
    async def found(self, card: Path, url: str) -> dict[str, Finding]:
        spec = RunSpec(
            problem=str(card),
            models={**dict.fromkeys(ROLES, "offline"), "embeddings": "llamacpp:e"},
            transcripts=card.parent / "runs",
            calls=CallSettings(base_url=url, deadline=5.0),
        )
        return {finding.check: finding async for finding in examine(spec, Library.open())}

    async def test_an_embedding_model_is_asked_for_vectors_and_nothing_else(self, card: Path) -> None:
        server = Placer()
        with server:
            found = await self.found(card, server.url)
        assert (found["llamacpp:e: vectors"].level, len(server.batches)) == ("ok", 1)
        assert f"{DIMENSIONS} numbers each" in found["llamacpp:e: vectors"].said
        assert "llamacpp:e: answer" not in found

    async def test_one_that_gives_no_vectors_fails_with_the_way_on(self, card: Path, clinic: Clinic) -> None:
        found = (await self.found(card, clinic.url))["llamacpp:e: vectors"]
        assert found.level == "fail"
        assert "--embeddings none" in found.then


async def test_a_dead_server_fails_at_its_address_and_is_asked_nothing_more(card: Path) -> None:
    found = await examined(card, "llamacpp:x", "http://127.0.0.1:9/v1")
    mine = [finding for check, finding in found.items() if check.startswith("llamacpp:x")]
    assert [finding.level for finding in mine] == ["fail"]
    assert "http://127.0.0.1:9/v1" in mine[0].said


async def test_a_missing_key_is_a_failure_that_names_variable_and_keyless_way(card: Path) -> None:
    found = await examined(card, "openai:x")
    assert found["openai:x"].level == "fail"
    assert "OPENAI_API_KEY" in found["openai:x"].said
    assert "--model offline" in found["openai:x"].said


async def test_broken_cards_and_unusable_places_fail_with_the_next_step(card: Path, tmp_path: Path) -> None:
    (tmp_path / "lenses").mkdir()
    (tmp_path / "lenses" / "broken.md").write_text("nothing")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / LEDGER).write_text("no database at all, but long enough to look like one" * 20)
    spec = RunSpec(problem=str(card), models=dict.fromkeys(ROLES, "offline"), transcripts=tmp_path / "runs")
    found = {each.check: each async for each in examine(spec, Library.open(tmp_path))}
    assert (found["lenses"].level, found["lenses"].then) == ("fail", "see: debate lenses check")
    assert (found["ledger"].level, "--ledger" in found["ledger"].then) == ("fail", True)
