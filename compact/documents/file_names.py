"""The name of a file that somebody downloads, from words that somebody typed."""

import re
import unicodedata

LENGTH_LIMIT = 80
_NOT_PLAIN = re.compile("[^a-z0-9]+")


def file_name(*parts: str, ending: str) -> str:
    """A name of plain letters, digits and hyphens: no folder, quote or line break survives, in no system.

    Accents are dropped; what has no plain letter is left out.
    """
    plain = filter(None, (_NOT_PLAIN.sub("-", _without_accents(each).lower()).strip("-") for each in parts))
    return f"{'-'.join(plain)[:LENGTH_LIMIT].rstrip('-') or 'file'}.{ending}"


def _without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
