"""The place: packages, cards, folders and ledger, looked at without leaving anything behind."""

import importlib.metadata
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from debate.doctor.findings import Finding
from debate.errors import CardError, DebateError
from debate.ledger import reports
from debate.ledger.places import network_file_system
from debate.library import Library

PACKAGES: Final = (
    "langgraph",
    "langchain-core",
    "openai",
    "aiohttp",
    "pydantic",
    "pydantic-settings",
    "typer",
)


def packages() -> Finding:
    versions, missing = [f"Python {platform.python_version()}"], []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if sys.version_info < (3, 11) or missing:
        lacks = f"; missing: {', '.join(missing)}" if missing else ""
        return Finding(
            "packages", "fail", f"{versions[0]}{lacks}", "use Python 3.11 or newer: pip install lens-debate"
        )
    return Finding("packages", "ok", ", ".join(versions))


def cards(library: Library) -> Iterator[Finding]:
    shelves = (
        ("problems", [entry.fault for entry in library.problems()]),
        ("lenses", [entry.fault for entry in library.lenses()]),
        ("agents", [entry.fault for entry in library.roles()]),
    )
    for folder, each in shelves:
        faults: Sequence[CardError] = [fault for fault in each if fault]
        faults = [*faults, *(library.disputes() if folder == "lenses" else ())]
        if faults:
            yield Finding(
                folder, "fail", f"{len(faults)} of {len(each)} have faults", f"see: debate {folder} check"
            )
        else:
            yield Finding(folder, "ok", f"{len(each)} cards")


def folder(base: Path) -> Finding:
    """Whether runs can be written; the folder itself is not made."""
    there = next(each for each in (base.absolute(), *base.absolute().parents) if each.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            return Finding("transcripts", "ok", f"{base} can be written")
    except OSError as error:
        return Finding(
            "transcripts", "fail", f"{base}: {error.strerror}", "name another folder with --transcripts DIR"
        )


def ledger(path: Path) -> Finding:
    step = "name a file on a local disk with --ledger FILE"
    there = next(each for each in (path.absolute().parent, *path.absolute().parents) if each.exists())
    if kind := network_file_system(there.resolve()):
        return Finding("ledger", "fail", f"{path}: on a network file system ({kind})", step)
    if not path.exists():
        if os.access(there, os.W_OK):
            return Finding("ledger", "ok", f"{path} will be made")
        return Finding("ledger", "fail", f"{path}: {there} cannot be written", step)
    try:
        found = reports.stats(path)
    except DebateError as error:
        return Finding("ledger", "fail", str(error), step)
    if not os.access(path, os.W_OK):
        return Finding("ledger", "fail", f"{path} cannot be written", step)
    answers = sum(model.answers for model in found.models)
    return Finding("ledger", "ok", f"{path}: {answers:,} answers, {found.size / 1e6:.1f} MB")
