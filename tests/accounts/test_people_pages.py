"""The people of a school: invited, given another role, handing over, removed; and never nobody to sign."""

import pytest
from sqlalchemy import Engine, select

from compact.access.values import Role
from compact.accounts import people_views
from compact.accounts.models import Invitation, Membership
from compact.returns.rules import Answer
from tests import making
from tests.accounts.conftest import House, at_once
from tests.pages import Page
from tests.school import School
from tests.web.test_queries import counted

NEW = {"email": "New@Example.org ", "name": "Alex  New", "job_title": "Bursar", "role": "contributor"}
ONLY = "This is the only signatory here, and somebody has to sign. Invite the next one first"
GIVEN = {"name": "Alex New", "job_title": "", "password": "orange tractor sunday"}


@pytest.mark.parametrize("by", ["head", "officer", "administrator"])
def test_who_looks_after_a_school_invites_to_it(house: House, by: str) -> None:
    visitor = house.visit(f"{by}@example.org")

    page = visitor.send(
        visitor.get(house.page), **{name.replace("_", "__"): text for name, text in NEW.items()}
    )

    assert page.banner == ["An invitation to new@example.org is on its way."]
    row = house.rows(Invitation.email, Invitation.name, Invitation.job_title, Invitation.role)
    assert row == [("new@example.org", "Alex New", "Bursar", "contributor")]
    assert "Alex New , new@example.org, contributor Not accepted yet" in page.text
    assert "The e-mail is waiting to be sent" in page.text
    assert house.trail() == [("invited", "invitation 1", {"organisation": 1, "role": "contributor"})]


def test_problems_lead_to_their_fields_and_what_was_typed_stays(house: House) -> None:
    form = {"email": "nobody", "name": "", "job_title": "x" * 301, "role": "officer"}

    page = house.head().post(house.page, form)

    assert page.target("Enter an e-mail address")["id"] == "email"
    assert page.target("Enter the person’s name")["id"] == "name"
    assert page.target("The job title has 301")["id"] == "job_title"
    assert page.target("Choose what they may do")["id"] == "role"
    fields = page.fields("form:not([action])")
    assert (fields["email"], fields["job_title"]) == ("nobody", "x" * 301)


@pytest.mark.parametrize(
    ("email", "role"), [("DEPUTY@example.org", "contributor"), ("head@example.org", "reader")]
)
def test_who_may_that_already_is_not_invited(house: House, email: str, role: str) -> None:
    page = house.head().post(house.page, {**NEW, "email": email, "role": role})

    assert page.target(page.summary[0])["id"] == "email"
    assert page.summary[0].endswith(" here already")
    assert house.rows(Invitation.id) == []


def test_another_role_and_job_title(house: House) -> None:
    page = _change(house, "head@example.org", "deputy@example.org", role="reader", job_title="Chair")

    assert page.banner == ["Sam Deputy is now reader here."]
    assert house.roles()["deputy@example.org"] == "reader"
    assert ("reader", "Chair") in house.rows(Membership.role, Membership.job_title)
    detail = {"place": "organisation 1", "was": "contributor", "role": "reader"}
    assert house.trail() == [("role changed", f"person {house.person_id('deputy@example.org')}", detail)]


def test_a_mistake_on_somebodys_page_keeps_what_was_typed(house: House) -> None:
    page = _change(house, "head@example.org", "deputy@example.org", role="reader", job_title="x" * 301)

    assert page.target("The job title has 301")["id"] == "job_title"
    assert page.fields()["role"] == "reader"
    assert page.fields()["job_title"] == "x" * 301
    assert house.roles()["deputy@example.org"] == "contributor"


def test_somebody_is_removed(house: House) -> None:
    page = _remove(house, "head@example.org", "deputy@example.org")

    assert page.banner == ["Sam Deputy is removed. They can no longer see anything here."]
    assert house.roles() == {"head@example.org": "signatory"}
    detail = {"place": "organisation 1", "role": "contributor"}
    assert house.trail() == [("role removed", f"person {house.person_id('deputy@example.org')}", detail)]
    assert "Sam Deputy" not in page.text.replace(page.banner[0], "")


