"""Our answers below posts of VKontakte."""

from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account, Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.vk.api import ask, unreadable
from channels_connectors.vk.uploads import upload_to_wall
from openlines.types import OutgoingPart, SentMessage


def send_comment(part: OutgoingPart, account: Account) -> Receipt:
    """``guid`` is how VKontakte knows one that is sent once more."""
    group_id = int(account.external_id)
    files = [upload_to_wall(attachment, account) for attachment in part.attachments]
    answer = ask(
        account, "wall.createComment",
        owner_id=-group_id, post_id=_post_of(part.chat_external_id), from_group=group_id, message=part.text or None,
        attachments=",".join(files) or None, guid=f"{account.channel_id}.{part.client_key}",
        reply_to_comment=_number(part.reply_to_external_id) or _number(part.thread.get("comment_id")),
    )  # fmt: skip
    try:
        return Receipt(parts=(str(int(answer["comment_id"])),))
    except (LookupError, TypeError, ValueError):
        raise unreadable() from None


def edit_comment(sent: SentMessage, part: OutgoingPart, account: Account) -> None:
    ask(
        account, "wall.editComment", token=_moderators_token(account),
        owner_id=-int(account.external_id), comment_id=_required(sent.external_ids[0]), message=part.text,
    )  # fmt: skip


def delete_comments(sent: SentMessage, account: Account) -> None:
    for external_id in sent.external_ids:
        _delete(account, _required(external_id))


def _delete(account: Account, comment_id: int) -> None:
    try:
        ask(
            account, "wall.deleteComment", token=_moderators_token(account),
            owner_id=-int(account.external_id), comment_id=comment_id,
        )  # fmt: skip
    except ConnectorError as error:
        # Gone already.
        if error.code != "100":
            raise


def _moderators_token(account: Account) -> str:
    token = account.credentials.get("user_token", "")
    if not token:
        words = _("VKontakte lets a community's key change no comments. Enter an access key of a moderator, too.")
        raise ConnectorError(words, kind="PERMANENT")
    return token


def _post_of(chat_external_id: str) -> int:
    return _required(chat_external_id.partition(":")[0])


def _number(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() else None


def _required(external_id: str) -> int:
    number = _number(external_id)
    if number is None:
        raise ConnectorError(_("This comment has no number at VKontakte."), kind="PERMANENT")
    return number
