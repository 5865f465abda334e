from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import BASE_URL, Field, Setup

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
        Field(
            name="base_url",
            label=_("Address of the Bot API"),
            hint=_("Only for a Bot API server of your own. Empty: Telegram's own server."),
            widget="url",
            kept_in=BASE_URL,
            is_required=False,
            is_advanced=True,
            placeholder="https://api.telegram.org",
        ),
    ),
    token_advice=_("Ask BotFather for the token of this bot and enter it below. What waits is sent then."),
)
