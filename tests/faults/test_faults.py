"""Every fault a server can commit has its one right behaviour, and every request is in the ledger."""

import time
from dataclasses import dataclass

import pytest

from debate.calls import CallError, Flag, Reply, StopError
from debate.models.faults import FaultKind as F
from tests.faults.conftest import QUICK, Bench, Rows
from tests.faults.server import ANSWER, STEPS

OK = "ok"
FAIL = "fail"
STOP = "stop"
REASK = "reask"


@dataclass(frozen=True)
class Case:
    """A script, how the call ends, how many requests it takes, and what is said about it."""

    number: str
    script: str
    ends: str
    requests: int = 1
    kind: str = ""
    flags: frozenset[Flag] = frozenset()
    says: str = ""


def case(
    number: str, script: str, ends: str, requests: int = 1, kind: str = "", *flags: Flag, says: str = ""
) -> Case:
    return Case(number, script, ends, requests, kind, frozenset(flags), says)


CASES = [
    case("1 seconds", "429-s>ok", OK, 2),
    case("1 milliseconds", "429-ms>ok", OK, 2),
    case("1 date", "429-date>ok", OK, 2),
    case("1 no sense", "429-bad>429-negative>ok", OK, 3),
    case("2", "429-long", FAIL, 1, F.WAIT_TOO_LONG, says="resume the run after"),
    case("2 unavailable", "503-long", FAIL, 1, F.WAIT_TOO_LONG),
    case("3", "429>429>429>ok", OK, 4),
    case("3 for ever", "429", FAIL, 4, F.RATE_LIMITED, says="slow down"),
    case("4", "429-quota", STOP, 1, F.QUOTA, says="credit"),
    case("4 only in words", "429-quota-message>ok", OK, 2),
    case("4 402", "402", STOP, 1, F.QUOTA),
    case("5", "500>502>503>ok", OK, 4),
    case("5 overloaded", "529", FAIL, 4, F.SERVER, says="overloaded"),
    case("6", "408>409>504>ok", OK, 4),
    case("7", "401", STOP, 1, F.KEY, says="OPENAI_API_KEY"),
    case("7 forbidden", "403", STOP, 1, F.KEY),
    case("7 not the key", "403-flagged", FAIL, 1, F.REFUSED),
    case("8", "404", STOP, 1, F.NOT_FOUND, says="http://127.0.0.1"),
    case("8 names the model", "404", STOP, 1, F.NOT_FOUND, says="openai:404"),
    case("9", "no-schema", OK, 2, "", Flag.JSON_OBJECT),
    case("9 to the bottom", "no-format", OK, 3, "", Flag.IN_PROMPT, Flag.REPAIRED),
    case("9 error is a string", "no-object", OK, 3, "", Flag.IN_PROMPT, Flag.REPAIRED),
    case("9 no server for it", "404-format>404-format>ok", OK, 3, "", Flag.IN_PROMPT),
    case("10", "400-context", FAIL, 1, F.CONTEXT_LENGTH, says="4096"),
    case("10 llama.cpp", "400-llamacpp", FAIL, 1, F.CONTEXT_LENGTH),
    case("11", "400-filter", FAIL, 1, F.REFUSED),
    case("12", "413", STOP, 1, F.NOT_ACCEPTED),
    case("12 validation", "422", STOP, 1, F.NOT_ACCEPTED, says="field required"),
    case("12 other", "400", FAIL, 1, F.BAD_REQUEST, says="something else is wrong"),
    case("14", "reset>ok", OK, 2),
    case("14 closed", "close>reset>close>ok", OK, 4),
    case("14 for ever", "reset", FAIL, 4, F.RESET),
    case("15", "cut>ok", OK, 2),
    case("15 again", "cut", FAIL, 2, F.CUT),
    case("15 chunk", "cut-chunk", FAIL, 2, F.CUT),
    case("15 gzip", "cut-gzip>ok", OK, 2),
    case("16", "hang>ok", OK, 2),
    case("16 again", "hang", FAIL, 2, F.HANG, says="faster model"),
    case("16 in the body", "hang-body", FAIL, 2, F.HANG),
    case("18", "307", STOP, 1, F.REDIRECT),
    case("18 302", "302", STOP, 1, F.REDIRECT),
    case("19", "garbage>ok", OK, 2),
    case("19 gzip", "bad-gzip>ok", OK, 2),
    case("19 encoding", "brotli>ok", OK, 2),
    case("21", "fence", OK, 1, "", Flag.REPAIRED),
    case("22", "think", OK),
    case("22 unopened", "think-unopened", OK),
    case("23", "prose", OK, 1, "", Flag.REPAIRED),
    case("24 same", "two-same", OK, 1, "", Flag.REPAIRED),
    case("24 different", "two-different", REASK, says="exactly one"),
    case("25 NaN", "nan", REASK, says="NaN"),
    case("25 infinite", "infinite", REASK, says="NaN"),
    case("25 missing", "missing-key", REASK, says="keys missing: confidence"),
    case("25 array", "no-json", REASK, says="no valid JSON object"),
    case("25 comma", "trailing-comma", REASK, says="no valid JSON object"),
    case("25 top", "array", OK, 1, "", Flag.REPAIRED),
    case("26", "length-cut", REASK, 1, "", Flag.AT_LENGTH, says="ends in the middle"),
    case("26 nested", "length-nested", REASK, 1, "", Flag.AT_LENGTH, says="ends in the middle"),
    case("26 thinking", "length-thinking", REASK, 1, "", Flag.AT_LENGTH, says="ends in the middle"),
    case("27", "length-whole", OK, 1, "", Flag.AT_LENGTH),
    case("28 filter", "filtered", FAIL, 1, F.REFUSED, says="I was going to"),
    case("28 refusal", "refusal", FAIL, 1, F.REFUSED, says="I cannot help"),
    case("29", "null", REASK, says="empty"),
    case("29 empty", "empty", REASK, says="empty"),
    case("29 reasoning", "only-reasoning", REASK, says="empty"),
    case("29 think", "only-think", REASK, says="empty"),
    case("30", "tool-call", OK, 1, "", Flag.TOOL_CALL),
    case("30 wrong", "tool-call-wrong", REASK, 1, "", Flag.TOOL_CALL),
    case("30 cut", "tool-call-cut", REASK, 1, "", Flag.TOOL_CALL),
    case("31", "200-error-429>ok", OK, 2),
    case("31 key", "200-error-401", STOP, 1, F.KEY),
    case("31 string", "200-error-string>ok", OK, 2),
    case("32", "html", STOP, 1, F.HTML, says="Sign in"),
    case("33", "bad-json>ok", OK, 2),
    case("33 empty", "empty-body>ok", OK, 2),
    case("33 204", "204>ok", OK, 2),
    case("33 null", "json-null>ok", OK, 2),
    case("33 list", "json-list>ok", OK, 2),
    case("34", "no-choices>ok", OK, 2),
    case("34 null", "null-choices", FAIL, 2, F.NO_CHOICES),
    case("34 message", "no-message>ok", OK, 2),
    case("35", "no-usage", OK, 1, "", Flag.USAGE_UNKNOWN),
    case("35 wrong", "wrong-usage", OK, 1, "", Flag.USAGE_UNKNOWN),
    case("35 lies", "usage-lies", OK, 1, "", Flag.USAGE_UNKNOWN),
    case("35 list", "usage-list", OK, 1, "", Flag.USAGE_UNKNOWN),
    case("36", "finish-null", OK, 1, "", Flag.ODD_FINISH),
    case("36 odd", "finish-odd", OK, 1, "", Flag.ODD_FINISH),
    case("38 huge", "huge", FAIL, 1, F.TOO_LARGE),
    case("38 bomb", "bomb", FAIL, 1, F.TOO_LARGE),
    case("38 deep body", "deep-body", FAIL, 1, F.TOO_DEEP),
    case("38 deep content", "deep-content", REASK, says="nested too deep"),
    case("38 deeper content", "deeper-content", REASK, says="nested too deep"),
    case("- gzip", "gzip", OK),
    case("- reasoning", "reasoning", OK),
    case("- parts", "parts", OK),
]


