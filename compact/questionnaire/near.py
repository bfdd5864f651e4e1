"""The word that somebody will have meant."""

import difflib
from collections.abc import Collection

# Comparing takes time with each known word: among more than these nobody misspelt one.
MOST_WORDS = 300
LONGEST_WORD = 100


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that is most like this one, or None when none is near."""
    if len(known) > MOST_WORDS or len(word) > LONGEST_WORD:
        return None
    by_folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def did_you_mean(word: str, known: Collection[str]) -> str:
    """A suggestion to end a message with, or nothing when no known word is near."""
    near = nearest(word, known)
    return f"; did you mean “{near}”?" if near else ""


def unknown(what: str, word: str, known: Collection[str]) -> str:
    """A message about a word that leads nowhere."""
    return f"unknown {what} “{word}”{did_you_mean(word, known)}"
