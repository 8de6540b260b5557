"""Settings: flag before debate.toml before variable before default, and whose fault a fault is."""

from pathlib import Path
from typing import Any

import pytest

from debate.errors import InputError, SettingsError
from debate.models.prices import Price
from debate.settings import Settings, load

CANARY = "sk-CANARY-31c0ffee"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """`debate.toml` of the folder the test starts in."""
    path = tmp_path / "debate.toml"
    path.write_text("", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "flag", "in_file", "variable", "default"),
    [
        ("lenses", "low", '"medium"', "all", "high"),
        ("max_calls", 1, "2", "3", None),
        ("max_cost", 0.5, "1.5", "2.5", None),
        ("concurrency", 1, "2", "3", 8),
        ("deadline", 10.0, "20", "30", 900.0),
        ("base_url", "http://a/v1", '"http://b/v1"', "http://c/v1", None),
        ("protocol", "solo", '"panel"', "solo", "panel"),
    ],
)
def test_a_flag_comes_before_the_file_before_the_variable_before_the_default(
    *,
    name: str,
    flag: Any,
    in_file: str,
    variable: str,
    default: object,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert getattr(load(), name) == default
    monkeypatch.setenv(f"DEBATE_{name.upper()}", variable)
    assert str(getattr(load(), name)).removesuffix(".0") == variable
    file.write_text(f"{name} = {in_file}")
    assert str(getattr(load(), name)).removesuffix(".0") == in_file.strip('"')
    assert getattr(load({name: flag}), name) == flag


@pytest.mark.parametrize(
    ("flags", "in_file", "variable", "critic", "seats"),
    [
        (["openai:f"], 'model.critic = "openai:t"', "openai:e", "openai:f", "openai:f"),
        (["critic=openai:f"], 'model = "openai:t"', "openai:e", "openai:f", "openai:t"),
        ([], 'model.critic = "openai:t"', "openai:e", "openai:t", "openai:e"),
        ([], "", "openai:e critic=openai:c lens=openai:a,openai:b", "openai:c", "openai:a,openai:b"),
        (["critic=openai:f", "openai:g"], "", "", "openai:f", "openai:g"),
        ([], "", "", "offline", "offline"),
        (["openai:a=b"], "", "", "openai:a=b", "openai:a=b"),
        (["lens=openai:a, openai:b"], "", "", "offline", "openai:a,openai:b"),
    ],
)
def test_a_model_for_all_roles_comes_before_what_a_farther_source_says_of_one(
    *,
    flags: list[str],
    in_file: str,
    variable: str,
    critic: str,
    seats: str,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file.write_text(in_file)
    monkeypatch.setenv("DEBATE_MODEL", variable)
    models = load({"model": flags} if flags else {}).models
    assert (models["critic"], models["lens-agent"]) == (critic, seats)
    assert set(models) == {"lens-agent", "solo", "critic", "writer", "chooser"}


def test_sampling_of_a_role_is_laid_over_that_of_all_setting_by_setting(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBATE_SAMPLING", "seed=3 critic.top_p=0.5")
    file.write_text("[sampling]\ntemperature = 0.7\n[sampling.critic]\ntemperature = 0.1\nmax_tokens = 900\n")
    drawn = load({"sampling": ["writer.effort=high"]}).calls.sampling
    assert drawn["critic"].given() == {"temperature": 0.1, "top_p": 0.5, "max_tokens": 900, "seed": 3}
    assert drawn["writer"].given() == {"temperature": 0.7, "seed": 3, "effort": "high"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("prices.toml", '["openai:x"]\ninput = 1\noutput = 2.5\n'),
        ("prices.toml", '[prices."openai:x"]\ninput = 1\noutput = 2.5\n'),
        ("prices.json", '{"openai:x": {"input": 1, "output": 2.5}}'),
    ],
)
def test_prices_come_from_a_table_or_from_a_file(name: str, text: str, file: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    wanted = {"openai:x": Price(1.0, 2.5)}
    assert load({"prices": name}).prices == wanted
    file.write_text(f'prices = "{name}"')
    assert load().prices == wanted


def test_a_path_in_the_file_starts_at_the_files_folder(file: Path, tmp_path: Path) -> None:
    file.write_text('ledger = "calls.db"\ntranscripts = "runs"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    settings = load(cwd=below)
    assert (settings.ledger, settings.transcripts) == (tmp_path / "calls.db", tmp_path / "runs")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("max_calls = 0", ["max_calls", "greater than or equal to 1"]),
        ("max_calls = true", ["max_calls", "number"]),
        ("max_cost = inf", ["max_cost", "finite"]),
        (
            "colour = 1\nmax_call = 2",
            ["colour: no such setting", "max_call: no such setting; nearest: max_calls"],
        ),
        ("[sampling]\ntemperature = 3", ["debate.toml: sampling.temperature: "]),
        ("[sampling.critic]\ntempature = 1", ["sampling.critic.tempature", "nearest: temperature"]),
        ("[model]\njurist = 'x'", ["no role called 'jurist'", "debate.toml: model"]),
        ("model = ''", ["debate.toml: model", "MODEL"]),
        ("model = 3", ["debate.toml: model"]),
        ("[model]\ncritic = 'a:x,b:y'", ["only seats and judges can be several"]),
        ('[prices."openai:x"]\ninput = -1\noutput = 1', ["debate.toml: prices", "'openai:x'"]),
        ("prices = 'none.toml'", ["none.toml", "cannot be read"]),
        ("max_calls = 1\nmodel model", ["debate.toml: not TOML", "line 2"]),
        ("protocol = './mine.py'", ["debate.toml: protocol", "--protocol"]),
        ("base_url = 'http://me:pw@host/v1'", ["debate.toml: base_url", "OPENAI_BASE_URL"]),
        ("base_url = 'http://host/v1?key=1'", ["debate.toml: base_url", "OPENAI_BASE_URL"]),
    ],
)
def test_what_is_wrong_in_the_file_is_said_with_file_and_key(text: str, says: list[str], file: Path) -> None:
    file.write_text(text)
    with pytest.raises(InputError) as error:
        load()
    assert str(file) in str(error.value)
    for words in says:
        assert words in str(error.value)


@pytest.mark.parametrize(
    ("flags", "variables", "says"),
    [
        ({"max_calls": 0}, {}, "--max-calls: "),
        ({"sampling": ["critic.temperature=5"]}, {}, "--set critic.temperature: "),
        ({"sampling": ["temperature=5"]}, {}, "--set temperature: "),
        ({"sampling": ["critic"]}, {}, "--set: expected ROLE.SETTING=VALUE"),
        ({"model": ["=openai:x"]}, {}, "--model: expected MODEL or ROLE=MODEL"),
        ({"model": ["critc=openai:x"]}, {}, "nearest: critic"),
        ({}, {"DEBATE_MAX_CALLS": "many"}, "DEBATE_MAX_CALLS: "),
        ({}, {"DEBATE_MAX_CALL": "3"}, "nearest: DEBATE_MAX_CALLS"),
        ({}, {"DEBATE_TRACE": "1"}, "DEBATE_TRACE: the environment cannot turn tracing on"),
        ({}, {"DEBATE_PROTOCOL": "./x.py"}, "DEBATE_PROTOCOL: "),
    ],
)
def test_what_is_wrong_elsewhere_is_said_with_flag_or_variable(
    flags: dict[str, Any], variables: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match=says):
        load(flags)


@pytest.mark.parametrize(
    "text",
    [
        f"api_key = '{CANARY}'",
        f"OPENAI_API_KEY = '{CANARY}'",
        f"[openai]\nkey = '{CANARY}'",
        f"password = '{CANARY}'",
        f"model = '{CANARY}'",
        f"lenses = ['{CANARY}']",
    ],
)
def test_a_key_in_the_file_is_refused_and_not_repeated(text: str, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError, match="keys belong in the environment") as error:
        load()
    assert "CANARY" not in str(error.value)


def test_no_refused_value_is_repeated(file: Path) -> None:
    file.write_text("max_calls = 'hunter2'")
    with pytest.raises(SettingsError) as error:
        load()
    assert "hunter2" not in str(error.value)


def test_a_variable_of_somebody_else_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBATE_PORT_8080_TCP", "tcp://10.0.0.1:8080")
    monkeypatch.setenv("DEBATE_MODEL", "")
    assert load() == Settings()


def test_the_example_of_the_page_on_models_is_a_settings_file(repo: Path, file: Path) -> None:
    page = (repo / "docs" / "models.md").read_text(encoding="utf-8")
    (example,) = [part.partition("```")[0] for part in page.split("```toml\n")[1:]]
    file.write_text(example, encoding="utf-8")
    settings = load()
    assert settings.models["critic"] != settings.models["lens-agent"]
    assert settings.prices
    assert settings.calls.max_calls