def test_who_removes_or_lowers_themselves_lands_on_the_home_page(house: House) -> None:
    _sign_too(house)

    assert _change(house, "second@example.org", "second@example.org", role="reader").h1 == "Home"
    assert _change(house, "head@example.org", "second@example.org", role="signatory").status == 200
    assert _remove(house, "second@example.org", "second@example.org").h1 == "Home"
    assert "second@example.org" not in house.roles()


@pytest.mark.parametrize("by", ["head", "officer", "administrator"])
def test_the_last_signatory_is_neither_removed_nor_lowered(house: House, by: str) -> None:
    house.world.person("Gone Before", making.signatory(house.organisation), email="gone@example.org")
    house.disable("gone@example.org")

    for page in (
        _remove(house, f"{by}@example.org", "head@example.org"),
        _change(house, f"{by}@example.org", "head@example.org", role="contributor"),
    ):
        assert page.summary == [ONLY]
        assert page.target(ONLY)
        assert not page.soup.select("form[action$='/remove']")
    assert house.roles()["head@example.org"] == "signatory"
    assert house.trail() == []


@pytest.mark.parametrize("deed", ["remove", "lower"])
def test_the_last_two_signatories_cannot_both_go_at_once(house: House, deed: str) -> None:
    """C5, A9: each request sees two of them; the one that comes second is refused."""
    _sign_too(house)
    pages: list[Page] = []
    addresses = [
        f"{house.page}/{house.membership(email)}" for email in ("head@example.org", "second@example.org")
    ]
    visitors = [house.officer() for _ in addresses]
    tokens = [visitor.token() for visitor in visitors]

    def go(number: int) -> None:
        tail, data = ("/remove", {}) if deed == "remove" else ("", {"role": "reader"})
        form = {"csrf_token": tokens[number], **data}
        pages.append(visitors[number].open(addresses[number] + tail, "POST", data=form, follow=False))

    at_once(lambda: go(0), lambda: go(1))

    assert sorted(page.status for page in pages) == [200, 302]
    assert list(house.roles().values()).count("signatory") == 1
    assert len(house.trail()) == 1


def test_handing_over(house: House) -> None:
    """The old role ends when the invitation is taken up, and not before; the trail says whose it was."""
    head = house.head()
    form = {**NEW, "role": "signatory", "replaces": str(house.membership("head@example.org"))}
    head.post(house.page, form)
    assert house.roles()["head@example.org"] == "signatory"

    _take_up(house)

    assert house.roles() == {"new@example.org": "signatory", "deputy@example.org": "contributor"}
    detail = {
        "organisation": 1,
        "role": "signatory",
        "in_place_of": f"person {house.person_id('head@example.org')}",
    }
    assert house.trail()[1:] == [
        ("invitation accepted", f"person {house.person_id('new@example.org')}", detail)
    ]
    assert head.get(house.page).status == 404


def test_who_takes_over_has_to_be_a_signatory(house: House) -> None:
    form = {**NEW, "replaces": str(house.membership("head@example.org"))}

    page = house.head().post(house.page, form)

    assert page.target("Who takes over from a signatory has to be a signatory")["id"] == "role"
    assert page.fields("form:not([action])")["replaces"] == form["replaces"]
    assert house.rows(Invitation.id) == []


def test_handing_over_leaves_nobody_without_a_signatory(house: House) -> None:
    """Who was chosen to hand over may be the last one by the time the invitation is taken up."""
    membership = house.membership("head@example.org")
    link = house.invite(role=Role.READER, replaces=membership)

    _take_up(house, link)

    assert house.roles()["head@example.org"] == "signatory"
    assert "in_place_of" not in house.trail()[-1][2]


