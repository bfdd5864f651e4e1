"""Passwords: hashed with argon2id at OWASP's parameters (19 MiB, two passes, one lane); which are refused."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when there is no such person, so that the answer takes the same time. Nobody knows its password.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$xKttfXZOW7bblFpuzyZYcQ$7SknthLYldF1DBXmWbT+or6EEUkG2P+pukdYWyy9JOs"

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
DENIED = Path(__file__).parent / "data" / "denied_passwords.txt"
FEWEST_CHARACTERS = 5  # different ones: "abababababab" is no password
IN_ORDER = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "12345678901234567890")


def hashed(password: str) -> str:
    """Raises ValueError for a password that is too long to be verified again."""
    if len(password) > LONGEST_PASSWORD:
        raise ValueError(f"A password can have {LONGEST_PASSWORD} characters.")
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash; as slow for somebody without one as for everybody else."""
    try:
        # One character more than any password that was set, so that a longer one is never cut to fit.
        _hasher.verify(password_hash or _NOBODY, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def problem_with(password: str, about: Collection[str] = ()) -> str | None:
    """What keeps this from being a new password, in words for the person; None when nothing does.

    Only the length counts and whether it could be guessed (NIST SP 800-63B 5.1.1.2): no rule says which
    characters it is made of. `about` are texts that everyone knows of the person: name, address, workplace.
    """
    if not password:
        return "Enter a password"
    if len(password) < SHORTEST_PASSWORD:
        return f"The password must be {SHORTEST_PASSWORD} characters or more"
    if len(password) > LONGEST_PASSWORD:
        return f"The password must be {LONGEST_PASSWORD} characters or fewer"
    if _is_common(password):
        return "The password is easy to guess: choose another, such as three words that do not go together"
    if any(_same(password, each) for each in about):
        return "The password must not be your name, your e-mail address or your workplace"
    return None


def _is_common(password: str) -> bool:
    """Whether it is a common one, as it stands, written again and again, or with figures and signs around."""
    low = password.casefold()
    core = low.strip("0123456789 .,!?@#$%&*_-+=")
    return (
        len(set(low)) < FEWEST_CHARACTERS
        or any(low in each or low[::-1] in each for each in IN_ORDER)
        or any(_repeated(each) in _denied() for each in (low, core) if each)
    )


def _repeated(text: str) -> str:
    """The shortest text that gives this one when it is written again and again: "abcabc" is "abc"."""
    step = (text + text).find(text, 1)
    return text[:step] if step > 0 else text


def _same(password: str, known: str) -> bool:
    names = (_letters(known), _letters(known.partition("@")[0]))
    return any(len(name) > 3 and _letters(password) == name for name in names)


def _letters(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalpha())


@cache
def _denied() -> frozenset[str]:
    return frozenset(DENIED.read_text(encoding="utf-8").split("\n"))
