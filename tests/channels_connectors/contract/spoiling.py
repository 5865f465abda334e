"""What a kind may meet when its provider changes its mind, or somebody means harm: everything its driver can say,
spoilt."""

import copy
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from channels_connectors.connector import WEBHOOK, WebhookRequest
from channels_connectors.reading import completed
from tests.channels_connectors.contract.driver import Driver, Payload
from tests.channels_connectors.contract.trying import Trial

MEDIA = ("image", "file", "voice", "audio", "video", "sticker")
DEEP: Any = {}
for _level in range(60):
    DEEP = {"message": [DEEP], "text": "x"}
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**70), 10**30, 0.5, -0.0, 1e308, math.nan, math.inf,
    -math.inf, 253402300800, 253402300800000, -62135596801, 1790000000.5, "", " ", "\0", "a\0b", "\ud800",
    "\udfff\ud800", "9" * 400, "1e999", "NaN", "-1", "x" * 300, "x" * 5000, "👩‍👩‍👧‍👦" * 200,
    "٣٤٥", "१२३", "²", "Ⅷ", "1_000", "0x10", " 5 ", "+5",
    "0000-00-00", "9999-12-31T23:59:59.999999+14:00", "0001-01-01T00:00:00+23:59", "1790000000", "2026-13-45T99:99:99Z",
    "=?utf-8?b?AAAA?=", "////", "AAA", "====", "{}", "[]", '{"text": "\\u0000"}', "javascript:alert(1)",
    "http://[::1", "https://user:pw@127.0.0.1:1/", "file:///etc/passwd", "\u202eabc", "\r\nBcc: x@example.org",
    "../../x", [], {}, [None], [[]], [{}], {"": None}, [1, "a", None, {}], {"id": {}}, {"id": "x" * 400}, DEEP,
)  # fmt: skip
Place = tuple[Any, ...]


def said_by(trial: Trial) -> list[Payload]:
    """Every sort of event that the client can cause in this kind."""
    driver = trial.driver
    first = trial.message(driver.text("Hello")).external_id
    can: dict[str, Callable[[], list[Payload]]] = {
        "text": lambda: [driver.text("Hello, [id1|Anna] *b* https://example.org/?a=1 @olga #tag", number=3)],
        **{name: partial(_medium, driver, name.upper(), number) for number, name in enumerate(MEDIA, 10)},
        "location": lambda: [driver.location()],
        "contact": lambda: [driver.contact()],
        "reply": lambda: [driver.reply("Two", to=first)],
        "album": driver.album,
        "edit_in": lambda: [driver.edit_in("Hallo")],
        "delete_in": lambda: [driver.delete_in()],
        "press": lambda: [driver.press("rating:1:2", "Two")],
        "blocked_in": lambda: [driver.blocked_in(is_reachable=False)],
        "unblocked_in": lambda: [driver.blocked_in(is_reachable=True)],
        "typing_in": lambda: [driver.typing_in()],
        "reaction": lambda: [driver.reaction("👍", to=first)],
        "echo": lambda: [driver.echo("Good morning!")],
        "receipts": lambda: [driver.receipt("READ", of=first)],
        "unknown": lambda: [driver.unknown()],
    }
    said = [payload for cell, say in can.items() if cell not in driver.cannot for payload in say()]
    return [*said, *driver.of_no_interest()]


def _medium(driver: Driver, kind: str, number: int) -> list[Payload]:
    return [driver.medium(kind, number=number, caption="Look")]


@dataclass(frozen=True)
class Seeds:
    """What arrives, and what is kept of it once the provider was asked about it where that is needed."""

    requests: Sequence[WebhookRequest]
    bodies: Sequence[bytes]


def seeds_of(trial: Trial) -> Seeds:
    requests = [trial.driver.request(payload) for payload in said_by(trial)]
    bodies = [event.body for request in requests for event in trial.events_of(request)]
    if trial.connector.asks_first:
        bodies = [completed(trial.connector, body, trial.driver.account) for body in bodies]
    return Seeds(requests if WEBHOOK in trial.connector.inbound else (), bodies)


