"""Runs: one debate, from what the user asked for to a folder and a result."""

from debate.runs.hold import RunResult, run
from debate.runs.spec import RunSpec

__all__ = ["RunResult", "RunSpec", "run"]
