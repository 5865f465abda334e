"""pywa, a client that none of us wrote, at the webhooks of the simulated Meta; and our verifier beside it.

There is no such client for Messenger and Instagram: fbmessenger and pymessenger are dead. What signs and challenges is
the same for all of Meta, so pywa judges that; the rest of the simulator is held to Meta's documents alone.
"""

import pytest
from pywa import WhatsApp
from pywa.utils import webhook_updates_validator

from channels_connectors.connector import Account, WebhookRequest
from channels_connectors.errors import SignatureMismatch
from channels_connectors.registry import CONNECTORS
from tests.providers.meta.model import APP_SECRET
from tests.providers.meta.webhooks import direct, feed, message, packed, signed

pytestmark = [pytest.mark.row("C4"), pytest.mark.row("C6"), pytest.mark.slow]

SIGNS = "signatures and challenges of webhooks only: no other client is alive"
JUDGES = {"messenger": {"pywa": SIGNS}, "instagram": {"pywa": SIGNS}}

ACCOUNT = Account(channel_id=1, credentials={"app_secret": APP_SECRET}, webhook_secret="word")
BODIES = [
    packed(message("m_1", "Привет 👋 https://loft.example/")),
    packed(direct("aWdf1", "🛋️")),
    packed(feed("add", "1_2", "é")),
]


def is_believed(request: WebhookRequest) -> bool:
    try:
        CONNECTORS["messenger"].verify(request, ACCOUNT)
    except SignatureMismatch:
        return False
    return True


@pytest.mark.parametrize("body", BODIES)
def test_pywa_believes_what_we_believe_and_nothing_else(body):
    genuine = signed(body)
    requests = [
        genuine,
        WebhookRequest(body=body.decode().encode("utf-16"), headers=genuine.headers),
        WebhookRequest(body=body.replace(b"\\/", b"/") + b" ", headers=genuine.headers),
        signed(body, "another"),
    ]

    verdicts = [
        webhook_updates_validator(APP_SECRET, request.body, request.headers["x-hub-signature-256"])
        for request in requests
    ]
    assert verdicts == [is_believed(request) for request in requests] == [True, False, False, False]


@pytest.mark.parametrize("token", ["word", "sword", ""])
def test_pywa_answers_the_challenge_as_we_do(token):
    judge = WhatsApp(phone_id="1", token="x", verify_token="word", app_secret=APP_SECRET, server=None)
    query = f"hub.mode=subscribe&hub.challenge=1158&hub.verify_token={token}"
    request = WebhookRequest(body=b"", method="GET", query=query)

    said, status = judge.webhook_challenge_handler(token, "1158")
    if status == 200:
        answer = CONNECTORS["messenger"].handshake(request, ACCOUNT)
        assert answer is not None
        assert (answer.status, answer.body.decode()) == (status, said)
    else:
        with pytest.raises(SignatureMismatch):
            CONNECTORS["messenger"].handshake(request, ACCOUNT)
