"""What connecting an Instagram account asks for, for messages or for comments."""

from django.utils.translation import gettext_lazy as _

from channels_connectors.meta.setup import ACCESS_TOKEN, APP_ID, APP_SECRET, PAGE_ID
from channels_connectors.setup import SETTINGS, Field, Step

FACEBOOK_LOGIN, INSTAGRAM_LOGIN = "facebook_login", "instagram_login"

FLAVOUR = Field(
    name="flavour",
    label=_("How you log in"),
    hint=_("Through a Facebook page that the account is linked to, or with the Instagram account itself."),
    widget="choice",
    kept_in=SETTINGS,
    choices=(
        (FACEBOOK_LOGIN, _("Through a Facebook page")),
        (INSTAGRAM_LOGIN, _("With the Instagram account itself")),
    ),
    initial=FACEBOOK_LOGIN,
)
INSTAGRAM_SECRET = Field(
    name="instagram_app_secret",
    label=_("Instagram app secret"),
    hint=_("Only with Instagram's own log-in: it stands beside the Instagram app ID, and differs from the app's."),
    widget="password",
    is_required=False,
    max_length=255,
)
FIELDS = (FLAVOUR, APP_ID, APP_SECRET, INSTAGRAM_SECRET, ACCESS_TOKEN, PAGE_ID)

ACCOUNT_STEP = Step(
    title=_("Have a professional account"),
    text=_(
        "In Instagram, under “Settings”, “Account type”, the account must be a business or a creator. For the log-in"
        " through Facebook, link it to your page there; and under “Messages”, allow connected tools to see messages."
    ),
)
INSTAGRAM_TOKEN_ADVICE = _(
    "Instagram's tokens hold for 60 days and we renew them in time; they still end when somebody changes their password"
    " or takes access away. Make a new one and enter it below. What waits is sent then."
)
