"""Telegram bots as a channel."""

import hmac
import json
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from telegram.constants import ChatAction
from telegram.error import BadRequest, InvalidToken, NetworkError

from channels_connectors.connector import (
    POLL,
    WEBHOOK,
    Account,
    Capabilities,
    ChatRef,
    CheckedAccount,
    Connector,
    Event,
    FetchedMedia,
    Polled,
    Rates,
    Receipt,
    Subscription,
    WebhookRequest,
)
from channels_connectors.errors import ConnectorError, SignatureMismatch
from channels_connectors.parts import parts_of
from channels_connectors.telegram.albums import with_albums_that_telegram_takes
from channels_connectors.telegram.bot import BotPool, ChannelBot, pool
from channels_connectors.telegram.changing import change, take_back
from channels_connectors.telegram.chats import Place, place_of
from channels_connectors.telegram.errors import ChatMoved, says
from channels_connectors.telegram.payloads import ALLOWED_UPDATES, incoming_from
from channels_connectors.telegram.redaction import hide_tokens_in_logs
from channels_connectors.telegram.sending import CAPTIONED, send_part
from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingMessage,
    IncomingPress,
    OutgoingMessage,
    OutgoingPart,
    SentMessage,
)

T = TypeVar("T")

MEGABYTE = 1024 * 1024
LARGEST_DOWNLOAD = 20 * MEGABYTE
AVATAR_WIDTH = 160
READ_TIMEOUT = 30.0
MEDIA_PATIENCE = 900.0
LONGEST_NOTICE = 200
TEXT_LENGTH, CAPTION_LENGTH = 4096, 1024


