from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import Field, Setup, Step, api_address

SETUP = Setup(
    kind="telegram",
    title=_("Telegram"),
    hint=_("A bot that your clients write to"),
    fields=(
        Field(
            name="token",
            label=_("Token of the bot"),
            widget="password",
            placeholder="123456789:AAF…",
            pattern=r"\d+:\S+",
            refusal=_("A token looks like 123456789:AAF… Copy it once more, whole."),
            max_length=255,
        ),
        api_address(
            label=_("Address of the Bot API"),
            hint=_("Only for a Bot API server of your own. Empty: Telegram's own server."),
            default="https://api.telegram.org",
        ),
    ),
    guide=(
        Step(
            title=_("Write to BotFather"),
            text=_(
                "Open in Telegram the talk with @BotFather and send him `/newbot`. For a bot that you have already,"
                " `/mybots`."
            ),
            link="https://t.me/BotFather",
        ),
        Step(
            title=_("Name the bot"),
            text=_("Tell him the name that clients will see, then a user name that ends with “bot”."),
        ),
        Step(
            title=_("Copy the token"),
            text=_("He answers with the token. Copy it whole."),
            picture="settings/channels/guides/telegram.html",
        ),
    ),
    guide_note=_(
        "If the bot answers in another program today, that program will stop hearing it: Telegram delivers to one"
        " place."
    ),
    test_hint=_("Write to the bot in Telegram: it appears here."),
    token_advice=_("Ask BotFather for the token of this bot and enter it below. What waits is sent then."),
)
