"""What was agreed with single organisations in a round, in one place: more time and excuses."""

from tests.desk.conftest import SCHOOLS, Desk
from tests.pages import Page

ASHFIELD, BIRCHFIELD, CEDARFIELD, *_ = SCHOOLS


def arranged(desk: Desk) -> Page:
    return desk.officer.get(desk.address("/arrangements"))


def give(desk: Desk, school: str) -> None:
    officer = desk.officer
    page = officer.get(desk.part(school, "/extension"))
    officer.send(page, until="31 1 2027", why="The office was flooded")


def test_it_is_all_in_one_place_with_the_way_to_change_it(desk: Desk) -> None:
    assert "Nobody has more time." in arranged(desk).text
    assert "Nobody is excused." in arranged(desk).text
    give(desk, ASHFIELD)
    desk.officer.post(desk.part(BIRCHFIELD, "/excuse"), {"why": "It closes in spring"})

    officer = desk.officer
    page = officer.get(str(officer.get(desk.address()).link("More time and excuses")["href"]))

    said = page.one("main").get_text(" ", strip=True)
    assert "31 January 2027 , given on 5 October 2026 at 10:30am by Ellis Officer" in said
    assert ("The office was flooded" in said, "It closes in spring" in said) == (True, True)
    assert CEDARFIELD not in said
    changed = officer.get(str(page.link("Change")["href"]))
    assert changed.fields()["until"] == "31 January 2027"
    withdrawn = officer.get(str(page.link("Withdraw")["href"]))
    officer.send(withdrawn, why="It is dry again")
    officer.send(page, selector="form[action$='ask-again']")
    after = arranged(desk).text
    assert "Nobody has more time." in after
    assert "Nobody is excused." in after


def test_of_who_has_signed_the_time_is_seen_and_not_changed(desk: Desk) -> None:
    give(desk, ASHFIELD)
    desk.signed(ASHFIELD)
    page = arranged(desk)
    assert "31 January 2027" in page.text
    assert [each.get_text() for each in page.soup.select("main a") if "Withdraw" in each.get_text()] == []
