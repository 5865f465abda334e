from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import SETTINGS, Field, Setup, Step, api_address

SETUP = Setup(
    kind="viber",
    title=_("Viber"),
    hint=_("A bot that your clients write to"),
    fields=(
        Field(
            name="token",
            label=_("Token of the bot"),
            hint=_("The long row of letters and digits on the bot's page in Viber's admin panel."),
            widget="password",
            pattern=r"[0-9A-Za-z]+(-[0-9A-Za-z]+)+",
            refusal=_(
                "A token looks like 4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51r. Copy it once more, whole."
            ),
            max_length=255,
        ),
        Field(
            name="sender_name",
            label=_("Name that clients see"),
            hint=_("At most 28 characters. Empty: the name of the bot."),
            kept_in=SETTINGS,
            is_required=False,
            max_length=28,
        ),
        Field(
            name="welcome",
            label=_("First words"),
            hint=_("Shown as soon as somebody opens the chat, before they write. Viber counts it as no message."),
            widget="area",
            kept_in=SETTINGS,
            is_required=False,
            max_length=2000,
        ),
        api_address(
            label=_("Address of Viber's API"),
            hint=_("Only for a stand-in of your own. Empty: Viber's own server."),
            default="https://chatapi.viber.com/pa",
        ),
    ),
    guide=(
        Step(
            title=_("Have a bot"),
            text=_(
                "Since February 2024 Viber makes bots only for companies that have a contract with it or with one of"
                " its partners. A bot that is older goes on working."
            ),
            link="https://help.viber.com/hc/en-us/articles/15247629658525",
        ),
        Step(
            title=_("Copy its token"),
            text=_(
                "Sign in at partners.viber.com with the phone that administers the bot, choose the bot, and press Copy"
                " beside its token."
            ),
            picture="settings/channels/guides/viber.svg.html",
            link="https://partners.viber.com/",
        ),
        Step(
            title=_("Enter it here"),
            text=_(
                "We tell Viber by ourselves where to deliver. It insists on https with a certificate that everyone"
                " trusts: one that you signed yourself is refused."
            ),
        ),
    ),
    test_hint=_("Open the bot in Viber and write to it."),
    token_advice=_("Copy the bot's token from partners.viber.com once more. What waits is sent then."),
    needs_public_url=True,
)
