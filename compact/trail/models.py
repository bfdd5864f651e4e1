"""The table of what must stand for years: who did what, as a chain of hashes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base


class TrailEntry(Base):
    """One thing done. `person_id` is opaque: no foreign key, so that a person can be forgotten."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        UniqueConstraint("hash"),
        UniqueConstraint("previous_hash"),
        CheckConstraint("length(hash) = 64", name="hash_is_sha256"),
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
