"""The website chat from the button on a shop's page to Olga's screen and back."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from tests.browser.conftest import Shop
from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct, rows

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("website-chat")]

Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def key(product: LiveProduct) -> str:
    query = "SELECT settings->>'public_key' FROM channels_connectors_account WHERE settings ? 'public_key' ORDER BY id"
    found: str = rows(product, query)[0][0]
    return found


@pytest.fixture(scope="module")
def code(product: LiveProduct, key: str) -> str:
    return f'<script async src="{product.url}/chat/{key}/loader.js"></script>'


@pytest.fixture(scope="module")
def shop(serve_shop: Callable[[str], Shop], code: str) -> Shop:
    return serve_shop(code)


@pytest.fixture(scope="module")
def alla(product: LiveProduct) -> Iterator[httpx.Client]:
    with product.api("alla") as api:
        yield api


@pytest.fixture(autouse=True)
def _clean_desk(alla: httpx.Client) -> Iterator[None]:
    """What a test leaves open is no offer in the next one."""
    yield
    for dialog in alla.get("/dialogs/?tab=all").json()["results"]:
        alla.post(f"/dialogs/{dialog['id']}/finish/", json={"as_spam": True})


@pytest.fixture
def olga(product: LiveProduct, new_context: Contexts) -> Page:
    page = new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, product.url, user="olga", password=PASSWORD)
    expect(page.locator(".presence", has_text="Online")).to_be_visible(timeout=PATIENCE)
    return page


class Visitor:
    """A browser on the shop's page."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.troubles: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda line: self._note(line.text))
        self.page.goto(url)

    def _note(self, line: str) -> None:
        if "Security Policy" in line:
            self.troubles.append(line)

    @property
    def button(self) -> Locator:
        return self.page.locator("openlines-chat .button")

    @property
    def panel(self) -> FrameLocator:
        return self.page.frame_locator("openlines-chat iframe")

    @property
    def text(self) -> Locator:
        return self.panel.get_by_label("Your message")

    @property
    def bubbles(self) -> Locator:
        return self.panel.locator(".bubble__body")

    def open(self) -> "Visitor":
        self.button.click()
        expect(self.text).to_be_focused(timeout=PATIENCE)
        return self

    def write(self, text: str) -> Locator:
        """Writes and sends; returns the bubble."""
        self.text.fill(text)
        self.text.press("Enter")
        return self.bubble(text)

    def bubble(self, text: str) -> Locator:
        return self.panel.locator(".bubble", has_text=text)

    def tick(self, text: str) -> Locator:
        return self.bubble(text).locator(".bubble__tick svg")


def answer_the_offer(desk: Page, text: str) -> None:
    """Olga opens the request with these words and takes it."""
    desk.locator("article.offer", has_text=text).get_by_role("button", name="Answer").click()
    expect(desk.get_by_role("textbox", name="Message", exact=True)).to_be_visible(timeout=PATIENCE)


def reply(desk: Page, text: str) -> Locator:
    """Returns the bubble in the console."""
    desk.get_by_role("textbox", name="Message", exact=True).fill(text)
    desk.keyboard.press("Enter")
    return desk.locator(".message", has_text=text)


def messages(product: LiveProduct, text: str) -> int:
    found: int = rows(product, f"SELECT count(*) FROM openlines_message WHERE text = '{text}'")[0][0]
    return found


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "sofa.jpg"
    Image.effect_mandelbrot((320, 240), (-2, -1.2, 1, 1.2), 40).convert("RGB").save(path)
    return path


