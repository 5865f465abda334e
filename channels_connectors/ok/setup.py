from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import SETTINGS, Field, Setup, Step, api_address

SETUP = Setup(
    kind="ok",
    title=_("Odnoklassniki"),
    hint=_("Messages to your group"),
    fields=(
        Field(
            name="token",
            label=_("Access token of the group"),
            hint=_("Group settings, Messages, Bot API: Get token"),
            widget="password",
            pattern=r"\S{10,1024}",
            refusal=_("A token is one long word without spaces. Copy it once more, whole."),
            max_length=1024,
        ),
        Field(
            name="networks",
            label=_("Networks that Odnoklassniki calls from"),
            hint=_(
                "Separated by commas; empty: those that it publishes. Its calls are not signed, so others are turned"
                " away. A single * lets everybody in who knows the secret address."
            ),
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            placeholder="217.20.145.192/28, 217.20.151.160/28, 217.20.153.48/28",
            pattern=r"\*|[\da-fA-F.:/, ]+",
            refusal=_("Networks look like 217.20.145.192/28, separated by commas."),
            max_length=1000,
        ),
        api_address(
            label=_("Address of the Bot API"),
            hint=_("Empty: Odnoklassniki's own server."),
            default="https://api.ok.ru/graph",
        ),
    ),
    guide=(
        Step(
            title=_("Let people write to the group"),
            text=_("Open your group on ok.ru, “Settings”, “Messages”, and switch messages on."),
            link="https://ok.ru/",
        ),
        Step(
            title=_("Get a token"),
            text=_(
                "On the same page find “Bot API” and press “Get token”. Making a new one later ends the old one: then"
                " enter it here, too."
            ),
            picture="settings/channels/guides/ok.svg.html",
        ),
    ),
    test_hint=_("Open the group on ok.ru with another account, press “Write” and send something."),
    token_advice=_("Get a token in the settings of the group, under Messages, and enter it below."),
)
