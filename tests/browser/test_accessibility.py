"""Every screen of the console through axe-core, light and dark, desk and phone; a day's work by keys alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.scenery import Desk, furnished
from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct, live_product

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("accessibility"), pytest.mark.row("D11")]

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
GRAVE = ("serious", "critical")

Screen = Callable[[Page], Any]


@pytest.fixture(scope="module")
def product() -> Iterator[LiveProduct]:
    with live_product(API_RATE="100000/min") as running:
        yield running


@pytest.fixture(scope="module")
def olga(browser: Browser, product: LiveProduct) -> Iterator[Page]:
    with product.api("olga") as api:
        api.patch("/me/", json={"language": "en"})
    context = signed_in(browser, product, "olga")
    yield context.pages[0]
    context.close()


@pytest.fixture(scope="module")
def desk(product: LiveProduct, olga: Page) -> Iterator[Desk]:
    """Olga is there while it is furnished: whoever is away loses what clients go on writing to."""
    expect(olga.locator(".presence", has_text="Online")).to_be_visible()
    with furnished(product) as desk:
        expect(olga.locator(".dialog-row", has_text="Anna").first).to_be_visible()
        yield desk


def violations(page: Page, **options: Any) -> list[str]:
    """What keeps somebody out: the rule, and where it is broken."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(options) => axe.run(document, options)", {"resultTypes": ["violations"]} | options)
    grave = [rule for rule in found["violations"] if rule["impact"] in GRAVE]
    return [f"{rule['id']}: {_told(node)}" for rule in grave for node in rule["nodes"]]


def _told(node: dict[str, Any]) -> str:
    where = " ".join(map(str, node["target"]))
    return f"{where} {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"


def in_both_lights(page: Page, name: str) -> list[str]:
    """Whole in the light; in the dark only colours are other."""
    still(page)
    light = violations(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    still(page)
    dark = violations(page, runOnly=["color-contrast", "link-in-text-block"])
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    return [f"{name}: {one}" for one in light] + [f"{name}, dark: {one}" for one in dark]


MOVED = """Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getTiming().iterations === 1).map((one) => one.finished))"""


def still(page: Page) -> None:
    """Colours on their way from one to another are neither."""
    page.evaluate(MOVED)


def signed_in(browser: Browser, product: LiveProduct, user: str, **options: Any) -> BrowserContext:
    context = browser.new_context(**({"locale": "en-US", "viewport": DESK, "reduced_motion": "reduce"} | options))
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, product.url, user=user, password=PASSWORD)
    return context


def opened(name: str) -> Screen:
    def open_it(page: Page) -> None:
        page.locator(".dialog-row", has_text=name).first.click()
        expect(page.locator(".conversation__name")).to_contain_text(name)
        expect(page.locator("[role=log]")).to_have_attribute("aria-busy", "false")

    return open_it


def by_palette(command: str, shows: str) -> Screen:
    def run(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.locator("dialog.palette input").fill(command)
        expect(page.locator("dialog.palette [role=option]").first).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator(shows).first).to_be_visible()

    return run


def keys(*pressed: str, shows: str) -> Screen:
    def press(page: Page) -> None:
        page.locator("[role=log]").focus()
        for key in pressed:
            page.keyboard.press(key)
        expect(page.locator(shows).first).to_be_visible()

    return press


def written(text: str, *, shows: str = "[role=option]") -> Screen:
    def write(page: Page) -> None:
        box = page.get_by_label("Message", exact=True)
        box.fill("")
        box.press_sequentially(text)
        expect(page.locator(shows).first).to_be_visible()

    return write


def clicked(button: str, *, shows: str) -> Screen:
    def click(page: Page) -> None:
        page.get_by_role("button", name=button).first.click()
        expect(page.locator(shows).first).to_be_visible()

    return click


def within(place: str, button: str, *, shows: str) -> Screen:
    def click(page: Page) -> None:
        page.locator(place).get_by_role("button", name=button, exact=True).click()
        expect(page.locator(shows).first).to_be_visible()

    return click


def searched(page: Page) -> None:
    page.get_by_label("Search", exact=True).fill("armrest")
    expect(page.locator(".found__row").first).to_be_visible()


def tab_of_card(name: str) -> Screen:
    def choose(page: Page) -> None:
        page.locator("client-card").get_by_role("tab", name=name).click()

    return choose


def whispering(page: Page) -> None:
    page.get_by_role("tab", name="Whisper").click()
    written("@", shows="[role=option]")(page)


