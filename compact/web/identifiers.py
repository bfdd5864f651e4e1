"""Typed text that seems to hold what a child could be recognised by: a number, or a date of birth.

It warns and never forbids, so it would rather miss something unusual than trouble people over a telephone
number or the date of a review. A text is read and forgotten: nothing of it is kept, logged or quoted.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a text seems to hold, as it is named to people."""

    NHS_NUMBER = "an NHS number"
    UPN = "a unique pupil number (UPN)"
    DATE_OF_BIRTH = "a date of birth"


# For a first look at a text: each digit as 9, letters in small, all else as a space. A look at each byte
# through a table takes a tenth of the time of a pattern.
_FOLDED = bytes(
    ord("9" if chr(code).isdigit() else chr(code).lower() if chr(code).isalpha() else " ")
    for code in range(128)
).ljust(256)

# A space or a hyphen, also those at which a line is not broken, and the dashes that Word makes of hyphens.
_PART = "[ \u00a0\u2009\u202f\u2010\u2011\u2012\u2013-]"
_TEN_DIGITS = re.compile(
    rf"(?<![0-9])[1-9](?:[0-9]{{9}}|[0-9]{{2}}{_PART}[0-9]{{3}}{_PART}[0-9]{{4}})(?![0-9])"
)
# What stands before ten digits that are something else: a country's telephone code, or "ISBN".
_SOMETHING_ELSE = re.compile(
    r"(?:(?:\+|(?<![0-9])00)[1-9][0-9]{0,2}[ -]?(?:\(0\)[ -]?)?|ISBN(?:[ -]?10)?[ :#-]{0,2})\Z", re.IGNORECASE
)
_LONGEST_BEFORE = 12

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(
    rf"(?<![A-Z0-9])[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}](?![A-Z0-9])", re.IGNORECASE | re.ASCII
)

_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = "(?:(?:19|20)?[0-9]{2})(?![0-9])"
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = "(?:st|nd|rd|th)?"
_BETWEEN_NUMBERS = "[ ./\u00a0\u2011\u2013-]{1,3}"
_DATE = (
    rf"(?<![0-9])(?:{_DAY}{_BETWEEN_NUMBERS}(?:0?[1-9]|1[0-2]){_BETWEEN_NUMBERS}{_YEAR}"
    rf"|{_DAY}{_ORDINAL}(?: of)?[ .\u00a0-]{{0,2}}{_MONTH}[ .,\u00a0-]{{1,2}}{_YEAR}"
    r"|(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9]))"
    rf"|\b{_MONTH}[ .\u00a0]{{1,2}}{_DAY}{_ORDINAL}[ ,]{{1,2}}{_YEAR}"
)
_A_DATE = re.compile(_DATE, re.IGNORECASE)
_A_DATE_AND_THEN = re.compile(rf"(?:{_DATE})[\s,:(\[\u2013-]{{0,4}}\Z", re.IGNORECASE)
_LONGEST_DATE = 30
_OF_BIRTH = r"\bd\.?o\.?b\b\.?|\bdates? of birth\b|\bbirth ?date\b"
_WORDS = re.compile(rf"(?P<born>(?<![\w-])born\b)|{_OF_BIRTH}", re.IGNORECASE)
_LONGEST_GAP = 30
# What parts such a word from a date that is not the date of birth: a sentence's end, or another matter.
_ANOTHER_DATE = re.compile(
    r"[.!?;]\s|\n\s*\n|\b(?:after|audit|before|between|by|check|complet|from|issu|meet|polic|review|sign|since"
    r"|train|until|updat|verif)",
    re.IGNORECASE,
)


def seen_in(text: str) -> tuple[Kind, ...]:
    """What of a child the text seems to hold, each kind once."""
    folded = text.encode("ascii", "replace").translate(_FOLDED)
    if b"9" not in folded:
        return ()
    seen = []
    ten = b"9999999999" in folded
    if (ten or b"999 999 9999" in folded) and _has_nhs_number(text):
        seen.append(Kind.NHS_NUMBER)
    if ten and any(_is_upn(found[0]) for found in _UPN.finditer(text)):
        seen.append(Kind.UPN)
    born = b"born" in folded or b"birth" in folded or b"dob" in folded or b"d o b" in folded
    if born and _has_date_of_birth(text):
        seen.append(Kind.DATE_OF_BIRTH)
    return tuple(seen)


def warning(text: str) -> str:
    """What to say beside a box that holds this text; nothing when there is nothing to say."""
    seen = seen_in(text)
    if not seen:
        return ""
    return (
        f"There seems to be {named(seen)} here. Other people will read this, and nobody should be "
        "recognisable in it. Take it out and describe people by their role. "
        "If it is something else, leave it as it is."
    )


def warnings_beside(texts: Mapping[str, str]) -> dict[str, str]:
    """The warnings of a page's boxes, by the names of those that have one."""
    return {name: said for name, text in texts.items() if text and (said := warning(text))}


def named(kinds: tuple[Kind, ...]) -> str:
    """The kinds in a sentence: an NHS number, a unique pupil number (UPN) and a date of birth."""
    *others, last = kinds
    return f"{', '.join(others)} and {last}" if others else str(last)


def _has_nhs_number(text: str) -> bool:
    return any(
        _is_nhs_number(found[0])
        and not _SOMETHING_ELSE.search(text, max(0, found.start() - _LONGEST_BEFORE), found.start())
        for found in _TEN_DIGITS.finditer(text)
    )


def _is_nhs_number(typed: str) -> bool:
    """Whether the tenth digit checks the others, by modulus 11 (NHS Data Dictionary, NHS NUMBER).

    The first nine are multiplied by 10 down to 2; what the sum lacks to a multiple of 11 is the tenth. A
    number for which that would be 10 is never issued. Nor, in England and Wales, is one that begins with 0,
    as telephone numbers do; the pattern leaves those out.
    """
    *digits, check = (int(each) for each in typed if each in "0123456789")
    return -sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=True)) % 11 == check


def _is_upn(typed: str) -> bool:
    """Whether the first letter checks the rest, as the Department for Education has it (DfE, Unique Pupil
    Numbers: guide; Government Data Standards Catalogue, Unique Pupil Number 2.0).

    The twelve characters after it are multiplied by their place, 2 to 13, and the sum modulo 23 counts
    through the letters without I, O and S. The last one is a digit, or in a temporary number one of those
    letters, which counts as its own place among them, from 0.
    """
    check, others = typed[0].upper(), typed[1:].upper()
    values = (_UPN_LETTERS.index(each) if each.isalpha() else int(each) for each in others)
    return _UPN_LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % 23] == check


def _has_date_of_birth(text: str) -> bool:
    return any(_dates_a_birth(text, word) for word in _WORDS.finditer(text))


def _dates_a_birth(text: str, word: re.Match[str]) -> bool:
    """Whether a date stands shortly after the word, or just before it: “(3/4/2012, DOB)”."""
    if after := _A_DATE.search(text, word.end(), word.end() + _LONGEST_GAP + _LONGEST_DATE):
        between = text[word.end() : after.start()]
        if len(between) <= _LONGEST_GAP and not _ANOTHER_DATE.search(between):
            return True
    if word["born"]:
        return False
    return _A_DATE_AND_THEN.search(text, max(0, word.start() - _LONGEST_DATE), word.start()) is not None
