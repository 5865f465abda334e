"""Words that are sent often: whose they are, who sees and changes them, and what becomes of them in a dialog."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.errors import InvalidInput, NotAllowed, NotFound
from crm.models import AuditEntry, User
from openlines.models import Attachment, QuickReply, QuickReplyFile
from openlines.quick_replies import quick_replies_json
from openlines.services.attachments import store_upload
from openlines.services.quick_replies import (
    MOST_FILES,
    change_quick_reply,
    create_quick_reply,
    remove_quick_reply,
    use_quick_reply,
)
from tests.api.client import Caller
from tests.committing import committed
from tests.pages import browser, get, post, text_of
from tests.scenes import Scene, active

pytestmark = pytest.mark.row("D10")


def keep(scene: Scene, actor: User, text: str = "Hello, {client}!", **fields: Any) -> QuickReply:
    return create_quick_reply(actor=actor, text=text, now=scene.now, **fields)


def of_line(scene: Scene, **fields: Any) -> QuickReply:
    return keep(scene, scene.cast.sergey, scope="LINE", line_id=scene.line.pk, **fields)


def upload(operator: User, name: str = "price.txt", content: bytes = b"oak 100") -> Attachment:
    return store_upload(upload=SimpleUploadedFile(name, content), operator=operator)


def titles(user: User) -> list[str]:
    return [reply["title"] for reply in quick_replies_json(user)]


# Whose they are


def test_everyone_has_their_own_and_those_of_their_lines_and_the_company_s(scene):
    keep(scene, scene.cast.olga, title="Olga's")
    of_line(scene, title="Line's")
    keep(scene, scene.cast.alla, scope="COMPANY", title="Company's")

    assert sorted(titles(scene.cast.olga)) == ["Company's", "Line's", "Olga's"]
    assert sorted(titles(scene.cast.oleg)) == ["Company's", "Line's"]
    assert titles(scene.cast.mallory) == ["Company's"]


def test_shared_ones_belong_to_supervisors_and_administrators(scene):
    for actor, scope in ((scene.cast.olga, "LINE"), (scene.cast.sergey, "COMPANY"), (scene.cast.olga, "COMPANY")):
        with pytest.raises(NotAllowed):
            keep(scene, actor, scope=scope, line_id=scene.line.pk)
    with pytest.raises(InvalidInput):
        keep(scene, scene.cast.mallory, scope="LINE", line_id=scene.line.pk)

    reply = of_line(scene)
    for actor, refusal in ((scene.cast.olga, NotAllowed), (scene.cast.mallory, NotFound)):
        with pytest.raises(refusal):
            change_quick_reply(quick_reply_id=reply.pk, actor=actor, title="Mine now", now=scene.now)
        with pytest.raises(refusal):
            remove_quick_reply(quick_reply_id=reply.pk, actor=actor, now=scene.now)
    assert {one["title"]: one["may_change"] for one in quick_replies_json(scene.cast.olga)} == {reply.title: False}
    assert quick_replies_json(scene.cast.alla)[0]["may_change"]


def test_somebody_s_own_are_nobody_else_s_and_in_no_log(scene):
    reply = keep(scene, scene.cast.olga)
    before = AuditEntry.objects.count()

    change_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.olga, text="Bye", now=scene.now)
    with pytest.raises(NotFound):
        change_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.alla, text="Read it", now=scene.now)

    assert AuditEntry.objects.count() == before


def test_what_becomes_shared_is_in_the_log(scene):
    reply = keep(scene, scene.cast.sergey)

    change_quick_reply(
        quick_reply_id=reply.pk, actor=scene.cast.sergey, scope="LINE", line_id=scene.line.pk, now=scene.now
    )

    assert (AuditEntry.objects.latest("pk").actor, titles(scene.cast.olga)) == (scene.cast.sergey, [reply.title])


def test_changes_ring_the_consoles_they_concern(scene, bells):
    with committed():
        keep(scene, scene.cast.olga)
        of_line(scene)

    told = [frame.to for frame in bells.frames if frame.body["type"] == "quick_replies.changed"]
    assert told == [{f"user:{scene.cast.olga.pk}"}, {"staff"}]


# What they say


def test_without_a_title_it_is_called_by_its_first_words(scene):
    assert keep(scene, scene.cast.olga, "Good  morning\nto you").title == "Good morning to you"
    assert len(keep(scene, scene.cast.olga, "word " * 100).title) <= 61
    assert keep(scene, scene.cast.olga, shortcut=" /Good Day ").shortcut == "goodday"


def test_nothing_is_no_quick_reply_and_too_much_is_too_much(scene):
    for fields in (
        {"text": " "},
        {"text": "x" * 4097},
        {"text": "x", "title": "x" * 101},
        {"text": "x", "folder": "x" * 101},
    ):
        with pytest.raises(InvalidInput):
            keep(scene, scene.cast.olga, **fields)


def test_a_used_one_speaks_to_this_client_and_counts(scene):
    active(scene)
    reply = keep(scene, scene.cast.olga, "Hello, {client}! {operator} of {line}, dialog {number}.{wait} {unknown}")

    text, files = use_quick_reply(
        quick_reply_id=reply.pk, dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now
    )

    assert text == f"Hello, Anna! Olga of Sales, dialog {scene.dialog.pk}. {{unknown}}"
    assert files == []
    reply.refresh_from_db()
    assert (reply.used_count, reply.used_at) == (1, scene.now)


def test_the_most_used_come_first(scene):
    active(scene)
    for title in ("First", "Second"):
        reply = keep(scene, scene.cast.olga, title=title)
    use_quick_reply(quick_reply_id=reply.pk, dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    assert titles(scene.cast.olga) == ["Second", "First"]


def test_files_are_copied_in_and_out(scene):
    active(scene)
    mine = upload(scene.cast.olga)
    reply = keep(scene, scene.cast.olga, "", title="Price", attachment_ids=[mine.pk])

    def use() -> Attachment:
        _text, files = use_quick_reply(
            quick_reply_id=reply.pk, dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now
        )
        return files[0]

    one, other = use(), use()
    assert one.pk != other.pk != mine.pk
    for copy in (one, other):
        assert (copy.uploaded_by, copy.message, copy.name, _content(copy)) == (
            scene.cast.olga,
            None,
            "price.txt",
            b"oak 100",
        )


def _content(copy: Attachment) -> bytes:
    with copy.file.open("rb") as stream:
        content: bytes = stream.read()
    return content


def test_files_of_others_are_not_taken_and_dropped_ones_are_gone(scene):
    with pytest.raises(InvalidInput):
        keep(scene, scene.cast.olga, attachment_ids=[upload(scene.cast.oleg).pk])
    reply = keep(
        scene, scene.cast.olga, attachment_ids=[upload(scene.cast.olga).pk, upload(scene.cast.olga, "b.txt").pk]
    )
    kept, dropped = reply.files.all()

    with committed():
        change_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.olga, kept_file_ids=[kept.pk], now=scene.now)

    assert list(QuickReplyFile.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not dropped.file.storage.exists(dropped.file.name)
    with committed():
        remove_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.olga, now=scene.now)
    assert not kept.file.storage.exists(kept.file.name)


def test_strangers_use_nothing_and_nothing_is_used_in_their_dialogs(scene):
    active(scene)
    reply = of_line(scene)

    for operator in (scene.cast.mallory, scene.cast.oleg):
        with pytest.raises(NotFound):
            use_quick_reply(quick_reply_id=reply.pk, dialog_id=scene.dialog.pk, operator=operator, now=scene.now)


def test_a_file_is_shown_to_those_who_have_the_reply(scene):
    reply = of_line(scene, attachment_ids=[upload(scene.cast.sergey).pk])
    path = f"/files/quick-replies/{reply.files.get().pk}/"

    for user, status in ((scene.cast.olga, 200), (scene.cast.oleg, 200), (scene.cast.mallory, 404)):
        response = browser(user).get(path)
        assert response.status_code == status
        if status == 200:
            assert response.getvalue() == b"oak 100"


def test_over_the_api_one_makes_changes_uses_and_removes(scene):
    active(scene)
    olga = Caller.by(scene.cast.olga)

    made = olga.post("/quick-replies/", {"text": "Hello, {client}!", "attachments": [str(upload(scene.cast.olga).pk)]})
    pk = made.json()["id"]
    assert (made.status_code, made.json()["scope"], made.json()["files"][0]["name"]) == (201, "PERSONAL", "price.txt")
    changed = olga.patch(f"/quick-replies/{pk}/", {"title": "Greeting", "files": []})
    assert (changed.json()["title"], changed.json()["files"]) == ("Greeting", [])
    used = olga.post(f"/quick-replies/{pk}/use/", {"dialog_id": scene.dialog.pk})
    assert used.json() == {"text": "Hello, Anna!", "attachments": []}
    assert olga.delete(f"/quick-replies/{pk}/").status_code == 204
    assert olga.get("/quick-replies/").json() == []


# The page of those who keep the shared ones


def address(name: str, *args: int) -> str:
    return reverse(name, args=args)


def test_supervisors_keep_those_of_their_lines_on_a_page(scene):
    keep(scene, scene.cast.alla, scope="COMPANY", title="Of all lines")
    of_line(scene, title="Delivery")

    page = get(scene.cast.sergey, address("quick-replies"))
    assert "Delivery" in text_of(page)
    assert "Of all lines" not in text_of(page)
    assert "Of all lines" in text_of(get(scene.cast.alla, address("quick-replies")))
    assert get(scene.cast.olga, address("quick-replies")).status_code == 403


def test_a_shared_one_is_made_changed_and_removed_on_the_page(scene):
    place = f"LINE:{scene.line.pk}"
    file = SimpleUploadedFile("price.txt", b"oak 100")
    made = post(
        scene.cast.sergey, address("quick-reply-new"), piece=True, text="Hello, {client}!", place=place, uploads=file
    )
    assert made.status_code == 200
    reply = QuickReply.objects.get()
    assert (reply.title, reply.line, reply.files.get().name) == ("Hello, {client}!", scene.line, "price.txt")

    values = {"text": "Good morning!", "title": "Greeting", "shortcut": "gm", "folder": "Start", "place": place}
    post(scene.cast.sergey, address("quick-reply", reply.pk), piece=True, **values)
    reply.refresh_from_db()
    assert (reply.title, reply.shortcut, reply.folder, reply.files.count()) == ("Greeting", "gm", "Start", 0)

    post(scene.cast.sergey, address("quick-reply-remove", reply.pk), piece=True)
    assert not QuickReply.objects.exists()


def test_the_page_says_what_is_wrong_and_is_nobody_else_s(scene):
    place = f"LINE:{scene.line.pk}"

    refused = post(scene.cast.sergey, address("quick-reply-new"), piece=True, text=" ", place=place)
    assert (refused.status_code, "Write something or attach a file." in text_of(refused)) == (422, True)
    foreign = post(scene.cast.sergey, address("quick-reply-new"), piece=True, text="Hi", place="COMPANY")
    assert foreign.status_code == 422
    company = keep(scene, scene.cast.alla, scope="COMPANY")
    assert get(scene.cast.sergey, address("quick-reply", company.pk)).status_code == 404
    assert post(scene.cast.olga, address("quick-reply-remove", company.pk)).status_code == 403
    assert QuickReply.objects.count() == 1


def test_the_same_upload_named_many_times_is_one_file(scene):
    reply, file = keep(scene, scene.cast.olga), upload(scene.cast.olga)
    many = [file.pk] * 10_000

    change_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.olga, attachment_ids=many, now=scene.now)

    assert reply.files.count() == 1


def test_more_files_than_there_may_be_leave_none_on_the_disk(scene, monkeypatch):
    reply = keep(scene, scene.cast.olga)
    files = [upload(scene.cast.olga, f"{number}.txt").pk for number in range(MOST_FILES + 1)]
    written: list[object] = []
    monkeypatch.setattr(QuickReplyFile, "save", lambda file, **_: written.append(file))

    with pytest.raises(InvalidInput):
        change_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.olga, attachment_ids=files, now=scene.now)
    assert written == []


def test_uploads_of_others_are_nobody_else_s_to_send_often(scene):
    files = [upload(scene.cast.oleg).pk]
    reply = keep(scene, scene.cast.olga)

    with pytest.raises(InvalidInput):
        keep(scene, scene.cast.olga, attachment_ids=files)
    with pytest.raises(InvalidInput):
        change_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.olga, attachment_ids=files, now=scene.now)
    assert not QuickReplyFile.objects.exists()
