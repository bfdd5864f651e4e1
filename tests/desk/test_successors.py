"""H5: a school that becomes an academy keeps its returns, actions and sign-offs, all through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from compact.accounts.models import Membership
from compact.cycles.models import Due, Extension
from compact.desk import links_cli
from compact.desk.taking_over import take_over
from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation, Succession
from compact.returns.models import Return
from compact.returns.rules import Answer
from compact.review.rules import Name
from compact.trail.models import TrailEntry
from tests import making
from tests.conftest import Ended
from tests.making import ASKED_SCHOOL_KEYS, NOW, SIGNATURE, World, contributor, signatory
from tests.pages import Visitor
from tests.prepared import Prepared
from tests.review.test_looking import names
from tests.school import School

TODAY = NOW.date()
EVIDENCE = "Governors read the record of every term, and the lead reports to them. " * 2
SAME = {key: Answer("good", evidence=EVIDENCE + key) for key in ASKED_SCHOOL_KEYS}


@dataclass(frozen=True)
class Places:
    """A round that is open for two schools and a neighbour, and what takes over from them."""

    world: World
    visit: Callable[[str], Visitor]
    cycle: int
    old: int
    other: int
    neighbour: int

    def new(self, name: str = "Larkfield Academy") -> int:
        """An organisation that came into the register after the round was opened."""
        return self.world.organisation(name)

    def link(self, *pairs: tuple[int, int], on: date = TODAY) -> None:
        rows = [{"old_id": old, "new_id": new, "on": on, "kind": "Successor"} for old, new in pairs]
        self.world.insert(Succession, rows)
        self.take_over()

    def take_over(self, today: date = TODAY) -> None:
        with self.world.session() as session:
            take_over(session, today, NOW)
            session.commit()

    def due(self) -> set[int]:
        with self.world.session() as session:
            return {*session.scalars(select(Due.organisation_id).where(Due.cycle_id == self.cycle))}

    def of_return(self, return_id: int) -> int:
        with self.world.session() as session:
            return session.scalars(select(Return.organisation_id).where(Return.id == return_id)).one()

    def signed(self, organisation: int) -> int:
        return self.world.signed(self.cycle, organisation, dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))

    def officer(self) -> Visitor:
        return self.visit("officer@example.org")


@pytest.fixture
def places(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> Places:
    return Places(world, visit, *prepared.on(world, _three_schools))


def _three_schools(world: World) -> tuple[int, int, int, int]:
    partnership = world.partnership()
    old, other, neighbour = (world.organisation(f"{name} School") for name in ("Larkfield", "Oak", "Elm"))
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")
    world.person("Robin Head", signatory(old), email="head@example.org")
    world.person("Kim Oak", signatory(other), email="oak@example.org")
    return world.cycle(partnership), old, other, neighbour


def test_the_successor_takes_an_unsigned_place_with_what_belongs_to_it(places: Places) -> None:
    """H5: academy conversion with an open return, in mid-round: what was typed and given goes on."""
    world, new = places.world, places.new()
    draft = world.started(places.cycle, places.old)
    given = {"until": date(2027, 1, 31), "why": "A new head", "by_id": None, "at": NOW, "version": 1}
    world.insert(Extension, [{"cycle_id": places.cycle, "organisation_id": places.old, **given}])

    places.link((places.old, new))

    assert places.due() == {new, places.other, places.neighbour}
    assert places.of_return(draft) == new
    head = places.visit("head@example.org")
    assert head.get(f"/returns/{draft}").h1 == "Larkfield Academy"
    assert "31 January 2027" in head.get(f"/returns/{draft}").text
    chase = places.officer().get(f"/cycles/{places.cycle}/chase")
    assert ("Larkfield Academy" in chase.text, "Larkfield School" in chase.text) == (True, False)
    before = places.due()
    places.take_over()
    assert places.due() == before
    with world.session() as session:
        said = session.scalars(select(TrailEntry.what).order_by(TrailEntry.sequence)).all()
    assert said == ["role taken over", "took a place in the round"]


def test_the_launch_mail_to_the_school_leads_to_the_academys_return(places: Places) -> None:
    """The head reads the mail of September after the conversion; the old school's page is open in a tab."""
    new, head = places.new(), places.visit("head@example.org")
    address = f"/cycles/{places.cycle}/organisations/{places.old}/start"
    page = head.get(address)
    places.link((places.old, new))
    assert head.get(address).address.startswith(f"/cycles/{places.cycle}/organisations/{new}/")
    assert head.send(page).h1 == "Larkfield Academy"
    assert head.get(address).h1 == "Larkfield Academy"
    with places.world.session() as session:
        assert session.scalars(select(Return.organisation_id)).all() == [new]
    places.world.person("Noor Elm", signatory(places.neighbour), email="elm@example.org")
    assert places.visit("elm@example.org").get(address).status == 404


