"""Pages: a run as a web page, for the server and as one file to send.

A run becomes plain data first (`run_view`), then HTML by a template. Text of cards and models is data: every
value a template prints passes `debate.sanitize` and is escaped, so it stays text wherever it stands. Neither
templates nor pictures hold a style or script attribute: a strict content security policy holds for all.
"""

from debate.pages.alone import standalone
from debate.pages.environment import render, static_files
from debate.pages.view import RunView, run_view

__all__ = ["RunView", "render", "run_view", "standalone", "static_files"]
