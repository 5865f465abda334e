"""The methods of the Bot API; ``messages.py`` has those that write into chats, ``polling.py`` has getUpdates."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.providers.telegram import messages
from tests.providers.telegram.media import LARGEST_DOWNLOAD
from tests.providers.telegram.model import Bot, Fields, Webhook, World, bad_request
from tests.providers.telegram.wire import Params

Method = Callable[[World, Bot, Params], Any]

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
WEBHOOK_PORTS = (443, 80, 88, 8443)
MOST_CONNECTIONS = 100
DEFAULT_CONNECTIONS = 40


def get_me(world: World, bot: Bot, params: Params) -> Fields:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return bot.user | abilities


def set_webhook(world: World, bot: Bot, params: Params) -> Fields:
    url = params.text("url")
    if not url:
        return delete_webhook(world, bot, params)
    _check_url(url, is_strict=world.options.is_strict_about_urls)
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections", DEFAULT_CONNECTIONS)
    choose_updates(bot, params)
    _maybe_drop_pending(bot, params)
    if bot.poll and not bot.poll.done():
        bot.poll.set_result("Conflict: terminated by setWebhook request")
    bot.webhook = Webhook(url=url, secret=secret, max_connections=min(max(connections, 1), MOST_CONNECTIONS))
    world.on_webhook(bot)
    return {"result": True, "description": "Webhook was set"}


def delete_webhook(world: World, bot: Bot, params: Params) -> Fields:
    was_set, bot.webhook = bot.webhook is not None, None
    _maybe_drop_pending(bot, params)
    world.on_webhook(bot)
    return {"result": True, "description": "Webhook was deleted" if was_set else "Webhook is already deleted"}


def get_webhook_info(world: World, bot: Bot, params: Params) -> Fields:
    webhook = bot.webhook
    info: Fields = {"url": "", "has_custom_certificate": False, "pending_update_count": len(bot.pending)}
    if webhook is not None:
        info |= {"url": webhook.url, "max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
        if webhook.last_error:
            info |= {"last_error_date": webhook.last_error_at, "last_error_message": webhook.last_error}
    return info | ({"allowed_updates": bot.allowed_updates} if bot.allowed_updates else {})


def get_file(world: World, bot: Bot, params: Params) -> Fields:
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    described = {"file_id": file.file_id, "file_unique_id": file.unique_id}
    return described | {"file_size": len(file.content), "file_path": file.path}


def get_user_profile_photos(world: World, bot: Bot, params: Params) -> Fields:
    customer = world.customers.get(params.integer("user_id"))
    if customer is None or customer.id not in bot.chats:
        raise bad_request("user not found")
    photos = [customer.photo] if customer.photo else []
    limit = params.integer("limit", 100)
    return {"total_count": len(photos), "photos": photos[params.integer("offset") :][:limit]}


def answer_callback_query(world: World, bot: Bot, params: Params) -> bool:
    query_id = params.text("callback_query_id")
    if query_id not in bot.queries:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    bot.queries.discard(query_id)
    bot.answered_queries.append(query_id)
    world.ring()
    return True


def choose_updates(bot: Bot, params: Params) -> None:
    """Without the parameter the earlier choice stays; an empty list is the default choice."""
    wanted = params.parsed("allowed_updates")
    if wanted is not None or params.text("allowed_updates") == "[]":
        bot.allowed_updates = list(wanted or [])


def _maybe_drop_pending(bot: Bot, params: Params) -> None:
    if params.boolean("drop_pending_updates"):
        bot.pending.clear()


def _check_url(url: str, *, is_strict: bool) -> None:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise bad_request("bad webhook: Failed to resolve host: Name or service not known")
    if not is_strict:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


METHODS: dict[str, Method] = {
    "getme": get_me,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "getfile": get_file,
    "getuserprofilephotos": get_user_profile_photos,
    "answercallbackquery": answer_callback_query,
    "sendmessage": messages.send_message,
    "sendlocation": messages.send_location,
    "sendmediagroup": messages.send_media_group,
    "deletebusinessmessages": messages.delete_business_messages,
    "sendcontact": messages.send_contact,
    "sendchataction": messages.send_chat_action,
    "editmessagetext": messages.edit_text,
    "editmessagecaption": messages.edit_caption,
    "deletemessage": messages.delete_message,
    **{f"send{kind.replace('_', '')}": messages.send_media(kind) for kind in messages.MEDIA_METHODS},
}
# Flood control counts these.
WRITING = tuple(name for name in METHODS if name.startswith(("send", "edit", "deletemessage")))
