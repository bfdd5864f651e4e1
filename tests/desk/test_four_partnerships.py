"""Four partnerships in one installation, each with its own people, words, settings and rounds; one shared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from compact.cycles.models import Cycle, Excused, Extension
from compact.mail.models import OutboxMail
from compact.organisations.models import Partnership
from compact.returns import reading
from tests import making
from tests.conftest import Ended
from tests.desk.test_reminders import set_clock
from tests.making import World
from tests.pages import Page, Visitor
from tests.prepared import Prepared

# The first one hosts the round that all four run.
AREAS: Mapping[str, str] = {"Wexcombe": "901", "Northmere": "902", "Saltholm": "903", "Oakvale": "904"}
HOST, *GUESTS = AREAS
FIRST, SECOND = GUESTS[:2]
POLICE, TRUST = "Four Vales Police", "Northmere and Saltholm Health"  # one works in all areas, one in two
SHARED = "Four areas 2026"


@dataclass(frozen=True)
class Four:
    """Four partnerships, each with an officer, a school, a round and words of its own; `ids` are by name."""

    world: World
    visit: Callable[[str], Visitor]
    partnerships: Mapping[str, int]
    organisations: Mapping[str, int]
    shared: int

    def officer(self, name: str) -> Visitor:
        return self.visit(f"officer@{name.lower()}.example")

    def own(self, name: str, rest: str) -> str:
        return f"/partnerships/{self.partnerships[name]}{rest}"

    def round(self, rest: str = "") -> str:
        return f"/cycles/{self.shared}{rest}"

    def part(self, organisation: str, rest: str = "") -> str:
        return self.round(f"/organisations/{self.organisations[organisation]}{rest}")

    def launch(self, name: str, address: str) -> Page:
        officer = self.officer(name)
        return officer.post(f"{address}/launch")

    def mails(self) -> list[tuple[str, str, str]]:
        """Whom each mail goes to, its subject, and its text."""
        with self.world.session() as session:
            mails = session.scalars(select(OutboxMail).order_by(OutboxMail.recipient, OutboxMail.id))
            return [(mail.recipient, mail.subject, mail.text) for mail in mails]


def help_of(name: str) -> str:
    return f"\nIf you need help, ask {name}:\n{name} desk, desk@{name.lower()}.example\n"


@pytest.fixture
def four(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> Four:
    return Four(world, visit, *prepared.on(world, _partnerships, visit))


def _partnerships(
    world: World, visit: Callable[[str], Visitor]
) -> tuple[Mapping[str, int], Mapping[str, int], int]:
    """The partnerships and the organisations by name, and the round that is shared."""
    ids = {name: world.partnership(name, (area,)) for name, area in AREAS.items()}
    made = {f"{name} School": world.organisation(f"{name} School", areas=(AREAS[name],)) for name in AREAS}
    made[POLICE] = world.organisation(POLICE, setting="hips", areas=tuple(AREAS.values()))
    made[TRUST] = world.organisation(TRUST, setting="hips", areas=(AREAS[FIRST], AREAS[SECOND]))
    for name, organisation in made.items():
        email = f"{name.lower().replace(' ', '.')}@example.org"
        world.person(f"Head of {name}", making.signatory(organisation), email=email)
    for name, each in ids.items():
        world.person(f"{name} Officer", making.officer(each), email=f"officer@{name.lower()}.example")
    shared = world.cycle(*ids.values(), name=SHARED, settings=("hips",), threshold=11)
    four = Four(world, visit, ids, made, shared)
    for threshold, name in enumerate(AREAS, start=5):
        _set_up(four, name, threshold)
    return ids, made, shared


def _set_up(four: Four, name: str, threshold: int) -> None:
    """What its officer sets and words, by the pages; and a round of its own."""
    officer = four.officer(name)
    page = officer.get(four.own(name, "/settings"))
    contact = {"contact_name": f"{name} desk", "contact_email": f"desk@{name.lower()}.example"}
    officer.post(page.address, {**page.fields(), **contact, "threshold": str(threshold)})
    for kind in ("launch", "reminder"):
        page = officer.get(four.own(name, f"/wording/{kind}"))
        officer.send(page, then="save", subject=f"{name} {kind}: {{round}}", text="Dear {name}: {link}")
    page = officer.get("/cycles/open")
    days = {"opens": "1 10 2026", "closes": "18 12 2026", "setting": "school", "edition": "2026"}
    officer.post(page.address, {**page.fields(), **days, "name": f"{name} 2026"})


def test_each_partnerships_round_is_its_own_in_settings_words_and_people(four: Four) -> None:
    with four.world.session() as session:
        rounds = {row.name: row for row in session.scalars(select(Cycle))}
    for threshold, name in enumerate(AREAS, start=5):
        assert rounds[f"{name} 2026"].threshold == threshold
        four.launch(name, f"/cycles/{rounds[f'{name} 2026'].id}")

    told = four.mails()

    assert [(to, subject) for to, subject, _ in told] == [
        (f"{name.lower()}.school@example.org", f"{name} launch: {name} 2026") for name in sorted(AREAS)
    ]
    for name, (_, _, text) in zip(sorted(AREAS), told, strict=True):
        assert text.endswith(help_of(name))
        assert not any(other in text for other in AREAS if other != name)


@pytest.mark.parametrize("name", [HOST, FIRST])
def test_a1_nobody_reads_or_changes_what_is_anothers(four: Four, name: str) -> None:
    """A1, A3: by address and by post, the host no more than a guest: it does not exist for them."""
    officer = four.officer(name)
    with four.world.session() as session:
        own_rounds = {row.name: row.id for row in session.execute(select(Cycle.name, Cycle.id))}
        before = session.execute(select(Partnership.name, Partnership.threshold)).all()
    for other in set(AREAS) - {name}:
        for rest in ("/settings", "/wording", "/wording/launch", "/people", "/contacts"):
            assert officer.get(four.own(other, rest)).status == 404
        assert officer.post(four.own(other, "/settings"), {"name": "Ours", "threshold": "1"}).status == 404
        assert officer.post(four.own(other, "/wording/launch"), {"then": "own"}).status == 404
        assert officer.get(f"/cycles/{own_rounds[f'{other} 2026']}").status == 404
        assert officer.get(f"/analysis/{own_rounds[f'{other} 2026']}").status == 404
        school = four.organisations[f"{other} School"]
        assert officer.get(f"/organisations/{school}").status == 404
        assert officer.get(f"/organisations/{school}/people").status == 404
        assert officer.get(four.round(f"?partnership={four.partnerships[other]}")).status == 404
    listed = officer.get("/cycles").text
    assert f"{name} 2026" in listed
    assert SHARED in listed
    assert not any(f"{other} 2026" in listed for other in AREAS if other != name)
    with four.world.session() as session:
        assert session.execute(select(Partnership.name, Partnership.threshold)).all() == before


def test_the_host_launches_the_shared_round_in_its_own_words(four: Four) -> None:
    """A guest cannot; the mails name the host, its words and whom to ask there, and nobody else's."""
    four.launch(FIRST, four.round())
    assert four.mails() == []
    assert f"{HOST} hosts this round" in four.officer(FIRST).get(four.round("/check")).text

    four.launch(HOST, four.round())

    told = four.mails()
    assert [to for to, _, _ in told] == [
        "four.vales.police@example.org",
        "northmere.and.saltholm.health@example.org",
    ]
    for _, subject, text in told:
        assert subject == f"{HOST} launch: {SHARED}"
        assert text.endswith(help_of(HOST))
        assert not any(guest in text.split("Dear")[1].split("http")[1] for guest in GUESTS)


