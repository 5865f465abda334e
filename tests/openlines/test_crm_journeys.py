"""Leads in a real browser: the board, the page of a lead, the conversation on it as it happens."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct, live_product
from tests.providers.conftest import a_picture
from tests.providers.telegram import BotHandle, simulated_telegram

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("crm")]


@pytest.fixture(scope="module")
def product() -> Iterator[LiveProduct]:
    with live_product(API_RATE="100000/min") as running:
        yield running


@pytest.fixture(scope="module")
def bot(product: LiveProduct) -> Iterator[BotHandle]:
    with simulated_telegram() as telegram:
        bot = telegram.add_bot(first_name="Loft")
        with product.api("alla") as alla:
            line = alla.get("/lines/").json()[0]["id"]
            values = {"token": bot.token, "base_url": telegram.base_url}
            channel = {"line": line, "kind": "telegram", "values": values}
            assert alla.post("/channels/", json=channel).status_code == 201
            assert alla.patch("/me/", json={"language": "en"}).status_code == 200
        yield bot


@pytest.fixture
def alla(product: LiveProduct, bot: BotHandle, browser: Browser) -> Iterator[Page]:
    """Alla's browser; a script that fails or a page that breaks its own security policy fails the test."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda message: mistakes.append(message.text) if is_mistake(message) else None)
    yield sign_in(page, product.url, user="alla", password=PASSWORD)
    context.close()
    assert mistakes == []


def is_mistake(message: ConsoleMessage) -> bool:
    """A refused form is no mistake of the page."""
    return message.type == "error" and "status of 422" not in message.text


def open_lead(page: Page, product: LiveProduct, name: str) -> None:
    page.goto(f"{product.url}/crm/leads/")
    for _ in range(30):
        if page.get_by_role("link", name=name).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.row("K2")
@pytest.mark.row("K5")
def test_the_conversation_of_a_lead_is_shown_as_it_happens(alla, bot, product):
    anna = bot.customer("Anna")
    anna.writes("Is the sofa in stock?")
    open_lead(alla, product, "Anna")
    feed = alla.locator("lead-conversation .feed")
    expect(feed).to_contain_text("Is the sofa in stock?")
    expect(feed.locator(".feed__service", has_text="Lead created")).to_be_visible()
    anna.writes("And the red one?")
    expect(feed).to_contain_text("And the red one?")
    anna.sends_photo(a_picture(640, 480), caption="Like this")
    expect(feed.locator(".message img").last).to_be_visible()


@pytest.mark.row("K2")
def test_a_new_lead_appears_on_an_open_board(alla, bot, product):
    alla.goto(f"{product.url}/crm/leads/")
    bot.customer("Ivan").writes("Hello")
    expect(alla.locator("[data-lead]", has_text="Ivan")).to_be_visible()


@pytest.mark.row("K2")
def test_a_card_moves_by_mouse_by_menu_and_by_keys(alla, bot, product):
    bot.customer("Boris").writes("Hello")
    open_lead(alla, product, "Boris")
    alla.goto(f"{product.url}/crm/leads/")
    card = alla.locator("[data-lead]", has_text="Boris")
    columns = alla.locator("[data-stage]")

    def stands_in(place: int) -> None:
        expect(columns.nth(place).locator("[data-lead]", has_text="Boris")).to_be_visible()
        expect(alla.locator(".toast", has_text="Moved to")).not_to_have_count(0)
        alla.reload()
        expect(columns.nth(place).locator("[data-lead]", has_text="Boris")).to_be_visible()

    card.drag_to(columns.nth(1))
    stands_in(1)
    card.get_by_role("button", name="Move to another stage").click()
    alla.get_by_role("menuitem").nth(2).click()
    stands_in(2)
    card.get_by_role("link").focus()
    alla.keyboard.press("Shift+ArrowRight")
    stands_in(3)


def test_a_lead_is_edited_and_others_see_it_at_once(alla, bot, product):
    bot.customer("Clara").writes("Hello")
    open_lead(alla, product, "Clara")
    alla.locator("#lead-form").get_by_label("Amount").fill("2 400,50")
    alla.locator("#lead-form").get_by_label("Title").fill("Twelve chairs")
    alla.get_by_role("button", name="Save").click()
    expect(alla.get_by_role("heading", level=1)).to_have_text("Twelve chairs")
    alla.locator(".stages__stage").nth(1).click()
    expect(alla.locator(".stages__stage").nth(1)).to_have_attribute("aria-current", "step")
    with product.api("alla") as api:
        lead = next(lead for lead in api.get("/leads/").json()["results"] if lead["title"] == "Twelve chairs")
        assert (lead["amount"], lead["stage"]["position"]) == ("2400.50", 2)
        api.patch(f"/leads/{lead['id']}/", json={"title": "Ten chairs"})
    expect(alla.locator("#lead-form").get_by_label("Title")).to_have_value("Ten chairs")


@pytest.mark.row("K8")
def test_a_new_lead_by_hand_and_its_client(alla, product):
    alla.goto(f"{product.url}/crm/leads/")
    alla.get_by_role("link", name="New lead").click()
    drawer = alla.locator("#drawer")
    drawer.get_by_role("button", name="Create").click()
    expect(drawer.locator(".field__error")).to_contain_text("at least a name")
    drawer.get_by_label("Client's name").fill("Dina")
    drawer.get_by_label("Phone").fill("+7 916 123-45-67")
    drawer.get_by_role("button", name="Create").click()
    expect(alla.get_by_role("heading", level=1)).to_have_text("Dina")
    expect(alla.locator(".toast")).to_contain_text("is created")
    alla.locator(".person").get_by_role("link", name="Dina").click()
    alla.get_by_label("Notes").fill("Call after six")
    alla.get_by_role("button", name="Save").click()
    expect(alla.locator(".deal__note")).to_contain_text("Saved")
    alla.reload()
    expect(alla.get_by_label("Notes")).to_have_value("Call after six")


@pytest.mark.row("K4")
def test_stages_are_arranged_by_mouse_and_keys(alla, product):
    alla.goto(f"{product.url}/settings/crm/")
    rows = alla.locator("#stages [data-row]")
    names = [alla.locator("#stages [name=name]").nth(n).input_value() for n in range(3)]
    rows.nth(0).locator("[data-grip]").focus()
    with alla.expect_response("**/settings/crm/stages/order/"):
        alla.keyboard.press("ArrowDown")
    expect(rows.nth(1).locator("[name=name]")).to_have_value(names[0])
    expect(rows.nth(1).locator("[data-grip]")).to_be_focused()
    rows.nth(1).locator("[name=name]").fill("Fresh")
    with alla.expect_response("**/settings/crm/stages/*/"):
        rows.nth(1).locator("[name=name]").press("Tab")
    expect(alla.locator(".toast").last).to_contain_text("Saved")
    alla.goto(f"{product.url}/crm/leads/")
    expect(alla.locator(".column__name").nth(1)).to_have_text("Fresh")