class Telegram(Connector):
    kind = "telegram"
    capabilities = Capabilities(
        text_length=TEXT_LENGTH,
        caption_length=CAPTION_LENGTH,
        length_unit="utf16",
        is_split=True,
        upload_bytes=50 * MEGABYTE,
        formatting=("BOLD", "ITALIC", "STRUCK", "CODE"),
        edit=True,
        delete=True,
        reply=True,
        buttons="inline",
        album_max=10,
        typing_out=True,
        native_staff=True,
        rates=Rates(account=30, chat=1),
    )
    inbound = (WEBHOOK, POLL)

    def __init__(self, bots: BotPool = pool) -> None:
        self._bots = bots
        hide_tokens_in_logs()

    def verify(self, request: WebhookRequest, account: Account) -> None:
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
        expected = account.webhook_secret.encode()
        if not expected or not hmac.compare_digest(given, expected):
            raise SignatureMismatch

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return str(payload["update_id"])

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        try:
            return incoming_from(payload)
        except OverflowError as error:
            # python-telegram-bot takes every number for a moment.
            raise ValueError("not a moment") from error

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        return with_albums_that_telegram_takes(parts_of(message, self.capabilities, captioned=CAPTIONED))

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        reply_to = int(part.reply_to_external_id) if part.reply_to_external_id.isdigit() else None
        patience = MEDIA_PATIENCE if part.attachments else 90

        def call(work: Callable[[ChannelBot], Awaitable[Any]]) -> Any:
            return self._call(account, work, patience=patience)

        try:
            messages = send_part(part, place=place_of(part.chat_external_id), reply_to=reply_to, call=call)
        except ChatMoved as moved:
            messages = send_part(part, place=Place(moved.new_chat_id), reply_to=reply_to, call=call)
        return Receipt(parts=tuple(str(message.message_id) for message in messages))

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        self._call(account, lambda bot: change(bot, sent, part))

    def delete(self, sent: SentMessage, account: Account) -> None:
        self._call(account, lambda bot: take_back(bot, sent))

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        place = place_of(chat.external_id)

        def show(bot: ChannelBot) -> Awaitable[bool]:
            return bot.send_chat_action(
                place.chat_id, ChatAction.TYPING, business_connection_id=place.business_connection_id
            )

        self._call(account, show, patience=10)

    def acknowledge(self, incoming: IncomingMessage | IncomingPress, account: Account, *, words: str = "") -> None:
        """Stop the waiting circle on the button that the client has pressed; the words are shown for a moment."""
        query_id = str(incoming.context.get("callback_query_id", ""))

        async def answer(bot: ChannelBot) -> None:
            try:
                await bot.answer_callback_query(query_id, words[:LONGEST_NOTICE] or None)
            except BadRequest as error:
                if not says(error, "query is too old"):
                    raise

        if query_id:
            self._call(account, answer)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        if (attachment.size or 0) > LARGEST_DOWNLOAD:
            raise ConnectorError(_("Telegram gives bots files of at most 20 MB."), kind="PERMANENT")
        path, content = self._call(account, lambda bot: _download(bot, attachment.reference), patience=MEDIA_PATIENCE)
        name = attachment.name or PurePosixPath(path).name
        mime = attachment.mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return FetchedMedia(content=content, name=name, mime=mime)

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        async def newest(bot: ChannelBot) -> str | None:
            photos = (await bot.get_user_profile_photos(int(reference), limit=1)).photos
            if not photos:
                return None
            sizes = sorted(photos[0], key=lambda size: size.width)
            return next((size.file_id for size in sizes if size.width >= AVATAR_WIDTH), sizes[-1].file_id)

        file_id = self._call(account, newest)
        if file_id is None:
            return None
        return self.fetch_media(IncomingAttachment(kind="IMAGE", reference=file_id), account)

    def check(self, account: Account) -> CheckedAccount:
        async def ask(bot: ChannelBot) -> CheckedAccount:
            me, webhook = await bot.get_me(), await bot.get_webhook_info()
            details = {
                "name": me.first_name,
                "username": me.username,
                # Only the host: the address itself may hold a secret of whoever set it.
                "webhook_host": urlsplit(webhook.url).hostname or "",
                "pending_updates": webhook.pending_update_count,
                "last_webhook_error": webhook.last_error_message or "",
            }
            return CheckedAccount(external_id=str(me.id), title=f"@{me.username}", details=details)

        return self._call(account, ask)

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        connections = int(account.settings.get("max_connections", 40))

        def set_it(bot: ChannelBot) -> Awaitable[bool]:
            return bot.set_webhook(
                url,
                secret_token=account.webhook_secret,
                allowed_updates=list(ALLOWED_UPDATES),
                max_connections=connections,
            )

        self._call(account, set_it)
        return {}

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        info = self._call(account, lambda bot: bot.get_webhook_info())
        is_stuck = bool(info.pending_update_count and info.last_error_message)
        return Subscription(is_ours=info.url == url, problem=str(info.last_error_message) if is_stuck else "")

    def remove_webhook(self, account: Account) -> None:
        self._call(account, lambda bot: bot.delete_webhook())

    def poll(self, *, cursor: str, timeout: int, account: Account) -> Polled:
        offset = int(cursor) if cursor else None
        updates = self._call(
            account,
            lambda bot: bot.raw_updates(offset=offset, wait=timeout, allowed=list(ALLOWED_UPDATES)),
            patience=timeout + 30,
        )
        following = str(max(int(update["update_id"]) for update in updates) + 1) if updates else cursor
        events = [Event(key=self.event_key(update), body=json.dumps(update).encode()) for update in updates]
        return Polled(events=events, cursor=following)

    def _call(self, account: Account, work: Callable[[ChannelBot], Awaitable[T]], *, patience: float = 90) -> T:
        read_timeout = float(account.settings.get("read_timeout", READ_TIMEOUT))
        return self._bots.call(account, work, read_timeout=read_timeout, patience=patience)


async def _download(bot: ChannelBot, file_id: str) -> tuple[str, bytes]:
    file = await bot.get_file(file_id)
    path = file.file_path or ""
    if not path.startswith(bot.base_file_url):
        # A Bot API server in --local mode names a file on its own disk, and this could be any file of ours.
        raise ConnectorError(_("The Bot API server runs in local mode and gives no files over HTTP."), kind="PERMANENT")
    try:
        return path, await bot.request.retrieve(path)
    except InvalidToken:
        # Here 404 is about the link, not about the bot.
        raise NetworkError("The link to the file has expired") from None
