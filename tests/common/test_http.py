"""Calls to addresses that strangers have named: nothing of our own network is reached, nothing is waited for long."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator

import httpcore
import pytest

from common.http import (
    AddressRefused,
    NotReached,
    TooLarge,
    Unreadable,
    addresses_of,
    check_address,
    download,
    is_public,
    request,
)

pytestmark = pytest.mark.row("D11")

PUBLIC = "93.184.216.34"


@pytest.fixture
def names(monkeypatch) -> dict[str, list[list[str]]]:
    """What names lead to: each question takes the next answer."""
    known: dict[str, list[list[str]]] = {}

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        answers = known.get(host, [[host]])
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr("common.http.socket.getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "https://user:secret@example.com/", "ftp://example.com/", "https://", "https://[::1",
        "//x/", "https://x:99999/",
    ],
)  # fmt: skip
def test_other_addresses_than_plain_https_are_refused(url: str):
    with pytest.raises(AddressRefused):
        check_address(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "::7f00:1", "::ffff:0:127.0.0.1", "fec0::1", "5f00::1",
    ],
)  # fmt: skip
def test_addresses_of_our_own_network_are_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_addresses_of_the_world_are(address: str):
    assert is_public(address)


def test_a_name_that_also_leads_home_is_refused(names):
    names["push.example"] = [[PUBLIC, "127.0.0.1"]]

    with pytest.raises(AddressRefused):
        request("POST", "https://push.example/")


def test_a_name_that_changes_its_mind_gains_nothing(names, monkeypatch):
    """Rebinding: whoever looks twice is shown two things. We look once and go there."""
    names["push.example"] = [[PUBLIC], ["127.0.0.1"]]
    gone_to: list[str] = []

    def connect(self: object, host: str, *_: object, **__: object) -> None:
        gone_to.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)

    with pytest.raises(NotReached):
        request("POST", "https://push.example/")
    assert gone_to == [PUBLIC]


def test_a_name_that_leads_nowhere_is_not_reached(monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr("common.http.socket.getaddrinfo", fail)
    with pytest.raises(NotReached):
        addresses_of("nowhere.example", 443)


@pytest.fixture
def serve(settings) -> Iterator[Callable[..., str]]:
    """A server of the house that says these bytes, a piece at a time."""
    threads: list[threading.Thread] = []

    def start(*pieces: bytes, pause: float = 0) -> str:
        listener = socket.create_server(("127.0.0.1", 0))

        def say() -> None:
            with listener, listener.accept()[0] as connection:
                connection.recv(65536)
                for piece in pieces:
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                    time.sleep(pause)

        threads.append(threading.Thread(target=say))
        threads[-1].start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        settings.OUTGOING_PRIVATE_HOSTS = [host]
        return f"http://{host}/"

    yield start
    for thread in threads:
        thread.join()


def test_a_host_of_the_house_is_reached_only_where_an_administrator_says_so(serve, settings):
    url = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: test\r\n\r\nhi")
    allowed, settings.OUTGOING_PRIVATE_HOSTS = settings.OUTGOING_PRIVATE_HOSTS, []
    with pytest.raises(AddressRefused):
        request("GET", url)
    settings.OUTGOING_PRIVATE_HOSTS = allowed

    answer = request("GET", url)

    assert (answer.status, answer.headers["x-kind"], answer.body) == (200, "test", b"hi")


def test_a_redirect_is_an_answer_and_is_not_followed(serve):
    url = serve(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:5432/\r\nContent-Length: 0\r\n\r\n")

    assert request("GET", url).status == 302


def test_no_more_is_read_than_was_asked_for(serve):
    url = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", b"x" * 900_000)

    assert len(request("GET", url, most_bytes=1000).body) == 1000


def test_an_answer_that_drips_has_a_deadline(serve):
    url = serve(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 40, pause=0.05)
    began_at = time.monotonic()

    with pytest.raises(NotReached):
        request("GET", url, seconds=0.3)
    assert time.monotonic() - began_at < 1.5


OK = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"


class House:
    """Hosts of the house; each answers its calls with these bytes, one after the other, and writes down what it is
    asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._threads: list[threading.Thread] = []

    def answers(self, *answers: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(5)
        self._threads.append(threading.Thread(target=self._answer, args=(listener, answers)))
        self._threads[-1].start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    def _answer(self, listener: socket.socket, answers: tuple[bytes, ...]) -> None:
        with listener:
            for answer in answers:
                with listener.accept()[0] as connection:
                    self.asked.append(connection.recv(65536))
                    try:
                        connection.sendall(answer)
                    except OSError:
                        return

    def close(self) -> None:
        for thread in self._threads:
            thread.join()


@pytest.fixture
def house(settings) -> Iterator[House]:
    house = House()
    yield house
    house.close()


def redirect(to: str, code: int = 302) -> bytes:
    return f"HTTP/1.1 {code} Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


def body(content: bytes, packing: str = "") -> bytes:
    packed = f"Content-Encoding: {packing}\r\n".encode() if packing else b""
    return OK + packed + f"Content-Length: {len(content)}\r\n\r\n".encode() + content


def test_a_file_is_taken_whole_by_way_of_a_few_redirects(house, settings):
    host = house.answers(redirect("/two", 301), redirect("three?x=1", 307), redirect("/файл", 303), body(b"a picture"))
    settings.OUTGOING_PRIVATE_HOSTS = [host]

    answer = download(f"http://{host}/one", most_bytes=100)

    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "image/png", b"a picture")
    asked = [line.split(b" ")[1] for line in house.asked]
    assert asked == [b"/one", b"/two", b"/three?x=1", b"/%D1%84%D0%B0%D0%B9%D0%BB"]
    assert b"accept-encoding: identity" in house.asked[0].lower()


