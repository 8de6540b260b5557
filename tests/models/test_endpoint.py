"""`--model` values: where they lead, and what is said when they lead nowhere."""

import re

import pytest

from debate.errors import SettingsError
from debate.models.endpoint import read_model

KEY = {"OPENAI_API_KEY": "sk-test-123456"}


@pytest.mark.parametrize(
    ("text", "base_url", "environ", "url", "model"),
    [
        ("openai:m", None, KEY, "https://api.openai.com/v1", "m"),
        ("openai:m", None, {**KEY, "OPENAI_BASE_URL": "https://g.example/v1/"}, "https://g.example/v1", "m"),
        (
            "openai:m",
            "http://H:8/v1",
            {**KEY, "OPENAI_BASE_URL": "https://g.example/v1/"},
            "http://h:8/v1",
            "m",
        ),
        ("openai:org/m:free", None, KEY, "https://api.openai.com/v1", "org/m:free"),
        ("ollama:m:7b", None, {}, "http://127.0.0.1:11434/v1", "m:7b"),
        ("ollama:m", None, {"OLLAMA_HOST": "0.0.0.0:9"}, "http://127.0.0.1:9/v1", "m"),
        ("ollama:m", None, {"OLLAMA_HOST": "box"}, "http://box:11434/v1", "m"),
        ("ollama:m", None, {"OLLAMA_HOST": "https://box:1/v1"}, "https://box:1/v1", "m"),
        ("lmstudio:m", None, {}, "http://127.0.0.1:1234/v1", "m"),
        ("llamacpp:", None, {}, "http://127.0.0.1:8080/v1", "default"),
        ("vllm:m", None, {"VLLM_API_KEY": "k-123456"}, "http://127.0.0.1:8000/v1", "m"),
        ("openai:m", "http://me:secret1@h/v1?key=secret2", {}, "http://h/v1", "m"),
    ],
)
def test_a_spec_leads_to_its_endpoint(
    text: str, base_url: str | None, environ: dict[str, str], url: str, model: str
) -> None:
    spec = read_model(text, base_url=base_url, environ=environ)
    assert spec.endpoint is not None
    assert (spec.endpoint.url, spec.model) == (url, model)
    assert not re.search("secret[12]", repr(spec))
    assert "sk-test" not in repr(spec)


@pytest.mark.parametrize("text", ["offline", "replay:run-1", "scripted"])
def test_models_without_an_endpoint_are_bound_elsewhere(text: str) -> None:
    assert read_model(text, environ={}).endpoint is None


@pytest.mark.parametrize(
    ("text", "base_url", "environ", "says"),
    [
        ("openai:m", None, {}, "OPENAI_API_KEY is not set"),
        ("openai:m", None, {}, "--model offline"),
        ("openai:m", None, {"OPENAI_API_KEY": "  "}, "OPENAI_API_KEY is not set"),
        ("openai:m", None, {"OPENAI_API_KEY": "sk-a b"}, "characters no key has"),
        ("openai:", None, KEY, "names no model"),
        ("ollama:", None, {}, "names no model"),
        ("gpt", None, KEY, "write provider:id"),
        ("", None, KEY, "write provider:id"),
        ("open ai:m", None, KEY, "write provider:id"),
        ("anthropic:m", None, {}, "pip install langchain langchain-anthropic"),
        ("openai:m", "h:8080", KEY, "--base-url: not a base URL"),
        ("openai:m", "ftp://h/v1", KEY, "--base-url: not a base URL"),
        ("openai:m", "http://h:99999/v1", KEY, "--base-url: not a base URL"),
        ("openai:m", None, {**KEY, "OPENAI_BASE_URL": "http://"}, "OPENAI_BASE_URL: not a base URL"),
        ("ollama:m", None, {"OLLAMA_HOST": "h:port"}, "OLLAMA_HOST"),
    ],
)
def test_what_leads_nowhere_says_what_to_do(
    text: str, base_url: str | None, environ: dict[str, str], says: str
) -> None:
    with pytest.raises(SettingsError, match=says) as error:
        read_model(text, base_url=base_url, environ=environ)
    assert "sk-" not in str(error.value)


@pytest.mark.parametrize(
    "url", ["http://me:hunter2x@h:x/v1", "ftp://h/v1?key=hunter2x", "http://me:hunter2x@/v1"]
)
def test_a_base_url_that_cannot_be_used_is_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_model("openai:m", base_url=url, environ=KEY)
    assert "hunter2x" not in str(error.value)
