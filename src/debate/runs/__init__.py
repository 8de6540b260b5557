"""Runs: one debate, from what the user asked for to a folder and a result."""

from debate.runs.brake import Brake
from debate.runs.hold import RunResult, resume, run
from debate.runs.spec import RunSpec

__all__ = ["Brake", "RunResult", "RunSpec", "resume", "run"]
