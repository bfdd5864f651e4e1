"""Chromium, the demo that it visits, and what is held against every page that it opens."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

from compact.questionnaire.reading import read_editions
from compact.questionnaire.values import Edition
from config import ROOT
from tests.browser.serving import Site, answer_four_areas, load_demo, served
from tests.conftest import Template

HOW_TO_GET_IT = "Chromium is missing: run `make tools`, or apt-get install chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 10_000

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
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
    """The demo with more in it, for tests that look at pages and leave everything as it is.

    The four-area round is answered and not signed.
    """
    file = tmp_path_factory.mktemp("gallery") / "gallery.db"
    shutil.copyfile(demo_file, file)
    answer_four_areas(f"sqlite:///{file}", editions)
    with served(f"sqlite:///{file}", editions) as site:
        yield site


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Opener]:
    """Open a page of a site, as a person of the demo or as a stranger, with a window of their own.

    When the test is over, no page may have written an error to the console, broken its own policy of what
    it may load and run, or asked anything of another host.
    """
    complaints: list[str] = []
    contexts = []

    def open_page(
        site: Site,
        path: str = "/",
        *,
        person: str | None = None,
        scripts: bool = True,
        width: int = 1280,
        height: int = 1000,
    ) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            java_script_enabled=scripts,
            viewport={"width": width, "height": height},
            locale="en-GB",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if person:
            context.add_cookies([{"name": "session", "value": site.cookie(person), "url": site.address}])
        page = context.new_page()
        _watch(page, site, complaints)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _watch(page: Page, site: Site, complaints: list[str]) -> None:
    def heard(message: ConsoleMessage) -> None:
        own_status = (
            message.text.startswith("Failed to load resource") and message.location["url"] == page.url
        )
        if message.type in ("error", "warning") and not own_status:
            complaints.append(f"{page.url}: {message.text}")

    def elsewhere(route: Route, request: Request) -> None:
        complaints.append(f"{page.url}: asked for {request.url}")
        route.abort()

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.route(re.compile(rf"^(?!{re.escape(site.address)}/)"), elsewhere)
