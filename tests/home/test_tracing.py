"""Tracing to OpenTelemetry: nothing unless asked, and then with role and lens beside each call."""

import http.server
import importlib.util
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.home.servers import own_environment

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("opentelemetry.exporter") is None
    if importlib.util.find_spec("opentelemetry")
    else True,
    reason="OpenTelemetry's exporter is not installed (pip install 'lens-debate[otel]')",
)


class Collector(http.server.BaseHTTPRequestHandler):
    """A collector that keeps what it is sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.came.append((self.path, body))  # type: ignore[attr-defined]  # ours
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.came = []  # type: ignore[attr-defined]  # ours
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def spans(came: list[tuple[str, bytes]]) -> list[tuple[str, dict[str, str]]]:
    """Name and text attributes of every span that came."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    found = []
    for path, body in came:
        assert path == "/v1/traces"
        sent = ExportTraceServiceRequest.FromString(body)
        for resource in sent.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    found.append((span.name, {each.key: each.value.string_value for each in span.attributes}))
    return found


@pytest.mark.parametrize("flags", [[], ["--trace"]], ids=["as usual", "--trace"])
def test_a_collector_hears_of_each_call_by_role_and_lens_when_asked_and_of_nothing_else(
    flags: list[str], tmp_path: Path, collector: http.server.ThreadingHTTPServer
) -> None:
    variables = {
        "LANGSMITH_TRACING": "true",
        "LANGSMITH_OTEL_ENABLED": "true",
        "LANGSMITH_OTEL_ONLY": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
    }
    command = ["run", "code_performance-stuck", "--lenses", "pace-layering,bottleneck-theory", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "debate", *command, "--transcripts", "runs", *flags],
        capture_output=True,
        text=True,
        env=own_environment(**variables),
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    came = spans(collector.came)  # type: ignore[attr-defined]  # ours
    if not flags:
        assert came == []
        return
    role, lens = "langsmith.metadata.role", "langsmith.metadata.lens"
    told = sorted((a[role], a.get(lens, "")) for _, a in came if role in a)
    assert told == [
        ("critic", ""), ("lens-agent", "bottleneck-theory"), ("lens-agent", "pace-layering"), ("writer", "")
    ]  # fmt: skip
