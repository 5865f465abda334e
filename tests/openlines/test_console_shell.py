"""What is around the conversations, in a real browser: keys and palette, sounds over tabs, a broken line, the app."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct, live_product
from tests.providers.push_service import Device, PushService, running_push_service
from tests.providers.telegram import BotHandle, TelegramSimulator, simulated_telegram

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("console-shell")]

# Tabs of a test browser are always in sight, and nobody hears them: they are told what they are, and keep account.
ACCOUNT = """
    window.rang = 0; window.notified = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) { window.rang += 1; return start.apply(this, when); };
    ServiceWorkerRegistration.prototype.showNotification = async (title) => { window.notified.push(title); };
    let isHidden = false;
    Object.defineProperty(document, "hidden", { get: () => isHidden });
    window.hide = (how) => { isHidden = how; document.dispatchEvent(new Event("visibilitychange")); };
"""
SERVICE_WORKER_IS_IN_CHARGE = "navigator.serviceWorker.ready.then(() => true)"


@pytest.fixture(scope="module")
def push_service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


@pytest.fixture(scope="module")
def product(push_service: PushService) -> Iterator[LiveProduct]:
    with live_product(API_RATE="100000/min", OUTGOING_PRIVATE_HOSTS=push_service.host) as running:
        yield running


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramSimulator]:
    with simulated_telegram() as simulator:
        yield simulator


@pytest.fixture(scope="module")
def bot(product: LiveProduct, telegram: TelegramSimulator) -> BotHandle:
    """Connected to Olga's line; Oleg is at home."""
    bot = telegram.add_bot(first_name="Loft")
    with product.api("alla") as alla:
        line = alla.get("/lines/").json()[0]["id"]
        alla.patch(f"/lines/{line}/queue/", json={"offer_seconds": 600, "prefers_last_operator": False})
        values = {"token": bot.token, "base_url": telegram.base_url}
        channel = {"line": line, "kind": "telegram", "values": values}
        assert alla.post("/channels/", json=channel).status_code == 201
    with product.api("olga") as olga:
        assert olga.patch("/me/", json={"language": "en"}).status_code == 200
    return bot


@pytest.fixture
def context(product: LiveProduct, bot: BotHandle, browser: Browser) -> Iterator[BrowserContext]:
    """Olga's browser, as it was when she bought it."""
    with product.api("olga") as olga:
        usual = {"shortcuts": {}, "are_single_keys_on": True, "quiet_hours": None}
        assert olga.patch("/me/settings/", json=usual).status_code == 200
    context = browser.new_context(permissions=["notifications"])
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def desk(context: BrowserContext, product: LiveProduct) -> Page:
    page = sign_in(context.new_page(), product.url, user="olga", password=PASSWORD)
    return ready(page)


def ready(page: Page) -> Page:
    expect(page.locator(".presence", has_text="Online")).to_be_visible(timeout=PATIENCE)
    return page


def taken(page: Page, name: str) -> None:
    # Only the first offers are cards; any of them can be opened.
    page.locator("dialog-list [data-dialog]", has_text=name).first.click()
    page.locator(".decision").get_by_role("button", name="Answer").click()
    expect(page.get_by_role("heading", name=name).first).to_be_visible(timeout=PATIENCE)


