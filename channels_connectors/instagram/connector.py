"""Instagram Direct as a channel."""

from dataclasses import replace
from typing import Any

from channels_connectors.connector import Account, Rates, Receipt
from channels_connectors.instagram.payloads import incoming_from
from channels_connectors.instagram.sending import LIMITS, attach
from channels_connectors.meta.direct import DIRECT, DirectChannel
from channels_connectors.meta.instagram import InstagramChannel
from channels_connectors.meta.sending import send_part
from openlines.types import Incoming, OutgoingPart, Person

# In UTF-8: some 500 letters of Cyrillic.
TEXT_BYTES = 1000
PROFILE_FIELDS = "name,username,profile_pic"


class Instagram(DirectChannel, InstagramChannel):
    kind = "instagram"
    scopes = ("instagram_basic", "instagram_manage_messages", "pages_manage_metadata")
    fields = (
        "messages", "messaging_postbacks", "messaging_seen", "messaging_referral", "message_reactions",
        "message_edit", "standby",
    )  # fmt: skip
    capabilities = replace(DIRECT, text_length=TEXT_BYTES, length_unit="bytes", media=LIMITS, rates=Rates(account=100))

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload, account)

    def fetch_profile(self, person_external_id: str, account: Account) -> Person | None:
        said = self.graph(account).get(person_external_id, fields=PROFILE_FIELDS)
        return Person(
            external_id=person_external_id,
            first_name=str(said.get("name") or ""),
            username=str(said.get("username") or ""),
            photo_reference=str(said.get("profile_pic") or ""),
        )

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        graph, sender = self.graph(account), self.sender(account)
        return send_part(part, graph=graph, sender=sender, attach=attach, account=account, keyed=False)
