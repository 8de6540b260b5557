"""A server that can hold a debate on the card of `tests.test_runs`: every reply is valid and depends on the
prompt alone.

    python -m tests.durability.server PORT_FILE LOG_FILE LATENCY
"""

import asyncio
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from debate.contributions import SetAside
from tests.builders import a_letter, a_plan, a_report, a_step
from tests.faults.server import Exchange, FaultServer, Step, says


class DebateServer(FaultServer):
    """See the module."""

    def step(self, exchange: Exchange) -> Step:
        asked = exchange.asked
        name = asked["response_format"]["json_schema"]["name"]
        return says(self.reply(name, asked["messages"][-1]["content"]))

    def reply(self, schema: str, prompt: str) -> str:
        """What anybody says who is asked for `schema`."""
        return REPLIES[schema](prompt)


def _plan(prompt: str) -> str:
    """A plan for whatever hypotheses the critic is shown."""
    ids = [json.loads(line)["id"] for line in prompt.splitlines() if line.startswith('{"')]
    used, rest = ids[:3], ids[3:]
    plan = a_plan(
        steps=[a_step(n, hypotheses=[used[(n - 1) % len(used)]]) for n in range(1, 6)],
        dissent=[],
        set_aside=[SetAside(hypothesis=id_, because="needs a rule nobody here may change") for id_ in rest],
    )
    return plan.model_dump_json()


REPLIES: dict[str, Callable[[str], str]] = {
    "SeatReport": lambda _: a_report().model_dump_json(),
    "Plan": _plan,
    "Letter": lambda _: a_letter().model_dump_json(),
}


def untimed(page: str, run: str) -> str:
    """A transcript without what may differ between two runs of one question: id, times, seconds."""
    page = page.replace(run, "RUN")
    page = re.sub(r"begun \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "begun THEN", page)
    return re.sub(r"\| \d+\.\d \|$", "| SECONDS |", page, flags=re.MULTILINE)


async def _main(port_file: Path, log_file: Path, latency: float) -> None:
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    server = DebateServer(latency=latency, log=log)
    await server.start()
    port_file.with_suffix(".part").write_text(str(server.port))
    port_file.with_suffix(".part").rename(port_file)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
