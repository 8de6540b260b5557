"""What can go wrong with one call to a model, and what follows from it.

Every fault, wherever it shows (socket, HTTP status, body, answer), is one `FaultKind`; `RULES` says once and
for all what happens then:

    retry   ask again, the same words, after a pause; `then` says what follows when the attempts are used up
    adapt   ask again at once, in another manner (a lower rung of the ladder, another parameter name)
    reask   the reply is kept; the role may ask once more and say what was wrong
    fail    this call is lost, the debate may go on without it
    stop    no further call can succeed: the run ends and keeps what it has

`may_be_billed` marks faults where the server may have done the work and charged for it: they are tried again
only once.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """One way a call can go wrong; the value is what the ledger stores."""

    RATE_LIMITED = "rate-limited"
    WAIT_TOO_LONG = "wait-too-long"
    QUOTA = "quota"
    SERVER = "server"
    BUSY = "busy"
    KEY = "key"
    NOT_FOUND = "not-found"
    RESPONSE_FORMAT = "response-format"
    PARAMETER = "parameter"
    CONTEXT_LENGTH = "context-length"
    REFUSED = "refused"
    BAD_REQUEST = "bad-request"
    NOT_ACCEPTED = "not-accepted"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    CUT = "cut"
    HANG = "hang"
    DEADLINE = "deadline"
    REDIRECT = "redirect"
    GARBAGE = "garbage"
    TLS = "tls"
    HTML = "html"
    BAD_BODY = "bad-body"
    NO_CHOICES = "no-choices"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    TWO_OBJECTS = "two-objects"
    NOT_JSON = "not-json"
    NOT_FINITE = "not-finite"
    WRONG_SHAPE = "wrong-shape"
    TOOL_CALL = "tool-call"
    FOREIGN = "foreign"
    NOT_RECORDED = "not-recorded"


class Outcome(StrEnum):
    """What follows from a fault."""

    RETRY = "retry"
    ADAPT = "adapt"
    REASK = "reask"
    FAIL = "fail"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from a fault, what it says in a message, and what the user can do next."""

    outcome: Outcome
    says: str
    advice: str = ""
    then: Outcome = Outcome.FAIL
    may_be_billed: bool = False


_R, _A, _Q, _F, _S = Outcome.RETRY, Outcome.ADAPT, Outcome.REASK, Outcome.FAIL, Outcome.STOP

