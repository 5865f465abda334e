"""The whole program of docs/howto/custom-channel.md does what the page says, run as a reader would run it."""

import re
import socket
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.utils import timezone

from channels_connectors.custom.services import renew_secret
from channels_connectors.inbox import process_everything
from channels_connectors.models import Account
from channels_connectors.services.channels import connect_channel
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Dialog, Line, Message
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.factories import make_cast, make_line
from tests.paths import ROOT

pytestmark = [pytest.mark.row("C16"), pytest.mark.slow]

PAGE = ROOT / "docs/howto/custom-channel.md"
PATIENCE = 30.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def eventually(look):
    until = time.monotonic() + PATIENCE
    while not (seen := look()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)
    return seen


@pytest.mark.django_db(transaction=True)
def test_the_program_of_the_page_brings_and_hears(live_server, settings, tmp_path, bells):
    program, port = tmp_path / "partner.py", free_port()
    (source,) = re.findall(r"```python\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    program.write_text(source, "utf-8")
    settings.OUTGOING_PRIVATE_HOSTS = [f"127.0.0.1:{port}"]
    cast = make_cast()
    line = make_line(cast)
    Line.objects.update(is_welcome_sent=False)
    values = {"name": "Shop", "base_url": f"http://127.0.0.1:{port}/"}
    # The page has it the other way round, too: the address is entered before the program knows the secret.
    channel = connected(cast, line, values, port)
    secret = renew_secret(administrator=cast.alla, channel=channel, now=timezone.now())
    address = f"{live_server.url}/api/v1/channels/{channel.pk}/events/"
    with subprocess.Popen(
        [sys.executable, str(program), address, secret, str(port)], text=True, stdin=-1, stdout=-1
    ) as running:
        running.stdin.write("anna Where is my parcel?\n")
        running.stdin.flush()
        eventually(lambda: process_everything(now=timezone.now()))
        dialog = Dialog.objects.get(channel=channel)
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
        message, _ = send_reply(dialog_id=dialog.pk, operator=cast.olga, text="On its way", now=timezone.now())
        for delivery_id in claim_due(limit=5, now=timezone.now()):
            deliver(delivery_id)

        assert running.stdout.readline() == "anna < On its way\n"
        eventually(lambda: process_everything(now=timezone.now()))
        running.kill()

    assert Message.objects.get(author_kind="CLIENT").text == "Where is my parcel?"
    message.refresh_from_db()
    assert message.delivery_state == "DELIVERED"


def connected(cast, line, values, port):
    """Before the program runs, something that takes the ping."""

    class TakesThePing(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", port), TakesThePing) as server:
        Thread(target=server.handle_request, daemon=True).start()
        channel = connect_channel(administrator=cast.alla, line=line, kind="custom", values=values, now=timezone.now())
    assert Account.objects.get(channel=channel).credentials["secret"]
    return channel
