"""`langgraph dev` holds a whole debate, started by a plain JSON object over its REST interface."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from debate.studio import Asked, graph
from debate.transcripts import Run
from tests.home.servers import REPO, document, fetched, own_environment, serving

ASKED = {"problem": "code_performance-stuck", "lenses": "pace-layering,bottleneck-theory", "seed": 2}
WHY = "langgraph dev is not installed (pip install 'lens-debate[studio]')"


async def test_the_graph_holds_a_debate_without_a_server_and_streams_its_events(tmp_path: Path) -> None:
    (tmp_path / "debate.toml").write_text("")
    told: list[Any] = []
    ended: Any = {}
    async for mode, part in graph.astream(Asked.model_validate(ASKED), stream_mode=["custom", "values"]):
        if mode == "custom":
            told.append(part)
        else:
            ended = part
    (folder,) = (path for path in (tmp_path / "transcripts").iterdir() if path.is_dir())
    run = Run.load(folder)
    assert told == [event.model_dump(mode="json") for event in run.events]
    assert ended["run"] == folder.name
    assert (ended["status"], ended["error"]) == ("done", None)
    assert ended["plan"]["steps"]
    assert ended["verdict"]["headline"]["answer"] is not None
    assert ended["answer"] == (folder / "answer.md").read_text(encoding="utf-8")
    json.dumps(ended)


def test_what_langgraph_json_names_is_this_graph() -> None:
    named = json.loads((REPO / "langgraph.json").read_text(encoding="utf-8"))["graphs"]
    assert list(named) == ["debate"]
    path, _, name = named["debate"].partition(":")
    assert (REPO / path).resolve() == (REPO / "src" / "debate" / "studio.py")
    assert name == "graph"


@pytest.mark.skipif(importlib.util.find_spec("langgraph_cli") is None, reason=WHY)
def test_langgraph_dev_answers_a_run_and_shows_its_forms(tmp_path: Path) -> None:
    # The server leaves a folder of its own where it runs, so it gets a configuration beside the checkout.
    config = json.loads((REPO / "langgraph.json").read_text(encoding="utf-8"))
    config["graphs"] = {"debate": f"{REPO / 'src' / 'debate' / 'studio.py'}:graph"}
    (tmp_path / "langgraph.json").write_text(json.dumps(config))
    (tmp_path / "debate.toml").write_text("")
    command = [
        sys.executable,
        "-m",
        "langgraph_cli",
        "dev",
        "--no-browser",
        "--no-reload",
    ]
    command += ["--host", "127.0.0.1", "--port", "{port}"]
    env = own_environment(LANGGRAPH_CLI_NO_ANALYTICS="1", LANGSMITH_TRACING="false")
    with serving(command, "/ok", tmp_path, env) as address:
        (assistant,) = document(f"{address}/assistants/search", {})
        schemas = document(f"{address}/assistants/{assistant['assistant_id']}/schemas")
        thread = document(f"{address}/threads", {})["thread_id"]
        body = {"assistant_id": "debate", "input": ASKED, "stream_mode": ["custom", "values"]}
        stream = fetched(f"{address}/threads/{thread}/runs/stream", body).decode()
        state = document(f"{address}/threads/{thread}/state")["values"]
    assert set(schemas["input_schema"]["properties"]) == {"problem", "lenses", "seed"}
    assert set(schemas["context_schema"]["properties"]) == {"model", "base_url"}
    assert set(schemas["output_schema"]["properties"]) >= {"plan", "answer", "verdict"}
    parts = [line.removeprefix("data: ") for line in stream.splitlines() if line.startswith("data: ")]
    told = [part.get("type") for part in map(json.loads, parts) if isinstance(part, dict)]
    assert [name for name in told if name in ("seat_spoke", "plan", "verdict")] == [
        "seat_spoke", "seat_spoke", "plan", "verdict"
    ], stream[-2000:]  # fmt: skip
    assert state["status"] == "done"
    assert state["plan"]["steps"]
    assert state["verdict"]["headline"]["answer"] is not None
