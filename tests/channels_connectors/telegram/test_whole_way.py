"""From the customer's Telegram to the operator and back: the whole product, and the simulated Telegram beside it."""

import httpx
import pytest

from tests.channels_connectors.telegram.connected import Fields, connect, eventually, written_by_us
from tests.live import PASSWORD
from tests.providers.conftest import a_picture

pytestmark = [pytest.mark.slow, pytest.mark.row("C1"), pytest.mark.row("C18"), pytest.mark.xdist_group("telegram")]


@pytest.mark.row("D1")
def test_a_customer_writes_and_olgas_answer_arrives(connected, telegram_bot, telegram_anna):
    telegram_anna.writes("Where is my order?")
    dialog = connected.dialog()
    reply = connected.replies("It comes on Monday.")

    eventually(lambda: connected.delivery_of(reply)["state"] == "SENT")
    assert [message["text"] for message in written_by_us(telegram_anna)] == ["It comes on Monday."]
    assert dialog["client"]["name"] == "Anna Petrova"
    assert [message["text"] for message in connected.messages()] == ["Where is my order?"]
    assert telegram_bot.state()["pending"] == []


@pytest.mark.row("K2")
def test_the_customers_name_photo_and_lead_come_along(connected, alla, telegram_anna):
    telegram_anna.writes("Hello")
    client_id = connected.dialog()["client"]["id"]

    client = eventually(lambda: (found := alla.get(f"/clients/{client_id}/").json())["photo_url"] and found)
    assert client["name"] == "Anna Petrova"
    assert client["identities"][0]["kind"] == "telegram"
    assert len(client["leads"]) == 1


def test_everything_a_customer_can_send_is_seen(connected, olga, telegram_anna):
    first = telegram_anna.writes("Hello")["message"]["message_id"]
    telegram_anna.writes("And one more thing", reply_to=first)
    telegram_anna.sends_photo(a_picture(640, 480), caption="The leg is broken")
    telegram_anna.sends_file("Счёт.pdf", "application/pdf", b"%PDF-1.4")
    telegram_anna.sends_voice(b"OggS" + b"\0" * 100)
    telegram_anna.sends_sticker(a_picture(64, 64, format_name="WEBP"))
    telegram_anna.shares_location(55.75, 37.61)
    telegram_anna.shares_contact("+79161234567", "Anna", is_own=True)
    telegram_anna.sends({"dice": {"emoji": "🎲", "value": 4}})

    def all_arrived() -> list[Fields] | None:
        messages = connected.messages()
        files = [attachment for message in messages for attachment in message["attachments"]]
        return messages if len(messages) == 9 and all(file["state"] == "READY" for file in files) else None

    messages = eventually(all_arrived)
    kinds = ["TEXT", "TEXT", "IMAGE", "FILE", "VOICE", "STICKER", "LOCATION", "CONTACT", "TEXT"]
    assert [message["kind"] for message in messages] == kinds
    assert messages[1]["reply_to"]["text"] == "Hello"
    photo, document = messages[2]["attachments"][0], messages[3]["attachments"][0]
    assert (messages[2]["text"], photo["width"], photo["mime"]) == ("The leg is broken", 640, "image/jpeg")
    assert (document["name"], document["mime"]) == ("Счёт.pdf", "application/pdf")
    assert messages[6]["location"]["latitude"] == 55.75
    assert messages[7]["contact"]["phone"] == "+79161234567"


def test_a_photo_is_served_from_our_storage_and_tells_no_token(connected, product, telegram_bot, telegram_anna):
    telegram_anna.sends_photo(a_picture(640, 480))

    url = eventually(lambda: next((m["attachments"][0]["url"] for m in connected.messages()), None))
    with httpx.Client(base_url=product.url, trust_env=False) as browser:
        seen_by_stranger = browser.get(url)
        sign_in(browser, "olga")
        seen_by_olga = browser.get(url)

    assert telegram_bot.token not in url
    assert seen_by_stranger.status_code == 302
    assert (seen_by_olga.status_code, seen_by_olga.content[:2]) == (200, b"\xff\xd8")


def test_a_customers_edit_changes_the_message(connected, telegram_anna):
    written = telegram_anna.writes("Where is my sofa")["message"]["message_id"]
    eventually(connected.messages)

    telegram_anna.edits(written, "Where is my sofa?")

    (message,) = eventually(lambda: [m for m in connected.messages() if m["edited_at"]])
    assert message["text"] == "Where is my sofa?"


