"""A bundle of nasty letters, each with what an operator is to see of it."""

import zlib
from collections.abc import Callable

import pytest

from channels_connectors.connector import Account
from channels_connectors.email.connector import Email
from channels_connectors.email.stored import stored_bytes
from openlines.types import IncomingAttachment, IncomingMessage
from tests.channels_connectors.email.letters import ACCOUNT, ANNA, SUPPORT, encoded, kept, letter, multipart, raw

pytestmark = pytest.mark.row("C12")

email = Email()
RUSSIAN = "Здравствуйте, где мой заказ? Жду уже неделю."
PLAIN = "MIME-Version: 1.0\nContent-Type: text/plain"


def read(mail: bytes, *, account: Account = ACCOUNT) -> IncomingMessage:
    (message,) = email.parse(email.read(kept(mail)), account=account)
    assert isinstance(message, IncomingMessage)
    return message


def fetched(mail: bytes, attachment: IncomingAttachment) -> bytes:
    return email.fetch_media(attachment, ACCOUNT, event=kept(mail)).content


def subject_of(message: IncomingMessage) -> str:
    return str(message.details["mail"]["subject"])


@pytest.mark.parametrize("charset", ["utf-8", "koi8-r", "windows-1251", "iso-8859-5"])
def test_a_charset_that_is_said(charset):
    assert read(raw(f"{PLAIN}; charset={charset}", RUSSIAN.encode(charset))).text == RUSSIAN


@pytest.mark.parametrize("actual", ["utf-8", "koi8-r", "windows-1251"])
@pytest.mark.parametrize(
    "said", ["", "; charset=us-ascii", "; charset=iso-8859-1", "; charset=x-nonsense", "; charset=utf-8"]
)
def test_a_charset_that_is_not_said_or_wrong(said, actual):
    assert read(raw(PLAIN + said, RUSSIAN.encode(actual))).text == RUSSIAN


def test_western_letters_without_a_charset_are_not_taken_for_cyrillic():
    assert read(raw(PLAIN, "Où est ma commande, s'il vous plaît ?".encode("cp1252"))).text.startswith("Où est")


def test_utf_8_that_is_said_to_be_latin():
    assert read(raw(f"{PLAIN}; charset=iso-8859-1", "Grüße".encode())).text == "Grüße"


def test_a_subject_whose_letters_are_cut_between_encoded_words():
    words = "=?utf-8?B?0JzQvtC5INC30LDQutCw?=\n =?utf-8?B?0Lcg4oSWINGD?="

    assert subject_of(read(raw(f"Subject: {words}", "x"))) == "Мой заказ № у"


def test_a_letter_cut_in_two_bytes_between_encoded_words():
    assert subject_of(read(raw("Subject: =?utf-8?Q?=D0?= =?utf-8?Q?=9F=D1=80?=", "x"))) == "Пр"


def test_a_subject_in_bare_bytes():
    mail = raw("Subject: SUBJECT", "x").replace(b"SUBJECT", "Мой заказ".encode("cp1251"))

    assert subject_of(read(mail)) == "Мой заказ"


