from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import Setup

SETUP = Setup(kind="sandbox", title=_("Sandbox"), hint=_("Play the client yourself, no account needed"))
