"""VKontakte's error codes as what to do about them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.errors import ConnectorError

UNKNOWN_ERROR, TOO_OFTEN, SERVER_ERROR = 1, 6, 10
TOO_OFTEN_SECONDS = 1.0

OUTAGES = frozenset({UNKNOWN_ERROR, SERVER_ERROR, 36})
KINDS: Mapping[int, str] = {
    **dict.fromkeys((UNKNOWN_ERROR, TOO_OFTEN, SERVER_ERROR, 36), "RETRY"),
    # Floods, quotas, captchas, a post that has all the answers it may have for now: not within minutes.
    **dict.fromkeys((9, 14, 29, 223), "LATER"),
    **dict.fromkeys((5, 27, 28, 1117), "TOKEN"),
    # Black-listed, not allowed, closed by privacy; the person's page is gone.
    **dict.fromkeys((18, 37, 900, 901, 902), "BLOCKED"),
    **dict.fromkeys((943, 944, 950), "WINDOW"),
}
WORDS: Mapping[int, Any] = {
    5: gettext_lazy("VKontakte no longer accepts the access key of this community. Make a new one and enter it."),
    TOO_OFTEN: gettext_lazy("VKontakte asks us to slow down."),
    7: gettext_lazy("The access key has no right to do this. Make a new key with this right."),
    9: gettext_lazy("VKontakte takes this for a flood of messages, and lets no more through for a while."),
    14: gettext_lazy("VKontakte wants a person to solve a captcha. It is tried again later."),
    15: gettext_lazy("VKontakte gives no access to this. Look at the rights of the access key."),
    18: gettext_lazy("The client's page was deleted or blocked."),
    29: gettext_lazy("VKontakte's limit for this is used up for now."),
    900: gettext_lazy("The client is on the community's black list."),
    901: gettext_lazy("The client does not allow messages from the community."),
    902: gettext_lazy("The client's privacy settings do not allow messages."),
    909: gettext_lazy("VKontakte lets messages be changed for a day only."),
    910: gettext_lazy("VKontakte finds the message too long."),
    911: gettext_lazy("VKontakte does not understand the buttons."),
    912: gettext_lazy("Switch on the bot's abilities in the settings of the community's messages."),
    917: gettext_lazy("VKontakte gives no access to this chat."),
    924: gettext_lazy("VKontakte lets this message be deleted no more."),
    943: gettext_lazy("The client may be written to again when they write."),
}  # fmt: skip
SAME_WORDS: Mapping[int, int] = {27: 5, 28: 5, 1117: 5, 37: 18, 914: 910, 936: 917, 944: 943, 950: 943}


def connector_error(error: Mapping[str, Any]) -> ConnectorError:
    """From ``{"error_code": …, "error_msg": …}``; for one of several recipients the names are shorter."""
    code = _number(error.get("error_code", error.get("code")))
    words = WORDS.get(SAME_WORDS.get(code, code))
    said = str(error.get("error_msg", error.get("description", "")))[:200]
    return ConnectorError(
        str(words) if words else _("VKontakte refused: %(words)s (%(code)d).") % {"words": said, "code": code},
        kind=KINDS.get(code, "PERMANENT"),
        retry_after=TOO_OFTEN_SECONDS if code == TOO_OFTEN else None,
        code=str(code),
        is_outage=code in OUTAGES,
    )


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
