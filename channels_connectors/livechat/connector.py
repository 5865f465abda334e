from channels_connectors.connector import Capabilities
from channels_connectors.own_channel import OwnChannel


class LiveChat(OwnChannel):
    """The website chat: visitors read and write over our own pages and socket."""

    kind = "livechat"
    capabilities = Capabilities(
        text_length=10_000, edit=True, delete=True, reply=True, buttons="inline", typing_out=True,
        idempotency="key", receipts="read",
        formatting=("BOLD", "ITALIC", "STRUCK", "CODE"),
    )  # fmt: skip
