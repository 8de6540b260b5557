"""Role cards: the prompt of one role as Markdown with front matter and `{{name}}` placeholders.

The declared variables and the placeholders of the body are the same set, or loading fails. Substitution
happens once: what is put in is data and is never looked at again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A parsed role card. `sampling` are optional settings for the model (temperature, max_tokens, …)."""

    id: str
    role: str
    title: str
    variables: tuple[str, ...]
    sampling: Mapping[str, float | int | str]
    body: str = field(repr=False)
    path: Path
    origin: str
    sha256: str
