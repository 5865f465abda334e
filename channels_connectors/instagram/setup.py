from django.utils.translation import gettext_lazy as _

from channels_connectors.meta.instagram_setup import ACCOUNT_STEP, FIELDS, INSTAGRAM_TOKEN_ADVICE
from channels_connectors.meta.setup import APP_STEP, GRAPH_URL, HUMAN_AGENT, token_step
from channels_connectors.setup import Setup

SETUP = Setup(
    kind="instagram",
    title=_("Instagram Direct"),
    hint=_("Messages to your Instagram account"),
    fields=(*FIELDS, HUMAN_AGENT, GRAPH_URL),
    guide=(
        ACCOUNT_STEP,
        APP_STEP,
        token_step(
            _(
                "Through a page: open the Graph API Explorer, choose your app and your page, add the permissions"
                " `instagram_basic`, `instagram_manage_messages` and `pages_manage_metadata`, generate the token and"
                " copy it. With Instagram's own log-in: in the app, under “Instagram”, “API setup with Instagram"
                " login”, add your account and generate its token there."
            )
        ),
    ),
    test_hint=_("Write to your account in Instagram: it appears here."),
    token_advice=INSTAGRAM_TOKEN_ADVICE,
    needs_public_url=True,
)
