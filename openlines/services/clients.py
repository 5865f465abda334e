"""Changes of clients that open dialogs show."""

from django.db import transaction

from common.events import publish
from crm.models import Client
from openlines.changes import send_frame
from openlines.events import PrioritiesChanged
from openlines.services.locking import lock_open_dialogs, save_changes
from openlines.streams import STAFF


@transaction.atomic
def change_client(*, client: Client, **changes: str | bool) -> Client:
    """New name, notes or mark; open dialogs and cards show them at once."""
    announce_client(client.pk)
    for name, value in changes.items():
        setattr(client, name, value)
    client.save(update_fields=list(changes))
    if "is_vip" in changes:
        publish(PrioritiesChanged(client_id=client.pk))
    return client


@transaction.atomic
def announce_client(client_id: int) -> None:
    """Have consoles repaint the client. They ask for the card themselves, with their own rights.

    It locks the client's open dialogs, so it comes before the client's own row is changed.
    """
    for dialog in lock_open_dialogs(client_id=client_id):
        save_changes(dialog)
    announce_card(client_id)


def announce_card(client_id: int) -> None:
    """Have consoles that show the client's card ask for it again."""
    frame = {"type": "client.changed", "client_id": client_id}
    transaction.on_commit(lambda: send_frame(frame, to=[STAFF]), robust=True)
