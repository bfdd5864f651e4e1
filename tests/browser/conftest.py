"""Chromium, the demo that it visits, and what is held against every page that it opens."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)

from compact.questionnaire.reading import read_editions
from compact.questionnaire.values import Edition
from config import ROOT
from tests.browser.people_states import furnish
from tests.browser.serving import Site, load_demo, load_more, served
from tests.browser.states import State
from tests.conftest import Template

# The same browser from the same package source; without windows to draw it takes half as long.
BROWSERS = ("chromium-headless-shell", "chromium")
HOW_TO_GET_IT = "Chromium is missing: run `make tools`, or apt-get install chromium-headless-shell"
OWN_HOST = "127.0.0.1"
# What Playwright leaves out, in the place of whose list this one comes; and two processes for every window,
# one for what drops down from the line of the address and one that waits for a page on another host.
WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "HttpsUpgrades",
    "PaintHolding",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
    "SpareRendererForSitePerProcess",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # a quarter less work for every page
    "--js-flags=--no-maglev --no-turbofan",  # no page is there for so long that quicker code pays
    "--renderer-process-limit=1",  # to begin one takes longer than a page
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {OWN_HOST}",  # nothing is fetched from elsewhere
)
PATIENCE_MS = 10_000

SCREEN = ViewportSize(width=1280, height=1000)

Opener = Callable[..., Page]
Show = Callable[[State], Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(HOW_TO_GET_IT)
        pytest.skip(HOW_TO_GET_IT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def editions() -> Mapping[str, Edition]:
    return read_editions(ROOT / "questionnaires")


@pytest.fixture(scope="session")
def demo_file(sqlite_template: Template, editions: Mapping[str, Edition]) -> Path:
    """A database that holds the demo; each test opens a copy of it."""
    url = sqlite_template.copy("demo")
    load_demo(url, editions)
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def site(demo_file: Path, editions: Mapping[str, Edition], tmp_path: Path) -> Iterator[Site]:
    """The demo as it is loaded, for one test that changes it as it likes."""
    shutil.copyfile(demo_file, tmp_path / "site.db")
    with served(f"sqlite:///{tmp_path / 'site.db'}", editions) as site:
        yield site


@pytest.fixture(scope="session")
def gallery(
    demo_file: Path, editions: Mapping[str, Edition], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The demo with more in it, for tests that look at pages and leave everything as it is."""
    file = tmp_path_factory.mktemp("gallery") / "gallery.db"
    shutil.copyfile(demo_file, file)
    load_more(f"sqlite:///{file}", editions)
    with served(f"sqlite:///{file}", editions) as site:
        furnish(site)
        yield site


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Opener]:
    """Open a page of a site, as a person of the demo or as a stranger, with a window of their own.

    When the test is over, no page may have written an error to the console, broken its own policy of what
    it may load and run, or asked anything of another host.
    """
    complaints: list[str] = []
    pages = []

    def open_page(site: Site, path: str = "/", *, person: str | None = None, scripts: bool = True) -> Page:
        page = _window(chromium, site, complaints, scripts=scripts)
        pages.append(page)
        _come_as(page, site, person)
        page.goto(path)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def gallery_window(chromium: Browser, gallery: Site) -> Iterator[tuple[Page, list[str]]]:
    """One window for all states of the gallery: to open another takes longer than to look at one."""
    complaints: list[str] = []
    page = _window(chromium, gallery, complaints)
    yield page, complaints
    page.context.close()


@pytest.fixture
def show(gallery: Site, gallery_window: tuple[Page, list[str]]) -> Iterator[Show]:
    """Show a state of a page of the gallery; the same is held against it as against an opened page."""
    page, complaints = gallery_window
    complaints.clear()

    def show(state: State) -> Page:
        page.set_viewport_size(SCREEN)
        _come_as(page, gallery, state.person)
        page.goto(state.way(gallery))
        state.act(gallery, page)
        page.get_by_role("main").get_by_text(state.words).filter(visible=True).first.wait_for()
        page.wait_for_load_state("load")
        return page

    yield show
    assert complaints == []


def _window(chromium: Browser, site: Site, complaints: list[str], *, scripts: bool = True) -> Page:
    context = chromium.new_context(
        base_url=site.address,
        java_script_enabled=scripts,
        viewport=SCREEN,
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    _watch(page, site, complaints)
    return page


def _come_as(page: Page, site: Site, person: str | None) -> None:
    page.context.clear_cookies()
    if person:
        page.context.add_cookies([{"name": "session", "value": site.cookie(person), "url": site.address}])


def _watch(page: Page, site: Site, complaints: list[str]) -> None:
    def heard(message: ConsoleMessage) -> None:
        # A status other than 200 of the page, or of what its own scripts ask for, is the test's to judge.
        place = message.location["url"]
        own_status = message.text.startswith("Failed to load resource") and (
            place == page.url or "/answers/" in place or "ERR_INTERNET_DISCONNECTED" in message.text
        )
        if message.type in ("error", "warning") and not own_status:
            complaints.append(f"{page.url}: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith(f"{site.address}/"):
            complaints.append(f"{page.url}: asked for {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    # To hear of a request, not to stop it on its way: for that a browser gives up its cache.
    page.on("request", asked)
