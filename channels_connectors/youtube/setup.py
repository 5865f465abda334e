from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import SETTINGS, Field, Setup, Step, api_address
from channels_connectors.youtube.client import DEFAULT_BASE_URL, TOKEN_URL
from channels_connectors.youtube.looking import BUDGET

SETUP = Setup(
    kind="youtube",
    title=_("YouTube comments"),
    hint=_("Comments below your videos"),
    fields=(
        Field(
            name="client_id",
            label="Client ID",
            hint=_("In the Google Cloud console: APIs & Services, Credentials."),
            placeholder="….apps.googleusercontent.com",
            max_length=255,
        ),
        Field(name="client_secret", label="Client secret", hint=_("Of the same OAuth client."), widget="password"),
        Field(
            name="refresh_token",
            label="Refresh token",
            hint=_("What the OAuth 2.0 Playground gives at its second step."),
            widget="password",
        ),
        Field(
            name="units_for_looking",
            label=_("Units a day for looking"),
            hint=_("Of YouTube's 10,000. A look costs one to three, an answer 50."),
            widget="number",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            initial=str(BUDGET),
            max_length=9,
        ),
        api_address(
            label=_("Address of the API"),
            hint=_("Only for tests. Empty: YouTube's own."),
            default=DEFAULT_BASE_URL,
        ),
        Field(
            name="token_url",
            label=_("Address that gives tokens"),
            hint=_("Only for tests. Empty: Google's own."),
            widget="url",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            placeholder=TOKEN_URL,
        ),
    ),
    guide=(
        Step(
            title=_("Switch the API on"),
            text=_("In the Google Cloud console make a project and enable the YouTube Data API v3 in it."),
            link="https://console.cloud.google.com/apis/library/youtube.googleapis.com",
        ),
        Step(
            title=_("Make an OAuth client"),
            text=_(
                "Under Credentials create an OAuth client ID of the type Web application, with"
                " `https://developers.google.com/oauthplayground` as its redirect URI. Publish the app: in testing,"
                " Google ends every access after a week."
            ),
            picture="settings/channels/guides/youtube.svg.html",
        ),
        Step(
            title=_("Let it into your channel"),
            text=_(
                "In the OAuth 2.0 Playground open the gear, take Use your own OAuth credentials, authorise the scope"
                " `https://www.googleapis.com/auth/youtube.force-ssl` as the channel, and exchange the code for tokens."
            ),
            link="https://developers.google.com/oauthplayground/",
        ),
    ),
    test_hint=_("Comment on one of your videos from another account. It takes a minute or two."),
    token_advice=_("Google has taken the access back. Give it anew in the OAuth 2.0 Playground, enter the new token."),
)
