"""Role cards: the prompt of one role as Markdown with front matter and `{{name}}` placeholders.

The declared variables and the placeholders of the body are the same set, or loading fails. Substitution
happens once: what is put in is data and is never looked at again.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from debate.cards.frontmatter import FrontMatter, nearest
from debate.cards.markdown import digest, valid_id
from debate.errors import CardError, Fault, InputError

KEYS = ("id", "role", "title", "variables", "sampling")
#: Sampling settings: smallest and largest value, and whether it counts something.
SAMPLING = MappingProxyType(
    {
        "temperature": (0.0, 2.0, False),
        "top_p": (0.0, 1.0, False),
        "max_tokens": (1.0, 1e7, True),
        "seed": (0.0, 2.0**63 - 1, True),
    }
)

#: What the cards of the shipped protocols are given: a card of that id declares these variables, all of them.
GIVEN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "house": frozenset(),
        "lens-agent": frozenset({"problem", "lens", "lens_name"}),
        "solo": frozenset({"problem", "lenses"}),
        "critic": frozenset({"problem", "hypotheses", "missing"}),
        "writer": frozenset({"problem", "plan"}),
        "chooser": frozenset({"problem", "library", "count"}),
        "judge": frozenset({"problem", "criterion", "items", "candidate"}),
    }
)

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
# The second branch is what looks like a placeholder and is none.
_PLACEHOLDER = re.compile(r"\{\{[ \t]*([a-z][a-z0-9_]*)[ \t]*\}\}|\{\{[^{}\n]{0,40}\}{0,2}")


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

    def render(self, /, **values: str) -> str:
        """The body with every placeholder replaced by its value, in one pass.

        Raises InputError when the values are not exactly the declared variables.
        """
        wrong = [f"no value for {name!r}" for name in self.variables if name not in values]
        wrong += [f"{name!r} is no variable of it" for name in values if name not in self.variables]
        if wrong:
            raise InputError(f"role card {self.id!r} ({self.path}): {'; '.join(wrong)}")
        return _PLACEHOLDER.sub(lambda match: values[match[1]], self.body)


def parse_role(text: str, path: Path, origin: str) -> RoleCard:
    """Read a role card; its id is the file's name unless it states one. Raises CardError with all faults."""
    front = FrontMatter(text, path, KEYS)
    id_ = front.text("id") or path.stem
    if not valid_id(id_):
        front.fault("id", f"{id_!r} cannot be an id; use lower-case letters, digits and '-'")
    role = front.text("role", required=True)
    title = front.text("title", required=True)
    variables = front.names("variables")
    for name in sorted({name for name in variables if variables.count(name) > 1}):
        front.fault("variables", f"{name!r} is declared twice")
    for name in variables:
        if not _NAME.match(name):
            front.fault("variables", f"{name!r} cannot be a variable; use lower-case letters, digits and '_'")
    if id_ in GIVEN and set(variables) != GIVEN[id_]:
        given = ", ".join(sorted(GIVEN[id_])) or "nothing"
        front.fault("variables", f"the role {id_!r} is given {given}; declare and use exactly these")
    sampling = _sampling(front)
    faults = front.faults + _placeholder_faults(front, variables)
    if not front.body.strip():
        faults.append(Fault(front.first_line, "the card has no prompt; expected text after the front matter"))
    if faults:
        raise CardError(path, faults)
    return RoleCard(id_, role, title, variables, sampling, front.body, path, origin, digest(text))


def _placeholder_faults(front: FrontMatter, variables: tuple[str, ...]) -> list[Fault]:
    faults = []
    used = set()
    for line, text in enumerate(front.body.split("\n"), front.first_line):
        for match in _PLACEHOLDER.finditer(text):
            name = match[1]
            if name is None:
                faults.append(Fault(line, f"{match[0]!r} is not a placeholder; write {{{{name}}}}"))
            elif name not in variables and name not in used:
                near = nearest(name, variables)
                hint = f"; meant {{{{{near}}}}}?" if near else ""
                faults.append(Fault(line, f"{{{{{name}}}}} is used but not declared in 'variables'{hint}"))
            used.add(name)
    declared = front.line("variables")
    unused = [name for name in dict.fromkeys(variables) if name not in used]
    return faults + [
        Fault(declared, f"{name!r} is declared but unused; {{{{{name}}}}} stands nowhere") for name in unused
    ]


def _sampling(front: FrontMatter) -> Mapping[str, float | int | str]:
    found: dict[str, float | int | str] = {}
    for name, text in front.mapping("sampling").items():
        if name not in SAMPLING:
            front.fault(
                "sampling", f"unknown sampling setting {name!r}; expected one of {', '.join(SAMPLING)}"
            )
            continue
        low, high, whole = SAMPLING[name]
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            kind = "a whole number" if whole else "a number"
            front.fault("sampling", f"{name} is {text!r}; expected {kind} from {low:g} to {high:g}")
            continue
        found[name] = value
    return MappingProxyType(found)
