"""Writing to clients in a real browser: quick replies, emoji, marks, mentions, drafts, second thoughts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct
from tests.providers.telegram import BotHandle, simulated_telegram

pytestmark = [
    pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("website-chat"), pytest.mark.row("D10"),
]  # fmt: skip

Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def olga_api(product: LiveProduct) -> Iterator[httpx.Client]:
    with product.api("olga") as api:
        yield api


@pytest.fixture(scope="module")
def bot(product: LiveProduct) -> Iterator[BotHandle]:
    with simulated_telegram() as telegram, product.api("alla") as alla:
        bot = telegram.add_bot(first_name="Loft")
        line = alla.get("/lines/").json()[0]["id"]
        before = alla.get(f"/lines/{line}/queue/").json()["distribution"]
        alla.patch(f"/lines/{line}/queue/", json={"distribution": "ALL_AT_ONCE"})
        values = {"token": bot.token, "base_url": telegram.base_url}
        channel = {"line": line, "kind": "telegram", "values": values}
        made = alla.post("/channels/", json=channel)
        assert made.status_code == 201
        yield bot
        for dialog in alla.get("/dialogs/?tab=all").json()["results"]:
            alla.post(f"/dialogs/{dialog['id']}/finish/", json={"as_spam": True})
        alla.delete(f"/channels/{made.json()['id']}/")
        alla.patch(f"/lines/{line}/queue/", json={"distribution": before})


class Desk:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.get_by_label("Message", exact=True)

    def answers(self, name: str) -> None:
        self.page.locator("article.offer", has_text=name).get_by_role("button", name="Answer").click()
        expect(self.page.locator("message-composer")).to_be_visible()
        self.box.click()

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def option(self, text: str) -> Locator:
        return self.page.get_by_role("option").filter(has_text=text)

    def message(self, text: str) -> Locator:
        return self.page.locator(".message", has_text=text)


@pytest.fixture
def desk(product: LiveProduct, new_context: Contexts) -> Desk:
    page = new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, product.url, user="olga", password=PASSWORD)
    expect(page.locator(".presence", has_text="Online")).to_be_visible()
    return Desk(page)


def test_a_quick_reply_an_emoji_and_marks_by_keys_alone(desk: Desk, bot, olga_api):
    olga_api.post("/quick-replies/", json={"text": "Здравствуйте, {client}!", "title": "Знакомство"})
    vera = bot.customer("Vera")
    vera.writes("Is the oak table in stock?")
    desk.answers("Vera")

    desk.types("/pyfrjv")
    expect(desk.option("Знакомство")).to_be_visible()
    desk.press("Enter")
    expect(desk.box).to_have_value("Здравствуйте, Vera!")
    desk.types(" It is ")
    desk.press("Control+b")
    desk.types("oak")
    desk.press("ArrowRight", "ArrowRight")
    desk.types(" :grinning")
    expect(desk.option("grinning").first).to_be_visible()
    desk.press("Tab", "Enter")

    expect(desk.page.locator(".message strong", has_text="oak")).to_be_visible()
    expect(desk.box).to_have_value("")
    (_greeting, seen) = vera.waits_for(2)
    assert seen["text"].startswith("Здравствуйте, Vera! It is oak ")
    assert [(one["type"], one["length"]) for one in seen["entities"]] == [("bold", 3)]


def test_a_colleague_is_called_into_a_whisper(desk: Desk, bot):
    bot.customer("Zoe").writes("May I have a discount?")
    desk.answers("Zoe")

    desk.page.get_by_role("tab", name="Whisper").click()
    desk.box.click()
    desk.types("@Сер")
    expect(desk.option("Сергей Соколов")).to_be_visible()
    desk.press("Enter")
    desk.types("may I?")
    desk.press("Enter")

    whisper = desk.page.locator(".whisper", has_text="may I?")
    expect(whisper.locator(".mention")).to_have_text("@Сергей Соколов")


def test_a_draft_follows_its_writer_to_another_device(desk: Desk, bot, product, new_context):
    bot.customer("Kira").writes("Hello?")
    desk.answers("Kira")
    desk.types("Good morn")

    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, product.url, user="olga", password=PASSWORD)
    row = page.locator(".dialog-row", has_text="Kira")
    expect(row).to_contain_text("Good morn")
    row.click()
    phone = page.get_by_label("Message", exact=True)
    expect(phone).to_have_value("Good morn")

    phone.press_sequentially("ing")
    expect(desk.box).to_have_value("Good morning")
    phone.press("Enter")
    expect(desk.message("Good morning")).to_be_visible()
    expect(desk.box).to_have_value("")


def test_a_message_is_taken_back_and_a_reload_sends_it_once(desk: Desk, bot, olga_api):
    olga_api.patch("/me/settings/", json={"undo_seconds": 5})
    try:
        nina = bot.customer("Nina")
        nina.writes("Hi")
        desk.answers("Nina")
        desk.types("Oops")
        desk.press("Enter")
        desk.page.get_by_role("button", name="Undo").click()
        expect(desk.box).to_have_value("Oops")
        expect(desk.message("Oops")).to_have_count(0)

        desk.press("Control+a")
        desk.types("Better")
        desk.press("Enter")
        expect(desk.page.get_by_role("button", name="Undo")).to_be_visible()
        desk.page.reload()
        expect(desk.message("Better").get_by_label("Sent", exact=True)).to_be_visible()
        assert [seen["text"] for seen in nina.received()].count("Better") == 1
        assert "Oops" not in [seen["text"] for seen in nina.received()]
    finally:
        olga_api.patch("/me/settings/", json={"undo_seconds": 0})


def test_what_is_too_long_is_refused_before_it_is_sent_and_goes_as_a_file(desk: Desk, bot, tmp_path: Path):
    bot.customer("Lara").writes("Hi")
    desk.answers("Lara")
    hostile = "<img src=x onerror=document.title='owned'> \u202egnol "

    desk.box.fill(hostile + "я" * 100_000)
    expect(desk.page.get_by_role("button", name="Send")).to_be_disabled()
    desk.page.get_by_role("button", name="Attach it as a text file").click()
    expect(desk.box).to_have_value("")
    expect(desk.page.locator(".upload", has_text="Message.txt")).to_be_visible()
    desk.box.fill(hostile)
    desk.press("Enter")

    expect(desk.message("<img src=x onerror")).to_be_visible()
    assert "owned" not in desk.page.title()
