"""An administrator makes a line, orders its queue, connects a channel and plays its first client."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import sign_in
from tests.live import PASSWORD, LiveProduct

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("settings")]

SAVE_BAR = "[data-save-bar]"
NAMES = ".queue__who b"


@pytest.fixture(scope="module", autouse=True)
def _alla_reads_english(product: LiveProduct) -> None:
    with product.api("alla") as alla:
        assert alla.patch("/me/", json={"language": "en"}).status_code == 200


@pytest.fixture
def page(browser: Browser, product: LiveProduct) -> Iterator[Page]:
    """Alla's browser. What it complains of, the content security policy above all, fails the test."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.url)
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(opened, product.url, user="alla", password=PASSWORD, path="/settings/lines/")
        yield opened
        assert [words for words in complaints if "422" not in words] == []


@pytest.mark.row("L1")
@pytest.mark.row("L2")
@pytest.mark.row("L3")
@pytest.mark.row("R1")
def test_from_a_name_to_the_first_client(page: Page, product: LiveProduct) -> None:
    page.get_by_role("link", name="Create a line").click()
    page.get_by_label("Name of the line").fill("Support")
    page.get_by_role("button", name="Create").click()
    expect(page.locator("#line-title h1")).to_have_text("Support")
    # Until its scripts run the page works by whole posts, and reloading one of those posts it again.
    page.wait_for_load_state("load")
    expect(page.locator(NAMES)).to_have_count(1)

    _put_in_the_queue(page, "Ольга Орлова", "Олег Осипов")
    _reorder_by_keyboard(page)
    _mend_a_mistake_and_save(page)
    _connect_a_sandbox(page)
    _play_a_client(page)


def _put_in_the_queue(page: Page, *names: str) -> None:
    expect(page.locator(SAVE_BAR)).to_be_hidden()
    for name in names:
        page.locator("#candidate").select_option(label=name)
        page.locator("[data-add]").click()
        expect(page.locator(NAMES).last).to_have_text(name)
    expect(page.locator(SAVE_BAR)).to_be_visible()
    expect(page.locator("[data-queue-count]")).to_contain_text("3 operators")


def _reorder_by_keyboard(page: Page) -> None:
    grip = page.get_by_role("button", name="Move Олег Осипов")
    grip.focus()
    grip.press("ArrowUp")
    grip.press("ArrowUp")
    expect(grip).to_be_focused()
    expect(page.locator("[data-queue-words]")).to_have_text("Олег Осипов: place 1 of 3")
    page.get_by_role("button", name="Take Алла Аверина out of the queue").click()
    expect(page.locator(NAMES)).to_have_text(["Олег Осипов", "Ольга Орлова"])


def _mend_a_mistake_and_save(page: Page) -> None:
    welcome = page.get_by_label("Text of the welcome")
    welcome.fill("Hello, {name}!")
    page.keyboard.press("Control+KeyS")
    expect(page.get_by_text("there is no such variable")).to_be_visible()
    expect(welcome).to_be_focused()
    expect(page.locator(NAMES)).to_have_text(["Олег Осипов", "Ольга Орлова"])
    welcome.fill("Hello, {client}!")
    page.locator(SAVE_BAR).get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It works like this from now on.")).to_be_visible()
    expect(page.locator(SAVE_BAR)).to_be_hidden()
    page.reload()
    expect(page.locator(NAMES)).to_have_text(["Олег Осипов", "Ольга Орлова"])


def _connect_a_sandbox(page: Page) -> None:
    page.locator("#connect-sandbox").click()
    page.locator("#drawer").get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Write as a client")).to_be_visible()
    expect(page.locator("#channels .tile--ok")).to_have_count(1)


def _play_a_client(page: Page) -> None:
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the sandbox").click()
    sandbox = opened.value
    player = sandbox.locator(".player").first
    player.get_by_role("textbox").fill("Is the sofa still there?")
    player.get_by_role("textbox").press("Enter")
    expect(player.locator(".said:not(.said--own)")).to_contain_text("Hello, Anna!")
    player.get_by_role("button", name="Write 10 messages at once").click()
    expect(player.locator(".said--own:not(.said--pending)")).to_have_count(11)
    expect(page.locator(".arrived")).to_contain_text("It works: Anna wrote")


def test_only_the_page_scrolls_never_the_frame_around_it(page: Page, product: LiveProduct) -> None:
    page.goto(f"{product.url}/settings/lines/1/")

    page.get_by_role("link", name="Automatic messages").click()

    expect(page.locator("[data-contents] [aria-current]")).to_have_text("Automatic messages")
    assert page.evaluate("[scrollY, document.documentElement.scrollHeight - innerHeight]") == [0, 0]


