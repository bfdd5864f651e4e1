"""The chase desk: where everybody is, calls, and who is excused."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from compact.accounts.models import Person
from compact.cycles.models import Due, Excused
from compact.desk.chasing import ROWS_A_PAGE
from compact.desk.models import ContactNote
from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation
from compact.returns.handing import hand_on
from compact.returns.models import ProfileFact
from compact.returns.rules import Answer
from compact.trail.models import TrailEntry
from tests import making
from tests.desk.conftest import SCHOOLS, Desk, head_of
from tests.pages import Page, words

LATER = datetime(2026, 12, 19, 9, tzinfo=UTC)
ASHFIELD, BIRCHFIELD, CEDARFIELD, DALEFIELD, ELMFIELD = SCHOOLS


def listed(page: Page) -> list[str]:
    """The names in the list of organisations, which is not there where there is none."""
    return [words(each) for each in page.soup.select("[aria-label='The organisations'] tbody th")]


def seen(desk: Desk, look: str = "") -> list[str]:
    return listed(desk.officer.get(desk.address(f"/chase{look}")))


def test_each_organisation_is_at_one_stage(desk: Desk) -> None:
    asked = len(making.ASKED_SCHOOL_KEYS)
    desk.started(BIRCHFIELD, answered=asked // 2 - 1)
    desk.started(CEDARFIELD, answered=asked // 2 + 1)
    desk.started(DALEFIELD, answered=asked)
    desk.signed(ELMFIELD)

    page = desk.officer.get(desk.address("/chase"))

    assert "All 1 never opened, All" in page.text
    found = {
        look: seen(desk, f"?show={look}")
        for look in ("never_opened", "opened", "half_done", "waiting", "signed")
    }
    assert found == dict(zip(found, [[name] for name in SCHOOLS], strict=True))
    assert seen(desk) == list(SCHOOLS)


def test_what_the_profile_leaves_out_is_not_waited_for(desk: Desk) -> None:
    """An answer to what is not asked any more counts for nothing; a fact answered yes asks one more."""
    made = desk.started(ASHFIELD, answered=len(making.ASKED_SCHOOL_KEYS) - 1)
    desk.world.answer(made, {"commissioning": Answer("good")})
    assert seen(desk, "?show=half_done") == [ASHFIELD]

    desk.world.answer(made, {making.ASKED_SCHOOL_KEYS[-1]: Answer("good")})
    assert seen(desk, "?show=waiting") == [ASHFIELD]


def test_who_says_that_it_is_ready_waits_for_sign_off_until_it_is_sent_back(desk: Desk) -> None:
    made = desk.started(ASHFIELD, answered=1)
    with desk.world.session() as session:
        hand_on(session, made, by=1, at=making.NOW)
        session.commit()
    assert seen(desk, "?show=waiting") == [ASHFIELD]

    with desk.world.session() as session:
        hand_on(session, made, by=1, at=making.NOW, reason="Look again.")
        session.commit()
    assert seen(desk, "?show=opened") == [ASHFIELD]


def test_who_was_reopened_has_signed(desk: Desk) -> None:
    """The signed number counts, and nobody is chased for the next one."""
    desk.signed(ASHFIELD)
    desk.world.insert(ProfileFact, [{"return_id": 1, "fact": "commissions-services", "answer": False}])
    officer = desk.officer
    officer.send(officer.get("/returns/1/reopen"), reason="A grade is wrong.")

    assert seen(desk, "?show=signed") == [ASHFIELD]


def test_late_is_who_has_not_signed_when_the_own_last_day_is_over(desk: Desk, app: Flask) -> None:
    desk.signed(ASHFIELD)
    officer = desk.officer
    officer.send(officer.get(desk.part(BIRCHFIELD, "/extension")), until="15 1 2027", why="A new head.")
    app.config["CLOCK"] = lambda: LATER

    assert seen(desk, "?show=late") == [CEDARFIELD, DALEFIELD, ELMFIELD]


def test_one_that_closed_before_it_signed_is_not_asked_any_more(desk: Desk) -> None:
    desk.signed(BIRCHFIELD)
    with desk.world.session() as session:
        closed = Organisation.name.in_([ASHFIELD, BIRCHFIELD])
        session.execute(
            update(Organisation).where(closed).values(status="closed", closed_on=making.NOW.date())
        )
        session.commit()

    assert seen(desk) == [BIRCHFIELD, *SCHOOLS[2:]]


BECAME: Mapping[str, Mapping[str, object]] = {
    "failed": {"failed_at": making.NOW, "last_error": "550 no such user", "next_try_at": None},
    "returned": {
        "sent_at": making.NOW,
        "returned_at": making.NOW,
        "last_error": "It came back: full",
        "next_try_at": None,
    },
    "recalled": {"failed_at": making.NOW, "last_error": "recalled", "next_try_at": None},
}
SAID = {"failed": "550 no such user", "returned": "It came back: full", "recalled": "Not sent any more"}


def let_become(desk: Desk, became: str) -> None:
    """What became of the mail to Ashfield's head."""
    with desk.world.session() as session:
        of_head = OutboxMail.recipient == head_of(ASHFIELD)
        session.execute(update(OutboxMail).where(of_head).values(BECAME[became]))
        session.commit()


@pytest.mark.parametrize("became", BECAME)
def test_a_mail_that_did_not_arrive_is_shown(desk: Desk, became: str) -> None:
    """I5: who was not reached is seen at the desk; what was given up on purpose is no fault."""
    desk.launch()

    let_become(desk, became)

    assert seen(desk, "?show=bounced") == ([] if became == "recalled" else [ASHFIELD])
    assert SAID[became] in desk.officer.get(desk.part(ASHFIELD)).text


