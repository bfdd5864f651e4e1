"""Which organisations of a round an officer looks at: by stage, by sector and phase, a page at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .places import PlaceRow
from .rules import STAGE_NAMES, Kind, Stage
from .wordings import DRAFT_OF

ROWS_A_PAGE = 50
LATE, BOUNCED, OPEN = "late", "bounced", "open"
# What can be looked at beside the stages: who is late or bounced is at one of the stages as well.
SHOWN: Mapping[str, str] = {
    **{each.value: STAGE_NAMES[each] for each in Stage},
    LATE: "Late",
    BOUNCED: "Bounced",
}
NO_PHASE = "-"
_ALL = "all"


@dataclass(frozen=True)
class Look:
    """What is looked at; an empty word looks at all. `open` are all who have not signed."""

    show: str = ""
    sector: str = ""
    phase: str = ""

    @property
    def words(self) -> dict[str, Any]:
        """The look as the parts of an address."""
        parts = {"show": self.show, "sector": self.sector, "phase": self.phase}
        return {name: part for name, part in parts.items() if part}

    @property
    def kind(self) -> Kind:
        """The kind of mail that is drafted for those who are looked at."""
        if self.show == LATE:
            return Kind.LATE
        return DRAFT_OF[Stage(self.show)] if self.show in DRAFT_OF else Kind.MESSAGE

    def sees(self, place: PlaceRow) -> bool:
        return (
            _is_shown(place, self.show)
            and self.sector in ("", place.setting)
            and self.phase in ("", place.phase or NO_PHASE)
        )


def look_of(words: Mapping[str, str], settings: Sequence[str]) -> Look:
    """What an address asks to look at; what it cannot mean is left out."""
    show, sector = words.get("show", ""), words.get("sector", "")
    return Look(
        show if show in SHOWN or show == OPEN else "",
        sector if sector in settings else "",
        words.get("phase", "")[:100] if sector in settings else "",
    )


def look_at(place: PlaceRow) -> Look:
    """The look whose mail fits one organisation as it is now."""
    return Look(LATE if place.is_late else place.stage)


def _is_shown(place: PlaceRow, show: str) -> bool:
    return place.is_open if show == OPEN else not show or show in _counted_as(place)


@dataclass(frozen=True)
class CountRow:
    """How many of a sector, or of a phase of it, are where the words of SHOWN say."""

    sector: str
    phase: str
    counts: Mapping[str, int]
    total: int


def counts_of(places: Sequence[PlaceRow], settings: Sequence[str]) -> list[CountRow]:
    """The sectors in the order given, each followed by its phases where it has more than one; then all."""
    alike = Counter((place.setting, place.phase or NO_PHASE, _counted_as(place)) for place in places)
    tally: Counter[tuple[str, str, str]] = Counter()
    for (setting, phase, words), many in alike.items():
        for word in words:
            tally[setting, phase, word] += many
    phases: dict[str, list[str]] = {setting: [] for setting in settings}
    for setting, phase, word in sorted(tally):
        if word == _ALL and setting in phases:
            phases[setting].append(phase)
    rows = []
    for sector, inside in phases.items():
        if inside:
            rows.append(_row(tally, sector, ""))
        if len(inside) > 1:
            rows += [_row(tally, sector, phase) for phase in inside]
    return [*rows, _row(tally, "", "")]


def _counted_as(place: PlaceRow) -> tuple[str, ...]:
    """The words of SHOWN that an organisation is counted under, and that of all."""
    late = (LATE,) if place.is_late and place.is_open else ()
    return (_ALL, place.stage, *late, *((BOUNCED,) if place.is_bounced else ()))


def _row(tally: Mapping[tuple[str, str, str], int], sector: str, phase: str) -> CountRow:
    """A sector or a phase of it; all of them for an empty word."""
    counts: Counter[str] = Counter()
    for (of, inside, word), many in tally.items():
        if sector in ("", of) and phase in ("", inside):
            counts[word] += many
    return CountRow(sector, phase, {show: counts[show] for show in SHOWN}, counts[_ALL])


@dataclass(frozen=True)
class Listed:
    """One page of a list; pages are counted from 1."""

    rows: tuple[PlaceRow, ...]
    page: int
    pages: int
    total: int


def page_of(places: Sequence[PlaceRow], typed: str) -> Listed:
    """A page of a list, the nearest where there is none of that number."""
    pages = max(1, -(-len(places) // ROWS_A_PAGE))
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    page = min(max(wanted, 1), pages)
    first = (page - 1) * ROWS_A_PAGE
    return Listed(tuple(places[first : first + ROWS_A_PAGE]), page, pages, len(places))
