"""Tables of people: who they are, what they may do where, and their sign-ins in force."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base, stays_behind

ROLE_FITS_ITS_PLACE = (
    "(role IN ('contributor', 'signatory') AND organisation_id IS NOT NULL"
    " AND partnership_id IS NULL AND trust_id IS NULL)"
    " OR (role = 'reader' AND trust_id IS NULL"
    " AND (organisation_id IS NULL) <> (partnership_id IS NULL))"
    " OR (role = 'officer' AND partnership_id IS NOT NULL"
    " AND organisation_id IS NULL AND trust_id IS NULL)"
    " OR (role = 'trust_lead' AND trust_id IS NOT NULL"
    " AND organisation_id IS NULL AND partnership_id IS NULL)"
    " OR (role = 'administrator' AND organisation_id IS NULL"
    " AND partnership_id IS NULL AND trust_id IS NULL)"
)


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(
        info=stays_behind("Whoever has it can try passwords against it; people choose a new one.")
    )
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Membership(Base):
    """A role of a person in one organisation, partnership or trust, or over the installation."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(ROLE_FITS_ITS_PLACE, name="role_fits_its_place"),
        Index("ix_membership_person_id", "person_id", "id"),
        Index("ix_membership_organisation_id", "organisation_id"),
        Index("ix_membership_partnership_id", "partnership_id"),
        Index("ix_membership_trust_id", "trust_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    trust_id: Mapped[int | None] = mapped_column(ForeignKey("trust.id"))
    job_title: Mapped[str | None]


class SignIn(Base):
    """A sign-in in force. The cookie holds the token; here is only its SHA-256.

    `proved_by` says how the person proved who they are, `proved_twice` whether with a second factor as well;
    `acting_for` is the one of several organisations whose pages they are on.
    """

    __tablename__ = "session"
    __table_args__ = ({"info": stays_behind("People sign in again.")},)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_by: Mapped[str]
    proved_twice: Mapped[bool]
    agent: Mapped[str]
    acting_for: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))


class Authenticator(Base):
    """A person's authenticator app. It counts once a code of it was typed: `confirmed_at`.

    `last_step` is the half minute of the last code that was taken: no code is taken twice.
    """

    __tablename__ = "authenticator"
    __table_args__ = ({"info": stays_behind("A secret; people set their app up again.")},)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    secret: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int]


class RecoveryCode(Base):
    """A code for the day the telephone is lost; only its SHA-256 is here, and it goes when it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = ({"info": stays_behind("A key to an account; people make new ones.")},)

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class SignInStep(Base):
    """Half a sign-in, bound to the browser that began it: its cookie holds the token.

    Either a code that was sent by mail (`code_hash`), or a right password that waits for the authenticator.
    `person_id` is empty where the address is nobody's: such a step looks the same and leads nowhere.
    """

    __tablename__ = "sign_in_step"
    __table_args__ = ({"info": stays_behind("Half a sign-in, over in minutes.")},)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str | None]
    proved_by: Mapped[str | None]
    expires_at: Mapped[datetime]
    tries: Mapped[int]


class SignInAttempt(Base):
    """A password that was tried or a code that was asked for: what throttling counts.

    `account` is the SHA-256 of the address as typed; `source` the network address, or the browser that has
    signed in to this account before.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_source", "source", "at"),
        {"info": stays_behind("It counts for a day.")},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    account: Mapped[str]
    source: Mapped[str]
    known_browser: Mapped[bool]


class Invitation(Base):
    """A role offered to somebody by mail. The link holds the token; here is only its SHA-256.

    It ends in one of three ways: accepted, recalled, or its time is over. `replaces` is the membership of the
    person who hands over: it goes when the invitation is accepted.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint(ROLE_FITS_ITS_PLACE, name="role_fits_its_place"),
        CheckConstraint("accepted_at IS NULL OR recalled_at IS NULL", name="ends_once"),
        Index("ix_invitation_organisation_id", "organisation_id"),
        Index("ix_invitation_partnership_id", "partnership_id"),
        Index("ix_invitation_trust_id", "trust_id"),
        Index("ix_invitation_email", "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    job_title: Mapped[str | None]
    role: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    trust_id: Mapped[int | None] = mapped_column(ForeignKey("trust.id"))
    token_hash: Mapped[str | None] = mapped_column(
        unique=True, info=stays_behind("A key to a role; who was invited is invited again.")
    )
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    replaces: Mapped[int | None]
