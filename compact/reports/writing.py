"""What officers write for a learning summary beside what is generated: which texts there are, and limits."""

from dataclasses import dataclass

from compact.questionnaire.values import Questionnaire
from compact.web.problems import FieldProblem
from compact.web.texts import clean

FOREWORD, ACTIONS, NOTE = "foreword", "actions", "note-"  # a note's place goes on with its indicator's key
FOREWORD_LIMIT, ACTIONS_LIMIT, NOTE_LIMIT = 5_000, 5_000, 1_000
LONGEST = max(FOREWORD_LIMIT, ACTIONS_LIMIT, NOTE_LIMIT)


@dataclass(frozen=True)
class Place:
    """Where a text stands: its name in addresses and in the table, and what its page says of it."""

    name: str
    title: str
    hint: str
    what: str
    limit: int
    rows: int


_FOREWORD = Place(
    FOREWORD,
    "Foreword",
    "Your own words at the top: what you want the sector to take away.",
    "The foreword",
    FOREWORD_LIMIT,
    10,
)
_ACTIONS = Place(
    ACTIONS,
    "What the partnership will do",
    "What you will do about what was found, and by when. People look for it.",
    "What the partnership will do",
    ACTIONS_LIMIT,
    10,
)


def place_of(name: str, questionnaire: Questionnaire) -> Place | None:
    """The place of this name in the summary of a sector that answers the questionnaire."""
    if name in (FOREWORD, ACTIONS):
        return _FOREWORD if name == FOREWORD else _ACTIONS
    indicator = questionnaire.by_key.get(name.removeprefix(NOTE)) if name.startswith(NOTE) else None
    if indicator is None:
        return None
    return Place(
        name,
        f"A note on {indicator.asked}",
        "It stands beside the advice: what there is in your area, whom to ask, what went well.",
        "The note",
        NOTE_LIMIT,
        6,
    )


def parse_text(place: Place, typed: str) -> str | FieldProblem:
    """The text as it is kept. No text is a text too: none of them has to be written."""
    text = clean(typed)
    if len(text) > place.limit:
        return FieldProblem(
            "text", f"{place.what} is {len(text):,} characters long; it can have {place.limit:,}"
        )
    return text
