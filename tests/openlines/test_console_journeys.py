"""The console in a real browser, with customers in (simulated) Telegram: what operators do all day."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct, live_product
from tests.providers.telegram import BotHandle, TelegramSimulator, simulated_telegram

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("console")]

HOSTILE = "<img src=x onerror=document.title='owned'> see https://loft.example/a."


@pytest.fixture(scope="module")
def product() -> Iterator[LiveProduct]:
    with live_product(API_RATE="100000/min") as running:
        yield running


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramSimulator]:
    with simulated_telegram() as simulator:
        yield simulator


@pytest.fixture(scope="module")
def bot(product: LiveProduct, telegram: TelegramSimulator) -> BotHandle:
    """Connected to the line of Olga and Oleg, who work in English."""
    bot = telegram.add_bot(first_name="Loft")
    with product.api("alla") as alla:
        line = alla.get("/lines/").json()[0]["id"]
        alla.patch(f"/lines/{line}/queue/", json={"offer_seconds": 600, "prefers_last_operator": False})
        values = {"token": bot.token, "base_url": telegram.base_url}
        channel = {"line": line, "kind": "telegram", "values": values}
        assert alla.post("/channels/", json=channel).status_code == 201
    for name in ("olga", "oleg"):
        with product.api(name) as operator:
            assert operator.patch("/me/", json={"language": "en"}).status_code == 200
    return bot


@dataclass(frozen=True)
class Desk:
    """An operator before the open console."""

    page: Page

    def find(self, selector: str, text: str = "") -> Locator:
        return self.page.locator(selector, has_text=text)

    def offer(self, name: str) -> Locator:
        return self.find("article.offer", name)

    def answers(self, name: str) -> None:
        self.offer(name).get_by_role("button", name="Answer").click()
        expect(self.page.get_by_role("heading", name=name).first).to_be_visible(timeout=PATIENCE)

    def writes(self, text: str) -> None:
        self.page.get_by_label("Message", exact=True).fill(text)
        self.page.keyboard.press("Enter")

    def bubble(self, text: str) -> Locator:
        return self.find(".message", text)


@pytest.fixture(scope="module")
def olga_and_oleg(product: LiveProduct, bot: BotHandle, browser: Browser) -> tuple[Desk, Desk]:
    pages = [browser.new_context().new_page() for _ in range(2)]
    for page, user in zip(pages, ("olga", "oleg"), strict=True):
        page.set_default_timeout(PATIENCE)
        sign_in(page, product.url, user=user, password=PASSWORD)
        expect(page.locator(".presence", has_text="Online")).to_be_visible(timeout=PATIENCE)
    return Desk(pages[0]), Desk(pages[1])


def offered(desks: tuple[Desk, Desk], name: str) -> tuple[Desk, Desk]:
    """The desk before which the request lies, and the other one."""
    first, second = desks
    for _ in range(PATIENCE // 100):
        if first.offer(name).count():
            return first, second
        if second.offer(name).count():
            return second, first
        first.page.wait_for_timeout(100)
    raise AssertionError(f"nobody was offered {name}")


def taken(desks: tuple[Desk, Desk], name: str) -> Desk:
    desk, _ = offered(desks, name)
    desk.answers(name)
    return desk


@pytest.mark.row("D1")
@pytest.mark.row("D2")
@pytest.mark.row("D3")
@pytest.mark.row("D8")
def test_a_skipped_request_goes_to_the_colleague_who_answers_and_finishes(olga_and_oleg, bot):
    anna = bot.customer("Anna")
    anna.writes("Is the sofa in stock?")
    first, second = offered(olga_and_oleg, "Anna")
    expect(first.offer("Is the sofa in stock?").get_by_role("timer")).to_be_visible()

    first.offer("Anna").get_by_role("button", name="Skip").click()
    expect(second.offer("Anna")).to_be_visible(timeout=PATIENCE)
    expect(first.offer("Anna")).to_have_count(0)
    second.offer("Anna").locator(".offer__open").click()
    second.page.keyboard.press("KeyA")
    expect(second.find(".feed__service", "took the dialog")).to_be_visible(timeout=PATIENCE)
    second.writes("Yes, three of them.")

    expect(second.bubble("Yes, three of them.").get_by_label("Sent", exact=True)).to_be_visible(timeout=PATIENCE)
    assert "Yes, three of them." in [message["text"] for message in anna.received()]
    second.page.get_by_role("button", name="Finish").click()
    expect(second.find(".decision", "Finished by an operator")).to_be_visible(timeout=PATIENCE)
    expect(second.find(".dialog-row", "Anna")).to_have_count(0)
    assert not [message for message in anna.received() if "took the dialog" in message["text"]]


@pytest.mark.row("D4")
@pytest.mark.row("D13")
def test_a_colleague_is_invited_by_keys_and_answers_in_sight_of_the_operator(olga_and_oleg, bot):
    nina = bot.customer("Nina")
    nina.writes("Which oil is right for oak?")
    desk, other = offered(olga_and_oleg, "Nina")
    desk.answers("Nina")
    colleague = "Олег" if desk is olga_and_oleg[0] else "Ольга"

    desk.page.keyboard.press("Escape")
    desk.find(".conversation__scroll").focus()
    desk.page.keyboard.press("v")
    expect(desk.find("#invite-people [role=option]", colleague)).to_be_visible()
    for keys in (colleague, "Enter", "Enter"):
        (desk.page.keyboard.type if keys == colleague else desk.page.keyboard.press)(keys)
    expect(desk.find(".people", "is in the dialog, too")).to_be_visible(timeout=PATIENCE)

    other.find(".dialog-row", "Nina").click()
    expect(other.find(".dialog-row__owner", "with")).to_be_visible()
    # Slowly: that somebody types is told every few seconds, and each telling may be lost.
    other.page.get_by_label("Message", exact=True).press_sequentially("Linseed", delay=1000)
    expect(desk.find(".collision", "is writing to the client right now")).to_be_visible(timeout=PATIENCE)
    other.page.keyboard.press("Enter")
    expect(desk.bubble("Linseed")).to_be_visible(timeout=PATIENCE)
    expect(desk.find(".collision")).to_be_hidden()

    desk.find(".conversation__bar").get_by_role("button", name="Finish").click()
    desk.find(".decision").get_by_role("button", name="Reopen").click()
    expect(desk.page.get_by_label("Message", exact=True)).to_be_visible(timeout=PATIENCE)


@pytest.mark.row("D5")
def test_a_whisper_is_unmistakable_and_never_reaches_the_customer(olga_and_oleg, bot):
    vera = bot.customer("Vera")
    vera.writes("May I have a discount?")
    desk = taken(olga_and_oleg, "Vera")

    desk.page.get_by_role("tab", name="Whisper").click()
    expect(desk.page.locator("message-composer")).to_have_class("composer composer--whisper")
    desk.writes("She is our oldest client")
    expect(desk.find(".whisper", "the client does not see it")).to_contain_text("She is our oldest client")
    desk.page.get_by_role("tab", name="Reply to the client").click()
    desk.writes("Ten per cent, gladly.")

    expect(desk.bubble("Ten per cent, gladly.").get_by_label("Sent", exact=True)).to_be_visible(timeout=PATIENCE)
    texts = [message["text"] for message in vera.received()]
    assert "Ten per cent, gladly." in texts
    assert "She is our oldest client" not in texts


@pytest.mark.row("D6")
@pytest.mark.row("R9")
def test_a_dialog_is_handed_to_a_colleague_by_keys_alone_and_tells_its_story(olga_and_oleg, bot):
    zoya = bot.customer("Zoya")
    zoya.writes("Do you deliver to Tver?")
    desk, colleague = offered(olga_and_oleg, "Zoya")
    desk.answers("Zoya")

    desk.page.get_by_label("Message", exact=True).blur()
    desk.page.keyboard.press("KeyT")
    expect(desk.page.get_by_role("option").first).to_contain_text("Online")
    for key in ("ArrowDown", "Enter"):
        desk.page.keyboard.press(key)
    desk.page.keyboard.type("Promised for Friday")
    desk.page.keyboard.press("Enter")

    expect(desk.find(".dialog-row", "Zoya")).to_have_count(0)
    colleague.find(".dialog-row", "Zoya").click()
    expect(colleague.find(".whisper", "Promised for Friday")).to_be_visible()
    colleague.page.get_by_role("button", name="Why me?").click()
    story = colleague.page.get_by_role("dialog", name="Why this operator?")
    expect(story.get_by_role("listitem").first).to_contain_text("Transferred to")
    colleague.page.keyboard.press("Escape")
    assert "Promised for Friday" not in [message["text"] for message in zoya.received()]


@pytest.mark.row("D12")
def test_what_is_written_without_a_line_goes_out_once_and_in_order_when_it_is_back(olga_and_oleg, bot):
    boris = bot.customer("Boris")
    boris.writes("Hello?")
    desk = taken(olga_and_oleg, "Boris")

    desk.page.context.set_offline(True)
    desk.writes("One moment")
    desk.writes("I am looking")
    expect(desk.find("console-banner", "No connection")).to_contain_text("2 messages wait", timeout=PATIENCE)
    expect(desk.bubble("I am looking").get_by_label("Waits to be sent")).to_be_visible()
    boris.writes("Take your time")
    desk.page.context.set_offline(False)

    expect(desk.bubble("I am looking").get_by_label("Sent", exact=True)).to_be_visible(timeout=2 * PATIENCE)
    expect(desk.bubble("Take your time")).to_have_count(1, timeout=2 * PATIENCE)
    expect(desk.find("console-banner")).to_be_hidden(timeout=2 * PATIENCE)
    assert [message["text"] for message in boris.received()][-2:] == ["One moment", "I am looking"]
    expect(desk.bubble("One moment")).to_have_count(1)


@pytest.mark.row("D12")
def test_a_draft_outlives_a_reload_and_stays_with_its_dialog(olga_and_oleg, bot):
    gleb = bot.customer("Gleb")
    gleb.writes("Good evening")
    desk = taken(olga_and_oleg, "Gleb")
    desk.page.get_by_label("Message", exact=True).fill("Good evening, Gl")

    desk.page.reload()

    expect(desk.page.get_by_label("Message", exact=True)).to_have_value("Good evening, Gl", timeout=PATIENCE)
    desk.page.get_by_label("Message", exact=True).fill("")


def test_what_a_stranger_writes_is_text_and_nothing_else(olga_and_oleg, bot):
    mallory = bot.customer("Mallory<b>")
    mallory.writes(HOSTILE)
    desk = taken(olga_and_oleg, "Mallory<b>")

    bubble = desk.bubble("onerror")
    expect(bubble.locator(".message__text")).to_have_text(HOSTILE)
    expect(bubble.locator("img")).to_have_count(0)
    link = bubble.get_by_role("link")
    expect(link).to_have_attribute("href", "https://loft.example/a")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert "owned" not in desk.page.title()


SCRIPT = "<svg onload=document.title='owned'>"


@pytest.mark.row("D3")
@pytest.mark.row("D12")
def test_hostile_names_run_nothing_and_break_nothing(product, olga_and_oleg, bot):
    """A client's name and file, a tag, a quick reply and a colleague's whisper, each with a script in it, signs that
    turn its direction, and no end."""
    with product.api("alla") as alla:
        tag = alla.post("/tags/", json={"name": f"{SCRIPT}\u202e"}).json()["id"]
        reply = {"title": f"\u202e{SCRIPT}", "text": SCRIPT * 20, "scope": "COMPANY", "shortcut": "hostile"}
        assert alla.post("/quick-replies/", json=reply).status_code == 201
    name = f"Eve\u202e{SCRIPT}"
    eve = bot.customer(name + "Ж" * 180)
    eve.writes("a" * 3_000 + " javascript:document.title='owned' https://x" + "." * 900 + "x")
    desk, other = offered(olga_and_oleg, "Eve")
    trouble: list[str] = []
    for page in (desk.page, other.page):
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.append(said.text) if "Content Security" in said.text else None)
    desk.answers("Eve")
    dialog = int(desk.page.url.rstrip("/").rpartition("/")[2])
    with product.api("alla") as alla:
        assert alla.put(f"/dialogs/{dialog}/tags/", json={"tag_ids": [tag]}).status_code == 200
        whisper = {"text": f"{SCRIPT}\u202e{'Ы' * 2_000}", "visibility": "STAFF"}
        assert alla.post(f"/dialogs/{dialog}/messages/", json=whisper).status_code == 201

    expect(desk.find(".whisper", SCRIPT)).to_be_visible(timeout=PATIENCE)
    expect(desk.find(".conversation__who")).to_contain_text(f"Eve{SCRIPT}")
    desk.page.get_by_label("Message", exact=True).press_sequentially("/hostile")
    expect(desk.page.get_by_role("option", name=SCRIPT).first).to_be_visible(timeout=PATIENCE)
    desk.page.keyboard.press("Escape")
    expect(desk.find(".lead__title", "Eve")).to_be_visible(timeout=PATIENCE)
    title = desk.find(".lead__title").first.evaluate("(title) => [title.scrollWidth, title.clientWidth]")
    assert title[0] <= title[1]
    for width, height in ((1280, 800), (390, 844)):
        desk.page.set_viewport_size({"width": width, "height": height})
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        for selector in ("conversation-pane", ".conversation__bar", "message-composer"):
            box = desk.find(selector).first.bounding_box()
            assert box is None or box["x"] + box["width"] <= width + 1, selector
    desk.page.set_viewport_size({"width": 1280, "height": 720})

    assert "owned" not in desk.page.title() + other.page.title()
    assert desk.find("svg[onload]").count() == 0
    assert trouble == []


@pytest.mark.row("P1")
def test_who_goes_back_after_signing_out_sees_nothing_of_who_was_there(product, browser, olga_and_oleg, bot):
    bot.customer("Polina").writes("It is between us")
    taken(olga_and_oleg, "Polina")
    page = browser.new_context().new_page()
    sign_in(page, product.url, user="alla", password=PASSWORD, path="/crm/clients/")
    expect(page.get_by_text("Polina").first).to_be_visible(timeout=PATIENCE)

    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    page.wait_for_url("**/login/**")
    page.go_back()

    expect(page.locator("input[name=password]")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Polina")).to_have_count(0)
    page.context.close()


@pytest.mark.row("D3")
def test_what_is_too_long_to_be_sent_stays_in_the_composer(olga_and_oleg, bot):
    lada = bot.customer("Lada")
    lada.writes("Tell me everything")
    desk = taken(olga_and_oleg, "Lada")
    field, novel = desk.page.get_by_label("Message", exact=True), "Everything. " * 9_000

    desk.writes(novel)

    expect(field).to_have_value(novel)
    desk.page.reload()
    expect(field).to_have_value(novel, timeout=PATIENCE)
    assert not [message for message in lada.received() if "Everything." in message["text"]]
    field.fill("")


@pytest.mark.row("K2")
@pytest.mark.row("K8")
def test_the_card_shows_the_lead_and_keeps_name_and_notes(olga_and_oleg, bot):
    dina = bot.customer("Dina")
    dina.writes("I would like a table")
    desk = taken(olga_and_oleg, "Dina")
    card = desk.page.get_by_role("complementary")
    expect(card.locator(".lead")).to_contain_text("Dina", timeout=PATIENCE)

    card.get_by_role("button", name="Change the name").click()
    card.get_by_role("textbox", name="Name").fill("Dina Kim")
    desk.page.keyboard.press("Enter")
    card.get_by_label("Notes").fill("Wants oak")
    card.get_by_label("Notes").blur()

    card.get_by_role("button", name="Add", exact=True).first.click()
    card.get_by_label("Phone or e-mail").fill("12")
    desk.page.keyboard.press("Enter")
    expect(card.get_by_role("alert")).to_contain_text("country code", timeout=PATIENCE)
    card.get_by_label("Phone or e-mail").fill("+7 916 123-45-67")
    desk.page.keyboard.press("Enter")
    expect(card.get_by_role("link", name="+79161234567")).to_be_visible(timeout=PATIENCE)

    expect(desk.find(".conversation__who", "Dina Kim")).to_be_visible(timeout=PATIENCE)
    expect(card.locator(".client-card__status")).to_have_text("Saved", timeout=PATIENCE)
    desk.page.reload()
    expect(card.get_by_label("Notes")).to_have_value("Wants oak", timeout=PATIENCE)
    expect(card.get_by_role("heading", name="Dina Kim")).to_be_visible()


@pytest.mark.row("D11")
def test_on_a_phone_one_pane_at_a_time_with_a_way_back(product, browser, olga_and_oleg, bot):
    egor = bot.customer("Egor")
    egor.writes("From my phone")
    signed_in = taken(olga_and_oleg, "Egor").page.context.storage_state()
    size = {"width": 390, "height": 844}
    phone = browser.new_context(viewport=size, has_touch=True, is_mobile=True, storage_state=signed_in).new_page()
    phone.goto(product.url)

    phone.locator(".dialog-row", has_text="Egor").tap()
    expect(phone.locator("conversation-pane")).to_be_visible(timeout=PATIENCE)
    expect(phone.locator("dialog-list")).to_be_hidden()
    phone.get_by_role("button", name="Client card").tap()
    expect(phone.locator("client-card")).to_contain_text("Egor")
    expect(phone.locator("conversation-pane")).to_be_hidden()
    phone.locator("client-card").get_by_role("button", name="Back").tap()
    expect(phone.locator("conversation-pane")).to_be_visible()
    phone.locator("conversation-pane").get_by_role("button", name="Back").tap()
    expect(phone.locator("dialog-list")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.context.close()


@pytest.mark.row("D14")
def test_what_was_said_long_ago_is_found_by_keys_and_shown_where_it_was_said(olga_and_oleg, bot):
    ulyana = bot.customer("Ulyana")
    ulyana.writes("Is the walnut sideboard heavy?")
    desk = taken(olga_and_oleg, "Ulyana")
    for number in range(60):
        ulyana.writes(f"And one more thing, {number}")
    expect(desk.bubble("And one more thing, 59")).to_be_visible(timeout=2 * PATIENCE)

    found = desk.find(".found__row", "walnut sideboard heavy")
    for word in itertools.islice(itertools.cycle(("sideboards", "sideboard")), 30):
        # The search comes a moment after the fact.
        desk.page.get_by_label("Search", exact=True).fill(word)
        desk.page.wait_for_timeout(700)
        if found.count():
            break
    expect(found.locator("mark")).to_have_text("sideboard")
    desk.page.get_by_label("Search", exact=True).press("ArrowDown")
    for _ in range(20):
        if "walnut" in desk.page.evaluate("document.activeElement.textContent"):
            break
        desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")

    expect(desk.find(".message--flash", "walnut sideboard")).to_be_in_viewport(timeout=PATIENCE)
    desk.page.get_by_label("Search", exact=True).press("Escape")
    expect(desk.find(".found")).to_be_hidden()


@pytest.mark.row("R5")
def test_an_operator_s_day_by_keys_alone(olga_and_oleg):
    olga, _oleg = olga_and_oleg
    pill = olga.find(".presence")
    olga.page.keyboard.press("Escape")
    olga.page.locator("body").press("b")
    olga.page.get_by_role("menuitem", name="Start the day").press("Enter")
    olga.page.locator("body").press("b")
    olga.page.get_by_role("menuitem", name="Another break").press("Enter")
    olga.page.get_by_label("Why? Colleagues see it.").press_sequentially("Warehouse")
    olga.page.keyboard.press("Enter")
    expect(pill).to_contain_text("Warehouse")

    pill.press("Enter")
    expect(olga.find(".menu__note", "since")).to_be_visible()
    olga.page.get_by_role("menuitem", name="Back to work").press("Enter")
    expect(pill).to_contain_text("Online")
    pill.press("Enter")
    olga.page.get_by_role("menuitem", name="End the day").press("Enter")
    # Whatever she had before stays with her; it may be nothing that she is asked about.
    asked = olga.find("dialog.modal", "You still have")
    ended = olga.find(".presence", "Day ended")
    expect(asked.or_(ended).first).to_be_visible(timeout=PATIENCE)
    if asked.count():
        olga.page.get_by_role("button", name="Keep them").press("Enter")
    expect(pill).to_contain_text("Day ended")

    # Whoever comes after finds her at work.
    pill.press("Enter")
    olga.page.get_by_role("menuitem", name="Start the day").press("Enter")
    expect(pill).to_contain_text("Online")


@pytest.mark.row("D1")
def test_several_dialogs_are_found_by_a_filter_and_finished_at_once(product, browser, olga_and_oleg, bot):
    names = ("Agata", "Bella", "Clara")
    for name in names:
        bot.customer(name).writes("Thank you, that was all.")
        taken(olga_and_oleg, name)
    with product.api("sergey") as sergey:
        sergey.patch("/me/", json={"language": "en"})
    page = sign_in(browser.new_context().new_page(), product.url, user="sergey", password=PASSWORD)
    desk = Desk(page)
    page.locator("dialog-list [data-tab=all]").click()
    expect(desk.find(".dialog-row", "Agata")).to_be_visible(timeout=PATIENCE)

    desk.find(".dialog-row", "Agata").focus()
    page.get_by_role("button", name="Filters", exact=True).click()
    page.locator(".filter-sheet select").last.select_option("queue")
    page.keyboard.press("Escape")
    expect(desk.find("dialog-list .empty", "No dialogs match the filters")).to_be_visible()
    assert "state=queue" in page.url
    page.get_by_role("button", name="Remove the filter").click()
    assert "state=" not in page.url

    desk.find(".dialog-row", "Agata").focus()
    page.keyboard.press("KeyX")
    for name in names[1:]:
        desk.find(".dialog-row", name).click(modifiers=["Control"])
    bar = page.get_by_role("toolbar", name="Chosen dialogs")
    expect(bar).to_contain_text("3 dialogs chosen")
    bar.get_by_role("button", name="Finish").click()
    expect(bar).to_contain_text("3 dialogs finished", timeout=PATIENCE)
    for name in names:
        expect(desk.find(".dialog-list__rows .dialog-row", name)).to_have_count(0)
    page.context.close()
