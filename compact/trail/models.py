"""The table of what must stand for years: who did what, as a chain of hashes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base


class TrailEntry(Base):
    """One thing done. `person_id` is opaque: no foreign key, so that a person can be forgotten."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        UniqueConstraint("hash"),
        UniqueConstraint("previous_hash"),
        CheckConstraint("length(hash) = 64", name="hash_is_sha256"),
        Index("ix_trail_entry_subject", "subject", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    person_id: Mapped[int | None]
    what: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class ChainHead(Base):
    """The last link of each chain. Its row is locked, last of all, by whoever adds to the chain."""

    __tablename__ = "chain_head"

    chain: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[str]


class SecurityEntry(Base):
    """A sign-in, a refusal, a change of somebody's factors: kept for 24 months, apart from the chain."""

    __tablename__ = "security_log"
    __table_args__ = (
        Index("ix_security_log_at", "at", "id"),
        Index("ix_security_log_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    what: Mapped[str]
    person_id: Mapped[int | None]
    about: Mapped[str]
    address: Mapped[str]
    agent: Mapped[str]
