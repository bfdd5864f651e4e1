"""A text that seems to hold a child's number or date of birth is noticed; other numbers and dates are not."""

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compact.web.identifiers import Kind, named, seen_in, warning, warnings_beside

NHS, UPN, BORN = (Kind.NHS_NUMBER,), (Kind.UPN,), (Kind.DATE_OF_BIRTH,)
# The department's own list: the letter for each remainder. I, O and S are left out.
LETTER = dict(enumerate("ABCDEFGHJKLMNPQRTUVWXYZ"))
PLACE = {letter: place for place, letter in LETTER.items()}

# Text around a number: anything that neither makes it longer nor says that it is something else.
AROUND = st.text(max_size=40)
DIGITS = st.text("0123456789", min_size=9, max_size=9)


def nhs_check(nine: str) -> int:
    """The tenth digit: with it the sum of each digit times 10 down to 1 is a multiple of 11."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    return next(check for check in range(11) if (total + check) % 11 == 0)


@st.composite
def nhs_numbers(draw: st.DrawFn, *, right: bool = True) -> str:
    nine = draw(DIGITS)
    check = nhs_check(nine)
    assume(nine[0] != "0" and check < 10)
    if not right:
        check = draw(st.sampled_from([other for other in range(10) if other != check]))
    shape = draw(st.sampled_from(["{}{}{}", "{} {} {}", "{}-{}-{}", "{}\u00a0{}\u00a0{}"]))
    return shape.format(nine[:3], nine[3:6], f"{nine[6:]}{check}")


@st.composite
def upns(draw: st.DrawFn, *, right: bool = True) -> str:
    eleven = draw(st.text("0123456789", min_size=11, max_size=11))
    twelve = eleven + draw(st.sampled_from("0123456789" + "".join(PLACE)))
    values = [int(each) if each.isdigit() else PLACE[each] for each in twelve]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    letter = LETTER[total % 23]
    if not right:
        letter = draw(st.sampled_from([other for other in PLACE if other != letter]))
    return draw(st.sampled_from([letter + twelve, (letter + twelve).lower()]))


def within(before: str, number: str, after: str, *, parted_from: str) -> str:
    """The number in a text that stands close to it, and yet does not make it part of something longer."""
    assume(not re.search(rf"[{parted_from}]\Z|(\+|00)[0-9 ()-]*\Z|isbn", before, re.IGNORECASE | re.ASCII))
    assume(not re.match(rf"[{parted_from}]", after, re.IGNORECASE | re.ASCII))
    return f"{before}{number}{after}"


@given(AROUND, nhs_numbers(), AROUND)
def test_every_nhs_number_is_found_in_any_text(before: str, number: str, after: str) -> None:
    assert Kind.NHS_NUMBER in seen_in(within(before, number, after, parted_from="0-9"))


@given(AROUND, upns(), AROUND)
def test_every_upn_is_found_in_any_text(before: str, number: str, after: str) -> None:
    assert Kind.UPN in seen_in(within(before, number, after, parted_from="0-9a-z"))


@given(AROUND, nhs_numbers(right=False), AROUND)
def test_a_wrong_tenth_digit_is_no_nhs_number(before: str, number: str, after: str) -> None:
    assert Kind.NHS_NUMBER not in seen_in(within(before, number, after, parted_from="0-9"))


@given(AROUND, upns(right=False), AROUND)
def test_a_wrong_first_letter_is_no_upn(before: str, number: str, after: str) -> None:
    assert Kind.UPN not in seen_in(within(before, number, after, parted_from="0-9a-z"))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("943 476 5919", NHS),  # the number of the NHS's own examples
        ("NHS9434765919", NHS),
        ("943‑476‑5919", NHS),
        ("943 476 5918", ()),
        ("19434765919", ()),
        ("94347659190", ()),
        ("9434 765919", ()),
        ("943 4765919", ()),
        ("0800555112", ()),  # ten digits and right by modulus 11, and a telephone number all the same
        ("B801200005001", UPN),  # the published example, and the same with a wrong letter
        ("A801200005001", ()),
        ("UPN: b801200005001.", UPN),
        ("XB801200005001", ()),
        ("B8012000050012", ()),
        ("I801200005001", ()),
        ("B801200005001, 943 476 5919 and dob 3/4/2012", (*NHS, *UPN, *BORN)),
        ("", ()),
    ],
)
def test_a_number_counts_with_its_check_and_whole(text: str, seen: tuple[Kind, ...]) -> None:
    assert seen_in(text) == seen


WORDS = (
    "born ",
    "Born on ",
    "DOB ",
    "DoB: ",
    "D.O.B. ",
    "d.o.b - ",
    "date of birth: ",
    "Date of birth is ",
    "DOB\n",
)
DATES = (
    *("3/4/2012", "03/04/12", "3.4.2012", "03-04-2012", "3 4 2012", "13 / 04 / 2012", "2012-04-03"),
    *("3 April 2012", "3rd April 2012", "3rd of April, 2012", "31 Aug 12", "1 Sept. 2009", "3-Apr-2012"),
    *("April 3rd, 2012", "april 3 2012"),
)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("date", DATES)
def test_a_date_after_a_word_such_as_born_is_a_date_of_birth(word: str, date: str) -> None:
    assert seen_in(f"A pupil ({word}{date}) was seen.") == BORN


@pytest.mark.parametrize(
    "text",
    [
        "3/4/2012 (DOB)",
        "a girl, 3 April 2012, date of birth",
        "dob of the younger child: 3 April 2012",
        "Born in Portsmouth on 3 April 2012",
        "date of birth (dd/mm/yyyy): 03/04/2012",
        "We reviewed 3 March 2025. Born 3/4/2012.",
        "born between the two, on 1/2/2010; her brother, born 3/4/2012",
    ],
)
def test_a_date_of_birth_is_seen_however_it_is_told(text: str) -> None:
    assert seen_in(text) == BORN


@pytest.mark.parametrize(
    "text",
    [
        "Reviewed 3 March 2025",
        "Policy of 3/3/2025, next review 3/3/2026. Minutes of 12 November 2025.",
        "We ask for the date of birth of each child. Reviewed 3 March 2025",
        "Identity and date of birth checks completed 3 March 2025",
        "Children born between 1 September 2021 and 31 August 2022",
        "Children born before 31 August 2020 start school",
        "The new-born and newborn training of 3 March 2025",
        "A stubborn fault was put right on 3 March 2025",
        "Mr Osborn, 3 March 2025",
        "DOBs are kept apart 3 March 2025",
        "born in 2012",
        "Met on 3 March 2025, born of what parents had asked for",
        "date of birth\n\n3 March 2025: the governors met",
        "born 3/4/20123 and born 13/14/2012 and dob 45 April 2012",
        "the date of birth is asked for at the very first visit, 3 March 2025",
    ],
)
def test_an_ordinary_date_is_none(text: str) -> None:
    assert seen_in(text) == ()


def filled(*shapes: str) -> st.SearchStrategy[str]:
    """One of the shapes, with a digit in the place of each #."""
    digit = st.sampled_from("0123456789")
    return st.sampled_from(shapes).flatmap(
        lambda shape: st.tuples(*(digit if each == "#" else st.just(each) for each in shape)).map("".join)
    )


