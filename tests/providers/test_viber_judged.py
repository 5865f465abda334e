"""viberbot, a client that none of us wrote, as a bot of the simulated Viber: it takes the simulator's word."""

import json
from collections.abc import Iterator

import pytest
from viberbot import Api, BotConfiguration
from viberbot.api import api as viberbot_api
from viberbot.api.messages import (
    ContactMessage,
    FileMessage,
    KeyboardMessage,
    LocationMessage,
    PictureMessage,
    StickerMessage,
    TextMessage,
    URLMessage,
    VideoMessage,
)
from viberbot.api.messages.data_types.contact import Contact
from viberbot.api.messages.data_types.location import Location
from viberbot.api.viber_requests import (
    ViberConversationStartedRequest,
    ViberDeliveredRequest,
    ViberFailedRequest,
    ViberMessageRequest,
    ViberSeenRequest,
    ViberSubscribedRequest,
    ViberUnsubscribedRequest,
)

from tests.providers.receiver import running_receiver
from tests.providers.simulator import running
from tests.providers.viber import ANNA, TOKEN, ViberSimulator

pytestmark = [pytest.mark.row("C8"), pytest.mark.slow]

JUDGES = {"viber": {"viberbot": "every callback with its signature; sends everything, is refused, sets its webhook"}}

MESSAGES = {
    TextMessage: {"type": "text", "text": "Hello"},
    PictureMessage: {"type": "picture", "text": "Look", "media": "https://x/p.jpg", "thumbnail": "https://x/t.jpg"},
    VideoMessage: {"type": "video", "media": "https://x/v.mp4", "size": 10_000, "duration": 10},
    FileMessage: {"type": "file", "media": "https://x/b.pdf", "size": 200, "file_name": "b.pdf"},
    StickerMessage: {"type": "sticker", "sticker_id": 46105},
    ContactMessage: {"type": "contact", "contact": {"name": "Boris", "phone_number": "+79161234567"}},
    URLMessage: {"type": "url", "media": "https://shop.example/sofa"},
    LocationMessage: {"type": "location", "location": {"lat": 55.75, "lon": 37.61}},
}


@pytest.fixture
def viber() -> Iterator[ViberSimulator]:
    with running(ViberSimulator()) as simulator:
        yield simulator


@pytest.fixture
def bot(viber, monkeypatch) -> Api:
    monkeypatch.setattr(viberbot_api, "VIBER_BOT_API_URL", viber.base_url)
    return Api(BotConfiguration(auth_token=TOKEN, name="Loft", avatar="https://example.com/loft.jpg"))


def understood(bot: Api, viber: ViberSimulator, payload):
    """The bot believes the signature, in the header and in the address, and reads the rest."""
    body, headers, query = viber.signed(payload)
    assert bot.verify_signature(body, headers["X-Viber-Content-Signature"])
    assert bot.verify_signature(body, query.removeprefix("sig="))
    assert not bot.verify_signature(body + b" ", headers["X-Viber-Content-Signature"])
    return bot.parse_request(body)


@pytest.mark.parametrize("of_type", MESSAGES, ids=lambda of_type: of_type.__name__)
def test_it_reads_every_message_of_a_client(bot, viber, of_type):
    request = understood(bot, viber, viber.sends(MESSAGES[of_type]))

    assert isinstance(request, ViberMessageRequest)
    assert isinstance(request.message, of_type)
    assert (request.sender.id, request.sender.name) == (ANNA["id"], "Anna Petrova")


def test_it_reads_every_other_callback(bot, viber):
    started = understood(bot, viber, viber.opens(context="order-7"))
    assert isinstance(started, ViberConversationStartedRequest)
    assert (started.type, started.context, started.subscribed) == ("open", "order-7", True)
    assert isinstance(understood(bot, viber, viber.subscribes()), ViberSubscribedRequest)
    assert isinstance(understood(bot, viber, viber.unsubscribes()), ViberUnsubscribedRequest)
    delivered = understood(bot, viber, viber.reports("delivered", 7))
    assert isinstance(delivered, ViberDeliveredRequest)
    assert (delivered.message_token, delivered.user_id) == (7, ANNA["id"])
    assert isinstance(understood(bot, viber, viber.reports("seen", 7)), ViberSeenRequest)
    failed = understood(bot, viber, viber.reports("failed", 7, desc="failure"))
    assert isinstance(failed, ViberFailedRequest)
    assert failed.desc == "failure"


def test_it_sends_everything(bot, viber):
    viber.hosts("p.jpg", b"picture")
    button = {"ActionType": "reply", "ActionBody": "yes", "Text": "Yes", "Columns": 6, "Rows": 1}
    keyboard = {"Type": "keyboard", "Buttons": [button]}
    messages = [
        TextMessage(text="Good morning", keyboard=keyboard, tracking_data="t"),
        PictureMessage(media=f"{viber.host}/files/p.jpg", text="Look"),
        VideoMessage(media="https://x/v.mp4", size=10_000, duration=10),
        FileMessage(media="https://x/b.pdf", size=200, file_name="b.pdf"),
        ContactMessage(contact=Contact(name="Boris", phone_number="+79161234567")),
        LocationMessage(location=Location(lat=55.75, lon=37.61)),
        URLMessage(media="https://shop.example/sofa"),
        StickerMessage(sticker_id=46105),
    ]

    tokens = bot.send_messages(ANNA["id"], messages)

    assert tokens == [seen.token for seen in viber.seen]
    assert (viber.seen[0].keyboard, viber.seen[1].content) == (("Yes",), b"picture")
    assert json.loads(viber.calls[-1].body)["auth_token"] == TOKEN


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (TextMessage(text="x" * 7001), "longer than 7000"),
        (PictureMessage(media="https://x/p.webp"), "extension"),
        (PictureMessage(media="https://x/p.jpg", text="x" * 769), "longer than 768"),
        (FileMessage(media="https://x/b", size=200, file_name="b"), "extension"),
        (KeyboardMessage(keyboard={"Type": "keyboard", "Buttons": [{}]}), "type"),
    ],
)
def test_it_is_refused_as_the_documents_say(bot, viber, message, words):
    with pytest.raises(Exception, match=words):
        bot.send_messages(ANNA["id"], [message])
    assert viber.seen == []


def test_it_sets_and_takes_back_its_webhook(bot, viber):
    with running_receiver() as receiver:
        assert set(bot.set_webhook(receiver.url)) >= {"message", "delivered", "seen"}
        assert bot.get_account_info()["webhook"] == receiver.url
        assert bot.parse_request(json.dumps(receiver.received[0])).event_type == "webhook"
        receiver.answers.extend([(500, {}, 0.0), (500, {}, 0.0)])
        payload = viber.writes("Hello")
        assert [answer.status_code for answer in viber.deliver(payload)] == [500, 500, 200]
        assert [body["message_token"] for body in receiver.received[1:]] == [payload["message_token"]] * 3
        bot.unset_webhook()
    assert bot.get_account_info()["webhook"] == ""


def test_it_asks_about_clients(bot):
    assert bot.get_user_details(ANNA["id"])["name"] == "Anna Petrova"
    assert bot.get_online([ANNA["id"]])[0]["online_status"] == 0
