"""The console in a real Chromium: from a frame to the paint that shows it, what an event costs, how soon it is ready.

The product, the load and the browser share the machine, as they never do in an office; the browser's own part is what
``script_ms_per_event`` says.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.bench import databases, loads
from tests.bench.figures import Figure, figure, percentile
from tests.bench.processes import wait_for_calm
from tests.bench.product import Product, make_scene, running
from tests.bench.scene import Scene
from tests.chromium import QUIET, chromium_path

FEW, MANY = 200, 1000
CALM, BURST = 20.0, 200.0
SLOWER = 4
SECONDS = 10.0
HEAP_EVENTS = 10_000
VIEWPORT = {"width": 1440, "height": 900}
# When the first row stands in the page, and the browser has painted it.
NOTE_READY = """
    new MutationObserver((_, observer) => {
      if (!document.querySelector("dialog-list [data-dialog]")) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { window.__readyAt ??= performance.now(); };
        port2.postMessage(null);
      });
    }).observe(document, { childList: true, subtree: true });
"""
NAMES = (
    "console_burst_paint_p95_ms",
    *(
        f"console_paint_{share}_ms_{dialogs}_{rate:g}{slower}"
        for dialogs in (FEW, MANY)
        for rate in (CALM, BURST)
        for slower in ("", f"_{SLOWER}x")
        for share in ("p50", "p95")
    ),
    *(f"console_script_ms_per_event_{dialogs}" for dialogs in (FEW, MANY)),
    "console_heap_growth",
    "console_ready_ms",
    "console_ready_again_ms",
    "console_js_kb_gz",
    "console_kb_first_load",
)


def figures() -> Iterator[Figure]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        with closing(browser):
            for dialogs in (FEW, MANY):
                yield from _with(browser, dialogs)


def _with(browser: Browser, dialogs: int) -> Iterator[Figure]:
    name = f"painting{dialogs}"
    scene = make_scene(name, operators=1, dialogs=dialogs)
    _collect_static()
    with running(name, scene, with_worker=True) as product:
        if dialogs == FEW:
            yield from _readiness(browser, product)
        with _console(browser, product) as page:
            sender = Sender(product, dialogs)
            sender.send(BURST, 3.0)
            yield from _painting(page, sender, dialogs)
            if dialogs == FEW:
                yield _heap(page, sender)


def _collect_static() -> None:
    """The pages of a product that was prepared: hashed names, compressed files."""
    folder = Path(os.environ["TEMPORARY_FOLDER"])
    databases.run_python(["manage.py", "collectstatic", "--noinput", "--verbosity", "0"], {"VAR_DIR": str(folder)})


class Sender:
    """Clients write in turn, at a rate, from another process."""

    def __init__(self, product: Product, clients: int) -> None:
        self._product = product
        self._clients = clients
        self._next = 1

    def send(self, per_second: float, seconds: float) -> int:
        outcome = loads.run(
            "hooks", port=self._product.port, scene=asdict(self._product.scene), clients=self._clients,
            first=self._next, per_second=per_second, seconds=seconds,
        )  # fmt: skip
        sent: int = sum(outcome["statuses"].values())
        assert outcome["statuses"] == {"200": sent}, f"the hooks were answered by {outcome['statuses']}"
        self._next += sent + 1
        return sent


def _painting(page: Page, sender: Sender, dialogs: int) -> Iterator[Figure]:
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    for slower in (1, SLOWER):
        tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        for rate in (CALM, BURST):
            wait_for_calm()
            before = _script_seconds(tools)
            times = _times_of(page, sender, rate)
            end = f"{dialogs}_{rate:g}" + (f"_{slower}x" if slower > 1 else "")
            yield figure(f"console_paint_p50_ms_{end}", "ms", [percentile(times, 0.5)])
            p95 = percentile(times, 0.95)
            yield figure(f"console_paint_p95_ms_{end}", "ms", [p95])
            if slower == 1 and rate == BURST:
                cost = (_script_seconds(tools) - before) / len(times) * 1000
                yield figure(f"console_script_ms_per_event_{dialogs}", "ms", [cost])
                if dialogs == MANY:
                    yield figure("console_burst_paint_p95_ms", "ms", [p95], at_most=50)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def _times_of(page: Page, sender: Sender, rate: float) -> list[float]:
    page.evaluate("window.__paintTimes.length = 0")
    sent = sender.send(rate, SECONDS)
    # A frame tells of all that one transaction changed, so there may be fewer of them than messages.
    _wait_until_still(page)
    times: list[float] = page.evaluate("window.__paintTimes")
    assert len(times) > sent * 0.2, f"of {sent} messages {len(times)} frames came"
    return times


def _wait_until_still(page: Page) -> None:
    known = -1
    while (now := page.evaluate("window.__paintTimes.length")) != known:
        known = now
        page.wait_for_timeout(500)


def _script_seconds(tools: CDPSession) -> float:
    """CPU of the page's own code, its styles and its layout."""
    metrics: dict[str, Any] = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    return float(metrics["ScriptDuration"] + metrics["LayoutDuration"] + metrics["RecalcStyleDuration"])


