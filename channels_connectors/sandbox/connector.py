from channels_connectors.connector import Capabilities
from channels_connectors.own_channel import OwnChannel


class Sandbox(OwnChannel):
    """A channel without a provider: a page of the product plays its customers."""

    kind = "sandbox"
    capabilities = Capabilities(
        text_length=10_000, edit=True, delete=True, reply=True, buttons="inline", idempotency="key", receipts="none",
        writes_first=True,
    )  # fmt: skip
