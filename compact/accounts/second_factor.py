"""The authenticator app (TOTP, RFC 6238) and the recovery codes for the day it is lost."""

import hashlib
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from .models import Authenticator, Person, RecoveryCode

ISSUER = "Safeguarding Compact"
STEP_SECONDS = 30
RECOVERY_CODES = 10
# No letter that could be read as another or as a figure.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def has_one(session: Session, person_id: int) -> bool:
    """Whether the person has an authenticator that counts."""
    where = (Authenticator.person_id == person_id, Authenticator.confirmed_at.is_not(None))
    return session.scalar(select(Authenticator.person_id).where(*where)) is not None


def begin(session: Session, person_id: int) -> str:
    """The secret of an authenticator that is being set up: the same until its first code is typed."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())  # a double click
    known = session.get(Authenticator, person_id)
    if known is None:
        known = Authenticator(person_id=person_id, secret=pyotp.random_base32(), last_step=0)
        session.add(known)
        session.flush()
    return known.secret


def secret_being_set_up(session: Session, person_id: int) -> str | None:
    where = (Authenticator.person_id == person_id, Authenticator.confirmed_at.is_(None))
    return session.scalar(select(Authenticator.secret).where(*where))


def address_of(secret: str, email: str) -> str:
    """What the QR code says: an otpauth address."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def confirm(session: Session, person_id: int, code: str, now: datetime) -> list[str] | None:
    """Make a new authenticator count by its first code; the recovery codes, or None for a wrong code."""
    known = session.scalar(
        select(Authenticator)
        .where(Authenticator.person_id == person_id, Authenticator.confirmed_at.is_(None))
        .with_for_update()
    )
    if known is None or (step := _step_of(known.secret, code, now)) is None:
        return None
    known.confirmed_at, known.last_step = now, step
    session.flush()
    return new_recovery_codes(session, person_id)


def is_right(session: Session, person_id: int, code: str, now: datetime) -> str | None:
    """How the code proves who somebody is: "authenticator" or "recovery code"; None when it does not.

    A code of the app is good for the half minute before and after, for clocks that are a little out, and
    once; a recovery code is used up.
    """
    typed = "".join(code.split()).lower().replace("-", "")
    secret = session.scalar(
        select(Authenticator.secret).where(
            Authenticator.person_id == person_id, Authenticator.confirmed_at.is_not(None)
        )
    )
    if secret is None:
        return None
    if (step := _step_of(secret, typed, now)) is not None:
        newer = update(Authenticator).where(
            Authenticator.person_id == person_id, Authenticator.last_step < step
        )
        taken = session.execute(newer.values(last_step=step).returning(Authenticator.person_id)).first()
        return "authenticator" if taken else None
    used = delete(RecoveryCode).where(
        RecoveryCode.person_id == person_id, RecoveryCode.code_hash == _hash_of(person_id, typed)
    )
    return "recovery code" if session.execute(used.returning(RecoveryCode.person_id)).first() else None


def new_recovery_codes(session: Session, person_id: int) -> list[str]:
    """Ten new codes, shown once; the old ones are worth nothing from now on."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person_id, code_hash=_hash_of(person_id, each)) for each in codes)
    session.flush()
    return [f"{each[:5]}-{each[5:]}" for each in codes]


def codes_left(session: Session, person_id: int) -> int:
    return session.scalar(select(func.count()).where(RecoveryCode.person_id == person_id)) or 0


def remove(session: Session, person_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(Authenticator).where(Authenticator.person_id == person_id))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is, of the present one and its neighbours."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    steps = (present - 1, present, present + 1)
    typed = code.encode()
    right = (each for each in steps if secrets.compare_digest(totp.at(each * STEP_SECONDS).encode(), typed))
    return next(right, None)


def _hash_of(person_id: int, code: str) -> str:
    return hashlib.sha256(f"{person_id} {code}".encode()).hexdigest()
