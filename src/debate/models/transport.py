"""The transport under the `openai` client: aiohttp, with the limits a stranger's server needs.

One request, one reply: no redirect is followed, nothing is sent twice, the body is read whole up to a cap
that counts decompressed bytes (a small gzip body can unpack to gigabytes), and what arrived of a cut body is
kept. Every failure is a `TransportFault` that says which fault it is.
"""

import ipaddress
import ssl
import urllib.request
import zlib
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode, urlsplit

import aiohttp
import httpx2

from debate.models.faults import FaultKind, WireError

BODY_CAP: Final = 8 * 1024 * 1024
"""Most bytes of a decompressed body."""

_KEPT_PART: Final = 64 * 1024
# Servers commonly close idle connections after 5 s; one picked up at that moment fails without reaching the
# server.
_KEEPALIVE: Final = 4.0


class TransportFault(httpx2.TransportError):
    """Carries a `WireError` through the client's own error handling, as the cause of what that raises."""

    def __init__(self, fault: WireError) -> None:
        self.fault = fault
        super().__init__(str(fault))


class CappedTransport(httpx2.AsyncBaseTransport):
    """For one endpoint; connections are shared by all its requests. `connect` and `read` are timeouts in
    seconds.
    """

    def __init__(
        self, base_url: str, *, connect: float, read: float, query: Sequence[tuple[str, str]] = ()
    ) -> None:
        # The query may hold a key, and layers above log addresses: it is put behind them only here.
        self._query = f"?{urlencode(query)}" if query else ""
        self._secure = urlsplit(base_url).scheme == "https"
        self._proxy = proxy_for(base_url)
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request` once."""
        session = self._session or self._open()
        arrived = bytearray()
        try:
            async with session.request(
                request.method,
                f"{request.url}{self._query}",
                headers=request.headers.multi_items(),
                data=request.content,
                allow_redirects=False,
                timeout=self._timeout,
                proxy=self._proxy,
            ) as response:
                await _read(response, arrived)
                headers = [(k, v) for k, v in response.headers.items() if k.lower() not in _SPENT]
                return httpx2.Response(
                    response.status, headers=headers, content=bytes(arrived), request=request
                )
        except WireError as fault:
            raise TransportFault(fault) from None
        except (aiohttp.ClientError, OSError, zlib.error, ValueError) as error:
            raise TransportFault(_fault(error, bytes(arrived))) from error

    def _open(self) -> aiohttp.ClientSession:
        # Made inside the running loop. TLS contexts cost 16 ms, so there is one, and none for plain HTTP.
        context: ssl.SSLContext | bool = httpx2.create_ssl_context() if self._secure else False
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEPALIVE, ssl=context)
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False
        )
        return self._session

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()


# Headers that describe the body as it travelled, not as it is handed on.
_SPENT = frozenset({"content-encoding", "content-length", "transfer-encoding"})


async def _read(response: aiohttp.ClientResponse, arrived: bytearray) -> None:
    """Fill `arrived` with the decompressed body; the caller keeps what is in it when this raises."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise WireError(FaultKind.BAD_BODY, f"unknown content encoding {encoding[:20]!r}")
    unpack = None if encoding in {"", "identity"} else zlib.decompressobj(wbits=47)
    travelled = 0
    async for chunk in response.content.iter_any():
        travelled += len(chunk)
        arrived += chunk if unpack is None else unpack.decompress(chunk, BODY_CAP + 1 - len(arrived))
        if len(arrived) > BODY_CAP:
            raise WireError(FaultKind.TOO_LARGE, status=response.status, part=bytes(arrived[:_KEPT_PART]))
    if unpack is not None and travelled and not unpack.eof:
        raise WireError(FaultKind.CUT, "compressed body without an end", part=bytes(arrived))


def _fault(error: Exception, arrived: bytes) -> WireError:
    """Which fault an exception of the transport is. Order matters: the first class that fits decides."""
    if isinstance(error, aiohttp.ClientResponseError) and "chunk" in error.message.lower():
        return WireError(
            FaultKind.CUT, _words(error), part=arrived
        )  # a body whose framing broke, not a bad head
    for kinds, kind in _KINDS:
        if isinstance(error, kinds):
            broke_off = kind is FaultKind.RESET and arrived
            return WireError(FaultKind.CUT if broke_off else kind, _words(error), part=arrived)
    return WireError(FaultKind.GARBAGE, _words(error), part=arrived)


_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], FaultKind], ...] = (
    (aiohttp.ConnectionTimeoutError, FaultKind.UNREACHABLE),
    (TimeoutError, FaultKind.HANG),
    ((aiohttp.ClientSSLError, ssl.SSLError), FaultKind.TLS),
    (aiohttp.ClientConnectorError, FaultKind.UNREACHABLE),
    (aiohttp.ClientHttpProxyError, FaultKind.UNREACHABLE),
    (aiohttp.InvalidURL, FaultKind.NOT_ACCEPTED),
    (aiohttp.ClientPayloadError, FaultKind.CUT),
    (aiohttp.ClientResponseError, FaultKind.GARBAGE),
    ((aiohttp.ClientConnectionError, OSError), FaultKind.RESET),
)


def _words(error: Exception) -> str:
    """Class and first line: libraries put whole dumps into their messages."""
    text = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    line = text.strip().splitlines()[:1]
    return f"{type(error).__name__}{f': {line[0][:200]}' if line else ''}"


def proxy_for(base_url: str) -> str | None:
    """The proxy the environment names for this address, as every tool reads it; never one for this machine
    itself.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if _is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    return urllib.request.getproxies().get(parts.scheme)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
