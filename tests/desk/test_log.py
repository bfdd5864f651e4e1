"""Who was written to when, and the calls, over a whole round."""

from sqlalchemy import update

from compact.mail.models import OutboxMail
from tests import making
from tests.desk.conftest import SCHOOLS, Desk, head_of

ASHFIELD, BIRCHFIELD, *_ = SCHOOLS


def rows(desk: Desk) -> list[list[str]]:
    page = desk.officer.get(desk.address("/log"))
    return [[each.get_text() for each in row.select("th, td")] for row in page.soup.select("main tbody tr")]


def test_each_sending_is_a_line_with_what_became_of_it(desk: Desk) -> None:
    assert rows(desk) == []
    desk.launch()
    launched = ["5 October 2026 at 10:30am", "The round is open", "Ellis Officer", "5", "5"]
    assert rows(desk) == [[*launched, "5 waiting to be sent"]]
    with desk.world.session() as session:
        session.execute(update(OutboxMail).values(sent_at=making.NOW, next_try_at=None))
        back = OutboxMail.recipient == head_of(ASHFIELD)
        session.execute(
            update(OutboxMail).where(back).values(returned_at=making.NOW, last_error="It came back")
        )
        recalled = OutboxMail.recipient == head_of(BIRCHFIELD)
        given_up = {"sent_at": None, "failed_at": making.NOW, "last_error": "recalled"}
        session.execute(update(OutboxMail).where(recalled).values(**given_up))
        session.commit()
    assert rows(desk) == [[*launched, "Sent, 1 not sent any more, 1 did not arrive"]]


def test_calls_are_listed_with_their_organisations_and_another_areas_are_not(desk: Desk) -> None:
    officer = desk.officer
    said = {"whom": "The office", "on": "2 10 2026", "said": "The head is back on Monday"}
    officer.post(desk.part(ASHFIELD, "/calls"), said)
    page = officer.get(str(officer.get(desk.address("/chase")).link("Mails and calls")["href"]))
    assert "2 October 2026 , Ashfield School : Ellis Officer spoke to The office. The head is back" in (
        page.one("main").get_text(" ", strip=True)
    )
    other = desk.world.partnership("Northmoor Partnership", ["902"])
    desk.world.person("Noa North", making.officer(other), email="north@example.org")
    joint = desk.world.cycle(1, other, name="Joint")
    officer.post(f"/cycles/{joint}/organisations/{desk.schools[ASHFIELD]}/calls", said)
    assert "Ashfield School" in officer.get(f"/cycles/{joint}/log").text
    assert "Ashfield School" not in desk.visit("north@example.org").get(f"/cycles/{joint}/log").text
