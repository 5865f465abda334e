"""What we send, as Viber's clients see it; and how Viber refuses."""

import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.viber.errors import STATUSES, refuse_unless_done
from openlines.types import Button, OutgoingAttachment, OutgoingMessage
from tests.channels_connectors.sending import send_all
from tests.providers.receiver import running_receiver
from tests.providers.simulator import running
from tests.providers.viber import ANNA, ViberSimulator

pytestmark = [pytest.mark.row("C8"), pytest.mark.row("C18")]

MEGABYTE = 1024 * 1024


def message(text: str = "", **fields) -> OutgoingMessage:
    return OutgoingMessage(message_id=1, chat_external_id=ANNA["id"], text=text, **fields)


@pytest.fixture
def file_of(viber: ViberSimulator):
    def made(name: str, kind: str, mime: str, *, size: int = 0, **fields) -> OutgoingAttachment:
        url = viber.hosts(name, b"content")
        return OutgoingAttachment(
            id=uuid.uuid4(), kind=kind, path=str(Path("/nowhere") / name), name=name, mime=mime, size=size or 7,
            public_url=url, **fields,
        )  # fmt: skip

    return made


def refused(send) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        send()
    return caught.value


def test_a_text_arrives_in_the_name_of_the_bot(connector, account, viber):
    receipt = send_all(connector, message("On Monday"), account)

    (seen,) = viber.seen
    assert (seen.fields["text"], seen.fields["sender"], receipt.parts) == (
        "On Monday", {"name": "Loft"}, (str(seen.token),),
    )  # fmt: skip
    assert viber.calls[-1].headers["x-viber-auth-token"] not in viber.calls[-1].path


def test_the_name_that_clients_see_has_28_characters(connector, account, viber):
    named = replace(account, settings={**account.settings, "sender_name": "The furniture shop on Tverskaya street"})

    send_all(connector, message("Hello"), named)

    assert viber.seen[0].fields["sender"]["name"] == "The furniture shop on Tversk"


@pytest.mark.parametrize("letter", ["я", "a", "👍"])
def test_a_long_text_comes_in_parts_that_viber_takes(connector, account, viber, letter):
    text = " ".join([letter * 999] * 17)

    send_all(connector, message(text), account)

    assert " ".join(seen.fields["text"] for seen in viber.seen) == text
    assert len(viber.seen) >= 3


def test_a_picture_has_its_caption_and_a_longer_text_follows(connector, account, viber, file_of):
    picture = file_of("sofa.jpg", "IMAGE", "image/jpeg")

    send_all(connector, message("The sofa", attachments=(picture,)), account)
    send_all(connector, message("x" * 769, attachments=(picture,)), account)

    kinds = [(seen.fields["type"], len(seen.fields.get("text", ""))) for seen in viber.seen]
    assert kinds == [("picture", 8), ("picture", 0), ("text", 769)]
    assert viber.seen[0].content == b"content"


@pytest.mark.parametrize(
    ("name", "kind", "mime", "size"),
    [
        ("sofa.webp", "IMAGE", "image/webp", 7),
        ("sofa.png", "IMAGE", "image/jpeg", 7),
        ("sofa.jpg", "IMAGE", "image/jpeg", 2 * MEGABYTE),
        ("sofa.mp4", "VIDEO", "video/mp4", 27 * MEGABYTE),
        ("sofa.mov", "VIDEO", "video/quicktime", 7),
        ("note.ogg", "VOICE", "audio/ogg", 7),
        ("bill.pdf", "FILE", "application/pdf", 7),
    ],
)
def test_what_viber_shows_not_arrives_as_a_file(connector, account, viber, file_of, name, kind, mime, size):
    send_all(connector, message("See", attachments=(file_of(name, kind, mime, size=size),)), account)

    first, *more = [seen.fields for seen in viber.seen]
    assert (first["type"], first["file_name"], first["size"]) == ("file", name, size)
    assert "text" not in first
    assert [fields["text"] for fields in more] == ["See"]


def test_a_video_comes_with_its_size_and_length(connector, account, viber, file_of):
    send_all(connector, message(attachments=(file_of("a.mp4", "VIDEO", "video/mp4", duration=12),)), account)

    fields = viber.seen[0].fields
    assert (fields["type"], fields["size"], fields["duration"]) == ("video", 7, 12)


def test_a_file_without_an_extension_gets_one(connector, account, viber, file_of):
    nameless = replace(file_of("bill.pdf", "FILE", "application/pdf"), name="bill")

    send_all(connector, message(attachments=(nameless,)), account)

    assert viber.seen[0].fields["file_name"] == "bill.pdf"


def test_what_viber_would_refuse_is_said_in_words_before(connector, account, viber, file_of):
    pdf = file_of("bill.pdf", "FILE", "application/pdf")

    large = refused(lambda: send_all(connector, message(attachments=(replace(pdf, size=51 * MEGABYTE),)), account))
    hidden = refused(lambda: send_all(connector, message(attachments=(replace(pdf, public_url=""),)), account))
    empty = refused(lambda: send_all(connector, message(attachments=(replace(pdf, size=0),)), account))

    assert {error.kind for error in (large, hidden, empty)} == {"PERMANENT"}
    assert "50 MB" in str(large)
    assert "PUBLIC_URL" in str(hidden)
    assert viber.calls == []


