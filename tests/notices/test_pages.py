"""The two notices: the partnership's own, found from every page, and true of the product."""

import hashlib
import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event

from compact.access.values import Role
from compact.accounts.rules import LONGEST_IDLE, LONGEST_SIGN_IN
from compact.analysis.rules import SMALLEST_SHOWN
from compact.notices.rules import ACCESSIBILITY, PRIVACY
from compact.web.clock import shown_day
from config import ROOT
from tests.making import PASSWORD, World
from tests.pages import Page, Visitor, words
from tests.school import School

Visit = Callable[[str], Visitor]
NOTICES = ("/accessibility", "/privacy")
# Each version of the privacy notice by its number, and its words in short.
WORDS = {1: "134567ec6d88", 2: "2d5237cc0212", 3: "6deae40770a2"}


@pytest.mark.parametrize("title", ["Accessibility statement", "Privacy notice"])
def test_everybody_finds_both_at_the_foot_of_every_page(school: School, title: str) -> None:
    name = title.split(maxsplit=1)[0]
    for visitor, address in ((school.visit(""), "/sign-in"), (school.head(), school.address())):
        page = visitor.get(address)
        assert visitor.get(str(page.link(name)["href"])).title == title


@pytest.mark.parametrize("address", NOTICES)
def test_a_stranger_reads_them_with_one_query_and_leaves_nothing(
    world: World, engine: Engine, visit: Visit, address: str
) -> None:
    world.partnership()
    stranger, statements = visit(""), []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)

    page = stranger.get(address)

    assert page.status == 200
    assert [each.split()[0] for each in statements if each != "BEGIN"] == ["SELECT"]
    assert "Set-Cookie" not in page.response.headers


@pytest.mark.parametrize("address", NOTICES)
def test_whom_to_ask_is_the_partnership_of_this_installation(
    world: World, visit: Visit, address: str
) -> None:
    world.partnership()

    page = visit("").get(address)

    assert "Wexcombe Partnership" in page.text
    assert page.soup.select("main a[href='mailto:officers@wexcombe.example']")
    assert "Wexcombe Partnership" in words(page.one("header"))


@pytest.mark.parametrize("address", NOTICES)
def test_several_partnerships_are_all_named(world: World, visit: Visit, address: str) -> None:
    for name, area in (("Wexcombe", "901"), ("Ashdown", "902"), ("Vale", "903")):
        world.partnership(name, areas=(area,))

    page = visit("").get(address)

    listed = [words(each) for each in page.soup.select("main li strong")]
    assert listed == ["Ashdown", "Vale", "Wexcombe"]
    assert "partnerships" in page.text


@pytest.mark.parametrize("address", NOTICES)
def test_before_there_is_a_partnership_they_say_whom_to_ask_all_the_same(visit: Visit, address: str) -> None:
    assert "the partnership that invited you" in visit("").get(address).text.lower()


def test_the_statement_has_the_headings_of_the_model_in_its_order(visit: Visit) -> None:
    page = visit("").get("/accessibility")

    assert _headings(page) == [
        "h1 Accessibility statement for the Safeguarding and Early Help Compact",
        "h2 Using this website",
        "h2 How accessible this website is",
        "h2 Feedback and contact information",
        "h2 Reporting accessibility problems with this website",
        "h2 Enforcement procedure",
        "h2 Technical information about this website’s accessibility",
        "h3 Compliance status",
        "h2 Non-accessible content",
        "h3 Non-compliance with the accessibility regulations",
        "h3 Disproportionate burden",
        "h3 Content that’s not within the scope of the accessibility regulations",
        "h2 What we’re doing to improve accessibility",
        "h2 Preparation of this accessibility statement",
    ]


def test_the_statement_shows_its_dates_and_who_enforces_it(world: World, visit: Visit) -> None:
    world.partnership()

    text = visit("").get("/accessibility").text

    assert f"prepared on {shown_day(ACCESSIBILITY.prepared)}." in text
    assert f"last reviewed on {shown_day(ACCESSIBILITY.reviewed)}." in text
    assert f"last tested on {shown_day(ACCESSIBILITY.tested)} against the WCAG 2.2 AA standard" in text
    assert "Equality and Human Rights Commission (EHRC)" in text
    assert "Equality Advisory and Support Service (EASS)" in text
    assert "Wexcombe Partnership is committed to making this website accessible" in text
    assert "partially compliant with the Web Content Accessibility Guidelines" in text


