"""What we send, as WhatsApp's clients see it; and how WhatsApp refuses."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from channels_connectors.connector import ChatRef
from channels_connectors.errors import ConnectorError
from channels_connectors.whatsapp.marks import marked
from openlines.types import Button, OutgoingAttachment, OutgoingMessage, OutgoingTemplate, TextFormat
from tests.channels_connectors.sending import send_all
from tests.providers.whatsapp import ANNA, APP_ID

pytestmark = [pytest.mark.row("C11"), pytest.mark.row("C18")]

MEGABYTE = 1024 * 1024


def message(text: str = "", **fields) -> OutgoingMessage:
    thread = {"wa_id": ANNA.number, "user_id": ANNA.user_id}
    values: dict[str, Any] = {"message_id": 7, "chat_external_id": ANNA.user_id, "thread": thread} | fields
    return OutgoingMessage(text=text, **values)


def refused(send) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        send()
    return caught.value


@pytest.fixture
def file_of(tmp_path):
    def made(name: str, kind: str, mime: str, *, size: int = 0) -> OutgoingAttachment:
        path = tmp_path / name
        path.write_bytes(b"content")
        return OutgoingAttachment(id=uuid.uuid4(), kind=kind, path=str(path), name=name, mime=mime, size=size or 7)

    return made


def test_a_text_goes_to_the_number_as_it_came_and_to_the_id(connector, account, whatsapp):
    receipt = send_all(connector, message("On Monday", reply_to_external_id="wamid.Q"), account)

    (seen,) = whatsapp.seen
    assert (seen.text, receipt.parts) == ("On Monday", (seen.id,))
    assert (seen.fields["to"], seen.fields["recipient"]) == ("79161234567", "RU.77001")
    assert (seen.fields["biz_opaque_callback_data"], seen.fields["context"]) == ("7.0", {"message_id": "wamid.Q"})
    assert all("EAAJB" not in str(call.query) for call in whatsapp.calls)


@pytest.mark.parametrize(("chat", "name"), [("79161234567", "to"), ("RU.77001", "recipient")])
def test_a_chat_that_nobody_wrote_in_yet_is_addressed_by_what_it_is(connector, account, whatsapp, chat, name):
    send_all(connector, message("Hello", chat_external_id=chat, thread={}), account)

    assert whatsapp.seen[0].fields[name] == chat
    assert ("to" in whatsapp.seen[0].fields) is (name == "to")


@pytest.mark.parametrize(
    ("name", "kind", "mime", "size", "method"),
    [
        ("sofa.jpg", "IMAGE", "image/jpeg", 0, "image"),
        ("sofa.gif", "IMAGE", "image/gif", 0, "document"),
        ("sofa.jpg", "IMAGE", "image/jpeg", 6 * MEGABYTE, "document"),
        ("sofa.mp4", "VIDEO", "video/mp4", 0, "video"),
        ("Счёт.pdf", "FILE", "application/pdf", 0, "document"),
    ],
)
def test_files_go_as_what_whatsapp_shows_with_their_words(
    connector, account, whatsapp, file_of, name, kind, mime, size, method
):
    send_all(connector, message("See", attachments=(file_of(name, kind, mime, size=size),)), account)

    (seen,) = whatsapp.seen
    assert (seen.fields["type"], seen.text, seen.content) == (method, "See", b"content")
    assert seen.fields[method].get("filename") == (name if method == "document" else None)


@pytest.mark.parametrize("file", [("a.ogg", "VOICE", "audio/ogg"), ("a.webp", "STICKER", "image/webp")])
def test_voices_and_stickers_have_no_caption_so_the_words_follow(connector, account, whatsapp, file_of, file):
    send_all(connector, message("See", attachments=(file_of(*file),)), account)

    assert [seen.text for seen in whatsapp.seen] == ["", "See"]


def test_what_is_too_large_or_gone_is_said_in_words_before(connector, account, whatsapp, file_of):
    pdf = file_of("bill.pdf", "FILE", "application/pdf")

    for wrong in (replace(pdf, size=101 * MEGABYTE), replace(pdf, path="/nowhere")):
        error = refused(lambda wrong=wrong: send_all(connector, message(attachments=(wrong,)), account))
        assert error.kind == "PERMANENT"
    assert whatsapp.calls == []


def test_a_lost_upload_is_no_lost_message(connector, account, whatsapp, file_of):
    whatsapp.fault("hang_after", path="/media")

    pdf = file_of("bill.pdf", "FILE", "application/pdf")
    assert refused(lambda: send_all(connector, message(attachments=(pdf,)), account)).kind == "RETRY"


def rows(*labels: str):
    return tuple((Button(text=label, payload=f"rate:{number}"),) for number, label in enumerate(labels))


def test_three_buttons_stand_below_and_more_are_a_list(connector, account, whatsapp):
    send_all(connector, message("How was it?", buttons=rows("Good", "Bad", "A very long answer indeed")), account)
    send_all(connector, message("How was it?", buttons=rows(*map(str, range(10)))), account)

    short, long = whatsapp.seen
    assert (short.fields["interactive"]["type"], short.buttons[2]) == ("button", "A very long answer …")
    assert (long.fields["interactive"]["type"], len(long.buttons)) == ("list", 10)
    many = message("How was it?", buttons=rows(*map(str, range(11))))
    assert refused(lambda: send_all(connector, many, account)).kind == "PERMANENT"


def test_buttons_below_a_long_text_and_below_files(connector, account, whatsapp, file_of):
    long = " ".join(["word"] * 500)
    send_all(connector, message(long, buttons=rows("Yes", "No")), account)
    picture = file_of("sofa.jpg", "IMAGE", "image/jpeg")
    send_all(connector, message("This one?", attachments=(picture,), buttons=rows("Yes")), account)

    *before, end, image, question = whatsapp.seen
    assert " ".join(seen.text for seen in (*before, end)) == long
    assert [seen.buttons for seen in before] == [()] * len(before)
    assert (end.buttons, image.fields["type"], image.text) == (("Yes", "No"), "image", "")
    assert (question.text, question.buttons) == ("This one?", ("Yes",))


@pytest.mark.row("C19")
def test_templates_are_read_page_by_page_and_sent_with_their_gaps_filled(connector, account, whatsapp):
    header = {"type": "HEADER", "format": "IMAGE"}
    whatsapp.templates.append({**whatsapp.templates[0], "name": "pictured"})
    whatsapp.templates[-1]["components"] = [header, *whatsapp.templates[0]["components"]]

    found = {(t.name, t.language): t for t in connector.templates(account)}
    template = OutgoingTemplate(name="order_ready", language="ru", parameters=("Анна", "42"))
    send_all(connector, message(template=template), account)

    assert len(found) == 5
    assert (found["order_ready", "en"].gaps, found["order_ready", "en"].state) == (2, "APPROVED")
    assert found["pictured", "en"].state == "NEEDS_MORE"
    assert whatsapp.seen[0].text == "Здравствуйте, Анна! Заказ 42 готов."
    wrong = message(template=replace(template, parameters=("Анна",)))
    assert refused(lambda: send_all(connector, wrong, account)).kind == "PERMANENT"


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("Hello Anna", [("BOLD", 6, 10)], "Hello *Anna*"),
        ("Hello Anna ", [("BOLD", 5, 11)], "Hello *Anna* "),
        ("One\nTwo", [("ITALIC", 0, 7)], "_One_\n_Two_"),
        ("Hello", [("BOLD", 0, 5), ("STRUCK", 0, 5)], "*~Hello~*"),
        ("a code b", [("CODE", 2, 6)], "a ```code``` b"),
        ("   ", [("BOLD", 0, 3)], "   "),
        ("Hello", [], "Hello"),
    ],
)
def test_marks_hug_their_words(text, formats, expected):
    said = [TextFormat(*each) for each in formats]

    assert marked(text, said, at_most=100) == expected
    assert marked(text, said, at_most=len(text)) in (text, expected)


def test_reading_and_typing_are_about_a_message(connector, account, whatsapp):
    chat = ChatRef(external_id=ANNA.user_id, last_external_id="wamid.A")
    connector.mark_read(chat, account)
    connector.show_typing(chat, account)
    connector.show_typing(replace(chat, last_external_id=""), account)

    assert [(said["message_id"], "typing_indicator" in said) for said in whatsapp.read] == [
        ("wamid.A", False), ("wamid.A", True),
    ]  # fmt: skip


@pytest.mark.row("C17")
def test_a_check_tells_what_is_wrong(connector, account, whatsapp):
    assert connector.check(account).title == "Loft +15550783881"
    assert connector.check(account).settings == {"messages_per_second": 80}

    wrong_secret = replace(account, credentials={**account.credentials, "app_secret": "f" * 32})
    assert refused(lambda: connector.check(wrong_secret)).kind in ("TOKEN", "PERMANENT")
    other_number = replace(account, settings={**account.settings, "phone_number_id": "99999"})
    assert refused(lambda: connector.check(other_number)).kind == "PERMANENT"
    whatsapp.scopes = whatsapp.scopes[:1]
    assert "whatsapp_business_management" in str(refused(lambda: connector.check(account)))


@pytest.mark.row("C17")
def test_the_webhook_is_named_at_the_app_and_at_the_account(connector, account, whatsapp, driver):
    url = "https://desk.example.com/hooks/whatsapp/a-long-token-of-ours/"
    connector.set_webhook(url=url, account=account)

    assert (whatsapp.override, whatsapp.app["callback_url"]) == (url, url)
    assert {field["name"] for field in whatsapp.app["fields"]} == {"messages", "smb_message_echoes"}
    whatsapp.override = "https://elsewhere.example.com/hook"
    assert "another server" in connector.subscription(url=url, account=account).problem
    whatsapp.is_joined = False
    assert not connector.subscription(url=url, account=account).is_ours
    assert APP_ID in whatsapp.calls_to("/subscriptions")[0].path


def test_the_rate_is_what_meta_gives_the_number(connector):
    assert connector.capabilities_of({}).rates.account == 80
    assert connector.capabilities_of({"messages_per_second": 1000}).rates.account == 1000
