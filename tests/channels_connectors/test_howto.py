"""docs/howto/add-a-channel.md is true: its blocks make a channel that works, and the files it names are there."""

import importlib
import json
import re
import sys
from datetime import timedelta

import pytest
from aiohttp import web
from django.utils import timezone

import channels_connectors
from channels_connectors import registry
from channels_connectors.accounts import account_of
from channels_connectors.connector import WebhookRequest
from channels_connectors.errors import SignatureMismatch
from channels_connectors.inbox import keep_event, process_everything
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Channel, Message
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.pages import get, post, text_of
from tests.paths import ROOT
from tests.providers.simulator import Simulator, running

PAGE = ROOT / "docs/howto/add-a-channel.md"
BLOCK = re.compile(r"```python\n# (?P<path>\S+)\n(?P<code>.*?)```", re.DOTALL)
NAMED = re.compile(r"`((?:channels_connectors|tests|static|common|templates|docs)/[\w./-]+)`")


class LetterboxProvider(Simulator):
    def __init__(self):
        super().__init__()
        self.letters, self.webhook = [], {}

    def routes(self):
        return [
            web.get("/me", self.me), web.post("/letters", self.take_letter), web.put("/webhook", self.take_webhook),
        ]  # fmt: skip

    async def me(self, request):
        status = 200 if request.headers["Authorization"] == "Bearer right" else 401
        return web.json_response({"id": 7, "name": "Loft by letter"}, status=status)

    async def take_letter(self, request):
        self.letters.append(await request.json())
        return web.json_response({"id": f"L{len(self.letters)}"})

    async def take_webhook(self, request):
        self.webhook = await request.json()
        return web.json_response({})


@pytest.fixture
def letterbox(tmp_path, monkeypatch):
    """The folder as the page writes it, and its line in the registry."""
    blocks = {match["path"]: match["code"] for match in BLOCK.finditer(PAGE.read_text("utf-8"))}
    for path, code in {**blocks, "channels_connectors/letterbox/__init__.py": ""}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(code, "utf-8")
    monkeypatch.setattr(
        channels_connectors, "__path__", [*channels_connectors.__path__, str(tmp_path / "channels_connectors")]
    )
    module = importlib.import_module("channels_connectors.letterbox.connector")
    setup = importlib.import_module("channels_connectors.letterbox.setup").SETUP
    assert "`Letterbox(),`" in PAGE.read_text("utf-8")
    monkeypatch.setitem(registry.CONNECTORS, "letterbox", module.Letterbox())
    monkeypatch.setitem(registry.SETUPS, "letterbox", setup)
    yield set(blocks)
    for name in [name for name in sys.modules if name.startswith("channels_connectors.letterbox")]:
        del sys.modules[name]
    del channels_connectors.letterbox


@pytest.fixture
def provider():
    with running(LetterboxProvider()) as simulator:
        yield simulator


@pytest.mark.row("C18")
def test_the_page_builds_a_channel_that_is_connected_and_takes_texts_in_and_out(
    letterbox, provider, cast, line, settings, commit
):
    settings.PUBLIC_URL = "https://chat.example"
    address = f"/settings/lines/{line.pk}/connect/letterbox/"
    assert "press “New token”" in text_of(get(cast.alla, address, piece=True))
    values = {"token": "wrong", "base_url": provider.base_url}
    assert "does not accept" in text_of(post(cast.alla, address, piece=True, **values))
    post(cast.alla, address, piece=True, **values | {"token": "right"})
    channel = Channel.objects.select_related("account").get(kind="letterbox")
    assert (channel.state, channel.name, channel.scope) == ("CONNECTED", "Loft by letter", "letterbox:7")
    assert provider.webhook["url"] == f"https://chat.example/hooks/letterbox/{channel.account.webhook_token}/"

    letter = {"event": "letter", "id": 1, "from": {"id": 55, "name": "Anna"}, "text": "Hello", "at": 1_700_000_000}
    dialog = take_in(channel, letter, provider.webhook["secret"], commit)
    now = timezone.now()
    with commit():
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=now)
        reply, _is_new = send_reply(dialog_id=dialog.pk, operator=cast.olga, text="Good day", now=now)
        while ids := claim_due(limit=10, now=now + timedelta(seconds=1)):
            for delivery_id in ids:
                deliver(delivery_id)

    assert {"to": "55", "text": "Good day"}.items() <= provider.letters[-1].items()
    reply.refresh_from_db()
    assert (reply.delivery_state, reply.external_id) == ("SENT", f"L{len(provider.letters)}")


def take_in(channel, letter, secret, commit):
    connector, account = registry.CONNECTORS["letterbox"], account_of(channel.account)
    request = WebhookRequest(body=json.dumps(letter).encode(), headers={"x-letterbox-secret": secret})
    connector.verify(request, account)
    with pytest.raises(SignatureMismatch):
        connector.verify(WebhookRequest(body=request.body, headers={"x-letterbox-secret": "x"}), account)
    with commit():
        for event in connector.events(request, account):
            keep_event(channel_id=channel.pk, key=event.key, body=event.body)
        process_everything(now=timezone.now() + timedelta(seconds=1), asking=False)
    return Message.objects.get(text="Hello", dialog__channel=channel).dialog


def test_the_files_that_the_page_names_are_there(letterbox):
    named = set(NAMED.findall(PAGE.read_text("utf-8"))) - letterbox
    missing = {path for path in named if "letterbox" not in path and not (ROOT / path).exists()}

    assert len(named) > 8
    assert missing == set()
