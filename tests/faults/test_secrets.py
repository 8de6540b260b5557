"""No key reaches a file, a message or an exception."""

from pathlib import Path

import pytest

from debate.calls import CallError, CallSpec
from debate.models.endpoint import read_model
from tests.faults.conftest import SCHEMA, Bench

CANARY = "sk-CANARY-9c2e51ab77"


def files_with(text: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "script", ["echo-key", "echo-key-200", "400", "hang", "reset", "garbage", "307", "html", "ok"]
)
@pytest.mark.parametrize("place", ["key", "userinfo", "query"])
async def test_a_canary_key_is_found_nowhere(
    place: str, script: str, bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    url = bench.server.url
    environ = {"OPENAI_API_KEY": CANARY} if place == "key" else {"OPENAI_API_KEY": "sk-another-key"}
    if place == "userinfo":
        url = url.replace("http://", f"http://me:{CANARY}@")
    if place == "query":
        url += f"?key={CANARY}"
    spec = read_model(f"openai:{script}", base_url=url, environ=environ)
    shown = [repr(spec), str(spec.endpoint)]
    wire = bench.wires.wire(spec)
    async with bench.caller() as caller:
        try:
            shown.append(repr(await caller.call(CallSpec("lens", wire, [("user", "?")], SCHEMA))))
        except CallError as error:
            while error is not None:
                shown += [repr(error), repr(vars(error))]
                error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)  # type: ignore[assignment]  # any exception
    shown += [repr(setback) for setback in bench.setbacks]
    await bench.ledger.close()
    assert files_with(CANARY, tmp_path) == []
    assert files_with("lens", tmp_path) != []
    assert not any(CANARY in text for text in shown)
    assert CANARY not in caplog.text
    sent = bench.server.requests[0]
    if place == "query":
        assert CANARY in sent.path
    else:
        assert sent.headers["authorization"].startswith("Bearer sk-CANARY" if place == "key" else "Basic ")


async def test_a_server_that_is_not_openai_learns_nothing_of_account_and_machine(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-1")
    async with bench.caller() as caller:
        await caller.call(bench.spec("ok"))
    headers = bench.server.requests[0].headers
    assert not [name for name in headers if name.startswith(("openai-", "x-stainless"))]


async def test_a_keyless_server_gets_no_key(bench: Bench) -> None:
    spec = read_model("llamacpp:ok", base_url=bench.server.url, environ={"OPENAI_API_KEY": CANARY})
    async with bench.caller() as caller:
        await caller.call(CallSpec("lens", bench.wires.wire(spec), [("user", "?")], SCHEMA))
    assert "authorization" not in bench.server.requests[0].headers
