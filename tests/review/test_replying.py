"""The rules of a reply: its outcome and words, comments, visits, lines, and its phrases."""

from datetime import date

import pytest

from compact.mail.rules import Written
from compact.review import messages, phrases, replying
from compact.review.replying import Comment, Reply, SaidAndDid, State, Visited
from compact.web.problems import FieldProblem
from tests.making import NOW

TODAY = date(2026, 10, 5)


def texts(problems: object) -> list[str]:
    assert isinstance(problems, tuple)
    return [each.text for each in problems if isinstance(each, FieldProblem)]


def test_a_return_is_begun_then_decided_then_told() -> None:
    assert replying.state_of(False, None, None) is State.NEW
    assert replying.state_of(True, None, None) is State.LOOKING
    assert replying.state_of(True, "accepted", None) is State.DECIDED
    assert replying.state_of(True, "accepted", NOW) is State.TOLD


def test_a_draft_may_be_empty_and_what_is_sent_may_not() -> None:
    assert replying.parse_reply("", " \r\n", to_send=False) == Reply(None, "")
    assert replying.parse_reply("talk", "Dear all\r\n", to_send=True) == Reply("talk", "Dear all")
    assert texts(replying.parse_reply("", "", to_send=True)) == [
        "Choose what you make of the return",
        "Write the reply before you send it",
    ]
    assert texts(replying.parse_reply("superb", "x" * 10_001, to_send=False)) == [
        "Choose what you make of the return",
        "The reply is 10,001 characters long; it can have 10,000",
    ]


def test_a_comment_is_needed_only_by_what_is_sent_back() -> None:
    assert replying.parse_comment("accepted", "") == Comment(True, "")
    assert replying.parse_comment("sent_back", " By when? ") == Comment(False, "By when?")
    assert texts(replying.parse_comment("sent_back", "")) == [
        "Say what has to change before you can accept it"
    ]
    assert texts(replying.parse_comment("accepted", "x" * 2_001)) == [
        "The comment is 2,001 characters long; it can have 2,000"
    ]


def test_a_visit_lies_on_this_day_or_before_it() -> None:
    assert replying.parse_visit("5/10/2026", " The\nofficer ", "Seen", TODAY) == Visited(
        TODAY, "The officer", "Seen"
    )
    assert texts(replying.parse_visit("6/10/2026", "We", "Seen", TODAY)) == [
        "The day of the visit must be today or before"
    ]
    assert texts(replying.parse_visit("soon", "x" * 301, "x" * 2_001, TODAY)) == [
        "Enter the day of the visit, such as 31 3 2027",
        "Who visited is 301 characters long; it can have 300",
        "What was verified is 2,001 characters long; it can have 2,000",
    ]


def test_a_line_has_both_halves() -> None:
    assert replying.parse_line(" Training\nis hard to find ", "A course") == SaidAndDid(
        "Training is hard to find", "A course"
    )
    assert texts(replying.parse_line("", "x" * 501)) == [
        "Enter what you were told",
        "This is 501 characters long; it can have 500",
    ]


def test_phrases_are_added_once_in_their_order_after_what_was_written() -> None:
    keys = [phrase.key for group in phrases.GROUPS for phrase in group.phrases]
    first, second = phrases.GROUPS[0].phrases[:2]

    added = phrases.with_phrases("Dear all,\n", [second.key, first.key, "no-such-phrase"])

    assert added == f"Dear all,\n\n{first.text}\n\n{second.text}"
    assert phrases.with_phrases(added, [first.key]) == added
    assert phrases.with_phrases(" ", [first.key]) == first.text
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("phrase", [each for group in phrases.GROUPS for each in group.phrases])
def test_a_phrase_is_whole_sentences(phrase: phrases.Phrase) -> None:
    assert phrase.text[0].isupper()
    assert phrase.text.endswith((".", "?"))
    assert "  " not in phrase.text


def test_the_mail_of_a_reply_says_where_to_read_it_and_nothing_of_it() -> None:
    """I9: no answer, no grade and no word of the reply."""
    written = messages.replied(
        "Robin", "Wexcombe", "Oak School", "Compact 2026", "https://x.example/returns/1"
    )

    assert isinstance(written, Written)
    assert written.subject == "Wexcombe has replied to the return of Oak School"
    assert "https://x.example/returns/1" in written.text
    for outcome in replying.OUTCOMES.values():
        assert outcome not in written.text