RULES: dict[FaultKind, Rule] = {
    FaultKind.RATE_LIMITED: Rule(
        _R, "the server limits the rate of requests", "lower --concurrency or resume later"
    ),
    FaultKind.WAIT_TOO_LONG: Rule(_F, "the server asks for a long pause", "resume the run after it"),
    FaultKind.QUOTA: Rule(_S, "the account's quota is used up", "add credit, then resume the run"),
    FaultKind.SERVER: Rule(_R, "the server failed", "resume the run later"),
    FaultKind.BUSY: Rule(_R, "the server gave up waiting", "resume the run later"),
    FaultKind.KEY: Rule(_S, "the server does not accept the key", "check the key variable"),
    FaultKind.NOT_FOUND: Rule(
        _S, "the server does not know this model or path", "check the model id and the base URL"
    ),
    FaultKind.RESPONSE_FORMAT: Rule(_A, "the server does not take this response format"),
    FaultKind.PARAMETER: Rule(_A, "the server does not take one of the parameters", "leave that setting out"),
    FaultKind.CONTEXT_LENGTH: Rule(
        _F,
        "the prompt is longer than the model's context",
        "take a model or server setting with a longer context",
    ),
    FaultKind.REFUSED: Rule(_F, "the model or its filter refused to answer"),
    FaultKind.BAD_REQUEST: Rule(_F, "the server rejects the request"),
    FaultKind.NOT_ACCEPTED: Rule(
        _S, "the server rejects the request", "see what it says, and the model's settings"
    ),
    FaultKind.UNREACHABLE: Rule(
        _R, "nobody answers at this address", "is the server up, is the base URL right?", then=_S
    ),
    FaultKind.RESET: Rule(_R, "the connection was closed before a reply"),
    FaultKind.CUT: Rule(_R, "the reply broke off", may_be_billed=True),
    FaultKind.HANG: Rule(
        _R, "the server fell silent", "raise --deadline, or try a faster model", may_be_billed=True
    ),
    FaultKind.DEADLINE: Rule(
        _F, "the call's deadline passed", "raise --deadline for slow models", may_be_billed=True
    ),
    FaultKind.REDIRECT: Rule(
        _S,
        "the server redirects; prompts and keys are not sent on to another place",
        "give the final base URL",
    ),
    FaultKind.GARBAGE: Rule(_R, "what came back is not HTTP"),
    FaultKind.TLS: Rule(
        _S, "no trusted encrypted connection", "check the certificate; SSL_CERT_FILE names own roots"
    ),
    FaultKind.HTML: Rule(
        _S, "a web page came back instead of an answer", "is a login page or proxy in between?"
    ),
    FaultKind.BAD_BODY: Rule(_R, "the reply is not JSON", may_be_billed=True),
    FaultKind.NO_CHOICES: Rule(_R, "the reply holds no answer", may_be_billed=True),
    FaultKind.TOO_LARGE: Rule(_F, "the reply is larger than 8 MiB"),
    FaultKind.TOO_DEEP: Rule(_F, "the reply is nested too deep"),
    FaultKind.EMPTY: Rule(_Q, "the answer is empty"),
    FaultKind.TRUNCATED: Rule(_Q, "the answer ends in the middle of the JSON object"),
    FaultKind.TWO_OBJECTS: Rule(_Q, "the answer holds several different JSON objects; exactly one is wanted"),
    FaultKind.NOT_JSON: Rule(_Q, "the answer holds no valid JSON object"),
    FaultKind.NOT_FINITE: Rule(_Q, "NaN and Infinity are no JSON; write a number or null"),
    FaultKind.WRONG_SHAPE: Rule(_Q, "the answer is not the JSON object that was asked for"),
    FaultKind.TOOL_CALL: Rule(
        _Q, "the answer is a tool call; there are no tools, write the JSON object as text"
    ),
    FaultKind.FOREIGN: Rule(_F, "the model's library failed"),
    FaultKind.NOT_RECORDED: Rule(
        _S, "this prompt is not in the record", "was a card, a role or the program changed since?"
    ),
}


class WireError(Exception):
    """A request that brought no usable reply.

    `detail` is what the other side or the library said, free of keys. `part` holds what arrived of a cut
    body. `retry_after` is what the server asked for, in seconds. `param` names the parameter a server does
    not take.
    """

    def __init__(
        self,
        kind: FaultKind,
        detail: str = "",
        *,
        status: int | None = None,
        part: bytes = b"",
        retry_after: float | None = None,
        param: str = "",
    ) -> None:
        self.kind, self.detail, self.status, self.part = kind, detail, status, part
        self.retry_after, self.param = retry_after, param
        super().__init__(f"{RULES[kind].says}{f': {detail}' if detail else ''}")

    @property
    def rule(self) -> Rule:
        """What follows from it."""
        return RULES[self.kind]


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """What an error body says, in any of the dialects servers speak; missing parts are empty."""

    message: str = ""
    code: str = ""
    type: str = ""
    param: str = ""


def error_detail(body: object) -> ErrorDetail | None:
    """The error in a decoded body, or None when it holds none.

    Known dialects: `{"error": {…}}`, `{"error": "text"}`, `[{"error": …}]`, `{"object": "error", "message":
    …}`, `{"detail": …}`.
    """
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        return None
    error = body.get("error", body.get("detail"))
    if error is None and (body.get("object") == "error" or ("message" in body and "choices" not in body)):
        error = body
    if not error:
        return None
    if not isinstance(error, dict):
        return ErrorDetail(message=str(error))
    fields = {name: error.get(name) for name in ("message", "code", "type", "param")}
    return ErrorDetail(**{name: "" if value is None else str(value) for name, value in fields.items()})