TELEPHONES = filled(
    *(
        "023 #### ####",
        "0#### ######",
        "07### ######",
        "01###########",
        "0###########",
        "0## ### ####",
        "0#########",
    ),
    *(
        "(0##) #### ####",
        "0800 ######",
        "0808 ### ####",
        "+44 ## #### ####",
        "+44 #### ######",
        "+44 (0)##########",
    ),
    *("+44##########", "+44 ##########", "+44 ### ### ####", "0044 ### ### ####", "+353 ### ### ####"),
)
OTHERS = filled(
    *(
        "URN ######",
        "EY######",
        "UKPRN 1000####",
        "85#/####",
        "85#-####",
        "20##",
        "20##-##",
        "20##/20##",
        "SO1# #AB",
    ),
    *(
        "PO## #ZZ",
        "ISBN ##########",
        "ISBN-10: ##########",
        "ISBN 978##########",
        "978##########",
        "978-1-#####-###-#",
    ),
    *(
        "1-#####-###-#",
        "#,###,###,###",
        "1#:## to 1#:##",
        "KCSIE 20##, paragraph ###",
        "Charity ######",
        "#### #### ####",
    ),
)


@given(st.lists(TELEPHONES | OTHERS, min_size=1, max_size=4), st.sampled_from([", ", " and ", "\n", "; "]))
def test_other_numbers_do_not_warn(numbers: list[str], parted: str) -> None:
    assert seen_in(f"Seen: {parted.join(numbers)}.") == ()


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    assert set(seen_in(text + "\ud800")) <= set(Kind)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "1",
            "1 ",
            "a1",
            "943 476 5918 ",
            "9434765918 ",
            "A80120000500",
            "943-",
            "+44 (0)",
            "ISBN ",
            "\u2009",
        ),
        *(
            "dob 1/1/ ",
            "d.o.b. 3 april ",
            "born between 3/4/2012 ",
            "dob",
            "d.",
            "3/4/2012 (",
            "born \n",
            "dob 1" + " " * 55,
        ),
    ],
)
def test_a_hostile_text_is_read_in_a_moment(piece: str) -> None:
    """E11: twenty thousand characters, made to lead a pattern astray, take no longer than others."""
    text = (piece * 20_000)[:19_990] + " born 9 dob"
    before = time.process_time()

    seen_in(text)

    assert time.process_time() - before < 1


def test_a_warning_names_what_it_sees_and_never_quotes_it() -> None:
    said = warning("NHS number 943 476 5919, dob 3/4/2012")

    assert said.startswith("There seems to be an NHS number and a date of birth here.")
    assert "describe people by their role" in said
    assert not re.search(r"[0-9]", said)


def test_boxes_without_such_a_text_have_no_warning() -> None:
    assert warnings_beside({"a": "943 476 5919", "b": "Minutes of 3 March 2025", "c": ""}).keys() == {"a"}


def test_three_kinds_are_named_in_a_sentence() -> None:
    assert named(tuple(Kind)) == "an NHS number, a unique pupil number (UPN) and a date of birth"
