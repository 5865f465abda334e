from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import SETTINGS, Field, Setup, Step, api_address

SETUP = Setup(
    kind="max",
    title=_("MAX"),
    hint=_("A bot of your company in the MAX messenger"),
    fields=(
        Field(
            name="token",
            label=_("Token of the bot"),
            hint=_("MAX for partners: Chat bots, your bot, Integration, Get token"),
            widget="password",
            pattern=r"[\w.~-]{16,512}",
            refusal=_("A token is one long word without spaces. Copy it once more, whole."),
            max_length=512,
        ),
        Field(
            name="ca_bundle",
            label=_("File with the certificates of the authorities"),
            hint=_(
                "MAX's certificate comes from the Russian Trusted Root CA. Where this server does not know it, name a"
                " PEM file on the server that holds it."
            ),
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            placeholder="/etc/ssl/russian-trusted-root-ca.pem",
            max_length=255,
        ),
        api_address(
            label=_("Address of the platform's API"),
            hint=_("Empty: MAX's own server."),
            default="https://platform-api2.max.ru",
        ),
    ),
    guide=(
        Step(
            title=_("Make a bot"),
            text=_(
                "In MAX for partners (business.max.ru) confirm your company, then open “Chat bots” and create one. MAX"
                " gives bots to Russian companies and sole proprietors only, and looks at each before it works."
            ),
            picture="settings/channels/guides/max.svg.html",
            link="https://business.max.ru/",
        ),
        Step(
            title=_("Copy its token"),
            text=_("Open the bot, choose “Integration” and press “Get token”. Nobody else should have it."),
        ),
    ),
    test_hint=_("Find the bot in MAX by its name, press “Start” and write something."),
    token_advice=_("Get a token in MAX for partners, under Integration of this bot, and enter it below."),
)