_CONTEXT = re.compile(
    r"context.?length|maximum context|context (?:size|window)|exceed_context"
    r"|prompt is too long|too many tokens",
    re.I,
)
_FORMAT = re.compile(
    r"response_format|json_schema|json_object|json schema|grammar|structured.?output|pattern must start", re.I
)
_FILTER = re.compile(r"content_filter|content.?policy|content management policy|flagged|safety", re.I)
_QUOTA = re.compile(
    # Not by "exceeded your current quota": some say that of a limit per minute, too.
    r"insufficient_quota|billing_hard_limit|insufficient.?(?:balance|credit|funds)",
    re.I,
)
_PARAMETERS = ("max_completion_tokens", "max_tokens", "temperature", "top_p", "reasoning_effort", "seed")


def classify(status: int, detail: ErrorDetail) -> tuple[FaultKind, str]:
    """The fault an HTTP status and an error body stand for, and the parameter at fault (PARAMETER only)."""
    said = f"{detail.code} {detail.type} {detail.param} {detail.message}"
    if 300 <= status < 400:
        return FaultKind.REDIRECT, ""
    if status == 400:
        return _bad_request(detail, said)
    if status in {404, 422} and _FORMAT.search(said):
        return FaultKind.RESPONSE_FORMAT, ""  # gateways that find no server for it
    if status == 403 and re.search(r"flagged|moderation", said, re.I):
        return FaultKind.REFUSED, ""
    if status == 402 or (status in {403, 429} and _QUOTA.search(said)):
        return FaultKind.QUOTA, ""
    if status == 413 and _CONTEXT.search(said):
        return FaultKind.CONTEXT_LENGTH, ""
    if status >= 500 and status != 504:
        return FaultKind.SERVER, ""
    return _STATUS.get(status, FaultKind.NOT_ACCEPTED), ""


_STATUS = {
    401: FaultKind.KEY,
    403: FaultKind.KEY,
    404: FaultKind.NOT_FOUND,
    408: FaultKind.BUSY,
    409: FaultKind.BUSY,
    425: FaultKind.BUSY,
    429: FaultKind.RATE_LIMITED,
    504: FaultKind.BUSY,
}


def _bad_request(detail: ErrorDetail, said: str) -> tuple[FaultKind, str]:
    if _CONTEXT.search(said):
        return FaultKind.CONTEXT_LENGTH, ""
    if _FORMAT.search(said):
        return FaultKind.RESPONSE_FORMAT, ""
    if _FILTER.search(f"{detail.code} {detail.type}") or "content management policy" in detail.message:
        return FaultKind.REFUSED, ""
    if re.search(r"unsupported|not support|unrecognized|not allowed|invalid_parameter", said, re.I):
        for name in _PARAMETERS:
            if name == detail.param or (not detail.param and name in detail.message):
                return FaultKind.PARAMETER, name
    return FaultKind.BAD_REQUEST, ""


def classify_inner(detail: ErrorDetail) -> tuple[FaultKind, str]:
    """The fault of an error that came with status 200: as its inner code says, else as a failure of the
    server.
    """
    if detail.code.isdigit() and 300 <= int(detail.code) < 600:
        return classify(int(detail.code), detail)
    said = f"{detail.code} {detail.type} {detail.message}"
    if _QUOTA.search(said):
        return FaultKind.QUOTA, ""
    if re.search(r"rate.?limit", said, re.I):
        return FaultKind.RATE_LIMITED, ""
    if re.search(r"authentication|invalid_api_key|permission", said, re.I):
        return FaultKind.KEY, ""
    if re.search(r"invalid_request|bad_request", said, re.I):
        return _bad_request(detail, said)
    return FaultKind.SERVER, ""
