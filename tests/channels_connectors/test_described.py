"""docs/howto/connect-a-channel.md says what the wizards say."""

from channels_connectors.described import PAGE, page
from tests.paths import ROOT


def test_the_page_is_what_the_setups_declare():
    assert (ROOT / PAGE).read_text("utf-8") == page(), "bin/manage describe_channels writes it anew"
