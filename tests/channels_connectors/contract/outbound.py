"""The cells of what we send, and of how that may fail."""

from channels_connectors.connector import ChatRef
from channels_connectors.splitting import length_in
from openlines.types import Button, IncomingMessage, OutgoingPart, SentMessage
from tests.channels_connectors.contract.trying import Trial

BUTTONS = ((Button(text="Yes", payload="answer:1"), Button(text="No", payload="answer:2")),)


def send_text(trial: Trial) -> None:
    sent = trial.send("Good morning, Anna! 🌞")

    (seen,) = trial.arrived()
    assert (seen.text, seen.kind) == ("Good morning, Anna! 🌞", "TEXT")
    assert seen.external_id == sent.external_ids[0]


def send_long_text(trial: Trial) -> None:
    means = trial.connector.capabilities_of(trial.driver.account.settings)
    words = " ".join(f"слово{number}" for number in range(int(means.text_length * 2.2) // 10))
    sent = trial.send(words)

    seen = trial.arrived()
    assert len(seen) == len(sent.external_ids) > 1
    assert all(length_in(one.text, means.length_unit) <= means.text_length for one in seen)
    assert " ".join(one.text for one in seen).split() == words.split()


def _file(trial: Trial, kind: str) -> None:
    trial.send("Here it is", attachments=(trial.attachment(kind),))

    seen = trial.arrived()
    files = [one for one in seen if one.kind != "TEXT"]
    assert len(files) == 1
    assert files[0].kind in (kind, "FILE")
    assert "Here it is" in [one.text for one in seen]


def send_image(trial: Trial) -> None:
    _file(trial, "IMAGE")


def send_file(trial: Trial) -> None:
    _file(trial, "FILE")


def send_voice(trial: Trial) -> None:
    _file(trial, "VOICE")


def send_video(trial: Trial) -> None:
    _file(trial, "VIDEO")


def send_album(trial: Trial) -> None:
    pictures = tuple(trial.attachment("IMAGE", name=f"{number}.png") for number in range(2))
    sent = trial.send("", attachments=pictures)

    assert len([one for one in trial.arrived() if one.kind == "IMAGE"]) == 2
    assert len(trial.parts("", attachments=pictures)) == 1
    assert len(sent.external_ids) >= 1


def send_reply(trial: Trial) -> None:
    question = trial.message(trial.driver.text("When?"))
    trial.send("On Monday", reply_to_external_id=question.external_id)

    assert trial.arrived()[-1].reply_to == question.external_id


def send_buttons(trial: Trial) -> None:
    trial.send("Shall we come on Monday?", buttons=BUTTONS)

    assert trial.arrived()[-1].buttons == ("Yes", "No")


def edit(trial: Trial) -> None:
    sent = trial.send("Good mornin")
    change = OutgoingPart(
        message_id=7, number=0, chat_external_id=trial.driver.chat, text="Good morning", thread=trial.driver.thread
    )
    for _twice in range(2):
        trial.connector.edit(sent, change, trial.driver.account)

    assert [one.text for one in trial.arrived()] == ["Good morning"]


def delete(trial: Trial) -> None:
    sent = trial.send("A mistake")
    for _twice in range(2):
        trial.connector.delete(sent, trial.driver.account)

    assert trial.arrived() == []


def hide(trial: Trial) -> None:
    comment = _comment(trial)
    trial.connector.hide(comment, trial.driver.account, is_hidden=True)
    assert trial.driver.hidden() == list(comment.external_ids)

    trial.connector.hide(comment, trial.driver.account, is_hidden=False)
    assert trial.driver.hidden() == []


def _comment(trial: Trial) -> SentMessage:
    message: IncomingMessage = trial.message(trial.driver.text("Rubbish!"))
    return SentMessage(
        chat_external_id=message.chat_external_id, external_ids=(message.external_id,), thread=message.thread
    )


def private_reply(trial: Trial) -> None:
    comment = _comment(trial)
    trial.send("Let us talk", is_private_reply=True, reply_to_external_id=comment.external_ids[0])

    assert trial.arrived()[-1].text == "Let us talk"


def template(trial: Trial) -> None:
    assert "order_ready" in [one.name for one in trial.connector.templates(trial.driver.account)]
    trial.send("", template=trial.template())

    assert "42" in trial.arrived()[-1].text


def _chat(trial: Trial) -> ChatRef:
    last = trial.message(trial.driver.text("Hello")).external_id
    return ChatRef(external_id=trial.driver.chat, thread=trial.driver.thread, last_external_id=last)


def typing_out(trial: Trial) -> None:
    trial.connector.show_typing(_chat(trial), trial.driver.account)

    assert trial.driver.typing_seen()


def read_out(trial: Trial) -> None:
    chat = _chat(trial)
    trial.connector.mark_read(chat, trial.driver.account)

    assert trial.driver.read_seen() == chat.last_external_id


def _kind_of_failure(trial: Trial, how: str, *, expected: str) -> None:
    trial.driver.fail(how)
    assert trial.refused().kind == expected


def blocked(trial: Trial) -> None:
    _kind_of_failure(trial, "blocked", expected="BLOCKED")


def token(trial: Trial) -> None:
    _kind_of_failure(trial, "token", expected="TOKEN")


def window(trial: Trial) -> None:
    _kind_of_failure(trial, "window", expected="WINDOW")


def permanent(trial: Trial) -> None:
    _kind_of_failure(trial, "permanent", expected="PERMANENT")


def flood(trial: Trial) -> None:
    trial.driver.fail("flood")
    error = trial.refused()

    assert error.kind in ("RETRY", "LATER")
    assert error.retry_after is None or 0 < error.retry_after <= 24 * 3600
    assert trial.arrived() == []


def outage(trial: Trial) -> None:
    trial.driver.fail("outage")
    error = trial.refused()

    assert (error.kind, error.is_outage) == ("RETRY", True)
    trial.send("Hello")
    assert [one.text for one in trial.arrived()] == ["Hello"]


def timeout_before(trial: Trial) -> None:
    _kind_of_failure(trial, "timeout_before", expected="UNKNOWN")
    assert trial.arrived() == []
    if trial.connector.capabilities.idempotency == "listing":
        assert trial.found("Hello") is None


def timeout_after(trial: Trial) -> None:
    _kind_of_failure(trial, "timeout_after", expected="UNKNOWN")
    assert [one.text for one in trial.arrived()] == ["Hello"]
    idempotency = trial.connector.capabilities.idempotency
    if idempotency == "key":
        trial.send("Hello")
        assert [one.text for one in trial.arrived()] == ["Hello"]
    if idempotency == "listing":
        found = trial.found("Hello")
        assert found is not None
        assert found.parts == (trial.arrived()[0].external_id,)
