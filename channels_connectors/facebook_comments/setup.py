from django.utils.translation import gettext_lazy as _

from channels_connectors.meta.setup import APP_STEP, GRAPH_URL, PAGE_FIELDS, TOKEN_ADVICE, token_step
from channels_connectors.setup import Setup

SETUP = Setup(
    kind="facebook_comments",
    title=_("Facebook comments"),
    hint=_("Comments below the posts of your page"),
    fields=(*PAGE_FIELDS, GRAPH_URL),
    guide=(
        APP_STEP,
        token_step(
            _(
                "Open the Graph API Explorer, choose your app, then “Get page access token” and your page. Add the"
                " permissions `pages_read_engagement`, `pages_manage_engagement`, `pages_read_user_content` and"
                " `pages_manage_metadata`; `pages_messaging` too, to answer comments in private. Generate the token and"
                " copy it whole."
            )
        ),
    ),
    test_hint=_("Write a comment below a post of your page, from an account of your own: it appears here."),
    token_advice=TOKEN_ADVICE,
    needs_public_url=True,
)
