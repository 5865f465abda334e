"""The pictures of docs/pictures that show channels: pages of settings, a comment's thread, a mail."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.scenery import Desk, done
from tests.channels_connectors.contract.email import EmailDriver
from tests.channels_connectors.email.letters import letter
from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct
from tests.providers.vk import simulated_vk

Shoot = Callable[..., None]
COMMENT = "Is the armchair sold in green, too?"
MAIL = """Good afternoon!

The table of oak came without one of its legs. My order is 48 217.

Kind regards
Nina Sokolova
"""
QUOTED = f"""{MAIL}
On 24 November 2026 at 10:00 Loft wrote:
> Your order 48 217 is on its way.
> It will arrive tomorrow.
"""


@contextmanager
def connected(desk: Desk) -> Iterator[tuple[int, int]]:
    """Comments of a community, and a mailbox: the dialogs of a comment and of a mail, taken by Olga."""
    with simulated_vk() as vk, EmailDriver.begin() as mail:
        assert isinstance(mail, EmailDriver)
        line = desk.alla.get("/lines/").json()[0]["id"]
        own = {"line": line, "kind": "vk_comments"}
        values = {"token": vk.world.group_token, "user_token": vk.world.user_token, "base_url": vk.base_url}
        done(desk.alla.post("/channels/", json=own | {"values": values}))
        done(desk.alla.post("/channels/", json={"line": line, "kind": "email", "values": dict(mail.values)}))
        wait_until_asked(desk.alla)
        vera = vk.person("Vera", "Nikitina")
        first = vera.comments(COMMENT)["object"]["id"]
        mail.imap.deliver(letter(QUOTED, number=1, sender="Nina Sokolova <nina@example.org>", subject="Order 48 217"))
        comment, letter_of_nina = desk.taken("Vera"), desk.taken("Nina")
        desk.say(comment, "Good afternoon, Vera! Yes: in green, grey and sand.")
        vera.comments("And how long does delivery take?", reply_to=first)
        desk.say(letter_of_nina, "Good afternoon, Nina! I am so sorry. The leg leaves our workshop today.")
        desk.said(comment, "how long does delivery")
        yield comment, letter_of_nina


def wait_until_asked(alla: httpx.Client) -> None:
    """What lay in a mailbox before its first look is left alone."""
    for _ in range(100):
        if all(one["state"] == "CONNECTED" for one in channels_of(alla)):
            break
        time.sleep(0.2)
    time.sleep(5)


def channels_of(alla: httpx.Client) -> list[dict[str, Any]]:
    said = alla.get("/channels/").json()
    return list(said["results"] if isinstance(said, dict) else said)


def take_channels(browser: Browser, product: LiveProduct, desk: Desk, page: Page, shoot: Shoot) -> None:
    with connected(desk) as (comment, mail):
        for dialog_id, name, theme in ((comment, "comments", "light"), (mail, "mail", "dark")):
            page.goto(f"{product.url}/dialogs/{dialog_id}/")
            expect(page.locator("[role=log]")).to_have_attribute("aria-busy", "false")
            shoot(f"{name}-{theme}", theme=theme)
        message = desk.said(comment, "in green, grey")
        of_alla = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US").new_page()
        of_alla.set_default_timeout(PATIENCE)
        sign_in(of_alla, product.url, user="alla", password=PASSWORD)
        for path, name, theme in (
            ("/settings/lines/1/connect/vk/", "connect", "light"),
            ("/settings/channels/", "channels", "dark"),
            (f"/settings/messages/{message['id']}/trace/", "trace", "dark"),
        ):
            of_alla.goto(f"{product.url}{path}")
            shoot(f"{name}-{theme}", theme=theme, of=of_alla)
