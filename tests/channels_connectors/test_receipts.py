"""What providers report of our messages, in any order; echoes of our sends, and words of staff in their own app."""

from datetime import timedelta
from typing import Any

import pytest

from channels_connectors.connector import Account, Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Delivery, DeliveryReport, ParkedReceipt
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.receipts import StillUnderWay, key_of, record_echo, record_receipt
from channels_connectors.services.reports import KEPT, sweep_parked
from channels_connectors.services.sending import deliver
from crm.models import Client, Lead
from openlines.models import Attachment, Dialog, Line, Message, Timer
from openlines.services.closing import finish_dialog
from openlines.types import IncomingAttachment, IncomingEcho, IncomingReceipt, OutgoingPart, Person
from tests.channels_connectors.carrying import carry, state_of
from tests.factories import make_channel, make_line, write
from tests.providers.scripted import Scripted
from tests.scenes import Scene, active, anna_writes, offered, reply

pytestmark = pytest.mark.row("D12")


@pytest.fixture
def talk(scene: Scene, provider: Scripted) -> Scene:
    """Olga talks with Anna over a channel that reports; nothing waits to be sent."""
    Line.objects.update(is_welcome_sent=False, closing_action="NONE")
    scene.line.refresh_from_db()
    provider.can = {"receipts": "read"}
    active(scene)
    return scene


def sent(scene: Scene, provider: Scripted, text: str = "Hi", *, parts: tuple[str, ...] = ("w1",)) -> Message:
    message = reply(scene, text)
    provider.then(Receipt(parts=parts))
    carry(scene)
    message.refresh_from_db()
    return message


def report(scene: Scene, state: str, **fields: Any) -> None:
    values = {"chat_external_id": "anna", "external_id": "w1"} | fields
    record_receipt(channel=scene.channel, receipt=IncomingReceipt(state=state, **values), now=scene.now)


def echo(scene: Scene, text: str = "Good morning", *, number: int = 1, **fields: Any) -> None:
    anna = Person(external_id="anna")
    values: dict[str, Any] = {"chat_external_id": "anna", "external_id": f"n{number}", "recipient": anna}
    record_echo(channel=scene.channel, echo=IncomingEcho(text=text, **(values | fields)), now=scene.now)


def reports() -> list[str]:
    return list(DeliveryReport.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        (["DELIVERED", "READ"], "READ"),
        (["READ", "DELIVERED"], "READ"),
        (["DELIVERED", "DELIVERED", "SENT"], "DELIVERED"),
        (["DELIVERED", "FAILED"], "DELIVERED"),
        (["FAILED", "SENT"], "FAILED"),
        (["FAILED", "DELIVERED"], "DELIVERED"),
    ],
)
def test_reports_only_lead_forward(talk, provider, told, seen):
    message = sent(talk, provider)

    for state in told:
        report(talk, state)

    assert state_of(message)[0] == seen


def test_each_state_is_kept_with_its_time(talk, provider):
    message = sent(talk, provider)

    report(talk, "DELIVERED", at=talk.later(seconds=5))
    report(talk, "READ", at=talk.later(seconds=9))
    report(talk, "READ", at=talk.later(seconds=99))

    kept = DeliveryReport.objects.filter(message=message).values_list("state", "at")
    assert dict(kept) == {
        "SENT": talk.later(seconds=1), "DELIVERED": talk.later(seconds=5), "READ": talk.later(seconds=9),
    }  # fmt: skip


def test_a_chat_need_not_be_named(talk, provider):
    message = sent(talk, provider)

    report(talk, "READ", chat_external_id="")

    assert state_of(message)[0] == "READ"


def test_the_last_part_speaks_for_all(talk, provider):
    message = sent(talk, provider, parts=("w1", "w2"))

    report(talk, "READ", external_id="w1")
    assert state_of(message)[0] == "SENT"
    report(talk, "READ", external_id="w2")

    assert state_of(message)[0] == "READ"


def test_all_up_to_a_moment_was_read_and_nothing_else(talk, provider):
    first, failed = sent(talk, provider), reply(talk, "Bad")
    provider.then(ConnectorError("no", kind="PERMANENT"))
    carry(talk)
    waiting = reply(talk, "Later")
    later = sent_later(talk, provider)

    report(talk, "READ", external_id="", up_to=talk.later(seconds=5))

    assert [state_of(message)[0] for message in (first, failed, waiting, later)] == ["READ", "FAILED", "QUEUED", "SENT"]


