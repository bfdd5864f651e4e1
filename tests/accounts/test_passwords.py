"""Passwords: slow to guess, the same work for everybody, and long ones whole."""

import time

import pytest
from argon2 import extract_parameters

from compact.accounts.passwords import LONGEST_PASSWORD, hashed, is_right


def test_a_hash_is_argon2id_at_owasps_parameters() -> None:
    found = extract_parameters(hashed("a password"))

    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 19 * 1024, 2, 1)


def test_the_same_password_gives_another_hash_each_time() -> None:
    assert hashed("a password") != hashed("a password")


@pytest.mark.parametrize(
    "password", ["a", "x" * LONGEST_PASSWORD, "pässwörd", "密码 with 😀", " blanks around ", "nul\0inside"]
)
def test_only_the_same_password_is_right(password: str) -> None:
    kept = hashed(password)

    assert is_right(kept, password)
    assert not is_right(kept, password + "x")
    assert not is_right(kept, password[:-1])
    assert not is_right(kept, "")


def test_a_password_longer_than_can_be_kept_is_refused_when_it_is_set() -> None:
    with pytest.raises(ValueError, match="128 characters"):
        hashed("x" * (LONGEST_PASSWORD + 1))


@pytest.mark.parametrize("broken", ["", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"])
def test_a_broken_hash_fits_no_password(broken: str) -> None:
    assert not is_right(broken, "a password")
    assert not is_right(broken, "nobody has this password")


def test_nobodys_password_is_never_right() -> None:
    assert not is_right(None, "nobody has this password")


def test_it_takes_as_long_for_somebody_who_is_not_there() -> None:
    """Ten of each in turn, by the processor's time; within a factor that no network would show."""
    kept = hashed("a password")
    spent = dict.fromkeys((True, False), 0.0)
    for turn in range(20):
        known = turn % 2 == 0
        before = time.process_time()
        is_right(kept if known else None, "wrong")
        spent[known] += time.process_time() - before

    assert 0.5 < spent[True] / spent[False] < 2


def test_a_very_long_password_is_not_worked_on_as_a_whole() -> None:
    before = time.process_time()

    assert not is_right(hashed("a password"), "x" * 5_000_000)
    assert time.process_time() - before < 1
