"""HTTP to addresses that others have named: what stands in our own network stays out of reach.

Only https, only public addresses. The address that was looked at is the one that is connected to, so a name that is
answered differently a moment later (rebinding) gains nothing. ``request`` takes redirects for answers; ``download``
follows a few, each looked at as the first one was. The whole exchange has one deadline, and an answer is read up to a
size.
"""

import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
from django.conf import settings

SECONDS = 10.0
MOST_BYTES = 64 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
INFLATED = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
# All that the world has been given of the new protocol so far.
GIVEN = ip_network("2000::/3")
# Addresses of the old protocol inside the new one: what they lead to can't be told from here.
WRAPPED = (ip_network("2002::/16"), ip_network("2001::/32"))


class AddressRefused(Exception):
    """The address is none that we would call."""


class NotReached(Exception):
    """No whole answer came in time."""


class TooLarge(Exception):
    """There is more than we take."""


class Unreadable(Exception):
    """The answer is packed in a way that we did not ask for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` by their names in lower case; ``body`` may be cut off."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Raises ``AddressRefused``, ``NotReached``."""
    exchange = _answered(method, url, headers or {}, content, time.monotonic() + seconds)
    with exchange as response:
        return Answer(response.status, _plain(response.headers), _cut_off(response, most_bytes))


def download(
    url: str, *, most_bytes: int, seconds: float = SECONDS, headers: Mapping[str, str] | None = None
) -> Answer:
    """A whole file, or nothing of it. ``headers`` are for the first host alone: a redirect elsewhere goes without.

    Raises ``AddressRefused``, ``NotReached``, ``TooLarge``, ``Unreadable``.
    """
    deadline, own = time.monotonic() + seconds, dict(headers or {})
    for _hop in range(MOST_REDIRECTS + 1):
        with _answered("GET", url, {"accept-encoding": "identity", **own}, b"", deadline) as response:
            plain = _plain(response.headers)
            if response.status not in REDIRECTS or "location" not in plain:
                return Answer(response.status, plain, _whole(response, plain, most_bytes))
        following = _joined(url, plain["location"])
        if _origin(following) != _origin(url):
            own = {}
        url = following
    raise AddressRefused("too many redirects")


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location.encode("latin-1", "replace").decode("utf-8", "replace"))
    except ValueError:
        raise AddressRefused("not an address") from None


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


@contextmanager
def _answered(
    method: str, url: str, headers: Mapping[str, str], content: bytes, deadline: float
) -> Iterator[httpcore.Response]:
    url = _spelled(url)
    check_address(url)
    network = GuardedNetwork(deadline)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls_context(), network_backend=network) as pool,
            pool.stream(method, url, headers=[*headers.items()], content=content) as response,
        ):
            yield response
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise NotReached(type(error).__name__) from error


def _spelled(url: str) -> str:
    """With nothing but ASCII: paths and names of hosts come in every script."""
    try:
        return str(httpx.URL(url))
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("not an address") from error


def check_address(url: str) -> None:
    """Raises ``AddressRefused`` for what ``request`` would not call, whatever its name leads to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("not an address") from error
    if not parts.hostname or parts.username is not None:
        raise AddressRefused("not an address")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_ours(parts.hostname, port or 80)):
        raise AddressRefused("not https")


def _is_ours(host: str, port: int) -> bool:
    """An administrator allows it: a push service of the house, for instance."""
    return f"{host}:{port}" in settings.OUTGOING_PRIVATE_HOSTS


def addresses_of(host: str, port: int) -> list[str]:
    """Where a name leads, all of it or nothing. Raises ``AddressRefused``, ``NotReached``."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached("no such host") from error
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    if not _is_ours(host, port) and not all(map(is_public, addresses)):
        raise AddressRefused("not a public address")
    return addresses


def is_public(address: str) -> bool:
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif found not in GIVEN or any(found in network for network in WRAPPED):
            return False
    return found.is_global and not found.is_multicast


@cache
def _tls_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _plain(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("ascii", "replace").lower(): value.decode("latin-1") for name, value in headers}


def _cut_off(response: httpcore.Response, most: int) -> bytes:
    body = bytearray()
    for piece in response.iter_stream():
        body += piece
        if len(body) >= most:
            break
    return bytes(body[:most])


def _whole(response: httpcore.Response, headers: Mapping[str, str], most: int) -> bytes:
    said = headers.get("content-length", "")
    if said.isascii() and said.isdigit() and len(said) < 20 and int(said) > most:
        raise TooLarge
    body = bytearray()
    for piece in _unpacked(response.iter_stream(), headers.get("content-encoding", "identity").lower(), most):
        body += piece
        if len(body) > most:
            raise TooLarge
    return bytes(body)


def _unpacked(pieces: Iterable[bytes], packing: str, most: int) -> Iterator[bytes]:
    """Some servers pack although they were asked not to. However much there is inside, no more is unpacked than is
    taken."""
    if packing in ("", "identity"):
        yield from pieces
        return
    if packing not in INFLATED:
        raise Unreadable(packing[:32])
    inflater = zlib.decompressobj(INFLATED[packing])
    try:
        for piece in pieces:
            yield inflater.decompress(piece, most + 1)
            if inflater.unconsumed_tail:
                raise TooLarge
            if inflater.eof:
                return
        raise NotReached("cut off")
    except zlib.error as error:
        raise Unreadable(packing) from error


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to what it has looked at itself; whoever asks it for TLS still names the host."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = NotReached("no address")
        for address in addresses_of(host, port):
            try:
                stream = self._network.connect_tcp(address, port, _left(self._deadline), local_address, socket_options)
                return HurriedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise AddressRefused("not an address")


class HurriedStream(httpcore.NetworkStream):
    """However slowly the other side drips: what is read and written together has one deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return HurriedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
