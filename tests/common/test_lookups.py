import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openlines.models import Dialog
from tests.factories import make_cast, make_channel, make_line, write


@pytest.fixture
def dialogs():
    cast = make_cast()
    channel = make_channel(cast, make_line(cast))
    return [write(channel, "Hello", sender=sender) for sender in ("Anna", "Boris")]


@pytest.mark.django_db
def test_rows_with_any_of_these_values(dialogs):
    anna, boris = dialogs

    assert list(Dialog.objects.filter(pk__any_of={anna.pk, 10**9})) == [anna]
    assert list(Dialog.objects.filter(chat_id__any_of=[boris.chat_id])) == [boris]
    assert list(Dialog.objects.filter(chat__external_id__any_of=("anna", 'it\'s, "{nobody}"'))) == [anna]
    assert list(Dialog.objects.exclude(pk__any_of=[anna.pk])) == [boris]
    assert not Dialog.objects.filter(pk__any_of=[]).exists()


@pytest.mark.django_db
def test_the_statement_is_the_same_for_any_number(dialogs):
    with CaptureQueriesContext(connection) as queries:
        list(Dialog.objects.filter(pk__any_of=range(100)))

    assert "= ANY(" in queries[0]["sql"]
