"""What holds of sign-ins, of tries to sign in, and of who has which role: values in, values out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address
from types import MappingProxyType

from compact.access.values import Grant, Role

# A sign-in ends after an hour in which nothing was asked for, and after a working day in any case.
LONGEST_IDLE = timedelta(hours=1)
LONGEST_SIGN_IN = timedelta(hours=12)
# How long before that the page says so, and lets the person stay (WCAG 2.2.1 asks for 20 seconds at least).
WARNING = timedelta(minutes=5)
# How often at the most it is written down that somebody is there.
SEEN_EVERY = timedelta(minutes=1)

STEP_LASTS = timedelta(minutes=15)
MOST_STEP_TRIES = 5
INVITATION_LASTS = timedelta(days=28)
ATTEMPTS_KEPT = timedelta(days=1)


class Try(StrEnum):
    """What somebody can try again and again: a password, to be sent a code, the second factor's code, a
    signature."""

    PASSWORD = "password"  # noqa: S105 - a word for the log
    CODE = "code by mail"
    SECOND_FACTOR = "second factor"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Limits:
    """How many tries a quarter of an hour holds: of this browser or address for this account, of this address
    for any account, and of all strange addresses together for this account."""

    known_browser: int
    stranger: int
    address: int
    account: int


LIMITS: Mapping[Try, Limits] = MappingProxyType(
    {
        Try.PASSWORD: Limits(known_browser=10, stranger=5, address=40, account=30),
        Try.CODE: Limits(known_browser=5, stranger=3, address=20, account=8),
        # Counted apart: only who has the password or the mailbox gets here, so no stranger can use these up.
        Try.SECOND_FACTOR: Limits(known_browser=10, stranger=5, address=20, account=10),
        # Only who is signed in gets here. A button that is pressed again and again is one signature, so that
        # many are let through; a password of twelve characters is not guessed with so few.
        Try.SIGNATURE: Limits(known_browser=60, stranger=60, address=240, account=90),
    }
)
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Tries:
    """The tries of the last quarter of an hour, this one not counted."""

    here: int
    address: int
    account: int


def is_throttled(kind: Try, tries: Tries, *, known_browser: bool) -> bool:
    """Whether this try is one too many.

    A browser that has signed in to the account before is held to its own tries alone, so that no stranger
    can lock somebody out of the place where they always sign in.
    """
    limits = LIMITS[kind]
    if known_browser:
        return tries.here >= limits.known_browser
    return tries.here >= limits.stranger or tries.address >= limits.address or tries.account >= limits.account


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits, as one connection has all that is in it."""
    try:
        known = ip_address(address)
    except ValueError:  # a server on a local socket names none
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Network((known, 64), strict=False))


class PlaceKind(StrEnum):
    ORGANISATION = "organisation"
    PARTNERSHIP = "partnership"
    TRUST = "trust"
    INSTALLATION = "installation"


ROLES: Mapping[PlaceKind, tuple[Role, ...]] = MappingProxyType(
    {
        PlaceKind.ORGANISATION: (Role.CONTRIBUTOR, Role.SIGNATORY, Role.READER),
        PlaceKind.PARTNERSHIP: (Role.OFFICER, Role.READER),
        PlaceKind.TRUST: (Role.TRUST_LEAD,),
        PlaceKind.INSTALLATION: (Role.ADMINISTRATOR,),
    }
)
ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.CONTRIBUTOR: "Contributor",
        Role.SIGNATORY: "Signatory",
        Role.READER: "Reader",
        Role.TRUST_LEAD: "Trust lead",
        Role.OFFICER: "Officer",
        Role.ADMINISTRATOR: "Administrator",
    }
)
# Without these nobody could sign, or nobody could let anybody in.
NEEDED: Mapping[PlaceKind, Role] = MappingProxyType(
    {PlaceKind.ORGANISATION: Role.SIGNATORY, PlaceKind.INSTALLATION: Role.ADMINISTRATOR}
)


def grant_in(kind: PlaceKind, place_id: int, role: Role, job_title: str | None = None) -> Grant:
    """A role in a place. Raises ValueError when the place has no such role."""
    if role not in ROLES[kind]:
        raise ValueError(f"{kind} has no {role}")
    return Grant(
        role,
        organisation_id=place_id if kind is PlaceKind.ORGANISATION else None,
        partnership_id=place_id if kind is PlaceKind.PARTNERSHIP else None,
        trust_id=place_id if kind is PlaceKind.TRUST else None,
        job_title=job_title,
    )


def place_of(grant: Grant) -> tuple[PlaceKind, int]:
    """The place of a role; the installation has no id of its own."""
    if grant.organisation_id is not None:
        return PlaceKind.ORGANISATION, grant.organisation_id
    if grant.partnership_id is not None:
        return PlaceKind.PARTNERSHIP, grant.partnership_id
    if grant.trust_id is not None:
        return PlaceKind.TRUST, grant.trust_id
    return PlaceKind.INSTALLATION, 0


def is_last(kind: PlaceKind, role: Role, others: Collection[Role]) -> bool:
    """Whether a place would be left without the role it cannot do without."""
    return NEEDED.get(kind) is role and role not in others


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    RECALLED = "recalled"
    EXPIRED = "expired"


@dataclass(frozen=True)
class InvitationRow:
    """An invitation, with the name of its place and of who invited."""

    id: int
    email: str
    name: str
    job_title: str | None
    role: Role
    organisation_id: int | None
    partnership_id: int | None
    trust_id: int | None
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    recalled_at: datetime | None
    replaces: int | None
    place: str | None
    invited_by: str | None

    @property
    def grant(self) -> Grant:
        return Grant(self.role, self.organisation_id, self.partnership_id, self.trust_id, self.job_title)

    def with_job_title(self, job_title: str | None) -> "InvitationRow":
        return replace(self, job_title=job_title)

    @property
    def about(self) -> str:
        return f"invitation {self.id}"

    def state(self, now: datetime) -> InvitationState:
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.recalled_at is not None:
            return InvitationState.RECALLED
        return InvitationState.OPEN if now < self.expires_at else InvitationState.EXPIRED
