"""A page of which everything is connected: from the wizard to the client and back, through one webhook of one app."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from channels_connectors.inbox import process_everything
from channels_connectors.models import Account, Delivery, RawEvent
from channels_connectors.services.channels import connect_channel, webhook_url
from channels_connectors.services.checking import ConnectionRefused, DeliversElsewhere
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Channel, Dialog, Line, Message
from openlines.services.lines import set_queue_members
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.channels_connectors.webhook_calls import called, endpoint
from tests.factories import make_cast, make_line
from tests.providers.meta import simulated_meta
from tests.providers.meta.model import (
    APP_ID,
    APP_SECRET,
    FB_USER,
    IG_ID,
    IGSID,
    PAGE_ID,
    PAGE_TOKEN,
    POST_ID,
    PSID,
    START,
    Comment,
)
from tests.providers.meta.webhooks import (
    between,
    direct,
    echo,
    feed,
    ig_comment,
    in_one_entry,
    message,
    own_echo,
    packed,
    signed,
)

__all__ = ["endpoint"]

pytestmark = [pytest.mark.usefixtures("endpoint", "bells")] + [
    pytest.mark.row(row) for row in ("C4", "C5", "C6", "C7", "C18")
]

KINDS = ("messenger", "facebook_comments", "instagram", "instagram_comments")


class Loft:
    """A company with all four channels."""

    def __init__(self, simulator, cast, line):
        self.simulator, self.world, self.cast, self.line = simulator, simulator.world, cast, line
        self.channels = {kind: self.connect(kind) for kind in KINDS}
        self.world.wrote |= {PSID: (START, "m_1"), IGSID: (START, "aWdf1")}

    def connect(self, kind, **how) -> Channel:
        values = {
            "app_id": APP_ID, "app_secret": APP_SECRET, "access_token": PAGE_TOKEN, "flavour": "facebook_login",
            "base_url": self.simulator.base_url,
        }  # fmt: skip
        channel = connect_channel(
            administrator=self.cast.alla, line=self.line, kind=kind, values=values, now=timezone.now(), **how
        )
        account = Account.objects.get(channel=channel)
        account.settings |= {"read_seconds": 0.5}
        account.save()
        return channel

    def delivers(self, body: bytes, about: str = "page") -> list[int]:
        """To where the app's webhooks go, as Meta does: three times."""
        request, url = signed(body), self.world.app_subscriptions[about]["callback_url"]

        async def post(client):
            return [
                (await client.post(urlsplit(url).path, content=body, headers=dict(request.headers))).status_code
                for _time in range(3)
            ]

        statuses: list[int] = called(post)
        self.process()
        return statuses

    def process(self) -> None:
        while process_everything(now=timezone.now() + timedelta(hours=1)):
            continue

    def replies(self, kind: str, text: str) -> Message:
        dialog = Dialog.objects.filter(channel=self.channels[kind]).latest("pk")
        if dialog.owner_id is None:
            answer_dialog(dialog_id=dialog.pk, operator=self.cast.olga, now=timezone.now())
        said, _ = send_reply(dialog_id=dialog.pk, operator=self.cast.olga, text=text, now=timezone.now())
        return said

    def carry(self) -> None:
        for delivery_id in claim_due(limit=50, now=timezone.now() + timedelta(seconds=1)):
            deliver(delivery_id)

    def said_in(self, kind: str) -> list[tuple[str, str]]:
        messages = Message.objects.filter(chat__channel=self.channels[kind], author_kind__in=["CLIENT", "OPERATOR"])
        return list(messages.order_by("pk").values_list("author_kind", "text"))


@pytest.fixture
def loft(endpoint, settings):
    settings.PUBLIC_URL = "https://shop.example.org"
    cast = make_cast()
    line = make_line(cast)
    Line.objects.update(is_welcome_sent=False, closing_action="NONE")
    set_queue_members(administrator=cast.alla, line=line, operator_ids=[cast.olga.pk])
    line.refresh_from_db()
    with simulated_meta() as simulator:
        settings.OUTGOING_PRIVATE_HOSTS = [urlsplit(simulator.base_url).netloc]
        yield Loft(simulator, cast, line)


def test_connecting_sets_up_both_halves_of_every_webhook(loft):
    assert {channel.state for channel in loft.channels.values()} == {Channel.State.CONNECTED}
    assert loft.channels["messenger"].scope == f"messenger:{PAGE_ID}"
    assert loft.channels["instagram"].scope == f"instagram:{IG_ID}"
    assert loft.world.app_subscriptions["page"]["callback_url"] == webhook_url(
        loft.channels["facebook_comments"].account
    )
    assert {"feed", "messages"} <= loft.world.page_subscriptions[PAGE_ID]
    for channel in loft.channels.values():
        assert PAGE_TOKEN not in str(Account.objects.get(channel=channel).settings)


def test_an_app_that_delivers_to_another_program_is_taken_only_when_told_to(loft):
    Channel.objects.filter(kind="messenger").update(state=Channel.State.DISCONNECTED)
    loft.world.app_subscriptions["page"]["callback_url"] = "https://old.example.org/webhook"

    with pytest.raises(DeliversElsewhere) as caught:
        loft.connect("messenger")
    assert "old.example.org" in str(caught.value)
    assert loft.connect("messenger", take_over=True).state == Channel.State.CONNECTED
    assert "shop.example.org" in loft.world.app_subscriptions["page"]["callback_url"]