def test_what_the_statement_says_of_the_tests_is_so(visit: Visit) -> None:
    text = visit("").get("/accessibility").text
    axe = (ROOT / "tests/browser/test_axe.py").read_text(encoding="utf-8")
    journey = (ROOT / "tests/browser/test_head.py").read_text(encoding="utf-8")

    assert "axe" in text
    assert all(f'"{tag}"' in axe for tag in ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
    assert "screen 320 pixels wide" in text
    assert "width=320" in axe
    assert "with the keyboard alone" in text
    assert "every_standard_is_answered_with_the_keyboard_alone(" in journey
    assert "with scripts switched off" in text
    assert "without_scripts_it_is_done_as_well(" in journey
    assert "PDF/UA-1" in text
    assert 'pdf_standards="ua-1"' in (ROOT / "compact/documents/typesetting.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("address", NOTICES)
def test_the_time_after_which_a_sign_in_ends_is_the_real_one(visit: Visit, address: str) -> None:
    assert (LONGEST_IDLE.total_seconds(), LONGEST_SIGN_IN.total_seconds()) == (60 * 60, 12 * 60 * 60)
    assert "12 hours after it began at the latest" in visit("").get(address).text


def test_the_notice_has_a_part_for_everything_that_the_law_wants_told(visit: Visit) -> None:
    page = visit("").get("/privacy")

    contents = [words(each) for each in page.soup.select("nav.app-contents a")]
    assert [f"h2 {each}" for each in contents] == _headings(page)[1:]
    assert contents == [
        "Who is responsible",
        "If you complete or sign a return",
        "If you work for the partnership or a trust",
        "If somebody wrote about you",
        "Why we may keep it",
        "Who sees it",
        "What is checked automatically",
        "Cookies",
        "How long it is kept",
        "Your rights and how to use them",
        "Changes to this notice",
    ]
    for told in (
        "it is the controller",
        "section 11 of the Children Act 2004",
        "sections 175 and 157 of the Education Act 2002",
        "section 40 of the Childcare Act 2006",
        "public task, Article 6(1)(e) of the UK GDPR",
        "24 months",
        "within one month",
        "within 30 days",
        "Information Commissioner’s Office (ICO)",
    ):
        assert told in words(page.one("body")), told


def test_the_notice_names_every_role_that_sees_anything(visit: Visit) -> None:
    rows = [words(each) for each in visit("").get("/privacy").soup.select("main th[scope=row]")]
    named = {
        Role.CONTRIBUTOR: "Contributors, signatories and readers of your organisation",
        Role.SIGNATORY: "Contributors, signatories and readers of your organisation",
        Role.READER: "Readers of the partnership, such as committee members and scrutineers",
        Role.TRUST_LEAD: "The lead of your trust, if you have one",
        Role.OFFICER: "Officers of the partnership in whose area you work",
        Role.ADMINISTRATOR: "Administrators",
    }

    assert set(named) == set(Role)
    assert set(named.values()) <= set(rows)
    assert SMALLEST_SHOWN == 5  # "rows of fewer than five organisations left out"


def test_the_only_cookies_are_those_that_the_notice_names(school: School) -> None:
    client = school.visit("").client
    form = Page("/sign-in", client.get("/sign-in"))
    typed = {**form.fields(), "email": "head@example.org", "password": PASSWORD}
    pages = [form.response, client.post("/sign-in", data=typed), client.get(school.address("/standards/4"))]

    given = {cookie.split("=")[0] for page in pages for cookie in page.headers.getlist("Set-Cookie")}
    notice = Page("/privacy", client.get("/privacy"))
    assert given == {words(each) for each in notice.soup.select("main code")}


def test_nothing_is_kept_in_the_browsers_storage() -> None:
    """As the notice promises (14.3.3). The browser's tests hold that nobody else is asked for anything."""
    script = (ROOT / "compact/static/compact.js").read_text(encoding="utf-8")

    assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie", script)


def test_other_words_are_another_version(visit: Visit) -> None:
    source = (ROOT / "templates/notices/privacy.html").read_text(encoding="utf-8")
    in_short = hashlib.sha256(" ".join(source.split()).encode()).hexdigest()[:12]

    assert WORDS.keys() == {each.number for each in PRIVACY}
    assert WORDS[PRIVACY[0].number] == in_short, "add a version to compact/notices/rules.py, and here"
    assert f"Version {PRIVACY[0].number}, {shown_day(PRIVACY[0].since)}" in visit("").get("/privacy").text


def _headings(page: Page) -> list[str]:
    found = page.soup.select("main h1, main h2, main h3")
    return [f"{each.name} {words(each)}" for each in found]
