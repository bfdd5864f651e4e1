"""`compact people`: inviting one and many from a terminal, and helping who lost the authenticator."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from compact.access.values import Role
from compact.accounts.models import Authenticator, Invitation, RecoveryCode, SignIn
from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation
from compact.trail.models import SecurityEntry
from tests import making
from tests.accounts.conftest import House
from tests.conftest import Ended

Compact = Callable[..., Ended]

LIST = "organisation,email,name,role\nGIAS:1,a@example.org,Alex A,signatory\nGIAS:1,b@example.org,B,reader\n"


@pytest.fixture
def area(house: House) -> House:
    with house.world.session() as session:
        session.execute(update(Organisation).values(identifier="1"))
        session.commit()
    return house


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--organisation", "GIAS:1", "--role", "signatory"), ("signatory", 1, None)),
        (("--partnership", "Wexcombe Partnership", "--role", "officer"), ("officer", None, 1)),
        (("--role", "administrator"), ("administrator", None, None)),
    ],
)
def test_somebody_is_invited_to_each_place(
    area: House, compact: Compact, options: tuple[str, ...], expected: tuple[object, ...]
) -> None:
    ended = compact(
        "people", "invite", "New@Example.org", "--name", "Alex New", "--job-title", "Head", *options
    )

    assert (ended.code, ended.out) == (0, "")
    assert area.rows(Invitation.role, Invitation.organisation_id, Invitation.partnership_id) == [expected]
    assert area.rows(Invitation.email, Invitation.name, Invitation.job_title, Invitation.invited_by) == [
        ("new@example.org", "Alex New", "Head", None)
    ]
    assert area.link().removeprefix("/invitation/") not in ended.err
    assert "compact mail send" in ended.err


def test_without_a_name_the_address_stands_for_it(area: House, compact: Compact) -> None:
    compact("people", "invite", "new@example.org", "--role", "administrator")

    assert area.rows(Invitation.name) == [("new@example.org",)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nobody", "--role", "administrator"), 1, "EMAIL: “nobody” is not an e-mail address"),
        (
            ("a@example.org", "--organisation", "GIAS:9", "--role", "reader"),
            1,
            "no organisation with “GIAS:9”",
        ),
        (("a@example.org", "--organisation", "1", "--role", "reader"), 1, "no organisation with “1”"),
        (("a@example.org", "--partnership", "X", "--role", "officer"), 1, "no partnership named “X”"),
        (("a@example.org", "--role", "administrator", "--name", "x" * 301), 1, "--name: the name has 301"),
        (("a@example.org", "--role", "officer"), 2, "does not go with that place: use administrator"),
        (("a@example.org", "--organisation", "GIAS:1", "--role", "officer"), 2, "use contributor, signatory"),
        (("a@example.org", "--role", "king"), 2, "'king' is not one of"),
        (("a@example.org",), 2, "Missing option '--role'"),
        (
            ("a@example.org", "--organisation", "GIAS:1", "--partnership", "X", "--role", "reader"),
            2,
            "not both",
        ),
    ],
)
def test_its_mistakes(
    area: House, compact: Compact, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = compact("people", "invite", *arguments)

    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert area.rows(Invitation.id) == []


def test_a14_two_organisations_of_one_number_are_never_guessed_between(area: House, compact: Compact) -> None:
    """A14: each partnership numbers its own list."""
    other = area.world.partnership("Northmoor", areas=("902",))
    for owner, name in ((1, "Ours"), (other, "Theirs")):
        made = area.world.organisation(name)
        values = {"register": "local", "identifier": "17", "owner_id": owner}
        with area.world.session() as session:
            session.execute(update(Organisation).where(Organisation.id == made).values(**values))
            session.commit()

    ended = compact("people", "invite", "a@example.org", "--organisation", "local:17", "--role", "reader")

    assert ended.code == 1
    assert "more than one organisation" in ended.err
    assert area.rows(Invitation.id) == []


def test_a_list_is_invited_and_the_same_again_invites_nobody(
    area: House, compact: Compact, tmp_path: Path
) -> None:
    file = _written(tmp_path, LIST)

    first = _import(compact, file)
    again = _import(compact, file)

    assert (first.code, first.out) == (0, "invited 2, there already 0\n")
    assert (again.code, again.out) == (0, "invited 0, there already 2\n")
    assert [email for (email,) in area.rows(Invitation.email)] == ["a@example.org", "b@example.org"]
    for (secret,) in area.rows(OutboxMail.secret):
        assert secret not in first.out + first.err


def test_a_dry_run_says_the_same_and_does_nothing(area: House, compact: Compact, tmp_path: Path) -> None:
    ended = _import(compact, _written(tmp_path, LIST), "--dry-run")

    assert (ended.code, ended.out) == (0, "invited 2, there already 0\n")
    assert "nobody was invited" in ended.err
    assert area.rows(Invitation.id) == area.rows(OutboxMail.id) == []


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_one_wrong_row_and_nobody_is_invited(
    area: House, compact: Compact, tmp_path: Path, more: tuple[str, ...]
) -> None:
    file = _written(tmp_path, LIST + "GIAS:1,c@example.org,C,king\nGIAS:7,nobody,D,reader\n")

    ended = _import(compact, file, *more)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        f"{file}:4: there is no role “king”: use one of contributor, signatory, reader",
        f"{file}:5: there is no open organisation “GIAS:7” in the area: did you mean “gias:1”?",
        f"{file}:5: “nobody” is not an e-mail address",
    ]
    assert area.rows(Invitation.id) == []


def test_a_list_of_no_partnership_or_no_file(area: House, compact: Compact, tmp_path: Path) -> None:
    file = _written(tmp_path, LIST)

    assert compact("people", "import", file, "--partnership", "Nowhere").code == 1
    assert compact("people", "import", file).code == 2
    assert (
        compact("people", "import", tmp_path / "none.csv", "--partnership", "Wexcombe Partnership").code == 2
    )
    assert area.rows(Invitation.id) == []


def test_an_authenticator_is_forgotten(area: House, compact: Compact) -> None:
    """Whoever is in somebody's place is signed out as well, and the log says that a command did it."""
    person = area.person_id("officer@example.org")
    row = {"person_id": person, "secret": "S", "confirmed_at": making.NOW, "last_step": 0}
    area.world.insert(Authenticator, [row])
    area.world.insert(RecoveryCode, [{"code_hash": "a" * 64, "person_id": person}])
    officer = area.officer()

    ended = compact("people", "forget-authenticator", " Officer@example.org")

    assert (ended.code, ended.out) == (0, "")
    assert area.rows(Authenticator.person_id) == area.rows(RecoveryCode.code_hash) == []
    assert area.rows(SignIn.token_hash) == []
    assert officer.get("/people").h1 == "Sign in"
    written = area.rows(SecurityEntry.what, SecurityEntry.about, SecurityEntry.address)
    assert ("authenticator removed by a command", f"person {person}", "command") in written


def test_an_authenticator_of_nobody(area: House, compact: Compact) -> None:
    ended = compact("people", "forget-authenticator", "nobody@example.org")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "EMAIL: nobody has the address “nobody@example.org”\n"


def test_an_invited_administrator_gets_in(area: House, compact: Compact) -> None:
    """The first of an installation has nobody who could invite on a page."""
    compact("people", "invite", "first@example.org", "--role", "administrator")
    visitor = area.visit("")
    given = {"name": "First", "password": "orange tractor sunday"}

    visitor.send(visitor.get(area.link()), **given)

    assert visitor.get("/administrators").status in (200, 302)
    area.visit("first@example.org").get("/administration/people").link("First")
    assert Role.ADMINISTRATOR.value in [role for (role,) in area.rows(Invitation.role)]


def _written(folder: Path, text: str) -> Path:
    file = folder / "list.csv"
    file.write_text(text, encoding="utf-8")
    return file


def _import(compact: Compact, file: Path, *more: str) -> Ended:
    return compact("people", "import", file, "--partnership", "Wexcombe Partnership", *more)
