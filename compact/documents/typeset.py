"""Values -> PDF: typeset, tagged for screen readers (PDF/UA-1), in the typeface shipped with the project."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from config import ROOT

TEMPLATES = ROOT / "templates"
FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
_TYPESETTER = Path(__file__).with_name("typesetting.py")
_NOT_IN_TYPEFACE = re.compile(r'the text `"(.+?)"` could not be displayed')
_SECONDS = 120  # to wait for it, on a machine that has other things to do as well


class CannotPrint(Exception):  # noqa: N818 - it says what happened
    """A text holds a character that the typeface does not have, such as an emoji; says which."""


def pdf(template: str, data: Any) -> bytes:
    """The PDF that a typst template makes of JSON data; every text in it is printed as it stands.

    `template` is a path below templates/. The same data gives the same bytes: no date is kept in them.
    Raises CannotPrint.
    """
    text = json.dumps(data, ensure_ascii=False)
    order = {"template": template, "root": str(TEMPLATES), "fonts": str(FONTS), "data": text}
    made = subprocess.run(  # noqa: S603 # our own program; what people wrote comes as its input
        [sys.executable, "-I", str(_TYPESETTER)],
        input=json.dumps(order).encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if made.returncode:
        message = made.stderr.decode(errors="replace")
        if found := _NOT_IN_TYPEFACE.search(message):
            raise CannotPrint(f"“{found[1]}” cannot be printed: leave it out")
        raise RuntimeError(f"The typesetter ended with {made.returncode}: {message[-500:]}")
    return made.stdout
