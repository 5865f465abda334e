"""Accounts of four kinds beside the scene's, whose clients talk with its staff: run with the DATABASE_URL of a scene.

``python -m tests.bench.kinds 300`` prints the paths of their webhooks, for so many clients of each kind.
"""

import json
import os
import sys
from collections.abc import Sequence

import django

from tests.senders import ACCOUNTS, connect_all

NOWHERE = "http://127.0.0.1:1"
FIRST_CLIENT = 1_000_001


def make_kinds(clients: int) -> dict[str, str]:
    from django.utils import timezone

    from channels_connectors import subscribers
    from channels_connectors.inbox import process_everything
    from crm.models import Client, User
    from openlines.models import Line
    from openlines.services.lines import change_line

    # Nobody is asked who they are or what they look like.
    subscribers.later = lambda work: None
    line = Line.objects.get()
    change_line(administrator=User.objects.get(username="alla"), line=line, is_welcome_sent=False)
    hooks = connect_all(line, NOWHERE)
    for kind in ACCOUNTS:
        _say_hello(kind, clients)
    while process_everything(now=timezone.now()):
        pass
    Client.objects.filter(name="").update(name="Client")
    _hand_out()
    return hooks


def _say_hello(kind: str, clients: int) -> None:
    from channels_connectors.accounts import account_of
    from channels_connectors.connector import WebhookRequest
    from channels_connectors.inbox import keep_event
    from channels_connectors.models import Account
    from channels_connectors.registry import connector_for

    row = Account.objects.select_related("channel").get(channel__kind=kind, channel__name=kind)
    account = account_of(row)
    for number in range(1, clients + 1):
        body = json.dumps(ACCOUNTS[kind].say(number, FIRST_CLIENT + number - 1, "Hello")).encode()
        for event in connector_for(kind).events(WebhookRequest(body=body), account):
            keep_event(channel_id=row.channel_id, key=event.key, body=event.body)


def _hand_out() -> None:
    """Staff take the dialogs in turn."""
    from django.db import transaction
    from django.utils import timezone

    from crm.models import User
    from openlines.models import Dialog
    from openlines.services.lifecycle import assign_dialog
    from openlines.services.locking import lock_dialogs

    staff = list(User.objects.filter(role=User.Role.OPERATOR).order_by("pk"))
    with transaction.atomic():
        waiting = Dialog.objects.filter(owner=None).values_list("pk", flat=True)
        for place, dialog in enumerate(lock_dialogs(list(waiting))):
            assign_dialog(dialog, operator=staff[place % len(staff)], now=timezone.now())


def main(arguments: Sequence[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    django.setup()
    sys.stdout.write(json.dumps(make_kinds(int(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
