from django.utils.translation import gettext_lazy as _

from channels_connectors.botframework.proof import ISSUER, METADATA_URL
from channels_connectors.setup import SETTINGS, Field, Setup, Step

SETUP = Setup(
    kind="botframework",
    title=_("Microsoft bot"),
    hint=_("Teams, Slack, SMS and whatever else Azure Bot Service connects"),
    fields=(
        Field(
            name="app_id",
            label=_("Microsoft App ID"),
            hint=_("In Azure: your bot, Configuration."),
            placeholder="00000000-0000-0000-0000-000000000000",
            pattern=r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            refusal=_("An App ID looks like 00000000-0000-0000-0000-000000000000. Copy it once more, whole."),
            max_length=36,
        ),
        Field(
            name="app_secret",
            label=_("Client secret"),
            hint=_("Its value, not its id: Azure shows it once, when it is made."),
            widget="password",
            max_length=255,
        ),
        Field(
            name="bot_name",
            label=_("Name of the bot"),
            hint=_("As your staff are to see it here. Azure does not tell it."),
            kept_in=SETTINGS,
            is_required=False,
            max_length=100,
        ),
        Field(
            name="tenant",
            label=_("App Tenant ID"),
            hint=_("For a bot of the type Single Tenant. Empty for Multi Tenant."),
            kept_in=SETTINGS,
            is_required=False,
            pattern=r"[0-9A-Za-z.-]+",
            max_length=100,
        ),
        Field(
            name="only",
            label=_("Messengers of this bot"),
            hint=_("A bot in one messenger alone may do all that this one can, like editing in Teams."),
            widget="choice",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            choices=(
                ("", _("Several")),
                ("msteams", "Microsoft Teams"),
                ("directline", "Direct Line"),
                ("webchat", "Web Chat"),
                ("slack", "Slack"),
                ("sms", "SMS (Twilio)"),
                ("email", _("E-mail")),
            ),
        ),
        Field(
            name="metadata_url",
            label=_("Address of the signing keys"),
            hint=_("Only for a government cloud or an emulator."),
            widget="url",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            placeholder=METADATA_URL,
        ),
        Field(
            name="token_url",
            label=_("Address that gives tokens"),
            hint=_("Only for a government cloud or an emulator."),
            widget="url",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            placeholder="https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token",
        ),
        Field(
            name="issuer",
            label=_("Issuer of the tokens"),
            hint=_("Only for a government cloud or an emulator."),
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            placeholder=ISSUER,
            max_length=255,
        ),
    ),
    guide=(
        Step(
            title=_("Make a bot in Azure"),
            text=_(
                "In the Azure portal create a resource of the kind Azure Bot. Take Multi Tenant, or Single Tenant and"
                " note the App Tenant ID."
            ),
            link="https://portal.azure.com/#create/Microsoft.AzureBot",
        ),
        Step(
            title=_("Copy its id and make a secret"),
            text=_(
                "Configuration shows the Microsoft App ID. Manage Password beside it leads to Certificates & secrets:"
                " make a new client secret and copy its value at once."
            ),
            picture="settings/channels/guides/botframework.svg.html",
        ),
        Step(
            title=_("Enter our address as the messaging endpoint"),
            text=_("You get the address here once the channel is connected. It goes into Configuration as well."),
        ),
        Step(
            title=_("Switch messengers on"),
            text=_("Under Channels connect Teams, Slack, SMS and others. Each client's messenger is kept apart here."),
        ),
    ),
    test_hint=_("Write to the bot from one of its messengers, or by Test in Web Chat in Azure."),
    token_advice=_("The client secret has ended or was deleted. Make a new one in Azure and enter it below."),
    needs_public_url=True,
    shown_after=("webhook_url",),
)
