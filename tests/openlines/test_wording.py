"""What public places count; the console counts alike."""

import json

import pytest

from openlines.wording import hashtags_in, is_in_capitals, links_in
from tests.paths import ROOT

pytestmark = pytest.mark.row("C7")

WORDING = json.loads((ROOT / "tests" / "wording.json").read_text("utf-8"))


@pytest.mark.parametrize("case", WORDING, ids=[case["text"] for case in WORDING])
def test_it_is_counted_as_written_down(case):
    text = case["text"]

    assert (hashtags_in(text), links_in(text), is_in_capitals(text)) == (
        case["hashtags"], case["links"], case["in_capitals"],
    )  # fmt: skip


@pytest.mark.parametrize("text", ["#" * 20_000, "#1" * 20_000, "#" + "1" * 40_000, "www." * 20_000, "a#" * 20_000])
def test_long_nonsense_is_counted_at_once(text):
    hashtags_in(text), links_in(text), is_in_capitals(text)