def test_names_of_files_in_every_spelling():
    spellings = [
        "filename*=utf-8''%D0%A1%D1%87%D1%91%D1%82.pdf",
        "filename*0*=utf-8''%D0%A1%D1%87;\r\n filename*1*=%D1%91%D1%82.pdf",
        'filename="=?utf-8?B?0KHRh9GR0YIucGRm?="',
        'filename="Счёт.pdf"',
    ]
    parts = [
        encoded(b"%PDF", f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {s}") for s in spellings
    ]
    message = read(raw(*multipart(*parts)))

    assert [attachment.name for attachment in message.attachments] == ["Счёт.pdf"] * 4


def test_html_alone_becomes_words_and_a_safe_page():
    page = (
        '<p>Hello <b>there</b></p><script>alert(1)</script><img src="https://track.test/x"><a href="javascript:x">y</a>'
    )
    message = read(raw("MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8", page))

    assert message.text == "Hello there\n\ny"
    assert "<b>there</b>" in message.details["html"]
    assert not any(word in message.details["html"] for word in ("script", "track.test", "src", "alert"))


def test_plain_words_are_read_and_the_page_is_kept():
    message = read(letter("Plain words", html="<p>Page</p>"))

    assert (message.text, message.details["html"]) == ("Plain words", "<p>Page</p>")


def test_an_empty_plain_part_does_not_hide_the_page():
    assert read(letter(" ", html="<p>Page</p>")).text == "Page"


def test_a_picture_in_the_page_is_an_attachment():
    head, body = multipart(
        'Content-Type: text/html\r\n\r\n<p>See <img src="cid:one" alt="shoe"></p>',
        encoded(b"\x89PNG", "Content-Type: image/png\r\nContent-ID: <one>\r\nContent-Disposition: inline"),
        kind="related",
    )
    message = read(raw(head, body))

    assert message.text == "See [shoe]"
    assert [(one.kind, one.name) for one in message.attachments] == [("IMAGE", "file-1.png")]


def test_a_forwarded_mail_is_a_file():
    inside = letter("Inside", subject="Old/mail").decode()
    mail = raw(*multipart("Content-Type: text/plain\r\n\r\nSee below", f"Content-Type: message/rfc822\r\n\r\n{inside}"))
    message = read(mail)

    assert (message.text, message.attachments[0].name) == ("See below", "Old mail.eml")
    assert b"Inside" in fetched(mail, message.attachments[0])


def test_what_outlook_wraps_up_and_an_invitation_are_files():
    mail = raw(
        *multipart(
            encoded(b"\x78\x9f\x3e\x22", "Content-Type: application/ms-tnef"),
            "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR",
        )
    )
    message = read(mail)

    assert [one.name for one in message.attachments] == ["winmail.dat", "invite.ics"]
    assert fetched(mail, message.attachments[0]) == b"\x78\x9f\x3e\x22"


def test_a_bomb_is_a_file_that_nobody_opens():
    bomb = zlib.compress(bytes(5_000_000))
    mail = raw(
        *multipart(encoded(bomb, 'Content-Type: application/zip\r\nContent-Disposition: attachment; filename="b.zip"'))
    )
    message = read(mail)

    assert (message.kind, message.attachments[0].name) == ("FILE", "b.zip")
    assert fetched(mail, message.attachments[0]) == bomb


def test_a_part_that_is_never_closed():
    head, body = multipart("Content-Type: text/plain\r\n\r\nCut off here")

    assert read(raw(head, body.replace("--b1--\r\n", ""))).text == "Cut off here"


def test_a_multipart_without_its_boundary():
    assert "Words" in str(read(raw("MIME-Version: 1.0\nContent-Type: multipart/mixed", "Words")))


def test_base64_with_dirt_in_it():
    mail = raw(f"{PLAIN}\nContent-Transfer-Encoding: base64", "SGVs!bG8g\r\ndGhlcmU")

    assert read(mail).text.startswith("Hello")


def test_quoted_printable_that_ends_in_the_middle():
    assert read(raw(f"{PLAIN}\nContent-Transfer-Encoding: quoted-printable", "Hello=20there=")).text == "Hello there"


def test_zeroes_are_left_out():
    assert read(raw(PLAIN, b"He\x00llo")).text == "Hello"


def test_mails_in_mails_without_end_are_not_opened():
    mail = raw("", "x")
    for number in range(150):
        mail = raw(*multipart(f"Content-Type: message/rfc822\r\n\r\n{mail.decode()}", boundary=f"b{number}"))
    message = read(mail)

    assert [one.name for one in message.attachments] == ["message.eml"]
    assert fetched(mail, message.attachments[0]) == mail


def test_a_long_text_is_cut_and_whole_in_its_file():
    mail = letter("word " * 20_000)
    message = read(mail)

    assert len(message.text) <= 50_000
    assert fetched(mail, message.attachments[-1]) == mail


def test_a_mail_that_is_too_large_is_told_of():
    (message,) = email.parse(email.read(stored_bytes(letter(), folder="inbox", is_complete=False)), account=ACCOUNT)

    assert subject_of(message) == "My order"
    assert (message.text, message.details["too_large"]) == ("", True)


def test_no_date_no_id_no_subject():
    message = read(letter(Date="", Message_ID="", subject=""))

    assert message.sent_at is None
    assert message.external_id.endswith("@no-message-id>")
    assert message.external_id == read(letter(Date="", Message_ID="", subject="")).external_id


@pytest.mark.parametrize("date", ["yesterday", "Wed, 99 Nov 2026 10:00:00 +9999", "Wed, 25 Nov 99999 10:00:00 +0300"])
def test_a_date_that_is_none(date):
    assert read(raw(f"Date: {date}", "x")).sent_at is None


@pytest.mark.parametrize(
    "sender",
    [ANNA, f"Anna <{ANNA.upper()}>", f'"Petrova, Anna" <{ANNA}>', f"=?utf-8?B?0JDQvdC90LA=?= <{ANNA}>", f"<{ANNA}>"],
)
def test_who_writes_is_the_address_in_small_letters(sender):
    assert read(raw("", "x", sender=sender)).sender.external_id == ANNA


def test_a_form_on_our_own_site_names_whom_to_answer():
    message = read(letter(sender="forms@shop.test", Reply_To=f"Anna <{ANNA}>"))

    assert (message.sender.external_id, message.thread["to"]) == (ANNA, [ANNA])


def test_a_stranger_naming_another_address_stays_who_they_are():
    message = read(letter(sender="mallory@evil.test", Reply_To=ANNA))

    assert (message.sender.external_id, message.thread["to"]) == ("mallory@evil.test", [ANNA])


def test_copies_are_kept_without_ourselves():
    message = read(letter(to=f"{SUPPORT}, boris@example.org", Cc=f"chief@example.org, support+tag@shop.test, {ANNA}"))

    assert message.thread["cc"] == ["boris@example.org", "chief@example.org"]


@pytest.mark.parametrize("mail", [b"", b"\r\n\r\n", b"no headers at all"])
def test_what_is_no_mail_is_refused(mail):
    with pytest.raises((ValueError, LookupError)):
        email.parse(email.read(mail), account=ACCOUNT)


SLOW: dict[str, Callable[[], bytes]] = {
    "a million angle brackets": lambda: raw("MIME-Version: 1.0\nContent-Type: text/html", "<" * 1_000_000),
    "divs without end": lambda: raw("MIME-Version: 1.0\nContent-Type: text/html", "<div>" * 200_000),
    "links in bold without end": lambda: raw("MIME-Version: 1.0\nContent-Type: text/html", "<a><b>" * 200_000),
    "on on on": lambda: raw(PLAIN, "On " * 500_000),
    "on on on, line by line": lambda: raw(PLAIN, ("On " * 60 + ":\r\n") * 5000),
    "quotes of quotes": lambda: raw(PLAIN, (">" * 200 + "\r\n") * 5000),
    "references without end": lambda: raw("References: " + "<a@b> " * 200_000, "x"),
    "addresses without end": lambda: raw("Cc: " + "a@b.c, (" * 100_000, "x"),
    "encoded words without end": lambda: raw("Subject: " + "=?utf-8?Q?a" * 100_000, "x"),
    "parameters without end": lambda: raw("Content-Type: text/plain" + '; a="' * 200_000, "x"),
    "headers without end": lambda: raw("\n".join(f"X-{n}: 1" for n in range(50_000)), "x"),
    "parts without end": lambda: raw(*multipart(*["Content-Type: text/plain\r\n\r\nx"] * 20_000)),
    "a boundary in every line": lambda: raw(*multipart(*["\r\n--b1"] * 50_000)),
    "letters of a punycode": lambda: raw(f"{PLAIN}; charset=punycode", "a" * 1_000_000),
}


@pytest.mark.parametrize("name", SLOW)
def test_what_is_made_to_keep_us_busy_does_not(name, cpu_seconds):
    mail = SLOW[name]()
    with cpu_seconds(at_most=4.0):
        message = read(mail)

    assert len(repr(message)) < 1_200_000
