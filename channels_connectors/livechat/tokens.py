"""What proves that a browser is the visitor it says it is. Nothing of this is stored."""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotFound

VISITOR_SALT = "livechat.visitor"
FILE_SALT = "livechat.file"
TOKEN_LIVES = timedelta(days=365)
LINK_LIVES_DAYS = 7
DAY = 24 * 60 * 60


class UnknownVisitor(DomainError):
    code = "unknown_visitor"
    status = 401
    message = _("This conversation can't be found any more. Please start a new one.")


def new_visitor() -> str:
    return secrets.token_urlsafe(18)


def issue_token(*, channel_id: int, visitor: str) -> str:
    return signing.dumps([channel_id, visitor], salt=VISITOR_SALT)


def visitor_of(token: str, *, channel_id: int) -> str:
    """Raises ``UnknownVisitor`` for a token that is forged, a year old, or another chat's."""
    try:
        issued_for, visitor = signing.loads(token, salt=VISITOR_SALT, max_age=TOKEN_LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        raise UnknownVisitor from None
    if issued_for != channel_id:
        raise UnknownVisitor
    return str(visitor)


def file_link(*, key: str, attachment_id: UUID, now: datetime) -> str:
    """An address that pictures and downloads can use, as they send no token. The same all day, so that it is cached."""
    until = int(now.timestamp()) // DAY + LINK_LIVES_DAYS
    return f"/chat/{key}/files/{attachment_id}/?until={until}&signature={_signature(attachment_id, until)}"


def check_file_link(*, attachment_id: UUID, until: str, signature: str, now: datetime) -> None:
    """Raises ``NotFound`` for a link that is not ours or too old."""
    day = int(until) if until.isascii() and until.isdigit() and len(until) < 10 else 0
    is_ours = hmac.compare_digest(signature.encode(), _signature(attachment_id, day).encode())
    if not is_ours or day * DAY < now.timestamp():
        raise NotFound


def _signature(attachment_id: UUID, until: int) -> str:
    return salted_hmac(FILE_SALT, f"{attachment_id}:{until}", algorithm="sha256").hexdigest()
