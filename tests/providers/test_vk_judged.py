"""The simulated VKontakte before judges that none of us wrote: vk_api, vkbottle-types, vk-io."""

import io
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import vk_api
import vkbottle_types.events.bot_events as judged
from pydantic import BaseModel
from vk_api.bot_longpoll import VkBotEventType, VkBotLongPoll
from vk_api.exceptions import ApiError
from vk_api.keyboard import VkKeyboard
from vk_api.upload import VkUpload

from channels_connectors.connector import Account
from channels_connectors.registry import connector_for
from tests.providers.conftest import a_picture
from tests.providers.vk import PersonHandle, VkSimulator, simulated_vk

pytestmark = [pytest.mark.row("C2"), pytest.mark.row("C18"), pytest.mark.xdist_group("vk")]

VK_IO = "vk-io@4.10.1"
JUDGES = {
    "vk": {
        "vk-api": "writes, edits, deletes, uploads, polls, recovers, is refused",
        "vkbottle-types": "models of every event",
        VK_IO: "works as a community's program",
    },
    "vk_comments": {"vkbottle-types": "models of every event"},
}
PATIENCE = 15.0


@pytest.fixture
def simulator() -> Iterator[VkSimulator]:
    with simulated_vk() as running:
        yield running


@pytest.fixture
def anna(simulator: VkSimulator) -> PersonHandle:
    return simulator.person("Anna", "Petrova", screen_name="anna_p", photo=a_picture())


class LocalSession(requests.Session):
    """The library knows one address only."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.trust_env = False
        self._base_url = base_url

    def request(self, method: str, url: str, *arguments: Any, **fields: Any) -> requests.Response:  # type: ignore[override]
        return super().request(method, url.replace("https://api.vk.ru", self._base_url, 1), *arguments, **fields)


@pytest.fixture
def library(simulator, tmp_path, monkeypatch) -> vk_api.VkApi:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(vk_api.VkApi, "RPS_DELAY", 0.0)
    session = LocalSession(simulator.base_url)
    return vk_api.VkApi(token=simulator.world.group_token, api_version="5.199", session=session)


def everything(anna: PersonHandle) -> list[dict[str, Any]]:
    """One of each event that our connectors read."""
    first = anna.writes("Hello", ref="ad1")
    cmid = first["object"]["message"]["conversation_message_id"]
    comment = anna.comments("Beautiful!")["object"]["id"]
    answer = anna.staff_comment("Thank you", reply_to=comment)
    return [
        first,
        anna.writes("And one more thing", reply_to=cmid),
        anna.sends("photo", a_picture(320), text="The leg"),
        anna.sends("doc", b"%PDF-1.4", name="bill.pdf"),
        anna.sends("audio_message", b"OggS"),
        anna.shares_location(55.75, 37.61),
        anna.edits(cmid, "Hello!"),
        anna.staff_write("Good morning"),
        anna.types(),
        anna.reads(anna.received()[-1].cmid),
        anna.reacts(cmid, 4),
        anna.reacts(cmid, None),
        anna.allows(),
        anna.denies(),
        answer,
        anna.edits_comment(comment, "Beautiful"),
        anna.deletes_comment(comment),
        anna.restores_comment(comment),
    ]


def test_vkbottle_knows_every_event_and_every_field(anna):
    for event in everything(anna):
        model: type[BaseModel] = getattr(judged, "".join(part.title() for part in event["type"].split("_")))

        read = model.model_validate(event)

        assert unknown_fields(read) == [], event["type"]


def unknown_fields(model: BaseModel) -> list[str]:
    own = [name for name in model.model_extra or {} if name != "v"]
    inner = [value for value in dict(model).values() if isinstance(value, BaseModel)]
    rows = [item for value in dict(model).values() if isinstance(value, list) for item in value]
    return own + [name for item in inner + rows if isinstance(item, BaseModel) for name in unknown_fields(item)]


def test_our_connectors_read_all_of_them(simulator, anna):
    account = Account(channel_id=1, credentials={}, scope=f"vk:{simulator.world.group_id}")
    said = [
        type(item).__name__
        for event in everything(anna)
        for item in connector_for("vk" if event["type"].startswith("message_") else "vk_comments").parse(
            event, account=account
        )
    ]

    assert said == [
        *["IncomingMessage"] * 6, "IncomingEdit", "IncomingEcho", "IncomingTyping", "IncomingReceipt",
        *["IncomingReaction"] * 2, *["IncomingReachability"] * 2, "IncomingEcho", "IncomingEdit", "IncomingDeletion",
        "IncomingMessage",
    ]  # fmt: skip


def test_vk_api_writes_edits_and_deletes(library, anna):
    api = library.get_api()
    keyboard = VkKeyboard(inline=True)
    keyboard.add_callback_button("On Monday", payload={"day": 1})

    api.messages.send(user_id=anna.id, random_id=5, message="When?", keyboard=keyboard.get_keyboard())
    repeated = api.messages.send(user_id=anna.id, random_id=5, message="When?")
    api.messages.edit(peer_id=anna.id, cmid=1, message="On which day?", keyboard=keyboard.get_keyboard())
    api.messages.send(peer_ids=[anna.id], random_id=6, message="A mistake")
    api.messages.delete(peer_id=anna.id, cmids="2", delete_for_all=1)

    (message,) = anna.received()
    assert (message.text, message.id) == ("On which day?", repeated)
    assert anna.presses(message.cmid, "On Monday")["object"]["payload"] == {"day": 1}


def test_vk_api_uploads_what_a_message_then_carries(library, anna, tmp_path):
    (tmp_path / "voice.ogg").write_bytes(b"OggS")
    upload = VkUpload(library)

    photo = upload.photo_messages(io.BytesIO(a_picture(320)), peer_id=anna.id)[0]
    voice = upload.audio_message(str(tmp_path / "voice.ogg"), peer_id=anna.id)["audio_message"]
    names = f"photo{photo['owner_id']}_{photo['id']},doc{voice['owner_id']}_{voice['id']}"
    library.get_api().messages.send(peer_id=anna.id, random_id=1, attachment=names)

    assert [item["type"] for item in anna.received()[0].attachments] == ["photo", "audio_message"]


@pytest.mark.parametrize(
    ("code", "call"),
    [
        (100, lambda api, anna: api.messages.send(peer_id=anna.id, random_id=1)),
        (901, lambda api, anna: api.messages.send(peer_id=1, random_id=1, message="x")),
        (914, lambda api, anna: api.messages.send(peer_id=anna.id, random_id=1, message="x" * 4097)),
        (911, lambda api, anna: api.messages.send(peer_id=anna.id, random_id=1, message="x", keyboard="{")),
        (27, lambda api, anna: api.wall.deleteComment(owner_id=-555, comment_id=1)),
        (2000, lambda api, anna: api.groups.deleteCallbackServer(group_id=555, server_id=1)),
        (3, lambda api, anna: api.messages.sing()),
    ],
)
def test_vk_api_understands_refusals(library, anna, code: int, call: Callable[[Any, PersonHandle], Any]):
    with pytest.raises(ApiError) as caught:
        call(library.get_api(), anna)

    assert caught.value.code == code


def test_vk_api_polls_and_recovers_as_it_does_at_vkontakte(library, simulator, anna):
    library.method("groups.setLongPollSettings", {"group_id": 555, "enabled": 1, "message_new": 1})
    poll = VkBotLongPoll(library, 555, wait=1)
    anna.writes("One")

    (event,) = poll.check()
    assert (event.type, event.message.text, event.from_user) == (VkBotEventType.MESSAGE_NEW, "One", True)

    simulator.forget_history(key=True)
    assert poll.check() == []
    anna.writes("Two")
    assert [event.message.text for event in poll.check()] == ["Two"]

    anna.writes("Three")
    simulator.forget_history()
    assert poll.check() == []
    anna.writes("Four")
    assert [event.message.text for event in poll.check()] == ["Four"]


def installed_vk_io() -> Path:
    """A folder in which node finds vk-io; where it can't be had, the test says so and is not run."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("The judge vk-io is not available: there is no node with npm on this machine.")
    folder = Path(os.environ.get("VAR_DIR", "var")).absolute() / "judges" / "vk-io"
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", VK_IO]
    if not (folder / "node_modules" / "vk-io").is_dir():
        installed = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
        if installed.returncode:
            pytest.skip("The judge vk-io is not available: npm can't install it here.")
    shutil.copy(Path(__file__).parent / "judges" / "vk-io.mjs", folder)
    return folder


