import pytest
from django.utils import timezone

from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Dialog, Message
from openlines.services.closing import finish_dialog
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.factories import make_cast, make_channel, make_line, write


@pytest.mark.django_db
def test_a_conversation_from_hello_to_goodbye(django_capture_on_commit_callbacks):
    cast = make_cast()
    line = make_line(cast)
    channel = make_channel(cast, line)
    with django_capture_on_commit_callbacks(execute=True):
        dialog = write(channel, "Hello")
    assert dialog.state == "OFFERED"
    assert dialog.offered_to == [cast.olga.pk]
    with django_capture_on_commit_callbacks(execute=True):
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
        send_reply(dialog_id=dialog.pk, operator=cast.olga, text="Hi", now=timezone.now())
    while claimed := claim_due(limit=5, now=timezone.now()):
        for delivery in claimed:
            deliver(delivery)
    with django_capture_on_commit_callbacks(execute=True):
        finish_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    words = [message.text or message.payload["service"]["code"] for message in dialog.messages.order_by("seq")]
    assert words == [
        "Hello",
        "DIALOG_OPENED",
        "LEAD_CREATED",
        line.welcome_text.replace("{client}", "Anna"),
        "DIALOG_OFFERED",
        "DIALOG_ACCEPTED",
        "Hi",
        line.closing_text,
        "DIALOG_FINISHED",
    ]
    assert Message.objects.get(text="Hi").delivery_state == "SENT"
    assert Dialog.objects.get().state == "CLOSED"
