"""After publishing: withdrawn and corrected numbers, the link open to anyone, and what somebody may read."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select

from compact.accounts.models import SignIn
from compact.mail.models import OutboxMail
from compact.reports.models import LearningSummary
from compact.trail.models import TrailEntry
from tests import making
from tests.making import World
from tests.pages import Page, Visitor, words
from tests.prepared import Prepared
from tests.publishing import publish
from tests.reports.making import ADDRESS, GOOD, WEAK, late, schools

Visit = Callable[[str], Visitor]
WHY = "A school was counted twice.\n<b>Sorry</b>"


@pytest.fixture
def officer(world: World, prepared: Prepared, visit: Visit) -> Visitor:
    """The officer of a round whose first number is out."""
    prepared.on(world, _published, visit)
    return visit("officer@example.org")


def _published(world: World, visit: Visit) -> None:
    schools(world, [{"bullying": WEAK}] + [{"bullying": GOOD}] * 5)
    publish(visit("officer@example.org"), 1, foreword="The first.", tell="yes")


def withdraw(officer: Visitor, why: str = WHY) -> Page:
    return officer.send(officer.get(f"{ADDRESS}/withdraw"), why=why)


def test_readers_of_a_withdrawn_summary_are_told_when_and_why(officer: Visitor, visit: Visit) -> None:
    page = withdraw(officer)
    assert page.banner == ["Number 1 is withdrawn. Readers see why."]

    read = visit("head@example.org").get(ADDRESS)

    assert (read.status, read.h1) == (200, "This learning summary is withdrawn")
    assert "It was withdrawn on 5 October 2026 at 10:30am, because:" in read.text
    assert "A school was counted twice. <b>Sorry</b>" in read.text
    assert "1 of 6" not in read.text
    assert visit("head@example.org").get(f"{ADDRESS}.csv").status == 404


def test_a_reason_is_needed_and_its_limit_stands_there(officer: Visitor) -> None:
    assert "You can enter up to 500 characters" in officer.get(f"{ADDRESS}/withdraw").text
    assert withdraw(officer, "  ").summary == ["Say why it is withdrawn"]
    page = withdraw(officer, "x" * 501)
    assert page.summary == ["What you wrote is 501 characters long; it can have 500"]
    assert page.fields()["why"] == "x" * 501


def test_withdrawing_is_in_the_trail_and_recalls_what_was_not_sent_yet(
    officer: Visitor, world: World
) -> None:
    withdraw(officer)

    with world.session() as session:
        assert session.scalars(select(TrailEntry.what).order_by(TrailEntry.sequence)).all() == [
            "summary published",
            "summary withdrawn",
        ]
        mail = session.scalars(select(OutboxMail)).one()
        assert (mail.next_try_at, mail.last_error) == (None, "recalled")


def test_the_number_that_was_seen_is_withdrawn_and_no_other(officer: Visitor, world: World) -> None:
    """A colleague publishes the next number while the page is open."""
    shown = officer.get(f"{ADDRESS}/withdraw")
    publish(officer, 1)

    page = officer.send(shown, why=WHY)

    assert page.banner == ["It was not in force any more, so nothing was withdrawn."]
    with world.session() as session:
        rows = session.execute(select(LearningSummary.number, LearningSummary.withdrawn_at.is_(None)))
        assert {number: bool(in_force) for number, in_force in rows} == {1: False, 2: True}


def test_where_nothing_is_in_force_there_is_nothing_to_withdraw(officer: Visitor) -> None:
    withdraw(officer)

    assert officer.get(f"{ADDRESS}/withdraw").h1 == "All numbers of this summary"
    assert officer.get("/learning/1/early_years/withdraw").h1 == "Publish the learning summary: Nurseries"


def test_every_number_is_listed_with_what_became_of_it(officer: Visitor, visit: Visit) -> None:
    publish(officer, 1, kind="corrects", why="A wrong figure in the foreword.")
    withdraw(officer, "Counted twice.")
    publish(officer, 1, kind="later")

    for visitor in (officer, visit("head@example.org")):
        page = visitor.get(f"{ADDRESS}/numbers")
        found = [words(each) for each in page.soup.select("main h2")]
        assert found == ["Number 3 In force", "Number 2, corrected Withdrawn", "Number 1 Replaced"]
        assert "Why A wrong figure in the foreword." in page.text
        assert "Why Counted twice." in page.text
    assert "withdraw it" in officer.get(f"{ADDRESS}/numbers").text
    assert "withdraw it" not in visit("head@example.org").get(f"{ADDRESS}/numbers").text


def test_an_old_number_stays_readable_and_says_what_took_its_place(
    officer: Visitor, world: World, visit: Visit
) -> None:
    head = visit("head@example.org")
    before = head.get(ADDRESS)
    late(world, 1, WEAK)
    publish(officer, 1, kind="corrects", why="A wrong figure.", foreword="The second.")

    page = head.get(f"{ADDRESS}/1")

    assert str(page.one(".app-summary")) == str(before.one(".app-summary"))
    assert "The first." in page.text
    assert "Number 1 was replaced on 5 October 2026 at 10:30am." in page.banner[0]
    assert "Number 2, corrected, took its place" in page.banner[0]
    assert "A wrong figure." in page.banner[0]
    assert page.link("Number 2, corrected")["href"] == "/learning/1/school?partnership=1"
    assert head.get(f"{ADDRESS}/2").banner == []
    assert head.get(f"{ADDRESS}/3").status == head.get(f"{ADDRESS}/0").status == 404


def test_of_a_withdrawn_number_nothing_has_taken_the_place(officer: Visitor, visit: Visit) -> None:
    withdraw(officer)
    head = visit("head@example.org")
    assert "Nothing has taken its place." in head.get(f"{ADDRESS}/1").banner[0]

    publish(officer, 1)
    withdraw(officer, "Again.")

    assert "Number 2, which came after it, is withdrawn as well." in head.get(f"{ADDRESS}/1").banner[0]


def test_after_a_withdrawn_number_the_address_leads_to_the_next_one(officer: Visitor, visit: Visit) -> None:
    withdraw(officer)
    publish(officer, 1, foreword="The second.")

    page = visit("head@example.org").get(ADDRESS)

    assert "The second." in page.text
    assert "Number 2, published on" in page.text


def test_the_link_opens_the_number_in_force_to_a_stranger(officer: Visitor, visit: Visit) -> None:
    address = open_link(officer)

    page = visit("").get(address)

    assert page.h1 == "Schools: what was learnt from Compact 2026"
    assert str(page.one(".app-summary")) == str(officer.get(ADDRESS).one(".app-summary"))
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.one("meta[name=robots]")["content"] == "noindex, nofollow"
    publish(officer, 1, open="yes", foreword="The second.")
    assert "The second." in visit("").get(address).text


def test_the_figures_can_be_taken_through_the_link(officer: Visitor, visit: Visit) -> None:
    address = open_link(officer)

    answer = visit("").get(f"{address}.csv").response

    assert answer.get_data() == officer.get(f"{ADDRESS}.csv").response.get_data()
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_open_page_writes_no_session(officer: Visitor, visit: Visit, world: World) -> None:
    address, stranger = open_link(officer), visit("")
    with world.session() as session:
        before = session.scalar(select(func.count()).select_from(SignIn))

    for rest in ("", ".csv"):
        assert "Set-Cookie" not in stranger.get(f"{address}{rest}").response.headers

    with world.session() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == before


def test_a_wrong_token_looks_like_what_does_not_exist(officer: Visitor, visit: Visit) -> None:
    """A1."""
    token, stranger = open_link(officer).rsplit("/", 1)[1], visit("")
    nothing = stranger.get("/learning/open")

    for wrong in ("x", "A" * 22, token[:-1], f"{token}A", token.swapcase(), "%00", "é" * 22):
        for rest in ("", ".csv"):
            page = stranger.get(f"/learning/open/{wrong}{rest}")
            assert (page.status, page.text) == (404, nothing.text), wrong


def test_a_link_that_is_turned_off_never_works_again(officer: Visitor, visit: Visit, world: World) -> None:
    first = open_link(officer)
    officer.post(f"{ADDRESS}/open-link", {"then": "close"})
    assert visit("").get(first).status == 404

    second = open_link(officer)

    assert visit("").get(first).status == 404
    assert visit("").get(second).status == 200
    assert "It is off" not in officer.get(f"{ADDRESS}/open-link").text
    with world.session() as session:
        entries = session.scalars(select(TrailEntry.what).order_by(TrailEntry.sequence)).all()
    opened, closed = "summary opened to anyone", "summary closed to anyone"
    assert entries[1:] == [opened, closed, opened]


def test_turning_it_on_twice_keeps_the_link_that_was_passed_on(officer: Visitor) -> None:
    assert open_link(officer) == open_link(officer)


def test_publishing_without_the_link_turns_it_off(officer: Visitor, visit: Visit) -> None:
    address = open_link(officer)
    assert officer.get(f"{ADDRESS}/publish/check").fields("#publish")["open"] == "yes"

    publish(officer, 1, open="no")

    assert visit("").get(address).status == 404


def test_the_link_to_a_withdrawn_summary_says_so(officer: Visitor, visit: Visit) -> None:
    address = open_link(officer)
    withdraw(officer)

    page = visit("").get(address)

    assert (page.status, page.h1) == (200, "This learning summary is withdrawn")
    assert "A school was counted twice. <b>Sorry</b>" in page.text
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert visit("").get(f"{address}.csv").status == 404
    assert "leads to no figures" in officer.get(f"{ADDRESS}/open-link").text


def test_a_link_that_is_on_before_anything_is_published_opens_nothing(world: World, visit: Visit) -> None:
    schools(world, [{"bullying": GOOD}] * 6)

    assert visit("").get(open_link(visit("officer@example.org"))).status == 404


def test_somebody_finds_all_that_they_may_read_by_round(officer: Visitor, world: World, visit: Visit) -> None:
    head = visit("head@example.org")
    older = world.cycle(1, name="Compact 2024", opens=date(2024, 9, 1), closes=date(2024, 12, 18))
    publish(officer, older, "early_years")
    publish(officer, 1, "early_years")
    withdraw(officer)
    elsewhere = world.partnership("Elsewhere", ["902"])
    far = world.cycle(elsewhere, name="Far round")
    publish(visit(world.person("Far Officer", making.officer(elsewhere))), far)

    page = head.get("/learning")

    assert [words(each) for each in page.soup.select("main h2")] == [
        "Compact 2026",
        "Compact 2024",
    ]
    assert [words(each) for each in page.soup.select("main ul.govuk-list--spaced > li")] == [
        "Nurseries , Compact 2026 Published on 5 October 2026 at 10:30am",
        "Schools , Compact 2026 Withdrawn Withdrawn on 5 October 2026 at 10:30am",
        "Nurseries , Compact 2024 Published on 5 October 2026 at 10:30am",
    ]
    assert page.link("Schools")["href"] == "/learning/1/school?partnership=1"


def test_where_nothing_is_published_the_list_says_so(world: World, visit: Visit) -> None:
    schools(world, [{"bullying": GOOD}])

    assert "Nothing is published yet." in visit("head@example.org").get("/learning").text


def test_home_has_the_newest_few_and_leads_to_the_rest(officer: Visitor, world: World, visit: Visit) -> None:
    for year in range(2018, 2026):
        older = world.cycle(1, name=f"Round {year}", opens=date(year, 9, 1), closes=date(year, 12, 18))
        publish(officer, older)
    withdraw(officer)

    page = visit("head@example.org").get("/")

    shown = [words(each) for each in page.soup.select("main ul.govuk-list--bullet a")]
    assert shown == [f"Schools, Round {year}" for year in (2025, 2024, 2023, 2022, 2021)]
    assert page.link("All that was learnt")["href"] == "/learning"


def open_link(officer: Visitor) -> str:
    """Turn the link on; its address on this service."""
    page = officer.post(f"{ADDRESS}/open-link", {"then": "open"})
    link = page.one(".compact-key a")
    assert words(link) == f"http://localhost{link['href']}"
    return str(link["href"])
