from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from common.templatetags.figures import age, duration, money


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "–"), (0, "0:00"), (42, "0:42"), (767.4, "12:47"), (3910, "1:05:10"), (-5, "0:00")]
)
def test_spans_are_short(seconds, words):
    assert duration(None if seconds is None else timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-30), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=29), "29 d"),
    ],
)
def test_ages_have_one_unit(ago, words):
    assert age(timezone.now() - ago) == words


def test_old_things_have_their_day():
    assert age(timezone.now() - timedelta(days=400)).count("/") == 2


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("en", "12500", "USD", "$12,500"),
        ("en", "12500.50", "EUR", "€12,500.50"),
        ("en", "12500.00", "RUB", "12,500 ₽"),
        ("ru", "12500.50", "RUB", "12 500,50 ₽"),
        ("ru", "0", "XTS", "0 XTS"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(language, amount, currency, words):
    with translation.override(language):
        assert money(Decimal(amount), currency).replace("\u00a0", " ") == words
    assert money(None, currency) == ""
