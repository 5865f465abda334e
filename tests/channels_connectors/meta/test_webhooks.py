import json

import pytest

from channels_connectors.connector import Account, WebhookRequest
from channels_connectors.errors import SignatureMismatch
from channels_connectors.meta.webhooks import answer_challenge, elements, event_key, signature, verify_signature

pytestmark = pytest.mark.row("C4")

ACCOUNT = Account(channel_id=1, credentials={"app_secret": "hush"}, webhook_secret="word")
BODY = b'{"object":"page","entry":[{"id":"P","text":"\\u041f\\u0440\\u0438\\u0432\\u0435\\u0442"}]}'


def signed(body: bytes, secret: str = "hush") -> WebhookRequest:
    return WebhookRequest(body=body, headers={"x-hub-signature-256": signature(secret, body).decode()})


def asked(query: str) -> WebhookRequest:
    return WebhookRequest(body=b"", method="GET", query=query)


def test_the_challenge_comes_back_as_it_came():
    answer = answer_challenge(asked("hub.mode=subscribe&hub.verify_token=word&hub.challenge=1158201444"), ACCOUNT)

    assert answer is not None
    assert (answer.status, answer.body, answer.content_type) == (200, b"1158201444", "text/plain")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=sword&hub.challenge=1",
        "hub.mode=unsubscribe&hub.verify_token=word&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=%C3%A9&hub.challenge=1",
    ],
)
def test_nobody_else_is_answered(query):
    with pytest.raises(SignatureMismatch):
        answer_challenge(asked(query), ACCOUNT)


def test_no_word_of_ours_means_no_challenge():
    with pytest.raises(SignatureMismatch):
        answer_challenge(
            asked("hub.mode=subscribe&hub.verify_token=&hub.challenge=1"), Account(channel_id=1, credentials={})
        )


def test_an_event_is_no_challenge():
    assert answer_challenge(signed(BODY), ACCOUNT) is None


def test_the_signature_is_over_the_bytes_as_they_came():
    verify_signature(signed(BODY), ["hush"])

    rewritten = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    with pytest.raises(SignatureMismatch):
        verify_signature(WebhookRequest(body=rewritten, headers=signed(BODY).headers), ["hush"])


def test_an_app_may_have_two_secrets():
    verify_signature(signed(BODY, "of instagram"), ["hush", "", "of instagram"])


@pytest.mark.parametrize("given", ["", "sha256=", "sha256=00", "sha1=" + "0" * 40, "sha256=é"])
def test_a_wrong_signature_is_refused(given):
    with pytest.raises(SignatureMismatch):
        verify_signature(WebhookRequest(body=BODY, headers={"x-hub-signature-256": given}), ["hush"])


def test_without_a_secret_nothing_is_believed():
    with pytest.raises(SignatureMismatch):
        verify_signature(signed(BODY, ""), [""])


def test_every_element_of_every_entry_stands_alone_in_its_own_envelope():
    payload = {
        "object": "page",
        "entry": [
            {"id": "P1", "time": 1, "messaging": [{"n": 1}, {"n": 2}], "standby": [{"n": 3}]},
            {"id": "P2", "time": 2, "changes": [{"field": "feed", "value": {"n": 4}}]},
            {"id": "P3", "time": 3},
            {"id": "P4", "time": 4, "field": "comments", "value": {"n": 5}},
        ],
    }

    found = list(elements(payload))

    assert [(item.account_id, item.place, item.field) for item in found] == [
        ("P1", "messaging", ""), ("P1", "messaging", ""), ("P1", "standby", ""), ("P2", "changes", "feed"),
        ("P4", "", "comments"),
    ]  # fmt: skip
    assert json.loads(found[1].body()) == {
        "object": "page",
        "entry": [{"id": "P1", "time": 1, "messaging": [{"n": 2}]}],
    }
    assert [list(elements(json.loads(item.body()))) for item in found] == [[item] for item in found]


@pytest.mark.parametrize(
    "payload",
    [None, [], "page", {}, {"object": "page"}, {"object": "page", "entry": {}}, {"object": "page", "entry": ["x"]},
     {"object": "page", "entry": [{"id": "P", "messaging": {"a": 1}}]},
     {"object": "page", "entry": [{"id": "P", "messaging": [1]}]}],
)  # fmt: skip
def test_what_is_no_webhook_of_metas_is_refused(payload):
    with pytest.raises((LookupError, TypeError, ValueError)):
        list(elements(payload))


def test_a_key_is_readable_or_short():
    assert event_key("message", "m_abc") == "message:m_abc"
    assert len(event_key("message", "m" * 1000)) < 100
    assert event_key("message", "m" * 1000) != event_key("message", "m" * 1001)
    assert "\0" not in event_key("message", "m\0")
