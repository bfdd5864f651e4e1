"""How wide words are in Liberation Sans, whose letters are as wide as Arial's: labels are placed before
anybody draws them, so that the page and the paper get the same picture.

The numbers are the advance widths of the typeface shipped in static/fonts, in 2,048ths of its size, for the
characters from space to tilde.
"""

import unicodedata
from functools import lru_cache
from math import ceil

SIZE = 17  # of every letter in a drawing: on the narrowest screen it is still ten pixels high
LINE = 21  # from one line of words to the next
_EM = 2048
_FIRST = ord(" ")
# fmt: off
_REGULAR = (
    569, 569, 727, 1139, 1139, 1821, 1366, 391, 682, 682, 797, 1196, 569, 682, 569, 569, 1139, 1139, 1139,
    1139, 1139, 1139, 1139, 1139, 1139, 1139, 569, 569, 1196, 1196, 1196, 1139, 2079, 1366, 1366, 1479,
    1479, 1366, 1251, 1593, 1479, 569, 1024, 1366, 1139, 1706, 1479, 1593, 1366, 1593, 1479, 1366, 1251,
    1479, 1366, 1933, 1366, 1366, 1251, 569, 569, 569, 961, 1139, 682, 1139, 1139, 1024, 1139, 1139, 569,
    1139, 1139, 455, 455, 1024, 455, 1706, 1139, 1139, 1139, 1139, 682, 1024, 569, 1139, 1024, 1479, 1024,
    1024, 1024, 684, 532, 684, 1196,
)
_BOLD = (
    569, 682, 971, 1139, 1139, 1821, 1479, 487, 682, 682, 797, 1196, 569, 682, 569, 569, 1139, 1139, 1139,
    1139, 1139, 1139, 1139, 1139, 1139, 1139, 682, 682, 1196, 1196, 1196, 1251, 1997, 1479, 1479, 1479,
    1479, 1366, 1251, 1593, 1479, 569, 1139, 1479, 1251, 1706, 1479, 1593, 1366, 1593, 1479, 1366, 1251,
    1479, 1366, 1933, 1366, 1366, 1251, 682, 569, 682, 1196, 1139, 682, 1139, 1251, 1139, 1251, 1139, 682,
    1251, 1251, 569, 569, 1139, 569, 1821, 1251, 1251, 1251, 1251, 797, 1139, 682, 1251, 1139, 1593, 1139,
    1139, 1024, 797, 573, 797, 1196,
)
# fmt: on


@lru_cache(maxsize=4096)  # charts say the same words again and again
def width_of(words: str, *, bold: bool = False) -> int:
    """At most how wide the words are, rounded up; what is not in the table counts as the widest letter."""
    widths = _BOLD if bold else _REGULAR
    total = 0
    for letter in words:
        base = unicodedata.normalize("NFD", letter)[0]  # an accent takes no room
        place = ord(base) - _FIRST
        if not unicodedata.combining(base):
            total += widths[place] if 0 <= place < len(widths) else _EM
    return ceil(total * SIZE / _EM)


def wrapped(words: str, width: int, *, bold: bool = False) -> list[str]:
    """The words in lines no wider than `width`; a single word that is wider is broken."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_of(f"{lines[-1]} {word}", bold=bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.extend(_broken(word, width, bold))
    return lines


def _broken(word: str, width: int, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, bold=bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
