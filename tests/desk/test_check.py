"""The check before launch, beside the list of those whom a mail about the round reaches."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from compact.access.values import Role
from compact.accounts.models import Membership, Person
from compact.cycles.store import cycle_by_id
from compact.desk.check import check
from compact.desk.writing import readers_of
from compact.organisations.models import Succession
from compact.web.clock import now, today
from tests.desk.conftest import SCHOOLS, Desk


@pytest.fixture
def silent(desk: Desk) -> set[int]:
    """The three of five schools that no mail reaches: the head was removed, or only reads, or the academy
    whose head reads for the school takes over tomorrow; another took over today."""
    removed, reads_only, taken_over, later, _ = (desk.schools[name] for name in SCHOOLS)
    academies = [desk.world.organisation(f"{name} Academy") for name in ("Larkfield", "Pinefield")]
    with desk.world.session() as session:
        head = select(Membership.person_id).where(Membership.organisation_id == removed)
        session.execute(update(Person).where(Person.id.in_(head)).values(disabled_at=now()))
        reads = update(Membership).where(Membership.organisation_id == reads_only)
        session.execute(reads.values(role=Role.READER))
        for days, (school, academy) in enumerate(zip((taken_over, later), academies, strict=True)):
            moved = update(Membership).where(Membership.organisation_id == school)
            session.execute(moved.values(organisation_id=academy))
            on = today() + timedelta(days=days)
            session.add(Succession(old_id=school, new_id=academy, on=on, kind="Successor"))
        session.commit()
    return {removed, reads_only, later}


def test_the_check_names_exactly_those_whom_no_mail_reaches(desk: Desk, silent: set[int]) -> None:
    with desk.world.session() as session:
        cycle = cycle_by_id(session, desk.cycle)
        assert cycle
        found = check(session, cycle, [desk.partnership], ["school"], now())
        reached = {*readers_of(session, [*desk.schools.values()])}

    assert {each.id for each in found.unreachable} == silent
    assert reached == {*desk.schools.values()} - silent
    assert (found.asked, found.told) == (5, 2)