def test_its_reminders_go_out_once_in_the_hosts_words(
    four: Four, compact: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    """D9: however many partnerships run it."""
    four.launch(HOST, four.round())
    four.world.clear(OutboxMail)
    set_clock(monkeypatch, 12, 11)

    assert compact("reminders", "queue").last_line == "queued 2"

    for _, subject, text in four.mails():
        assert subject == f"{HOST} reminder: {SHARED}"
        assert text.endswith(help_of(HOST))


def test_a6_each_sees_of_the_shared_round_what_works_in_its_area(four: Four) -> None:
    """A6: the body of two areas is not there for the others, by any address."""
    for name in AREAS:
        officer = four.officer(name)
        sees = name in (FIRST, SECOND)
        chase = officer.get(four.round("/chase")).text
        assert POLICE in chase
        assert (TRUST in chase) is sees
        for rest in ("", "/paper", "/paper/4", "/extension"):
            assert officer.get(four.part(POLICE, rest)).status == 200
            assert officer.get(four.part(TRUST, rest)).status == (200 if sees else 404)
        assert "11%" in officer.get(four.round()).text


def test_what_a_guest_changes_in_the_shared_round_is_its_own_bodies(four: Four) -> None:
    """More time, excusing, a message and a paper return: the bodies of its area, no others."""
    four.launch(HOST, four.round())
    four.world.clear(OutboxMail)
    guest, other = four.officer(FIRST), four.officer(GUESTS[2])

    guest.send(guest.get(four.part(TRUST, "/extension")), until="31 1 2027", why="A new chief.")
    for rest in ("/excuse", "/extension", "/calls", "/paper", "/paper/4", "/paper/throw-away"):
        assert other.post(four.part(TRUST, rest), {"why": "Not ours", "until": "1 2 2027"}).status == 404
    page = guest.get(four.round("/write"))
    guest.send(page, then="send", subject="A word", text="From {partnership}")

    with four.world.session() as session:
        given = session.scalars(select(Extension)).one()
        assert given.organisation_id == four.organisations[TRUST]
        assert session.scalars(select(Excused)).all() == []
    more_time, *messages = sorted(four.mails(), key=lambda mail: mail[1] == "A word")
    assert more_time[2].endswith(help_of(FIRST))
    assert [to for to, _, _ in messages] == [
        "four.vales.police@example.org",
        "northmere.and.saltholm.health@example.org",
    ]
    assert {text for _, _, text in messages} == {f"From {FIRST}\n{help_of(FIRST)}"}


def test_two_people_are_wanted_where_one_of_a_bodys_partnerships_wants_them(four: Four) -> None:
    """2.3.5: for the body of all four areas and for the one of two; not where only another area wants it."""
    returns = {body: four.world.started(four.shared, four.organisations[body]) for body in (POLICE, TRUST)}

    def wanted() -> dict[str, bool]:
        with four.world.session() as session:
            return {body: reading.two_people_sign(session, made) for body, made in returns.items()}

    def set_to(name: str, word: str) -> None:
        officer = four.officer(name)
        page = officer.get(four.own(name, "/settings"))
        officer.post(page.address, {**page.fields(), "two_people_sign": word})

    assert wanted() == {POLICE: False, TRUST: False}
    set_to(HOST, "yes")
    assert wanted() == {POLICE: True, TRUST: False}
    set_to(HOST, "no")
    set_to(SECOND, "yes")
    assert wanted() == {POLICE: True, TRUST: True}


def test_an_organisation_sees_the_pages_of_its_own_partnership(four: Four) -> None:
    """Whom to ask, on its pages: its area's partnership, and in the shared round the host."""
    for name in AREAS:
        head = four.visit(f"{name.lower()}.school@example.org")
        foot = head.get("/").one(".compact-footer__contact").text
        assert f"desk@{name.lower()}.example" in foot
    chief = four.visit("northmere.and.saltholm.health@example.org")
    assert (
        f"desk@{HOST.lower()}.example"
        in chief.get(four.part(TRUST, "/start")).one(".compact-footer__contact").text
    )
