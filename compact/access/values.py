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
    READ_CYCLE = "read cycle"
    PUBLISH = "publish"
    READ_SUMMARY = "read summary"


@dataclass(frozen=True)
class Grant:
    """One role of a person, in exactly one place (or none, for an administrator)."""

    role: Role
    organisation_id: int | None = None
    partnership_id: int | None = None
    trust_id: int | None = None
    job_title: str | None = None


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str
    grants: tuple[Grant, ...] = ()

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
