"""How the console behaves: what is chosen, what is refused, who hears of it."""

from datetime import UTC, datetime

import pytest

from common.errors import InvalidInput
from crm.preferences import DEFAULTS, change_settings, is_quiet, settings_of, wants_to_know
from openlines.streams import user_stream
from tests.api.client import Caller
from tests.factories import Cast

pytestmark = pytest.mark.row("D12")

NIGHT = {"from": "22:00", "until": "08:00", "time_zone": "Europe/Moscow"}


def test_whoever_chose_nothing_has_the_defaults(cast: Cast):
    assert settings_of(cast.olga) == DEFAULTS


def test_a_change_keeps_the_rest_and_is_told_to_all_consoles(cast: Cast, bells, commit):
    with commit():
        change_settings(user=cast.olga, changes={"sound": {"offer": False}})
        change_settings(user=cast.olga, changes={"sound": {"volume": 20}, "send_key": "CTRL_ENTER"})

    cast.olga.refresh_from_db()
    settings = settings_of(cast.olga)
    assert settings["sound"] == {"offer": False, "message": True, "mention": True, "volume": 20}
    assert settings["send_key"] == "CTRL_ENTER"
    frame = bells.taken()[-1]
    assert frame.body == {"type": "settings.changed", "settings": settings}
    assert frame.reaches(frozenset({user_stream(cast.olga.pk)}))
    assert not frame.reaches(frozenset({user_stream(cast.mallory.pk)}))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"shortcuts": {"answer": "Enter"}}, "shortcuts"),
        ({"shortcuts": {"answer": "KeyQ", "skip": "KeyQ"}}, "shortcuts"),
        ({"quiet_hours": NIGHT | {"time_zone": "Moon/Crater"}}, "quiet_hours"),
        ({"quiet_hours": NIGHT | {"until": "22:00"}}, "quiet_hours"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, changes, field: str):
    with pytest.raises(InvalidInput) as refusal:
        change_settings(user=cast.olga, changes=changes)

    assert list(refusal.value.fields) == [field]
    cast.olga.refresh_from_db()
    assert settings_of(cast.olga) == DEFAULTS


def test_keys_may_be_taken_away_from_several_commands(cast: Cast):
    change_settings(user=cast.olga, changes={"shortcuts": {"answer": "", "skip": "", "finish": "KeyQ"}})


@pytest.mark.parametrize(
    ("hour", "is_night"), [(18, False), (19, True), (23, True), (4, True), (5, False), (12, False)]
)
def test_quiet_hours_go_over_midnight_by_the_users_own_clock(hour: int, is_night: bool):
    settings = DEFAULTS | {"quiet_hours": NIGHT}
    now = datetime(2026, 11, 25, hour, 0, tzinfo=UTC)

    assert is_quiet(settings, now) is is_night
    assert wants_to_know(settings, "message", now) is not is_night


def test_each_occasion_can_be_declined():
    settings = DEFAULTS | {"notify_of": {"offer": True, "message": False, "mention": True}}
    now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    assert wants_to_know(settings, "offer", now)
    assert not wants_to_know(settings, "message", now)
    assert not wants_to_know(settings | {"notifications": False}, "offer", now)


@pytest.mark.parametrize(
    "body",
    [
        {"send_key": "SPACE"},
        {"sound": {"volume": 101}},
        {"quiet_hours": {"from": "25:00", "until": "08:00", "time_zone": "UTC"}},
        {"shortcuts": {"x" * 65: "KeyA"}},
        {"undo_seconds": 3},
    ],
)
def test_the_api_says_what_is_wrong(cast: Cast, body):
    response = Caller.by(cast.olga).call("PATCH", "/me/settings/", body)

    assert response.status_code == 400
    assert response.json()["fields"]


def test_the_console_starts_with_them(cast: Cast):
    caller = Caller.by(cast.olga)
    caller.call("PATCH", "/me/settings/", {"quiet_hours": NIGHT})

    assert caller.call("GET", "/console/").json()["settings"] == DEFAULTS | {"quiet_hours": NIGHT}
