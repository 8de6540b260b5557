"""Card files to fill test libraries with: small, valid, and easy to break in one place."""

from collections.abc import Sequence
from pathlib import Path

MOVE = """### Count the trips

- **Suspect:** most of [now] is waiting
- **Because:** every part waits for the one before it
- **Measure:** round trips for one case
- **True if:** at least 20 round trips
- **False if:** at most 5 round trips
- **Test:** Count the round trips: follow one case
- **Who:** one engineer
- **Days:** 0.5
- **Change:** Ask once for all of it: batch the calls
- **Build days:** 3
- **Effect:** each trip saved is its wait saved
- **Rival:** one slow trip; then one would hold most of [now]
- **Words:** trip, call
"""

SECTIONS = {
    "Sees": "What waits for what.",
    "Applies when": "- several parts wait",
    "Misleads when": "- nothing waits",
    "Questions": "- Who waits?",
    "Signals": "- **waiting**: somebody waits; words: wait, queue",
    "Moves": MOVE,
    "Reads attempts": "- any; made the work faster and left the wait",
    "Source": "Somebody, *Some Work* (1999).",
}


def lens_text(
    id_: str = "waiting", name: str = "", aliases: Sequence[str] = (), /, **sections: str | None
) -> str:
    """A lens card. Sections are named with `_` for blanks (`Applies_when`); None leaves one out."""
    name = name or id_.replace("-", " ").title()
    changed = {title.replace("_", " "): text for title, text in sections.items()}
    body = "\n".join(
        f"## {title}\n\n{text}\n" for title, text in {**SECTIONS, **changed}.items() if text is not None
    )
    front = f"---\nid: {id_}\nname: {name}\nfamily: time\naliases: [{', '.join(aliases)}]\n---\n"
    return f"{front}\n# {name}\n\n{body}"


def role_text(id_: str = "scribe") -> str:
    """A role card."""
    front = f"---\nid: {id_}\nrole: {id_}\ntitle: Merges\nvariables: [problem]\n---\n"
    return front + "\n{{problem}}\n\nMerge.\n"


def problem_text(id_: str = "shop_queue", title: str = "Queue Stuck") -> str:
    """A problem card in the short dialect."""
    return f"""# {title}

## Problem ID
`{id_}`

## Domain
retail

## Title
{title}

## Context
- A shop with 300 customers a day
- The mean wait at the till is 12 minutes

## Challenge
The wait at the till is too long (12 minutes). The team has tried:

1. A second till (improved 10%)
2. Signs (improved 5%)

Target: under 6 minutes.

## Prompt for Agent
Our wait at the till is 12 minutes. What are we missing?

## Expected Lens Relevance
**High:** Waiting

## Baseline Solution
"Open more tills."
- Originality: 2/10

## Target Solution
"Let customers pay in the aisle."
- Originality: 8/10
"""


def put(folder: Path, **files: str) -> Path:
    """Write files below `folder`: `lenses__a="…"` becomes `lenses/a.md`, further `_` in names become `-`."""
    for name, text in files.items():
        shelf, _, stem = name.partition("__")
        path = folder / shelf / f"{stem.replace('_', '-')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
