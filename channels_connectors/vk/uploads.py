"""Files on their way to VKontakte: an upload server is asked for, takes the file, and what it says is saved.

Nothing of this is seen by anybody until a message names it, so each step may be done again.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import call
from channels_connectors.vk.api import DEFAULT_BASE_URL, PROVIDER, ask, read_seconds_of, unreadable
from openlines.types import OutgoingAttachment

MEGABYTE = 1024 * 1024
LARGEST_PHOTO, LARGEST_FILE = 50 * MEGABYTE, 200 * MEGABYTE
PHOTOS = frozenset({"image/jpeg", "image/png"})
VOICES = frozenset({"audio/ogg", "audio/opus"})


def upload_to_messages(attachment: OutgoingAttachment, account: Account, *, peer_id: int) -> str:
    """How a message names the file."""
    mime, size = _mime(attachment), _size(attachment)
    if attachment.kind == "IMAGE" and mime in PHOTOS and size <= LARGEST_PHOTO:
        try:
            return _photo(attachment, account, peer_id)
        except ConnectorError as error:
            if error.kind != "PERMANENT":
                raise
            # Odd dimensions, a picture that VKontakte can't read: as a file it still arrives.
    kind = "audio_message" if attachment.kind == "VOICE" and mime in VOICES else "doc"
    server = ask(account, "docs.getMessagesUploadServer", is_reading=True, peer_id=peer_id, type=kind)
    return _document(attachment, account, server)


def upload_to_wall(attachment: OutgoingAttachment, account: Account) -> str:
    """As a file: a community's key may not upload photos for its wall."""
    _size(attachment)
    server = ask(account, "docs.getWallUploadServer", is_reading=True, group_id=int(account.external_id))
    return _document(attachment, account, server)


def _photo(attachment: OutgoingAttachment, account: Account, peer_id: int) -> str:
    server = ask(account, "photos.getMessagesUploadServer", is_reading=True, peer_id=peer_id)
    taken = _upload(attachment, account, server, "photo")
    if taken.get("photo", "[]") in ("", "[]"):
        raise ConnectorError(_("VKontakte can't read this picture."), kind="PERMANENT")
    saved = ask(
        account, "photos.saveMessagesPhoto", is_reading=True,
        photo=taken["photo"], server=taken["server"], hash=taken["hash"],
    )  # fmt: skip
    return name_of("photo", saved[0])


def _document(attachment: OutgoingAttachment, account: Account, server: Any) -> str:
    taken = _upload(attachment, account, server, "file")
    if not taken.get("file"):
        words = _("VKontakte does not take files of this type: %(name)s") % {"name": attachment.name}
        raise ConnectorError(words, kind="PERMANENT")
    saved = ask(account, "docs.save", is_reading=True, file=taken["file"], title=attachment.name)
    return name_of("doc", saved[saved["type"]])


def name_of(kind: str, saved: Any) -> str:
    """Raises ``ConnectorError`` for what is none of VKontakte's objects."""
    try:
        name = f"{kind}{int(saved['owner_id'])}_{int(saved['id'])}"
        return f"{name}_{saved['access_key']}" if saved.get("access_key") else name
    except (AttributeError, LookupError, TypeError, ValueError):
        raise unreadable() from None


def _upload(attachment: OutgoingAttachment, account: Account, server: Any, field: str) -> dict[str, Any]:
    url = _upload_url(account, server)
    with Path(attachment.path).open("rb") as file:
        files = {field: (attachment.name, file, _mime(attachment))}
        reply = call(
            "POST", url, provider=PROVIDER, files=files, is_reading=True, read_seconds=2 * read_seconds_of(account)
        )  # fmt: skip
    answer = reply.json()
    if not isinstance(answer, dict):
        raise unreadable()
    return answer


def _upload_url(account: Account, server: Any) -> str:
    """Encrypted wherever it leads, unless it is the server that the administrator has named."""
    url = str(server["upload_url"]) if isinstance(server, dict) and "upload_url" in server else ""
    own, named = urlsplit(account.base_url or DEFAULT_BASE_URL), urlsplit(url)
    if named.scheme != "https" and (named.scheme, named.netloc) != (own.scheme, own.netloc):
        raise unreadable()
    return url


def _mime(attachment: OutgoingAttachment) -> str:
    return attachment.mime.partition(";")[0].strip().lower()


def _size(attachment: OutgoingAttachment) -> int:
    try:
        size = Path(attachment.path).stat().st_size
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None
    if size > LARGEST_FILE:
        raise ConnectorError(_("VKontakte takes files of at most 200 MB."), kind="PERMANENT")
    if size == 0:
        raise ConnectorError(_("The file is empty."), kind="PERMANENT")
    return size
