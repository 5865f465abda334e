"""What mail servers and programs report on mails of ours: delivery status (RFC 3464), reading (RFC 8098)."""

import re
from collections.abc import Iterator
from email.message import Message

from channels_connectors.connector import Account
from channels_connectors.email.automatic import is_report
from channels_connectors.email.decoding import addresses, header, raw_header
from channels_connectors.email.errors import kind_of_status
from channels_connectors.email.parts import parts_in
from channels_connectors.email.tokens import OwnMail, own_mail
from openlines.types import IncomingReceipt

HEADERS_OF = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
MOST_RECIPIENTS = 50
ID_LINE = re.compile(rb"^(?:Original-)?Message-ID:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
TO_LINE = re.compile(rb"^To:.{0,2000}$", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
LOOKED_AT = 64 * 1024


def receipts_of(message: Message, account: Account) -> list[IncomingReceipt]:
    """Empty for whatever is no report, or not on a mail of ours: that is shown as the mail that it is."""
    parts = parts_in(message) if is_report(message) else []
    original = next(_original_ids(parts, account), None)
    if original is None:
        return []
    external_id, ours = original
    for part in parts:
        mime = part.get_content_type()
        if mime == "message/delivery-status":
            return _delivery(part, parts, external_id, ours)
        if mime == "message/disposition-notification" and b"displayed" in _bytes(part).lower():
            return [
                IncomingReceipt(
                    state="READ", chat_external_id=ours.chat, external_id=external_id, client_key=ours.client_key
                )
            ]
    return []


def _original_ids(parts: list[Message], account: Account) -> Iterator[tuple[str, OwnMail]]:
    for part in parts[:10]:
        for found in ID_LINE.findall(_bytes(part)):
            external_id = found.decode("ascii", "replace")
            if (ours := own_mail(external_id, account)) is not None:
                yield external_id, ours


def _delivery(part: Message, parts: list[Message], external_id: str, ours: OwnMail) -> list[IncomingReceipt]:
    wanted = _addressees(parts)
    for recipient in _recipients(part):
        address = header(recipient, "Original-Recipient") or header(recipient, "Final-Recipient")
        address = address.rpartition(";")[2].strip(" <>").lower()
        # Whoever only had a copy is not the client: the mail itself tells of them.
        if wanted and address and address not in wanted:
            continue
        action = raw_header(recipient, "Action").lower()
        if action in ("delivered", "relayed"):
            return [
                IncomingReceipt(
                    state="DELIVERED", chat_external_id=ours.chat, external_id=external_id, client_key=ours.client_key
                )
            ]
        if action == "failed":
            return [_failure(recipient, external_id, ours)]
    return []


def _failure(recipient: Message, external_id: str, ours: OwnMail) -> IncomingReceipt:
    status = STATUS.search(raw_header(recipient, "Status"))
    words = header(recipient, "Diagnostic-Code").partition(";")[2].strip() or (status[0] if status else "")
    return IncomingReceipt(
        state="FAILED", chat_external_id=ours.chat, external_id=external_id, client_key=ours.client_key,
        error=words[:500],
        error_kind=kind_of_status(status[0] if status else "", words),
    )  # fmt: skip


def _recipients(part: Message) -> list[Message]:
    """One group of headers for each, after the group about the report itself."""
    return [one for one in parts_in(part) if raw_header(one, "Action")][:MOST_RECIPIENTS]


def _addressees(parts: list[Message]) -> set[str]:
    for part in parts:
        if part.get_content_type() == "message/rfc822" and (inside := parts_in(part)):
            return {address for _name, address in addresses(inside[0], "To")}
        if part.get_content_type() in HEADERS_OF and (found := TO_LINE.search(_bytes(part))):
            line = Message()
            line["To"] = found[0][3:].decode("ascii", "replace").strip()
            return {address for _name, address in addresses(line, "To")}
    return set()


def _bytes(part: Message) -> bytes:
    if inside := parts_in(part):
        return b"\n".join(one.as_bytes()[:LOOKED_AT] for one in inside[:MOST_RECIPIENTS])
    content = part.get_payload(decode=True)
    return content[:LOOKED_AT] if isinstance(content, bytes) else b""
