"""Instagram Direct, played by its simulator: through a Facebook page. The other log-in has tests of its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from channels_connectors.connector import Account
from tests.channels_connectors.contract.driver import Payload
from tests.channels_connectors.contract.messenger import MessengerDriver
from tests.providers.meta.model import IG_ID, IGSID


class InstagramDriver(MessengerDriver):
    kind = "instagram"
    about = "instagram"
    own_id = IG_ID
    client = IGSID
    prefix = "aWdf"
    cannot: ClassVar[Mapping[str, str]] = {
        "audio": "clients send voice messages only",
        "sticker": "stickers come as pictures",
        "contact": "Instagram has no cards of contacts",
        "location": "Instagram has no places in messages",
        "blocked_in": "Instagram tells it only when we write",
        "unblocked_in": "Instagram does not tell",
        "typing_in": "Instagram does not tell who is typing",
        "send_voice": "Instagram takes AAC, M4A and WAV, no Ogg",
        "send_album": "one file in a message",
        "send_reply": "accounts can't quote",
        "edit": "accounts can't edit messages",
        "delete": "accounts can't delete messages",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "no templates of texts",
        "refresh": "with this log-in tokens don't end; the other has a test of its own",
        "poll": "webhooks only",
    }

    def delete_in(self, *, number: int = 1) -> Payload:
        return self._message(number, is_deleted=True)

    def receipt(self, state: str, *, of: str) -> Payload:
        return self._between(read={"mid": of})

    def wrong_token(self) -> Account:
        return replace(super().wrong_token(), scope="")


DRIVER = InstagramDriver
