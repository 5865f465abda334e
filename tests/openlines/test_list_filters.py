"""What a list of dialogs can be narrowed to."""

import pytest
from django.db.models import Q

from crm.models import Tag
from openlines.console import RATED, listed_dialogs, tagged
from openlines.models import Dialog, Rating
from tests.factories import make_channel, write

pytestmark = pytest.mark.row("D1")


@pytest.fixture
def dialogs(cast, line):
    """Four of four clients, one of each kind of rating, finished but for the first."""
    channel = make_channel(cast, line)
    found = [write(channel, "Hello", sender=f"Client{number}") for number in range(4)]
    Dialog.objects.exclude(pk=found[0].pk).update(state="CLOSED", closed_at=found[0].opened_at, owner=cast.olga)
    Rating.objects.create(dialog=found[1], scale="LIKE", score=1)
    Rating.objects.create(dialog=found[2], scale="FIVE", score=3)
    Rating.objects.create(dialog=found[3], scale="FIVE", asked_at=found[0].opened_at)
    return found


def found(user, **narrowed):
    return set(listed_dialogs(user, **narrowed))


def test_ratings_are_good_bad_or_none(cast, dialogs):
    first, liked, disliked, silent = dialogs

    assert found(cast.alla, wanted=RATED["good"]) == {liked}
    assert found(cast.alla, wanted=RATED["bad"]) == {disliked}
    assert found(cast.alla, wanted=RATED["none"]) == {first, silent}
    assert found(cast.alla, tab="closed", wanted=RATED["none"]) == {silent}


def test_a_tag_is_looked_for_by_its_index(cast, dialogs):
    tag = Tag.objects.create(name="Delivery", color=1)
    Dialog.objects.filter(pk=dialogs[2].pk).update(tag_ids=[tag.pk])

    assert found(cast.alla, tab="closed", wanted=tagged(tag.pk)) == {dialogs[2]}
    assert found(cast.alla, wanted=tagged(tag.pk) & RATED["good"]) == set()


def test_nobody_finds_more_than_they_may_see(cast, dialogs):
    assert found(cast.mallory, wanted=Q(rating__isnull=False)) == set()
    assert found(cast.olga, tab="closed", wanted=RATED["bad"]) == {dialogs[2]}
