"""docs/channels.md as a whole."""

from django.utils.translation import override

from channels_connectors.registry import SETUPS
from tests.channels_connectors.tables import capabilities, cells, judges
from tests.paths import ROOT

PAGE = ROOT / "docs" / "channels.md"
HEAD = """# Channels

This page is written by `bin/channel-tables` from what connectors declare, from what the tests try and from what the
judges of our simulated providers are; a test compares it. How to connect each kind:
[howto/connect-a-channel.md](howto/connect-a-channel.md). How deliveries behave: [delivery.md](delivery.md). How to
add a kind: [howto/add-a-channel.md](howto/add-a-channel.md).
"""
CAN = """## What each kind can do

The composer, the checks before sending, the splitting and the pace follow exactly these. *Comes by*: a webhook where
a public address is set, else asking, where the kind can do both. What stands here is what an account has at least;
where accounts differ by what was entered or by what the provider allows them, the kind has a star.
"""
NOTES = """`UPLOAD_BYTES` limits files further. Marks and buttons that a channel does not know are not lost: marks
go out as plain text, buttons as a numbered list whose numbers are understood on the way back.
"""
TRUST = """*Ticks* never say more than the provider said. *After a time-out* nobody knows whether the client has it;
what the product does then differs, and where nothing can tell, the message stands as unknown with "send again?".
"""
CONTRACT = """## What the tests try

One contract test plays every kind through every cell of these tables with a simulated provider
(`tests/channels_connectors/contract/`). ✓ is tried in each run; – can't be, for the reason below. The kinds of ours
that have no provider ({own}) are shown by tests of their own.
"""
JUDGED = """## Who judged the simulated providers

We wrote the simulators by the providers' documents; so that they are not merely our opinion, clients that none of us
wrote work against them. Those of npm and Dovecot run where the machine has them, and are skipped elsewhere.
"""


def page() -> str:
    with override("en"):
        return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> list[str]:
    own = " and ".join(str(SETUPS[kind].title) for kind in cells.OWN)
    return [
        HEAD, CAN,
        "### Messages", "", *capabilities.table(capabilities.TEXTS), "", NOTES,
        "### What operators can do and see", "", *capabilities.table(capabilities.DEEDS), "",
        "### What a tick is worth", "", *capabilities.table(capabilities.TRUST), "", TRUST,
        CONTRACT.format(own=own), *cells.tables(),
        "### Why not", "", *cells.reasons(),
        JUDGED, *judges.table(), "", "Judged by nobody but us:", "", *judges.unjudged(),
    ]  # fmt: skip
