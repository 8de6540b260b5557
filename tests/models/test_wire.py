"""How a question is written for a server: schema, manner, request."""

import json
from typing import Any

import pytest

from debate.contributions import Letter, Plan, SeatReport
from debate.models.faults import FaultKind, WireError
from debate.models.openai_chat import first_manner, request_body
from debate.models.schema import wire_schema
from debate.models.wire import Ask, Manner, Rung, Sampling, Schema

SCHEMA = Schema(
    "Claim", {"type": "object", "properties": {"claim": {"type": "string"}}, "required": ["claim"]}
)
MESSAGES = [("system", "be brief"), ("user", "why?")]


def sent(sampling: Sampling, manner: Manner, schema: Schema | None = SCHEMA) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(request_body("m", Ask(MESSAGES, sampling, schema), manner))
    return loaded


def keys(node: object) -> set[str]:
    if isinstance(node, dict):
        properties = node.get("properties", {})
        inner = [keys(value) for key, value in node.items() if key != "properties"]
        return set(node).union(*inner, *(keys(value) for value in properties.values()))
    return set().union(*map(keys, node)) if isinstance(node, list) else set()


@pytest.mark.parametrize("model", [SeatReport, Plan, Letter])
def test_the_contributions_are_plain_enough_for_every_server(model: Any) -> None:
    schema = Schema.of(model)
    assert keys(schema.body) <= {
        *("type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "description"),
    }
    assert schema.required == set(model.model_fields)
    assert schema.digest == Schema.of(model).digest


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema = {
        "type": "object",
        "properties": {"title": {"type": "string", "title": "Title", "pattern": "^a"}},
    }
    assert wire_schema(schema) == {"type": "object", "properties": {"title": {"type": "string"}}}


def test_a_schema_that_contains_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="contain itself"):
        wire_schema({"$ref": "#/$defs/A", "$defs": {"A": {"properties": {"a": {"$ref": "#/$defs/A"}}}}})


def test_each_rung_asks_for_the_object_in_its_way() -> None:
    by_rung = {rung: sent(Sampling(), Manner(rung)) for rung in Rung}
    assert by_rung[Rung.JSON_SCHEMA]["response_format"]["json_schema"]["schema"] == SCHEMA.body
    assert by_rung[Rung.JSON_OBJECT]["response_format"] == {"type": "json_object"}
    assert "response_format" not in by_rung[Rung.PROMPT]
    ends = {rung: body["messages"][-1]["content"] for rung, body in by_rung.items()}
    assert ends[Rung.JSON_SCHEMA] == "why?"
    assert all(
        SCHEMA.text in ends[rung] and ends[rung].startswith("why?")
        for rung in (Rung.JSON_OBJECT, Rung.PROMPT)
    )


def test_free_text_is_asked_for_alike_on_every_rung() -> None:
    assert len({json.dumps(sent(Sampling(), Manner(rung), None)) for rung in Rung}) == 1


@pytest.mark.parametrize(
    ("model", "url", "manner"),
    [
        ("gpt-4.1", "https://api.openai.com/v1", Manner(tokens="max_completion_tokens")),
        ("o4-mini", "https://api.openai.com/v1", Manner(tokens="max_completion_tokens", plain_sampling=True)),
        (
            "openai/gpt-5",
            "https://gateway.example/v1",
            Manner(tokens="max_completion_tokens", plain_sampling=True),
        ),
        ("llama", "http://127.0.0.1:8080/v1", Manner()),
        ("olmo", "http://127.0.0.1:8080/v1", Manner()),
    ],
)
def test_what_is_known_of_a_model_before_it_is_asked(model: str, url: str, manner: Manner) -> None:
    assert first_manner(model, url) == manner


def test_a_reasoning_model_gets_its_own_parameters() -> None:
    sampling = Sampling(temperature=0.5, top_p=1, max_tokens=900, seed=3, effort="low")
    body = sent(sampling, first_manner("o3", "https://api.openai.com/v1"))
    settings = {
        name: value for name, value in body.items() if name not in {"model", "messages", "response_format"}
    }
    assert settings == {"max_completion_tokens": 900, "seed": 3, "reasoning_effort": "low"}
    plain = sent(sampling, Manner())
    assert (plain["temperature"], plain["top_p"], plain["max_tokens"]) == (0.5, 1.0, 900)


def test_a_whole_number_is_the_same_temperature_as_its_float() -> None:
    assert Sampling(temperature=0).given() == Sampling(temperature=0.0).given() == {"temperature": 0.0}
    assert Sampling().given() == {}


@pytest.mark.parametrize(
    ("manner", "fault", "after"),
    [
        (Manner(), WireError(FaultKind.RESPONSE_FORMAT), Manner(Rung.JSON_OBJECT)),
        (Manner(Rung.JSON_OBJECT), WireError(FaultKind.RESPONSE_FORMAT), Manner(Rung.PROMPT)),
        (Manner(Rung.PROMPT), WireError(FaultKind.RESPONSE_FORMAT), None),
        (
            Manner(),
            WireError(FaultKind.PARAMETER, param="max_tokens"),
            Manner(tokens="max_completion_tokens"),
        ),
        (Manner(), WireError(FaultKind.PARAMETER, param="max_completion_tokens"), None),
        (Manner(), WireError(FaultKind.PARAMETER, param="temperature"), Manner(plain_sampling=True)),
        (Manner(plain_sampling=True), WireError(FaultKind.PARAMETER, param="top_p"), None),
        (Manner(), WireError(FaultKind.PARAMETER, param="reasoning_effort"), None),
    ],
)
def test_a_refused_manner_leads_to_the_next_or_to_none(
    manner: Manner, fault: WireError, after: Manner | None
) -> None:
    assert manner.after(fault) == after


@pytest.mark.parametrize(
    "manner", [Manner(), Manner(Rung.PROMPT, "max_completion_tokens", plain_sampling=True)]
)
def test_a_manner_survives_being_written_down(manner: Manner) -> None:
    assert Manner.load(manner.dump()) == manner


def test_any_text_can_be_sent() -> None:
    body = request_body("m", Ask([("user", "\ud800 \x00 é")]), Manner())
    assert json.loads(body)["messages"][0]["content"] == "\ud800 \x00 é"
