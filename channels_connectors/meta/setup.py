"""What connecting a channel on a Meta app asks for, whichever of its channels it is."""

from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import SETTINGS, Field, Step, Words, api_address

DASHBOARD = "https://developers.facebook.com/apps/"
GRAPH_EXPLORER = "https://developers.facebook.com/tools/explorer/"

APP_ID = Field(
    name="app_id",
    label=_("App ID"),
    hint=_("A number, at the top of the app's page at Meta."),
    placeholder="1234567890",
    pattern=r"\d{5,25}",
    refusal=_("An app ID is a number. Copy it once more, whole."),
    max_length=25,
)
APP_SECRET = Field(
    name="app_secret",
    label=_("App secret"),
    hint=_("In the app's settings, under “Basic”. By it we know that events come from Meta."),
    widget="password",
    max_length=255,
)
ACCESS_TOKEN = Field(
    name="access_token",
    label=_("Access token"),
    hint=_("The token of the page. One of a person who manages the page does as well: we change it for the page's."),
    widget="password",
    pattern=r"\S+",
    max_length=1024,
)
PAGE_ID = Field(
    name="page_id",
    label=_("ID of the page"),
    hint=_("Only where the token belongs to a person who manages several pages."),
    kept_in=SETTINGS,
    is_required=False,
    is_advanced=True,
    pattern=r"\d+",
    refusal=_("The ID of a page is a number."),
    max_length=32,
)
HUMAN_AGENT = Field(
    name="human_agent",
    label=_("Operators may answer for 7 days"),
    hint=_("Only where Meta has granted the app the “Human Agent” feature. Without it the limit is 24 hours."),
    widget="switch",
    kept_in=SETTINGS,
    is_required=False,
    is_advanced=True,
)
GRAPH_URL = api_address(
    label=_("Address of the Graph API"),
    hint=_("Only for a server of your own in between. Empty: Meta's own."),
    default="https://graph.facebook.com",
)
PAGE_FIELDS = (APP_ID, APP_SECRET, ACCESS_TOKEN, PAGE_ID)

APP_STEP = Step(
    title=_("Open your app at Meta"),
    text=_(
        "Sign in at Meta for Developers and open the app of your company, or create one of the type “Business”. Its ID"
        " stands at the top; the secret is under “App settings”, “Basic”."
    ),
    picture="settings/channels/guides/meta_app.svg.html",
    link=DASHBOARD,
)
TOKEN_ADVICE = _(
    "Tokens end when somebody changes their password or leaves the page. Make a new one as you did when you connected"
    " the channel, and enter it below. What waits is sent then."
)


def token_step(permissions: Words) -> Step:
    """``permissions`` says in words which ones the channel needs."""
    return Step(
        title=_("Make a token"),
        text=permissions,
        picture="settings/channels/guides/meta_token.svg.html",
        link=GRAPH_EXPLORER,
    )