def spoilt(request: bytes, chance: Random) -> bytes:
    """The same with a few things wrong: a mail byte by byte, JSON value by value."""
    try:
        payload = json.loads(request)
    except ValueError:
        return _spoilt_bytes(request, chance)
    for _time in range(chance.randint(1, 4)):
        payload = _spoilt_value(payload, chance)
    return json.dumps(payload).encode()


def _spoilt_value(payload: Any, chance: Random) -> Any:
    places = list(_places(payload))
    if not places:
        return payload
    *above, last = chance.choice(places)
    holder = payload
    for name in above:
        holder = holder[name]
    how = chance.choice(("replace", "replace", "replace", "remove", "wrap", "repeat", "add", "again"))
    if how == "remove":
        del holder[last]
    elif how == "add":
        target = holder[last] if isinstance(holder[last], dict) else {}
        target[chance.choice(("id", "type", "text", "attachments", "", "from"))] = _odd(chance)
        holder[last] = target
    elif how == "again" and isinstance(holder[last], list):
        holder[last] = [*holder[last], *copy.deepcopy(holder[last])]
    else:
        whole = {"wrap": [holder[last]], "repeat": [holder[last]] * 20}
        holder[last] = copy.deepcopy(whole[how]) if how in whole else _odd(chance)
    return payload


def _odd(chance: Random) -> Any:
    return copy.deepcopy(chance.choice(ODD))


def _places(value: Any, above: Place = ()) -> Iterator[Place]:
    items: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for name, inner in items:
        if len(above) < 30:
            yield (*above, name)
            yield from _places(inner, (*above, name))


HEADERS = (
    b'Content-Type: multipart/mixed; boundary=""',
    b"Content-Type: multipart/mixed",
    b"Content-Transfer-Encoding: base64",
    b'Content-Type: text/plain; charset="\0"',
    b"Content-Type: text/html; charset=utf-7",
    b"Date: 31 Feb 99999 99:99",
    b"From: =?utf-8?q?=00=ff?= <a@b>, ,,;",
    b"Message-ID: <>",
    b"References: " + b"<a@b>" * 200,
    b"Subject: \xff\xfe\x00",
    b"Content-Type: message/rfc822",
    b"Reply-To: group: a@b, c@d;",
    b"X: " + b"y" * 3000,
    b"To: " + b"a@b," * 300,
    b"From: \xed\xa0\x80@example.org",
    b"Content-Disposition: attachment; filename*=utf-8''%00%ff%2e%2e%2f",
    b"Date: Mon, 01 Jan 0001 00:00:00 +2359",
    b"Date: Fri, 31 Dec 9999 23:59:59 -2359",
    b"Content-Type: text/plain; charset=idna",
    b"Content-Type: text/plain; charset=rot13",
    b"Content-Type: text/plain; charset=hex",
    b"Content-Transfer-Encoding: x-uuencode",
    b"In-Reply-To: <" + b"x" * 400 + b"@y>",
    b"Auto-Submitted: \0",
    b"Content-Type: multipart/report; report-type=delivery-status",
)


def _spoilt_bytes(body: bytes, chance: Random) -> bytes:
    found = bytearray(body)
    for _time in range(chance.randint(1, 6)):
        how, place = (
            chance.choice(("flip", "header", "cut", "repeat", "break", "junk")),
            chance.randrange(len(found) + 1),
        )
        if how == "flip" and place < len(found):
            found[place] = chance.randrange(256)
        elif how == "header":
            lines = [at for at in range(len(found)) if found[at : at + 2] == b"\r\n"] or [0]
            at = chance.choice(lines)
            found[at:at] = b"\r\n" + chance.choice(HEADERS)
        elif how == "cut":
            del found[place : place + chance.randrange(1, 60)]
        elif how == "repeat":
            found[place:place] = found[max(0, place - 200) : place] * chance.randrange(1, 4)
        elif how == "break":
            found = bytearray(bytes(found).replace(b"--", chance.choice((b"", b"-", b"---", b"--\r\n--")), 1))
        else:
            found[place:place] = bytes(chance.randrange(256) for _byte in range(chance.randrange(1, 40)))
    return bytes(found)
