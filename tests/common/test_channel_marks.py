"""Every channel kind has its mark, in templates and in the console."""

import re
from pathlib import Path

import pytest

from channels_connectors.registry import CONNECTORS
from common.templatetags.look import CHANNEL_MARKS, channel_mark

STATIC = Path("static")


@pytest.mark.parametrize("kind", sorted(CHANNEL_MARKS))
def test_every_mark_is_drawn_coloured_and_known_to_the_console(kind):
    assert f'id="channel-{kind}"' in (STATIC / "icons.svg").read_text()
    assert re.search(rf"\.channel-mark--{kind}\b", (STATIC / "styles/channel_mark.css").read_text())
    assert f'"{kind}"' in (STATIC / "console/core/dom.js").read_text()
    assert re.search(rf"\b{kind}: \(\) =>", (STATIC / "console/core/names.js").read_text())
    assert f"#channel-{kind}" in channel_mark(kind)


def test_every_kind_that_can_be_connected_has_a_mark():
    assert set(CONNECTORS) <= CHANNEL_MARKS
