"""The guard: who may look, and what a browser may do with what it was given.

The server listens on 127.0.0.1 alone, but a browser there opens pages of other people too. So each request
must name this very server as its host (a page elsewhere can point its own name at 127.0.0.1), must not come
from another site's page, may only read, and must bring the cookie. The cookie is given for the token in the
address that was printed, and the browser is sent on to the address without it, so that the token stays in no
history. Every answer, refusals too, forbids the browser everything but our own style, scripts and pictures.
"""

import secrets
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN: Final = "token"  # noqa: S105 - the name of a parameter
OPEN: Final = "/static/"
"""What needs no cookie: style and scripts, which are the same for everybody."""

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Refuse = Callable[[int, str], Response]
"""Makes the page of a refusal from status and sentence."""


class Guard:
    """See the module. `token` is what the printed address holds; `refuse` makes the page of a refusal."""

    def __init__(self, app: ASGIApp, token: str, refuse: Refuse) -> None:
        self._app, self._token, self._refuse = app, token, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = (scope["type"] == "http" and self._answer(scope)) or self._app
        await answer(scope, receive, _with_headers(send))

    def _answer(self, scope: Scope) -> Response | None:
        """What to say instead of a page; None when the page may be shown."""
        headers = Headers(scope=scope)
        port = (scope.get("server") or ("", None))[1]
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            return self._refuse(403, "This server answers only to its own address.")
        own = f"http://{hosts[0]}"
        if any(origin != own for origin in headers.getlist("origin")):
            return self._refuse(403, "A page of another site asked for this one.")
        if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return self._refuse(
                403, "Another page led here. Copy the address that was printed into the address bar."
            )
        if scope["method"] not in {"GET", "HEAD"}:
            refused = self._refuse(405, "These pages can be read, nothing else.")
            refused.headers["Allow"] = "GET, HEAD"
            return refused
        return self._admission(scope, headers, own)

    def _admission(self, scope: Scope, headers: Headers, own: str) -> Response | None:
        """The way in: the token of the printed address becomes a cookie."""
        cookie = f"debate-{scope['server'][1]}"  # cookies know no port, and two servers may run
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        shown = [value for name, value in query if name == TOKEN]
        if shown and self._is_token(shown[-1]):
            rest = urlencode([(name, value) for name, value in query if name != TOKEN])
            clean = f"{own}{quote(scope['path'])}" + (f"?{rest}" if rest else "")
            answer = RedirectResponse(clean, 303)
            answer.set_cookie(cookie, self._token, httponly=True, samesite="strict", path="/")
            return answer
        brought = cookie_parser(headers.get("cookie", "")).get(cookie, "")
        if scope["path"].startswith(OPEN) or (brought and self._is_token(brought)):
            return None
        return self._refuse(
            403, "Open the whole address that debate view printed; its last part lets you in."
        )

    def _is_token(self, text: str) -> bool:
        return secrets.compare_digest(text.encode("utf-8", "replace"), self._token.encode())


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
