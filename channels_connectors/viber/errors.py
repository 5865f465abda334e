"""Viber's statuses, as what our deliveries know to do about them. HTTP is always 200."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.errors import ConnectorError
from channels_connectors.setup import Words

CALLED_TOO_OFTEN, NO_WEBHOOK = 12, 10
LONGEST_WORDS = 200

STATUSES: dict[int, tuple[str, Words]] = {
    1: ("PERMANENT", gettext_lazy("Viber can't fetch from the address of this file or webhook.")),
    2: ("TOKEN", gettext_lazy("Viber does not accept the bot's token.")),
    3: ("PERMANENT", gettext_lazy("Viber finds something wrong with this message.")),
    4: ("PERMANENT", gettext_lazy("Viber finds something missing in this message.")),
    5: ("BLOCKED", gettext_lazy("This client is no longer registered at Viber.")),
    6: ("BLOCKED", gettext_lazy("This client is not subscribed to the bot.")),
    7: ("LATER", gettext_lazy("Viber has blocked this bot. Ask Viber's support.")),
    8: ("TOKEN", gettext_lazy("Viber does not know this bot any more.")),
    9: ("LATER", gettext_lazy("Viber has suspended this bot. Ask Viber's support.")),
    NO_WEBHOOK: ("RETRY", gettext_lazy("Viber has lost the webhook of this bot.")),
    11: ("PERMANENT", gettext_lazy("The client's device can't show messages of bots.")),
    CALLED_TOO_OFTEN: ("RETRY", gettext_lazy("Viber wants the client to answer before they get more messages.")),
    13: ("PERMANENT", gettext_lazy("The client's Viber is too old for this message.")),
    14: ("PERMANENT", gettext_lazy("The client's Viber is too old for this message.")),
    15: ("TOKEN", gettext_lazy("Viber does not let this bot send messages.")),
    16: ("PERMANENT", gettext_lazy("Viber's terms for this bot do not allow this message.")),
    17: ("PERMANENT", gettext_lazy("Viber's terms for this bot do not allow this message.")),
    19: ("PERMANENT", gettext_lazy("Viber does not let this bot write into the client's country.")),
    20: ("PERMANENT", gettext_lazy("Viber does not let this bot write into the client's country.")),
    21: ("PERMANENT", gettext_lazy("Viber's terms for this bot do not allow this message.")),
    22: ("LATER", gettext_lazy("The bot's free messages of this month are used up.")),
    23: ("LATER", gettext_lazy("The bot's free messages of this month are used up.")),
    24: ("LATER", gettext_lazy("The bot's balance at Viber is used up.")),
}
# How long to wait where Viber names no time: for the client to answer, for the watchdog to mend the webhook.
SECONDS = {CALLED_TOO_OFTEN: 60.0, NO_WEBHOOK: 60.0}


def refuse_unless_done(answer: Mapping[str, Any]) -> None:
    """Raise ``ConnectorError`` for every status but 0."""
    status = answer.get("status")
    if status == 0:
        return
    if not isinstance(status, int):
        raise ConnectorError(_("The provider's answer can't be read."), is_outage=True)
    said = str(answer.get("status_message") or "")[:LONGEST_WORDS]
    kind, words = STATUSES.get(status, ("RETRY", _("Viber refuses this for now.")))
    raise ConnectorError(
        f"{words} ({said})" if said else str(words), kind=kind, code=str(status), retry_after=SECONDS.get(status)
    )
