"""What the contract test tries with each kind, out of the kinds' drivers."""

from collections import defaultdict
from collections.abc import Iterator

from channels_connectors.registry import CONNECTORS, SETUPS
from tests.channels_connectors.contract.driver import ACCOUNT, CELLS, INBOUND, OUTBOUND
from tests.channels_connectors.contract.drivers import driver_of

WORDS = {
    "text": "a text comes in", "image": "a picture", "file": "a file", "voice": "a voice message",
    "audio": "music", "video": "a film", "sticker": "a sticker", "location": "a place", "contact": "a card",
    "reply": "an answer to a message", "album": "several pictures as one", "edit_in": "the client edits",
    "delete_in": "the client takes back", "press": "a button is pressed", "blocked_in": "the client blocks us",
    "unblocked_in": "and comes back", "typing_in": "the client is typing", "reaction": "a reaction",
    "echo": "staff write in the provider's own app", "receipts": "delivered, read, failed",
    "unknown": "a kind of message that nobody knows yet", "duplicate": "the same event twice",
    "disorder": "events in another order", "batch": "several events in one request",
    "malformed": "nonsense", "forged": "a wrong proof",
    "send_text": "a text goes out", "send_long_text": "one that is too long for one message",
    "send_image": "a picture", "send_file": "a file", "send_voice": "a voice message", "send_video": "a film",
    "send_album": "several pictures as one", "send_reply": "an answer to a message", "send_buttons": "buttons",
    "edit": "we edit", "delete": "we take back", "hide": "we hide a comment and show it again",
    "private_reply": "we answer a comment in private", "template": "an approved template",
    "typing_out": "the client sees us typing", "read_out": "the client sees that we read",
    "blocked": "refused: the client has blocked us", "token": "refused: the token is revoked",
    "window": "refused: too late to answer", "flood": "refused: too many (429)", "outage": "the provider is ill (5xx)",
    "timeout_before": "no answer, and nothing was sent", "timeout_after": "no answer, and yet it was sent",
    "permanent": "refused for good",
    "check": "the live check says who we are", "check_wrong_token": "and refuses a wrong token",
    "webhook": "the webhook is set up and taken away", "webhook_lost": "a lost webhook is noticed",
    "refresh": "credentials are renewed", "poll": "events are asked for", "photo": "the client's picture",
    "media": "files are fetched",
}  # fmt: skip
PARTS = {"What clients do": INBOUND, "What we send, and how it may fail": OUTBOUND, "The account": ACCOUNT}
KINDS = [kind for kind, connector in CONNECTORS.items() if connector.inbound]
OWN = [kind for kind, connector in CONNECTORS.items() if not connector.inbound]


def tables() -> Iterator[str]:
    for title, names in PARTS.items():
        yield f"### {title}"
        yield ""
        yield f"| | {' | '.join(str(SETUPS[kind].title) for kind in KINDS)} |"
        yield f"|---{'|:-:' * len(KINDS)}|"
        for name in names:
            yield f"| {WORDS[name]} `{name}` | {' | '.join(_mark(kind, name) for kind in KINDS)} |"
        yield ""


def _mark(kind: str, name: str) -> str:
    return "–" if name in driver_of(kind).cannot else "✓"


def reasons() -> Iterator[str]:
    """Why not, kind by kind."""
    for kind in KINDS:
        cannot = driver_of(kind).cannot
        cells_of: defaultdict[str, list[str]] = defaultdict(list)
        for name in (name for name in CELLS if name in cannot):
            cells_of[cannot[name]].append(name)
        yield f"**{SETUPS[kind].title}**: {len(CELLS) - len(cannot)} of {len(CELLS)} are tried."
        yield ""
        for reason, names in cells_of.items():
            yield f"- {', '.join(f'`{name}`' for name in names)}: {reason}"
        yield ""
