"""A person at a headless Chromium, and what every page they see must satisfy."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import axe_core_python
import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.builders.people import PASSWORD

DESK, PHONE = 1440, 390  # widths of windows in pixels
#: A journey runs at a desk. Those that meet most kinds of controls run on a phone too.
at_desk_and_on_phone = pytest.mark.parametrize("visitor", [DESK, PHONE], ids=["desk", "phone"], indirect=True)

AXE = next(Path(axe_core_python.__file__).parent.rglob("axe*.js")).read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast"]  # all that a theme can break
# Without resultTypes axe describes every node that passes, which takes most of its time.
RUN_AXE = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
# A change of theme takes effect in the next frame, and its fades begin in the one after.
TWO_FRAMES = "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
#: The page and its fonts are loaded, no fragment is under way, and no colour is fading into another.
SETTLED = """() => document.readyState === "complete" && document.fonts.status === "loaded"
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")
  && !document.getAnimations().some(animation => animation instanceof CSSTransition)"""

# What a reader may do to a page without losing any of it: the text spacing of WCAG 1.4.12, letters wider than ours
# (other machines have other fonts), and zoom, which is a narrower window (1.4.10).
READERS = {
    "as it is": "",
    "text spacing": "* {letter-spacing: .12em !important; word-spacing: .16em !important; line-height: 1.5 !important}",
    "wide letters": "* {font-family: monospace !important}",
}
ZOOMED = {DESK: 720, PHONE: 320}
# Names what is wider than the window. Charts follow a new width some frames later, so a page gets thirty to fit.
OVERFLOWING = """async css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = css ? [sheet] : [];
  const root = document.documentElement;
  const fits = () => root.scrollWidth <= root.clientWidth;
  for (let frame = 0; frame < 30 && !fits(); frame++) await new Promise(requestAnimationFrame);
  if (fits()) return [];
  const sticksOut = element => element.getBoundingClientRect().right + scrollX > root.clientWidth + 0.5;
  const scrolls = element => getComputedStyle(element).overflowX !== "visible";
  const inside = element => element !== document.body && (scrolls(element) || inside(element.parentElement));
  const names = [...document.body.querySelectorAll("*")]
    .filter(element => sticksOut(element) && !inside(element.parentElement))
    .filter(element => scrolls(element) || ![...element.children].some(sticksOut))
    .map(element => `${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 60)}`);
  return names.length ? names : ["something hidden"];
}"""


@dataclass
class Visitor:
    """A person at a browser; ``complaints`` are the console's errors, policy violations among them."""

    context: BrowserContext
    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.settled()

    def follow(self, selector: str) -> Page:
        """Clicks a link or button that leads to another page, and waits for that page."""
        with self.page.expect_navigation():
            self.page.click(selector)
        return self.settled()

    def settled(self) -> Page:
        self.page.evaluate(TWO_FRAMES)
        self.page.wait_for_function(SETTLED)
        return self.page

    def sign_in(self, username: str) -> Page:
        self.context.clear_cookies()
        self.open("/sign-in/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        return self.follow("main button[type=submit]")

    def expect_refusal(self, status: int) -> None:
        """Takes note of the console's own line on an answer with this status."""
        assert self.complaints
        assert all(str(status) in line for line in self.complaints)
        self.complaints.clear()

    def check(self) -> None:
        """No axe violation at either width in either theme, no console error, nothing wider than the window."""
        size = self.page.viewport_size
        assert size is not None
        for width in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            self.check_rules(RULES, f"at {width} px")
            self.page.emulate_media(color_scheme="dark")
            self.check_rules(COLOUR_RULES, f"in the dark theme at {width} px")
            self.page.emulate_media(color_scheme="light")
            for visible in (width, ZOOMED[width]):
                self.page.set_viewport_size({"width": visible, "height": size["height"]})
                self.check_width(visible)
        self.page.set_viewport_size(size)
        assert self.complaints == []

    def check_rules(self, rules: list[str], where: str) -> None:
        self.settled()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        broken = self.page.evaluate(RUN_AXE, rules)["violations"]
        nodes = [
            f"{rule['id']}: {node['target']}: {node['failureSummary']}" for rule in broken for node in rule["nodes"]
        ]
        assert nodes == [], f"{self.page.url} breaks rules {where}: " + "\n".join(nodes[:8])

    def check_width(self, width: int) -> None:
        """Nothing is wider than the window, whatever the reader does to the text."""
        for reader, css in READERS.items():
            names = self.page.evaluate(OVERFLOWING, css)
            assert names == [], f"{self.page.url} is wider than {width} px ({reader}): {names[:8]}"
        self.page.evaluate(OVERFLOWING, "")

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


def text_of(page: Page) -> str:
    """The words of the page's main part, with ordinary spaces."""
    return re.sub(r"\s+", " ", page.inner_text("main"))
