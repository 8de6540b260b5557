"""The same debate from several processes at once.

    python -m tests.debates.together CARD RUNS URL LENSES PROCESSES

The processes are forked from here, where everything is imported, so that they begin together. Prints how each
ended, as JSON: status, answer, and the requests it sent itself.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from debate.library import Library
from debate.models.roles import ROLES
from debate.runs import RunSpec, run
from debate.runs.spec import CallSettings


async def hold(card: str, runs: str, url: str, lenses: str) -> dict[str, object]:
    spec = RunSpec(
        problem=card,
        models=dict.fromkeys(ROLES, "llamacpp:"),
        lenses=lenses,
        transcripts=Path(runs),
        calls=CallSettings(base_url=url),
    )
    result = await run(spec, Library.open(), lambda event: None)
    usage = result.document["usage"]
    return {
        "status": result.status,
        "answer": result.answer,
        "asked": usage["calls"] - usage["from_ledger"],
        "error": result.error and str(result.error),
    }


def main() -> None:
    *arguments, processes = sys.argv[1:]
    pipes = []
    for _ in range(int(processes)):
        ours, theirs = os.pipe()
        if os.fork() == 0:
            try:
                os.write(theirs, json.dumps(asyncio.run(hold(*arguments))).encode())
            finally:
                os._exit(0)
        os.close(theirs)
        pipes.append(ours)
    ended = []
    for pipe in pipes:
        with os.fdopen(pipe, "rb") as stream:
            ended.append(json.loads(stream.read()))
        os.wait()
    print(json.dumps(ended))


if __name__ == "__main__":
    main()
