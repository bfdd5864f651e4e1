"""The word that somebody will have meant."""

import pytest

from compact.questionnaire.near import LONGEST_WORD, MOST_WORDS, did_you_mean, nearest, unknown


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("kcsei", "kcsie"),
        ("KCSIE", "kcsie"),
        ("working togehter", "Working-Together"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_word_is_found_whatever_its_case(word: str, near: str | None) -> None:
    assert nearest(word, ["eyfs", "kcsie", "kcsie-2024", "Working-Together"]) == near


def test_a_message_ends_with_a_near_word_if_there_is_one() -> None:
    assert unknown("document", "kcsei", ["kcsie"]) == "unknown document “kcsei”; did you mean “kcsie”?"
    assert unknown("document", "zzz", ["kcsie"]) == "unknown document “zzz”"
    assert did_you_mean("kcsei", []) == ""


def test_no_time_is_spent_on_what_nobody_misspelt() -> None:
    words = [f"word-{number}" for number in range(MOST_WORDS)]
    assert nearest("word-7x", words) is not None
    assert nearest("word-7x", [*words, "one-more"]) is None
    assert nearest("w" * LONGEST_WORD, ["w" * LONGEST_WORD]) is not None
    assert nearest("w" * (LONGEST_WORD + 1), ["w" * LONGEST_WORD]) is None
