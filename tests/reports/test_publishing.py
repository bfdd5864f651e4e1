"""Publishing: what is to be confirmed, who is told, and that all of it happens once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation
from compact.reports.models import LearningSummary, OpenLink
from compact.trail.models import TrailEntry
from tests import making
from tests.faults.test_signing import all_or_nothing, at_once, posting, twin
from tests.making import World
from tests.pages import Visitor
from tests.prepared import Prepared
from tests.publishing import confirmed, publish, write
from tests.reports.making import ADDRESS, GOOD, WEAK, late, schools
from tests.school import School

Visit = Callable[[str], Visitor]

CHECK, PUBLISH = f"{ADDRESS}/publish/check", f"{ADDRESS}/publish"
AFTER_THE_ROUND = datetime(2027, 1, 7, 9, 30, tzinfo=UTC)
FEW = "Tick the box if you want to publish although so few returns differ"
EARLY = "Tick the box if you want to publish before the round is over"


@pytest.fixture
def officer(world: World, prepared: Prepared, visit: Visit) -> Visitor:
    prepared.on(world, _signed)
    return visit("officer@example.org")


def _signed(world: World) -> None:
    schools(world, [{"bullying": WEAK, "conduct": GOOD}] + [{"bullying": GOOD}] * 5)


def test_the_page_that_checks_says_what_will_be_out(officer: Visitor) -> None:
    page = officer.get(CHECK)

    assert "Number 1" in page.text
    assert "6 of 6 (100%)" in page.text
    assert "Not shown 12 questions" in page.text  # all but bullying, commissioning among them
    assert "stays out of every later number of this round" in page.text
    assert "returns can be signed until the end of 18 December 2026" in page.text


def test_nothing_is_published_until_everything_is_decided(officer: Visitor, world: World) -> None:
    page = officer.send(officer.get(CHECK), selector="#publish")

    assert page.summary == [
        EARLY,
        "Choose whether the sector is told by mail",
        "Choose whether anyone with the link may read it",
    ]
    assert _numbers(world) == []


def test_while_the_round_is_open_it_is_confirmed_and_not_afterwards(
    officer: Visitor, world: World, app: Flask
) -> None:
    page = officer.send(officer.get(CHECK), selector="#publish", tell="no", open="no")
    assert page.summary == [EARLY]

    app.config["CLOCK"] = lambda: AFTER_THE_ROUND
    officer.enter("officer@example.org")
    officer.send(officer.get(CHECK), selector="#publish", tell="no", open="no")

    assert _numbers(world) == [1]


@pytest.mark.parametrize(("more", "asks"), [(0, True), (4, True), (5, False)])
def test_fewer_than_five_other_returns_are_confirmed(
    officer: Visitor, world: World, more: int, asks: bool
) -> None:
    publish(officer, 1)
    for number in range(more):
        late(world, number)

    page = officer.post(PUBLISH, confirmed(officer.get(CHECK), few="no"))

    assert page.summary == ([FEW] if asks else [])
    assert _numbers(world) == ([1] if asks else [1, 2])
    if more == 4:
        assert "Only 4 returns differ from number 1: 4 new, 0 signed anew, 0 gone." in page.text
    publish(officer, 1)
    assert len(_numbers(world)) == (2 if asks else 3)


def test_a_return_signed_anew_is_one_that_differs(officer: Visitor, world: World) -> None:
    publish(officer, 1)
    world.signed(1, 1, {"bullying": GOOD}, number=2)

    assert "Only 1 return differs from number 1: 0 new, 1 signed anew, 0 gone." in officer.get(CHECK).text


def test_a_number_is_held_against_every_one_before_and_not_the_last_alone(
    officer: Visitor, world: World
) -> None:
    """Number 3 may be far from number 2 and close to number 1; both are out."""
    publish(officer, 1)
    with world.session() as session:
        first = session.scalars(select(LearningSummary.counted)).one()
        session.execute(update(LearningSummary).values(counted=""))
        session.commit()
    publish(officer, 1)
    with world.session() as session:
        numbers = session.scalars(select(LearningSummary).order_by(LearningSummary.number)).all()
        assert numbers[1].counted == first
        numbers[0].counted, numbers[1].counted = first, ""
        session.commit()

    assert "No return differs from number 1" in officer.get(CHECK).text


def test_of_a_number_that_says_nothing_of_what_it_counts_it_is_confirmed_too(
    officer: Visitor, world: World
) -> None:
    publish(officer, 1)
    with world.session() as session:
        session.execute(update(LearningSummary).values(counted=None))
        session.commit()
    for number in range(9):
        late(world, number)

    page = officer.post(PUBLISH, confirmed(officer.get(CHECK), few="no"))

    assert page.summary == [FEW]
    assert "It is not known which returns number 1 counts." in page.text


def test_a_later_number_says_why_and_whether_it_corrects(officer: Visitor, world: World) -> None:
    publish(officer, 1)
    page = officer.post(PUBLISH, confirmed(officer.get(CHECK), kind="", why="  "))
    assert page.summary == ["Choose why there is a new number", "Say what is different from the last number"]
    page = officer.post(PUBLISH, confirmed(officer.get(CHECK), why="x" * 501))
    assert page.summary == ["What you wrote is 501 characters long; it can have 500"]

    publish(officer, 1, kind="corrects", why="One school was counted twice.")

    with world.session() as session:
        first, second = session.scalars(select(LearningSummary).order_by(LearningSummary.number))
        assert (first.why, first.replaced, first.corrects) == ("One school was counted twice.", True, False)
        assert (second.why, second.replaced, second.corrects) == (None, False, True)


def test_what_was_not_seen_is_not_published(officer: Visitor, world: World, visit: Visit) -> None:
    """A return is signed, or a colleague writes something, after the page was opened."""
    stale = confirmed(officer.get(CHECK))
    write(visit("colleague@example.org"), ADDRESS, "foreword", "Mine as well.")
    page = officer.post(PUBLISH, stale)
    assert page.summary[0].startswith("Something changed after you opened this page")
    assert _numbers(world) == []

    stale = confirmed(page)
    late(world, 1)
    page = officer.post(PUBLISH, stale)
    assert page.summary[0].startswith("Something changed after you opened this page")
    assert _numbers(world) == []

    officer.post(PUBLISH, confirmed(page))
    assert _numbers(world) == [1]


def test_many_posts_at_once_of_two_officers_make_one_number_and_each_mail_once(
    officer: Visitor, world: World, visit: Visit, app: Flask
) -> None:
    """C5: a double click, two tabs, two officers."""
    acts = []
    for visitor in (officer, visit("colleague@example.org")):
        data = confirmed(visitor.get(CHECK), tell="yes", open="yes")
        acts += [posting(twin(app, visitor), PUBLISH, data) for _ in range(5)]

    answers = at_once(acts)

    assert {each.status_code for each in answers} == {200, 302}
    assert sum(each.status_code == 302 for each in answers) == 5  # the first officer's, and no other's
    assert _numbers(world) == [1]
    assert [recipient for recipient, _ in _mails(world)] == ["head@example.org"]
    with world.session() as session:
        assert len(session.scalars(select(OpenLink)).all()) == 1
        entries = session.scalars(select(TrailEntry.what).order_by(TrailEntry.sequence)).all()
    assert entries == ["summary published", "summary opened to anyone"]


def test_a_fault_at_any_statement_of_publishing_leaves_nothing_published(school: School) -> None:
    """J1, I6: a process that is killed leaves the number with its link and all its mails, or none of them."""
    officer, address = school.officer(), f"/learning/{school.cycle}/school"
    data = confirmed(officer.get(f"{address}/publish/check"), tell="yes", open="yes")

    changed, struck = all_or_nothing(school, posting(officer, f"{address}/publish", data))

    assert changed == {"learning_summary", "open_link", "outbox", "trail_entry", "chain_head"}
    assert len(struck) > 10
    assert struck[-1] == "COMMIT"


def test_the_sector_is_told_once_each_with_the_way_to_the_page(world: World, visit: Visit) -> None:
    """I9: no figure and no word of it in a mail."""
    schools(world, [{"bullying": GOOD}] * 6)
    world.person("Governor", making.contributor(2), making.contributor(3))
    world.person("Nursery", making.signatory(world.organisation("Acorn", setting="early_years")))
    _contact(world, 4, "office@school.example")
    _contact(world, 5, "office@school.example")
    _contact(world, 1, "not.used@school.example")
    officer = visit("officer@example.org")
    assert "2 people who can sign in" in officer.get(CHECK).text
    assert "1 contact address of organisations that nobody can sign in for" in officer.get(CHECK).text
    assert "1 organisation has neither." in officer.get(CHECK).text

    page = publish(officer, 1, foreword="Secret words", tell="yes")

    assert page.banner == ["The learning summary for Schools is published. 3 mails were written."]
    mails = dict(_mails(world))
    assert list(mails) == ["governor@example.org", "head@example.org", "office@school.example"]
    assert "http://localhost/learning/1/school?partnership=1\n" in mails["head@example.org"]
    assert "Sign in and read it here" in mails["head@example.org"]
    assert "To School 3" in mails["office@school.example"]
    assert "Nobody can sign in for you yet." in mails["office@school.example"]
    for text in mails.values():
        assert text.endswith(making.FOOT)
        assert "Secret" not in text


def test_who_has_no_account_gets_the_open_link_where_there_is_one(
    officer: Visitor, world: World, visit: Visit
) -> None:
    _contact(world, 4, "office@school.example")

    publish(officer, 1, tell="yes", open="yes")

    with world.session() as session:
        token = session.scalars(select(OpenLink.token)).one()
    mails = dict(_mails(world))
    assert f"http://localhost/learning/open/{token}\n" in mails["office@school.example"]
    assert token not in mails["head@example.org"]
    assert visit("").get(f"/learning/open/{token}").status == 200


def test_who_does_not_want_mails_writes_none(officer: Visitor, world: World) -> None:
    publish(officer, 1)

    assert _mails(world) == []


def test_the_fingers_of_an_old_page_publish_nothing(officer: Visitor, world: World) -> None:
    """Neither a post that no page of ours sent, nor one with another page's mark."""
    for data in ({}, {"tell": "no", "open": "no", "early": "yes"}, confirmed(officer.get(CHECK), seen="x")):
        page = officer.post(PUBLISH, data)
        assert page.h1 == "Check before you publish"
    assert _numbers(world) == []


def _contact(world: World, organisation: int, address: str) -> None:
    with world.session() as session:
        session.execute(
            update(Organisation).where(Organisation.id == organisation).values(contact_email=address)
        )
        session.commit()


def _numbers(world: World) -> list[int]:
    with world.session() as session:
        return list(session.scalars(select(LearningSummary.number).order_by(LearningSummary.number)))


def _mails(world: World) -> list[tuple[str, str]]:
    with world.session() as session:
        rows = session.execute(
            select(OutboxMail.recipient, OutboxMail.text).order_by(OutboxMail.recipient, OutboxMail.id)
        )
        return [(row.recipient, row.text) for row in rows]