def test_there_is_an_end_to_redirects(house, settings):
    host = house.answers(*[redirect("/again")] * 4)
    settings.OUTGOING_PRIVATE_HOSTS = [host]

    with pytest.raises(AddressRefused, match="too many"):
        download(f"http://{host}/", most_bytes=100)


def test_what_proves_who_we_are_stays_with_the_host_that_it_is_for(house, settings):
    other = house.answers(body(b"theirs"))
    host = house.answers(redirect("/here"), redirect(f"http://{other}/there"))
    settings.OUTGOING_PRIVATE_HOSTS = [host, other]

    download(f"http://{host}/", most_bytes=100, headers={"Authorization": "Bearer secret"})

    assert [b"secret" in asked for asked in house.asked] == [True, True, False]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://127.0.0.1:5432/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/", "https://0.0.0.0/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:169.254.169.254]/",
        "https://2130706433/", "https://0x7f.1/", "https://localhost/", "file:///etc/passwd", "ftp://example.com/",
        "https://user:secret@example.com/", "//[::1", "https://x:99999/", "gopher://127.0.0.1:6379/_FLUSHALL",
    ],
)  # fmt: skip
def test_nobody_is_led_home_whether_at_once_or_by_a_redirect(elsewhere: str, house, settings):
    host = house.answers(redirect(elsewhere))
    settings.OUTGOING_PRIVATE_HOSTS = [host]

    with pytest.raises(AddressRefused):
        download(f"http://{host}/", most_bytes=100)
    with pytest.raises((AddressRefused, NotReached)):
        download(elsewhere if "://" in elsewhere else f"https:{elsewhere}", most_bytes=100)


def test_a_file_that_is_too_large_is_not_taken(house, settings):
    """Whether its size is told beforehand or not."""
    endless = OK + b"Connection: close\r\n\r\n" + b"x" * 101
    host = house.answers(body(b"x" * 101), endless, body(b"x" * 100))
    settings.OUTGOING_PRIVATE_HOSTS = [host]

    for _ in range(2):
        with pytest.raises(TooLarge):
            download(f"http://{host}/", most_bytes=100)
    assert len(download(f"http://{host}/", most_bytes=100).body) == 100


def test_a_bomb_is_not_unpacked(house, settings):
    packed = gzip.compress(b"\0" * 50_000_000)
    twice = gzip.compress(b"small") + gzip.compress(b"\0" * 1_000_000)
    host = house.answers(body(packed, "gzip"), body(zlib.compress(b"\0" * 50_000_000), "deflate"), body(twice, "gzip"))
    settings.OUTGOING_PRIVATE_HOSTS = [host]

    for _ in range(2):
        with pytest.raises(TooLarge):
            download(f"http://{host}/", most_bytes=1_000_000)
    assert download(f"http://{host}/", most_bytes=1_000_000).body == b"small"


def test_what_is_packed_although_we_asked_for_the_file_is_unpacked(house, settings):
    host = house.answers(body(gzip.compress(b"a picture"), "gzip"), body(b"?", "br"), body(b"no gzip at all", "gzip"))
    settings.OUTGOING_PRIVATE_HOSTS = [host]

    assert download(f"http://{host}/", most_bytes=100).body == b"a picture"
    for _ in range(2):
        with pytest.raises(Unreadable):
            download(f"http://{host}/", most_bytes=100)


def test_half_a_file_is_none(house, settings):
    half = OK + b"Content-Length: 100\r\n\r\nhalf"
    host = house.answers(half, body(gzip.compress(b"a picture" * 20)[:20], "gzip"))
    settings.OUTGOING_PRIVATE_HOSTS = [host]

    for _ in range(2):
        with pytest.raises(NotReached):
            download(f"http://{host}/", most_bytes=1000)
