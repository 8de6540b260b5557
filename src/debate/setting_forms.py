"""Forms of settings: the ways to write one, brought into the one way settings are kept in.

A flag that may be repeated is a list, a variable holds the same words with blanks between, a file has tables.
Each function takes what was written and `place`, what to call it in errors, and raises `SettingsError`.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from debate.errors import SettingsError
from debate.models.endpoint import KEYLESS
from debate.models.prices import Price, read_prices
from debate.models.roles import CHECKS, JUDGE, NAMED, ROLES, SEATED, role_of
from debate.models.secrets import Secrets

Table = Mapping[str, Any]

_LARGEST = 1 << 20  # bytes of a price table


def models(given: object, place: str) -> dict[str, str]:
    """`openai:a critic=openai:b lens=A,B` or a table by role, as role → model or models joined by commas."""
    named: dict[str, str] = {}
    for role, model in _model_items(given, place):
        if not isinstance(model, str) or not model.strip():
            raise SettingsError(f"{place}: expected MODEL or ROLE=MODEL. {KEYLESS}")
        names = [name.strip() for name in model.split(",")]
        if not all(names):
            raise SettingsError(f"{place}: a name is missing beside a comma")
        for each in [role_of(role, place)] if role else ROLES:
            if len(names) > 1 and each not in SEATED:
                raise SettingsError(
                    f"{place}: only seats and judges can be several; write lens={','.join(names)}"
                )
            if each == JUDGE and len(names) > 1 and (apart := {CHECKS, "offline"}.intersection(names)):
                raise SettingsError(
                    f"{place}: {min(apart)} cannot sit in a jury: the judge by rule speaks beside it anyway"
                )
            if role or each not in named:
                named[each] = ",".join(names)
    return named


def _model_items(given: object, place: str) -> Iterator[tuple[str, object]]:
    """Role and model, those of single roles first."""
    if isinstance(given, Mapping):
        yield from given.items()
        return
    words = given.split() if isinstance(given, str) else given
    if not isinstance(words, list) or not words:
        raise SettingsError(f"{place}: expected MODEL, or a table of models by role. {KEYLESS}")
    pairs = [_model_word(word, place) for word in words]
    yield from sorted(pairs, key=lambda pair: not pair[0])


_ROLE_PREFIX = re.compile(r"\s*([A-Za-z-]*)\s*=(.*)", re.DOTALL)


def _model_word(word: object, place: str) -> tuple[str, object]:
    """`critic=openai:b`; ids of models may hold a `=` further on."""
    found = _ROLE_PREFIX.match(str(word))
    if found is None:
        return "", word
    if not found[1]:
        raise SettingsError(f"{place}: expected MODEL or ROLE=MODEL. {KEYLESS}")
    return found[1], found[2]


def sampling(given: object, place: str) -> dict[str, dict[str, object]]:
    """`temperature=0 critic.effort=high`, or a table with tables by role in it, as a table for each role."""
    for_all: dict[str, object] = {}
    by_role: dict[str, dict[str, object]] = {}
    if isinstance(given, Mapping):
        for name, value in given.items():
            if isinstance(value, Mapping):
                by_role.setdefault(role_of(name, place), {}).update(value)
            else:
                for_all[name] = value
    else:
        for word in (
            given.split() if isinstance(given, str) else given if isinstance(given, list) else [given]
        ):
            name, equals, value = str(word).partition("=")
            role, dot, setting = name.strip().rpartition(".")
            if not equals or not setting or not value.strip() or (dot and not role):
                raise SettingsError(
                    f"{place}: expected ROLE.SETTING=VALUE, such as critic.temperature=0.2, or SETTING=VALUE"
                )
            into = by_role.setdefault(role_of(role, place), {}) if role else for_all
            into[setting] = value.strip()
    return {role: {**for_all, **by_role.get(role, {})} for role in NAMED if for_all or role in by_role}


def lenses(given: object, _place: str) -> object:
    """Terms, as one text; a file may have a list of them."""
    return ",".join(map(str, given)) if isinstance(given, list) else given


def embeddings(given: object, place: str) -> object:
    """One model, or none."""
    if isinstance(given, str) and re.search(r"[,=\s]", given.strip()):
        raise SettingsError(f"{place}: expected one MODEL, such as ollama:ID, or none")
    return (given.strip() or None) if isinstance(given, str) else given


def no_flag(given: object) -> object:
    """No truth value where a number is wanted: Python takes True for 1, and nobody means it."""
    if isinstance(given, bool):
        raise ValueError("Input should be a number")
    return given


def prices(given: object, place: str, path: Callable[[str], Path]) -> dict[str, Price]:
    """A table of prices, or the TOML or JSON file that holds one."""
    if isinstance(given, Mapping):
        return read_prices(given, place)
    if not isinstance(given, str | Path):
        raise SettingsError(f"{place}: expected a table of prices, or the path of a file that holds one")
    file = path(str(given))
    try:
        if file.stat().st_size > _LARGEST:
            raise SettingsError(f"{place} {file}: too large for a table of prices")
        text = file.read_text(encoding="utf-8")
        table = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{place} {file}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{place} {file}: neither TOML nor JSON (.json): {error}") from None
    if not isinstance(table, Mapping):
        raise SettingsError(f"{place} {file}: expected a table by model")
    # A debate.toml serves as well, so that one file can hold the prices of many folders.
    inner = table.get("prices")
    return read_prices(inner if isinstance(inner, Mapping) and "input" not in inner else table, str(file))


_KEY_LIKE = re.compile(r"(?i)(?:^|[_.-])(?:api_?keys?|keys?|secrets?|tokens?|passwords?|authorization)$")
_KEPT = frozenset({"max_tokens"})
_ADVICE = "keys belong in the environment, such as OPENAI_API_KEY, and never in a file of a project"


def refuse_keys(table: Table, place: str, path: tuple[str, ...] = ()) -> None:
    """Nothing in a file may look like a key, by its name or by itself."""
    for name, value in table.items():
        where = (*path, str(name))
        known = isinstance(value, Mapping) or name in _KEPT or path[:1] == ("model",)
        looks = _KEY_LIKE.search(str(name)) and not known
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        if looks or any(isinstance(text, str) and Secrets().scrub(text) != text for text in texts):
            raise SettingsError(f"{place}: {'.'.join(where)}: {_ADVICE}")
        if isinstance(value, Mapping):
            refuse_keys(value, place, where)


def base_url(url: str, place: str) -> None:
    """An address in a file has no key in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return  # said better when it is used
    if parts.query or parts.username is not None or parts.password is not None:
        raise SettingsError(
            f"{place}: an address with user info or a query may hold a key; put it into OPENAI_BASE_URL, or "
            "give it as --base-url"
        )


def protocol(name: str, place: str) -> None:
    """Only a flag can name a Python file: a folder somebody else made must not run code by being entered."""
    if name.endswith(".py") or "/" in name or "\\" in name:
        raise SettingsError(
            f"{place}: only a built-in protocol can stand here; name your own with --protocol"
        )
