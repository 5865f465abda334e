"""A company at work, for measuring: run with the DATABASE_URL of an empty database, prints what a load needs to know.

``python -m tests.bench.scene '{"operators": 10, "dialogs": 300, "bot_api": ""}'``
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import django

from tests.bench.updates import FIRST_CLIENT, update

if TYPE_CHECKING:
    from crm.models import User
    from openlines.models import Channel, Line

BOT_TOKEN = "1234567:AAE0123456789abcdefghijklmnopqrstu"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where to knock and as whom. The dialogs are in the order of their clients and belong to the operators in turn."""

    hook: str
    secret: str
    channel: int
    sessions: list[str]
    tokens: list[str]
    dialogs: list[int]


def make_scene(*, operators: int, dialogs: int, bot_api: str) -> Scene:
    """A line with a Telegram channel whose first clients are talking with the operators in turn."""
    from channels_connectors.services.channels import webhook_url
    from crm.models import LeadStage, User
    from crm.services import issue_token
    from openlines.services.lines import change_line, create_line, set_queue_members

    LeadStage.objects.create(name="New", position=1)
    alla = _hire("alla", User.Role.ADMINISTRATOR)
    _hire("sergey", User.Role.SUPERVISOR)
    staff = [_hire(f"operator{number}", User.Role.OPERATOR) for number in range(1, operators + 1)]
    line = create_line(administrator=alla, name="Sales")
    # Those who are talking already were welcomed long ago.
    change_line(administrator=alla, line=line, is_welcome_sent=False)
    set_queue_members(administrator=alla, line=line, operator_ids=[operator.pk for operator in staff])
    channel = _connect_bot(line, bot_api)
    talks = _talk(channel, staff, range(FIRST_CLIENT, FIRST_CLIENT + dialogs))
    change_line(administrator=alla, line=line, is_welcome_sent=True)
    return Scene(
        hook=webhook_url(channel.account),
        secret=channel.account.webhook_secret,
        channel=channel.pk,
        sessions=[_session(operator) for operator in staff],
        tokens=[issue_token(user=operator, name="bench") for operator in staff],
        dialogs=talks,
    )


def _hire(username: str, role: str) -> "User":
    from crm.models import User

    user = User(username=username, first_name=username.title(), role=role)
    user.set_unusable_password()
    user.save()
    return user


def _connect_bot(line: "Line", bot_api: str) -> "Channel":
    """As the wizard does it, without asking the provider who the bot is."""
    from channels_connectors.models import Account
    from openlines.models import Channel

    channel = Channel.objects.create(line=line, kind="telegram", name="@bench_bot", scope="telegram:1234567")
    account = Account(channel=channel, base_url=bot_api, inbound=Account.Inbound.WEBHOOK)
    account.credentials = {"token": BOT_TOKEN}
    account.webhook_secret = "bench-secret-0123456789"
    account.save()
    return channel


def _keep_example(channel: "Channel") -> None:
    """An event of long ago, for filling."""
    from channels_connectors.models import RawEvent

    RawEvent.objects.create(channel=channel, key="0", body=update(0, FIRST_CLIENT), state=RawEvent.State.DONE)


def _session(user: "User") -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _talk(channel: "Channel", staff: Sequence["User"], clients: Sequence[int]) -> list[int]:
    """The clients have written and the operators have taken their dialogs in turn."""
    from django.db import transaction
    from django.utils import timezone

    from openlines.services.lifecycle import assign_dialog
    from openlines.services.locking import lock_dialogs
    from openlines.services.receiving import receive_messages
    from openlines.types import IncomingMessage, Person

    hellos = [
        IncomingMessage(
            chat_external_id=str(client),
            external_id="hello",
            sender=Person(external_id=str(client), first_name=f"Client {client}"),
            text="Hello",
        )
        for client in clients
    ]
    with transaction.atomic():
        messages = receive_messages(channel=channel, incoming=hellos, now=timezone.now())
        dialogs = lock_dialogs([message.dialog_id for message in messages])
        for place, dialog in enumerate(dialogs):
            assign_dialog(dialog, operator=staff[place % len(staff)], now=timezone.now())
    return [dialog.pk for dialog in dialogs]


def main(arguments: Sequence[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    django.setup()
    sys.stdout.write(json.dumps(asdict(make_scene(**json.loads(arguments[0])))))


if __name__ == "__main__":
    main(sys.argv[1:])
