"""The channel kinds. Adding one is a folder and a line here."""

from importlib import import_module

from channels_connectors.avito.connector import AvitoMessenger
from channels_connectors.botframework.connector import BotFramework
from channels_connectors.connector import Connector
from channels_connectors.custom.connector import Custom
from channels_connectors.email.connector import Email
from channels_connectors.facebook_comments.connector import FacebookComments
from channels_connectors.instagram.connector import Instagram
from channels_connectors.instagram_comments.connector import InstagramComments
from channels_connectors.livechat.connector import LiveChat
from channels_connectors.max.connector import Max
from channels_connectors.messenger.connector import Messenger
from channels_connectors.ok.connector import Odnoklassniki
from channels_connectors.sandbox.connector import Sandbox
from channels_connectors.setup import Setup
from channels_connectors.telegram.connector import Telegram
from channels_connectors.viber.connector import Viber
from channels_connectors.vk.connector import Vk
from channels_connectors.vk_comments.connector import VkComments
from channels_connectors.whatsapp.connector import WhatsApp
from channels_connectors.youtube.connector import YouTubeComments
from common.errors import NotFound

# In the order in which settings pages show them.
CONNECTORS: dict[str, Connector] = {
    connector.kind: connector
    for connector in (
        Telegram(),
        Max(),
        Odnoklassniki(),
        WhatsApp(),
        Viber(),
        Vk(),
        VkComments(),
        Messenger(),
        FacebookComments(),
        Instagram(),
        InstagramComments(),
        YouTubeComments(),
        AvitoMessenger(),
        BotFramework(),
        LiveChat(),
        Email(),
        Custom(),
        Sandbox(),
    )
}
SETUPS: dict[str, Setup] = {kind: import_module(f"channels_connectors.{kind}.setup").SETUP for kind in CONNECTORS}


def connector_for(kind: str) -> Connector:
    """Raises ``NotFound`` for an unknown kind."""
    try:
        return CONNECTORS[kind]
    except KeyError:
        raise NotFound from None
