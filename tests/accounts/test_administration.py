"""What administrators do: find people, let them in no more, help them, and read the trail and the log."""

import pytest
from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.accounts.models import Authenticator, Membership, Person, RecoveryCode, SignInStep
from compact.trail.models import SecurityEntry, TrailEntry
from tests import making
from tests.accounts.conftest import House, at_once
from tests.pages import Page, Visitor

PEOPLE = "/administration/people"
HOSTILE = "<script>alert(1)</script>{{7*7}}"


@pytest.mark.parametrize(
    ("looking_for", "found"),
    [
        ("ROBIN", ["Robin Head"]),
        ("deputy@EXAMPLE", ["Sam Deputy"]),
        ("%", []),
        ("_", []),
        ("\0", []),
        ("ŵYN", ["Zoë Ŵyn"]),
        ("' OR 1=1--", []),
        (HOSTILE, []),
    ],
)
def test_e2_people_are_found_by_name_and_address(house: House, looking_for: str, found: list[str]) -> None:
    """E2, E3: what is looked for is text, on both databases."""
    house.world.person("Zoë Ŵyn", email="zoe@example.org")

    page = house.administrator().open(PEOPLE, query_string={"q": looking_for})

    assert [each.get_text() for each in page.soup.select("tbody a")] == found
    assert not page.soup.select("main script")


def test_disabling_bites_at_the_very_next_request(house: House) -> None:
    """A8: in the middle of something; also a half-done sign-in leads nowhere."""
    deputy, person = house.visit("deputy@example.org"), house.person_id("deputy@example.org")
    half = house.visit("")
    half.post("/sign-in/mail", {"email": "deputy@example.org"})
    assert deputy.get("/").h1 == "Home"
    assert len(house.rows(SignInStep.token_hash)) == 1

    page = _do(house, "deputy@example.org", "disable")

    assert page.banner == ["Sam Deputy can no longer sign in."]
    assert deputy.get("/").h1 == "Sign in"
    assert house.rows(SignInStep.token_hash) == []
    assert house.visit("").sign_in("deputy@example.org", making.PASSWORD).summary
    assert [entry[:2] for entry in house.trail()] == [("account disabled", f"person {person}")]


def test_enabling_lets_them_in_again_but_not_into_their_old_sign_in(house: House) -> None:
    deputy = house.visit("deputy@example.org")
    _do(house, "deputy@example.org", "disable")

    page = _do(house, "deputy@example.org", "enable")

    assert page.banner == ["Sam Deputy can sign in again."]
    assert deputy.get("/").h1 == "Sign in"
    assert house.visit("").sign_in("deputy@example.org", making.PASSWORD).h1 == "Home"
    assert [what for what, _, _ in house.trail()] == ["account disabled", "account enabled"]


def test_a9_the_last_administrator_is_neither_disabled_nor_removed_nor_anything_else(house: House) -> None:
    """A9: and one that is disabled stands in for nobody."""
    house.world.person("Gone Before", Grant(Role.ADMINISTRATOR), email="gone@example.org")
    house.disable("gone@example.org")
    administrator = house.administrator()

    page = _do(house, "administrator@example.org", "disable")
    assert page.target("Invite another administrator first")["id"] == "disable"
    member = str(administrator.get("/administrators").link("Chris Vane")["href"])
    page = administrator.post(f"{member}/remove")
    assert page.target("This is the only administrator. Invite the next one first")["id"] == "remove"
    assert administrator.get("/administrators").status == 200
    assert house.trail() == []


@pytest.mark.parametrize("deeds", [("disable", "disable"), ("disable", "remove"), ("remove", "remove")])
def test_a9_the_last_two_administrators_cannot_both_go_at_once(house: House, deeds: tuple[str, str]) -> None:
    """A9, C5: each does it to the other at the same moment."""
    house.world.person("Second One", Grant(Role.ADMINISTRATOR), email="second@example.org")
    emails = ("administrator@example.org", "second@example.org")
    visitors = [house.visit(email) for email in emails]
    members = visitors[0].get("/administrators")
    pages: list[Page] = []
    targets = []
    for email, name, deed in zip(emails[::-1], ("Second One", "Chris Vane"), deeds, strict=True):
        member = str(members.link(name)["href"])
        account = f"{PEOPLE}/{house.person_id(email)}"
        targets.append(f"{account}/disable" if deed == "disable" else f"{member}/remove")
    tokens = [visitor.token() for visitor in visitors]

    def go(number: int) -> None:
        form = {"csrf_token": tokens[number]}
        pages.append(visitors[number].open(targets[number], "POST", data=form, follow=False))

    at_once(lambda: go(0), lambda: go(1))

    assert len(house.trail()) == 1
    able = select(Person.id).join(Membership, Membership.person_id == Person.id)
    able = able.where(Membership.role == Role.ADMINISTRATOR, Person.disabled_at.is_(None))
    with house.world.session() as session:
        assert len(session.scalars(able).all()) == 1


