"""A headless Chromium on a live server; every page it opens is held to the content policy and to axe."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import axe_core_python
import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.builders import PASSWORD
from tests.worker.live_worker import wait_until

AXE = next(Path(axe_core_python.__file__).parent.rglob("axe*.js")).read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MILLISECONDS_TO_WAIT = 120_000  # before something that never happens fails the test
# What a reader may do to a page without losing any of it: the text spacing of WCAG 1.4.12, letters wider than ours
# (other machines have other fonts), and zoom, which is a narrower window (1.4.10).
READERS = {
    "as it is": "",
    "text spacing": "* {letter-spacing: .12em !important; word-spacing: .16em !important; line-height: 1.5 !important}",
    "wide letters": "* {font-family: monospace !important}",
}
ZOOMED = {1440: 720, 390: 320}
OVERFLOWING = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = css ? [sheet] : [];
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  const sticksOut = element => element.getBoundingClientRect().right + scrollX > limit + 0.5;
  const scrolls = element => getComputedStyle(element).overflowX !== "visible";
  const inside = element => element !== document.body && (scrolls(element) || inside(element.parentElement));
  const found = [...document.body.querySelectorAll("*")]
    .filter(element => sticksOut(element) && !inside(element.parentElement))
    .filter(element => scrolls(element) || ![...element.children].some(sticksOut))
    .map(element => `${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 60)}`);
  return found.length ? found : ["something hidden"];
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium here: install it (Debian: apt-get install chromium) or name it in CHROMIUM")
    # A home of its own: there may be none that can be written to, or one whose fonts and settings change the pages.
    home = {**os.environ, "HOME": str(tmp_path_factory.mktemp("home"))}
    # Playwright's synchronous interface runs an event loop, which Django takes for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=list(SWITCHES), env=home, timeout=MILLISECONDS_TO_WAIT
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Visitor:
    """A person at a browser; ``complaints`` are the console's errors, policy violations among them."""

    context: BrowserContext
    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def sign_in(self, username: str) -> Page:
        page = self.open("/sign-in/")
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state("networkidle")
        return page

    def check(self) -> None:
        """No axe violation, no complaint of the console, nothing wider than the window."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
        assert self.complaints == []
        self.check_width()

    def check_width(self) -> None:
        """Nothing is wider than the window, whatever the reader does to the text; what is, is named."""
        size = self.page.viewport_size
        assert size is not None
        widths = (size["width"], ZOOMED.get(size["width"], size["width"]))
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            for reader, css in READERS.items():
                found = self.page.evaluate(OVERFLOWING, css)
                assert found == [], f"{self.page.url} is wider than {width} px ({reader}): {found[:8]}"
        self.page.evaluate(OVERFLOWING, "")
        self.page.set_viewport_size(size)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
def address(live_server: LiveServer) -> Iterator[str]:
    """The live server's address. What it was asked last has ended before the rows of the test are removed.

    A page that polls is closed in the middle of a request: that one would write among the rows of the next test.
    """
    begun: list[object] = []
    ended: list[object] = []

    def begin(**_: object) -> None:
        begun.append(None)

    def end(**_: object) -> None:
        ended.append(None)

    request_started.connect(begin)
    request_finished.connect(end)
    yield live_server.url
    wait_until(lambda: len(begun) == len(ended))
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture(params=[1440, 390])
def visitor(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Visitor]:
    """Once at a desk's width, once at a telephone's; in French."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, locale="fr-FR")
    context.set_default_timeout(MILLISECONDS_TO_WAIT)
    page = context.new_page()
    visitor = Visitor(context, page, address)
    page.on("console", visitor.on_console)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    yield visitor
    context.close()


def text_of(page: Page) -> str:
    """The words of the page's main part, spaces made plain."""
    return re.sub(r"\s+", " ", page.inner_text("main"))
