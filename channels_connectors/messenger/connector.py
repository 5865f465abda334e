"""Messenger of a Facebook page as a channel."""

from dataclasses import replace
from functools import partial
from typing import Any

from channels_connectors.connector import Account, Rates, Receipt
from channels_connectors.messenger.payloads import incoming_from
from channels_connectors.messenger.sending import attach
from channels_connectors.meta.direct import DIRECT, DirectChannel
from channels_connectors.meta.pages import PageChannel
from channels_connectors.meta.sending import send_part
from openlines.types import Incoming, OutgoingPart, Person

TEXT_LENGTH = 2000
PROFILE_FIELDS = "first_name,last_name,profile_pic,locale"


class Messenger(DirectChannel, PageChannel):
    kind = "messenger"
    scopes = ("pages_messaging", "pages_manage_metadata")
    fields = (
        "messages", "messaging_postbacks", "messaging_referrals", "message_echoes", "message_deliveries",
        "message_reads", "message_reactions", "message_edits", "standby",
    )  # fmt: skip
    capabilities = replace(DIRECT, text_length=TEXT_LENGTH, idempotency="echo", rates=Rates(account=300))

    def sender(self, account: Account) -> str:
        return self.node(account)

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload, account)

    def fetch_profile(self, person_external_id: str, account: Account) -> Person | None:
        said = self.graph(account).get(person_external_id, fields=PROFILE_FIELDS)
        return Person(
            external_id=person_external_id,
            first_name=str(said.get("first_name") or ""),
            last_name=str(said.get("last_name") or ""),
            language=str(said.get("locale") or "").partition("_")[0],
            photo_reference=str(said.get("profile_pic") or ""),
        )

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        graph, page_id = self.graph(account), self.sender(account)
        upload = partial(attach, graph=graph, page_id=page_id)
        return send_part(part, graph=graph, sender=page_id, attach=upload, account=account, keyed=True)
