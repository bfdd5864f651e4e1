"""Mails that did not arrive before anybody signs, and mails that are not wanted any more."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from compact.accounts.models import Invitation
from compact.desk import cli
from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation, RegisterUpload
from tests.conftest import Ended
from tests.desk.conftest import SCHOOLS, Desk
from tests.exchange.rows import row, write
from tests.making import NOW

ASHFIELD, BIRCHFIELD, *_ = SCHOOLS
NEW = {"email": "new@exmaple.org", "name": "Alex New", "job_title": "Head", "role": "signatory"}


@pytest.fixture
def invited(desk: Desk) -> Desk:
    """Somebody was invited to sign for a school, at an address with a slip in it."""
    desk.officer.post(f"/organisations/{desk.schools[ASHFIELD]}/people", NEW)
    return desk


def come_back(desk: Desk) -> None:
    with desk.world.session() as session:
        values = {"sent_at": NOW, "next_try_at": None, "secret": None, "returned_at": NOW}
        why = "It came back: 550 no such user"
        session.execute(update(OutboxMail).values(**values, last_error=why))
        session.commit()


def bounced(desk: Desk) -> list[str]:
    page = desk.officer.get(desk.address("/chase?show=bounced"))
    return [each.get_text() for each in page.soup.select("tbody th a.govuk-link")]


def test_an_invitation_that_came_back_is_seen_at_the_desk(invited: Desk) -> None:
    assert bounced(invited) == []
    come_back(invited)
    assert bounced(invited) == [ASHFIELD]
    page = invited.officer.get(invited.part(ASHFIELD))
    assert "The invitation to Alex New at new@exmaple.org did not arrive" in page.text
    assert "550 no such user" in page.text
    assert "did not arrive" not in invited.officer.get(invited.part(BIRCHFIELD)).text


def test_its_address_is_corrected_and_it_is_sent_again_in_one_step(invited: Desk) -> None:
    come_back(invited)
    officer = invited.officer
    page = officer.get(str(officer.get(invited.part(ASHFIELD)).link("Correct the address")["href"]))
    form = "form:has([name=email])"
    assert page.fields(form).items() >= {**NEW, "replaces": ""}.items()

    officer.send(page, selector=form, email="new@example.org")

    with invited.world.session() as session:
        rows = session.execute(
            select(Invitation.email, Invitation.recalled_at.is_(None)).order_by(Invitation.id)
        ).all()
    assert [tuple(each) for each in rows] == [("new@exmaple.org", False), ("new@example.org", True)]
    assert bounced(invited) == []


def test_a_mistake_in_the_correction_recalls_nothing(invited: Desk) -> None:
    come_back(invited)
    officer, people = invited.officer, f"/organisations/{invited.schools[ASHFIELD]}/people"
    page = officer.get(f"{people}?corrects=1")
    again = officer.send(page, selector="form:has([name=email])", email="nobody")
    assert again.summary == ["Enter an e-mail address, like name@example.org"]
    assert again.fields("form:has([name=email])")["corrects"] == "1"
    assert bounced(invited) == [ASHFIELD]


def test_an_invitation_to_another_place_is_not_recalled(invited: Desk) -> None:
    people = f"/organisations/{invited.schools[BIRCHFIELD]}/people"
    invited.officer.post(people, {**NEW, "corrects": "1"})
    with invited.world.session() as session:
        assert [*session.scalars(select(Invitation.recalled_at))] == [None, None]


def test_i7_an_import_stops_what_waits_to_be_sent(
    desk: Desk, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    """I7: never after submission, also where the return came on paper; another's mail goes out."""
    desk.launch()
    with desk.world.session() as session:
        of = update(Organisation).where(Organisation.id == desk.schools[ASHFIELD])
        session.execute(of.values(identifier="1001"))
        session.commit()
    file = write(tmp_path / "returns.csv", [row("GIAS:1001", name=ASHFIELD)])

    ended = compact("returns", "import", file, "--cycle", "Compact 2026")

    assert ended.code == 0, ended.err
    became = {mail.subject: mail.last_error for mail in desk.mails()}
    assert became[f"Compact 2026 is open: the self-assessment of {ASHFIELD}"] == "recalled"
    assert became[f"Compact 2026 is open: the self-assessment of {BIRCHFIELD}"] is None


def test_the_morning_erases_uploads_that_nobody_used(
    desk: Desk, compact: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = {"person_id": 1, "register": "gias", "name": "schools.csv", "only": "", "content": b"URN"}
    desk.world.insert(
        RegisterUpload,
        [{**file, "at": NOW - timedelta(hours=1)}, {**file, "at": NOW - timedelta(minutes=59)}],
    )
    monkeypatch.setattr(cli, "now", lambda: NOW)
    monkeypatch.setattr(cli, "today", NOW.date)
    assert compact("reminders", "queue").code == 0
    with desk.world.session() as session:
        assert [*session.scalars(select(RegisterUpload.at))] == [NOW - timedelta(minutes=59)]