def test_before_its_day_nothing_passes_on_and_on_it_everything_does(places: Places) -> None:
    new, tomorrow = places.new(), TODAY + timedelta(days=1)
    places.link((places.old, new), on=tomorrow)
    assert places.due() == {places.old, places.other, places.neighbour}
    places.take_over(tomorrow)
    assert places.due() == {new, places.other, places.neighbour}


def test_after_the_round_is_over_nobody_is_asked_anew(places: Places) -> None:
    new = places.new()
    places.world.insert(Succession, [{"old_id": places.old, "new_id": new, "on": TODAY, "kind": "Successor"}])
    places.take_over(date(2026, 12, 19))
    assert new not in places.due()
    places.take_over(date(2026, 12, 18))
    assert new in places.due()


def test_what_was_signed_keeps_its_place_and_its_successor_is_not_asked(places: Places) -> None:
    new = places.new()
    places.world.insert(
        Due, [{"cycle_id": places.cycle, "organisation_id": new, "added_at": NOW}]
    )  # both stood in the register when the round was opened
    signed = places.signed(places.old)
    places.link((places.old, new))
    assert places.due() == {places.old, places.other, places.neighbour}
    assert places.of_return(signed) == places.old
    page = places.officer().get(f"/cycles/{places.cycle}/add?name=larkfield")
    assert "Larkfield Academy" not in page.one("main").get_text()


def test_two_that_were_both_asked_become_one(places: Places) -> None:
    new = places.new()
    places.world.insert(Due, [{"cycle_id": places.cycle, "organisation_id": new, "added_at": NOW}])
    draft = places.world.started(places.cycle, places.old)
    places.link((places.old, new))
    assert places.due() == {new, places.other, places.neighbour}
    assert places.of_return(draft) == new


def test_a_round_that_opens_asks_the_successor_alone(places: Places) -> None:
    new = places.new()
    places.link((places.old, new))
    later = places.world.cycle(1, name="Compact 2027", opens=date(2026, 10, 2))
    with places.world.session() as session:
        due = {*session.scalars(select(Due.organisation_id).where(Due.cycle_id == later))}
    assert due == {new, places.other, places.neighbour}


def test_when_both_have_signed_the_successor_counts(places: Places) -> None:
    new = places.new()
    places.world.insert(Due, [{"cycle_id": places.cycle, "organisation_id": new, "added_at": NOW}])
    places.signed(places.old)
    places.signed(new)
    with places.world.session() as session:
        row = {"old_id": places.old, "new_id": new, "on": TODAY, "kind": "Successor"}
        session.add(Succession(**row))
        session.commit()

    def response() -> list[str]:
        table = places.officer().get(f"/cycles/{places.cycle}").soup.select("main table")[0]
        return [each.get_text() for each in table.select("tbody tr")[0].select("td")]

    assert response() == ["3", "1", "33.33%"]
    places.take_over()
    assert places.due() == {new, places.other, places.neighbour}
    assert response() == ["3", "1", "33.33%"]


def test_of_a_merger_the_new_school_is_asked_and_nothing_is_last_times(places: Places) -> None:
    """Whose answers would be last time's? The plans of both go on, their returns stay readable."""
    world, new = places.world, places.new("Oakfield School")
    earlier = world.cycle(1, name="Compact 2025", opens=date(2025, 9, 1), closes=date(2025, 12, 1))
    old = world.signed(earlier, places.old, {"bullying": "inadequate"})
    other = world.signed(earlier, places.other, {"bullying": "good"})
    begun = world.started(places.cycle, places.old)
    world.person("Sam New", signatory(new), email="new@example.org")

    places.link((places.old, new), (places.other, new))

    assert places.due() == {new, places.neighbour}
    assert places.of_return(begun) == places.old
    head = places.visit("new@example.org")
    made = world.started(places.cycle, new)
    assert "are shown beside the questions" not in head.get(f"/returns/{made}").text
    assert {head.get(f"/returns/{each}").status for each in (old, other, begun)} == {200}
    with world.session() as session:
        kept = session.scalars(
            select(Membership.organisation_id).where(
                Membership.organisation_id.in_((places.old, places.other))
            )
        ).all()
    assert sorted(each for each in kept if each) == [places.old, places.other], "nobody knows who leads it"


