"""A glance: what a list tells of a study, read from its folder."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from debate.errors import InputError
from debate.studies.cells import State, read_cells
from debate.studies.plan import StudyRecord, list_studies, read


@dataclass(frozen=True, slots=True)
class Glance:
    """A study in a list. `states` counts the cells that were held; of a study that cannot be read there is no
    record, and `broken` says why.
    """

    id: str
    record: StudyRecord | None
    states: Mapping[State, int] = field(default_factory=Counter)
    broken: str = ""


def glances(base: Path) -> list[Glance]:
    """The studies under `base`, newest first."""
    return [_glance(folder) for folder in list_studies(base)]


def _glance(folder: Path) -> Glance:
    try:
        record = read(folder)
    except InputError as error:
        return Glance(folder.name, None, broken=str(error))
    return Glance(folder.name, record, Counter(cell.state for cell in read_cells(folder)))
