"""Takes the pictures of docs/pictures anew: ``bin/pictures``."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.channel_pictures import take_channels
from tests.browser.scenery import Desk, furnished
from tests.chromium import PATIENCE, QUIET, chromium_path, sign_in
from tests.live import PASSWORD, ROOT, LiveProduct, live_product

PICTURES = ROOT / "docs" / "pictures"
COLORS = 256  # enough for these, and a third of the size


def main() -> None:
    with live_product(API_RATE="100000/min") as product, sync_playwright() as playwright:
        with product.api("olga") as olga:
            olga.patch("/me/", json={"language": "en"})
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        page = opened(browser, product, width=1440, height=900)
        with furnished(product) as desk:
            take(browser, product, page, PICTURES, desk)
        browser.close()


def opened(browser: Browser, product: LiveProduct, *, width: int, height: int, is_phone: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, is_mobile=is_phone, has_touch=is_phone, locale="en-US"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, product.url, user="olga", password=PASSWORD)
    expect(page.locator("dialog-list [role=tab]").first).to_be_visible()
    return page


def take(browser: Browser, product: LiveProduct, page: Page, folder: Path, desk: Desk) -> None:
    def shoot(name: str, *, theme: str = "light", of: Page = page) -> None:
        of.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        of.wait_for_timeout(600)
        picture = Image.open(io.BytesIO(of.screenshot()))
        picture.convert("RGB").quantize(COLORS, kmeans=2).save(folder / f"{name}.png", optimize=True)

    page.locator("article.offer .offer__open").first.click()
    shown(page, "Pavel")
    shoot("console-offer")
    choose(page, "Anna")
    shoot("console-light")
    shoot("console-dark", theme="dark")
    page.keyboard.press("Control+k")
    expect(page.locator("dialog.palette [role=option]").first).to_be_visible()
    shoot("palette")
    page.keyboard.press("Escape")
    page.get_by_label("Search", exact=True).fill("armrest")
    expect(page.locator(".found__row").first).to_be_visible()
    shoot("search")
    page.keyboard.press("Escape")
    page.locator("dialog-list [data-tab=closed]").click()
    choose(page, "Egor")
    shoot("rating")

    phone = opened(browser, product, width=390, height=844, is_phone=True)
    shoot("phone-list", of=phone)
    choose(phone, "Anna")
    shoot("phone-chat", of=phone)
    phone.locator(".conversation__card-button").tap()
    shoot("phone-card", of=phone)
    take_channels(browser, product, desk, page, shoot)


def choose(page: Page, name: str) -> None:
    page.locator(".dialog-row", has_text=name).first.click()
    shown(page, name)


def shown(page: Page, name: str) -> None:
    expect(page.locator("client-card [role=tablist], .conversation__card-button:visible").first).to_be_visible()
    expect(page.locator(".conversation__name")).to_contain_text(name)
    expect(page.locator("[role=log]")).to_have_attribute("aria-busy", "false")


if __name__ == "__main__":
    main()
