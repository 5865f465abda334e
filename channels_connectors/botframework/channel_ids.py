"""What differs between the messengers behind a bot, by their ``channelId``."""

from dataclasses import dataclass

TEAMS, DIRECT_LINE, WEB_CHAT, EMULATOR = "msteams", "directline", "webchat", "emulator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """``buttons`` is off where presses come back as words, if at all: there people answer with a number. What Azure no
    longer offers, or is closed, ``is_legacy``: it is spoken as documented, and nobody can try it any more."""

    text_length: int = 4000
    edit: bool = False
    typing: bool = False
    buttons: bool = False
    attachments: bool = True
    is_legacy: bool = False


# By the table of Microsoft's documentation; lengths that it does not name are the messenger's own.
TRAITS = {
    TEAMS: Traits(text_length=7000, edit=True, typing=True, buttons=True),
    DIRECT_LINE: Traits(text_length=20_000, typing=True, buttons=True),
    WEB_CHAT: Traits(text_length=20_000, typing=True, buttons=True),
    EMULATOR: Traits(text_length=20_000, typing=True, buttons=True),
    "slack": Traits(text_length=4000),
    "facebook": Traits(text_length=2000),
    "line": Traits(text_length=5000),
    "telegram": Traits(text_length=4096),
    "email": Traits(text_length=20_000),
    "office365": Traits(text_length=20_000, is_legacy=True),
    "sms": Traits(text_length=1600, attachments=False),
    "alexa": Traits(text_length=8000, attachments=False),
    "skype": Traits(text_length=4000, is_legacy=True),
    "skypeforbusiness": Traits(text_length=4000, is_legacy=True),
    "kik": Traits(text_length=1500, is_legacy=True),
    "groupme": Traits(text_length=1000, is_legacy=True),
    "cortana": Traits(text_length=4000, is_legacy=True),
}
UNKNOWN = Traits()


def traits_of(channel_id: str) -> Traits:
    """Of an unknown one, what every messenger can."""
    return TRAITS.get(channel_id, UNKNOWN)
