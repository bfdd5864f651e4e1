"""Who may do what: the table of roles, and the one question asked of it."""

from collections.abc import Mapping
from types import MappingProxyType

from .values import Act, Grant, Owner, Person, Role

# The acts that a role allows on what belongs to its organisation, partnership or trust.
IN_ORGANISATION: Mapping[Role, frozenset[Act]] = MappingProxyType(
    {
        Role.CONTRIBUTOR: frozenset({Act.READ_RETURN, Act.EDIT_RETURN, Act.READ_SUMMARY}),
        Role.SIGNATORY: frozenset(
            {Act.READ_RETURN, Act.EDIT_RETURN, Act.SIGN_RETURN, Act.READ_SUMMARY, Act.MANAGE_PEOPLE}
        ),
        Role.READER: frozenset({Act.READ_RETURN, Act.READ_SUMMARY}),
    }
)
IN_PARTNERSHIP: Mapping[Role, frozenset[Act]] = MappingProxyType(
    {
        Role.OFFICER: frozenset(
            {
                Act.READ_RETURN,
                Act.REOPEN_RETURN,
                Act.GIVE_TIME,
                Act.REVIEW,
                Act.READ_CYCLE,
                Act.PUBLISH,
                Act.READ_SUMMARY,
                Act.MANAGE_PEOPLE,
                Act.MANAGE_ORGANISATIONS,
                Act.READ_DESK,
                Act.DECIDE,
                Act.RUN_ROUND,
                Act.SET_PARTNERSHIP,
            }
        ),
        Role.READER: frozenset({Act.READ_RETURN, Act.READ_CYCLE, Act.READ_SUMMARY}),
    }
)
IN_TRUST: Mapping[Role, frozenset[Act]] = MappingProxyType(
    {Role.TRUST_LEAD: frozenset({Act.READ_RETURN, Act.READ_SUMMARY})}
)
# An administrator's acts are on the installation itself, and on the people and settings of every place in it.
IN_INSTALLATION = frozenset({Act.MANAGE_PEOPLE, Act.ADMINISTER, Act.SET_PARTNERSHIP})
NOTHING: frozenset[Act] = frozenset()


def may(person: Person | None, act: Act, owner: Owner) -> bool:
    """Whether one of the person's roles allows the act on what belongs to `owner`."""
    if act is Act.ANYONE:
        return True
    if person is None:
        return False
    return act is Act.SIGNED_IN or any(_allows(grant, act, owner) for grant in person.grants)


def may_manage_people(person: Person) -> bool:
    """Whether there is a place whose people this person looks after."""
    return any(grant.role in (Role.SIGNATORY, Role.OFFICER, Role.ADMINISTRATOR) for grant in person.grants)


def _allows(grant: Grant, act: Act, owner: Owner) -> bool:
    if grant.organisation_id is not None:
        inside = grant.organisation_id in owner.organisations
        return inside and act in IN_ORGANISATION.get(grant.role, NOTHING)
    if grant.partnership_id is not None:
        inside = grant.partnership_id in owner.partnerships
        return inside and act in IN_PARTNERSHIP.get(grant.role, NOTHING)
    if grant.trust_id is not None:
        return grant.trust_id == owner.trust and act in IN_TRUST.get(grant.role, NOTHING)
    return grant.role is Role.ADMINISTRATOR and act in IN_INSTALLATION
