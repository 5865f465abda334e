"""What a shop says on Avito."""

from dataclasses import replace
from uuid import uuid4

import pytest

from channels_connectors.avito.errors import refusal_of
from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply
from openlines.types import IncomingAttachment, OutgoingAttachment, OutgoingMessage, OutgoingPart, SentMessage
from tests.channels_connectors.sending import send_all
from tests.providers.avito import SHOP
from tests.providers.conftest import a_picture

pytestmark = pytest.mark.row("C15")


def part(driver, text="Hello", **fields) -> OutgoingPart:
    return OutgoingPart(message_id=7, number=0, chat_external_id=driver.chat, text=text, **fields)


def picture(folder, mime="image/png", kind="IMAGE") -> OutgoingAttachment:
    path = folder / "sofa.png"
    path.write_bytes(a_picture())
    return OutgoingAttachment(id=uuid4(), kind=kind, path=str(path), name="sofa.png", mime=mime, size=10)


def test_a_picture_goes_first_and_its_words_follow(shop, driver, account, avito, tmp_path):
    message = OutgoingMessage(
        message_id=7, chat_external_id=driver.chat, text="Our sofa", attachments=(picture(tmp_path),)
    )
    send_all(shop, message, account)

    assert [said["type"] for said in avito.said()] == ["image", "text"]
    (uploaded,) = avito.uploaded.values()
    assert avito.files[uploaded.rpartition("/")[2]][0] == a_picture()


@pytest.mark.parametrize(
    "fields", [{"kind": "FILE"}, {"mime": "image/svg+xml"}, {"kind": "VIDEO", "mime": "video/mp4"}]
)
def test_what_avito_does_not_carry_is_refused_before_anything_is_sent(shop, driver, account, avito, tmp_path, fields):
    with pytest.raises(ConnectorError) as caught:
        shop.send(part(driver, attachments=(picture(tmp_path, **fields),)), account)

    assert caught.value.kind == "PERMANENT"
    assert avito.calls == []


def test_silence_while_a_picture_is_uploaded_is_no_riddle(shop, driver, account, avito, tmp_path):
    avito.fault("hang_after", path="uploadImages")
    with pytest.raises(ConnectorError) as caught:
        shop.send(part(driver, attachments=(picture(tmp_path),)), account)

    assert caught.value.kind == "RETRY"
    assert avito.said() == []


def test_what_was_said_long_ago_is_not_taken_for_what_is_looked_for(shop, driver, account, avito):
    avito.now -= 3600
    avito.writes(author=SHOP, text="Yes")
    assert shop.find_sent(part(driver, "Yes"), account) is None

    avito.now += 3600
    avito.writes(text="Yes")
    assert shop.find_sent(part(driver, "Yes"), account) is None
    avito.writes(author=SHOP, text="Yes")
    assert shop.find_sent(part(driver, "Yes"), account).parts == (avito.chat.messages[-1]["id"],)


def test_a_token_that_ended_early_is_renewed_once(shop, driver, account, avito):
    shop.send(part(driver), account)
    avito.forget_tokens()
    shop.send(part(driver, "Again"), account)

    assert len(avito.said()) == 2
    assert len(avito.calls_to("/token")) == 2


def test_after_an_hour_a_message_can_not_be_taken_back(shop, driver, account, avito):
    receipt = shop.send(part(driver), account)
    avito.now += 3601
    with pytest.raises(ConnectorError) as caught:
        shop.delete(SentMessage(chat_external_id=driver.chat, external_ids=receipt.parts), account)
    assert caught.value.kind == "PERMANENT"


def test_only_our_own_webhooks_are_taken_down(shop, account, avito):
    avito.subscriptions = ["https://crm.example.org/avito", "https://shop.example.org/hooks/avito/secret/"]
    shop.remove_webhook(account)

    assert avito.subscriptions == ["https://crm.example.org/avito"]


def test_a_recording_is_fetched_by_a_link_of_its_own(shop, account, avito):
    voice_id = avito.file(b"a voice", "audio/mp4").rpartition("/")[2]

    assert (
        shop.fetch_media(IncomingAttachment(kind="VOICE", reference=f"voice:{voice_id}"), account).content == b"a voice"
    )


def test_a_plan_without_the_api_is_said(shop, driver, account, avito):
    avito.fault("plan")
    with pytest.raises(ConnectorError, match="plan") as caught:
        shop.send(part(driver), account)
    assert caught.value.kind == "TOKEN"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b"{}", "TOKEN"),
        (402, b"", "TOKEN"),
        (403, b'{"error": {"code": 403, "message": "no permission"}}', "TOKEN"),
        (403, '{"error": {"message": "Вы в чёрном списке"}}'.encode(), "BLOCKED"),
        (400, b'{"result": {"message": "user is blocked"}}', "BLOCKED"),
        (404, b"null", "BLOCKED"),
        (400, b'{"error": "too long"}', "PERMANENT"),
        (400, b"<html>", "PERMANENT"),
    ],
)
def test_refusals_say_what_to_do(status, body, kind):
    assert refusal_of(Reply(status, {}, body)).kind == kind


def test_the_account_s_number_comes_with_its_check(shop, account):
    checked = shop.check(replace(account, scope=""))

    assert (checked.external_id, checked.title) == (str(SHOP), "Loft")