@pytest.mark.row("C3")
@pytest.mark.row("C18")
@pytest.mark.row("K3")
def test_a_picture_comes_to_the_operator_and_the_answer_goes_back(
    product: LiveProduct, shop: Shop, new_context: Contexts, olga: Page, picture: Path
) -> None:
    anna = Visitor(new_context(), shop.url()).open()
    anna.panel.locator("#files").set_input_files([picture])
    expect(anna.panel.locator(".upload small")).to_contain_text("KB")
    expect(anna.write("Do you have this sofa in grey?").locator("img")).to_be_visible()

    answer_the_offer(olga, "Do you have this sofa in grey?")
    image = olga.locator(".message", has_text="Do you have this sofa in grey?").locator("img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    expect(anna.tick("Do you have this sofa in grey?")).to_have_attribute("aria-label", "Read", timeout=PATIENCE)

    sent = reply(olga, "Yes, in three days")
    expect(anna.bubble("Yes, in three days")).to_contain_text("Ольга Орлова")
    expect(sent.locator(".message__tick--READ")).to_be_visible(timeout=PATIENCE)

    leads = "SELECT l.title FROM crm_lead l JOIN crm_identity i USING (client_id) WHERE i.value = 'anna@example.org'"
    expect(olga.locator("client-card")).to_contain_text("no lead")
    anna.panel.get_by_label("Your name and contacts").first.click()
    anna.panel.get_by_label("Name", exact=True).fill("Anna Petrova")
    anna.panel.get_by_label("E-mail").fill("anna@example.org")
    anna.panel.get_by_role("button", name="Save").click()
    anna.write("Then reserve one for me, please")

    expect(olga.get_by_text("Lead created")).to_be_visible(timeout=PATIENCE)
    expect(olga.locator("client-card")).to_contain_text("anna@example.org")
    assert rows(product, leads) == [("Anna Petrova",)]
    olga.goto(f"{product.url}/crm/leads/")
    expect(olga.get_by_text("Anna Petrova").first).to_be_visible()
    assert anna.troubles == []


@pytest.mark.row("C3")
@pytest.mark.row("C18")
def test_both_see_the_other_typing(shop: Shop, new_context: Contexts, olga: Page) -> None:
    anna = Visitor(new_context(), shop.url()).open()
    anna.write("Is anybody there?")
    answer_the_offer(olga, "Is anybody there?")

    olga.get_by_role("textbox", name="Message", exact=True).press_sequentially("I am")
    expect(anna.panel.get_by_text("Ольга Орлова is typing…")).to_be_visible()
    anna.text.press_sequentially("Hm")
    expect(olga.locator(".conversation")).to_contain_text("typing", timeout=PATIENCE)


@pytest.mark.row("C3")
def test_nothing_of_the_conversation_is_loaded_before_a_sign_of_intent(
    product: LiveProduct, shop: Shop, new_context: Contexts
) -> None:
    asked: list[str] = []
    context = new_context()
    context.on("request", lambda request: asked.append(request.url) if product.url in request.url else None)
    anna = Visitor(context, shop.url())
    expect(anna.button).to_be_visible()

    assert [url.rpartition("/")[2] for url in asked] == ["loader.js"]
    assert anna.page.locator("openlines-chat iframe").count() == 0
    anna.button.hover()
    expect(anna.page.locator("openlines-chat iframe")).to_have_count(1)
    expect(anna.panel.locator(".chat")).to_be_attached()
    assert not any(call in url for url in asked for call in ("session/", "messages/", "/ws/"))


def test_the_button_is_one_and_not_spoiled_by_the_site(
    serve_shop: Callable[[str], Shop], code: str, new_context: Contexts
) -> None:
    anna = Visitor(new_context(), serve_shop(code * 2).url())

    expect(anna.button).to_have_count(1)
    assert anna.button.bounding_box() == {"x": 1200.0, "y": 640.0, "width": 60.0, "height": 60.0}
    anna.page.evaluate("document.querySelector('openlines-chat').remove()")
    expect(anna.button).to_have_count(1)
    anna.open()
    assert anna.troubles == []


@pytest.mark.row("C3")
def test_the_keyboard_is_enough(shop: Shop, new_context: Contexts) -> None:
    anna = Visitor(new_context(), shop.url())
    expect(anna.button).to_be_visible()
    anna.button.focus()
    anna.page.keyboard.press("Enter")
    expect(anna.text).to_be_focused()
    expect(anna.page.get_by_role("dialog", name="Chat with us")).to_be_visible()
    expect(anna.panel.get_by_role("log", name="Conversation")).to_be_attached()

    anna.page.keyboard.press("Escape")
    expect(anna.page.get_by_role("dialog")).to_have_count(0)
    expect(anna.button).to_be_focused()
    expect(anna.button).to_have_attribute("aria-expanded", "false")


@pytest.mark.row("C3")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["storage refused", "storage of our own"])
def test_the_conversation_goes_on_after_a_reload(shop: Shop, new_context: Contexts, host: str) -> None:
    anna = Visitor(new_context(), shop.url(host=host)).open()
    anna.write("What are your hours?")
    expect(anna.tick("What are your hours?")).to_have_attribute("aria-label", re.compile("Sent|Read"))
    anna.text.fill("A thought that is not")

    anna.page.goto(shop.url("/oak.html", host=host))
    expect(anna.bubble("What are your hours?")).to_be_visible()
    expect(anna.text).to_have_value("A thought that is not")


