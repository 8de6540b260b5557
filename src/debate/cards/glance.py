"""A glance at a lens card: the names it goes by, without reading it.

Reading a card in full takes a while, and a library has many; to find one it is enough to know what each is
called. A glance understands front matter in its plain form only (`id:`, `name:`, `aliases: [a, b]`, a line
each). Whoever finds a card by it reads that card in full and holds it against what was asked.
"""

import re
from pathlib import Path

from debate.cards.lens import lens_key

_ENOUGH = 4096  # characters in which a front matter ends
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(?P<keys>.*?)\n---[ \t]*\n", re.DOTALL)
_LINE = re.compile(r"(?P<key>[a-z]+):[ \t]*(?P<value>.*)")
_PLAIN = re.compile(r"(?:[^'\"{}\[\]#&*!|>%@`]|(?<=\w)')*\Z")  # a quote inside a word is only an apostrophe


def names_at_a_glance(path: Path) -> frozenset[str] | None:
    """Keys (see `lens_key`) of all names the card at `path` goes by; None when a glance does not tell."""
    try:
        with path.open(encoding="utf-8") as file:
            front = _FRONT.match(file.read(_ENOUGH).replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError):
        return None
    if front is None:
        return None
    found: dict[str, str] = {}
    for line in front["keys"].split("\n"):
        match = _LINE.fullmatch(line.rstrip())
        if match is None or match["key"] in found:
            return None
        found[match["key"]] = match["value"].strip()
    aliases = found.get("aliases", "[]")
    listed = aliases[1:-1] if aliases.startswith("[") and aliases.endswith("]") else None
    names = [found.get("id", ""), found.get("name", "")]
    if listed is None or not all(_PLAIN.match(text) and text for text in names) or not _PLAIN.match(listed):
        return None
    return frozenset(key for name in (*names, *listed.split(",")) if (key := lens_key(name)))