def _heap(page: Page, sender: Sender) -> Figure:
    """The heap after ten thousand events by what it was before them, garbage collected."""
    tools = page.context.new_cdp_session(page)
    before = _live_heap(page, tools)
    sender.send(BURST, HEAP_EVENTS / BURST)
    _wait_until_still(page)
    return figure("console_heap_growth", "times", [_live_heap(page, tools) / before], at_most=1.15)


def _live_heap(page: Page, tools: CDPSession) -> float:
    page.evaluate("window.__ledger.length = window.__ledgerTimes.length = window.__paintTimes.length = 0")
    page.evaluate("performance.clearMeasures()")
    tools.send("HeapProfiler.collectGarbage")
    return float(tools.send("Runtime.getHeapUsage")["usedSize"])


@contextmanager
def _console(browser: Browser, product: Product) -> Iterator[Page]:
    """Signed in, with the newest dialog on screen."""
    with closing(_context(browser, product)) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{product.port}/?ledger=1")
        page.locator("dialog-list [data-dialog]").first.click()
        page.wait_for_selector(".feed .message")
        yield page


def _context(browser: Browser, product: Product) -> BrowserContext:
    context = browser.new_context(viewport=VIEWPORT, locale="en-US")  # type: ignore[arg-type]
    session = _first(product.scene)
    url = f"http://127.0.0.1:{product.port}"
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return context


def _first(scene: Scene) -> str:
    return scene.sessions[0]


def _readiness(browser: Browser, product: Product) -> Iterator[Figure]:
    """From the click on a bookmark to the painted list, with nothing in the browser's cache and with everything."""
    first, again, scripts, all_bytes = [], [], [], []
    for _ in range(5):
        with closing(_context(browser, product)) as context:
            context.add_init_script(NOTE_READY)
            page = context.new_page()
            wait_for_calm()
            ready, loaded = _load(page, product)
            first.append(ready)
            scripts.append(loaded["Script"] / 1000)
            all_bytes.append(sum(loaded.values()) / 1000)
            again.append(_load(page, product)[0])
    # The first of all warms the server's own caches.
    yield figure("console_ready_ms", "ms", first[1:], at_most=500)
    yield figure("console_ready_again_ms", "ms", again[1:])
    yield figure("console_js_kb_gz", "kB", scripts[1:], at_most=40)
    yield figure("console_kb_first_load", "kB", all_bytes[1:])


def _load(page: Page, product: Product) -> tuple[float, dict[str, float]]:
    """Milliseconds until the list is painted, and the bytes by kind that had come over the wire until then."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    kinds: dict[str, str] = {}
    came: list[tuple[str, float, float]] = []
    tools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    # Bodies as they are compressed on the wire, without the heads of the answers.
    tools.on(
        "Network.dataReceived",
        lambda event: came.append((event["requestId"], event["encodedDataLength"], event["timestamp"])),
    )
    page.goto(f"http://127.0.0.1:{product.port}/", wait_until="commit")
    page.wait_for_selector("dialog-list [data-dialog]")
    while (ready := page.evaluate("window.__readyAt ?? null")) is None:
        page.wait_for_timeout(10)
    now = page.evaluate("performance.now()")
    timestamp = {one["name"]: one["value"] for one in _metrics(tools)}["Timestamp"]
    until = timestamp - (now - ready) / 1000
    loaded = {"Script": 0.0}
    for request, size, at in came:
        if at <= until:
            kind = kinds.get(request, "Other")
            loaded[kind] = loaded.get(kind, 0.0) + size
    tools.detach()
    return ready, loaded


def _metrics(tools: CDPSession) -> list[dict[str, Any]]:
    tools.send("Performance.enable")
    metrics: list[dict[str, Any]] = tools.send("Performance.getMetrics")["metrics"]
    return metrics