def test_what_is_wrong_with_a_token_is_told_in_words(loft):
    Channel.objects.filter(kind="messenger").update(state=Channel.State.DISCONNECTED)
    loft.world.tokens[PAGE_TOKEN].scopes = ("pages_messaging",)

    with pytest.raises(ConnectionRefused) as caught:
        loft.connect("messenger")
    assert str(caught.value).startswith("The token lacks permissions: pages_manage_metadata.")


def test_one_webhook_serves_messages_and_comments(loft):
    loft.world.write_comment(Comment("555_1", POST_ID, FB_USER, "How much?", START))

    assert loft.delivers(in_one_entry(message("m_1", "Hello"), feed("add", "555_1", "How much?"))) == [200] * 3
    assert (
        loft.delivers(
            packed(direct("aWdf1", "Hi"), ig_comment("179_1", "Size M?"), about="instagram", account=IG_ID), "instagram"
        )
        == [200] * 3
    )

    assert [loft.said_in(kind) for kind in KINDS] == [
        [("CLIENT", "Hello")], [("CLIENT", "How much?")], [("CLIENT", "Hi")], [("CLIENT", "Size M?")],
    ]  # fmt: skip
    assert not RawEvent.objects.exclude(state="DONE").exists()
    subject = Dialog.objects.get(channel=loft.channels["facebook_comments"]).chat.subject
    assert (subject["title"], subject["url"]) == ("The new sofa is here", "https://fb.test/p1")


def test_meta_asks_for_the_word_and_hears_it(loft):
    account = loft.channels["messenger"].account
    query = f"hub.mode=subscribe&hub.challenge=42&hub.verify_token={account.webhook_secret}"
    path = urlsplit(webhook_url(account)).path

    answer, refusal = (called(lambda client, q=q: client.get(f"{path}?{q}")) for q in (query, query + "x"))
    assert (answer.status_code, answer.text) == (200, "42")
    assert refusal.status_code == 404


def test_a_forged_event_leaves_nothing(loft):
    body, url = packed(message("m_1", "Hello")), loft.world.app_subscriptions["page"]["callback_url"]
    forged = signed(body, "another")

    answer = called(lambda client: client.post(urlsplit(url).path, content=body, headers=dict(forged.headers)))
    assert answer.status_code == 404
    assert not RawEvent.objects.exists()


def test_what_got_no_answer_is_known_by_its_echo(loft):
    loft.delivers(packed(message("m_1", "Hello")))
    said = loft.replies("messenger", "Good morning")
    loft.simulator.fault("hang_after", path="/messages")
    loft.carry()
    (sent,) = loft.world.sent

    loft.delivers(packed(own_echo(sent.id, sent.text, sent.metadata)))
    loft.carry()

    said.refresh_from_db()
    assert (said.delivery_state, said.external_id) == ("SENT", sent.id)
    assert len(loft.world.sent) == 1
    assert loft.said_in("messenger") == [("CLIENT", "Hello"), ("OPERATOR", "Good morning")]


def test_watermarks_and_reads_tick_our_messages(loft):
    loft.delivers(packed(message("m_1", "Hello")))
    loft.delivers(packed(direct("aWdf1", "Hi"), about="instagram", account=IG_ID), "instagram")
    in_messenger, in_direct = loft.replies("messenger", "Good morning"), loft.replies("instagram", "Good evening")
    loft.carry()
    in_direct.refresh_from_db()
    later = int((timezone.now() + timedelta(seconds=5)).timestamp() * 1000)

    loft.delivers(packed(between(read={"watermark": later})))
    read = between(IGSID, IG_ID, read={"mid": in_direct.external_id})
    loft.delivers(packed(read, about="instagram", account=IG_ID), "instagram")

    in_messenger.refresh_from_db()
    in_direct.refresh_from_db()
    assert (in_messenger.delivery_state, in_direct.delivery_state) == ("READ", "READ")


def test_what_staff_write_in_meta_s_own_app_is_seen_and_not_answered(loft):
    loft.delivers(packed(message("m_1", "Hello")))
    loft.delivers(packed(echo("m_2", "We are open till nine")))
    loft.world.write_comment(Comment("555_1", POST_ID, FB_USER, "How much?", START))
    loft.world.write_comment(Comment("555_2", POST_ID, PAGE_ID, "99 euro", START, parent="555_1"))
    loft.delivers(
        packed(feed("add", "555_1", "How much?"), feed("add", "555_2", "99 euro", author=PAGE_ID, parent="555_1"))
    )

    assert loft.said_in("messenger") == [("CLIENT", "Hello"), ("OPERATOR", "We are open till nine")]
    assert loft.said_in("facebook_comments") == [("CLIENT", "How much?"), ("OPERATOR", "99 euro")]
    assert not Delivery.objects.exists()


def test_an_answer_to_a_comment_is_not_told_twice_when_it_comes_back(loft):
    loft.world.write_comment(Comment("555_1", POST_ID, FB_USER, "How much?", START))
    loft.delivers(packed(feed("add", "555_1", "How much?")))
    said = loft.replies("facebook_comments", "99 euro")
    loft.carry()
    said.refresh_from_db()

    loft.delivers(packed(feed("add", said.external_id, "99 euro", author=PAGE_ID, parent="555_1")))

    assert said.delivery_state == "SENT"
    assert loft.said_in("facebook_comments") == [("CLIENT", "How much?"), ("OPERATOR", "99 euro")]