@pytest.mark.parametrize("given", CASES, ids=lambda given: f"{given.number}: {given.script}")
async def test_each_fault_has_its_behaviour_and_each_request_its_record(
    given: Case, bench: Bench, rows: Rows
) -> None:
    began = time.monotonic()
    async with bench.caller() as caller:
        ended: str = OK
        reply: Reply | None = None
        error: CallError | None = None
        try:
            reply = await caller.call(bench.spec(given.script))
            ended = REASK if reply.faults else OK
        except StopError as stopped:
            ended, error = STOP, stopped
        except CallError as failed:
            ended, error = FAIL, failed
    await bench.ledger.close()
    assert (ended, len(bench.server.requests)) == (given.ends, given.requests), error or reply
    assert time.monotonic() - began < QUICK.deadline + 1
    assert len(rows("SELECT id FROM attempts")) == given.requests
    assert rows("SELECT id FROM attempts WHERE state IN ('sent', 'received')") == []
    answers = len(rows("SELECT id FROM attempts WHERE state = 'answer'"))
    assert answers == (1 if reply or (error and error.text) else 0)
    if error:
        assert error.kind == given.kind
        assert given.says in str(error)
        assert error.attempts == given.requests
    if reply:
        check_reply(reply, given)


def check_reply(reply: Reply, given: Case) -> None:
    assert set(reply.flags) == given.flags
    assert reply.attempts == given.requests
    if given.ends == OK:
        assert reply.value == ANSWER
    else:
        assert reply.value is None
        assert given.says in reply.faults[0]


def test_every_script_of_the_server_is_used_somewhere() -> None:
    elsewhere = {
        *("ok", "drip", "control", "surrogate", "bad-utf8", "prompt-cut", "echo-key", "echo-key-200"),
        *("no-max-tokens", "no-temperature"),
    }
    used = {step for given in CASES for step in given.script.split(">")}
    assert used | elsewhere == STEPS.keys()


@pytest.mark.parametrize(("script", "seconds"), [("429-s>ok", 1.0), ("429-date>ok", 1.0), ("429-ms>ok", 0.3)])
async def test_a_server_is_never_asked_before_the_time_it_named(
    script: str, seconds: float, bench: Bench
) -> None:
    async with bench.caller() as caller:
        await caller.call(bench.spec(script))
        first, second = bench.server.requests
        assert second.at - first.at >= seconds
        assert [setback.pause >= seconds for setback in bench.setbacks] == [True]
