"""A headless Chromium on a live server."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.visitor import DESK, Visitor
from tests.running.live_worker import wait_until

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


@pytest.fixture
def visitor(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Visitor]:
    """In French and at a desk, unless ``at_desk_and_on_phone`` asks for both widths."""
    width = getattr(request, "param", DESK)
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, locale="fr-FR", color_scheme="light", reduced_motion="reduce"
    )
    context.set_default_timeout(MILLISECONDS_TO_WAIT)
    page = context.new_page()
    visitor = Visitor(context, page, address)
    page.on("console", visitor.on_console)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    yield visitor
    context.close()