def sent_later(scene: Scene, provider: Scripted) -> Message:
    message = reply(scene, "Much later")
    Message.objects.filter(pk=message.pk).update(created_at=scene.later(seconds=10), delivery_state="SENT")
    Delivery.objects.filter(message=message).update(state="SENT")
    return message


def test_a_mark_of_delivery_does_not_take_back_what_was_read(talk, provider):
    message = sent(talk, provider)
    report(talk, "READ")

    report(talk, "DELIVERED", external_id="", up_to=talk.later(seconds=5))

    assert state_of(message)[0] == "READ"


def test_a_report_may_come_before_the_answer_to_the_send(talk, provider):
    message = reply(talk, "Hi")
    report(talk, "DELIVERED", at=talk.later(seconds=3))
    report(talk, "DELIVERED")
    assert ParkedReceipt.objects.count() == 1
    provider.then(Receipt(parts=("w1",)))

    carry(talk)

    assert state_of(message)[0] == "DELIVERED"
    assert not ParkedReceipt.objects.exists()
    assert reports() == ["SENT", "DELIVERED"]


@pytest.mark.parametrize("its_own_id", ["w1", ""])
def test_a_report_by_our_name_of_it_may_come_before_the_answer_as_well(talk, provider, monkeypatch, its_own_id):
    """A partner's program that says "delivered" while it still takes the message."""
    message = reply(talk, "Hi")

    def taken(part: OutgoingPart, _account: Account) -> Receipt:
        report(talk, "DELIVERED", external_id="", client_key=part.client_key)
        return Receipt(parts=(its_own_id or part.client_key,))

    monkeypatch.setattr(provider, "send", taken)
    carry(talk)

    assert state_of(message)[0] == "DELIVERED"
    assert not ParkedReceipt.objects.exists()


def test_an_early_report_of_failure_is_not_lost(talk, provider):
    message = reply(talk, "Hi")
    report(talk, "FAILED", error_kind="BLOCKED", error="no such user")
    provider.then(Receipt(parts=("w1",)))

    carry(talk)

    assert state_of(message) == ("FAILED", "BLOCKED")
    assert not Client.objects.get().is_reachable
    assert Delivery.objects.get().error == "no such user"


def test_what_nobody_asks_for_is_swept(talk):
    report(talk, "READ", external_id="of somebody else")

    assert sweep_parked(now=talk.now + KEPT - timedelta(hours=1)) == 0
    assert sweep_parked(now=talk.now + KEPT + timedelta(hours=1)) == 1


@pytest.mark.parametrize(("kind", "code"), [("WINDOW", "WINDOW"), ("BLOCKED", "BLOCKED"), ("", "PERMANENT")])
def test_a_failure_that_is_reported_has_its_class(talk, provider, kind, code):
    message = sent(talk, provider)

    report(talk, "FAILED", error_kind=kind, error="why")

    assert state_of(message) == ("FAILED", code)
    assert Delivery.objects.get().error_kind == (kind or "PERMANENT")
    assert Client.objects.get().is_reachable == (kind != "BLOCKED")


def test_keys_of_other_channels_say_nothing_here(talk, provider):
    provider.can = {"idempotency": "echo"}
    message = reply(talk, "Hi")
    provider.then(ConnectorError("no answer", kind="UNKNOWN"))
    carry(talk)
    elsewhere = make_channel(talk.cast, make_line(talk.cast, name="Other"))
    write(elsewhere, "Hi", sender="Mallory")

    receipt = IncomingReceipt(state="READ", chat_external_id="mallory", external_id="x", client_key=f"{message.pk}.0")
    record_receipt(channel=elsewhere, receipt=receipt, now=talk.now)

    assert state_of(message)[0] == "QUEUED"


@pytest.mark.parametrize("nonsense", ["", "7", "7.", ".7", "a.b", "-1.0", "1.0.0", "9" * 40 + ".0", "1.9999999", "²"])
def test_keys_that_are_none_of_ours_are_none(nonsense):
    assert key_of(nonsense) is None


# Echoes


def test_an_echo_of_our_own_send_makes_no_second_message(talk, provider):
    message = sent(talk, provider)

    echo(talk, "Hi", external_id="w1")

    assert Message.objects.filter(text="Hi").get() == message


def test_an_echo_that_comes_before_the_answer_is_known_by_its_words(talk, provider):
    message = reply(talk, "Hi  ")
    (delivery_id,) = claim_due(limit=1, now=talk.later(seconds=1))

    echo(talk, "Hi", external_id="w1")
    provider.then(Receipt(parts=("w1",)))
    deliver(delivery_id)

    assert Message.objects.filter(author_kind="OPERATOR").get() == message
    assert state_of(message)[0] == "SENT"
    assert message.external_id == "w1"


