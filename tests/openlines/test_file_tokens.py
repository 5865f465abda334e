import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.services import issue_token
from openlines.services.attachments import store_upload


@pytest.mark.row("P1")
def test_a_program_fetches_a_file_with_its_bearer_token(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    attachment = store_upload(upload=SimpleUploadedFile("note.txt", b"hello"), operator=cast.olga)
    url = f"/files/{attachment.pk}/"

    def status_for(token):
        response = Client().get(url, headers={"Authorization": f"Bearer {token}"})
        if response.streaming:
            # Read to its end, so that the file is closed.
            b"".join(response.streaming_content)
        return response.status_code

    assert status_for(issue_token(user=cast.olga, name="")) == 200
    assert status_for(issue_token(user=cast.mallory, name="")) == 404
    assert status_for("ol_wrong") == 302