def test_a_role_that_has_gone_is_not_handed_over_by_another_that_has_its_number(house: House) -> None:
    """SQLite gives the number of the last row that was removed to the next one."""
    _sign_too(house)
    link = house.invite(role=Role.SIGNATORY, replaces=house.membership("second@example.org"))
    _remove(house, "head@example.org", "second@example.org")
    house.world.person("Third One", making.signatory(house.organisation), email="third@example.org")

    _take_up(house, link)

    assert set(house.roles()) == {
        "head@example.org",
        "deputy@example.org",
        "third@example.org",
        "new@example.org",
    }


def test_a_removal_and_a_hand_over_at_once_leave_a_signatory(house: House) -> None:
    """C5: one takes the head's role away by handing over, the other the new one's; no deadlock either."""
    _sign_too(house)
    house.head().post(
        house.page, {**NEW, "role": "signatory", "replaces": str(house.membership("head@example.org"))}
    )
    new, officer = house.visit(""), house.officer()
    page, token = new.get(house.link()), officer.token()
    second = f"{house.page}/{house.membership('head@example.org')}/remove"

    at_once(
        lambda: new.send(page, **{name.replace("_", "__"): text for name, text in GIVEN.items()}),
        lambda: officer.open(second, "POST", data={"csrf_token": token}),
    )

    assert house.roles() == {
        "second@example.org": "signatory",
        "deputy@example.org": "contributor",
        "new@example.org": "signatory",
    }


def test_an_officer_looks_after_the_schools_of_the_area_alone(house: House) -> None:
    """A1: another area's school looks like none."""
    house.world.partnership("Northmoor", areas=("902",))
    far = House(house.world, 2, house.world.organisation("Far School", areas=("902",)), house.visit)
    house.world.person("Far Head", making.signatory(far.organisation), email="far@example.org")
    officer, member = house.officer(), f"{far.page}/{far.membership('far@example.org')}"

    for answer in (
        officer.get(far.page),
        officer.post(far.page, NEW),
        officer.post(member, {"role": "reader"}),
        officer.post(f"{member}/remove"),
        # Their own school's address around another one's person.
        officer.get(member.replace(far.page, house.page)),
        officer.post(f"{member.replace(far.page, house.page)}/remove"),
    ):
        assert answer.status == 404
    assert far.roles() == {"far@example.org": "signatory"}
    assert "Far School" not in officer.get("/people?q=School").text


@pytest.mark.parametrize("role", ["administrator", "officer", "trust_lead", "", "SIGNATORY"])
def test_a7_a_schools_form_gives_no_role_but_its_own(house: House, role: str) -> None:
    """A7: roles of other places are refused."""
    page = house.head().post(house.page, {**NEW, "role": role})
    assert page.summary == ["Choose what they may do"]
    page = _change(house, "head@example.org", "deputy@example.org", role=role)
    assert page.summary == ["Choose what they may do"]
    assert house.rows(Invitation.id) == []
    assert house.roles()["deputy@example.org"] == "contributor"


def test_a7_fields_that_no_form_has_change_nothing(house: House) -> None:
    """A7: mass assignment."""
    other = house.world.organisation("Oakfield School")
    more = {
        "person_id": 1,
        "organisation_id": other,
        "place_id": other,
        "kind": "partnership",
        "partnership_id": 1,
    }
    more |= {
        "token_hash": "x",
        "expires_at": "2099-01-01",
        "invited_by": 3,
        "id": 77,
        "replaces": "999999999999",
    }
    before = house.rows(Membership.id, Membership.person_id, Membership.role)

    house.head().post(house.page, {**NEW, **more})
    _change(house, "head@example.org", "deputy@example.org", role="contributor", **more)

    assert house.rows(Membership.id, Membership.person_id, Membership.role) == before
    row = house.rows(
        Invitation.id,
        Invitation.organisation_id,
        Invitation.partnership_id,
        Invitation.invited_by,
        Invitation.replaces,
    )
    assert row == [(1, house.organisation, None, 1, None)]


