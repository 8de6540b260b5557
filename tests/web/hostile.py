"""A run of which every text is hostile: what a model or a card could say to reach the reader's browser.

The same text is put behind every string of the manifest and of every event, so that names still fit together.
Only what a type admits no other value for stays as it is.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from debate.events import AnyEvent, Event, Recorder
from debate.manifest import Manifest
from debate.run_names import MANIFEST
from debate.transcripts import RunFolder
from tests.runs import NOON, a_manifest, events

HOST = "evil.example"
CORPUS = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=2</script>",
    "</title></style></textarea></template><svg onload='window.pwned=3'>",
    f"<img src=http://{HOST}/a.png onerror=window.pwned=4>",
    f'"><iframe src=//{HOST}></iframe>',
    f"<base href=http://{HOST}/>",
    f"<meta http-equiv=refresh content='0;url=http://{HOST}/'>",
    f"<link rel=stylesheet href=http://{HOST}/a.css>",
    "<a href='javascript:window.pwned=5'>click</a>",
    f"[link](http://{HOST}/) ![image](http://{HOST}/b.png)",
    f"' onfocus=window.pwned=6 autofocus style=background:url(http://{HOST}/c) x='",
    f"<form action=http://{HOST}/><input name=a autofocus onfocus=window.pwned=7></form>",
    "{{ 7 * 191 }} {% for x in y %} ${7*191}",
    "\x1b]0;title\x07\x1b[31mred\x1b[0m",
    "\u202egnp.exe\u202c \u200bhidden\ufeff",
    "<!-- <![CDATA[ -->",
)
ALL = " ".join(CORPUS)
SHOWN = CORPUS[0]
"""A text that must be readable on every page that shows text of the run."""

_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def hostile_run(base: Path) -> Path:
    """Write the run and give its folder."""
    folder = RunFolder.create(base, "hostile", lambda: NOON)
    manifest = a_manifest(folder.id).model_dump(mode="json", by_alias=True)
    poisoned = _poisoned(manifest, lambda data: Manifest.model_validate_json(json.dumps(data)), keep={"id"})
    folder.write(MANIFEST, json.dumps(poisoned))
    recorder = Recorder(folder.append)
    for event in hostile_events():
        recorder.emit(event)
    folder.close()
    return folder.path


def hostile_events() -> list[Event]:
    """A whole debate of which every text is hostile."""
    found: list[Event] = []
    for event in events():
        data = _poisoned(event.model_dump(mode="json"), _EVENT.validate_python, keep=set())
        found.append(_EVENT.validate_json(json.dumps(data)))
    return found


def _poisoned(data: dict[str, Any], check: Any, keep: set[str]) -> dict[str, Any]:
    """`data` with the text behind every string that may be any string."""
    for path in list(_strings(data)):
        if path[0] in keep:
            continue
        holder: Any = data
        for key in path[:-1]:
            holder = holder[key]
        before = holder[path[-1]]
        holder[path[-1]] = f"{before} {ALL}"
        try:
            check(data)
        except (ValidationError, ValueError):
            holder[path[-1]] = before
    return data


def _strings(data: Any, path: tuple[Any, ...] = ()) -> Any:
    if isinstance(data, str):
        yield path
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _strings(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _strings(value, (*path, number))
