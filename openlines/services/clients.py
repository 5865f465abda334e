"""Changes of clients that open dialogs show."""

from django.db import transaction

from crm.models import Client
from openlines.changes import send_frame
from openlines.models import Dialog
from openlines.services.locking import lock_dialog, save_changes
from openlines.streams import STAFF


@transaction.atomic
def change_client(*, client: Client, **changes: str) -> Client:
    """New name or notes; open dialogs and cards show them at once."""
    for name, value in changes.items():
        setattr(client, name, value)
    client.save(update_fields=list(changes))
    announce_client(client.pk)
    return client


def announce_client(client_id: int) -> None:
    """Have consoles repaint the client. They ask for the card themselves, with their own rights."""
    open_dialogs = Dialog.objects.filter(client_id=client_id).exclude(state=Dialog.State.CLOSED).order_by("pk")
    for dialog_id in list(open_dialogs.values_list("pk", flat=True)):
        save_changes(lock_dialog(dialog_id))
    announce_card(client_id)


def announce_card(client_id: int) -> None:
    """Have consoles that show the client's card ask for it again."""
    frame = {"type": "client.changed", "client_id": client_id}
    transaction.on_commit(lambda: send_frame(frame, to=[STAFF]), robust=True)