def replying(page: Page) -> None:
    page.get_by_label("Message", exact=True).fill("")
    page.get_by_role("tab", name="Reply to the client").click()


WINDOW = "dialog[open]"
ON_THE_DESK: dict[str, tuple[Screen, ...]] = {
    "list": (lambda page: None,),
    "offer": (lambda page: page.locator("article.offer .offer__open").first.click(),),
    "undelivered": (opened("Gleb"),),
    "conversation": (opened("Anna"),),
    "history of the client": (tab_of_card("History"),),
    "files of the client": (tab_of_card("Files"),),
    "quick replies": (tab_of_card("Client"), written("/")),
    "emoji": (written(":smile"),),
    "whisper with mentions": (whispering,),
    "emoji picker": (replying, clicked("Emoji", shows="[popover]:popover-open")),
    "transfer": (keys("t", shows=f"{WINDOW} [role=option]"),),
    "invite": (keys("v", shows=f"{WINDOW} [role=option]"),),
    "tags": (keys("l", shows=WINDOW),),
    "put aside": (keys("z", shows=WINDOW),),
    "call back": (keys("c", shows=WINDOW),),
    "finish with a topic": (keys("e", shows=WINDOW),),
    "keys": (keys("Shift+Slash", shows=WINDOW),),
    "menu of the dialog": (within("conversation-pane", "More", shows=".menu:popover-open"),),
    "working day": (keys("b", shows=".menu:popover-open"),),
    "filters": (keys("f", shows=".filter-sheet"),),
    "several chosen": (keys("x", shows="[role=toolbar]"),),
    "why": (clicked("Why me?", shows=WINDOW),),
    "call-backs": (by_palette("Call-backs", WINDOW),),
    "own quick replies": (by_palette("My quick replies", WINDOW),),
    "settings": (by_palette("Settings of my", WINDOW),),
    "settings of keys": (lambda page: page.get_by_role("tab", name="Keyboard").click(),),
    "devices": (lambda page: page.get_by_role("tab", name="Devices").click(),),
    "palette": (keys("Control+k", shows=WINDOW),),
    "found": (searched,),
    "closed": (lambda page: page.locator("dialog-list [data-tab=closed]").click(), opened("Egor")),
}
STAYS_OPEN = {"settings", "settings of keys", "list", "offer", "history of the client"}


def cleared(page: Page) -> None:
    """Nothing stays open, nothing stays written."""
    for _ in range(3):
        if page.locator("dialog[open], [popover]:popover-open").count():
            page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def walked(page: Page, screens: dict[str, tuple[Screen, ...]]) -> list[str]:
    found: list[str] = []
    for name, steps in screens.items():
        for step in steps:
            step(page)
        found += in_both_lights(page, name)
        if name not in STAYS_OPEN:
            cleared(page)
    return found


def test_no_screen_on_a_desk_keeps_anybody_out(olga: Page, desk: Desk):
    found = walked(olga, ON_THE_DESK)
    assert not found, "\n".join(found)


ON_THE_PHONE: dict[str, tuple[Screen, ...]] = {
    "list on a phone": (lambda page: None,),
    "conversation on a phone": (opened("Anna"),),
    "menu on a phone": (lambda page: page.locator("conversation-pane .bar > button").last.tap(),),
    "card on a phone": (lambda page: page.locator(".conversation__card-button").tap(),),
}


