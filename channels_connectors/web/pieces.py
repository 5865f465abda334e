"""What several pages say of a website chat."""

from typing import Any

from django.http import HttpRequest

from channels_connectors.livechat.widgets import embed_code, widget_of
from openlines.models import Channel


def widget_pieces(channel: Channel, request: HttpRequest) -> dict[str, Any]:
    """The code for a site and the address of the chat's own page; nothing for other kinds."""
    if channel.kind != "livechat":
        return {}
    widget = widget_of(channel)
    return {
        "widget": widget,
        "embed_code": embed_code(channel, base_url=request.build_absolute_uri("/")),
        "chat_page": f"/chat/{widget.key}/",
    }