def test_ending_somebodys_sign_ins(house: House) -> None:
    deputy, other = house.visit("deputy@example.org"), house.head()

    page = _do(house, "deputy@example.org", "end-sessions")

    assert page.banner == ["Sam Deputy is signed out everywhere."]
    assert deputy.get("/").h1 == "Sign in"
    assert other.get("/").h1 == "Home"
    assert ("sessions ended by an administrator",) in house.rows(SecurityEntry.what)


def test_forgetting_a_lost_authenticator(house: House) -> None:
    person = house.person_id("officer@example.org")
    row = {"person_id": person, "secret": "S", "confirmed_at": making.NOW, "last_step": 0}
    house.world.insert(Authenticator, [row])
    house.world.insert(RecoveryCode, [{"code_hash": "a" * 64, "person_id": person}])
    officer = house.officer()

    page = _do(house, "officer@example.org", "forget-authenticator")

    assert page.banner == ["The authenticator of Ellis Officer is forgotten."]
    assert "Not set up" in page.text
    assert house.rows(Authenticator.person_id) == house.rows(RecoveryCode.code_hash) == []
    assert officer.get("/").h1 == "Sign in"
    by = house.person_id("administrator@example.org")
    about = house.rows(SecurityEntry.what, SecurityEntry.about, SecurityEntry.person_id)
    assert ("authenticator removed by an administrator", f"person {person}", by) in about


def test_somebodys_page_says_what_they_may_and_where(house: House) -> None:
    page = house.administrator().get(f"{PEOPLE}/{house.person_id('head@example.org')}")

    assert "Signatory, Larkfield School" in page.text
    assert "Not set up" in page.text
    assert house.administrator().get(f"{PEOPLE}/999").status == 404


@pytest.mark.parametrize(
    ("log", "count"), [("trail", 100), ("trail", 101), ("security", 100), ("security", 101)]
)
def test_a_log_is_read_a_page_at_a_time(house: House, log: str, count: int) -> None:
    """Every entry once, the newest first, and no empty page at the end."""
    _write(house, log, count)
    page, seen = house.administrator().get(f"/administration/{log}"), []
    for _ in range(10):
        seen += [row.select("td, th") for row in page.soup.select("tbody tr")]
        older = [each for each in page.soup.select("main a") if each.get_text() == "Older entries"]
        if not older:
            break
        page = house.administrator().get(f"/administration/{log}{str(older[0]['href']).partition(log)[2]}")

    column = 4 if log == "trail" else 3
    assert [row[column].get_text() for row in seen] == [f"thing {n}" for n in range(count, 0, -1)]
    assert page.link("The newest")


@pytest.mark.parametrize("before", ["0", "-1", "x", "", "9" * 30, "1e9", "2147483648", "١", "' OR 1=1--"])
@pytest.mark.parametrize("log", ["trail", "security"])
def test_e5_a_page_of_a_log_that_there_is_none_of(house: House, log: str, before: str) -> None:
    """E5: no number is too large or too odd for either database."""
    page = house.administrator().open(f"/administration/{log}", query_string={"before": before})

    assert page.status == 200


@pytest.mark.parametrize("log", ["trail", "security"])
def test_e1_hostile_texts_in_a_log_are_shown_as_they_are(house: House, log: str) -> None:
    """E1: what a browser calls itself is written down as well."""
    _write(house, log, 1, what=HOSTILE)

    page = house.administrator().get(f"/administration/{log}")

    assert HOSTILE in page.text
    assert not page.soup.select("main script")


def _do(house: House, email: str, deed: str) -> Page:
    administrator: Visitor = house.administrator()
    return administrator.post(f"{PEOPLE}/{house.person_id(email)}/{deed}")


def _write(house: House, log: str, count: int, what: str = "done") -> None:
    """Entries about thing 1, thing 2, and so on."""
    common = {"at": making.NOW, "person_id": None, "what": what}
    if log == "security":
        more = {"address": "192.0.2.1", "agent": HOSTILE}
        house.world.insert(
            SecurityEntry, [{**common, **more, "about": f"thing {n}"} for n in range(1, count + 1)]
        )
        return
    rows = [
        {
            **common,
            "sequence": n,
            "subject": f"thing {n}",
            "detail": "{}",
            "hash": f"{n:064}",
            "previous_hash": f"{n - 1:064}",
        }
        for n in range(1, count + 1)
    ]
    house.world.insert(TrailEntry, rows)