@pytest.mark.row("D12")
def test_everything_is_found_by_a_few_letters_and_keys_are_ones_own(context, product, bot):
    bot.customer("Fyodor").writes("Do you have oak?")
    page = desk(context, product)
    expect(page.locator("dialog-list [data-dialog]", has_text="Fyodor")).to_be_visible(timeout=PATIENCE)

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Command, client or page")
    box.press_sequentially("ынщвщк")  # "fyodor" in the Russian layout would be "анщвщк": a slip finds nothing
    expect(page.locator(".palette")).to_contain_text("Nothing found")
    box.fill("анщвщк")
    expect(page.get_by_role("option", name="Fyodor").first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.get_by_role("heading", name="Fyodor").first).to_be_visible()

    page.locator("body").press("?")
    page.get_by_role("button", name="Change the keys…").click()
    page.get_by_role("button", name="Key of “Answer”").press("Enter")
    page.keyboard.press("KeyE")
    expect(page.locator(".key-list")).to_contain_text("“Finish” has this key.")
    page.get_by_role("button", name="Take it", exact=True).click()
    expect(page.get_by_role("button", name="Key of “Answer”")).to_have_text("E")
    expect(page.get_by_role("button", name="Key of “Finish”")).to_have_text("none")
    page.keyboard.press("Escape")

    page.locator("body").press("KeyE")
    expect(page.locator(".feed__service", has_text="took the dialog")).to_be_visible(timeout=PATIENCE)
    page.locator("body").press("KeyG")
    page.locator("body").press("KeyC")
    expect(page.get_by_role("tab", name="Closed")).to_have_attribute("aria-selected", "true")


@pytest.mark.row("D11")
def test_of_two_tabs_one_rings_and_one_notifies_and_none_at_night(context, product, bot):
    context.add_init_script(ACCOUNT)
    tabs = [desk(context, product), ready(goto(context.new_page(), product.url))]
    for tab in tabs:
        tab.evaluate(SERVICE_WORKER_IS_IN_CHARGE)
        tab.locator(".dialog-list__title").click()

    bot.customer("Galina").writes("Hello?")
    for tab in tabs:
        expect(tab.locator("dialog-list [data-dialog]", has_text="Galina")).to_be_visible(timeout=PATIENCE)
    assert settled(tabs, "rang") == 2, "two tones of one tab"
    assert settled(tabs, "notified") == []

    for tab in tabs:
        tab.evaluate("hide(true)")
    bot.customer("Irina").writes("Anybody?")
    for tab in tabs:
        expect(tab.locator("dialog-list [data-dialog]", has_text="Irina")).to_be_attached(timeout=PATIENCE)
    assert settled(tabs, "notified") == ["New request: Irina"]

    rang = settled(tabs, "rang")
    with product.api("olga") as olga:
        night = {"from": "00:00", "until": "23:59", "time_zone": "UTC"}
        assert olga.patch("/me/settings/", json={"quiet_hours": night}).status_code == 200
    bot.customer("Kirill").writes("At night?")
    for tab in tabs:
        expect(tab.locator("dialog-list [data-dialog]", has_text="Kirill")).to_be_attached(timeout=PATIENCE)
    assert settled(tabs, "notified") == ["New request: Irina"]
    assert settled(tabs, "rang") == rang


def goto(page: Page, url: str) -> Page:
    page.goto(url)
    return page


def settled(tabs: list[Page], name: str) -> Any:
    """What the tabs have kept account of, added up, when nothing is added any more."""
    before = None
    for _ in range(50):
        values = [tab.evaluate(f"window.{name}") for tab in tabs]
        now = sum(values[1:], values[0])
        if now == before:
            return now
        before = now
        tabs[0].wait_for_timeout(300)
    raise AssertionError(f"{name} does not come to rest")


@pytest.mark.row("D12")
def test_a_killed_server_costs_nothing_that_was_typed(context, product, bot):
    lidia = bot.customer("Lidia")
    lidia.writes("Where is my parcel?")
    page = desk(context, product)
    taken(page, "Lidia")
    field = page.get_by_label("Message", exact=True)

    before = product.pid_of("web-1")
    product.kill("web-1")
    field.fill("On its way")
    field.press("Enter")
    field.press_sequentially("And tomorrow")
    bubble = page.locator(".message", has_text="On its way")

    expect(bubble.get_by_label("Sent", exact=True)).to_be_visible(timeout=3 * PATIENCE)
    expect(bubble).to_have_count(1)
    expect(field).to_have_value("And tomorrow")
    expect(page.locator("console-banner")).to_be_hidden(timeout=2 * PATIENCE)
    assert product.has_come_back("web-1", before)
    assert [message["text"] for message in lidia.received()].count("On its way") == 1


