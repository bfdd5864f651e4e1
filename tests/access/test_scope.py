"""Whose a thing is: a body that works in several areas, things within things, people with several roles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import update

from compact.access.values import Grant, Role
from compact.accounts import store as accounts
from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from compact.cycles.models import Due
from compact.organisations.models import Organisation
from compact.returns.models import Exception_
from compact.returns.rules import Answer
from tests import making
from tests.making import World
from tests.pages import Visitor
from tests.prepared import Prepared
from tests.publishing import publish
from tests.school import School

from .conftest import shown

Visit = Callable[[str], Visitor]


@dataclass(frozen=True)
class FourAreas:
    """A round of two partnerships, and a body that also works in the area of a third."""

    world: World
    organisation: int
    return_id: int
    cycle: int
    host: int
    other: int
    outside: int
    not_working_there: int


@pytest.fixture
def body(world: World, prepared: Prepared) -> FourAreas:
    return FourAreas(world, *prepared.on(world, _body))


def _body(world: World) -> tuple[int, int, int, int, int, int, int]:
    host, other = world.partnership("Host", areas=("901",)), world.partnership("Other", areas=("902",))
    empty = world.partnership("Empty", areas=("904",))
    outside = world.partnership("Outside", areas=("903",))
    organisation = world.organisation("Hospital Trust", areas=("901", "902", "903"), setting="hips")
    cycle = world.cycle(host, other, empty, settings=("hips",))
    return_id = world.started(cycle, organisation)
    return organisation, return_id, cycle, host, other, outside, empty


@pytest.mark.parametrize(
    ("partnership", "status"), [("host", 200), ("other", 200), ("outside", 404), ("not_working_there", 404)]
)
def test_a_return_is_read_by_partnerships_of_its_round_in_whose_areas_it_works(
    body: FourAreas, visit: Visit, partnership: str, status: int
) -> None:
    officer = body.world.person("Ellis", making.officer(getattr(body, partnership)))

    assert visit(officer).get(f"/returns/{body.return_id}").status == status


def test_findings_are_seen_from_ones_own_partnership_only(body: FourAreas, visit: Visit) -> None:
    """A6: the address names whose view it is; another's is not found."""
    officer = visit(body.world.person("Ellis", making.officer(body.other)))

    assert officer.get(f"/analysis/{body.cycle}?partnership={body.other}").status == 200
    for refused in (body.host, body.outside, 999_999, "", "x"):
        assert officer.get(f"/analysis/{body.cycle}?partnership={refused}").status == 404
        assert officer.get(f"/learning/{body.cycle}/hips/publish?partnership={refused}").status == 404


def test_a_summary_is_published_for_ones_own_partnership_only(body: FourAreas, visit: Visit) -> None:
    officer = visit(body.world.person("Ellis", making.officer(body.other)))
    reader = visit(body.world.person("Chris", making.officer(body.host)))

    refused = officer.post(f"/learning/{body.cycle}/hips/publish?partnership={body.host}", {"foreword": ""})
    publish(officer, body.cycle, "hips")

    assert refused.status == 404
    assert officer.get(f"/learning/{body.cycle}/hips").status == 200
    assert reader.get(f"/learning/{body.cycle}/hips").status == 404
    assert reader.get(f"/learning/{body.cycle}/hips?partnership={body.other}").status == 404


def test_a_setting_reads_the_summaries_of_its_own_areas_only(body: FourAreas, visit: Visit) -> None:
    """Two partnerships of the round have published; a school works in the area of one of them."""
    school = visit(body.world.person("Robin", making.signatory(body.world.organisation("Larkfield School"))))
    for partnership in (body.host, body.other):
        officer = visit(body.world.person(f"Officer {partnership}", making.officer(partnership)))
        publish(officer, body.cycle, "hips", foreword=f"Of number {partnership}")
    address = f"/learning/{body.cycle}/hips"

    assert f"Of number {body.host}" in school.get(address).text
    assert school.get(f"{address}?partnership={body.host}").status == 200
    assert school.get(f"{address}?partnership={body.other}").status == 404
    assert school.get(f"{address}.csv?partnership={body.other}").status == 404