def test_undo_brings_back_what_is_stored(page: Page, product: LiveProduct) -> None:
    page.goto(f"{product.url}/settings/lines/1/")
    page.get_by_label("Name of the line").fill("Something else")
    page.locator("#queue-rows [data-remove]").first.click()

    page.locator("[data-undo]").click()

    expect(page.get_by_label("Name of the line")).to_have_value("Sales")
    expect(page.locator(NAMES)).to_have_count(2)
    expect(page.locator(SAVE_BAR)).to_be_hidden()


def test_a_row_is_dragged_to_another_place(page: Page, product: LiveProduct) -> None:
    page.goto(f"{product.url}/settings/lines/1/")
    first, last = page.locator("[data-grip]").first, page.locator("[data-grip]").last
    first.scroll_into_view_if_needed()
    start, end = first.bounding_box(), last.bounding_box()
    assert start
    assert end

    page.mouse.move(start["x"] + 10, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 15, steps=8)
    page.mouse.up()

    expect(page.locator(NAMES)).to_have_text(["Олег Осипов", "Ольга Орлова"])
    expect(page.locator(SAVE_BAR)).to_be_visible()
    page.locator("[data-undo]").click()


def test_a_new_member_and_their_token(page: Page, product: LiveProduct) -> None:
    page.goto(f"{product.url}/settings/staff/")
    page.get_by_role("link", name="New member").click()
    page.locator("#drawer").get_by_role("button", name="Add").click()
    expect(page.locator("#drawer .field--invalid")).to_have_count(3)
    page.get_by_label("First name").fill("Ivan")
    page.get_by_label("User name").fill("ivan")
    page.get_by_label("Password").fill("a long enough pass phrase")
    page.locator("#drawer").get_by_role("button", name="Add").click()
    expect(page.get_by_text("Ivan can sign in now.")).to_be_visible()
    expect(page.locator("#drawer")).to_be_hidden()

    page.get_by_role("link", name="Ivan").click()
    page.get_by_label("What is it for?").fill("Shop")
    page.get_by_role("button", name="New token").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    token = page.evaluate("navigator.clipboard.readText()")
    assert token.startswith("ol_")
    with product.api("alla") as alla:
        assert alla.get("/me/", headers={"Authorization": f"Bearer {token}"}).json()["name"] == "Ivan"


@pytest.mark.row("A2")
def test_hours_follow_the_typing_and_are_saved_with_the_page(page: Page, product: LiveProduct) -> None:
    page.get_by_role("link", name="Create a line").click()
    page.get_by_label("Name of the line").fill("Night shift")
    page.get_by_role("button", name="Create").click()
    hours = page.locator("#hours")
    # The page of the new line, with its scripts.
    expect(hours).to_be_attached()
    page.wait_for_load_state("load")
    expect(hours.locator("ol")).to_be_hidden()
    hours.get_by_text("The line has hours").click()

    hours.get_by_label("Monday", exact=True).fill("9-13, 22-6")
    expect(hours.locator("[data-bar]").nth(1).locator("rect")).to_have_count(2)
    hours.get_by_label("Copy the hours of Monday to the other days").click()
    expect(hours.get_by_label("Sunday", exact=True)).to_have_value("09:00–13:00, 22:00–06:00")
    hours.get_by_label("Public holidays are days off").select_option(label="Japan")
    hours.get_by_role("button", name="Add a day").click()
    hours.get_by_label("Date").fill("2027-05-01")
    hours.get_by_label("How often").select_option(label="every year")
    page.locator(SAVE_BAR).get_by_role("button", name="Save").click()

    expect(page.locator(SAVE_BAR)).to_be_hidden()
    expect(hours.get_by_label("Date")).to_have_value("2027-05-01")
    expect(hours.get_by_label("Public holidays are days off")).to_have_value("JP")
    with product.api("alla") as alla:
        (line,) = [line for line in alla.get("/lines/").json() if line["name"] == "Night shift"]
        stored = alla.get(f"/lines/{line['id']}/hours/").json()
    assert (stored["is_enabled"], stored["country"]) == (True, "JP")
    assert stored["weekly"] == [[["09:00", "13:00"], ["22:00", "06:00"]]] * 7
    assert [(day["date"], day["is_yearly"]) for day in stored["special_days"]] == [("2027-05-01", True)]
