"""Small services to clients that nobody waits for: typing signs, pressed buttons, profile pictures.

They run on a thread pool after commit. Losing one is harmless, so nothing about them is stored.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

from channels_connectors.accounts import account_of
from channels_connectors.connector import ChatRef
from channels_connectors.errors import ConnectorError
from channels_connectors.registry import connector_for
from crm.models import Client
from crm.services import save_client_photo
from openlines.models import Channel, Chat, Message
from openlines.services.clients import announce_client, learn_profile
from openlines.types import IncomingMessage, IncomingPress

logger = logging.getLogger(__name__)

THREADS = 4
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="courtesy")


def later(work: Callable[[], None]) -> None:
    """Do it soon, on another thread."""
    _pool.submit(_quietly, work)


def _quietly(work: Callable[[], None]) -> None:
    close_old_connections()
    try:
        work()
    except ConnectorError as error:
        logger.info("A courtesy was refused: %s", error.kind)
    except Exception:
        logger.exception("A courtesy failed")


def show_typing(*, dialog_id: int) -> None:
    """The client sees that an operator is typing, where the channel can show it."""
    chat = Chat.objects.select_related("channel__account").get(dialogs=dialog_id)
    connector = connector_for(chat.channel.kind)
    if connector.capabilities.typing_out and chat.channel.is_open:
        connector.show_typing(_as_known(chat), account_of(chat.channel.account))


def show_read(*, dialog_id: int) -> None:
    """The client sees that their messages were read, where the channel can show it."""
    chat = Chat.objects.select_related("channel__account").get(dialogs=dialog_id)
    known = _as_known(chat)
    if known.last_external_id and chat.channel.is_open:
        connector_for(chat.channel.kind).mark_read(known, account_of(chat.channel.account))


def _as_known(chat: Chat) -> ChatRef:
    """As the provider knows it, with the newest message of the client that it has an id for."""
    theirs = Message.objects.filter(chat=chat, author_kind=Message.Author.CLIENT, external_id__isnull=False)
    last = theirs.order_by("-pk").values_list("external_id", flat=True).first()
    return ChatRef(external_id=chat.external_id, thread=chat.thread, last_external_id=last or "")


def acknowledge(*, channel_id: int, incoming: IncomingMessage | IncomingPress, words: str = "") -> None:
    """Tell the provider that a pressed button was heard."""
    channel = Channel.objects.select_related("account").get(pk=channel_id)
    connector_for(channel.kind).acknowledge(incoming, account_of(channel.account), words=words)


def fetch_client_photo(*, channel_id: int, client_id: int, reference: str) -> None:
    """The picture from the client's profile, once, when they write for the first time."""
    channel = Channel.objects.select_related("account").get(pk=channel_id)
    photo = connector_for(channel.kind).fetch_photo(reference, account_of(channel.account))
    if photo is None or Client.objects.filter(pk=client_id).exclude(photo="").exists():
        return
    save_client_photo(client_id=client_id, content=photo.content, suffix=".img")
    announce_client(client_id)


def fetch_client_profile(*, channel_id: int, person_external_id: str) -> None:
    """The name and the picture of somebody whose messages carry neither. Lost, it is asked for at their next one."""
    channel = Channel.objects.select_related("account").get(pk=channel_id)
    person = connector_for(channel.kind).fetch_profile(person_external_id, account_of(channel.account))
    client_id = None if person is None else learn_profile(scope=channel.scope, person=person)
    if person is not None and client_id is not None and person.photo_reference:
        fetch_client_photo(channel_id=channel_id, client_id=client_id, reference=person.photo_reference)
