"""Answers as mails, taken by a mail server that none of us wrote (aiosmtpd)."""

from dataclasses import replace
from email.policy import default
from uuid import uuid4

import pytest

from channels_connectors.email.connector import Email
from channels_connectors.email.errors import failure_of_answer, kind_of_status
from channels_connectors.email.sending import html_of, mail_of
from channels_connectors.email.tokens import own_mail
from channels_connectors.errors import ConnectorError
from openlines.types import OutgoingAttachment, OutgoingMessage, TextFormat
from tests.channels_connectors.contract.email import EmailDriver
from tests.channels_connectors.email.letters import ANNA, BORIS, SUPPORT, kept, letter
from tests.channels_connectors.sending import send_all

pytestmark = pytest.mark.row("C12")

email = Email()


@pytest.fixture
def driver():
    with EmailDriver.begin() as running:
        yield running


def answer(driver: EmailDriver, text: str = "It is on its way", **changes) -> OutgoingMessage:
    message = OutgoingMessage(message_id=7, chat_external_id=driver.chat, text=text, thread=driver.thread)
    return replace(message, **changes)


def sent(driver: EmailDriver, message: OutgoingMessage):
    receipt = send_all(email, message, driver.account)
    (mail,) = driver.smtp.mails()
    assert receipt.parts == (mail["Message-ID"],)
    return mail


def test_an_answer_stands_in_its_thread(driver):
    thread = dict(driver.thread) | {"references": ["<root@x>", *[f"<{n}@x>" for n in range(20)]], "cc": [BORIS]}
    mail = sent(driver, answer(driver, thread=thread))

    assert (mail["From"], mail["To"], mail["Cc"], mail["Subject"]) == (SUPPORT, ANNA, BORIS, "Re: My order")
    assert mail["In-Reply-To"] == "<19@x>"
    assert mail["References"].split()[0] == "<root@x>"
    assert mail["References"].split()[-1] == "<19@x>"
    assert driver.smtp.taken[0][0] == [ANNA, BORIS]
    assert mail["Auto-Submitted"] is None


def test_a_quoted_mail_is_what_is_answered(driver):
    mail = sent(driver, answer(driver, reply_to_external_id="<earlier@example.org>"))

    assert mail["In-Reply-To"] == "<earlier@example.org>"


@pytest.mark.parametrize("subject", ["Re: My order", "RE: My order", "Отв: Заказ", "AW: Bestellung"])
def test_an_answer_to_an_answer_is_not_answered_twice(driver, subject):
    mail = sent(driver, answer(driver, thread=dict(driver.thread) | {"subject": subject}))

    assert mail["Subject"] == subject


def test_the_id_is_the_same_in_every_try_and_names_the_chat(driver):
    (part,) = email.parts_of(answer(driver), driver.account)
    first, second = (mail_of(part, driver.account)["Message-ID"] for _try in range(2))

    assert first == second
    ours = own_mail(first, driver.account)
    assert ours is not None
    assert (ours.client_key, ours.chat) == (part.client_key, driver.chat)


def test_long_ids_are_never_broken(driver):
    long_id = f"<{'a' * 200}@{'b' * 40}.example.org>"
    thread = dict(driver.thread) | {"references": [long_id] * 3}
    sent(driver, answer(driver, thread=thread, chat_external_id="c" * 60))
    content = driver.smtp.taken[0][1]

    assert f"In-Reply-To: {long_id}".encode() in content
    assert b"\nMessage-ID: <7.0." in content
    assert b"=?" not in content


