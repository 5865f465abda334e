"""What mails mean: threads, quotes, machines, bounces."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_connectors.email.connector import Email
from channels_connectors.email.quoting import without_quote
from channels_connectors.email.tokens import message_id_of, plus_address, subject_tag
from openlines.types import IncomingEcho, IncomingMessage, IncomingReceipt
from tests.channels_connectors.email.letters import ACCOUNT, ANNA, BORIS, SUPPORT, bounce, kept, letter, multipart, raw

pytestmark = pytest.mark.row("C12")

email = Email()
OURS = message_id_of("77.0", "abcdefgh", ACCOUNT)


def said(mail: bytes, *, folder: str = "inbox"):
    return email.parse(email.read(kept(mail, folder=folder)), account=ACCOUNT)


def chat_of(mail: bytes) -> str:
    (message,) = said(mail)
    return str(message.chat_external_id)


# Threads.


def test_a_new_mail_is_a_thread_of_its_own():
    assert chat_of(letter(number=1)) != chat_of(letter(number=2))


def test_a_subject_alone_joins_nothing():
    assert chat_of(letter(subject="Re: My order", number=2)) != chat_of(letter(subject="My order", number=1))


def test_whatever_goes_back_to_the_first_mail_is_its_thread():
    answer = letter(number=3, References="<anna-1@example.org> <x@y> <z@y>", In_Reply_To="<z@y>")

    assert chat_of(answer) == chat_of(letter(number=1))
    assert said(answer)[0].follows == ("<z@y>", "<x@y>", "<anna-1@example.org>")


@pytest.mark.parametrize("names", [("References",), ("In_Reply_To",), ("References", "In_Reply_To")])
def test_an_answer_to_us_finds_its_thread_by_our_sign(names):
    (message,) = said(letter(**dict.fromkeys(names, OURS)))

    assert (message.chat_external_id, message.follows, message.reply_to_external_id) == ("abcdefgh", (), OURS)


def test_a_sign_in_the_address_or_the_subject_is_enough():
    assert chat_of(letter(to=plus_address("abcdefgh", ACCOUNT))) == "abcdefgh"
    assert chat_of(letter(subject=f"Re: My order {subject_tag('abcdefgh', ACCOUNT)}")) == "abcdefgh"


def test_a_sign_that_is_not_ours_is_worth_nothing():
    other = replace(ACCOUNT, webhook_secret="another")
    forged = [
        letter(In_Reply_To=message_id_of("77.0", "abcdefgh", other)),
        letter(to=plus_address("abcdefgh", other)),
        letter(subject=subject_tag("abcdefgh", other)),
    ]

    assert all(chat_of(mail) != "abcdefgh" for mail in forged)


# Quotes.

ENDS = {
    "english": "On Mon, May 12, 2025 at 10:00 AM Support <s@e.org> wrote:\n> Hello\n> there",
    "english, folded": "On Mon, May 12, 2025 at 10:00 AM Support\n<s@e.org> wrote:\n> Hello",
    "russian": "пн, 12 мая 2025 г. в 12:00, Поддержка <s@e.org>:\n> Здравствуйте",
    "russian, unmarked": "Понедельник, 12 мая 2025, 10:00 +03:00 от Поддержка <s@e.org>:\n\nЗдравствуйте",
    "russian words": "12.05.2025 10:00, Поддержка пишет:\n> Здравствуйте",
    "german": "Am 12.05.2025 um 10:00 schrieb Support <s@e.org>:\n> Hallo",
    "french": "Le lun. 12 mai 2025 à 10:00, Support <s@e.org> a écrit :\n> Bonjour",
    "outlook": "-----Original Message-----\nFrom: Support\nSent: Monday\nTo: Anna\nSubject: Order\n\nHello",
    "outlook, new": "From: Support <s@e.org>\nSent: Monday, May 12\nTo: Anna\nSubject: Order\n\nHello",
    "outlook, russian": "От: Поддержка <s@e.org>\nОтправлено: 12 мая 2025 г.\nКому: Анна\nТема: Заказ\n\nЗдравствуйте",
    "marks only": "> Hello\n> there",
    "whatever the language": "Support kirjoitti:\n> Hei",
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_what_is_quoted_is_folded(end):
    assert without_quote(f"Thank you!\n\nAnna\n\n{end}\n") == ("Thank you!\n\nAnna", end)


@pytest.mark.parametrize(
    "text",
    [
        "Hello:\n- one\n- two",
        "On Monday I wrote you a letter. Where is it?",
        "On Mon, May 12 Support <s@e.org> wrote:\n> Hello\nMy answer to it\n> there\nand to that",
        "> Hello\n\nAn answer below",
        "---------- Forwarded message ---------\nFrom: Boris\nSubject: x\n\nLook",
        "My sizes:\nshoes: 42\nhat: 58",
        "Anna\n-- \nShop & Co, phone: 123",
    ],
)
def test_what_is_no_quote_or_answered_between_its_lines_stays(text):
    assert without_quote(text) == (text, "")


def test_a_quote_in_a_page_is_folded_too():
    page = "<div>Thanks</div><div>On Mon, May 12 Support &lt;s@e.org&gt; wrote:<blockquote>Hello</blockquote></div>"
    (message,) = said(raw("Content-Type: text/html", page))

    assert (message.text, "Hello" in message.details["quoted_text"]) == ("Thanks", True)


# Machines.

MACHINES = [
    {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated; owner-email=x"}, {"Precedence": "bulk"},
    {"Precedence": "auto_reply"}, {"List_Id": "<news.example.org>"}, {"List_Unsubscribe": "<https://example.org>"},
    {"X_Auto_Response_Suppress": "All"}, {"Return_Path": "<>"}, {"X_Autoreply": "yes"},
    {"X_Contact_Centre": "automatic"},
    {"sender": "MAILER-DAEMON@example.org"}, {"sender": "no-reply@example.org"}, {"sender": "noreply@example.org"},
    {"sender": "bounces+1@example.org"}, {"subject": "Automatic reply: away"}, {"subject": "Автоответ: в отпуске"},
]  # fmt: skip


@pytest.mark.parametrize("signs", MACHINES, ids=str)
def test_what_a_machine_wrote_is_told(signs):
    (message,) = said(letter(**signs))

    assert message.is_automatic


@pytest.mark.parametrize(
    "signs", [{}, {"Auto_Submitted": "no"}, {"Precedence": "first-class"}, {"Return_Path": f"<{ANNA}>"}]
)
def test_what_a_person_wrote_is_told(signs):
    (message,) = said(letter(**signs))

    assert not message.is_automatic


def test_a_machine_in_a_thread_does_not_change_whom_we_answer():
    (message,) = said(letter(sender="no-reply@example.org", In_Reply_To=OURS))

    assert message.thread == {}


def test_our_own_mail_that_comes_back_says_nothing():
    assert said(letter(sender=SUPPORT)) == []
    assert said(letter(Message_ID=OURS)) == []


# Reports.


def test_a_bounce_is_about_the_mail_that_bounced():
    (receipt,) = said(bounce(OURS))

    assert receipt == IncomingReceipt(
        state="FAILED",
        chat_external_id="abcdefgh",
        external_id=OURS,
        client_key="77.0",
        error_kind="BLOCKED",
        error="550 5.1.1 User unknown",
    )


@pytest.mark.parametrize(("status", "kind"), [("5.7.1", "PERMANENT"), ("5.2.2", "PERMANENT"), ("5.4.5", "LATER")])
def test_why_it_bounced(status, kind):
    assert said(bounce(OURS, status=status))[0].error_kind == kind


def test_a_copy_that_bounced_is_told_as_a_mail():
    (message,) = said(bounce(OURS, of=BORIS))

    assert isinstance(message, IncomingMessage)
    assert message.is_automatic


def test_a_bounce_of_nothing_of_ours_is_a_mail():
    (message,) = said(bounce("<someone@else>"))

    assert isinstance(message, IncomingMessage)


def test_a_mail_that_only_waits_is_no_failure():
    assert not any(isinstance(one, IncomingReceipt) for one in said(bounce(OURS, action="delayed", status="4.4.1")))


def test_a_mail_that_was_read():
    head, body = multipart(
        "Content-Type: text/plain\r\n\r\nRead",
        f"Content-Type: message/disposition-notification\r\n\r\nOriginal-Message-ID: {OURS}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n",
        kind="report; report-type=disposition-notification",
    )

    assert said(raw(f"Subject: Read\n{head}", body)) == [
        IncomingReceipt(state="READ", chat_external_id="abcdefgh", external_id=OURS, client_key="77.0")
    ]


# The folder of sent mails.


def test_what_staff_wrote_in_a_mail_program():
    mail = letter("I look into it", sender=f"Olga <{SUPPORT}>", to=ANNA, References="<anna-1@example.org>", number=9)
    (echo,) = said(mail, folder="sent")

    assert isinstance(echo, IncomingEcho)
    assert (echo.recipient.external_id, echo.author_name, echo.text) == (ANNA, "Olga", "I look into it")
    assert echo.chat_external_id == chat_of(letter(number=1))


def test_our_own_mail_in_the_folder_is_known_by_its_key():
    (echo,) = said(letter(sender=SUPPORT, to=ANNA, Message_ID=OURS), folder="sent")

    assert (echo.client_key, echo.chat_external_id) == ("77.0", "abcdefgh")


def test_a_stranger_can_not_say_that_staff_sent_it():
    mail = letter(sender=SUPPORT)

    assert said(b"X-Taken-From: sent\r\n" + mail) == []
    assert all(not isinstance(one, IncomingEcho) for one in said(b"X-Taken-From: sent\r\n" + letter()))


# Nonsense.

SEEDS = [
    letter("Hello", html="<p>Hello</p>", References="<a@b> <c@d>"), bounce(OURS),
    raw("Subject: =?utf-8?B?0JzQvtC5?=\nContent-Type: text/plain; charset=koi8-r", "x"),
    raw(*multipart("Content-Type: text/plain\r\n\r\nx", "Content-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nz")),
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=12), st.integers(0, 40)), max_size=6),
)
def test_mutated_mails_are_read_or_refused(mail, changes):
    for place, content, removed in changes:
        start = place % (len(mail) + 1)
        mail = mail[:start] + content + mail[start + removed :]
    try:
        found = said(mail)
    except (ValueError, LookupError, TypeError, AttributeError):
        return
    assert len(found) <= 1
    assert "\0" not in repr(found)
