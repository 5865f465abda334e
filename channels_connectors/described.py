"""How each kind is connected, as a page of the documentation: what the wizard says, made of the same ``Setup``."""

from collections.abc import Iterator

from channels_connectors.connector import POLL, WEBHOOK
from channels_connectors.registry import CONNECTORS, SETUPS
from channels_connectors.setup import CREDENTIALS, Field, Setup

PAGE = "docs/howto/connect-a-channel.md"
HEAD = """# Connect a channel

This page is written by `bin/manage describe_channels` from what each kind of channel declares; a test compares the two.

*Settings → Lines → your line*, then the kind's tile: the wizard explains, asks for what stands below, checks it live
and waits for a first message. The same over the API: `GET /api/v1/channel-kinds/` says what a kind asks for,
`POST /api/v1/channels/` takes `{"line", "kind", "values": {…}}`. An account that delivers to another program is taken
over only with `"take_over": true`. Secrets are encrypted and never given back.
"""
ENTRIES = {"webhook_url": "the address of the webhook", "verify_token": "the verify token"}


def page() -> str:
    return HEAD + "".join(f"\n{section(setup)}" for setup in SETUPS.values() if setup.fields or setup.guide)


def section(setup: Setup) -> str:
    return "\n".join([f"## {setup.title}", "", f"{setup.hint}. {_way(setup)}", "", *_guide(setup), *_fields(setup)])


def _way(setup: Setup) -> str:
    inbound = CONNECTORS[setup.kind].inbound
    if setup.needs_public_url or inbound == (WEBHOOK,):
        way = "Its provider calls this server, which needs a public address (`PUBLIC_URL`)."
    elif WEBHOOK in inbound:
        way = "With a public address (`PUBLIC_URL`) its provider calls this server, without one we ask."
    else:
        way = "We ask for new messages ourselves." if POLL in inbound else ""
    by_hand = ", ".join(ENTRIES.get(name, name) for name in setup.shown_after)
    return f"{way} At the provider you enter by hand, once it is connected: {by_hand}." if by_hand else way


def _guide(setup: Setup) -> Iterator[str]:
    for number, step in enumerate(setup.guide, 1):
        link = f" <{step.link}>" if step.link else ""
        yield f"{number}. **{step.title}.** {step.text}{link}"
    if setup.guide:
        yield ""
    if setup.guide_note:
        yield f"{setup.guide_note}\n"


def _fields(setup: Setup) -> Iterator[str]:
    if setup.fields:
        yield "| field | name in the API | |"
        yield "|---|---|---|"
        yield from (_row(field) for field in setup.fields)
        yield ""


def _row(field: Field) -> str:
    facts = [
        "secret" if field.kept_in == CREDENTIALS and field.widget == "password" else "",
        "" if field.is_required or field.widget == "switch" else "optional",
    ]
    words = ", ".join(fact for fact in facts if fact)
    told = ". ".join(part for part in (words, str(field.hint).rstrip(".")) if part)
    return f"| {field.label} | `{field.name}` | {told} |".replace("\n", " ")
