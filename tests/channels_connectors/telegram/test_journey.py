"""What the product is for, seen through a browser: a customer's photo comes, Olga answers, the lead is on the board."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD
from tests.providers.conftest import a_picture

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("telegram")]

IS_PAINTED = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def olgas_screen(browser: Browser, product, olga) -> Iterator[Page]:
    olga.patch("/me/", json={"language": "en"})
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE)
    sign_in(page, product.url, user="olga", password=PASSWORD)
    expect(page.locator(".presence", has_text="Online")).to_be_visible(timeout=PATIENCE)
    yield page
    page.close()


@pytest.mark.row("C1")
@pytest.mark.row("D1")
@pytest.mark.row("K2")
def test_a_photo_with_its_caption_comes_olga_answers_and_the_lead_is_on_the_board(
    olgas_screen, connected, product, telegram_bot
):
    # The line's other customers are all called Anna.
    vera = telegram_bot.customer("Vera", last_name="Volkova")
    vera.sends_photo(a_picture(640, 480), caption="The leg is broken")

    olgas_screen.locator("article.offer", has_text="Vera Volkova").get_by_role("button", name="Answer").click()
    bubble = olgas_screen.locator(".message", has_text="The leg is broken")
    expect(bubble.locator("img")).to_be_visible(timeout=PATIENCE)
    olgas_screen.wait_for_function(IS_PAINTED, arg=bubble.locator("img").element_handle())

    olgas_screen.get_by_label("Message", exact=True).fill("We bring a new one on Monday.")
    olgas_screen.keyboard.press("Enter")
    reply = olgas_screen.locator(".message", has_text="We bring a new one on Monday.")
    expect(reply.get_by_label("Sent", exact=True)).to_be_visible(timeout=PATIENCE)
    assert vera.received()[-1]["text"] == "We bring a new one on Monday."

    olgas_screen.goto(f"{product.url}/crm/leads/")
    olgas_screen.get_by_role("link", name="Vera Volkova").first.click()
    expect(olgas_screen.get_by_text("The leg is broken").first).to_be_visible(timeout=PATIENCE)
    expect(olgas_screen.get_by_text("We bring a new one on Monday.").first).to_be_visible()