def test_of_a_split_each_part_is_asked(places: Places) -> None:
    first, second = places.new("Larkfield Juniors"), places.new("Larkfield Infants")
    places.link((places.old, first), (places.old, second))
    assert places.due() == {first, second, places.other, places.neighbour}
    places.take_over()
    assert places.due() == {first, second, places.other, places.neighbour}


def test_a_school_that_became_another_twice_is_where_it_is_last(places: Places) -> None:
    between, last = places.new("Larkfield Free School"), places.new()
    with places.world.session() as session:
        closed = {"status": "closed", "closed_on": TODAY}
        session.execute(update(Organisation).where(Organisation.id == between).values(**closed))
        session.commit()
    places.link((places.old, between), (between, last), (places.old, last))
    assert places.due() == {last, places.other, places.neighbour}
    assert "Larkfield Academy" in places.visit("head@example.org").get("/").one("main").get_text()


def test_who_has_a_role_in_both_keeps_the_one_in_the_new(places: Places) -> None:
    world, new = places.world, places.new()
    world.person("Both", contributor(places.old), signatory(new), email="both@example.org")
    places.link((places.old, new))
    with world.session() as session:
        roles = session.execute(select(Membership.organisation_id, Membership.role)).all()
    assert sorted(role for organisation, role in roles if organisation == new) == ["signatory"] * 2
    assert "Who do you act for" not in places.visit("both@example.org").get("/").text