def test_a_new_address_is_a_new_beginning(desk: Desk) -> None:
    desk.launch()
    let_become(desk, "failed")

    with desk.world.session() as session:
        head = Person.email == head_of(ASHFIELD)
        session.execute(update(Person).where(head).values(email="right@example.org"))
        session.commit()

    assert seen(desk, "?show=bounced") == []


def test_a_later_mail_that_waits_or_arrives_is_a_new_beginning(desk: Desk) -> None:
    desk.launch()
    let_become(desk, "failed")
    officer = desk.officer
    page = officer.get(desk.address(f"/write?organisation={desk.schools[ASHFIELD]}"))

    officer.send(page, then="send")

    assert seen(desk, "?show=bounced") == []


def test_a_list_is_fifty_long_and_its_pages_hold_everybody_once(desk: Desk) -> None:
    more = [desk.world.organisation(f"School {number:03}") for number in range(ROWS_A_PAGE)]
    desk.world.insert(
        Due, [{"cycle_id": desk.cycle, "organisation_id": each, "added_at": making.NOW} for each in more]
    )
    first, second = seen(desk), seen(desk, "?page=2")

    assert len(first) == ROWS_A_PAGE
    assert len({*first, *second}) == len(first) + len(second) == ROWS_A_PAGE + len(SCHOOLS)
    assert seen(desk, "?page=99") == second
    assert seen(desk, "?page=-1") == seen(desk, "?page=x") == first


def test_phases_are_counted_where_a_sector_has_several(desk: Desk) -> None:
    with desk.world.session() as session:
        session.execute(update(Organisation).where(Organisation.name == ASHFIELD).values(phase="primary"))
        session.commit()

    page = desk.officer.get(desk.address("/chase"))

    assert "– primary 1" in page.text
    assert "– without a phase 4" in page.text
    assert seen(desk, "?sector=school&phase=primary") == [ASHFIELD]
    assert seen(desk, "?sector=school&phase=-") == list(SCHOOLS[1:])


def test_a6_officers_of_a_shared_round_see_their_own_area(desk: Desk) -> None:
    """A6: the other partnership's organisations are not there, by any address."""
    world = desk.world
    other = world.partnership("Northmoor", areas=("902",))
    world.person("Far Officer", making.officer(other), email="far@example.org")
    there = world.organisation("Far School", areas=("902",))
    desk.cycle = world.cycle(desk.partnership, other, name="Shared", settings=("school",))
    guest = desk.visit("far@example.org")

    assert listed(guest.get(desk.address("/chase"))) == ["Far School"]
    assert seen(desk) == list(SCHOOLS)
    assert guest.get(desk.part(ASHFIELD)).status == 404
    assert desk.officer.get(desk.address(f"/organisations/{there}")).status == 404
    assert guest.get(desk.address(f"/chase?partnership={desk.partnership}")).status == 404


def test_a_call_is_noted_and_shown_and_is_the_last_word(desk: Desk) -> None:
    officer = desk.officer
    form = "form[action$='/calls']"
    page = officer.send(
        officer.get(desk.part(ASHFIELD)),
        selector=form,
        whom="The office",
        on="2 10 2026",
        said="<b>On Monday.</b>",
    )

    assert page.banner == ["The call is noted."]
    assert "2 October 2026 : Ellis Officer spoke to The office. <b>On Monday.</b>" in page.text
    assert "Call noted, 5 October 2026" in officer.get(desk.address("/chase")).text
    wrong = officer.send(page, selector=form, whom="", on="6 10 2026", said="Nothing.")
    assert wrong.summary == ["Enter who was spoken to", "The day of the call must be today or earlier"]
    with desk.world.session() as session:
        assert session.scalars(select(ContactNote.said)).all() == ["<b>On Monday.</b>"]


def test_one_is_excused_with_a_reason_and_asked_again(desk: Desk) -> None:
    desk.launch()
    officer, form = desk.officer, "form[action$='/excuse']"
    without = officer.send(officer.get(desk.part(ASHFIELD)), selector=form, why=" ")
    page = officer.send(officer.get(desk.part(ASHFIELD)), selector=form, why="It merges.\n\nNext year.")

    assert without.summary == ["Enter why it is excused"]
    assert page.banner == ["Ashfield School is excused from Compact 2026."]
    assert seen(desk, "?show=excused") == [ASHFIELD]
    assert "Schools 4 0" in officer.get(desk.address()).text
    waiting = [mail.recipient for mail in desk.mails() if mail.next_try_at]
    assert head_of(ASHFIELD) not in waiting
    assert len(waiting) == 4
    again = officer.send(page, selector="form[action$='/ask-again']")
    assert again.banner == ["Ashfield School is asked again."]
    assert seen(desk, "?show=excused") == []
    with desk.world.session() as session:
        what = [entry.what for entry in session.scalars(select(TrailEntry).order_by(TrailEntry.sequence))]
    assert what[-2:] == ["excused", "asked again"]


def test_who_has_signed_is_not_excused(desk: Desk) -> None:
    """Also by a page that was open before: what is signed counts."""
    officer = desk.officer
    before = officer.get(desk.part(ASHFIELD))
    desk.signed(ASHFIELD)

    officer.send(before, selector="form[action$='/excuse']", why="It merges.")

    with desk.world.session() as session:
        assert session.scalars(select(Excused.why)).all() == []


def test_reading_a_part_writes_nothing_and_names_no_answer(desk: Desk) -> None:
    made = desk.started(ASHFIELD)
    desk.world.answer(made, {"bullying": Answer("inadequate", evidence="MARKER")})

    for address in (desk.part(ASHFIELD), desk.address("/chase"), desk.address()):
        text = desk.officer.get(address).text
        assert "MARKER" not in text
        assert "Inadequate" not in text
