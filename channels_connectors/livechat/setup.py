from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import Setup

SETUP = Setup(kind="livechat", title=_("Website chat"), hint=_("A button on your site, and a page of its own"))