def test_no_name_and_no_address_is_on_the_trail(house: House) -> None:
    """J6: somebody can be forgotten, and the chain still verifies."""
    _sign_too(house)
    form = {**NEW, "role": "signatory", "replaces": str(house.membership("second@example.org"))}
    house.head().post(house.page, form)
    _take_up(house)
    _change(house, "head@example.org", "deputy@example.org", role="reader", job_title="Chair")
    _remove(house, "head@example.org", "deputy@example.org")

    written = str(house.trail())
    assert len(house.trail()) == 4
    for word in ("@", "Alex", "Sam", "Robin", "Larkfield", "Bursar", "Chair"):
        assert word not in written


def test_of_very_many_schools_the_first_are_listed_and_the_others_found(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.world.organisation("Zetland School")
    assert "These are the first" not in house.officer().get("/people").text

    monkeypatch.setattr(people_views, "MOST_LISTED", 1)

    page = house.officer().get("/people")
    assert "These are the first 1. Search for part of a name to see others." in page.text
    assert "Zetland School" not in page.text
    assert "Zetland School" in house.officer().get("/people?q=zet").text


def test_the_list_of_schools_says_who_can_sign(house: House) -> None:
    """Who is disabled signs nothing, and an invitation whose time is over brings nobody."""
    house.invite()
    page = house.officer().get("/people")
    assert [each.get_text() for each in page.soup.select("tbody td")] == ["1", "1"]

    house.disable("head@example.org")
    with house.world.session() as session:
        session.scalars(select(Invitation)).one().expires_at = making.NOW
        session.commit()

    page = house.officer().get("/people")
    assert [each.get_text() for each in page.soup.select("tbody td")] == ["None", ""]


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1--", "%00", "\N{GRINNING FACE}", "x" * 5_000])
def test_e2_what_is_looked_for_is_text(house: House, text: str) -> None:
    """E2, E3: no wildcard, no statement, no NUL that one database refuses and the other does not."""
    page = house.officer().open("/people", query_string={"q": text if text != "%00" else "\0"})

    assert "No organisation has that in its name" in page.text


def test_names_are_found_whatever_their_case(house: House) -> None:
    """K9: also letters that are not of English."""
    house.world.organisation("Ysgol Ŵyn ÉCOLE")

    assert "Ysgol Ŵyn ÉCOLE" in house.officer().get("/people?q=ŵYN école").text


def test_the_job_title_stands_on_what_is_signed_afterwards(school: School) -> None:
    school.world.answer(school.return_id, dict.fromkeys(making.ASKED_SCHOOL_KEYS, Answer("good")))
    head, page = school.head(), f"/organisations/{school.organisation}/people"
    head.send(head.get(f"{page}/1"), job__title="Executive head")

    head.send(head.get(school.address("/sign-off")), authority="own", confirm="yes", password=making.PASSWORD)

    assert "Robin Head, Executive head" in head.get(school.address("/receipt")).text


def test_a_page_of_many_asks_no_more_questions(house: House, engine: Engine) -> None:
    asked = []
    for number in range(20):
        house.invite(f"p{number}@example.org")
        if number in (0, 19):
            head = house.head()
            with counted(engine) as questions:
                page = head.get(house.page)
            asked.append(len(questions))

    assert len(page.soup.select("form[action$='/recall']")) == 20
    assert asked[0] == asked[1] <= 7


def _sign_too(house: House) -> None:
    house.world.person("Second Head", making.signatory(house.organisation), email="second@example.org")


def _change(house: House, by: str, whose: str, **form: object) -> Page:
    return house.visit(by).post(f"{house.page}/{house.membership(whose)}", form)


def _remove(house: House, by: str, whose: str) -> Page:
    return house.visit(by).post(f"{house.page}/{house.membership(whose)}/remove")


def _take_up(house: House, link: str = "") -> None:
    visitor = house.visit("")
    page = visitor.get(link or house.link())
    visitor.send(page, **{name.replace("_", "__"): text for name, text in GIVEN.items()})
