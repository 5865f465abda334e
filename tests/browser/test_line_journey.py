"""From nothing to an answer that explains itself: a line is made, connected and ordered; clients and operators use it.

Told once in English and once in Russian: what people read is looked up in the catalogues.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation
from playwright.sync_api import BrowserContext, Locator, Page, expect

from common.catalogue import catalogue
from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct, rows

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("settings")]

Contexts = Callable[..., BrowserContext]
STAFF = ("alla", "olga", "oleg")
SAVE_BAR = "[data-save-bar]"
NAMES = ".queue__who b"


@dataclass(frozen=True)
class Told:
    """The journey in one language."""

    language: str
    product: LiveProduct
    new_context: Contexts

    @property
    def question(self) -> str:
        """What is left open in one language is no offer in the other."""
        return f"Is the oak table in stock? ({self.language})"

    def word(self, text: str) -> str:
        """As scripts, or else pages, say it."""
        said = catalogue(self.language).get(text)
        with translation.override(self.language):
            return said if isinstance(said, str) else translation.gettext(text)

    def desk_of(self, name: str, path: str = "/") -> Page:
        context = self.new_context(viewport={"width": 1440, "height": 900})
        return sign_in(context.new_page(), self.product.url, user=name, password=PASSWORD, path=path)


@pytest.fixture(params=["en", "ru"])
def told(request: pytest.FixtureRequest, product: LiveProduct, new_context: Contexts) -> Iterator[Told]:
    _speak(product, request.param)
    yield Told(request.param, product, new_context)
    _speak(product, "en")


def _speak(product: LiveProduct, language: str) -> None:
    for name in STAFF:
        with product.api(name) as member:
            assert member.patch("/me/", json={"language": language}).status_code == 200


@pytest.mark.row("L1")
@pytest.mark.row("L2")
@pytest.mark.row("L3")
@pytest.mark.row("R1")
@pytest.mark.row("R3")
@pytest.mark.row("R12")
def test_a_line_from_its_name_to_why_me(told: Told) -> None:
    alla = told.desk_of("alla", "/settings/lines/")
    name = _make_a_line(told, alla)
    _connect_the_sandbox(alla)
    _order_the_queue(told, alla)
    _write_a_text_in_german(told, alla)
    line = rows(told.product, f"SELECT id, translations FROM openlines_line WHERE name = '{name}'")[0]
    assert line[1] == {"de": {"welcome_text": "Guten Tag, {client}!"}}

    olga, oleg = told.desk_of("olga"), told.desk_of("oleg")
    _write_as_a_client(told, alla)
    _offer(told, olga).get_by_role("button", name=told.word("Skip"), exact=True).click()
    _offer(told, oleg).get_by_role("button", name=told.word("Answer"), exact=True).click()
    expect(_offer(told, olga)).to_have_count(0)
    _ask_why(told, oleg)
    oleg.keyboard.press("Escape")
    oleg.get_by_role("textbox", name=told.word("Message"), exact=True).fill("It is")
    oleg.keyboard.press("Enter")
    expect(alla.locator(".player").first.locator(".said:not(.said--own)").last).to_contain_text("It is")


def _make_a_line(told: Told, alla: Page) -> str:
    name = f"Journey {told.language}"
    expect(alla.locator("html")).to_have_attribute("lang", told.language)
    alla.locator('a[href$="/settings/lines/new/"]').click()
    alla.locator("#drawer [name=name]").fill(name)
    alla.locator("#drawer button[type=submit]").click()
    expect(alla.locator("#line-title h1")).to_have_text(name)
    expect(alla.locator("[data-warning=NO_CHANNEL]")).to_be_visible()
    alla.wait_for_load_state("load")  # until then, tiles are links to pages instead of openers of the drawer
    return name


def _connect_the_sandbox(alla: Page) -> None:
    alla.locator("#connect-sandbox").click()
    alla.locator("#drawer button[type=submit]").click()
    expect(alla.locator("#drawer .awaited")).to_be_visible()
    expect(alla.locator("#channels .tile--ok")).to_have_count(1)
    expect(alla.locator("[data-warning=NO_CHANNEL]")).to_have_count(0)
    alla.locator("#drawer footer [data-close-drawer]").click()


def _order_the_queue(told: Told, alla: Page) -> None:
    """Alla leaves; by dragging Oleg comes first, by the keys Olga does."""
    alla.locator(".way", has=alla.locator("[value=STRICTLY]")).click()
    for name in ("Ольга Орлова", "Олег Осипов"):
        alla.locator("#candidate").select_option(label=name)
        alla.locator("[data-add]").click()
        expect(alla.locator(NAMES).last).to_have_text(name)
    alla.locator("[data-remove]").first.click()
    _drag(alla, alla.locator("[data-grip]").first, alla.locator("[data-grip]").last)
    expect(alla.locator(NAMES)).to_have_text(["Олег Осипов", "Ольга Орлова"])
    alla.locator("[data-grip]").last.focus()
    alla.keyboard.press("ArrowUp")
    expect(alla.locator(NAMES)).to_have_text(["Ольга Орлова", "Олег Осипов"])
    expect(alla.locator("[data-queue-words]")).to_contain_text("Ольга Орлова")

    limit = alla.locator("[data-limit]").first
    limit.fill("7")
    limit.press("ArrowUp")
    expect(limit).to_have_value("8")
    alla.keyboard.press("Control+KeyS")
    expect(alla.locator("[data-toast]")).to_contain_text(told.word("Saved. It works like this from now on."))
    expect(alla.locator(SAVE_BAR)).to_be_hidden()
    expect(alla.locator("[data-limit]").first).to_have_value("8")


def _drag(page: Page, grip: Locator, onto: Locator) -> None:
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), onto.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 10, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 15, steps=8)
    page.mouse.up()


def _write_a_text_in_german(told: Told, alla: Page) -> None:
    alla.locator("#language").select_option("de")
    alla.locator("[name=rearrange][value=add-language]").click()
    tab = alla.locator(".languages__tab[data-language=de]")
    expect(tab).to_have_attribute("aria-pressed", "true")
    expect(tab).to_be_focused()
    text = alla.locator("[name=welcome_text-de]")
    text.fill("Guten Tag, !")
    text.press("ArrowLeft")
    alla.locator("[data-text]").first.locator("[data-variable='{client}']").click()
    expect(text).to_have_value("Guten Tag, {client}!")
    expect(alla.locator("[data-preview-words]").first).to_have_text(f"Guten Tag, {told.word('Anna')}!")
    alla.locator(SAVE_BAR).locator("[type=submit]").click()
    expect(alla.locator(SAVE_BAR)).to_be_hidden()


def _write_as_a_client(told: Told, alla: Page) -> None:
    alla.locator("#line-test a").click()
    player = alla.locator(".player").first
    player.get_by_role("textbox").fill(told.question)
    player.get_by_role("textbox").press("Enter")
    expect(player.locator(".said--own:not(.said--pending)")).to_have_count(1)


def _offer(told: Told, desk: Page) -> Locator:
    return desk.locator("article.offer", has_text=told.question)


def _ask_why(told: Told, oleg: Page) -> None:
    oleg.locator(".facts__why").click(timeout=PATIENCE)
    expect(oleg.get_by_role("heading", name=told.word("Why this operator?"))).to_be_visible()
    story = oleg.locator(".story")
    expect(story).to_contain_text("Ольга Орлова")
    expect(story).to_contain_text("Олег Осипов")
    assert story.locator(".story__item").count() >= 2
