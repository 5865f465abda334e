import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from common.statements import Statement
from openlines.models import Dialog, Message
from tests.factories import make_cast, make_channel, make_line, write

NAMED = Statement(lambda names: Dialog.objects.filter(client__name__any_of=names).order_by("pk"))
WITH_CLIENT = Statement(lambda state: Dialog.objects.select_related("client", "owner").filter(state=state))
LOCKED = Statement(lambda ids: Dialog.objects.select_for_update().filter(pk__any_of=ids))
LINES = Statement(
    lambda dialog, since: (
        Message.objects.filter(dialog_id=dialog, created_at__gte=since)
        .exclude(text="")
        .order_by("seq")
        .values_list("text", "payload", "dialog__client__name")[:2]
    )
)


@pytest.fixture
def dialogs():
    cast = make_cast()
    channel = make_channel(cast, make_line(cast))
    with transaction.atomic():
        return [write(channel, "Hello, 100%", sender=sender) for sender in ("Anna", "Boris")]


@pytest.mark.django_db
def test_a_statement_finds_what_its_query_finds(dialogs):
    anna, boris = dialogs

    assert NAMED.objects(names=["Anna", "Boris"]) == [anna, boris]
    assert NAMED.objects(names=["Boris"]) == [boris]
    assert NAMED.objects(names=[]) == []


@pytest.mark.django_db
def test_relations_come_along(dialogs, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = WITH_CLIENT.objects(state=Dialog.State.OFFERED)
        names = {dialog.client.name for dialog in found}

    assert names == {"Anna", "Boris"}
    assert [dialog.owner for dialog in found] == [None, None]


@pytest.mark.django_db
def test_rows_and_dicts_are_converted_as_the_orm_does(dialogs):
    expected = ("Hello, 100%", {}, "Anna")

    assert tuple(LINES.rows(dialog=dialogs[0].pk, since=dialogs[0].opened_at)[0]) == expected
    assert LINES.dicts(dialog=dialogs[0].pk, since=dialogs[0].opened_at)[0] == dict(
        zip(("text", "payload", "dialog__client__name"), expected, strict=True)
    )


@pytest.mark.django_db
def test_found_rows_can_be_changed_and_saved(dialogs):
    (dialog,) = NAMED.objects(names=["Anna"])
    dialog.preview_text = "Changed"
    dialog.save(update_fields=["preview_text"])

    assert Dialog.objects.get(pk=dialogs[0].pk).preview_text == "Changed"


@pytest.mark.django_db(transaction=True)
def test_locks_need_a_transaction(dialogs):
    with transaction.atomic():
        assert LOCKED.objects(ids=[dialogs[0].pk]) == [dialogs[0]]

    assert connection.get_autocommit()
    with pytest.raises(TransactionManagementError):
        LOCKED.objects(ids=[dialogs[0].pk])
