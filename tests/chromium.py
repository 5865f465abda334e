"""A real Chromium for journeys: Debian's, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE = 15_000  # milliseconds; several products may be starting beside this test

# Without these it looks for hosts of its own at every start, and this machine may have no network.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium_path() -> str:
    """Where Chromium is; skips the test where there is none (``make test`` says so plainly)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), "")
    if not found:
        pytest.skip("There is no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of a test process. Playwright keeps an event loop running in the thread for as long as it lives,
    so there is no second one beside it and ``tests.conftest`` lets every asynchronous test go first."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        yield running
        running.close()


def sign_in(page: Page, url: str, *, user: str, password: str, path: str = "/") -> Page:
    page.goto(f"{url}/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{url}/")
    if path != "/":
        page.goto(f"{url}{path}")
    return page
