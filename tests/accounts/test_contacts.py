"""A partnership's list of contacts: read whole, shown first, and then invited from what was shown."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, update

from compact.access.values import Grant, Role
from compact.accounts.models import Invitation
from compact.organisations.models import Organisation
from tests import making
from tests.accounts.conftest import House, at_once
from tests.pages import Page, Visitor
from tests.web.test_queries import counted

HEADER = "organisation,email,name,role,job_title\n"
GOOD = (
    "GIAS:1,a@example.org,Alex A,signatory,Headteacher\n"
    "gias:1 , B@Example.org,Bobby  B,Contributor,\n"
    "GIAS:2,a@example.org,Alex A,reader,Governor\n"
)


@pytest.fixture
def area(house: House) -> House:
    """A partnership with schools known by number: GIAS:1 and GIAS:2."""
    with house.world.session() as session:
        session.execute(update(Organisation).values(identifier="1"))
        session.commit()
    house.world.organisation("Oakfield School", identifier="2")
    return house


def test_a_list_is_shown_first_and_then_invited_from(area: House) -> None:
    officer = area.officer()

    looked = _look(officer, area, HEADER + GOOD)

    assert "3 to invite, 0 there already. Nobody has been invited yet." in looked.text
    assert _rows(looked) == [
        ["Alex A, a@example.org", "Larkfield School", "Signatory"],
        ["Bobby B, b@example.org", "Larkfield School", "Contributor"],
        ["Alex A, a@example.org", "Oakfield School", "Reader"],
    ]
    assert area.rows(Invitation.id) == []

    done = officer.send(looked, then="invite")

    assert done.banner == ["Invited 3, there already 0."]
    assert area.rows(Invitation.email, Invitation.organisation_id, Invitation.role, Invitation.job_title) == [
        ("a@example.org", 1, "signatory", "Headteacher"),
        ("a@example.org", 2, "reader", "Governor"),
        ("b@example.org", 1, "contributor", None),
    ]
    assert [what for what, _, _ in area.trail()] == ["invited"] * 3


def test_the_same_list_again_invites_nobody(area: House) -> None:
    """Who was invited, who has the role, and who may do it anyway as a signatory."""
    more = "GIAS:1,head@example.org,Robin Head,contributor,\nGIAS:1,deputy@example.org,Sam,contributor,\n"
    officer = area.officer()
    officer.send(_look(officer, area, HEADER + GOOD), then="invite")

    looked = _look(officer, area, HEADER + GOOD + more)

    assert "0 to invite, 5 there already" in looked.text
    assert not looked.soup.select("main button")
    assert len(area.rows(Invitation.id)) == 3


def test_a_list_posted_twice_at_once_invites_each_once(area: House) -> None:
    """C5: two clicks, of two officers."""
    officers = [area.officer() for _ in range(2)]
    data = [{"csrf_token": each.token(), "listed": HEADER + GOOD, "then": "invite"} for each in officers]
    address = f"/partnerships/{area.partnership}/contacts"

    at_once(*(lambda n=n: officers[n].open(address, "POST", data=data[n], follow=False) for n in range(2)))

    assert len(area.rows(Invitation.id)) == 3


def test_all_mistakes_at_once_each_with_its_line(area: House) -> None:
    area.world.partnership("Northmoor", areas=("902",))
    area.world.organisation("Far School", areas=("902",), identifier="3")
    closed = area.world.organisation("Closed School", identifier="4")
    with area.world.session() as session:
        session.execute(
            update(Organisation)
            .where(Organisation.id == closed)
            .values(status="closed", closed_on=making.NOW.date())
        )
        session.commit()

    page = _look(
        area.officer(),
        area,
        HEADER
        + GOOD
        + "GIAS:3,c@example.org,C,reader,\n"  # of another area
        + "GIAS:4,c@example.org,C,reader,\n"
        + "GAIS:1,c@example.org,C,reader,\n"
        + "GIAS:1,nobody,,officer,\n"
        + "GIAS:1,A@example.org,Alex A,reader,\n"
        + "GIAS:1,d@example.org\n"
        + f"GIAS:1,e@example.org,{'x' * 301},reader,\n",
    )

    unknown = "there is no open organisation “{}” in the area"
    assert page.summary == [
        f"Line 5: {unknown.format('GIAS:3')}: did you mean “gias:2”?",
        f"Line 6: {unknown.format('GIAS:4')}: did you mean “gias:2”?",
        f"Line 7: {unknown.format('GAIS:1')}: did you mean “gias:1”?",
        "Line 8: name is empty",
        "Line 8: there is no role “officer”: use one of contributor, signatory, reader",
        "Line 8: “nobody” is not an e-mail address",
        "Line 9: A@example.org is in the list twice for the same organisation",
        "Line 10: the row has 2 cells, the header has 5 cells",
        "Line 11: the name has 301 characters; at most 300 fit",
    ]
    assert page.target("Line 5")["id"] == "file"
    assert area.rows(Invitation.id) == []


def test_a_hidden_copy_with_a_mistake_invites_nobody(area: House) -> None:
    """All or nothing, also for what no page of ours would send."""
    page = area.officer().post(
        f"/partnerships/{area.partnership}/contacts",
        {"listed": HEADER + GOOD + "GIAS:9,c@example.org,C,reader,\n", "then": "invite"},
    )

    assert "Line 5: " in page.summary[0]
    assert area.rows(Invitation.id) == []


def test_a14_a_local_number_is_the_partnerships_own(area: House) -> None:
    """A14: two partnerships may number their own lists alike."""
    other = area.world.partnership("Northmoor", areas=("902",))
    common = {"register": "local", "identifier": "17", "setting": "voluntary", "status": "open"}
    theirs = area.world.organisation("Theirs")
    ours = area.world.organisation("Ours")
    with area.world.session() as session:
        for organisation, owner in ((theirs, other), (ours, area.partnership)):
            session.execute(
                update(Organisation).where(Organisation.id == organisation).values(**common, owner_id=owner)
            )
        session.commit()

    looked = _look(area.officer(), area, HEADER + "LOCAL:17,a@example.org,A,reader,\n")
    assert _rows(looked) == [["A, a@example.org", "Ours", "Reader"]]

    with area.world.session() as session:
        session.execute(update(Organisation).where(Organisation.id == ours).values(identifier="18"))
        session.commit()
    assert _look(area.officer(), area, HEADER + "local:17,a@example.org,A,reader,\n").summary


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_h1_names_are_read_as_they_were_written(area: House, encoding: str, end: str) -> None:
    """H1: from any program that writes CSV, and through the hidden copy."""
    text = (HEADER + 'GIAS:1,a@example.org,"Zoë ""Z"" O’Neill, BA",reader,\n').replace("\n", end)
    officer = area.officer()

    officer.send(_look(officer, area, text.encode(encoding)), then="invite")

    assert area.rows(Invitation.name) == [('Zoë "Z" O’Neill, BA',)]


def test_h3_files_that_are_no_list(area: House) -> None:
    """H2, H3: each says what it is; nobody is invited."""
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    for data, said in {
        workbook.getvalue(): "workbook",
        b"": "is empty",
        HEADER.encode(): "a header and no rows",
        b"<!doctype html><p>Sign in": "web page",
        b"organisation;email;name;role\n": "semicolons",
        b"organisation,e-mail,name,role\nGIAS:1,a@example.org,A,reader\n": "did you mean “e-mail”?",
        b"email,email,organisation,name,role\n": "twice",
        (HEADER + "GIAS:1,a@example.org,Zo\xc3\xab,reader,\n").encode(): "wrong encoding",
        HEADER.encode("utf-16"): "UTF-16",
        HEADER.encode() + b"GIAS:1,a@example.org,\x00,reader,\n": "NUL",
    }.items():
        page = _look(area.officer(), area, data)
        assert said in page.summary[0], page.summary
    assert area.officer().post(f"/partnerships/{area.partnership}/contacts").summary == ["Choose a file"]
    assert area.rows(Invitation.id) == []


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}}", "{secret}", "=1+1", "' OR 1=1--"])
def test_e1_hostile_cells_are_shown_as_typed(area: House, name: str) -> None:
    """E1: on the page that shows the list, in its mistakes, and in the hidden copy of it."""
    officer, row = area.officer(), f'GIAS:1,a@example.org,"{name}",reader,"{name}"\n'

    looked = _look(officer, area, HEADER + row)
    assert f"{name}, a@example.org" in looked.text
    assert looked.fields()["listed"] == HEADER + row
    officer.send(looked, then="invite")
    assert area.rows(Invitation.name) == [(name,)]
    wrong = _look(officer, area, HEADER + f'"{name}","{name}",A,"{name}",\n')
    assert [name in line for line in wrong.summary] == [True] * 3
    for page in (looked, wrong):
        assert not page.soup.select("main script")


def test_a_list_of_200_asks_little_for_each(area: House, engine: Engine) -> None:
    """One invitation: the earlier ones, itself, its mail, its trail entry."""
    officer = area.officer()
    looked = _look(officer, area, _many(200))
    data = {**looked.fields(), "then": "invite"}

    with counted(engine) as questions:
        officer.open(f"/partnerships/{area.partnership}/contacts", "POST", data=data, follow=False)

    assert len(area.rows(Invitation.id)) == 200
    assert len(questions) <= 200 * 8 + 12


def test_looking_at_a_list_asks_no_more_for_a_long_one(area: House, engine: Engine) -> None:
    asked = []
    for rows in (1, 100):
        officer = area.officer()
        officer.token()
        with counted(engine) as questions:
            _look(officer, area, _many(rows))
        asked.append(len(questions))

    assert asked[0] == asked[1]


def test_another_partnerships_page_is_none_of_an_officers(area: House) -> None:
    other = area.world.partnership("Northmoor", areas=("902",))
    area.world.person("Far Officer", Grant(Role.OFFICER, partnership_id=other), email="far@example.org")

    for email, status in (("far@example.org", 404), ("head@example.org", 404), ("officer@example.org", 200)):
        assert area.visit(email).get(f"/partnerships/{area.partnership}/contacts").status == status


def _look(officer: Visitor, area: House, listed: str | bytes) -> Page:
    data = listed.encode() if isinstance(listed, str) else listed
    address = f"/partnerships/{area.partnership}/contacts"
    return officer.post(address, {"file": (io.BytesIO(data), "list.csv")})


def _rows(page: Page) -> Sequence[Sequence[str]]:
    cells = [row.select("th, td") for row in page.soup.select("tbody tr")]
    return [[cell.get_text(strip=True) for cell in row] for row in cells]


def _many(count: int) -> str:
    return HEADER + "".join(f"GIAS:{n % 2 + 1},p{n}@example.org,Person {n},reader,\n" for n in range(count))
