"""Model specs: `--model provider:id`, and where that leads.

    openai:<id>      OPENAI_API_KEY; --base-url, else OPENAI_BASE_URL, else OpenAI's own address
    ollama:<id>      http://127.0.0.1:11434/v1, or OLLAMA_HOST
    lmstudio:<id>    http://127.0.0.1:1234/v1
    llamacpp:<id>    http://127.0.0.1:8080/v1; the id may be left out, the server holds one model
    vllm:<id>        http://127.0.0.1:8000/v1
    <other>:<id>     any chat model LangChain can start, when its packages are installed
    offline, replay:<run>, scripted    no endpoint: bound elsewhere

`--base-url` overrides the address of any of the first five. A base URL may hold user info (sent as Basic
authorization, instead of a key) and a query (sent with each request); neither is ever stored, shown or part
of a call's identity.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from debate.errors import SettingsError
from debate.models.secrets import Secrets

KEYLESS = "No key is needed for --model offline, or for a local server such as --model ollama:<id>."

OPENAI_URL = "https://api.openai.com/v1"
BOUND_ELSEWHERE = frozenset({"offline", "replay", "scripted"})


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of OpenAI-compatible server: its usual address and the variable its key comes from."""

    url: str
    key_variable: str
    url_variable: str = ""
    needs_key: bool = False
    needs_id: bool = True


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider(OPENAI_URL, "OPENAI_API_KEY", "OPENAI_BASE_URL", needs_key=True),
    "ollama": Provider("http://127.0.0.1:11434/v1", "OLLAMA_API_KEY", "OLLAMA_HOST"),
    "lmstudio": Provider("http://127.0.0.1:1234/v1", "LMSTUDIO_API_KEY"),
    "llamacpp": Provider("http://127.0.0.1:8080/v1", "LLAMA_API_KEY", needs_id=False),
    "vllm": Provider("http://127.0.0.1:8000/v1", "VLLM_API_KEY"),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go. `url` is what is stored and shown: no user info, no query, no slash at the end.

    `authorization` is the whole header value ("" for none) and `query` what the base URL's query held.
    """

    url: str
    key_variable: str
    authorization: str = field(default="", repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: Secrets = field(default_factory=Secrets, compare=False)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What a `--model` value means. `endpoint` is None for models that are not behind an OpenAI-compatible
    server.
    """

    name: str
    provider: str
    model: str
    endpoint: Endpoint | None = None


def read_model(
    text: str,
    *,
    base_url: str | None = None,
    environ: Mapping[str, str] | None = None,
    flag: str = "--model",
) -> ModelSpec:
    """The model `text` names. `environ` defaults to the process's, `flag` is what errors call it.

    Raises `SettingsError`, before any call, when the form is wrong, the key is missing, the base URL cannot
    be used or the package for that provider is not installed; the message says what to do.
    """
    environ = os.environ if environ is None else environ
    provider, colon, model = text.strip().partition(":")
    provider, model = provider.lower(), model.strip()
    if provider in BOUND_ELSEWHERE:
        return ModelSpec(text.strip(), provider, model)
    if not colon or not re.fullmatch(r"[a-z0-9_-]+", provider):
        raise SettingsError(
            f"{flag} {Secrets().scrub(text)!r}: write provider:id, e.g. openai:<id>, or offline. {KEYLESS}"
        )
    if known := PROVIDERS.get(provider):
        if known.needs_id and not model:
            raise SettingsError(f"{flag} {provider}: names no model; write {provider}:<id>")
        endpoint = _endpoint(provider, known, base_url, environ, flag)
        return ModelSpec(f"{provider}:{model}", provider, model or "default", endpoint)
    if not model:
        raise SettingsError(f"{flag} {provider}: names no model; write {provider}:<id>")
    _require_langchain(provider, flag)
    return ModelSpec(f"{provider}:{model}", provider, model)


def _require_langchain(provider: str, flag: str) -> None:
    if find_spec("langchain") is None:
        known = ", ".join(f"{name}:" for name in PROVIDERS)
        raise SettingsError(
            f"{flag} {provider}:…: unknown provider. Built in are {known} offline. "
            f"For models of other LangChain packages: "
            f"pip install langchain langchain-{provider.replace('_', '-')}. {KEYLESS}"
        )


def _endpoint(
    provider: str, known: Provider, base_url: str | None, environ: Mapping[str, str], flag: str
) -> Endpoint:
    """From flag, else variable, else the usual address; with the key of the provider's own variable."""
    source, given = "--base-url", (base_url or "").strip()
    if not given and known.url_variable:
        source, given = known.url_variable, environ.get(known.url_variable, "").strip()
        if given and provider == "ollama":
            given = _ollama_url(given)
    parts = _split(given or known.url, source)
    userinfo, host = _userinfo_and_host(parts)
    key = environ.get(known.key_variable, "").strip()
    authorization = _authorization(key, userinfo)
    if known.needs_key and not authorization:
        raise SettingsError(f"{flag} {provider}:… needs a key and {known.key_variable} is not set. {KEYLESS}")
    if re.search(r"[^\x21-\x7e]", key):
        raise SettingsError(
            f"{known.key_variable} holds characters no key has (a blank, a line end or a quote?)"
        )
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    clean = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
    # A user name or an API version is no secret, and is a word that replies may well contain.
    hidden = [value for name, value in query if _SECRET_NAME.search(name) or len(value) >= _SECRET_LENGTH]
    values = [key, authorization.partition(" ")[2], *userinfo[1:], *hidden]
    return Endpoint(
        clean, known.key_variable, authorization, query, Secrets(value for value in values if value)
    )


_SECRET_NAME = re.compile(r"key|token|secret|pass|auth|sig|code", re.I)
_SECRET_LENGTH = 20


def _split(url: str, source: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = (
            parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(f"{source}: not a base URL; it should look like http://127.0.0.1:8080/v1")
    return parts


def _userinfo_and_host(parts: SplitResult) -> tuple[tuple[str, ...], str]:
    """User name and password (unquoted; none when absent), and host with port in lower case."""
    userinfo, at, host = parts.netloc.rpartition("@")
    if not at:
        return (), host.lower()
    user, _, password = userinfo.partition(":")
    return (unquote(user), unquote(password)), host.lower()


def _authorization(key: str, userinfo: tuple[str, ...]) -> str:
    if userinfo:
        import base64  # noqa: PLC0415 - only for the few who put user info into a URL

        return "Basic " + base64.b64encode(":".join(userinfo).encode()).decode("ascii")
    return f"Bearer {key}" if key else ""


def _ollama_url(host: str) -> str:
    """OLLAMA_HOST may be a bare host, host:port, or a URL; 0.0.0.0 is what a server listens on, not where it
    is.
    """
    parts = urlsplit(host if "://" in host else f"http://{host}")
    name = "127.0.0.1" if parts.hostname in {None, "0.0.0.0", "::"} else parts.hostname  # noqa: S104
    try:
        port = parts.port or 11434
    except ValueError:
        raise SettingsError("OLLAMA_HOST: not host:port") from None
    return f"{parts.scheme}://{name}:{port}{parts.path.rstrip('/') or '/v1'}"
