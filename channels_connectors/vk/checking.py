"""A live check of a community's access key: whose it is, and what it may do."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.connector import Account, CheckedAccount
from channels_connectors.errors import ConnectorError
from channels_connectors.vk.api import ask
from channels_connectors.vk.callback import confirmation_code

# As VKontakte's own settings call them.
RIGHTS: Mapping[str, Any] = {
    "manage": gettext_lazy("Manage community"),
    "messages": gettext_lazy("Community messages"),
    "photos": gettext_lazy("Photos"),
    "docs": gettext_lazy("Files"),
    "wall": gettext_lazy("Wall"),
}


def check_community(account: Account, *, rights: Sequence[str]) -> CheckedAccount:
    """Raises ``ConnectorError``, for rights that are missing, too."""
    group = _group(account)
    _require(account, rights)
    group_id = int(group["id"])
    return CheckedAccount(
        external_id=str(group_id),
        title=str(group["name"]),
        details={"name": str(group["name"]), "username": str(group.get("screen_name", ""))},
        settings={
            "confirmation_code": confirmation_code(account, group_id),
            "screen_name": str(group.get("screen_name", "")),
        },
    )


def _group(account: Account) -> Mapping[str, Any]:
    """The key's own community: asked without an id, that is the answer. Keys of people have none."""
    answer = ask(account, "groups.getById", is_reading=True)
    groups = answer["groups"] if isinstance(answer, dict) else answer
    if not groups:
        words = _("This is not a community's access key. Make one in the community's settings, under “API usage”.")
        raise ConnectorError(words, kind="TOKEN")
    return dict(groups[0])


def _require(account: Account, rights: Sequence[str]) -> None:
    granted = ask(account, "groups.getTokenPermissions", is_reading=True)["permissions"]
    names = {str(permission["name"]) for permission in granted}
    missing = [str(RIGHTS[right]) for right in rights if right not in names]
    if missing:
        words = _("The access key lacks these rights: %(rights)s. Make a new key with all of them.")
        raise ConnectorError(words % {"rights": ", ".join(missing)}, kind="PERMANENT", code="rights")
