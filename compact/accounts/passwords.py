"""Passwords, hashed with argon2id at OWASP's parameters (19 MiB, two passes, one lane)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when there is no such person, so that the answer takes the same time.
_nobody = _hasher.hash("nobody has this password")

LONGEST_PASSWORD = 128


def hashed(password: str) -> str:
    """Raises ValueError for a password that is too long to be verified again."""
    if len(password) > LONGEST_PASSWORD:
        raise ValueError(f"A password can have {LONGEST_PASSWORD} characters.")
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash; as slow for somebody without one as for everybody else."""
    try:
        # One character more than any password that was set, so that a longer one is never cut to fit.
        _hasher.verify(password_hash or _nobody, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)