def test_an_officer_sees_no_other_partnerships_exceptions(body: FourAreas, visit: Visit) -> None:
    """A6: neither while it is answered nor once it is signed."""
    world = body.world
    head = visit(world.person("Robin", making.signatory(body.organisation)))
    officer = visit(world.person("Ellis", making.officer(body.other)))
    world.profile(body.return_id, commissions_services=False)
    world.answer(body.return_id, dict.fromkeys(making.ASKED_SCHOOL_KEYS, Answer("good")))
    said = {"key": "bullying", "grade": "outstanding", "not_applicable": False, "note": "For Host alone"}
    world.insert(Exception_, [{"return_id": body.return_id, "partnership_id": body.host, **said}])

    def saying_so(*pages: str) -> list[str]:
        answers = [officer.get(f"/returns/{body.return_id}{page}") for page in pages]
        assert {each.status for each in answers} == {200}
        return [each.address for each in answers if "For Host alone" in each.response.text]

    draft = saying_so("", "/profile", "/standards/4", "/exceptions", "/actions", "/check")
    page = head.get(f"/returns/{body.return_id}/sign-off")
    head.send(page, authority="own", confirm="yes", password=making.PASSWORD)

    assert draft == []
    assert saying_so("", "/standards/4", "/exceptions", "/check", "/receipt", "/verify") == []
    # What was signed holds every exception, word for word: it is for the body itself, and for nobody's half.
    content = f"/returns/{body.return_id}/signed.json"
    assert (officer.get(content).status, head.get(content).status) == (404, 200)


def _plan(world: World, organisation: int, return_id: int) -> int:
    planned = PlannedAction("Ask them", "Deputy head", date(2027, 3, 31), "not_started")
    with world.session() as session:
        actions.add_action(
            session,
            organisation_id=organisation,
            return_id=return_id,
            key="bullying",
            planned=planned,
            by=None,
            at=making.NOW,
        )
        session.commit()
        return actions.actions_of(session, organisation)[0].id


def test_anothers_action_under_ones_own_return_is_not_found(school: School) -> None:
    neighbour = school.world.organisation("Oakfield School")
    cycle = school.world.cycle(school.world.partnership("Next", areas=("905",)), name="Next")
    theirs = _plan(school.world, neighbour, school.world.started(cycle, neighbour))
    head = school.head()
    typed = {"what": "Mine", "lead": "Me", "due": "1 3 2027", "status": "done", "version": "1"}

    opened, changed = (
        head.get(school.address(f"/actions/{theirs}")),
        head.post(school.address(f"/actions/{theirs}"), typed),
    )
    removed = head.post(school.address(f"/actions/{theirs}/remove"))

    assert (opened.status, changed.status) == (404, 404)
    assert removed.text == head.post(school.address("/actions/999999/remove")).text
    with school.world.session() as session:
        kept = actions.action_of(session, neighbour, theirs)
    assert kept is not None
    assert kept.what == "Ask them"


def test_each_id_of_an_address_alone_may_be_somebody_elses(school: School) -> None:
    """A1: somebody else's id beside one's own is answered like an id that nothing has."""
    world = school.world
    neighbour = world.organisation("Oakfield School")
    cycle = world.cycle(world.partnership("Next", areas=("905",)), name="Next")
    world.insert(Due, [{"cycle_id": cycle, "organisation_id": neighbour, "added_at": making.NOW}])
    theirs = world.started(cycle, neighbour)
    action = _plan(world, neighbour, theirs)
    head, own = school.head(), f"/cycles/{school.cycle}/organisations"
    addresses = {
        "/returns/{}": theirs,
        f"/returns/{{}}/actions/{action}": theirs,
        school.address("/actions/{}"): action,
        f"/cycles/{{}}/organisations/{school.organisation}/start": cycle,
        f"{own}/{{}}/start": neighbour,
        f"{own}/{{}}/questions.pdf": neighbour,
    }

    foreign = [shown(head.get(each.format(number)).response) for each, number in addresses.items()]
    nothing = [shown(head.get(each.format(999_999)).response) for each in addresses]

    assert foreign == nothing
    assert {status for status, _ in foreign} == {404}


