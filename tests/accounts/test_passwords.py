"""Passwords: slow to guess, the same work for everybody, and long ones whole."""

import time

import pytest
from argon2 import extract_parameters

from compact.accounts import passwords
from compact.accounts.passwords import (
    DENIED,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    hashed,
    is_right,
    problem_with,
)


def test_a_hash_is_argon2id_at_owasps_parameters() -> None:
    found = extract_parameters(hashed("a password"))

    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 19 * 1024, 2, 1)


def test_the_same_password_gives_another_hash_each_time() -> None:
    assert hashed("a password") != hashed("a password")


def test_the_hash_for_nobody_takes_the_same_work() -> None:
    nobody, somebody = extract_parameters(passwords._NOBODY), extract_parameters(hashed("a password"))

    assert nobody == somebody


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


@pytest.mark.parametrize(
    "password",
    [
        "three odd words",
        "x7!kQ-94mv_z",
        "only lower case letters",
        "8302 5519 7734 1",
        "ALL IN CAPITALS",
        "密码密码很长的一个句子也可以",
        "  blanks count as any other  ",
        "😀 is one character too",
        "abcdefgh-or-not",
    ],
)
def test_no_rule_says_what_a_password_is_made_of(password: str) -> None:
    """ASVS 6.2.5."""
    assert problem_with(password, ("Robin Head", "robin.head@example.org", "Larkfield School")) is None


@pytest.mark.parametrize(
    ("length", "problem"),
    [(11, "12 characters or more"), (12, None), (128, None), (129, "128 characters or fewer")],
)
def test_the_length_is_counted_in_characters(length: int, problem: str | None) -> None:
    """ASVS 6.2.1, 6.2.9. Of any script: 128 of four bytes each are not too long."""
    for letters in ("quickbrown fx!", "密码很长的句子可以用十二", "😀🙈🦊🐙🌲🚀"):
        told = problem_with((letters * 20)[:length] if len(set(letters)) > 11 else (letters * 30)[:length])
        assert told is None if problem is None else problem in str(told)


@pytest.mark.parametrize(
    "password",
    [
        "Password1234",
        "1234password",
        "!!Welcome!!2026",
        "letmeinletmein",
        "QWERTYqwerty",
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdefghijkl",
        "lkjhgfdsapoi",
        "qwertyuiopas",
        "123456789012",
        "098765432109",
        "121212121212",
        "passwordpasswordpassword",
    ],
)
def test_what_many_people_choose_is_refused_whatever_stands_around_it(password: str) -> None:
    assert "easy to guess" in str(problem_with(password))


@pytest.mark.parametrize(
    "password",
    ["Robin Head 2026", "robin.head@example.org", "ROBIN-HEAD-1!", "Larkfield School", "larkfieldschool99"],
)
def test_what_everyone_knows_of_somebody_is_no_password(password: str) -> None:
    told = problem_with(password, ("Robin Head", "robin.head@example.org", "Larkfield School"))

    assert told == "The password must not be your name, your e-mail address or your workplace"


def test_a_short_name_forbids_nothing() -> None:
    assert problem_with("li 8302 5519 7734", ("Li", "li@x.example", "")) is None


def test_no_password_of_the_list_is_taken() -> None:
    denied = DENIED.read_text(encoding="utf-8").split()
    taken = [each for each in denied if problem_with(each) is None]

    assert len(denied) > 25_000
    assert any(len(each) >= SHORTEST_PASSWORD for each in denied)
    assert taken == []
