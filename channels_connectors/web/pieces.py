"""What several pages say of our own kinds of channels."""

from typing import Any

from django.http import HttpRequest

from channels_connectors.livechat.widgets import embed_code, widget_of
from openlines.models import Channel


def widget_pieces(channel: Channel, request: HttpRequest) -> dict[str, Any]:
    """The code for a site and the address of the chat's own page; what a custom channel has; nothing for others."""
    if channel.kind == "custom":
        has_previous = bool(channel.account.credentials.get("previous_secret"))
        has_page = bool(channel.account.settings.get("settings_page"))
        return {"has_previous_secret": has_previous, "has_partner_page": has_page}
    if channel.kind != "livechat":
        return {}
    widget = widget_of(channel)
    return {
        "widget": widget,
        "embed_code": embed_code(channel, base_url=request.build_absolute_uri("/")),
        "chat_page": f"/chat/{widget.key}/",
    }