def test_buttons_are_a_keyboard_whose_labels_are_tracked(connector, account, viber):
    rows = ((Button(text="Good", payload="rate:1", is_chosen=True), Button(text="Bad", payload="rate:0")),)

    send_all(connector, message("How was it?", buttons=rows), account)
    pressed = connector.parse(viber.writes("Good"), account=account)

    fields = viber.seen[0].fields
    assert viber.seen[0].keyboard == ("✅ Good", "Bad")
    assert [(key["ActionBody"], key["Columns"]) for key in fields["keyboard"]["Buttons"]] == [("Good", 3), ("Bad", 3)]
    assert [(press.payload, press.text) for press in pressed] == [("rate:1", "Good")]


def test_more_buttons_than_columns_go_on_below(connector, account, viber):
    row = tuple(Button(text=str(number), payload=f"rate:{number}") for number in range(10))

    send_all(connector, message("How was it?", buttons=(row,)), account)

    assert [key["Columns"] for key in viber.seen[0].fields["keyboard"]["Buttons"]] == [1] * 6 + [1] * 4


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (2, "TOKEN"), (15, "TOKEN"), (5, "BLOCKED"), (6, "BLOCKED"), (1, "PERMANENT"), (3, "PERMANENT"),
        (11, "PERMANENT"), (13, "PERMANENT"), (12, "RETRY"), (10, "RETRY"), (7, "LATER"), (19, "PERMANENT"),
        (22, "LATER"), (24, "LATER"), (18, "RETRY"), (99, "RETRY"),
    ],
)  # fmt: skip
def test_every_status_says_what_to_do(status, kind):
    error = refused(lambda: refuse_unless_done({"status": status, "status_message": "words of Viber"}))

    assert (error.kind, error.code) == (kind, str(status))
    assert "words of Viber" in str(error)


def test_every_known_status_has_words():
    assert all(str(words) and kind for kind, words in STATUSES.values())


@pytest.mark.parametrize("answer", [{}, {"status": "ok"}, {"status": None}])
def test_half_an_answer_is_an_outage(answer):
    assert refused(lambda: refuse_unless_done(answer)).is_outage


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("blocked", "BLOCKED"), ("token", "TOKEN"), ("flood", "RETRY"), ("permanent", "PERMANENT"), ("429", "RETRY"),
        ("503", "RETRY"), ("hang_before", "UNKNOWN"), ("hang_after", "UNKNOWN"), ("drop_after", "UNKNOWN"),
    ],
)  # fmt: skip
def test_every_failure_has_its_class(connector, account, viber, fault, kind):
    viber.fault(fault)

    error = refused(lambda: send_all(connector, message("Hello"), account))

    assert error.kind == kind
    assert account.credentials["token"] not in str(error)
    assert len(viber.seen) == (1 if fault.endswith("after") else 0)


def test_who_left_can_not_be_written_to(connector, account, viber):
    viber.unsubscribes()

    assert refused(lambda: send_all(connector, message("Hello"), account)).kind == "BLOCKED"


def test_a_check_tells_who_we_are(connector, account, driver):
    checked = connector.check(account)

    assert (checked.external_id, checked.title) == ("pa:75346594275468546724", "Loft")
    assert checked.settings["name"] == "Loft"
    for wrong in (driver.wrong_token(), replace(account, credentials={}), replace(account, credentials={"token": "я"})):
        assert refused(lambda wrong=wrong: connector.check(wrong)).kind == "TOKEN"


@pytest.mark.row("C17")
def test_viber_calls_the_webhook_before_it_believes_in_it(connector, account):
    with running_receiver() as receiver, running(ViberSimulator()) as viber:
        account = replace(account, base_url=viber.base_url)
        connector.set_webhook(url=receiver.url, account=account)

        assert receiver.received[0]["event"] == "webhook"
        assert connector.subscription(url=receiver.url, account=account).is_ours
        assert viber.settings == {"send_name": True, "send_photo": True}
        connector.remove_webhook(account)
        assert not connector.subscription(url=receiver.url, account=account).is_ours
        receiver.answer(404)
        error = refused(lambda: connector.set_webhook(url=receiver.url, account=account))
        assert (error.kind, error.code) == ("PERMANENT", "1")


def test_files_and_faces_are_fetched_at_once(connector, account, driver, viber):
    (message,) = connector.parse(driver.medium("IMAGE"), account=account)
    media = connector.fetch_media(message.attachments[0], account)

    assert (media.content, media.name) == (driver.content_of("IMAGE"), "sofa.jpg")
    assert driver.is_photo(connector.fetch_photo(message.sender.photo_reference, account).content)


def test_addresses_of_our_own_network_are_not_called(connector, account, settings):
    settings.OUTGOING_PRIVATE_HOSTS = []
    message = connector.parse(
        ViberSimulator().sends({"type": "picture", "media": "https://169.254.169.254/latest"}), account=account
    )[0]

    assert refused(lambda: connector.fetch_media(message.attachments[0], account)).kind == "PERMANENT"
