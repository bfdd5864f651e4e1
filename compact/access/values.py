"""The person of the request, their roles, and whose a thing is: frozen values."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CONTRIBUTOR = "contributor"
    SIGNATORY = "signatory"
    READER = "reader"
    TRUST_LEAD = "trust_lead"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What can be done to a thing. `ANYONE` needs no sign-in, `SIGNED_IN` no role."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    READ_RETURN = "read return"
    EDIT_RETURN = "edit return"
    SIGN_RETURN = "sign return"
    REOPEN_RETURN = "reopen return"
    GIVE_TIME = "give time"
    REVIEW = "review"
    READ_CYCLE = "read cycle"
    PUBLISH = "publish"
    READ_SUMMARY = "read summary"
    MANAGE_PEOPLE = "manage people"
    MANAGE_ORGANISATIONS = "manage organisations"
    ADMINISTER = "administer"
    READ_DESK = "read desk"
    DECIDE = "decide"
    RUN_ROUND = "run round"
    SET_PARTNERSHIP = "set partnership"


@dataclass(frozen=True)
class Grant:
    """One role of a person, in exactly one place (or none, for an administrator).

    `taken_over`: it is held because the person's own organisation took over from this one.
    """

    role: Role
    organisation_id: int | None = None
    partnership_id: int | None = None
    trust_id: int | None = None
    job_title: str | None = None
    taken_over: bool = False

    def is_in(self, kind: str, place_id: int) -> bool:
        """Whether it is in this place: an organisation, a partnership, a trust or the installation."""
        places = {
            "organisation": self.organisation_id,
            "partnership": self.partnership_id,
            "trust": self.trust_id,
        }
        return places[kind] == place_id if kind in places else not any(places.values())


# Who sees the weaknesses of many proves twice who they are.
WANT_SECOND_FACTOR = frozenset({Role.OFFICER, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in. Who has roles in several organisations acts for one of them at a time:
    `grants` are those in force now, `elsewhere` those of the other organisations.
    """

    id: int
    name: str
    email: str
    grants: tuple[Grant, ...] = ()
    elsewhere: tuple[Grant, ...] = ()
    proved_twice: bool = False

    @property
    def wants_second_factor(self) -> bool:
        return any(grant.role in WANT_SECOND_FACTOR for grant in self.grants)

    @property
    def is_administrator(self) -> bool:
        return any(grant.role is Role.ADMINISTRATOR for grant in self.grants)

    @property
    def organisations(self) -> frozenset[int]:
        return frozenset(grant.organisation_id for grant in self.grants if grant.organisation_id)

    @property
    def partnerships(self) -> frozenset[int]:
        return frozenset(grant.partnership_id for grant in self.grants if grant.partnership_id)

    @property
    def trusts(self) -> frozenset[int]:
        return frozenset(grant.trust_id for grant in self.grants if grant.trust_id)


@dataclass(frozen=True)
class Owner:
    """Whose a thing is: the organisations, partnerships and trust that it belongs to."""

    organisations: frozenset[int] = frozenset()
    partnerships: frozenset[int] = frozenset()
    trust: int | None = None


@dataclass(frozen=True)
class Scope:
    """Whose data a request may touch. One of a row's ids is enough: a round holds all of its returns."""

    returns: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()
    cycles: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Everything:
    """The scope of an operator's command, and why it sees all."""

    why: str
