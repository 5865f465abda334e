"""The simulated Telegram delivers as the real one says that it does."""

import httpx
import pytest

from tests.providers.telegram import simulated_telegram

SECRET = "s3cret-_"


@pytest.fixture
def call(simulator, telegram_bot):
    """The Bot API over plain HTTP."""
    with httpx.Client(base_url=f"{simulator.base_url}/bot{telegram_bot.token}", trust_env=False) as client:
        yield lambda method, **fields: client.post(f"/{method}", json=fields).json()


@pytest.fixture
def webhook(call, receiver):
    assert call("setWebhook", url=receiver.url, secret_token=SECRET)["description"] == "Webhook was set"
    return receiver


def texts(receiver) -> list[str]:
    return [update["message"]["text"] for update in receiver.received]


def test_updates_come_with_the_secret_and_leave_the_queue(call, webhook, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")
    telegram_bot.wait_until_all_delivered()

    assert texts(webhook) == ["Hello"]
    assert webhook.headers[0]["x-telegram-bot-api-secret-token"] == SECRET
    assert call("getWebhookInfo")["result"]["pending_update_count"] == 0


def test_what_was_written_before_the_webhook_comes_when_it_is_set(call, receiver, telegram_bot, telegram_anna):
    for text in ("One", "Two"):
        telegram_anna.writes(text)
    call("setWebhook", url=receiver.url)
    telegram_bot.wait_until_all_delivered()

    assert texts(receiver) == ["One", "Two"]
    assert "x-telegram-bot-api-secret-token" not in receiver.headers[0]


def test_a_refused_update_is_repeated_and_holds_up_only_its_chat(webhook, telegram_bot, telegram_anna):
    boris = telegram_bot.customer("Boris")
    for _again in range(3):
        webhook.answer(500, seconds=0.05)
    telegram_anna.writes("One")
    telegram_bot.wait_for_attempts(1)
    telegram_anna.writes("Two")
    boris.writes("Me too")
    telegram_bot.wait_until_all_delivered()

    of_anna = [text for text in texts(webhook) if text != "Me too"]
    assert of_anna == ["One"] * (len(of_anna) - 1) + ["Two"]
    assert len(webhook.received) == 6


def test_the_last_error_is_told(call, webhook, telegram_bot, telegram_anna):
    webhook.answer(503)
    telegram_anna.writes("Hello")
    telegram_bot.wait_until_all_delivered()

    assert call("getWebhookInfo")["result"]["last_error_message"] == "Wrong response from the webhook: 503"


def test_retry_after_is_honoured(webhook, telegram_bot, telegram_anna):
    webhook.answer(429, headers={"Retry-After": "1"})
    telegram_anna.writes("Hello")
    telegram_bot.wait_until_all_delivered()

    first, second = telegram_bot.deliveries()
    assert second["at"] - first["at"] >= 1.0


def test_a_lost_answer_makes_a_duplicate(webhook, telegram_bot, telegram_anna):
    telegram_bot.lose_answers(2)
    telegram_anna.writes("Hello")
    telegram_bot.wait_until_all_delivered()

    assert texts(webhook) == ["Hello"] * 3
    assert len({update["update_id"] for update in webhook.received}) == 1


def test_one_update_of_a_chat_at_a_time_and_as_many_chats_as_allowed(call, receiver, telegram_bot):
    receiver.seconds_to_answer = 0.02
    customers = [telegram_bot.customer(f"Anna {number}") for number in range(6)]
    for number in range(3):
        for customer in customers:
            customer.writes(str(number))
    call("setWebhook", url=receiver.url, max_connections=3)
    telegram_bot.wait_until_all_delivered()

    assert receiver.most_at_once[0] <= 3
    assert telegram_bot.state()["most_connections"] == 3
    for customer in customers:
        assert receiver.most_at_once[customer.id] == 1
        own = [
            update["message"]["text"] for update in receiver.received if update["message"]["chat"]["id"] == customer.id
        ]
        assert own == ["0", "1", "2"]


def test_duplicates_and_disorder_come_to_order(webhook, telegram_bot, telegram_anna):
    telegram_bot.hold()
    update_ids = [telegram_anna.writes(text)["update_id"] for text in ("One", "Two", "Three")]

    assert telegram_bot.deliver(*reversed(update_ids), update_ids[0]) == [True] * 4
    telegram_bot.release()
    telegram_anna.writes("Four")
    telegram_bot.wait_until_all_delivered()

    assert texts(webhook) == ["Three", "Two", "One", "One", "Four"]


def test_a_webhook_that_is_removed_gets_nothing_and_nothing_is_lost(call, webhook, telegram_bot, telegram_anna):
    assert call("deleteWebhook")["description"] == "Webhook was deleted"
    telegram_anna.writes("Hello")

    assert webhook.received == []
    assert [update["message"]["text"] for update in call("getUpdates")["result"]] == ["Hello"]


def test_only_the_kinds_that_were_asked_for_come(call, receiver, telegram_bot, telegram_anna):
    call("setWebhook", url=receiver.url, allowed_updates=["my_chat_member"])
    telegram_anna.writes("Hello")
    telegram_anna.blocks()
    telegram_bot.wait_until_all_delivered()

    assert [sorted(update) for update in receiver.received] == [["my_chat_member", "update_id"]]


def test_pending_updates_are_dropped_on_request(call, receiver, telegram_anna):
    telegram_anna.writes("Hello")
    call("setWebhook", url=receiver.url, drop_pending_updates=True)

    assert call("getWebhookInfo")["result"]["pending_update_count"] == 0
    assert receiver.received == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "nonsense"}, "bad webhook"),
        ({"url": "https://example.org/", "secret_token": "a b"}, "unallowed characters"),
        ({"url": "https://example.org/", "secret_token": "x" * 257}, "too long"),
        ({"url": "https://example.org/", "allowed_updates": "[oops"}, "can't parse allowed_updates"),
    ],
)
def test_a_wrong_webhook_is_refused(call, fields, words):
    answer = call("setWebhook", **fields)

    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert words in answer["description"]