@pytest.mark.row("C3")
def test_the_answer_to_who_has_closed_the_chat_is_announced(shop: Shop, new_context: Contexts, olga: Page) -> None:
    anna = Visitor(new_context(), shop.url()).open()
    anna.write("Call me when you know")
    answer_the_offer(olga, "Call me when you know")
    anna.text.press("Escape")
    sent = reply(olga, "We know now")

    expect(anna.page.locator("openlines-chat .count")).to_have_text("1")
    expect(anna.page.locator("openlines-chat .say")).to_have_text("Ольга Орлова: We know now")
    expect(sent.locator(".message__tick--DELIVERED")).to_be_visible(timeout=PATIENCE)
    anna.page.goto(shop.url("/oak.html"))
    expect(anna.page.locator("openlines-chat .count")).to_have_text("1")
    anna.page.locator("openlines-chat .say").click()
    expect(anna.bubble("We know now")).to_be_visible()
    expect(anna.page.locator("openlines-chat .count")).to_be_hidden()
    expect(sent.locator(".message__tick--READ")).to_be_visible(timeout=PATIENCE)


@pytest.mark.row("C3")
def test_what_could_not_be_sent_survives_a_reload_and_goes_out_once(
    product: LiveProduct, shop: Shop, new_context: Contexts
) -> None:
    context = new_context()
    anna = Visitor(context, shop.url()).open()
    anna.write("First")
    context.route("**/messages/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    anna.write("Second")
    expect(anna.tick("Second")).to_have_attribute("aria-label", "Being sent")
    anna.page.reload()
    expect(anna.tick("Second")).to_have_attribute("aria-label", "Being sent")
    context.unroute("**/messages/")

    expect(anna.tick("Second")).to_have_attribute("aria-label", re.compile("Sent|Read"), timeout=PATIENCE)
    assert messages(product, "Second") == 1
    assert anna.bubble("Second").count() == 1


@pytest.mark.row("C3")
def test_an_answer_that_was_lost_on_the_way_doubles_nothing(
    product: LiveProduct, shop: Shop, new_context: Contexts
) -> None:
    context = new_context()
    anna = Visitor(context, shop.url()).open()
    lost: list[Any] = []

    def lose_first(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    context.route("**/messages/", lose_first)
    anna.write("Only once, please")

    expect(anna.tick("Only once, please")).to_have_attribute("aria-label", re.compile("Sent|Read"), timeout=PATIENCE)
    for _ in range(PATIENCE // 50):
        if lost:
            break
        anna.page.wait_for_timeout(50)
    assert lost[0].status == 201
    assert messages(product, "Only once, please") == 1
    assert anna.bubble("Only once, please").count() == 1


@pytest.mark.row("C3")
def test_a_network_that_comes_and_goes_loses_nothing(shop: Shop, new_context: Contexts, olga: Page) -> None:
    context = new_context()
    anna = Visitor(context, shop.url()).open()
    anna.write("Hello from a train")
    answer_the_offer(olga, "Hello from a train")
    expect(anna.tick("Hello from a train")).to_have_attribute("aria-label", "Read", timeout=PATIENCE)

    context.set_offline(True)
    anna.write("In a tunnel")
    expect(anna.panel.get_by_text("No connection")).to_be_visible(timeout=PATIENCE)
    reply(olga, "Can you hear me?")
    context.set_offline(False)

    expect(anna.bubble("Can you hear me?")).to_be_visible(timeout=PATIENCE)
    expect(anna.tick("In a tunnel")).to_have_attribute("aria-label", re.compile("Sent|Read"), timeout=PATIENCE)
    expect(anna.panel.get_by_text("No connection")).to_be_hidden(timeout=PATIENCE)
    expect(olga.locator(".message", has_text="In a tunnel")).to_have_count(1)


@pytest.mark.row("C3")
def test_a_killed_web_process_costs_no_word(
    product: LiveProduct, shop: Shop, new_context: Contexts, olga: Page
) -> None:
    anna = Visitor(new_context(), shop.url()).open()
    anna.write("Is it waterproof?")
    answer_the_offer(olga, "Is it waterproof?")
    expect(anna.tick("Is it waterproof?")).to_have_attribute("aria-label", "Read", timeout=PATIENCE)

    product.kill("web-1")
    anna.write("Are you still there?")
    expect(anna.tick("Are you still there?")).to_have_attribute("aria-label", "Read", timeout=2 * PATIENCE)
    reply(olga, "Still here, and yes")
    expect(anna.bubble("Still here, and yes")).to_be_visible(timeout=2 * PATIENCE)
    assert messages(product, "Are you still there?") == 1


@pytest.mark.row("C3")
def test_where_sockets_are_blocked_the_chat_works_by_asking(shop: Shop, new_context: Contexts, olga: Page) -> None:
    context = new_context()
    context.add_init_script("WebSocket = class { constructor() { setTimeout(() => this.onclose({ code: 1006 })); } }")
    anna = Visitor(context, shop.url()).open()
    anna.write("Behind a proxy")
    answer_the_offer(olga, "Behind a proxy")
    reply(olga, "That is fine")

    expect(anna.bubble("That is fine")).to_be_visible(timeout=PATIENCE)


def test_two_tabs_are_one_visitor(shop: Shop, new_context: Contexts) -> None:
    context = new_context()
    one = Visitor(context, shop.url()).open()
    one.write("From the first tab")
    expect(one.tick("From the first tab")).to_have_attribute("aria-label", re.compile("Sent|Read"))
    other = Visitor(context, shop.url())
    other.button.click()
    expect(other.bubble("From the first tab")).to_be_visible()
    other.write("From the second tab")

    expect(one.bubble("From the second tab")).to_be_visible(timeout=PATIENCE)


@pytest.mark.row("C3")
def test_after_the_end_one_may_begin_again(shop: Shop, new_context: Contexts, olga: Page) -> None:
    anna = Visitor(new_context(), shop.url()).open()
    anna.write("A short question")
    answer_the_offer(olga, "A short question")
    reply(olga, "A short answer")
    olga.get_by_role("button", name="Finish").click()
    expect(anna.panel.get_by_text("The conversation is finished")).to_be_visible(timeout=PATIENCE)

    anna.write("And another question")
    answer_the_offer(olga, "And another question")
    expect(anna.tick("And another question")).to_have_attribute("aria-label", "Read", timeout=PATIENCE)


@pytest.mark.row("C3")
def test_a_site_that_is_not_named_can_not_show_the_chat(
    product: LiveProduct, key: str, shop: Shop, new_context: Contexts
) -> None:
    def allow(origins: str) -> None:
        value = f"settings || '{{\"allowed_origins\": {origins}}}'"
        where = "WHERE settings ? 'public_key' RETURNING id"
        assert rows(product, f"UPDATE channels_connectors_account SET settings = {value} {where}")

    allow(f'["{shop.url("")}"]')
    try:
        Visitor(new_context(), shop.url()).open()
        foreign = Visitor(new_context(), shop.url(host="127.0.0.1"))
        foreign.button.click()
        foreign.page.wait_for_timeout(500)
        assert foreign.panel.locator(".chat__composer").count() == 0
    finally:
        allow("[]")


@pytest.mark.row("W3")
def test_the_page_of_a_line_is_a_whole_chat(product: LiveProduct, new_context: Contexts, olga: Page) -> None:
    line = rows(product, "SELECT public_key FROM openlines_line ORDER BY id")[0][0]
    page = new_context().new_page()
    page.goto(f"{product.url}/line/{line}/")
    page.get_by_label("Your message").fill("I have no site to come from")
    page.keyboard.press("Enter")

    answer_the_offer(olga, "I have no site to come from")
    reply(olga, "You are welcome here")
    expect(page.locator(".bubble", has_text="You are welcome here")).to_be_visible(timeout=PATIENCE)


def test_on_a_phone_the_chat_is_the_whole_screen(shop: Shop, new_context: Contexts) -> None:
    phone = new_context(viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True)
    anna = Visitor(phone, shop.url())
    anna.button.tap()
    expect(anna.text).to_be_visible()

    assert anna.page.locator("openlines-chat .panel").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    expect(anna.button).to_be_hidden()
    anna.panel.get_by_label("Close the chat").tap()
    expect(anna.button).to_be_visible()


def test_a_wrong_address_is_told_where_it_was_typed(shop: Shop, new_context: Contexts) -> None:
    anna = Visitor(new_context(), shop.url()).open()
    anna.panel.get_by_label("Your name and contacts").first.click()
    anna.panel.get_by_label("Phone").fill("12")
    anna.panel.get_by_role("button", name="Save").click()
    anna.write("Call me")

    expect(anna.panel.locator("#phone-error")).to_contain_text("country code")
    anna.panel.get_by_label("Phone").fill("+7 916 123-45-67")
    anna.panel.get_by_role("button", name="Save").click()
    anna.panel.get_by_role("button", name="Try again").click()
    expect(anna.tick("Call me")).to_have_attribute("aria-label", re.compile("Sent|Read"))


@pytest.mark.row("A5")
def test_a_visitor_rates_says_why_and_both_sides_see_it(
    product: LiveProduct, shop: Shop, new_context: Contexts, olga: Page
) -> None:
    anna = Visitor(new_context(), shop.url()).open()
    anna.write("Is the lamp in stock?")
    answer_the_offer(olga, "Is the lamp in stock?")
    reply(olga, "Two of them")
    expect(anna.bubble("Two of them")).to_be_visible(timeout=PATIENCE)
    olga.get_by_role("button", name="Finish").first.click()

    rating = anna.panel.get_by_role("group", name="Your rating")
    rating.get_by_role("button", name="Good").click()
    why = anna.panel.get_by_label("What was good, what was not?")
    why.fill("Very kind")
    anna.panel.locator(".rate").get_by_role("button", name="Send").click()

    expect(anna.panel.get_by_text("Your comment is kept.")).to_be_visible(timeout=PATIENCE)
    expect(olga.get_by_text("The client liked the conversation")).to_be_visible(timeout=PATIENCE)
    expect(olga.get_by_text("Very kind")).to_be_visible(timeout=PATIENCE)
    rating.get_by_role("button", name="Bad").click()
    expect(olga.get_by_text("The client did not like the conversation")).to_be_visible(timeout=PATIENCE)
    expect(why).to_have_value("Very kind")
    assert rows(product, "SELECT score, comment FROM openlines_rating ORDER BY id DESC LIMIT 1") == [(0, "Very kind")]
    assert anna.troubles == []