def test_replies_edits_and_deletions_of_olga_reach_the_customer(connected, olga, telegram_anna):
    question = telegram_anna.writes("When?")["message"]["message_id"]
    asked = eventually(connected.messages)[0]
    reply = connected.replies("On Mondey", reply_to=asked["id"])
    mistake = connected.replies("Wrong window")
    eventually(lambda: connected.delivery_of(mistake)["state"] == "SENT")

    olga.patch(f"/messages/{reply['id']}/", json={"text": "On Monday"})
    olga.delete(f"/messages/{mistake['id']}/")

    eventually(lambda: [message["text"] for message in written_by_us(telegram_anna)] == ["On Monday"])
    assert written_by_us(telegram_anna)[0]["reply_to"] == question


def test_a_file_of_olga_arrives_with_its_text(connected, olga, telegram_anna):
    telegram_anna.writes("The bill, please")
    connected.dialog()
    uploaded = olga.post("/attachments/", files={"file": ("sofa.png", a_picture(), "image/png")}).json()

    connected.replies("Our sofa", attachments=[uploaded["id"]])

    (seen,) = eventually(lambda: written_by_us(telegram_anna))
    assert (seen["kind"], seen["text"]) == ("photo", "Our sofa")


@pytest.mark.row("D5")
def test_a_whisper_never_leaves(connected, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")

    connected.replies("A difficult one", visibility="STAFF")
    connected.replies("Good morning")

    (seen,) = eventually(lambda: written_by_us(telegram_anna))
    assert seen["text"] == "Good morning"
    assert "difficult" not in str(telegram_bot.calls())


def test_a_customer_who_blocked_us_is_seen_to_have(connected, olga, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")
    dialog = connected.dialog()
    # Olga writes before the news of it has come.
    telegram_bot.hold()
    telegram_anna.blocks()

    reply = connected.replies("Hello?")

    delivery = eventually(lambda: (state := connected.delivery_of(reply))["state"] == "FAILED" and state)
    assert delivery["error"]["code"] == "BLOCKED"
    assert olga.get(f"/dialogs/{dialog['id']}/").json()["client"]["is_reachable"] is False
    assert "CLIENT_BLOCKED_US" in [line["service"]["code"] for line in connected.messages("SYSTEM")]

    telegram_bot.release()
    telegram_anna.unblocks()
    eventually(lambda: olga.get(f"/dialogs/{dialog['id']}/").json()["client"]["is_reachable"])
    connected.replies("Welcome back")
    eventually(lambda: [m["text"] for m in written_by_us(telegram_anna)] == ["Welcome back"])


@pytest.mark.row("C17")
def test_a_revoked_token_stops_the_channel_and_a_new_one_sends_what_waited(
    connected, alla, olga, telegram_bot, telegram_anna, simulator
):
    telegram_anna.writes("Hello")
    connected.dialog()
    telegram_bot.revoke_token()

    reply = connected.replies("Good morning")

    state = eventually(lambda: (found := connected.state())["state"] == "TOKEN_REVOKED" and found)
    assert "token" in state["last_error"]
    assert connected.delivery_of(reply)["state"] == "QUEUED"

    telegram_bot.command("restore_token")
    assert connect(alla, olga, telegram_bot, simulator).channel["id"] == connected.channel["id"]
    eventually(lambda: [message["text"] for message in written_by_us(telegram_anna)] == ["Good morning"])


def test_flood_control_delays_and_loses_nothing(connected, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")
    connected.dialog()
    telegram_bot.flood(2)

    for number in range(3):
        connected.replies(f"reply {number}")

    eventually(lambda: [m["text"] for m in written_by_us(telegram_anna)] == ["reply 0", "reply 1", "reply 2"])


def test_an_outage_of_telegram_delays_and_loses_nothing(connected, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")
    connected.dialog()
    telegram_bot.fault("502", method="sendMessage", count=2)

    for number in range(3):
        connected.replies(f"reply {number}")

    eventually(lambda: [m["text"] for m in written_by_us(telegram_anna)] == ["reply 0", "reply 1", "reply 2"])


@pytest.mark.row("D12")
def test_a_cut_connection_is_an_unknown_outcome_that_olga_may_repeat(connected, olga, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")
    connected.dialog()
    telegram_bot.fault("drop_before", method="sendMessage")

    reply = connected.replies("Good morning")

    delivery = eventually(lambda: (state := connected.delivery_of(reply))["state"] == "UNKNOWN" and state)
    assert delivery["error"]["code"] == "UNKNOWN"
    assert written_by_us(telegram_anna) == []
    assert olga.post(f"/messages/{reply['id']}/retry/").status_code == 200
    eventually(lambda: [m["text"] for m in written_by_us(telegram_anna)] == ["Good morning"])


def test_duplicates_and_lost_answers_are_stored_once(connected, telegram_bot, telegram_anna):
    telegram_bot.lose_answers(3)
    updates = [telegram_anna.writes(text)["update_id"] for text in ("One", "Two")]
    telegram_bot.wait_until_all_delivered()

    assert telegram_bot.deliver(*updates, *updates) == [True] * 4

    eventually(lambda: [message["text"] for message in connected.messages()] == ["One", "Two"])


def test_a_pressed_button_is_seen_and_answered(connected, simulator, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")
    keyboard = {"inline_keyboard": [[{"text": "On Monday", "callback_data": "monday"}]]}
    body = {"chat_id": telegram_anna.id, "text": "When?", "reply_markup": keyboard}
    url = f"{simulator.base_url}/bot{telegram_bot.token}/sendMessage"
    question = httpx.post(url, json=body, trust_env=False).json()["result"]["message_id"]

    telegram_anna.presses(question, "On Monday")

    eventually(lambda: [message["text"] for message in connected.messages()] == ["Hello", "On Monday"])
    eventually(lambda: telegram_bot.state()["answered_queries"])


def test_strangers_without_the_secret_learn_nothing(connected, product, telegram_bot, telegram_anna):
    update = telegram_anna.writes("Hello")
    hook = telegram_bot.state()["webhook"]
    eventually(connected.messages)
    forged = update | {"update_id": 1, "message": update["message"] | {"message_id": 99, "text": "Forged"}}

    for url, headers in (
        (hook, {}),
        (hook, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}),
        (f"{product.url}/hooks/telegram/{'x' * 32}/", {}),
        (f"{product.url}/hooks/vk/{'x' * 32}/", {}),
    ):
        answer = httpx.post(url, json=forged, headers=headers, trust_env=False)
        assert (answer.status_code, answer.content) == (404, b"")
    assert [message["text"] for message in connected.messages()] == ["Hello"]


def test_a_disconnected_bot_is_called_no_more(connected, alla, telegram_bot):
    assert alla.delete(f"/channels/{connected.channel['id']}/").json()["state"] == "DISCONNECTED"

    assert telegram_bot.state()["webhook"] == ""


@pytest.mark.parametrize("token", ["", "nonsense", "123456:AAfalsefalsefalsefalse"])
def test_a_wrong_token_is_refused_in_words(alla, olga, simulator, token):
    line = alla.get("/lines/").json()[0]["id"]
    channel = {"line": line, "kind": "telegram", "values": {"token": token, "base_url": simulator.base_url}}

    answer = alla.post("/channels/", json=channel)

    assert answer.status_code == 400
    assert answer.json()["code"] in {"connection_refused", "invalid"}
    assert len(answer.json()["message"]) > 10


def test_the_same_bot_is_not_connected_twice(connected, alla, telegram_bot, simulator):
    line = alla.get("/lines/").json()[0]["id"]
    channel = {
        "line": line,
        "kind": "telegram",
        "values": {"token": telegram_bot.token, "base_url": simulator.base_url},
    }

    assert alla.post("/channels/", json=channel).json()["code"] == "already_connected"


def sign_in(browser: httpx.Client, user: str) -> None:
    browser.get("/login/")
    form = {"username": user, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    assert browser.post("/login/", data=form).status_code == 302


@pytest.mark.row("A5")
def test_a_customer_is_asked_presses_a_thumb_and_thinks_better_of_it(connected, olga, telegram_bot, telegram_anna):
    telegram_anna.writes("Hello")
    dialog_id = connected.dialog()["id"]
    assert olga.post(f"/dialogs/{dialog_id}/finish/").status_code == 200
    request = eventually(lambda: _with_buttons(telegram_anna))

    telegram_anna.presses(request["message_id"], "👎")
    eventually(lambda: "✅ 👎" in _labels(telegram_anna))
    telegram_anna.presses(request["message_id"], "👍")
    eventually(lambda: "✅ 👍" in _labels(telegram_anna))

    assert len(telegram_bot.state()["answered_queries"]) == 2
    dialog = olga.get(f"/dialogs/{dialog_id}/").json()
    assert (dialog["state"], dialog["rating"]["scale"], dialog["rating"]["score"]) == ("CLOSED", "LIKE", 1)
    telegram_anna.writes("Very quick")
    eventually(lambda: olga.get(f"/dialogs/{dialog_id}/").json()["rating"]["comment"] == "Very quick")
    assert not [one for one in olga.get("/console/").json()["dialogs"] if one["client"] == dialog["client"]]


def _with_buttons(customer) -> Fields | None:
    return next((message for message in customer.received() if message["buttons"]), None)


def _labels(customer) -> list[str]:
    message = _with_buttons(customer)
    return message["buttons"] if message else []
