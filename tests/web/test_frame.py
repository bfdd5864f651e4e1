"""The frame of every page: layout, navigation, banners, error pages, what is vendored, colours."""

import re
from types import SimpleNamespace

import html5lib
import pytest
from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .rendering import HOSTILE, NAVIGATION, OURS, PARTNERSHIP, STATIC, TEMPLATES, dom, page, port


def test_a_page_with_problems_says_so_in_its_title_and_above_its_content() -> None:
    source = "{% block title %}Standard 4{% endblock %}{% block content %}<h1>Standard 4</h1>{% endblock %}"
    calm = page(source)
    found = page(source, problems=[{"text": "Choose a grade", "href": "#a"}])

    assert calm.title is not None
    assert calm.title.text == "Standard 4 – Safeguarding and Early Help Compact"
    assert calm.select(".govuk-error-summary") == []
    assert found.title is not None
    assert found.title.text == "Error: Standard 4 – Safeguarding and Early Help Compact"
    assert [h.get_text() for h in found.select("main h1, main h2")] == ["There is a problem", "Standard 4"]


def test_the_layout_has_one_main_that_the_skip_link_leads_to_first() -> None:
    found = page("", navigation=NAVIGATION, person=SimpleNamespace(name="Ann"), partnership=PARTNERSHIP)
    first = found.find("a")

    assert isinstance(first, Tag)
    assert (first.get_text(), first["href"]) == ("Skip to main content", "#main-content")
    assert [main["id"] for main in found.find_all("main")] == ["main-content"]
    assert [found.find(name) is not None for name in ("header", "nav", "footer")] == [True, True, True]
    assert [link.get_text() for link in found.select("footer ul a")] == ["Accessibility", "Privacy"]
    assert PARTNERSHIP.name in found.select("footer")[0].get_text()
    assert PARTNERSHIP.name in found.select("header")[0].get_text()


def test_the_navigation_and_the_skip_link_are_those_of_gov_uk_frontend() -> None:
    found = page("", navigation=NAVIGATION)
    places = [{"text": place.text, "href": place.href, "active": place.current} for place in NAVIGATION]

    assert dom(str(found.select_one(".govuk-service-navigation"))) == dom(
        port("service-navigation", {"navigation": places})
    )
    assert dom(str(found.select_one(".govuk-skip-link"))) == dom(
        port("skip-link", {"text": "Skip to main content", "href": "#main-content"})
    )


def test_a_single_place_needs_no_menu_button() -> None:
    assert page("", navigation=NAVIGATION[:1]).select(".govuk-service-navigation__toggle") == []


def test_who_is_signed_in_is_named_and_can_sign_out_with_a_token() -> None:
    found = page("", person=SimpleNamespace(name=HOSTILE))
    form = found.select_one("header form")

    assert form is not None
    assert (form["method"], form["action"]) == ("post", "/accounts.sign_out")
    assert [(hidden["name"], hidden["value"]) for hidden in form.select("input")] == [("csrf_token", "t0ken")]
    assert HOSTILE in form.get_text()
    assert page("").find("form") is None


def test_flashed_messages_are_banners_with_ids_of_their_own() -> None:
    found = page("", [("success", "Saved"), ("message", "It closes soon"), ("success", "Sent")])
    banners = found.select("main .govuk-notification-banner")

    assert [banner.p.get_text() for banner in banners if banner.p] == ["Saved", "It closes soon", "Sent"]
    assert [banner["role"] for banner in banners] == ["alert", "region", "alert"]
    assert len({str(banner["aria-labelledby"]) for banner in banners}) == 3
    assert all(found.find(id=str(banner["aria-labelledby"])) for banner in banners)


def test_what_stands_before_the_content_is_a_landmark_only_when_there_is_something() -> None:
    link = "{% block before_content %}<a href='/'>Back</a>{% endblock %}"

    assert [nav["aria-label"] for nav in page(link).find_all("nav")] == ["Back"]
    assert page("").find_all("nav") == []


def test_a_page_chooses_its_width() -> None:
    wide = page("{% block column %}govuk-grid-column-full{% endblock %}")

    assert wide.select("main .govuk-grid-column-full")
    assert page("").select("main .govuk-grid-column-two-thirds")


def test_every_script_carries_the_nonce() -> None:
    assert [script["nonce"] for script in page("").find_all("script")] == ["n0nce", "n0nce"]


def test_no_template_has_an_inline_style_or_handler() -> None:
    """The content security policy would drop them without a word; no policy holds a file to take away."""
    served = [path for path in TEMPLATES.rglob("*.html") if path.name != "standalone.html"]

    for path in served:
        assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", path.read_text()), path


@pytest.mark.parametrize("code", ["400", "404", "405", "413", "429", "500"])
def test_an_error_page_says_what_happened_and_that_nothing_was_changed(code: str) -> None:
    context = {"navigation": NAVIGATION, "person": None, "partnership": PARTNERSHIP, "reference": "7f3a"}
    html = OURS.get_template(f"errors/{code}.html").render(context)
    html5lib.HTMLParser(strict=True).parse(html)
    found = BeautifulSoup(html, "html5lib")
    (heading,) = found.find_all("h1")

    assert found.title is not None
    assert found.title.text.startswith(heading.get_text())
    assert "nothing was changed" in found.get_text().lower()
    assert found.select_one("main a[href^='mailto:']")


@pytest.mark.parametrize("name", ["errors/429.html", "errors/500.html", "errors/bare.html"])
def test_the_last_resort_needs_nothing_at_all(name: str) -> None:
    nothing = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    html = nothing.get_template(name).render()
    html5lib.HTMLParser(strict=True).parse(html)

    assert "Nothing was changed" in html


def test_the_vendored_files_carry_nothing_that_belongs_to_gov_uk_alone() -> None:
    for path in (STATIC / "govuk").glob("*.min.*"):
        text = path.read_text().lower()
        found = re.findall(
            r"gds transport|@font-face|url\(|crown|crest|sourcemappingurl|logotype|logo-dot", text
        )
        assert found == [], path
    assert not [
        path
        for path in (STATIC / "govuk").iterdir()
        if path.suffix in {".woff", ".woff2", ".ico", ".png", ".svg"}
    ]
    assert "Crown Copyright" in (STATIC / "govuk" / "LICENSE.txt").read_text()


def test_every_file_that_the_pages_name_is_there() -> None:
    named = set()
    for path in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r"asset\('([^']+)'\)", path.read_text()))
    named |= {
        name.removeprefix("./") for name in re.findall(r'from "([^"]+)"', (STATIC / "compact.js").read_text())
    }

    assert {"compact.css", "compact.js", "autosave.js", "favicon.svg"} <= named
    assert [name for name in named if not (STATIC / name).is_file()] == []


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb as WCAG 2 defines it, 0 to 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("#ffffff", "--compact-brand"),
        ("#ffffff", "--compact-button"),
        ("#ffffff", "--compact-button-hover"),
        ("--govuk-link-colour", "#ffffff"),
        ("--govuk-link-colour", "--govuk-template-background-colour"),
        ("--govuk-link-hover-colour", "--govuk-surface-background-colour"),
    ],
)
def test_our_colours_have_a_contrast_of_at_least_four_and_a_half(text: str, ground: str) -> None:
    ours_named = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", (STATIC / "compact.css").read_text()))
    dark, light = sorted(luminance(ours_named.get(colour, colour)) for colour in (text, ground))

    assert (light + 0.05) / (dark + 0.05) >= 4.5
