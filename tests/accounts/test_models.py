"""The tables of people state their rules themselves, in both databases."""

import itertools

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from compact.access.values import Grant, Role
from compact.accounts import sessions, store
from compact.accounts.models import Membership, Person
from tests import making
from tests.making import World

PLACES = ("organisation_id", "partnership_id", "trust_id")
# The places that a role can be given in; () is the whole installation.
FITTING = {
    ("contributor", ("organisation_id",)),
    ("signatory", ("organisation_id",)),
    ("reader", ("organisation_id",)),
    ("reader", ("partnership_id",)),
    ("officer", ("partnership_id",)),
    ("trust_lead", ("trust_id",)),
    ("administrator", ()),
}
SOME_PLACES = tuple(
    places for count in range(len(PLACES) + 1) for places in itertools.combinations(PLACES, count)
)


@pytest.mark.parametrize("role", [*Role, "owner", ""])
def test_a_role_is_given_only_where_it_belongs(world: World, role: str) -> None:
    organisation, partnership, trust = world.organisation(), world.partnership(), world.trust()
    ids = {"organisation_id": organisation, "partnership_id": partnership, "trust_id": trust}
    with world.session() as session:
        person = store.add_person(session, "a@example.org", "A", None, making.NOW)
        session.commit()
    taken = set()
    for places in SOME_PLACES:
        with world.session() as session:
            row = {"person_id": person, "role": role, **{place: ids[place] for place in places}}
            try:
                session.execute(insert(Membership).values(row))
                session.commit()
                taken.add((role, places))
            except IntegrityError:
                session.rollback()

    assert taken == {(each, places) for each, places in FITTING if each == role}


def test_an_address_is_kept_in_lower_case_and_once(world: World) -> None:
    world.person("Robin", email=" Robin@Example.ORG ")

    with pytest.raises(IntegrityError):
        world.person("Another", email="robin@example.org")
    with pytest.raises(IntegrityError):
        world.insert(Person, [{"email": "Upper@example.org", "name": "Upper", "created_at": making.NOW}])


def test_a_persons_roles_are_read_in_the_order_given(world: World) -> None:
    organisation, partnership = world.organisation(), world.partnership()
    grants = (making.officer(partnership), making.signatory(organisation), Grant(Role.ADMINISTRATOR))
    address = world.person("Robin", *grants)

    with world.session() as session:
        known = store.password_hash_of(session, address)
        assert known is not None
        token = sessions.begin(session, known[0], making.NOW, proved_by="password", proved_twice=False)
        signed_in = sessions.signed_in(session, token, making.NOW)

    assert signed_in is not None
    person = signed_in.person
    assert person.grants == grants
    assert (person.organisations, person.partnerships, person.trusts) == (
        frozenset({organisation}),
        frozenset({partnership}),
        frozenset(),
    )
