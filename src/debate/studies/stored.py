"""A study as it lies on the disk, read for its report."""

from contextlib import suppress
from pathlib import Path

from debate.errors import TranscriptError
from debate.studies.cells import read_cells
from debate.studies.plan import read
from debate.studies.report import StudyReport, study_report
from debate.studies.study import runs_of
from debate.transcripts import Run


def load_report(folder: Path) -> StudyReport:
    """The report of the study in `folder`, which lies below its runs. Raises `InputError`."""
    record = read(folder)
    full = {arm.name for problem in record.plan.problems for arm in problem.arms if arm.kind == "full"}
    folders = runs_of(record, folder.parent.parent)
    runs = {}
    for key, path in folders.items():
        if key[1] in full:
            with suppress(TranscriptError):  # its cell says what became of it; its ideas are not to be had
                runs[path.name] = Run.load(path)
    return study_report(record, read_cells(folder), runs)
