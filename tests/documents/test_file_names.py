"""F5: files named after what somebody typed."""

import re

import pytest

from compact.documents.file_names import LENGTH_LIMIT, file_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Larkfield Primary School", "return-7-larkfield-primary-school.pdf"),
        ("St Ælfgar’s École", "return-7-st-lfgar-s-ecole.pdf"),
        ("../../etc/passwd", "return-7-etc-passwd.pdf"),
        ("C:\\CON", "return-7-c-con.pdf"),
        ('a"; filename="b.exe', "return-7-a-filename-b-exe.pdf"),
        ("a\r\nSet-Cookie: b", "return-7-a-set-cookie-b.pdf"),
        ("\U0001f642 学校", "return-7.pdf"),
        ("", "return-7.pdf"),
    ],
)
def test_a_name_is_plain_letters_digits_and_hyphens(typed: str, name: str) -> None:
    assert file_name("return-7", typed, ending="pdf") == name


def test_a_long_name_is_cut() -> None:
    made = file_name("return-7", "a" * 300, ending="xlsx")

    assert re.fullmatch(r"[a-z0-9-]+\.xlsx", made)
    assert len(made) == LENGTH_LIMIT + len(".xlsx")


def test_there_is_always_a_name() -> None:
    assert file_name("\U0001f642", ending="pdf") == "file.pdf"
