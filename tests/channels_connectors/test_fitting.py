"""The last look at what a connector read: it fits where it is kept, or it is refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels_connectors.fitting import LONGEST_TEXT, fitted
from channels_connectors.moments import moment_of, moment_of_milliseconds
from openlines.types import IncomingAttachment, IncomingMessage, IncomingReceipt, Person

pytestmark = [pytest.mark.row("C17"), pytest.mark.row("C18")]

ANNA = Person(external_id="7", first_name="Anna")
HELLO = IncomingMessage(
    chat_external_id="7", external_id="1", sender=ANNA, text="Hello 🛋️", sent_at=datetime(2026, 11, 26, tzinfo=UTC),
    attachments=(IncomingAttachment(kind="IMAGE", reference="r"),), details={"album": "1", "of": ["a", {"b": 1.5}]},
    follows=("1", "2"),
)  # fmt: skip


def test_what_fits_stays_what_it_is():
    assert fitted(HELLO) is HELLO


@pytest.mark.parametrize(
    "wrong",
    [
        {"external_id": "x" * 256}, {"external_id": 1}, {"chat_external_id": None}, {"text": ["Hello"]},
        {"kind": "NONSENSE"}, {"location": {"latitude": float("nan"), "longitude": 1.0}},
        {"details": {"deep": [{"in": float("inf")}]}}, {"sender": replace(ANNA, external_id="x" * 256)},
        {"sender": Person(external_id="7", first_name=5)},  # type: ignore[arg-type]
        {"attachments": (IncomingAttachment(kind="BOMB", reference="r"),)},
        {"sent_at": datetime(2026, 11, 26)},  # noqa: DTZ001 - nobody can tell when that was
    ],
)  # fmt: skip
def test_what_could_not_be_kept_is_refused(wrong):
    with pytest.raises((ValueError, TypeError)):
        fitted(replace(HELLO, **wrong))


def test_what_can_not_be_written_down_is_left_out():
    said = fitted(replace(HELLO, text="a\0b\ud800", sender=replace(ANNA, last_name="\0"), details={"a\0": ["\0x"]}))

    assert (said.text, said.sender.last_name, said.details) == ("ab?", "", {"a": ["x"]})


def test_there_is_an_end_to_words_and_to_files():
    said = fitted(replace(HELLO, text="x" * (LONGEST_TEXT + 1), attachments=HELLO.attachments * 5000))

    assert (len(said.text), len(said.attachments)) == (LONGEST_TEXT, 200)


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_moments_that_no_calendar_shows_are_not_known(year):
    moment = datetime(year, 12, 31, tzinfo=UTC)

    assert fitted(IncomingReceipt(state="READ", external_id="1", at=moment)).at is None


@pytest.mark.parametrize("odd", [None, "", "x", [], {}, float("nan"), float("inf"), 1e308, -1, "9" * 400, 0, 10**30])
def test_odd_moments_of_providers_are_none(odd):
    assert (moment_of(odd), moment_of_milliseconds(odd)) == (None, None)


def test_moments_come_as_numbers_and_as_digits():
    at = datetime(2026, 9, 21, 13, 33, 20, tzinfo=UTC)

    assert moment_of(at.timestamp()) == moment_of(str(int(at.timestamp()))) == at
    assert moment_of_milliseconds(int(at.timestamp() * 1000)) == at
