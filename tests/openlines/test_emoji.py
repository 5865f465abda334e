"""The list of the emoji picker."""

import gzip
import json

import pytest

from openlines.emoji_list import GROUPS, VERSION, packed_list
from tests.pages import browser

pytestmark = pytest.mark.row("D10")


def test_every_emoji_has_a_group_and_names_in_both_languages():
    known = json.loads(gzip.decompress(packed_list()))

    rows = {sign: (GROUPS[group], english, russian) for sign, group, english, russian in known["emoji"]}
    assert known["groups"] == list(GROUPS)
    assert len(rows) > 1500
    assert all(english and russian for _group, english, russian in rows.values())
    assert rows["👍"][0] == "PEOPLE"
    assert "спасибо" in rows["🙏"][2]
    assert "grinning face" in rows["😀"][1]
    assert (rows["🍕"][0], rows["🇷🇺"][0]) == ("FOOD", "FLAGS")
    assert "👍🏽" not in rows


@pytest.mark.django_db
def test_browsers_keep_the_list_of_this_version_for_long():
    kept = browser().get(f"/emoji.json?v={VERSION}", headers={"Accept-Encoding": "gzip"})
    plain = browser().get("/emoji.json")

    assert "immutable" in kept["Cache-Control"]
    assert (plain["Cache-Control"], "Content-Encoding" in plain) == ("no-cache", False)
    assert gzip.decompress(kept.content) == plain.content
    assert len(kept.content) < 50_000
