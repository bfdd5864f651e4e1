"""The officers' pages: the list with its search, one organisation, adding, correcting, closing, reopening."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select, update

from compact import db
from compact.organisations.models import Organisation, OrganisationCorrection, Succession
from compact.trail.models import TrailEntry
from tests.conftest import Ended
from tests.making import World, officer, signatory
from tests.organisations.files import counts, gias_file, known, school
from tests.pages import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def place(world: World) -> int:
    return world.partnership(areas=("901", "903"))


@pytest.fixture
def ellis(world: World, place: int, visit: Visit) -> Visitor:
    world.partnership("Northmoor", areas=("902",))
    return visit(world.person("Ellis Officer", officer(place)))


def listed(visitor: Visitor, asked: str = "") -> list[str]:
    return [
        each.get_text(strip=True) for each in visitor.get(f"/organisations{asked}").soup.select("tbody th")
    ]


def told(world: World) -> list[str]:
    with world.session() as session:
        return list(session.scalars(select(TrailEntry.what).order_by(TrailEntry.sequence)))


def test_the_list_is_found_by_name_number_postcode_type_and_status(world: World, ellis: Visitor) -> None:
    larkfield = world.organisation("Larkfield School", identifier="100001")
    world.organisation("Oakfield Nursery", identifier="EY200002", setting="early_years", areas=("903",))
    closed = world.organisation("Old School", identifier="100003")
    with world.session() as session:
        session.execute(update(Organisation).where(Organisation.id == larkfield).values(postcode="WX1 2AB"))
        gone = {"status": "closed", "closed_on": date(2026, 1, 2)}
        session.execute(update(Organisation).where(Organisation.id == closed).values(**gone))
        session.commit()
    assert listed(ellis) == ["Larkfield School", "Oakfield Nursery"]
    for asked in ("?q=larkf", "?q=GIAS:100001", "?q=1000", "?q=wx12ab", "?q=WX1++2AB", "?type=school"):
        assert listed(ellis, asked) == ["Larkfield School"], asked
    assert listed(ellis, "?status=closed") == ["Old School"]
    assert len(listed(ellis, "?status=all")) == 3
    for asked in ("?q=%25", "?q=_", "?q=nothing", "?type=statutory", "?page=9"):
        assert listed(ellis, asked) == [], asked


def test_nothing_of_another_area_is_found(world: World, ellis: Visitor) -> None:
    """A11, A14: neither in the list, its count and its search, nor by its id; two of one number are two."""
    world.organisation("Larkfield School", identifier="131556")
    far = world.organisation("Far School", identifier="131557", areas=("902",))
    assert listed(ellis) == ["Larkfield School"]
    assert listed(ellis, "?q=131557") == []
    assert "1 organisation" in ellis.get("/organisations?status=all").text
    for page in ("", "/correct", "/close"):
        assert ellis.get(f"/organisations/{far}{page}").status == 404


def test_fifty_rows_a_page_in_few_queries(world: World, ellis: Visitor, engine: Engine) -> None:
    def queries(address: str) -> int:
        said: list[str] = []

        def listen(_c: object, _cu: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        event.listen(engine, "before_cursor_execute", listen)
        assert ellis.get(address).status == 200
        event.remove(engine, "before_cursor_execute", listen)
        return len(said)

    few = queries("/organisations")
    for number in range(120):
        world.organisation(f"School {number:03}", identifier=str(100_000 + number))
    ellis.get("/organisations")
    assert queries("/organisations") == few < 12
    first = listed(ellis)
    assert (len(first), first[0], first[-1]) == (50, "School 000", "School 049")
    assert len(listed(ellis, "?page=3")) == 20
    page = ellis.get("/organisations?page=2&type=school")
    assert "page=3" in str(page.link("The next")["href"])
    assert "type=school" in str(page.link("The page before")["href"])


def test_one_is_added_with_the_next_number(world: World, ellis: Visitor, engine: Engine, place: int) -> None:
    page = ellis.get("/organisations/new")
    wrong = ellis.send(page, contact__email="nobody")
    assert wrong.summary == [
        "Enter the organisation’s name",
        "Choose which questions it answers",
        "Enter an e-mail address, like name@example.org",
        "Choose at least one area",
    ]
    fields = {"name": " Youth  Club ", "setting": "statutory", "postcode": "wx1 1aa", "areas": "903"}
    added = ellis.post("/organisations/new", fields)
    assert added.h1 == "Youth Club"
    assert added.banner == ["Youth Club is added. It is asked in rounds that open from now on."]
    made = known(engine)["1"]
    assert made.key == ("local", place, "1")
    assert (made.state.name, made.state.postcode) == ("Youth Club", "WX1 1AA")
    assert made.state.areas == {"903"}
    again = ellis.post("/organisations/new", {**fields, "identifier": "1"})
    assert again.summary == ["Youth Club has this number already"]
    ellis.post("/organisations/new", {**fields, "name": "Another"})
    assert set(known(engine)) == {"1", "2"}
    elsewhere = ellis.post("/organisations/new", {**fields, "areas": "902"})
    assert elsewhere.summary == ["Choose at least one area"], "the area is another partnership's"
    assert told(world) == ["organisation added"] * 2


def test_a_body_of_several_areas_needs_several(ellis: Visitor) -> None:
    fields = {"name": "Police", "setting": "hips", "areas": "901"}
    assert ellis.post("/organisations/new", fields).summary == [
        "Choose another type: this one is for bodies of several areas"
    ]


@pytest.fixture
def bring(compact: Callable[..., Ended], tmp_path: Path, ellis: Visitor) -> Callable[..., Ended]:
    def bring(**changes: str) -> Ended:
        file = gias_file(tmp_path / "gias.csv", school(**changes))
        return compact("organisations", "import", "--register", "gias", file)

    return bring


def test_what_is_corrected_stays_while_the_register_says_the_same(
    world: World, ellis: Visitor, engine: Engine, bring: Callable[..., Ended]
) -> None:
    """H9: a name, a postcode, a phase and a contact; until the register says something new."""
    bring(postcode="WX1 1AA")
    one = known(engine)["100001"].id
    corrected = {"name": "Larkfield Primary", "postcode": "WX9 9ZZ", "contact__email": "head@example.org"}
    page = ellis.send(
        ellis.get(f"/organisations/{one}/correct"), phase="nursery", why="The head rang", **corrected
    )
    assert page.h1 == "Larkfield Primary"
    assert "Corrected here; the register says Larkfield School" in page.text
    assert "Corrected here; the register says WX1 1AA" in page.text
    assert "Corrected here; the register says Primary" in page.text
    assert "The head rang" in page.text
    before = known(engine)
    assert bring(postcode="WX1 1AA").out == counts(unchanged=1)
    assert known(engine) == before
    assert bring(postcode="WX1 1AA", name="Larkfield Academy").out == counts(changed=1)
    state = known(engine)["100001"].state
    assert (state.name, state.postcode, state.phase) == ("Larkfield Academy", "WX9 9ZZ", "nursery")
    assert state.contact_email == "head@example.org"
    shown = ellis.get(f"/organisations/{one}").text
    assert "the register says Larkfield" not in shown
    assert "the register says WX1 1AA" in shown
    assert bring(postcode="WX9 9ZZ", name="Larkfield Academy").out == counts(unchanged=1)
    assert "the register says WX1 1AA" not in ellis.get(f"/organisations/{one}").text
    assert told(world) == ["organisation corrected"]


def test_corrected_twice_the_register_still_says_what_it_said(
    ellis: Visitor, engine: Engine, bring: Callable[..., Ended]
) -> None:
    bring()
    one = known(engine)["100001"].id
    for name in ("First", "Second"):
        ellis.send(ellis.get(f"/organisations/{one}/correct"), name=name)
    assert bring().out == counts(unchanged=1)
    assert known(engine)["100001"].corrected == {"name": "Larkfield School"}
    ellis.send(ellis.get(f"/organisations/{one}/correct"), name="Larkfield School")
    assert known(engine)["100001"].corrected == {}
    with db.open_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(OrganisationCorrection)) == 3


def test_two_officers_at_once_see_each_other(
    ellis: Visitor, engine: Engine, bring: Callable[..., Ended]
) -> None:
    bring()
    one = known(engine)["100001"].id
    mine = ellis.get(f"/organisations/{one}/correct")
    ellis.send(ellis.get(f"/organisations/{one}/correct"), postcode="WX5 5AA")
    page = ellis.send(mine, name="My name")
    assert page.summary == ["Somebody else changed it meanwhile. Compare, then save yours again"]
    assert "WX5 5AA" in page.text
    assert known(engine)["100001"].state.name == "Larkfield School"
    assert ellis.send(page, postcode="WX5 5AA").h1 == "My name"


def test_closing_asks_for_a_day_and_a_reason_and_survives_the_register(
    world: World, ellis: Visitor, engine: Engine, bring: Callable[..., Ended]
) -> None:
    """H5, H9: closed by hand it stays closed though the register says open; and may be opened again."""
    bring()
    one = known(engine)["100001"].id
    world.started(world.cycle(1), one)
    page = ellis.get(f"/organisations/{one}/close")
    assert "It has not signed in Compact 2026." in page.text
    assert ellis.send(page).summary == [
        "Enter the day it closed, like 31 8 2026",
        "Say why, for whoever looks at it next year",
    ]
    assert (
        ellis.send(page, on="1 1 2027", why="x")
        .summary[0]
        .startswith("Enter a day that is not in the future")
    )
    shown = ellis.send(page, on="31 August 2026", why="It merged")
    assert "Closed on 31 August 2026" in shown.text
    assert "Corrected here; the register says Open" in shown.text
    assert bring().out == counts(unchanged=1)
    assert known(engine)["100001"].state.closed_on == date(2026, 8, 31)
    reopening = ellis.get(f"/organisations/{one}/close")
    assert reopening.h1 == "Reopen an organisation"
    assert ellis.send(reopening).summary == ["Say why, for whoever looks at it next year"]
    assert "is open again" in ellis.send(reopening, why="It did not").banner[0]
    assert known(engine)["100001"].corrected == {}
    assert told(world) == ["organisation closed", "organisation reopened"]


def test_reopened_by_hand_it_stays_open(ellis: Visitor, engine: Engine, bring: Callable[..., Ended]) -> None:
    """H9: the register goes on saying that it closed, on whatever day."""
    bring()
    bring(status="Closed", closed="31-08-2026")
    one = known(engine)["100001"].id
    ellis.send(ellis.get(f"/organisations/{one}/close"), why="It is open")
    assert bring(status="Closed", closed="31-08-2026").out == counts(unchanged=1)
    assert bring(status="Closed").out == counts(unchanged=1)
    assert known(engine)["100001"].state.closed_on is None
    assert bring().out == counts(unchanged=1)
    assert bring(status="Closed").out == counts(closed=1), "open in the register meanwhile: this is news"


def test_one_page_shows_rounds_people_and_who_took_over(
    world: World, ellis: Visitor, place: int, visit: Visit
) -> None:
    """A11: of a body of several areas the rounds of the other partnerships are not shown."""
    shared = world.organisation("Larkfield School", areas=("901", "902"))
    world.person("Robin Head", signatory(shared))
    draft = world.started(world.cycle(place), shared)
    world.cycle(2, name="Northmoor 2026")
    before = world.organisation("Larkfield Infants")
    world.insert(
        Succession, [{"old_id": before, "new_id": shared, "on": date(2026, 9, 1), "kind": "Predecessor"}]
    )
    page = ellis.get(f"/organisations/{shared}")
    assert "Took over from Larkfield Infants, on 1 September 2026" in page.text
    assert "Taken over by Larkfield School" in ellis.get(f"/organisations/{before}").text
    assert str(page.link("In progress")["href"]) == f"/returns/{draft}"
    assert "Robin Head, signatory (Headteacher)" in page.text
    assert "Northmoor 2026" not in page.text
    assert "902 Northmoor" in page.text


def test_the_home_page_of_an_officer_leads_there(world: World, ellis: Visitor, visit: Visit) -> None:
    ellis.get(str(ellis.get("/").link("Organisations")["href"]))
    head = visit(world.person("Head", signatory(world.organisation())))
    assert not [each for each in head.get("/").soup.find_all("a") if each.get("href") == "/organisations"]
    assert head.get("/organisations").status == 404
