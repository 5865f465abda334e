"""The tests' side: ``POST /control/<command>`` with a JSON object, answered by JSON; 400 with ``error`` for nonsense.

Bots are named by their token, customers by their id, files come as base64. ``client.py`` is its Python face.
"""

import base64
import inspect
import time
from collections.abc import Callable
from typing import Any

from tests.providers.telegram import customers, faults, ledger
from tests.providers.telegram.media import photo_sizes
from tests.providers.telegram.model import Bot, Customer, Fault, Fields, World
from tests.providers.telegram.webhooks import WebhookSenders
from tests.providers.telegram.wire import Upload


class WrongCommand(Exception):
    """This Telegram can't do that."""


async def run(world: World, senders: WebhookSenders | None, name: str, fields: Fields) -> Any:
    if name not in COMMANDS:
        raise WrongCommand(name)
    arguments = _resolved(world, dict(fields))
    if "senders" in inspect.signature(COMMANDS[name]).parameters:
        arguments["senders"] = senders
    result = COMMANDS[name](world, **arguments)
    return await result if inspect.isawaitable(result) else result


def _resolved(world: World, fields: Fields) -> Fields:
    """Tokens, ids and base64 as what they stand for."""
    if "token" in fields:
        fields["bot"] = world.bots[fields.pop("token")]
    if "customer" in fields:
        fields["customer"] = world.customers[fields["customer"]]
    if "file" in fields:
        fields["upload"] = _upload(fields.pop("file"))
    if "files" in fields:
        fields["uploads"] = [_upload(file) for file in fields.pop("files")]
    return fields


def _upload(file: Fields) -> Upload:
    return Upload(name=file["name"], mime=file["mime"], content=base64.b64decode(file["content"]))


def add_bot(world: World, *, username: str = "", first_name: str = "", wanted_token: str = "") -> Fields:
    bot = world.add_bot(username=username, first_name=first_name, token=wanted_token)
    return {"token": bot.token} | bot.user


def add_customer(world: World, *, upload: Upload | None = None, **fields: Any) -> Fields:
    customer = world.add_customer(**fields)
    if upload:
        customer.photo = photo_sizes(world, upload)
    return customer.user


def deactivate(world: World, *, customer: Customer) -> None:
    customer.is_deactivated = True


def revoke_token(world: World, *, bot: Bot) -> None:
    bot.is_revoked = True


def restore_token(world: World, *, bot: Bot) -> None:
    bot.is_revoked = False


def flood(world: World, *, bot: Bot, seconds: float) -> None:
    """Writing is answered by 429 for so long."""
    bot.flood_ends_at = time.monotonic() + seconds


def fault(world: World, *, bot: Bot, kind: str, method: str = "", count: int = 1, seconds: float = 0.0) -> None:
    if kind not in faults.KINDS:
        raise WrongCommand(f"fault {kind}: there is {', '.join(faults.KINDS)}")
    bot.faults.append(Fault(kind=kind, method=method, count=count, seconds=seconds))


def lose_answers(world: World, *, bot: Bot, count: int) -> None:
    """The next answers of the webhook do not arrive: Telegram delivers the same update again."""
    bot.answers_to_lose = count


def hold(world: World, *, bot: Bot) -> None:
    """Nothing is delivered until ``release``, except by ``deliver``."""
    bot.is_holding = True


def release(world: World, *, bot: Bot) -> None:
    bot.is_holding = False
    world.ring()


async def deliver(world: World, *, bot: Bot, update_ids: list[int], senders: WebhookSenders) -> list[bool]:
    """These updates, in this order, whether they were delivered before or not: duplicates and disorder to order."""
    sender = senders.sender_of(bot)
    if sender is None:
        raise WrongCommand("deliver: there is no webhook")
    return [(await sender.deliver_once(bot.history[update_id]))[0] for update_id in update_ids]


def age(world: World, *, bot: Bot, customer: Customer, message_id: int, hours: float) -> None:
    """Make a message older."""
    bot.chats[customer.id].messages[message_id]["date"] -= int(hours * 3600)


COMMANDS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        *(
            add_bot,
            add_customer,
            deactivate,
            revoke_token,
            restore_token,
            flood,
            fault,
            lose_answers,
            hold,
            release,
            deliver,
            age,
        ),
        *(customers.write, customers.send_file, customers.send_album, customers.edit, customers.move, customers.press),
        *(customers.block, customers.unblock, customers.write_in_group, customers.react),
        *(customers.connect_business, customers.write_to_business, customers.delete_in_business),
        *(ledger.chat, ledger.business_chat, ledger.calls, ledger.deliveries, ledger.state, ledger.wait),
    )
}
