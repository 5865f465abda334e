"""The page for administrators says what the connector knows of its messengers."""

import pytest

from channels_connectors.botframework.channel_ids import TRAITS, Traits
from tests.paths import ROOT

pytestmark = pytest.mark.row("C9")

PAGE = ROOT / "docs" / "howto" / "connect-a-microsoft-bot.md"


def as_row(channel_id: str, traits: Traits) -> list[str]:
    yes = {True: "yes", False: "no"}
    buttons = "yes" if traits.buttons else "numbered"
    return [f"`{channel_id}`", str(traits.text_length), yes[traits.attachments], buttons, yes[traits.typing],
            yes[traits.edit]]  # fmt: skip


def test_the_table_of_messengers_is_true():
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `") and "longest" not in line]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]

    assert sorted(row[:6] for row in rows) == sorted(as_row(*item) for item in TRAITS.items())
    assert all(("legacy" in row[6]) is TRAITS[row[0].strip("`")].is_legacy for row in rows)