@pytest.mark.slow
def test_vk_io_takes_the_simulator_for_vkontakte(simulator, anna):
    arguments = ["node", "vk-io.mjs", simulator.base_url, simulator.world.group_token, "555", str(anna.id)]
    judge = subprocess.Popen(arguments, cwd=installed_vk_io(), stdout=subprocess.PIPE)
    try:
        until(lambda: simulator.world.servers and simulator.world.servers[0].status == "ok")
        until(lambda: "message_event" in simulator.world.servers[0].types)
        anna.writes("Where is my order?")
        until(lambda: len(anna.received()) == 3)
        anna.sends("photo", a_picture(80), text="This one")
        until(lambda: len(anna.received()) == 4)
        anna.presses(anna.received()[2].cmid, "Stop")
        output, _nothing = judge.communicate(timeout=PATIENCE)
    finally:
        judge.kill()
        judge.communicate()

    seen = json.loads(output)
    assert judge.returncode == 0
    assert [message["text"] for message in seen["messages"]] == ["Where is my order?", "This one"]
    assert (seen["attachments"], seen["pressed"], seen["status"]) == (["photo"], {"command": "stop"}, "ok")
    assert (seen["sameMessage"], anna.person.typing_seen) == (True, 1)
    codes = {name: refusal["code"] for name, refusal in seen["refusals"].items() if refusal["isRefusal"]}
    assert codes == {"empty": 100, "stranger": 901, "keyboard": 911, "method": 3}
    assert anna.received()[2].reply_to
    assert simulator.world.answered_presses[0]["text"] == "Understood"


def until(look: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
