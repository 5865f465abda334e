from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from openlines.models import Attachment
from openlines.services.attachments import drop_forgotten_uploads, store_upload
from openlines.services.replies import send_reply
from openlines.tasks import sweep_uploads
from routing.services.answering import answer_dialog
from tests.factories import write


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(cast, name):
    return store_upload(upload=SimpleUploadedFile(name, b"%PDF-"), operator=cast.olga)


def test_an_upload_that_no_message_names_is_dropped_after_a_week(cast, commit):
    file = upload(cast, "forgotten.pdf")
    path = file.file.path
    now = timezone.now()

    assert drop_forgotten_uploads(now=now + timedelta(days=6)) == 0
    with commit():
        assert drop_forgotten_uploads(now=now + timedelta(days=8)) == 1
    assert not Attachment.objects.exists()
    assert not file.file.storage.exists(path)


def test_what_was_sent_stays(cast, channel, commit):
    with commit():
        dialog = write(channel, "Hello")
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
        file = upload(cast, "sent.pdf")
        send_reply(dialog_id=dialog.pk, operator=cast.olga, text="", attachment_ids=[file.pk], now=timezone.now())

    assert drop_forgotten_uploads(now=timezone.now() + timedelta(days=30)) == 0


@pytest.mark.django_db
def test_nothing_forgotten_is_nothing_to_do():
    sweep_uploads()
