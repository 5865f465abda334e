"""Files for Instagram, which fetches them itself."""

from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.errors import ConnectorError
from channels_connectors.meta.media import LARGEST_FILE, LARGEST_IMAGE, plain_mime, size_of
from openlines.types import MediaLimit, OutgoingAttachment

PICTURES = ("image/jpeg", "image/png", "image/gif")
SOUNDS = ("audio/aac", "audio/mp4", "audio/x-m4a", "audio/wav", "audio/x-wav")
FILMS = ("video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm")
LIMITS = (
    MediaLimit(kind="IMAGE", most_bytes=LARGEST_IMAGE, mimes=PICTURES),
    MediaLimit(kind="VIDEO", most_bytes=LARGEST_FILE, mimes=FILMS),
    MediaLimit(kind="AUDIO", most_bytes=LARGEST_FILE, mimes=SOUNDS),
    MediaLimit(kind="VOICE", most_bytes=LARGEST_FILE, mimes=SOUNDS),
    MediaLimit(kind="FILE", most_bytes=LARGEST_FILE, mimes=("application/pdf",)),
)
TYPES = {"IMAGE": "image", "STICKER": "image", "VIDEO": "video", "AUDIO": "audio", "VOICE": "audio", "FILE": "file"}


def attach(attachment: OutgoingAttachment) -> dict[str, Any]:
    size = size_of(attachment)
    limit = next((limit for limit in LIMITS if limit.kind == attachment.kind), LIMITS[0])
    if size > limit.most_bytes or plain_mime(attachment) not in limit.mimes:
        words = _("Instagram takes no such file: “%(name)s”.") % {"name": attachment.name}
        raise ConnectorError(words, kind="PERMANENT")
    if not attachment.public_url:
        words = _("Instagram fetches files from a public address of this server. Set PUBLIC_URL first.")
        raise ConnectorError(words, kind="PERMANENT")
    return {"type": TYPES[attachment.kind], "payload": {"url": attachment.public_url}}