def test_no_screen_on_a_phone_keeps_anybody_out(browser: Browser, product: LiveProduct, desk: Desk):
    """In Russian, whose words are longer."""
    context = signed_in(browser, product, "sergey", viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.pages[0]
    page.locator("dialog-list [data-tab=all]").click()
    found = walked(page, ON_THE_PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    context.close()
    assert not found, "\n".join(found)


PAGES = (
    "/settings/tags/", "/settings/topics/", "/settings/quick-replies/", "/settings/quick-replies/new/",
    "/settings/lines/1/", "/settings/lines/", "/crm/clients/", "/crm/leads/", "/stats/", "/offline/",
)  # fmt: skip


def test_no_page_around_the_console_keeps_anybody_out(browser: Browser, product: LiveProduct, desk: Desk):
    context = browser.new_context(locale="en-US", viewport=DESK, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{product.url}/login/")
    found = in_both_lights(page, "login")
    sign_in(page, product.url, user="alla", password=PASSWORD)
    page.locator("dialog-list [data-tab=all]").click()
    found += walked(page, {"rating of the work": (opened("Anna"), by_palette("Rate the work", WINDOW))})
    for address in PAGES:
        page.goto(product.url + address)
        found += in_both_lights(page, address)
    context.close()
    assert not found, "\n".join(found)


class Keyboard:
    """Somebody who has no mouse, and looks where the focus is after every key."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keeps_the_focus()

    def keeps_the_focus(self) -> None:
        self.page.wait_for_function(FOCUS_IS_SEEN)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def sees(self, selector: str, text: str) -> None:
        expect(self.page.locator(selector, has_text=text).first).to_be_visible()

    def goes_to(self, name: str) -> None:
        """By the palette, wherever the dialog stands."""
        self.press("Control+k")
        self.sees("dialog.palette [role=option]", "")
        self.type(name)
        self.sees("dialog.palette [role=option]", name)
        self.press("Enter")
        self.sees(".conversation__name", name)


# It is somewhere, in the window, and a ring, a shadow or an outline shows it, be it of what stands around it.
FOCUS_IS_SEEN = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body || !focused.checkVisibility()) return false;
  const { top, right, bottom, left } = focused.getBoundingClientRect();
  if (bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth) return false;
  for (let one = focused; one && one !== document.body; one = one.parentElement) {
    const { boxShadow, outlineStyle, outlineWidth } = getComputedStyle(one);
    const isMarked = boxShadow !== "none" || (outlineStyle !== "none" && parseFloat(outlineWidth) > 0);
    if (isMarked && one.matches(":focus-visible, :focus-within, [open]")) return true;
  }
  return false;
}"""


def test_a_day_s_work_is_done_by_keys_alone(browser: Browser, product: LiveProduct, desk: Desk):
    for name in ("Zina", "Yulia"):
        desk.client(name, f"Good day, it is {name}: where is my sideboard?")
        desk.dialog(name)
    page = browser.new_context(locale="en-US", viewport=DESK).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{product.url}/login/")
    hands = Keyboard(page)
    signs_in(hands)
    answers(hands, "Zina")
    writes(hands)
    whispers(hands)
    puts_a_tag_on(hands)
    hands_over(hands, "Zina")
    finds(hands, "Yulia")
    hands.press("a")
    hands.sees(".feed__service", "took the dialog")
    finishes(hands)
    page.context.close()


def signs_in(hands: Keyboard) -> None:
    hands.type("olga")
    hands.press("Tab")
    hands.type(PASSWORD)
    hands.page.keyboard.press("Enter")
    hands.sees(".presence", "Online")


def answers(hands: Keyboard, name: str) -> None:
    hands.sees("article.offer, .dialog-row", name)
    hands.goes_to(name)
    hands.press("a")
    hands.sees(".feed__service", "took the dialog")


def writes(hands: Keyboard) -> None:
    hands.press("r")
    hands.type("I am looking, one moment")
    hands.press("Enter")
    hands.sees(".message--out", "one moment")
    hands.type("/Delivery")
    hands.sees("[role=option]", "Delivery")
    hands.press("Enter")
    expect(hands.page.get_by_label("Message", exact=True)).to_have_value(re.compile("within three days"))
    hands.press("Enter", "Escape")
    hands.sees(".message--out", "within three days")


def whispers(hands: Keyboard) -> None:
    hands.press("n")
    hands.type("@Олег")
    hands.sees("[role=option]", "Олег")
    hands.press("Enter")
    hands.type("could you take it?")
    hands.press("Enter")
    hands.sees(".whisper .mention", "@Олег")
    hands.press("Escape")


def puts_a_tag_on(hands: Keyboard) -> None:
    hands.press("l")
    hands.sees("dialog[open] [role=option]", "Complaint")
    hands.type("Compl")
    hands.press("Enter", "Escape")
    hands.sees(".facts__tags", "Complaint")


def hands_over(hands: Keyboard, name: str) -> None:
    hands.press("t")
    hands.sees("dialog[open] [role=option]", "Олег")
    hands.type("Олег")
    hands.press("Enter")
    hands.type("Promised by Friday")
    hands.press("Enter")
    expect(hands.page.locator(".dialog-row", has_text=name)).to_have_count(0)
    hands.keeps_the_focus()


def finds(hands: Keyboard, name: str) -> None:
    hands.press("Slash")
    hands.type(f"it is {name}")
    hands.sees(".found__row", name)
    hands.press("ArrowDown", "Enter")
    hands.sees(".conversation__name", name)
    hands.press("Escape")


def finishes(hands: Keyboard) -> None:
    hands.press("e")
    hands.sees("dialog[open]", "What was it about?")
    hands.press("2")
    hands.sees(".decision", "Finished by an operator")
    hands.keeps_the_focus()
