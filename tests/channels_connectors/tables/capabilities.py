"""What each kind of channel can do, out of the capabilities that its connector declares."""

from collections.abc import Callable, Iterator

from channels_connectors.connector import POLL, WEBHOOK, Connector, Rates
from channels_connectors.registry import CONNECTORS, SETUPS
from openlines.types import MediaLimit

MEGABYTE = 1024 * 1024
UNITS = {"characters": "", "utf16": " UTF-16", "bytes": " bytes"}
WAYS = {WEBHOOK: "webhook", POLL: "asking"}
MARKS = {"BOLD": "b", "ITALIC": "i", "STRUCK": "s", "CODE": "code"}
KNOWN_BY = {
    "key": "repeats it: doubles are recognised",
    "echo": "waits for the echo",
    "status": "waits for the status",
    "listing": "looks in the chat",
    "none": "asks the operator",
}
Column = Callable[[Connector], str]


def name_of(connector: Connector) -> str:
    """A star where accounts of one kind differ."""
    differs = type(connector).capabilities_of is not Connector.capabilities_of
    return f"{SETUPS[connector.kind].title}{' *' if differs else ''}"


def _yes(*, is_able: bool) -> str:
    return "yes" if is_able else "–"


def _ability(name: str) -> Column:
    return lambda connector: _yes(is_able=getattr(connector.capabilities, name))


def _way(connector: Connector) -> str:
    ways = [WAYS[way] for way in connector.inbound]
    if connector.reconcile_seconds:
        ways.append("a look for lost ones")
    return ", ".join(ways) or "our own"


def _text(connector: Connector) -> str:
    can = connector.capabilities
    return f"{can.text_length}{UNITS[can.length_unit]}, {'split' if can.is_split else 'refused'}"


def _caption(connector: Connector) -> str:
    can = connector.capabilities
    return str(can.caption_length) if can.attachments and can.text_with_media and can.caption_length else "–"


def _files(connector: Connector) -> str:
    can = connector.capabilities
    if not can.attachments:
        return "–"
    limits = [_limit(limit) for limit in can.media if limit.most_bytes]
    takes_any = all(limit.kind != "FILE" for limit in can.media)
    return "; ".join([f"any, {can.upload_bytes // MEGABYTE} MB", *limits] if takes_any else limits)


def _limit(limit: MediaLimit) -> str:
    types = ", ".join(dict.fromkeys(mime.rpartition("/")[2].removeprefix("x-") for mime in limit.mimes))
    return f"{limit.kind.lower()} {limit.most_bytes // MEGABYTE} MB{f' ({types})' if types else ''}"


def _formatting(connector: Connector) -> str:
    return " ".join(MARKS[mark] for mark in connector.capabilities.formatting) or "–"


def _album(connector: Connector) -> str:
    most = connector.capabilities.album_max
    return str(most) if most > 1 else "–"


def _buttons(connector: Connector) -> str:
    can = connector.capabilities
    if can.buttons == "none":
        return "numbered list"
    return f"{can.most_buttons or 'any number'}, {can.button_length} each"


def _public(connector: Connector) -> str:
    can = connector.capabilities
    able = {"hide": can.hide, "remove": can.delete_theirs, "private answer": can.private_reply}
    return ", ".join(what for what, is_able in able.items() if is_able) or "–"


def _limits(connector: Connector) -> str:
    can = connector.capabilities
    limits = [
        f"{can.most_hashtags} hashtags" if can.most_hashtags is not None else "",
        f"{can.most_links} link" if can.most_links is not None else "",
        "not all in capitals" if can.capitals_refused else "",
        f"{can.automatic_per_hour} automatic an hour" if can.automatic_per_hour else "",
    ]
    return ", ".join(filter(None, limits)) or "–"


def _window(connector: Connector) -> str:
    can = connector.capabilities
    if not can.reply_window_seconds:
        return "–"
    return f"{can.reply_window_seconds // 3600} h{', then templates' if can.templates else ''}"


def _receipts(connector: Connector) -> str:
    can = connector.capabilities
    return {"none": "sent", "delivered": "sent, delivered", "read": "sent, delivered, read"}[can.receipts]


def _doubt(connector: Connector) -> str:
    return KNOWN_BY[connector.capabilities.idempotency]


def _rate(connector: Connector) -> str:
    rates: Rates = connector.capabilities.rates
    account = f"{rates.account} in {rates.account_seconds:g} s" if rates.account else ""
    chat = f"{rates.chat} in {rates.chat_seconds:g} s a chat" if rates.chat else ""
    return "; ".join(filter(None, (account, chat))) or "–"


TEXTS: dict[str, Column] = {
    "comes by": _way, "text, longer ones are": _text, "caption": _caption, "files": _files, "album": _album,
    "marks": _formatting, "also limited": _limits,
}  # fmt: skip
DEEDS: dict[str, Column] = {
    "answer to a message": _ability("reply"), "edit": _ability("edit"), "take back": _ability("delete"),
    "buttons": _buttons, "public comments": _public, "shows our typing": _ability("typing_out"),
    "shows the client's": _ability("typing_in"), "shows that we read": _ability("read_out"),
}  # fmt: skip
TRUST: dict[str, Column] = {
    "window": _window, "ticks": _receipts, "after a time-out the product": _doubt, "our pace": _rate,
    "staff's words in the provider's app": _ability("native_staff"),
}  # fmt: skip


def table(columns: dict[str, Column]) -> Iterator[str]:
    yield f"| | {' | '.join(columns)} |"
    yield f"|---{'|---' * len(columns)}|"
    for connector in CONNECTORS.values():
        yield f"| {name_of(connector)} | {' | '.join(column(connector) for column in columns.values())} |"
