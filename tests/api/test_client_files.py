"""The files of a client, page by page, for those who may read what they came with."""

import pytest
from django.utils import timezone

from openlines.models import Attachment, Message
from tests.api.client import Caller
from tests.api.world import World

pytestmark = pytest.mark.row("K8")


def test_the_files_of_a_client_come_by_pages_newest_first(world: World, olga: Caller):
    mallory = Caller.by(world.scene.cast.mallory)
    said = Message.objects.get(dialog=world.active, author_kind="CLIENT")
    Message.objects.filter(pk=said.pk).update(has_attachments=True)
    world.lost.delete()
    for number in range(5):
        kind = Attachment.Kind.IMAGE if number % 2 else Attachment.Kind.FILE
        Attachment.objects.create(message=said, kind=kind, name=f"{number}", position=number)
    path = f"/clients/{world.client.pk}/files/"

    first = olga.get(path, limit=3).json()
    rest = olga.get(path, limit=3, cursor=first["next_cursor"]).json()

    assert [file["attachment"]["name"] for file in first["results"] + rest["results"]] == ["0", "1", "2", "3", "4"]
    assert rest["next_cursor"] is None
    assert [file["attachment"]["name"] for file in olga.get(path, kind="pictures").json()["results"]] == ["1", "3"]
    assert olga.get(path, cursor="x.y").status_code == 400
    assert mallory.get(path).status_code == 404
    Message.objects.filter(pk=said.pk).update(deleted_at=timezone.now())
    assert olga.get(path).json()["results"] == []
