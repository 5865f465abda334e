"""What no person wrote is answered by no machine: two of them would never stop."""

from collections.abc import Collection

from openlines.models import Message

LAST_WORDS = (
    "SELECT DISTINCT ON (dialog_id) id, dialog_id, payload FROM openlines_message"
    " WHERE dialog_id = ANY(%s) AND author_kind = 'CLIENT' ORDER BY dialog_id, seq DESC"
)


def written_to_by_machines(dialog_ids: Collection[int]) -> set[int]:
    """Those dialogs in which the client's last message was an automatic one."""
    last_words = Message.objects.raw(LAST_WORDS, [list(dialog_ids)]) if dialog_ids else ()
    return {message.dialog_id for message in last_words if is_automatic(message)}


def is_automatic(message: Message) -> bool:
    return bool(message.payload.get("details", {}).get("is_automatic"))
