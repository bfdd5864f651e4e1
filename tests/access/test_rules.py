"""The table of roles as bits: one line a role, one column an act, in the order of ACTS."""

import pytest

from compact.access.rules import may
from compact.access.values import Act, Grant, Owner, Person, Role

ACTS = (
    Act.READ_RETURN,
    Act.EDIT_RETURN,
    Act.SIGN_RETURN,
    Act.REOPEN_RETURN,
    Act.READ_CYCLE,
    Act.PUBLISH,
    Act.READ_SUMMARY,
    Act.MANAGE_PEOPLE,
    Act.ADMINISTER,
    Act.GIVE_TIME,
    Act.MANAGE_ORGANISATIONS,
    Act.READ_DESK,
    Act.DECIDE,
    Act.RUN_ROUND,
    Act.REVIEW,
    Act.SET_PARTNERSHIP,
)
OWN, OTHER = 1, 2
OWNER = Owner(frozenset({OWN}), frozenset({OWN}), trust=OWN)

IN_ITS_PLACE = {
    ("organisation", Role.CONTRIBUTOR): "1100001000000000",
    ("organisation", Role.SIGNATORY): "1110001100000000",
    ("organisation", Role.READER): "1000001000000000",
    ("organisation", Role.TRUST_LEAD): "0000000000000000",
    ("organisation", Role.OFFICER): "0000000000000000",
    ("organisation", Role.ADMINISTRATOR): "0000000000000000",
    ("partnership", Role.CONTRIBUTOR): "0000000000000000",
    ("partnership", Role.SIGNATORY): "0000000000000000",
    ("partnership", Role.READER): "1000101000000000",
    ("partnership", Role.TRUST_LEAD): "0000000000000000",
    ("partnership", Role.OFFICER): "1001111101111111",
    ("partnership", Role.ADMINISTRATOR): "0000000000000000",
    ("trust", Role.CONTRIBUTOR): "0000000000000000",
    ("trust", Role.SIGNATORY): "0000000000000000",
    ("trust", Role.READER): "0000000000000000",
    ("trust", Role.TRUST_LEAD): "1000001000000000",
    ("trust", Role.OFFICER): "0000000000000000",
    ("trust", Role.ADMINISTRATOR): "0000000000000000",
}


def somebody(*grants: Grant) -> Person:
    return Person(7, "Sam", "sam@example.org", grants)


def grant(place: str, role: Role, where: int) -> Grant:
    if place == "organisation":
        return Grant(role, organisation_id=where)
    return Grant(role, partnership_id=where) if place == "partnership" else Grant(role, trust_id=where)


def bits(person: Person | None, owner: Owner) -> str:
    return "".join("1" if may(person, act, owner) else "0" for act in ACTS)


def test_the_bits_name_every_role_in_every_place_and_every_act() -> None:
    assert {role for _, role in IN_ITS_PLACE} == set(Role)
    assert len(IN_ITS_PLACE) == 3 * len(Role)
    assert {*ACTS, Act.ANYONE, Act.SIGNED_IN} == set(Act)


@pytest.mark.parametrize(("place", "role"), IN_ITS_PLACE)
def test_a_role_allows_its_acts_in_its_own_place(place: str, role: Role) -> None:
    assert bits(somebody(grant(place, role, OWN)), OWNER) == IN_ITS_PLACE[place, role]


@pytest.mark.parametrize(("place", "role"), IN_ITS_PLACE)
def test_a_role_allows_nothing_in_another_place(place: str, role: Role) -> None:
    assert bits(somebody(grant(place, role, OTHER)), OWNER) == "0000000000000000"


@pytest.mark.parametrize(("place", "role"), IN_ITS_PLACE)
def test_a_thing_that_is_nobodys_is_open_to_nobody(place: str, role: Role) -> None:
    assert bits(somebody(grant(place, role, OWN)), Owner()) == "0000000000000000"


@pytest.mark.parametrize("role", Role)
def test_a_role_without_a_place_opens_nothing_but_an_administrators(role: Role) -> None:
    """A10: an administrator looks after people and settings everywhere, and reads and signs nothing."""
    allowed = "0000000110000001" if role is Role.ADMINISTRATOR else "0000000000000000"

    assert bits(somebody(Grant(role)), OWNER) == allowed
    assert bits(somebody(Grant(role)), Owner()) == allowed


def test_an_organisations_number_is_not_its_partnerships_or_its_trusts() -> None:
    """A1, A14: ids of different tables are equal by chance."""
    of_organisation = Owner(organisations=frozenset({OWN}))

    assert bits(somebody(Grant(Role.OFFICER, partnership_id=OWN)), of_organisation) == "0000000000000000"
    assert bits(somebody(Grant(Role.TRUST_LEAD, trust_id=OWN)), of_organisation) == "0000000000000000"
    assert bits(somebody(Grant(Role.SIGNATORY, organisation_id=OWN)), Owner(trust=OWN)) == "0000000000000000"


def test_two_roles_add_up_but_each_in_its_own_place() -> None:
    reads_own_signs_other = somebody(
        Grant(Role.READER, organisation_id=OWN), Grant(Role.SIGNATORY, organisation_id=OTHER)
    )
    contributes_and_leads = somebody(
        Grant(Role.CONTRIBUTOR, organisation_id=OWN), Grant(Role.OFFICER, partnership_id=OWN)
    )

    assert bits(reads_own_signs_other, OWNER) == "1000001000000000"
    assert bits(contributes_and_leads, OWNER) == "1101111101111111"


def test_nobody_edits_or_signs_but_the_organisation_itself() -> None:
    outside = [key for key in IN_ITS_PLACE if key[0] != "organisation"]

    assert {IN_ITS_PLACE[key][1:3] for key in outside} == {"00"}


def test_a_stranger_may_only_what_anyone_may() -> None:
    assert bits(None, OWNER) == "0000000000000000"
    assert may(None, Act.ANYONE, Owner())
    assert not may(None, Act.SIGNED_IN, Owner())


def test_somebody_without_a_role_may_what_needs_no_role() -> None:
    assert may(somebody(), Act.SIGNED_IN, Owner())
    assert bits(somebody(), OWNER) == "0000000000000000"