@pytest.mark.row("D12")
def test_a_broken_line_is_told_in_words(context, product):
    page = desk(context, product)
    context.set_offline(True)
    banner = page.locator("console-banner")
    expect(banner).to_contain_text("You can go on reading and writing", timeout=PATIENCE)
    banner.get_by_role("button", name="Try now").click()
    expect(banner).to_contain_text("Next try in", timeout=PATIENCE)

    context.set_offline(False)
    expect(banner).to_be_hidden(timeout=PATIENCE)


@pytest.mark.row("D12")
def test_the_app_has_a_page_without_a_line_and_keeps_nothing_of_anybody(context, product):
    page = desk(context, product)
    page.evaluate(SERVICE_WORKER_IS_IN_CHARGE)
    ready(goto(page, product.url))
    kept = page.evaluate(
        "(async () => { const names = []; for (const key of await caches.keys())"
        " for (const { url } of await (await caches.open(key)).keys()) names.push(new URL(url).pathname);"
        " return names; })()"
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]

    context.set_offline(True)
    page.goto(f"{product.url}/crm/leads/")
    expect(page.locator("section[lang=en]")).to_contain_text("No connection")
    context.set_offline(False)


@pytest.mark.row("D11")
def test_a_push_is_shown_to_whom_no_console_is_in_sight(context, product):
    page = desk(context, product)
    page.evaluate(SERVICE_WORKER_IS_IN_CHARGE)
    (worker,) = context.service_workers
    push = "push => { self.dispatchEvent(new PushEvent('push', { data: JSON.stringify(push) })); }"
    shown = "async () => (await registration.getNotifications()).map(({ title, tag, body }) => [title, tag, body])"
    offer = {"title": "New request: Anna", "body": "Hello", "dialog_id": 7, "occasion": "offer"}

    worker.evaluate(push, offer)
    page.wait_for_timeout(300)
    assert worker.evaluate(shown) == []

    page.close()
    worker.evaluate(push, offer)
    worker.evaluate(push, offer | {"body": "Hello?"})
    for _ in range(50):
        if worker.evaluate(shown) == [["New request: Anna", "dialog-7", "Hello?"]]:
            break
        context.new_page().close()
    assert worker.evaluate(shown) == [["New request: Anna", "dialog-7", "Hello?"]]


@pytest.mark.row("D11")
def test_an_operator_whose_console_is_out_of_sight_is_woken(context, product, bot, push_service):
    context.add_init_script(ACCOUNT)
    page = desk(context, product)
    page.evaluate("hide(true)")
    device = push_service.device("laptop")
    with product.api("olga") as olga:
        made = olga.post("/push-subscriptions/", json=device.subscription | {"device": "Laptop"})
        assert made.status_code == 201

        # Where nobody had a device, the worker asks again after a while whether anybody has.
        for number in range(10):
            if not push_service.pushed:
                bot.customer(f"Nina {number}").writes("Psst")
                pushed_to(page, push_service, device, until="offer")
        offer = device.reads(push_service.pushed[0].body)
        assert offer["title"].startswith("New request: ")

        answered = olga.post(f"/dialogs/{offer['dialog_id']}/answer/")
        assert answered.status_code == 200
        assert "assigned" in pushed_to(page, push_service, device, until="assigned")
        assert olga.delete(f"/push-subscriptions/{made.json()['id']}/").status_code == 204


def pushed_to(page: Page, push_service: PushService, device: Device, *, until: str) -> list[str]:
    """What the device was told, as soon as this is among it or some seconds have passed."""
    occasions: list[str] = []
    for _ in range(30):
        occasions = [device.reads(pushed.body)["occasion"] for pushed in push_service.pushed]
        if until in occasions:
            break
        page.wait_for_timeout(100)
    return occasions
