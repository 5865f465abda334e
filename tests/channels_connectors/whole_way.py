"""A channel of any kind, connected through the services, and the whole way through it: what a client does comes in by
the inbox, what Olga writes goes out by the deliveries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from channels_connectors.accounts import account_of
from channels_connectors.connector import WebhookRequest
from channels_connectors.inbox import keep_event, process_everything
from channels_connectors.models import Account
from channels_connectors.registry import connector_for
from channels_connectors.services.channels import connect_channel
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Dialog, Line, Message
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.scenes import Scene


@dataclass(frozen=True)
class Way:
    scene: Scene

    def account(self) -> Account:
        return Account.objects.select_related("channel").get(channel=self.scene.channel)

    def arrives(self, request: WebhookRequest) -> None:
        """As the webhook takes it, then as the worker does."""
        row = self.account()
        connector, account = connector_for(row.channel.kind), account_of(row)
        connector.verify(request, account)
        for event in connector.events(request, account):
            keep_event(channel_id=row.channel_id, key=event.key, body=event.body)
        process_everything(now=self.scene.now)

    @property
    def dialog(self) -> Dialog:
        return Dialog.objects.filter(channel=self.scene.channel).latest("pk")

    def said(self, author_kind: str = "CLIENT") -> list[Message]:
        found = Message.objects.filter(dialog__channel=self.scene.channel, author_kind=author_kind)
        return list(found.order_by("pk"))

    def answers(self, text: str, **fields: Any) -> Message:
        """Olga takes the dialog, if it is not hers already, and writes."""
        olga = self.scene.cast.olga
        if self.dialog.owner_id != olga.pk:
            answer_dialog(dialog_id=self.dialog.pk, operator=olga, now=self.scene.now)
        message, _is_new = send_reply(dialog_id=self.dialog.pk, operator=olga, text=text, now=self.scene.now, **fields)
        return message

    def carries(self) -> None:
        for delivery_id in claim_due(limit=50, now=self.scene.later(seconds=1)):
            deliver(delivery_id)


def connected(scene: Scene, kind: str, values: Mapping[str, Any]) -> Way:
    """Alla connects the account to the line, which says nothing by itself."""
    Line.objects.update(is_welcome_sent=False, closing_action="NONE")
    channel = connect_channel(administrator=scene.cast.alla, line=scene.line, kind=kind, values=values, now=scene.now)
    return Way(replace(scene, channel=channel))
