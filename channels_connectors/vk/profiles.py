"""Who writes: messages name only the number of a person, or of a community with a minus."""

from typing import Any

from channels_connectors.connector import Account
from channels_connectors.vk.api import ask
from openlines.types import Person

FIELDS = "photo_200,screen_name"
# What VKontakte shows of those who have no picture, or are gone.
NO_PICTURE = ("/images/camera_", "/images/deactivated_", "/images/community_")


def profile_of(external_id: str, account: Account) -> Person | None:
    if external_id.startswith("-"):
        answer = ask(account, "groups.getById", is_reading=True, group_ids=external_id[1:], fields=FIELDS)
        found = answer["groups"] if isinstance(answer, dict) else answer
    else:
        found = ask(account, "users.get", is_reading=True, user_ids=external_id, fields=FIELDS)
    return _person(external_id, found[0]) if found else None


def _person(external_id: str, found: dict[str, Any]) -> Person:
    picture, screen_name = str(found.get("photo_200", "")), str(found.get("screen_name", ""))
    # Whoever has chosen no name is called by their number there.
    is_chosen = screen_name not in (f"id{external_id}", f"club{external_id[1:]}")
    return Person(
        external_id=external_id,
        first_name=str(found.get("first_name", found.get("name", ""))),
        last_name=str(found.get("last_name", "")),
        username=screen_name if is_chosen else "",
        photo_reference="" if any(mark in picture for mark in NO_PICTURE) else picture,
    )