@pytest.fixture
def linked(
    school: School,
    compact: Callable[..., Ended],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Mapping[str, int]:
    """The school signed with a weak grade and an action in the round, and became an academy on this day."""
    monkeypatch.setattr(links_cli, "today", lambda: TODAY)
    monkeypatch.setattr(links_cli, "now", lambda: NOW)
    school.world.answer(school.return_id, SAME | {"bullying": Answer("inadequate")})
    planned = {"key": "bullying", "what": "Ask them", "lead": "The deputy head", "due": "1 10 2026"}
    school.head().post(school.address("/actions"), planned)
    assert school.sign().status == 200
    academy = school.world.organisation("Larkfield Academy", identifier="1002")
    file = tmp_path / "links.csv"
    file.write_text(
        "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\r\n"
        f"1002,1001,Larkfield School,Predecessor,{TODAY:%d-%m-%Y}",
        encoding="cp1252",
    )
    with school.world.session() as session:
        known = update(Organisation).where(Organisation.id == school.organisation)
        session.execute(known.values(identifier="1001"))
        session.commit()
    ended = compact("organisations", "link", "--register", "gias", file)
    assert ended.code == 0, ended.err
    later = school.world.cycle(1, name="Compact 2027", opens=date(2026, 10, 2), closes=date(2027, 1, 31))
    return {"academy": academy, "later": later}


def test_the_head_goes_on_as_the_academy_with_all_that_the_school_signed(
    school: School, linked: Mapping[str, int]
) -> None:
    """H5: the same person, invited by nobody, sees the return and its receipt and goes on with the action."""
    head, academy = school.head(), linked["academy"]
    home = head.get("/")
    assert "Larkfield Academy" in home.one("main").get_text()
    for rest in ("", "/receipt", "/actions", "/feedback", ".pdf"):
        assert head.get(school.address(rest)).status == 200
    plan = head.get(f"/organisations/{academy}/actions")
    assert "Ask them" in plan.text
    action = head.get(str(plan.soup.select("main h3 a")[0]["href"]))
    assert "Your update is saved" in head.send(action, status="under_way", note="Two were asked.").text
    assert "Under way" in head.get(f"/organisations/{school.organisation}/actions").text
    assert head.get(school.address("/actions")).status == 200


def test_the_next_round_begins_from_what_the_school_signed(school: School, linked: Mapping[str, int]) -> None:
    """Its own last return is the school's: beside the questions, in the plan, and in the reasons to look."""
    head, world, academy = school.head(), school.world, linked["academy"]
    start = head.get(f"/cycles/{linked['later']}/organisations/{academy}/start")
    page = head.send(start)
    address = page.address
    assert (
        "The answers of Larkfield School, which this organisation took over from, in Compact 2026"
        in page.text
    )
    profile = head.get(f"{address}/profile")
    assert "Last time: No." in profile.text
    head.send(profile, as_last_time="yes")
    first = head.get(f"{address}/standards/1")
    assert (
        first.one("section[data-key=leadership] .app-earlier")
        .get_text(" ", strip=True)
        .startswith("From Oct")
    )
    assert head.send(first, still_true="leadership").fields()["leadership-grade"] == "good"
    return_id = int(address.rsplit("/", 1)[1])
    fell = {"induction": Answer("inadequate"), "bullying": Answer("inadequate")}
    world.answer(return_id, {key: each for key, each in (SAME | fell).items() if key != "leadership"})
    assert "Ask them" in head.get(f"{address}/actions").text, "the school's action is carried"
    planned = {"key": "induction", "what": "A new folder", "lead": "Head", "due": "1 5 2027"}
    head.post(f"{address}/actions", planned)
    check = head.get(f"{address}/check")
    assert "Said to be still true" in check.text
    signed = head.send(head.get(f"{address}/sign-off"), **SIGNATURE)
    assert (signed.status, "/receipt" in signed.address) == (200, True)
    assert {Name.FELL, Name.AS_LAST_TIME} <= {*names(world, return_id)}
    assert Name.AS_ANOTHER not in names(world, return_id)
    officer = school.officer()
    read = officer.get(f"/review/{return_id}")
    assert "overdue" in read.text
    queued = officer.get(f"/review?cycle={linked['later']}").one("main").get_text(" ", strip=True)
    assert "1 action is overdue" in queued
    updates = officer.get(f"/cycles/{linked['later']}/updates").one("main").get_text(" ", strip=True)
    assert "Larkfield Academy 2 1" in updates, "its open actions and the overdue one, with the school's"


def test_of_the_two_one_counts_and_one_is_chased(school: School, linked: Mapping[str, int]) -> None:
    officer = school.officer()
    for cycle, due in ((school.cycle, "Larkfield School"), (linked["later"], "Larkfield Academy")):
        chase = officer.get(f"/cycles/{cycle}/chase")
        assert [each.get_text() for each in chase.soup.select("tbody th a") if "Lark" in each.get_text()] == [
            due
        ]
    table = officer.get(f"/cycles/{school.cycle}").soup.select("main table")[0]
    assert [each.get_text() for each in table.select("tbody tr")[0].select("td")] == ["1", "1", "100.00%"]


def test_a_mail_about_the_schools_return_goes_to_the_academys_people(
    school: School, linked: Mapping[str, int]
) -> None:
    """An officer opens the school's return again: who signs for the academy is told, and can sign it anew."""
    world, officer = school.world, school.officer()
    world.person("Noor New", signatory(linked["academy"]), email="new@example.org")
    world.clear(OutboxMail)
    officer.send(officer.get(school.address("/reopen")), reason="A grade was mistyped")
    with world.session() as session:
        told = session.scalars(select(OutboxMail.recipient).order_by(OutboxMail.recipient)).all()
        again = session.scalars(select(Return.id).where(Return.status == "draft")).one()
    assert [*told] == ["deputy@example.org", "head@example.org", "new@example.org"]
    new = school.visit("new@example.org")
    signed = new.send(new.get(f"/returns/{again}/sign-off"), **SIGNATURE)
    assert "/receipt" in signed.address


def test_a_page_from_before_an_update_of_the_schools_plan_cannot_sign(
    school: School, linked: Mapping[str, int]
) -> None:
    """C8: the school's action is in the plan of the academy's draft, wherever its update was written."""
    head = school.head()
    draft = school.world.started(linked["later"], linked["academy"])

    def version() -> int:
        with school.world.session() as session:
            return session.scalars(select(Return.version).where(Return.id == draft)).one()

    before = version()
    for place in (school.organisation, linked["academy"]):
        listed = head.get(f"/organisations/{place}/actions").soup.select("main h3 a")
        head.send(head.get(str(listed[0]["href"])), note=f"Said at {place}.")
    assert version() == before + 2
