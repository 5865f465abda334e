"""Changes of clients that open dialogs show."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput, NotFound
from common.events import publish
from crm.addresses import email_address, phone_number
from crm.models import Client, Identity
from crm.tags import checked_tag_ids
from openlines.changes import send_frame
from openlines.events import PrioritiesChanged
from openlines.services.locking import lock_open_dialogs, save_changes
from openlines.streams import STAFF
from openlines.types import Person

ADDRESSES = ("phone", "email")


class NotesChanged(DomainError):
    code = "notes_changed"
    message = _("A colleague has changed these notes meanwhile. Look at theirs first.")


class AddressTaken(DomainError):
    code = "address_taken"
    message = _("This address is known as another client's.")


@transaction.atomic
def change_client(*, client: Client, known_notes: str | None = None, **changes: Any) -> Client:
    """New name, notes, mark or tags; open dialogs and cards show them at once.

    ``known_notes`` are those that were on screen when new ones were written: others are not overwritten, they
    raise ``NotesChanged``.
    """
    if "tag_ids" in changes:
        changes["tag_ids"] = checked_tag_ids(changes["tag_ids"])
    announce_client(client.pk)
    if known_notes is not None and "notes" in changes:
        _require_known(client, known_notes, changes["notes"])
    for name, value in changes.items():
        setattr(client, name, value)
    client.save(update_fields=list(changes))
    if "is_vip" in changes:
        publish(PrioritiesChanged(client_id=client.pk))
    return client


def _require_known(client: Client, known: str, wanted: str) -> None:
    stored = Client.objects.select_for_update().values_list("notes", flat=True).get(pk=client.pk)
    if stored.strip() not in (known.strip(), wanted.strip()):
        raise NotesChanged


@transaction.atomic
def learn_profile(*, scope: str, person: Person) -> int | None:
    """Take from somebody's profile what is not known of them; returns whose it is, if anybody's."""
    identity = Identity.objects.filter(scope=scope, value=person.external_id).first()
    if identity is None:
        return None
    announce_client(identity.client_id)
    client = Client.objects.select_for_update().get(pk=identity.client_id)
    client.name = client.name or person.name[:255]
    client.language = client.language or person.language[:16]
    client.save(update_fields=["name", "language"])
    if not identity.title:
        title = f"@{person.username}" if person.username else person.title or person.name
        Identity.objects.filter(pk=identity.pk).update(title=title[:255])
    return client.pk


@transaction.atomic
def add_address(*, client: Client, kind: str, text: str) -> Identity:
    """A phone or an e-mail that staff know of. Raises ``InvalidInput``, ``AddressTaken``.

    What the client only claimed, and is nobody else's, is theirs from now on.
    """
    value = _address(kind, text)
    Client.objects.select_for_update().get(pk=client.pk)
    identity, _is_new = Identity.objects.get_or_create(
        scope=kind, value=value, defaults={"client": client, "kind": kind}
    )
    if identity.client_id != client.pk:
        raise AddressTaken
    Identity.objects.filter(client=client, kind=kind, value=value).exclude(pk=identity.pk).delete()
    announce_card(client.pk)
    return identity


def _address(kind: str, text: str) -> str:
    if kind not in ADDRESSES:
        raise InvalidInput(fields={"kind": [_("Choose a phone or an e-mail.")]})
    if kind == "phone":
        number = phone_number(text)
        if number is None:
            words = _("Enter the number with the country code, for instance +7 916 123-45-67.")
            raise InvalidInput(words, fields={"value": [words]})
        return number
    address = email_address(text)
    name, at, host = address.rpartition("@")
    if not (name and at and "." in host.strip(".") and len(address) <= 255 and " " not in address):
        words = _("This is not an e-mail address.")
        raise InvalidInput(words, fields={"value": [words]})
    return address


@transaction.atomic
def remove_address(*, client: Client, identity_id: int) -> None:
    """Only phones and e-mails: accounts in channels are what messages come by. Raises ``NotFound``."""
    found = Identity.objects.filter(pk=identity_id, client=client, kind__in=ADDRESSES, chats=None).first()
    if found is None:
        raise NotFound
    found.delete()
    announce_card(client.pk)


@transaction.atomic
def announce_client(client_id: int) -> None:
    """Have consoles repaint the client. They ask for the card themselves, with their own rights.

    It locks the client's open dialogs, so it comes before the client's own row is changed.
    """
    for dialog in lock_open_dialogs(client_id=client_id):
        save_changes(dialog)
    announce_card(client_id)


def announce_card(client_id: int, *, has_moved: bool = False) -> None:
    """Have consoles that show the client's card ask for it again; if dialogs moved to or from the client, for the
    history, too."""
    frame = {"type": "client.changed", "client_id": client_id, "has_moved": has_moved}
    transaction.on_commit(lambda: send_frame(frame, to=[STAFF]), robust=True)
