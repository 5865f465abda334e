import json

import pytest

from channels_connectors.connector import Account
from channels_connectors.instagram.payloads import incoming_from
from openlines.types import IncomingDeletion, IncomingEcho, IncomingReceipt
from tests.providers.meta.model import IG_ID, IGSID
from tests.providers.meta.webhooks import attachment, between, direct, echo, packed

pytestmark = pytest.mark.row("C6")

ACCOUNT = Account(channel_id=1, credentials={}, scope=f"instagram:{IG_ID}")


def one(element):
    (item,) = incoming_from(json.loads(packed(element, about="instagram", account=IG_ID)), ACCOUNT)
    return item


def test_an_answer_to_a_story_says_which():
    found = one(direct("aWdf1", "Price?", reply_to={"story": {"id": "S1", "url": "https://cdn.test/s.jpg"}}))

    assert (found.text, found.reply_to_external_id) == ("Price?", "")
    assert found.details["story"] == {"id": "S1", "url": "https://cdn.test/s.jpg"}


def test_a_mention_in_a_story_is_a_message_with_the_story():
    found = one(direct("aWdf1", attachments=[attachment("story_mention", "https://cdn.test/s.jpg")]))

    assert (found.chat_external_id, found.details["provider_kind"]) == (IGSID, "story_mention")
    assert found.attachments[0].reference == "https://cdn.test/s.jpg"


def test_a_shared_post_has_its_title():
    found = one(direct("aWdf1", attachments=[attachment("ig_reel", "https://cdn.test/r.mp4", title="The sofa")]))

    assert (found.kind, found.text, found.details) == ("VIDEO", "The sofa", {"provider_kind": "ig_reel"})


def test_a_message_taken_back_is_gone():
    assert one(direct("aWdf1", is_deleted=True)) == IncomingDeletion(chat_external_id=IGSID, external_id="aWdf1")


def test_reading_names_a_message_and_no_moment():
    receipt = one(between(IGSID, IG_ID, read={"mid": "aWdf9"}))

    assert isinstance(receipt, IncomingReceipt)
    assert (receipt.state, receipt.external_id, receipt.up_to) == ("READ", "aWdf9", None)


def test_the_echo_makes_no_client_named_as_the_business():
    found = one(echo("aWdf2", "Hello", client=IGSID, own=IG_ID))

    assert isinstance(found, IncomingEcho)
    assert found.recipient.external_id == IGSID


@pytest.mark.parametrize("more", [{"is_unsupported": True}, {"attachments": [{"type": "ephemeral"}]}])
def test_what_instagram_does_not_show_is_shown_as_unknown(more):
    assert one(direct("aWdf1", **more)).kind == "UNSUPPORTED"
