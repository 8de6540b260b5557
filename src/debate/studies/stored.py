"""A study as it lies on the disk, read for its report."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from debate.errors import DebateError, TranscriptError
from debate.ledger.entries import Spend
from debate.ledger.places import LEDGER
from debate.ledger.reports import spent
from debate.studies.cells import read_cells
from debate.studies.plan import StudyRecord, read
from debate.studies.report import StudyReport, study_report
from debate.studies.study import runs_of
from debate.transcripts import Run


def load_report(folder: Path, places: Mapping[str, Path | None] | None = None) -> StudyReport:
    """The report of the study in `folder`, which lies below its runs. Raises `InputError`.

    `places` are the folders the user named, by flag, for the command that goes on with it; None for the
    folder it lies in, which always works.
    """
    record, base = read(folder), folder.parent.parent
    full = {arm.name for problem in record.plan.problems for arm in problem.arms if arm.kind == "full"}
    folders = runs_of(record, base)
    runs = {}
    for key, path in folders.items():
        if key[1] in full:
            with suppress(TranscriptError):  # its cell says what became of it; its ideas are not to be had
                runs[path.name] = Run.load(path)
    if places is None:
        places = {"transcripts": base}
    return study_report(record, read_cells(folder), runs, _sent(record, base), places)


def _sent(record: StudyRecord, base: Path) -> Spend | None:
    """What the ledger counted under the study; None where it is gone: a report stands without it."""
    with suppress(DebateError):
        return spent(Path(str(record.calls.get("ledger", base / LEDGER))), record.id)
    return None