def test_a_sibling_of_the_same_trust_is_a_stranger(world: World, visit: Visit) -> None:
    """A5: the trust's lead reads both schools, their people only their own."""
    trust = world.trust()
    schools = [world.organisation(name, trust=trust) for name in ("Larkfield", "Oakfield")]
    cycle = world.cycle(world.partnership())
    returns = [world.started(cycle, each) for each in schools]
    head = visit(world.person("Robin", making.signatory(schools[0])))
    lead = visit(world.person("Lee", Grant(Role.TRUST_LEAD, trust_id=trust)))

    assert [head.get(f"/returns/{each}").status for each in returns] == [200, 404]
    assert [lead.get(f"/returns/{each}").status for each in returns] == [200, 200]
    assert lead.post(f"/returns/{returns[0]}/standards/4", {"bullying-grade": "good"}).status == 404


def test_a_school_that_joins_a_trust_later_keeps_its_earlier_return_to_itself(
    world: World, visit: Visit
) -> None:
    """A return belongs to the trust that the school was in when it was started."""
    trust, organisation = world.trust(), world.organisation()
    return_id = world.started(world.cycle(world.partnership()), organisation)
    with world.session() as session:
        session.execute(update(Organisation).where(Organisation.id == organisation).values(trust_id=trust))
        session.commit()
    lead = visit(world.person("Lee", Grant(Role.TRUST_LEAD, trust_id=trust)))

    assert lead.get(f"/returns/{return_id}").status == 404


def test_somebody_with_two_organisations_has_each_role_in_its_own_place(world: World, visit: Visit) -> None:
    """A4: reading in one and signing in the other do not add up, and one acts for one of them at a time."""
    reads, signs = world.organisation("Reads"), world.organisation("Signs")
    cycle = world.cycle(world.partnership())
    read, signed = world.started(cycle, reads), world.started(cycle, signs)
    for each in (read, signed):
        world.profile(each, commissions_services=False)
        world.answer(each, dict.fromkeys(making.ASKED_SCHOOL_KEYS, Answer("good")))
    person = visit(world.person("Alex", Grant(Role.READER, organisation_id=reads), making.signatory(signs)))

    def statuses() -> list[list[int]]:
        posts = [person.post(f"/returns/{each}/standards/4", {"then": "later"}) for each in (read, signed)]
        pages = [person.get(f"/returns/{each}") for each in (read, signed)]
        signing = [person.get(f"/returns/{each}/sign-off") for each in (read, signed)]
        return [[page.status for page in row] for row in (pages, signing, posts)]

    person.post("/acting-for", {"organisation": str(reads)})
    acting_for_the_first = statuses()
    elsewhere = person.get(f"/returns/{signed}")
    person.post("/acting-for", {"organisation": str(signs)})

    assert acting_for_the_first == [[200, 200], [404, 200], [404, 409]]
    assert elsewhere.h1 == "Who do you act for now?"
    assert statuses() == [[200, 200], [404, 200], [404, 200]]


def test_a_role_given_in_the_middle_opens_the_next_request(school: School) -> None:
    address = school.world.person("New Deputy")
    newcomer = school.visit(address)
    before = newcomer.get(school.address()).status
    with school.world.session() as session:
        person = accounts.password_hash_of(session, address)
        assert person is not None
        accounts.add_membership(session, person[0], making.contributor(school.organisation))
        session.commit()

    assert (before, newcomer.get(school.address()).status) == (404, 200)


def test_a_refused_page_does_not_say_whose_it_was(body: FourAreas, visit: Visit) -> None:
    stranger = visit(body.world.person("Sam", making.signatory(body.world.organisation("Elsewhere"))))

    refused = stranger.get(f"/returns/{body.return_id}")

    assert "Host" not in refused.response.text
    assert "officers@wexcombe.example" not in refused.response.text
