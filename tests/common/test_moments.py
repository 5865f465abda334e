from datetime import UTC, datetime

import pytest
from django.db import connection

from common.moments import MomentLoader


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-23 12:00:00.123456+00", datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2026-11-23 12:00:00.5+00", datetime(2026, 11, 23, 12, 0, 0, 500000, tzinfo=UTC)),
        ("2026-11-23 12:00:00+03", datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_moments_come_from_the_database_as_they_are(written, moment):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [written])
        (read,) = cursor.fetchone()

    assert read == moment
    assert read.tzinfo == UTC


@pytest.mark.django_db
def test_connections_read_moments_quickly():
    connection.ensure_connection()

    loader = connection.connection.adapters.get_loader(connection.connection.adapters.types["timestamptz"].oid, 0)

    assert loader is MomentLoader
