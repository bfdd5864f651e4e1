"""A moderated grade has a grade of the scale, or says that there is none, and always a reason."""

import pytest

from compact.moderation.rules import NONE, Moderated, parse_moderated
from tests import making

SCALE = making.edition().scale


def test_what_can_be_kept() -> None:
    assert parse_moderated("good", " Seen.\r\n", SCALE) == Moderated("good", "Seen.")
    assert parse_moderated(NONE, "It was mine to be wrong.", SCALE) == Moderated(
        None, "It was mine to be wrong."
    )


@pytest.mark.parametrize(
    ("grade", "comment", "fields"),
    [
        ("", "", ["grade", "comment"]),
        ("not_applicable", "Seen.", ["grade"]),
        ("good", "\n", ["comment"]),
        ("good", "x" * 2_001, ["comment"]),
    ],
)
def test_what_cannot(grade: str, comment: str, fields: list[str]) -> None:
    problems = parse_moderated(grade, comment, SCALE)

    assert isinstance(problems, tuple)
    assert [each.field for each in problems] == fields
