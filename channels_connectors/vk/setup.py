from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import Field, Setup, Step, api_address

TOKEN = Field(
    name="token",
    label=_("Access key of the community"),
    hint=_("A long row of letters and digits. VKontakte shows it once, when it is made."),
    widget="password",
    placeholder="vk1.a.…",
    pattern=r"\S{20,}",
    refusal=_("An access key is longer and has no spaces. Copy it once more, whole."),
    max_length=512,
)
SECRET = Field(
    name="secret",
    label=_("Secret key of the Callback API server"),
    hint=_("Only if one server of yours at VKontakte delivers both messages and comments. Empty: we make one."),
    widget="password",
    is_required=False,
    is_advanced=True,
    pattern=r"[A-Za-z0-9_-]{8,50}",
    refusal=_("A secret key has 8 to 50 letters and digits."),
    max_length=50,
)
ADDRESS = api_address(
    label=_("Address of the API"),
    hint=_("Only for a server of your own that stands in for VKontakte. Empty: VKontakte itself."),
    default="https://api.vk.ru",
)
TOKEN_ADVICE = _("Make a new access key in the community's settings and enter it below. What waits is sent then.")

SETUP = Setup(
    kind="vk",
    title=_("VKontakte"),
    hint=_("Messages to your community"),
    fields=(TOKEN, SECRET, ADDRESS),
    guide=(
        Step(
            title=_("Switch on messages"),
            text=_("In VKontakte, open your community, then “Manage”, “Messages”, and switch on community messages. "
                   "Under “Bot settings” switch on the bot's abilities: buttons need them."),
        ),
        Step(
            title=_("Make an access key"),
            text=_("Under “Manage”, “API usage”, press “Create key”. Allow it to manage the community and to use "
                   "messages, photos and files. Confirm it on your telephone, and copy the key."),
            picture="settings/channels/guides/vk.svg.html",
            link="https://vk.com/groups?tab=admin",
        ),
        Step(
            title=_("Enter the key here"),
            text=_("Where messages are delivered is set up at VKontakte by this product itself."),
        ),
    ),
    test_hint=_("Write to your community from your own page: it appears here."),
    token_advice=TOKEN_ADVICE,
)  # fmt: skip
