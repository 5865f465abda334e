"""A community's key, its callback server, its long poll, its people."""

import json
from dataclasses import replace

import pytest

from channels_connectors.connector import WebhookRequest
from channels_connectors.errors import ConnectorError, SignatureMismatch
from channels_connectors.registry import connector_for

pytestmark = [pytest.mark.row("C2"), pytest.mark.row("C17"), pytest.mark.row("C18")]

HOOK = "https://shop.example.org/hooks/vk/a-long-secret-token/"


def test_a_check_says_whose_key_it_is_and_keeps_the_code(vk, account):
    checked = vk.check(account)

    assert (checked.external_id, checked.title) == ("555", "Loft & Co")
    assert checked.settings["confirmation_code"] == "c0de1234"


def test_rights_that_are_missing_are_named(vk, account, simulator):
    simulator.world.rights -= {"docs", "manage"}

    with pytest.raises(ConnectorError, match="Manage community, Files") as caught:
        vk.check(account)
    assert caught.value.kind == "PERMANENT"


def test_a_persons_key_is_none_of_a_community(vk, account, simulator):
    with pytest.raises(ConnectorError) as caught:
        vk.check(replace(account, credentials={"token": simulator.world.user_token}))

    assert caught.value.kind == "TOKEN"


def test_our_server_is_added_once_and_asks_for_our_events_alone(vk, account, simulator):
    remembered = vk.set_webhook(url=HOOK, account=account)
    vk.set_webhook(url=HOOK, account=account)

    (server,) = simulator.world.servers
    assert remembered == {"callback_server_id": server.id, "confirmation_code": "c0de1234"}
    assert server.types == set(vk.event_types)
    assert (server.secret_key, len(server.title) <= 14) == (account.webhook_secret, True)


def test_servers_of_others_are_left_alone(vk, account, simulator):
    other = replace(account, webhook_secret="another-secret")
    vk.set_webhook(url="https://elsewhere.example/", account=other)
    vk.set_webhook(url=HOOK, account=account)

    vk.remove_webhook(account)

    assert [server.url for server in simulator.world.servers] == ["https://elsewhere.example/"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda server: setattr(server, "secret_key", "x"), "another secret"),
        (lambda server: setattr(server, "status", "failed"), "could not confirm"),
        (lambda server: setattr(server, "url", "https://x"), "no longer knows"),
    ],
)
def test_what_is_wrong_with_our_server_is_said(vk, account, simulator, change, words: str):
    vk.set_webhook(url=HOOK, account=account)
    change(simulator.world.servers[0])

    found = vk.subscription(url=HOOK, account=account)

    assert found is not None
    assert (found.is_ours, words in found.problem) == (False, True)


def test_the_code_is_told_to_whoever_asks_for_our_community(vk, account):
    def asked(group_id: int) -> WebhookRequest:
        return WebhookRequest(body=json.dumps({"type": "confirmation", "group_id": group_id}).encode())

    answer = vk.handshake(asked(555), account)

    assert answer is not None
    assert (answer.status, answer.body) == (200, b"c0de1234")
    with pytest.raises(SignatureMismatch):
        vk.handshake(asked(556), account)


def test_events_are_answered_with_ok_and_kept_without_the_secret(vk, account, driver):
    request = driver.request(driver.text("A confirmation, please"))

    (event,) = vk.events(request, account)

    assert vk.handshake(request, account) is None
    assert vk.answer(request, account).body == b"ok"
    assert account.webhook_secret.encode() not in event.body


def test_a_request_that_was_tried_before_is_as_good_as_any(vk, account, driver):
    request = driver.request(driver.text("Hello"))
    again = replace(request, headers={"x-retry-counter": "3"})

    vk.verify(again, account)
    assert vk.events(again, account) == vk.events(request, account)


def test_one_server_may_serve_messages_and_comments(vk, account, driver, anna):
    shared = replace(account, credentials={**account.credentials, "secret": "chosen-by-alla"})
    comments = connector_for("vk_comments")
    body = json.dumps({**anna.comments("Hello"), "secret": "chosen-by-alla"}).encode()

    (event,) = vk.events(WebhookRequest(body=body), shared)

    assert event.scope == "vk_comments:555"
    comments.verify(WebhookRequest(body=body), replace(shared, scope="vk_comments:555"))
    with pytest.raises(SignatureMismatch):
        comments.verify(WebhookRequest(body=body), replace(account, scope="vk_comments:555"))


def test_each_kind_polls_its_own_events(vk, account, anna):
    comments = connector_for("vk_comments")
    other = replace(account, scope="vk_comments:555")
    starts = [k.poll(cursor="", timeout=0, account=a).cursor for k, a in ((vk, account), (comments, other))]
    anna.writes("A message")
    anna.comments("A comment")

    polled = [
        k.poll(cursor=start, timeout=0, account=a)
        for (k, a), start in zip(((vk, account), (comments, other)), starts, strict=True)
    ]

    assert [len(found.events) for found in polled] == [1, 1]
    assert b"A message" in polled[0].events[0].body
    assert b"A comment" in polled[1].events[0].body


def test_polling_goes_on_after_a_new_key_and_after_lost_history(vk, account, simulator, anna):
    cursor = vk.poll(cursor="", timeout=0, account=account).cursor
    simulator.forget_history(key=True)
    anna.writes("One")
    assert vk.poll(cursor=cursor, timeout=0, account=account).cursor == cursor
    polled = vk.poll(cursor=cursor, timeout=0, account=account)
    assert len(polled.events) == 1

    anna.writes("Two")
    simulator.forget_history()
    anna.writes("Three")
    stale = vk.poll(cursor=polled.cursor, timeout=0, account=account)
    assert (list(stale.events), int(stale.cursor) > int(polled.cursor)) == ([], True)
    assert len(vk.poll(cursor=stale.cursor, timeout=0, account=account).events) == 1


def test_a_cursor_of_another_time_begins_anew(vk, account):
    vk.poll(cursor="", timeout=0, account=account)
    lost = vk.poll(cursor="4711", timeout=0, account=account)

    assert (list(lost.events), lost.cursor) == ([], "")
    assert vk.poll(cursor="", timeout=0, account=account).cursor == "0"


def test_who_writes_is_asked_for(vk, account, simulator, anna):
    person = vk.fetch_profile(str(anna.id), account)
    nobody = simulator.person("Boris", "", screen_name="")

    assert person is not None
    assert (person.name, person.username) == ("Anna Petrova", "")
    assert vk.fetch_photo(person.photo_reference, account).content == anna.person.photo
    assert vk.fetch_profile("4711", account) is None
    assert vk.fetch_profile("-99", account).name == "Community 99"
    assert vk.fetch_photo(str(nobody.id), account) is None


def test_an_outage_and_a_flood_while_polling_are_tried_again(vk, account, simulator):
    cursor = vk.poll(cursor="", timeout=0, account=account).cursor
    for fault in ("502", "429", "hang_before"):
        simulator.fault(fault, path="/lp/")
        with pytest.raises(ConnectorError) as caught:
            vk.poll(cursor=cursor, timeout=0, account=account)
        assert caught.value.kind == "RETRY"