@pytest.mark.parametrize("url", ["http://example.org/", "https://example.org:8080/"])
def test_telegrams_own_servers_take_only_https_on_four_ports(url):
    with simulated_telegram(is_strict_about_urls=True) as strict:
        bot = strict.add_bot()
        answer = httpx.post(f"{strict.base_url}/bot{bot.token}/setWebhook", json={"url": url}, trust_env=False).json()

    assert answer["description"].startswith("Bad Request: bad webhook: ")


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "anna", "text": " "}, "message text is empty"),
        ("sendMessage", {"chat_id": "anna", "text": "😀" * 2049}, "message is too long"),
        ("sendMessage", {"chat_id": "anna", "text": "x", "reply_markup": "{"}, "can't parse reply_markup"),
        ("sendPhoto", {"chat_id": "anna"}, "there is no photo in the request"),
        ("sendPhoto", {"chat_id": "anna", "photo": "unknown"}, "wrong file identifier"),
        ("sendLocation", {"chat_id": "anna", "latitude": "north", "longitude": 1}, "location is empty"),
        ("sendContact", {"chat_id": "anna", "phone_number": "1"}, "contact first name is empty"),
        ("sendChatAction", {"chat_id": "anna", "action": "sleeping"}, "wrong parameter action"),
        ("editMessageText", {"chat_id": "anna", "message_id": 9, "text": "x"}, "message to edit not found"),
        ("deleteMessage", {"chat_id": "anna", "message_id": 9}, "message to delete not found"),
        ("getFile", {"file_id": "unknown"}, "invalid file_id"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
    ],
)
def test_wrong_calls_are_refused_in_telegrams_words(call, telegram_anna, method, fields, words):
    telegram_anna.writes("Hello")
    if fields.get("chat_id") == "anna":
        fields = fields | {"chat_id": telegram_anna.id}

    answer = call(method, **fields)

    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert answer["description"].startswith(f"Bad Request: {words}")


@pytest.mark.parametrize("size", [0, 65])
def test_a_buttons_data_has_1_to_64_bytes(call, telegram_anna, size):
    telegram_anna.writes("Hello")
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "x" * size}]]}

    answer = call("sendMessage", chat_id=telegram_anna.id, text="x", reply_markup=keyboard)

    assert answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


def test_a_deactivated_person_can_not_be_written_to(call, telegram_bot, telegram_anna):
    telegram_anna.writes("Bye")
    telegram_bot._simulator.command("deactivate", customer=telegram_anna.id)

    answer = call("sendMessage", chat_id=telegram_anna.id, text="x")

    assert (answer["error_code"], answer["description"]) == (403, "Forbidden: user is deactivated")


def test_a_query_and_a_form_are_read_as_well_as_json(simulator, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")
    url = f"{simulator.base_url}/bot{telegram_bot.token}/sendMessage"

    httpx.get(url, params={"chat_id": telegram_anna.id, "text": "by query"}, trust_env=False)
    httpx.post(url, data={"chat_id": telegram_anna.id, "text": "by form"}, trust_env=False)
    wrong = httpx.post(url, content="{", headers={"Content-Type": "application/json"}, trust_env=False)

    assert [seen["text"] for seen in telegram_anna.received()] == ["by query", "by form"]
    assert wrong.json()["description"] == "Bad Request: can't parse JSON object"


def test_nonsense_on_the_control_side_is_told(simulator, telegram_bot):
    with pytest.raises(AssertionError, match="WrongCommand"):
        simulator.command("fly")
    with pytest.raises(AssertionError, match="fault rain"):
        telegram_bot.fault("rain")
    with pytest.raises(AssertionError, match="there is no webhook"):
        telegram_bot.deliver(1)
    with pytest.raises(AssertionError, match=r"0 calls of 1 after 0\.05 s"):
        telegram_bot.wait_for_calls(1, seconds=0.05)
