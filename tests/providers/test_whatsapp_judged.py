"""pywa and whatsapp-api-js, clients that none of us wrote, at the simulated WhatsApp: they take its word."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from pywa import WhatsApp
from pywa import errors as pywa_errors
from pywa.types import CallbackButton, CallbackSelection, Message, MessageStatus
from pywa.types.message import DeletedMessage, EditedMessage, OutgoingMessage
from pywa.types.system import PhoneNumberChange

from channels_connectors.whatsapp.errors import KINDS
from tests.providers.simulator import running
from tests.providers.whatsapp import ANNA, APP_SECRET, BORIS, WhatsAppSimulator
from tests.providers.whatsapp.people import People

pytestmark = [pytest.mark.row("C11"), pytest.mark.slow]

TOLD = People()
WHATSAPP_API_JS = "whatsapp-api-js@6.3.0"
JUDGES = {
    "whatsapp": {
        "pywa": "every message, press, status and echo; its table of errors",
        WHATSAPP_API_JS: "receives with signatures, sends",
    }
}
JUDGE = Path(__file__).parent / "judges" / "whatsapp_api.mjs"


@pytest.fixture
def client() -> WhatsApp:
    """pywa's client, which asks nobody anything here."""
    return WhatsApp(phone_id="1", token="x")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("text", {"body": "Hello"}),
        ("image", {"id": "1", "mime_type": "image/jpeg", "sha256": "x", "caption": "Look"}),
        ("video", {"id": "1", "mime_type": "video/mp4", "sha256": "x"}),
        ("audio", {"id": "1", "mime_type": "audio/ogg", "sha256": "x", "voice": True}),
        ("document", {"id": "1", "mime_type": "application/pdf", "sha256": "x", "filename": "b.pdf"}),
        ("sticker", {"id": "1", "mime_type": "image/webp", "sha256": "x", "animated": False}),
        ("location", {"latitude": 55.75, "longitude": 37.61, "name": "Loft"}),
        ("reaction", {"message_id": "wamid.1", "emoji": "👍"}),
    ],
)
def test_pywa_reads_every_message(client, kind, fields):
    message = Message.from_update(client, TOLD.message(kind, **{kind: fields}))

    assert (message.type.value, message.from_user.name, message.from_user.wa_id) == (kind, ANNA.name, ANNA.number)
    assert message.from_user.bsuid == ANNA.user_id


def test_pywa_reads_somebody_without_a_number(client):
    message = Message.from_update(client, TOLD.writes("Hi", who=BORIS))

    assert (message.from_user.bsuid, message.from_user.wa_id, message.from_user.username) == (
        BORIS.user_id, None, "boris",
    )  # fmt: skip


def test_pywa_reads_edits_presses_statuses_and_echoes(client):
    edit = {"original_message_id": "wamid.1", "message": {"id": "wamid.1", "type": "text", "text": {"body": "New"}}}
    reply = {"type": "button_reply", "button_reply": {"id": "rate:1", "title": "Good"}}
    row = {"type": "list_reply", "list_reply": {"id": "rate:2", "title": "Two"}}
    context = {"id": "wamid.OURS", "from": "15550783881"}
    system = {"type": "user_changed_number", "body": "x", "wa_id": "7999", "user_id": "RU.9"}
    errors = [{"code": 131047, "title": "Re-engagement message", "message": "Re-engagement message"}]

    assert EditedMessage.from_update(client, TOLD.message("edit", edit=edit)).message.text == "New"
    gone = DeletedMessage.from_update(client, TOLD.message("revoke", revoke={"original_message_id": "wamid.1"}))
    assert gone.original_message_id == "wamid.1"
    pressed = TOLD.message("interactive", interactive=reply, context=context)
    assert CallbackButton.from_update(client, pressed).data == "rate:1"
    chosen = TOLD.message("interactive", interactive=row, context=context)
    assert CallbackSelection.from_update(client, chosen).data == "rate:2"
    status = MessageStatus.from_update(client, TOLD.status("failed", "wamid.1", key="7.0", errors=errors))
    assert (status.tracker, type(status.error)) == ("7.0", pywa_errors.ReEngagementMessage)
    assert OutgoingMessage.from_update(client, TOLD.echo("text", text={"body": "Hi"})).to_user.wa_id == ANNA.number
    change = PhoneNumberChange.from_update(client, TOLD.message("system", system=system))
    assert (change.new_wa_id, change.old_wa_id) == ("7999", ANNA.number)


@pytest.mark.parametrize(
    ("of_type", "kinds"),
    [
        (pywa_errors.ThrottlingError, {"RETRY", "LATER"}),
        (pywa_errors.AuthException, {"TOKEN"}),
        (pywa_errors.ExpiredAccessToken, {"TOKEN"}),
        (pywa_errors.ReEngagementMessage, {"WINDOW"}),
        (pywa_errors.MessageUndeliverable, {"BLOCKED"}),
        (pywa_errors.TemporarilyBlocked, {"LATER"}),
    ],
)
def test_our_classes_agree_with_pywa_s(of_type, kinds):
    listed = [of_type, *of_type.__subclasses__()]
    codes = [code for each in listed for code in each.__error_codes__ or ()]

    assert codes
    assert {KINDS.get(code, "PERMANENT") for code in codes} <= kinds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place with whatsapp-api-js in it."""
    npm = shutil.which("npm")
    if npm is None or not shutil.which("node"):
        pytest.skip("no Node here")
    shutil.copy(JUDGE, tmp_path / "judge.mjs")
    installed = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--silent", WHATSAPP_API_JS], cwd=tmp_path, check=False, timeout=120
    )
    if installed.returncode:
        pytest.skip("npm can't install")
    return tmp_path


def test_whatsapp_api_js_receives_and_sends(folder):
    with running(WhatsAppSimulator()) as simulator:
        payload = TOLD.writes("Привет 👋")
        body, headers = simulator.signed(payload)
        told = {
            "base": simulator.base_url, "token": simulator.token, "secret": APP_SECRET, "body": body.decode(),
            "signature": headers["X-Hub-Signature-256"], "to": ANNA.number, "number": "106540352242922",
        }  # fmt: skip
        ran = subprocess.run(
            ["node", "judge.mjs", json.dumps(told)], cwd=folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert ran.returncode == 0, ran.stderr
        seen = json.loads(ran.stdout)

        assert seen["challenge"] == "1158201444"
        assert (seen["wrongToken"], seen["wrongSignature"]) == (403, 401)
        assert (seen["text"], seen["from"], seen["name"]) == ("Привет 👋", ANNA.number, ANNA.name)
        assert seen["sent"] == simulator.seen[0].id
        assert simulator.seen[0].text == "Good morning"
        assert simulator.seen[1].buttons == ("Yes", "No")
