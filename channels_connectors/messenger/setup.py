from django.utils.translation import gettext_lazy as _

from channels_connectors.meta.setup import APP_STEP, GRAPH_URL, HUMAN_AGENT, PAGE_FIELDS, TOKEN_ADVICE, token_step
from channels_connectors.setup import Setup

SETUP = Setup(
    kind="messenger",
    title=_("Messenger"),
    hint=_("Messages to your Facebook page"),
    fields=(*PAGE_FIELDS, HUMAN_AGENT, GRAPH_URL),
    guide=(
        APP_STEP,
        token_step(
            _(
                "Open the Graph API Explorer, choose your app, then “Get page access token” and your page. Add the"
                " permissions `pages_messaging` and `pages_manage_metadata`, generate the token and copy it whole."
            )
        ),
    ),
    test_hint=_("Write to your page in Messenger: it appears here."),
    token_advice=TOKEN_ADVICE,
    needs_public_url=True,
)