def test_other_words_while_a_send_is_under_way_wait_for_its_answer(talk, provider):
    reply(talk, "Hi")
    (delivery_id,) = claim_due(limit=1, now=talk.later(seconds=1))

    with pytest.raises(StillUnderWay):
        echo(talk, "Good morning")
    deliver(delivery_id)
    echo(talk, "Good morning")

    assert native().text == "Good morning"


def test_a_send_in_doubt_is_known_by_its_words_for_a_while(talk, provider):
    message = reply(talk, "Hi")
    provider.then(ConnectorError("no answer", kind="UNKNOWN"))
    carry(talk)
    assert state_of(message)[0] == "UNKNOWN"

    echo(talk, "Hi", external_id="w1")

    assert state_of(message) == ("SENT", "")
    assert message.external_id == "w1"


def native() -> Message:
    return Message.objects.get(payload__details__native=True)


@pytest.mark.row("D2")
def test_what_staff_write_in_the_provider_s_app_appears_as_an_operator_s_message(talk):
    anna_writes(talk, "And the price?")

    echo(talk, "10 roubles", author_name="Maria")
    echo(talk, "10 roubles", author_name="Maria")

    message = native()
    assert (message.author_kind, message.author, message.delivery_state) == ("OPERATOR", None, "SENT")
    assert message.payload["details"]["author_name"] == "Maria"
    assert message.dialog == talk.dialog
    assert (talk.dialog.waiting_since, talk.dialog.unread) == (None, 0)
    assert not Delivery.objects.exists(), "it is there already"
    assert Timer.objects.filter(dialog=talk.dialog, kind="silence").exists()


def test_an_answer_in_the_app_leaves_an_offer_but_no_excuses(scene, provider):
    offered(scene)
    before = scene.dialog.offered_to

    echo(scene)

    assert scene.dialog.offered_to == before
    assert not Timer.objects.filter(dialog=scene.dialog, kind__in=["silence", "no_answer"]).exists()


def test_after_the_end_it_joins_the_last_dialog_and_opens_nothing(talk):
    finish_dialog(dialog_id=talk.dialog.pk, operator=talk.cast.olga, now=talk.now)

    echo(talk, "One more thing")

    assert native().dialog == Dialog.objects.get()
    assert Dialog.objects.get().state == "CLOSED"


@pytest.mark.parametrize("name", ["", "Anna"])
def test_staff_who_write_first_are_seen_and_nothing_automatic_happens(scene, provider, name, monkeypatch):
    monkeypatch.setattr("channels_connectors.subscribers.later", lambda work: None)
    Line.objects.update(is_welcome_sent=True, welcome_text="Welcome")
    person = Person(external_id="anna", first_name=name)

    echo(scene, "Your parcel is here", recipient=person, thread={"service_url": "https://x"})
    echo(scene, "At the counter", number=2, recipient=person)

    dialog = Dialog.objects.get()
    assert (dialog.state, dialog.owner, dialog.offered_to, dialog.lead) == ("CLOSED", None, [], None)
    assert [m.text for m in dialog.messages.order_by("seq")] == ["Your parcel is here", "At the counter"]
    assert dialog.chat.thread == {"service_url": "https://x"}
    assert not Lead.objects.exists()
    assert not Timer.objects.exists()
    assert not Delivery.objects.exists()


def test_the_client_s_answer_to_it_is_routed_as_usual(scene, provider):
    echo(scene, "Your parcel is here")

    anna_writes(scene, "Thank you!")

    dialog = scene.dialog
    assert dialog.is_open
    assert dialog.offered_to == [scene.cast.olga.pk]


def test_files_of_staff_are_fetched_as_clients_files_are(talk):
    picture = IncomingAttachment(kind="IMAGE", reference="ref", mime="image/png")

    echo(talk, "", kind="IMAGE", attachments=(picture,))

    assert Attachment.objects.get().message == native()
    assert native().has_attachments


def test_a_key_that_reads_like_one_of_another_chat_is_somebody_elses_word(talk, provider):
    message = sent(talk, provider)

    echo(
        talk, "From another program", number=9, chat_external_id="boris", recipient=Person(external_id="boris"),
        client_key=f"{message.pk}.0",
    )  # fmt: skip

    native = Message.objects.get(text="From another program")
    assert (native.chat.external_id, native.author_kind) == ("boris", "OPERATOR")
