"""Messages of Messenger and of Instagram, translated: they share their words. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels_connectors.connector import Account
from channels_connectors.meta.content import Content, content_of, moment
from channels_connectors.meta.events import EDITS, messaging_of, of_kind
from channels_connectors.meta.webhooks import listed, mapping
from openlines.types import (
    Incoming,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReaction,
    IncomingReceipt,
    Person,
)

Fields = Mapping[str, Any]

CLIENT_KEY = re.compile(r"\d{1,20}\.\d{1,6}")
# Reactions that are named and not drawn.
REACTIONS = {
    "love": "❤️", "smile": "😆", "laugh": "😆", "haha": "😆", "wow": "😮", "sad": "😢", "angry": "😠", "like": "👍",
    "yes": "👍", "dislike": "👎", "no": "👎",
}  # fmt: skip


def incoming_from(payload: Any, *, kind: str, account: Account) -> list[Incoming]:
    return [
        item
        for element in of_kind(payload, kind)
        for item in Talk.of(messaging_of(element), element.account_id, account).said()
    ]


@dataclass(frozen=True, slots=True)
class Talk:
    """One event between an account of ours and a client; ``is_ours`` where the account's side acts."""

    value: Fields
    client_id: str
    is_ours: bool
    app_id: str

    @classmethod
    def of(cls, value: Fields, own_id: str, account: Account) -> "Talk":
        sender, recipient = str(mapping(value["sender"])["id"]), _id(value.get("recipient"))
        message = value.get("message")
        is_echo = isinstance(message, dict) and bool(message.get("is_echo"))
        # Of what we say ourselves the client is who it goes to.
        is_ours = is_echo or sender == own_id
        return cls(value, recipient if is_ours else sender, is_ours, account.credentials.get("app_id", ""))

    def said(self) -> list[Incoming]:
        if not self.client_id:
            return []
        if "message" in self.value:
            return self._message(mapping(self.value["message"]))
        if self.is_ours:
            return []
        for name, read in READERS.items():
            if name in self.value:
                return read(self, mapping(self.value[name]))
        return []

    def _message(self, message: Fields) -> list[Incoming]:
        mid = str(message["mid"])
        if message.get("is_deleted"):
            return [IncomingDeletion(chat_external_id=self.client_id, external_id=mid)]
        if self.is_ours:
            return [self._echo(message, mid)]
        if isinstance(message.get("quick_reply"), dict):
            return [self._quick_reply(message, mid)]
        content = content_of(message)
        return [
            IncomingMessage(
                chat_external_id=self.client_id,
                external_id=mid,
                sender=self._client(),
                kind=content.kind,
                text=content.text,
                sent_at=moment(self.value.get("timestamp")),
                reply_to_external_id=_replied(message),
                attachments=content.attachments,
                location=content.location,
                context=_referral(message.get("referral")),
                details=_details(message, content),
            )
        ]

    def _echo(self, message: Fields, mid: str) -> Incoming:
        content = content_of(message)
        return IncomingEcho(
            chat_external_id=self.client_id,
            external_id=mid,
            recipient=self._client(),
            client_key=self._client_key(message),
            kind=content.kind,
            text=content.text,
            sent_at=moment(self.value.get("timestamp")),
            reply_to_external_id=_replied(message),
            attachments=content.attachments,
            details=_details(message, content),
        )

    def _client_key(self, message: Fields) -> str:
        """Ours alone: another app may put into ``metadata`` what it likes."""
        metadata, app_id = message.get("metadata"), message.get("app_id")
        is_theirs = bool(app_id and self.app_id) and str(app_id) != self.app_id
        return metadata if isinstance(metadata, str) and CLIENT_KEY.fullmatch(metadata) and not is_theirs else ""

    def _quick_reply(self, message: Fields, mid: str) -> Incoming:
        return IncomingPress(
            chat_external_id=self.client_id,
            external_id=mid,
            sender=self._client(),
            payload=str(message["quick_reply"].get("payload", "")),
            text=str(message.get("text", "")),
            message_external_id=_replied(message),
        )

    def postback(self, postback: Fields) -> list[Incoming]:
        payload, title = str(postback.get("payload", "")), str(postback.get("title", ""))
        mid = str(postback.get("mid") or f"postback:{self.value.get('timestamp')}:{payload}"[:200])
        return [
            IncomingPress(
                chat_external_id=self.client_id,
                external_id=mid,
                sender=self._client(),
                payload=payload,
                text=title,
                context=_referral(postback.get("referral")),
            )
        ]

    def edit(self, edit: Fields) -> list[Incoming]:
        text = edit.get("text")
        if not isinstance(text, str):
            return []
        return [IncomingEdit(chat_external_id=self.client_id, external_id=str(edit["mid"]), text=text)]

    def reaction(self, reaction: Fields) -> list[Incoming]:
        emoji = reaction.get("emoji") or REACTIONS.get(str(reaction.get("reaction", "")), "")
        is_taken_back = reaction.get("action") == "unreact"
        if not is_taken_back and not isinstance(emoji, str | None):
            return []
        return [
            IncomingReaction(
                chat_external_id=self.client_id,
                message_external_id=str(reaction["mid"]),
                person_external_id=self.client_id,
                emoji="" if is_taken_back else str(emoji or "❤️")[:16],
            )
        ]

    def delivery(self, delivery: Fields) -> list[Incoming]:
        """Some ids, and a watermark that holds for everything before it, too."""
        mids = [mid for mid in listed(delivery.get("mids") or []) if isinstance(mid, str)]
        return [*(self._receipt("DELIVERED", mid) for mid in mids), *self._up_to("DELIVERED", delivery)]

    def read(self, read: Fields) -> list[Incoming]:
        """Messenger names a moment, Instagram a message."""
        if isinstance(read.get("mid"), str):
            return [self._receipt("READ", read["mid"])]
        return self._up_to("READ", read)

    def _receipt(self, state: str, mid: str) -> Incoming:
        at = moment(self.value.get("timestamp"))
        return IncomingReceipt(state=state, chat_external_id=self.client_id, external_id=mid, at=at)

    def _up_to(self, state: str, report: Fields) -> list[Incoming]:
        up_to = moment(report.get("watermark"))
        if up_to is None:
            return []
        at = moment(self.value.get("timestamp")) or up_to
        return [IncomingReceipt(state=state, chat_external_id=self.client_id, up_to=up_to, at=at)]

    def _client(self) -> Person:
        return Person(external_id=self.client_id)


READERS = {
    "postback": Talk.postback,
    **dict.fromkeys(EDITS, Talk.edit),
    "reaction": Talk.reaction,
    "delivery": Talk.delivery,
    "read": Talk.read,
}


def _id(person: Any) -> str:
    return str(person.get("id", "")) if isinstance(person, dict) else ""


def _replied(message: Fields) -> str:
    reply = message.get("reply_to")
    return str(reply.get("mid", "")) if isinstance(reply, dict) else ""


def _referral(referral: Any) -> dict[str, Any]:
    """From where somebody came: a link, an advertisement."""
    if not isinstance(referral, dict):
        return {}
    named = {name: str(referral[name])[:255] for name in ("ref", "source", "type", "ad_id") if referral.get(name)}
    return {"referral": named} if named else {}


def _details(message: Fields, content: Content) -> dict[str, Any]:
    """An answer to a story says which."""
    reply = message.get("reply_to")
    story = reply.get("story") if isinstance(reply, dict) else None
    if not isinstance(story, dict):
        return content.details
    named = {name: str(story[name])[:2000] for name in ("id", "url") if story.get(name)}
    return content.details | {"story": named}
