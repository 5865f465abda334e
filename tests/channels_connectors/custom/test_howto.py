"""The whole program of docs/howto/custom-channel.md does what the page says, run as a reader would run it."""

import re
import socket
import subprocess
import sys
import time

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
    channel = connected(cast, line, values, program, port)
    secret = renew_secret(administrator=cast.alla, channel=channel, now=timezone.now())
    address = f"{live_server.url}/api/v1/channels/{channel.pk}/events/"
    with subprocess.Popen(
        [sys.executable, str(program), str(port), address, secret], text=True, stdin=-1, stdout=-1
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


def connected(cast, line, values, program, port):
    """The program does not know its secret yet, and takes the ping."""
    with subprocess.Popen([sys.executable, str(program), str(port)], stdin=subprocess.PIPE) as running:
        eventually(lambda: is_open(port))
        channel = connect_channel(administrator=cast.alla, line=line, kind="custom", values=values, now=timezone.now())
        running.kill()
    assert Account.objects.get(channel=channel).credentials["secret"]
    return channel


def is_open(port):
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