def test_marks_files_and_letters_of_every_kind(driver, tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(b"%PDF")
    file = OutgoingAttachment(id=uuid4(), kind="FILE", path=str(path), name="Счёт.pdf", mime="application/pdf", size=4)
    mail = sent(
        driver,
        answer(driver, "Готово <сегодня> 🎉", formats=(TextFormat("BOLD", 0, 6),), attachments=(file,)),
    )

    assert mail.get_body(("plain",)).get_content().strip() == "Готово <сегодня> 🎉"
    assert "<b>Готово</b> &lt;сегодня&gt;" in mail.get_body(("html",)).get_content()
    (attachment,) = mail.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("Счёт.pdf", b"%PDF")
    assert driver.smtp.taken[0][1].isascii()


def test_marks_that_cross_close_inside_each_other():
    page = html_of("abcdef", (TextFormat("BOLD", 0, 4), TextFormat("ITALIC", 2, 6)))

    assert "<b>ab</b><b><i>cd</i></b><i>ef</i>" in page


def test_automatic_words_say_so(driver):
    mail = sent(driver, answer(driver, is_automatic=True))

    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    (back,) = email.parse(email.read(kept(letter(X_Contact_Centre="automatic"))), account=driver.account)
    assert back.is_automatic


@pytest.mark.parametrize("mark", ["subject", "address"])
def test_a_mark_of_the_conversation_leads_back(driver, mark):
    account = replace(driver.account, settings=driver.account.settings | {"thread_mark": mark})
    (part,) = email.parts_of(answer(driver), account)
    mail = mail_of(part, account)
    back = letter(to=str(mail["Reply-To"] or SUPPORT), subject=f"Re: {mail['Subject']}", number=5)

    (message,) = email.parse(email.read(kept(back)), account=account)

    assert message.chat_external_id == driver.chat


def test_a_name_of_the_sender(driver):
    account = replace(driver.account, settings=driver.account.settings | {"sender_name": "Магазин, ООО"})
    (part,) = email.parts_of(answer(driver), account)

    assert mail_of(part, account)["From"].addresses[0].display_name == "Магазин, ООО"
    assert default.header_factory("From", str(mail_of(part, account)["From"])).addresses[0].addr_spec == SUPPORT


def failure(driver: EmailDriver, **changes) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        send_all(email, answer(driver, **changes), driver.account)
    return caught.value


def test_a_copy_that_is_refused_does_not_stop_the_mail(driver):
    driver.smtp.refusals[BORIS] = "550 5.1.1 no such user"
    sent(driver, answer(driver, thread=dict(driver.thread) | {"cc": [BORIS]}))

    assert driver.smtp.taken[0][0] == [ANNA]


def test_nobody_gets_anything_if_the_client_is_refused(driver):
    driver.smtp.refusals[ANNA] = "451 4.2.1 greylisted"
    error = failure(driver, thread=dict(driver.thread) | {"cc": [BORIS]})

    assert (error.kind, driver.smtp.taken) == ("RETRY", [])


@pytest.mark.parametrize(
    ("how", "kind"),
    [("blocked", "BLOCKED"), ("token", "TOKEN"), ("flood", "RETRY"), ("outage", "RETRY"), ("permanent", "PERMANENT")],
)
def test_what_a_refusal_means(driver, how, kind):
    driver.fail(how)

    assert failure(driver).kind == kind
    assert driver.smtp.taken == []


@pytest.mark.parametrize(("how", "is_taken"), [("timeout_before", False), ("timeout_after", True)])
def test_silence_after_the_whole_mail_may_mean_anything(driver, how, is_taken):
    driver.fail(how)

    assert failure(driver).kind == "UNKNOWN"
    assert bool(driver.smtp.taken) == is_taken
    send_all(email, answer(driver), driver.account)
    assert len(driver.smtp.mails()) == 1


def test_a_server_that_is_not_there(driver):
    account = replace(driver.account, settings=driver.account.settings | {"smtp_port": "1"})
    with pytest.raises(ConnectorError) as caught:
        send_all(email, answer(driver), account)

    assert (caught.value.kind, caught.value.is_outage) == ("RETRY", True)


def test_a_thread_without_anybody_to_answer(driver):
    assert failure(driver, thread={}).kind == "PERMANENT"


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        (550, "5.1.1 no such user", "BLOCKED"), (550, "mailbox unavailable", "BLOCKED"),
        (550, "5.7.1 spam", "PERMANENT"), (553, "5.1.3 bad address", "BLOCKED"),
        (552, "5.3.4 too big", "PERMANENT"), (452, "4.2.2 full", "RETRY"),
        (552, "5.2.2 mailbox full", "PERMANENT"), (550, "5.4.5 Daily sending quota exceeded", "LATER"),
        (454, "4.7.0 later", "RETRY"), (535, "5.7.8 bad", "TOKEN"), (530, "5.7.0 log in first", "TOKEN"),
    ],
)  # fmt: skip
def test_the_table_of_answers(code, words, kind):
    assert failure_of_answer(code, words, is_recipient=True).kind == kind


def test_a_status_without_words():
    assert kind_of_status("", "") == "PERMANENT"


def test_the_check_logs_in_both_ways(driver):
    checked = email.check(driver.account)

    assert (checked.external_id, checked.title) == (SUPPORT, SUPPORT)
    assert checked.settings["begins_at"] == "inbox=1.0."


def test_the_check_names_the_folders_there_are(driver):
    account = replace(driver.account, settings=driver.account.settings | {"sent_folder": "Gesendet"})
    with pytest.raises(ConnectorError, match="INBOX, Sent"):
        email.check(account)


def test_the_check_refuses_a_wrong_password(driver):
    with pytest.raises(ConnectorError) as caught:
        email.check(driver.wrong_token())

    assert caught.value.kind == "TOKEN"
