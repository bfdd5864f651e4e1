"""A4: somebody with a role in two organisations acts for one of them at a time."""

import pytest
from sqlalchemy import select, update

from compact.accounts.models import Membership, SignIn
from compact.returns.models import Return
from compact.returns.reading import kept_answers
from tests import making
from tests.pages import Page, Visitor

from .conftest import EMAIL, Account, Clock


@pytest.fixture
def second(robin: Account) -> int:
    """The return of a second school that Robin signs for; its number is not the first one's."""
    with robin.world.session() as session:
        cycle = session.execute(select(Return.cycle_id)).scalar_one()
    school = robin.world.organisation("Otter Vale School")
    robin_id = robin.person_id
    robin.world.insert(Membership, [{"person_id": robin_id, "role": "signatory", "organisation_id": school}])
    made = robin.world.started(cycle, school)
    robin.world.profile(made, commissions_services=False)
    return made


def choose(visitor: Visitor, organisation: int, address: str = "/acting-for") -> Page:
    return visitor.send(visitor.get(address), organisation=str(organisation))


def test_opening_a_page_of_the_other_one_leads_to_the_choice_and_then_there(
    robin: Account, second: int
) -> None:
    head = robin.sign_in()
    assert choose(head, robin.organisation).address == "/"

    page = head.get(f"/returns/{second}/standards/4?x=1")
    assert page.h1 == "Who do you act for now?"
    assert page.one("input[checked] + label").get_text(strip=True) == "Otter Vale School"

    assert head.send(page).address == f"/returns/{second}/standards/4?x=1"


def test_the_name_stands_on_every_page(robin: Account, second: int) -> None:
    head = robin.sign_in()
    assert "for nobody yet" in head.get("/").one(".compact-header__name").get_text()
    choose(head, robin.organisation)

    for address in ("/", robin.page, f"{robin.page}/standards/4", "/account", "/acting-for", "/nowhere"):
        assert "for Larkfield School" in head.get(address).one(".compact-header__name").get_text()


def test_what_is_posted_to_the_other_one_is_refused_and_given_back(robin: Account, second: int) -> None:
    head = robin.sign_in()
    choose(head, robin.organisation)

    page = head.post(
        f"/returns/{second}/standards/4",
        {"bullying-grade": "good", "bullying-evidence": "We asked all of the pupils."},
    )

    assert (page.status, page.h1) == (409, "Not saved")
    assert "We asked all of the pupils." in page.text
    assert kept_answers(robin.world.session(), second) == {}


def test_nobody_chooses_a_place_that_is_not_theirs(robin: Account, second: int) -> None:
    other = robin.world.organisation("Not Theirs")
    head = robin.sign_in()
    for chosen in (str(other), "", "x", "0", "9" * 400, "１"):
        page = head.post("/acting-for", {"organisation": chosen})
        assert page.summary == ["Choose who you act for now"]
    with robin.world.session() as session:
        assert session.scalars(select(SignIn.acting_for)).all() == [None]


def test_a_hostile_next_leads_home(robin: Account, second: int) -> None:
    """E7."""
    page = choose(robin.sign_in(), robin.organisation, "/acting-for?next=//evil.example")

    assert page.address == "/"


def test_each_browser_acts_for_its_own(robin: Account, second: int) -> None:
    here, there = robin.sign_in(), robin.sign_in()
    choose(here, robin.organisation)

    assert here.get(robin.page).status == 200
    assert there.get(robin.page).h1 == "Who do you act for now?"


def test_a_role_that_is_gone_is_acted_for_no_more(robin: Account, second: int) -> None:
    head = robin.sign_in()
    choose(head, robin.organisation)
    with robin.world.session() as session:
        session.execute(
            update(Membership)
            .where(Membership.organisation_id == robin.organisation)
            .values(role="officer", organisation_id=None, partnership_id=1)
        )
        session.commit()

    assert head.get(f"/returns/{second}").status == 200


def test_with_one_organisation_there_is_nothing_to_choose(robin: Account) -> None:
    head = robin.sign_in()

    assert head.get("/acting-for").address == "/"
    assert "compact-header__link" not in head.get("/").response.text


def test_a_save_after_the_sign_in_ended_is_completed_for_the_same_organisation(
    robin: Account, second: int, clock: Clock
) -> None:
    """B1: who has two organisations goes on acting for the one they were typing for."""
    head = robin.sign_in()
    choose(head, robin.organisation)
    form = head.get(f"{robin.page}/standards/4")
    clock.pass_by(hours=2)

    page = head.send(form, bullying_grade="good", bullying_evidence="We asked all of the pupils.")
    assert page.h1 == "Sign in again to save"
    head.send(page, email=EMAIL, password=making.PASSWORD)

    with robin.world.session() as session:
        assert kept_answers(session, robin.return_id)["bullying"].answer.evidence.startswith("We asked")
