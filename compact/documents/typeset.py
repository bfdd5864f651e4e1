"""Values -> PDF: typeset, tagged for screen readers (PDF/UA-1), in the typeface shipped with the project."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from config import ROOT

TEMPLATES = ROOT / "templates"
_FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"


def pdf(template: str, data: Any) -> bytes:
    """The PDF that a typst template makes of JSON data; every text in it is printed as it stands.

    `template` is a path below templates/. The same data gives the same bytes: no date is kept in them.
    """
    import typst  # imported late: only those who print need its 40 MB

    printed: bytes = typst.compile(
        (TEMPLATES / template).read_bytes(),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards="ua-1",
    )
    return printed


@cache
def _fonts() -> Any:
    """The typeface of the project alone, so that a document looks the same wherever it is made."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)])
