"""Reads for other apps."""

from openlines.formatting import formats
from openlines.models import Message
from openlines.types import Button, Buttons, OutgoingAttachment, OutgoingMessage, OutgoingTemplate


def outgoing_message(message: Message) -> OutgoingMessage:
    """The message as a channel may have it. Raises ``ValueError`` for anything that is for staff only."""
    if message.visibility != Message.Visibility.PUBLIC:
        raise ValueError("Staff-only messages never leave")
    text, marks = formats(message.text) if message.payload.get("is_formatted") else (message.text, ())
    attachments = message.attachments.order_by("position") if message.has_attachments else ()
    return OutgoingMessage(
        message_id=message.pk,
        chat_external_id=message.chat.external_id,
        text=text,
        formats=marks,
        attachments=tuple(
            OutgoingAttachment(
                id=a.pk, kind=a.kind, path=a.file.path, name=a.name, mime=a.mime, size=a.size or 0, duration=a.duration
            )
            for a in attachments
        ),
        reply_to_external_id=(message.reply_to.external_id or "") if message.reply_to else "",
        buttons=buttons_of(message),
        thread=message.chat.thread,
        template=_template(message),
        is_automatic=message.author_kind == Message.Author.BOT,
        is_private_reply=bool(message.payload.get("is_private_reply")),
    )


def _template(message: Message) -> OutgoingTemplate | None:
    said = message.payload.get("template")
    if not said:
        return None
    return OutgoingTemplate(name=said["name"], language=said["language"], parameters=tuple(said["parameters"]))


def buttons_of(message: Message) -> Buttons:
    """The rows below the message, with what the client has chosen last."""
    chosen = message.payload.get("chosen")
    return tuple(
        tuple(
            Button(text=button["text"], payload=button["payload"], is_chosen=button["payload"] == chosen)
            for button in row
        )
        for row in message.payload.get("buttons", ())
    )
