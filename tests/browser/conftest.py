"""The whole product, a customer's site on another origin, and a real Chromium."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.live import LiveProduct, live_product

# A site that would spoil anything that is not kept apart from it, and lets nothing run but what it names.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';
 script-src {product}; frame-src {product}; require-trusted-types-for 'script'">
<title>Loft furniture</title>
<style>* {{ color: red !important; font-size: 40px !important }} div, iframe {{ display: none }}</style>
<h1>Loft furniture</h1><a href="/oak.html">Oak</a> {code}
"""


@dataclass(frozen=True)
class Shop:
    """A customer's site. By another host name it is another site altogether, so that browsers keep storage apart."""

    folder: Path
    port: int

    def url(self, path: str = "/", *, host: str = "localhost") -> str:
        return f"http://{host}:{self.port}{path}"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def product() -> Iterator[LiveProduct]:
    with live_product(API_RATE="100000/min") as running:
        for name in ("olga", "oleg"):
            with running.api(name) as operator:
                operator.patch("/me/", json={"language": "en"})
        with running.api("alla") as alla:
            line = alla.get("/lines/").json()[0]["id"]
            alla.patch(f"/lines/{line}/queue/", json={"offer_seconds": 600, "prefers_last_operator": False})
        yield running


@pytest.fixture(scope="session")
def serve_shop(product: LiveProduct, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Shop]]:
    """Puts a site up whose pages carry the given code."""
    servers = []

    def serve(code: str) -> Shop:
        folder = tmp_path_factory.mktemp("shop")
        for name in ("index.html", "oak.html"):
            (folder / name).write_text(PAGE.format(product=product.url, code=code))
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return Shop(folder, server.server_port)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browsers of people who don't know each other."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        contexts.append(browser.new_context(**({"locale": "en-US"} | options)))  # type: ignore[arg-type]
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()
