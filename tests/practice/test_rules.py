"""What may be offered of a return, and what a text still gives away of whose it is."""

import pytest

from compact.practice.rules import (
    PRACTICE_LIMIT,
    Identity,
    Offerable,
    Typed,
    identifying,
    offerable,
    parse_edited,
    parse_shared,
)
from compact.returns.rules import Answer
from compact.web.problems import FieldProblem
from tests import making

IDENTITY = Identity(
    "Ferry Lane Primary School", "Larkfield Trust", "PO1 2AB", ("Robin Ashdown", "Mary Anne O’Brien")
)
INDICATORS = making.edition().questionnaires["school"].indicators
SCALE = making.edition().scale


def test_what_is_graded_well_with_evidence_is_offered_the_strongest_first_in_its_standard() -> None:
    answers = {
        "bullying": Answer("good", evidence="We ask."),
        "pupil-voice": Answer("outstanding", evidence="A council."),
        "conduct": Answer("good", evidence="A code."),
        "leadership": Answer("requires_improvement", evidence="Not yet."),
        "induction": Answer("inadequate", evidence="Not at all."),
        "allegations": Answer("good", evidence=" \n "),
        "equality": Answer(None, True, "It cannot apply.", "Something."),
        "early-help": Answer(None, evidence="Not graded yet."),
    }

    offered = offerable(INDICATORS, answers, SCALE)

    assert [each.indicator.key for each in offered] == ["conduct", "pupil-voice", "bullying"]


def test_long_evidence_is_offered_as_far_as_it_fits_to_the_end_of_a_word() -> None:
    whole = Offerable(INDICATORS[0], "good", "x" * PRACTICE_LIMIT)
    longer = Offerable(INDICATORS[0], "good", "word " * PRACTICE_LIMIT)

    assert whole.beginning == whole.evidence
    assert longer.beginning == ("word " * 400).strip()
    assert len(longer.beginning) <= PRACTICE_LIMIT
    assert Offerable(INDICATORS[0], "good", "x" * 20_000).beginning == "x" * PRACTICE_LIMIT


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Write what others can learn"), (" \r\n", "Write what"), ("x" * 2001, "is 2,001 characters long")],
)
def test_a_ticked_text_is_written_and_within_its_limit(text: str, said: str) -> None:
    offered = [Offerable(INDICATORS[0], "good", "Evidence")]
    key = INDICATORS[0].key

    problems = parse_shared(offered, {key: Typed(True, text, False)})

    assert [each.field for each in problems] == [f"{key}-text"]
    assert said in problems[0].text
    assert not parse_shared(offered, {key: Typed(False, text, True)})
    assert not parse_shared(offered, {key: Typed(True, "x" * PRACTICE_LIMIT, False)})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("At Ferry Lane Primary School we ask.", ("Ferry Lane Primary School",)),
        ("at FERRY  lane primary\nschool we ask", ("FERRY lane primary school",)),
        ("The Ferry Lane way", ("Ferry Lane",)),
        ("Ferry-Lane", ("Ferry-Lane",)),
        ("Larkfield schools meet.", ("Larkfield",)),
        ("Write to PO1 2AB.", ("PO1 2AB",)),
        ("Write to po12ab", ("po12ab",)),
        ("robin ashdown leads it.", ("robin ashdown",)),
        ("Ms Ashdown leads it, and Robin helps.", ("Robin", "Ashdown")),
        ("Mary Anne O'Brien", ("Mary Anne O'Brien",)),
        ("Ask Mrs O’Brien", ("O'Brien",)),
        ("Ferry Lane and Robin Ashdown", ("Ferry Lane", "Robin Ashdown")),
    ],
)
def test_the_name_the_trust_the_postcode_and_the_people_are_seen(text: str, found: tuple[str, ...]) -> None:
    assert identifying(text, IDENTITY) == found


@pytest.mark.parametrize(
    "text",
    [
        "A primary school asks its children each term.",
        "We take the ferry, and walk down a lane.",
        "A robin nests outside.",
        "The larkfield is mown.",
        "PO1 2ABC and XPO1 2AB",
        "Robinson and Ashdowns",
    ],
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert identifying(text, IDENTITY) == ()


def test_an_organisation_of_common_words_alone_is_known_by_its_whole_name() -> None:
    identity = Identity("The Village Nursery", None, None, ())

    assert identifying("The village nursery asks.", identity) == ("The village nursery",)
    assert identifying("A nursery in the village asks.", identity) == ()
    assert identifying("Anything", Identity("Ψ", None, None, ("", "Jo"))) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write the text that is printed"),
        ("x" * 2001, "The text is 2,001 characters long; it can have 2,000"),
        ("Ferry Lane asks, and so does Robin.", "Take out “Ferry Lane”, “Robin”"),
    ],
)
def test_an_edited_text_is_refused_until_it_shows_nobody(text: str, said: str) -> None:
    parsed = parse_edited(text, IDENTITY)

    assert isinstance(parsed, FieldProblem)
    assert said in parsed.text
    assert parse_edited(" A school asks.\r\n", IDENTITY) == " A school asks.\n"
