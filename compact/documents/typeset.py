"""Values -> PDF: typeset, tagged for screen readers (PDF/UA-1), in the typeface shipped with the project."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from config import ROOT

TEMPLATES = ROOT / "templates"
_NOT_IN_TYPEFACE = re.compile(r'the text `"(.+?)"` could not be displayed')
FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"


class CannotPrint(Exception):  # noqa: N818 - it says what happened
    """A text holds a character that the typeface does not have, such as an emoji; says which."""


def pdf(template: str, data: Any) -> bytes:
    """The PDF that a typst template makes of JSON data; every text in it is printed as it stands.

    `template` is a path below templates/. The same data gives the same bytes: no date is kept in them.
    Raises CannotPrint.
    """
    import typst  # imported late: only those who print need its 40 MB

    try:
        printed: bytes = typst.compile(
            (TEMPLATES / template).read_bytes(),
            root=str(TEMPLATES),
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        if found := _NOT_IN_TYPEFACE.search(str(error)):
            raise CannotPrint(f"“{found[1]}” cannot be printed: leave it out") from error
        raise
    return printed


@cache
def _fonts() -> Any:
    """The typeface of the project alone, so that a document looks the same wherever it is made."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
