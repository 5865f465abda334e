"""What every connector keeps to, cell by cell. A kind without its driver fails at once: see ``driver.py``."""

import pytest

from channels_connectors.registry import CONNECTORS, SETUPS, connector_for
from common.errors import NotFound
from openlines.models import Channel
from tests.channels_connectors.contract import account, inbound, outbound
from tests.channels_connectors.contract.driver import ACCOUNT, CELLS, INBOUND, OUTBOUND
from tests.channels_connectors.contract.drivers import cells, driver_of
from tests.channels_connectors.contract.trying import Trial
from tests.paths import ROOT

pytestmark = [pytest.mark.row("C18"), pytest.mark.row("C17")]

FOLDER = ROOT / "channels_connectors"
TRIES = (
    {name: getattr(inbound, name) for name in INBOUND}
    | {name: getattr(outbound, name) for name in OUTBOUND}
    | {name: getattr(account, name) for name in ACCOUNT}
)
FORBIDDEN = ("django.db", "django.conf", "timezone.now", "datetime.now", "time.time(", ".objects.")
every_kind = pytest.mark.parametrize("kind", sorted(CONNECTORS))


@pytest.mark.parametrize(("kind", "cell"), cells())
def test_cell(kind, cell, tmp_path):
    with driver_of(kind).begin() as driver:
        TRIES[cell](Trial(CONNECTORS[kind], driver, tmp_path))


@every_kind
def test_reading_decides_nothing(kind, tmp_path, django_assert_num_queries, db):
    with driver_of(kind).begin() as driver, django_assert_num_queries(0):
        inbound.reading_decides_nothing(Trial(CONNECTORS[kind], driver, tmp_path))


@every_kind
def test_it_says_what_it_can_do_and_what_not_and_why(kind):
    connector, driver = CONNECTORS[kind], driver_of(kind)
    can = connector.capabilities

    assert driver.kind == connector.kind == kind == SETUPS[kind].kind
    assert set(driver.cannot) <= set(CELLS)
    assert all(len(reason) > 3 for reason in driver.cannot.values())
    assert can.length_unit in {"characters", "utf16", "bytes"}
    assert can.receipts in {"none", "delivered", "read"}
    assert can.buttons in {"none", "inline"}
    assert can.idempotency in {"none", "key", "echo", "status", "listing"}
    assert len(kind) <= Channel._meta.get_field("kind").max_length


@every_kind
def test_what_it_declares_is_what_is_tried(kind):
    """A capability without its cell would be a promise that nobody holds it to."""
    can, cannot = CONNECTORS[kind].capabilities, driver_of(kind).cannot
    if not CONNECTORS[kind].inbound:
        pytest.skip("an own channel: its pages and its socket have tests of their own")
    promised = {
        "edit": can.edit, "delete": can.delete, "send_reply": can.reply, "hide": can.hide, "template": can.templates,
        "private_reply": can.private_reply, "send_buttons": can.buttons == "inline", "typing_out": can.typing_out,
        "typing_in": can.typing_in, "read_out": can.read_out, "receipts": can.receipts != "none",
        "echo": can.native_staff, "send_file": can.attachments and not can.media, "send_album": can.album_max > 1,
        "send_long_text": can.is_split,
    }  # fmt: skip

    assert [cell for cell, is_promised in promised.items() if is_promised and cell in cannot] == []


@every_kind
def test_it_translates_only(kind):
    """No database, no settings, no clock: whoever calls it brings everything."""
    names = ("connector", "payloads", "sending", "errors", "content")
    sources = [path.read_text("utf-8") for name in names if (path := FOLDER / kind / f"{name}.py").exists()]

    assert sources
    for forbidden in FORBIDDEN:
        assert not any(forbidden in source for source in sources), forbidden


def test_an_unknown_kind_is_not_found():
    with pytest.raises(NotFound):
        connector_for("nonsense")
