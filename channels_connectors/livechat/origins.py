"""Which sites may show a chat. Browsers tell the truth about origins; other programs may say anything or nothing,
so an origin keeps sites away, and only a token proves who a visitor is."""

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from channels_connectors.livechat.widgets import Widget
from common.errors import NotAllowed


class ForeignSite(NotAllowed):
    code = "foreign_site"
    message = _("This chat may not be used on this site.")


def require_known_origin(widget: Widget, origin: str, own_host: str) -> None:
    """Raises ``ForeignSite`` unless the call comes from our own pages or a site that may show the chat."""
    is_own = not origin or urlsplit(origin).netloc == own_host
    if not is_own and not widget.may_be_shown_on(origin):
        raise ForeignSite
