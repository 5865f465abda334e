"""How the console behaves for one member of staff: keys, sounds, notifications, quiet hours.

Only what differs from the defaults is kept; ``settings_of`` puts the whole together.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.events import publish
from crm.events import ConsoleSettingsChanged
from crm.models import User

Settings = dict[str, Any]
SEND_KEYS = ("ENTER", "CTRL_ENTER")
UNDO_SECONDS = (0, 5)
# What calls an operator: a dialog that is offered or given to them, a client's message, a colleague's mention.
OCCASIONS = ("offer", "message", "mention")
SINGLE_KEY = re.compile(r"Key[A-Z]|Digit[0-9]|Slash|Period|Comma|Semicolon|Quote|BracketLeft|BracketRight")
DEFAULTS: Settings = {
    "send_key": "ENTER",
    "undo_seconds": 0,
    "are_single_keys_on": True,
    "shortcuts": {},
    "sound": {"offer": True, "message": True, "mention": True, "volume": 60},
    "notifications": True,
    "notify_of": {"offer": True, "message": True, "mention": True},
    "quiet_hours": None,
}
NESTED = ("sound", "notify_of")


def settings_of(user: User) -> Settings:
    """Everything the console asks for, whatever of it was ever chosen."""
    return _merged(user.console_settings)


def _merged(chosen: Mapping[str, Any]) -> Settings:
    whole = deepcopy(DEFAULTS)
    for name in whole.keys() & chosen.keys():
        whole[name] = whole[name] | chosen[name] if name in NESTED else chosen[name]
    return whole


@transaction.atomic
def change_settings(*, user: User, changes: Mapping[str, Any]) -> Settings:
    """Change some and keep the rest; ``shortcuts`` and ``quiet_hours`` are given as a whole. All consoles of the user
    hear of it.

    Raises ``InvalidInput``: keys that mean two things, hours that are none.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    chosen = user.console_settings
    for name, value in changes.items():
        chosen[name] = {**chosen.get(name, {}), **value} if name in NESTED else value
    _refuse_what_makes_no_sense(chosen)
    user.console_settings = chosen
    user.save(update_fields=["console_settings"])
    publish(ConsoleSettingsChanged(user.pk))
    return settings_of(user)


def _refuse_what_makes_no_sense(chosen: Mapping[str, Any]) -> None:
    keys = [key for key in chosen.get("shortcuts", {}).values() if key]
    if any(not SINGLE_KEY.fullmatch(key) for key in keys):
        raise InvalidInput(fields={"shortcuts": [_("This key can't be used.")]})
    if len(set(keys)) < len(keys):
        raise InvalidInput(fields={"shortcuts": [_("One key can't mean two things.")]})
    quiet = chosen.get("quiet_hours")
    if quiet and quiet["time_zone"] not in available_timezones():
        raise InvalidInput(fields={"quiet_hours": [_("There is no such time zone.")]})
    if quiet and quiet["from"] == quiet["until"]:
        raise InvalidInput(fields={"quiet_hours": [_("Quiet hours need a beginning and another end.")]})


def is_quiet(settings: Mapping[str, Any], now: datetime) -> bool:
    """Whether the user wants neither sounds nor notifications now. Hours over midnight end on the next day."""
    quiet = settings["quiet_hours"]
    if not quiet:
        return False
    clock = now.astimezone(ZoneInfo(quiet["time_zone"])).time()
    begin, end = time.fromisoformat(quiet["from"]), time.fromisoformat(quiet["until"])
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def wants_to_know(settings: Mapping[str, Any], occasion: str, now: datetime) -> bool:
    """Whether a notification of this occasion is welcome now."""
    return bool(settings["notifications"] and settings["notify_of"][occasion]) and not is_quiet(settings, now)
