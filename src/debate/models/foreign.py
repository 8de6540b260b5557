"""Foreign exceptions: what the libraries under a model raise, as faults of ours.

Classes are told by name along their line of ancestors, so no library is imported for it; the packages of most
providers are made by the same generator and share the names. An exception with a `status_code` counts as that
HTTP status. What nobody foresaw is FOREIGN: the call fails, nothing is tried again, nothing is hidden.
"""

from collections.abc import Mapping
from typing import Final

from debate.models.faults import ErrorDetail, FaultKind, WireError, classify, error_detail

TABLE: Final[Mapping[str, FaultKind]] = {
    # openai and packages of the same make; those with a status come first through their status
    "APITimeoutError": FaultKind.HANG,
    "APIConnectionError": FaultKind.RESET,
    "APIResponseValidationError": FaultKind.BAD_BODY,
    "BadRequestError": FaultKind.BAD_REQUEST,
    "AuthenticationError": FaultKind.KEY,
    "OAuthError": FaultKind.KEY,
    "SubjectTokenProviderError": FaultKind.KEY,
    "PermissionDeniedError": FaultKind.KEY,
    "NotFoundError": FaultKind.NOT_FOUND,
    "ConflictError": FaultKind.BUSY,
    "UnprocessableEntityError": FaultKind.NOT_ACCEPTED,
    "RateLimitError": FaultKind.RATE_LIMITED,
    "InternalServerError": FaultKind.SERVER,
    "APIStatusError": FaultKind.SERVER,
    "LengthFinishReasonError": FaultKind.TRUNCATED,
    "ContentFilterFinishReasonError": FaultKind.REFUSED,
    "OpenAIRefusalError": FaultKind.REFUSED,
    "ContextOverflowError": FaultKind.CONTEXT_LENGTH,
    "WebSocketConnectionClosedError": FaultKind.RESET,
    "WebSocketQueueFullError": FaultKind.FOREIGN,
    "APIError": FaultKind.SERVER,
    "OpenAIError": FaultKind.FOREIGN,
    # HTTP libraries
    "ConnectTimeout": FaultKind.UNREACHABLE,
    "ConnectError": FaultKind.UNREACHABLE,
    "TimeoutException": FaultKind.HANG,
    "RemoteProtocolError": FaultKind.GARBAGE,
    "NetworkError": FaultKind.RESET,
    "DecodingError": FaultKind.GARBAGE,
    "TooManyRedirects": FaultKind.REDIRECT,
    "ClientConnectorError": FaultKind.UNREACHABLE,
    "ClientPayloadError": FaultKind.CUT,
    "ClientConnectionError": FaultKind.RESET,
    # the language itself: these come from reading a body that is none
    "SSLError": FaultKind.TLS,
    "TimeoutError": FaultKind.HANG,
    "ConnectionRefusedError": FaultKind.UNREACHABLE,
    "gaierror": FaultKind.UNREACHABLE,
    "ConnectionError": FaultKind.RESET,
    "JSONDecodeError": FaultKind.BAD_BODY,
    "UnicodeDecodeError": FaultKind.BAD_BODY,
    "RecursionError": FaultKind.TOO_DEEP,
}


def fault_of(error: BaseException) -> WireError:
    """The fault `error` stands for. The detail is its class and its own words, not yet rid of keys."""
    words = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    status = getattr(error, "status_code", None)
    if type(status) is int and 300 <= status < 600:
        detail = error_detail(getattr(error, "body", None)) or ErrorDetail(message=str(error))
        kind, param = classify(status, detail)
        return WireError(kind, words, status=status, param=param)
    for ancestor in type(error).__mro__:
        if kind_of := TABLE.get(ancestor.__name__):
            return WireError(kind_of, words)
    return WireError(FaultKind.FOREIGN, words)
