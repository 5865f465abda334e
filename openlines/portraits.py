"""A client as their page and the pages of their leads show them: reads for one member of staff."""

from dataclasses import dataclass

from django.db.models import QuerySet

from crm.models import Client, Identity, Lead, User
from openlines.access import visible_dialogs, visible_leads
from openlines.models import Channel, Dialog

RECENT = 50


@dataclass(frozen=True, slots=True)
class Address:
    identity: Identity
    channel_name: str


@dataclass(frozen=True, slots=True)
class Portrait:
    addresses: list[Address]
    leads: list[Lead]
    dialogs: list[Dialog]

    @property
    def chats(self) -> list[Dialog]:
        """The newest dialog of each chat: through it the whole chat can be read."""
        newest: dict[int, Dialog] = {}
        for dialog in self.dialogs:
            newest.setdefault(dialog.chat_id, dialog)
        return list(newest.values())

    @property
    def open_dialog(self) -> Dialog | None:
        return next((dialog for dialog in self.dialogs if dialog.is_open), None)


def portrait_of(client: Client, *, reader: User) -> Portrait:
    """Addresses are everybody's who sees the client; leads and dialogs are those that the reader may see."""
    identities = list(client.identities.order_by("pk"))
    scopes = Channel.objects.filter(scope__in=[identity.scope for identity in identities])
    names = dict(scopes.values_list("scope", "name"))
    return Portrait(
        addresses=[Address(identity, names.get(identity.scope, "")) for identity in identities],
        leads=list(_leads(client, reader)[:RECENT]),
        dialogs=list(_dialogs(client, reader)[:RECENT]),
    )


def _leads(client: Client, reader: User) -> QuerySet[Lead]:
    leads = visible_leads(reader).filter(client=client).select_related("stage", "source", "responsible")
    return leads.order_by("-pk")


def _dialogs(client: Client, reader: User) -> QuerySet[Dialog]:
    dialogs = visible_dialogs(reader).filter(client=client).select_related("line", "channel", "owner")
    return dialogs.order_by("-pk")
