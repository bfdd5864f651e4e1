"""Passwords, hashed with argon2id at OWASP's parameters (19 MiB, two passes, one lane)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when there is no such person, so that the answer takes the same time.
_nobody = _hasher.hash("nobody has this password")

LONGEST_PASSWORD = 128


def hashed(password: str) -> str:
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash; as slow for somebody without one as for everybody else."""
    try:
        _hasher.verify(password_hash or _nobody, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
