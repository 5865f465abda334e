"""What a partner is told, signed, and what its answers mean."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.custom.signing import headers_for
from channels_connectors.errors import ConnectorError
from channels_connectors.http import retry_after_of
from common.http import AddressRefused, Answer, NotReached, request
from openlines.types import Buttons, OutgoingAttachment, OutgoingPart

ANSWER_SECONDS = 15.0
GONE, TOO_MANY, SERVER_ERROR, REFUSED = 410, 429, 500, 400
UNAUTHORISED = (401, 403)


def tell(account: Account, kind: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """One event for the partner; gives its JSON answer, empty where there is none. Raises ``ConnectorError``."""
    body = json.dumps({"type": kind, **said}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", **headers_for(body, secret=account.credentials["secret"])}
    seconds = float(account.settings.get("read_seconds", ANSWER_SECONDS))
    try:
        answer = request("POST", account.base_url, headers=headers, content=body, seconds=seconds)
    except AddressRefused:
        words = _("The partner's address is none that may be called: it must be public and begin with https://.")
        raise ConnectorError(words, kind="PERMANENT") from None
    except NotReached:
        # The partner knows repeated events by their id: asking again does no harm.
        raise ConnectorError(_("The partner did not answer in time."), kind="UNKNOWN", is_outage=True) from None
    if answer.status >= REFUSED:
        raise _refusal(answer)
    return _fields(answer)


def _refusal(answer: Answer) -> ConnectorError:
    if answer.status == TOO_MANY:
        return ConnectorError(_("The partner asks us to slow down."), retry_after=retry_after_of(answer.headers))
    if answer.status >= SERVER_ERROR:
        words = _("The partner has trouble of its own (%(status)d).") % {"status": answer.status}
        return ConnectorError(words, retry_after=retry_after_of(answer.headers), is_outage=True)
    if answer.status == GONE:
        return ConnectorError(_("The partner's address says that it is gone for good (410)."), kind="TOKEN")
    if answer.status in UNAUTHORISED:
        return ConnectorError(_("The partner does not accept our signature."), kind="TOKEN")
    fields = _fields(answer)
    kind = {"blocked": "BLOCKED", "window": "WINDOW"}.get(str(fields.get("code") or ""), "PERMANENT")
    words = str(fields.get("message") or "")[:300] or _("The partner refused (%(status)d).") % {"status": answer.status}
    return ConnectorError(words, kind=kind, code=str(answer.status))


def _fields(answer: Answer) -> Mapping[str, Any]:
    try:
        fields = json.loads(answer.body or b"{}")
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def message_of(part: OutgoingPart) -> dict[str, Any]:
    return {
        "id": part.client_key,
        "chat_id": part.chat_external_id,
        "text": part.text,
        "formats": [{"mark": f.mark, "start": f.start, "end": f.end} for f in part.formats],
        "reply_to": part.reply_to_external_id or None,
        "buttons": _buttons(part.buttons),
        "attachments": [_attachment(one) for one in part.attachments],
        "is_automatic": part.is_automatic,
    }


def _buttons(buttons: Buttons) -> list[list[dict[str, Any]]]:
    return [[{"text": one.text, "payload": one.payload, "is_chosen": one.is_chosen} for one in row] for row in buttons]


def _attachment(attachment: OutgoingAttachment) -> dict[str, Any]:
    if not attachment.public_url:
        words = _("The partner fetches files from a public address of this server. Set PUBLIC_URL.")
        raise ConnectorError(words, kind="PERMANENT")
    return {
        "kind": attachment.kind.lower(),
        "url": attachment.public_url,
        "name": attachment.name,
        "mime": attachment.mime,
        "size": attachment.size,
    }
