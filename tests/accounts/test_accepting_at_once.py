"""Two invitations to one place, taken up by one person at the same moment, make one role."""

from threading import Thread

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.accounts import invitations, store
from compact.accounts.invitations import NewInvitation
from compact.accounts.models import Membership
from tests import making
from tests.making import NOW, World

LONG_ENOUGH = 1.5  # seconds, for whoever is not kept waiting to be done with all that comes before the trail


def test_who_takes_up_two_invitations_at_once_has_one_role(world: World) -> None:
    """C5: the place has no members whose rows could be locked; only the lock of the person is between."""
    school = world.organisation()
    person_id = _person(world)
    first, second = (_invited(world, f"{name}@example.org", role, school) for name, role in ROLES.items())
    with world.session() as session:
        assert _accept(session, first, person_id) is Role.CONTRIBUTOR
        said: list[Role | None] = []
        other = Thread(target=_accept_alone, args=(world, second, person_id, said))
        other.start()
        other.join(LONG_ENOUGH)
        session.commit()
    other.join()

    with world.session() as session:
        held = session.scalars(select(Membership.role).where(Membership.person_id == person_id)).all()
    assert said == [Role.SIGNATORY]
    assert held == [Role.SIGNATORY]


ROLES = {"deputy": Role.CONTRIBUTOR, "head": Role.SIGNATORY}


def _person(world: World) -> int:
    with world.session() as session:
        made = store.add_person(session, "new@example.org", "Alex Newcomb", None, NOW)
        session.commit()
        return made


def _invited(world: World, email: str, role: Role, school: int) -> int:
    new = NewInvitation(email, "Alex Newcomb", Grant(role, organisation_id=school))
    with world.session() as session:
        made = invitations.invite(session, new, by=None, base_url="http://localhost", now=making.NOW)
        session.commit()
        return made


def _accept(session: Session, invitation: int, person_id: int) -> Role | None:
    row = invitations.by_id(session, invitation)
    assert row is not None
    return invitations.accept(session, row, person_id, NOW)


def _accept_alone(world: World, invitation: int, person_id: int, said: list[Role | None]) -> None:
    """In a transaction of its own."""
    with world.session() as session:
        said.append(_accept(session, invitation, person_id))
        session.commit()
