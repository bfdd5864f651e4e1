"""Finished returns in a file, as values: what each row says, whose it is, and what is wrong with it."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from compact.documents import csv_reading
from compact.documents.csv_reading import Row, shown
from compact.organisations.rules import LOCAL, LONGEST_IDENTIFIER, LONGEST_NAME, one_line, wrong_text
from compact.questionnaire.values import Edition, Indicator, Scale
from compact.returns.rules import NOT_APPLICABLE, Answer, Problem, Typed, missing, parse

COLUMNS = ("organisation", "name", "setting", "indicator", "grade", "evidence", "reason")
FOUR_AREA_SETTING = "hips"

Key = tuple[str, str]
"""By what an organisation of a file is found: its register in small letters, and its identifier."""
Found = tuple[int, str]
"""A mistake: its line and its message."""


class Reference(NamedTuple):
    """An organisation as a file names it; `local` is the register of the partnership that hosts the round."""

    register: str
    identifier: str

    def __str__(self) -> str:
        return f"{shown(self.register)}:{shown(self.identifier)}"

    @property
    def key(self) -> Key:
        return (self.register.casefold(), self.identifier)

    @property
    def is_local(self) -> bool:
        return self.register.casefold() == LOCAL


@dataclass(frozen=True)
class FinishedReturn:
    """One organisation's answers in a file; `line` is its first.

    Where one of its rows has a mistake it is not whole, and so is compared with nothing.
    """

    line: int
    reference: Reference
    name: str
    setting: str
    answers: Mapping[str, Answer]
    is_whole: bool


@dataclass(frozen=True)
class Known:
    """A known organisation. `is_ours`: it works in one of the round's areas, or the round asks it anyway."""

    id: int
    setting: str
    is_ours: bool


@dataclass(frozen=True)
class Held:
    """A return that the organisation has in the round already."""

    id: int
    status: str
    imported: bool


@dataclass
class _Taken:
    """What has been read of one organisation so far, and the line of each indicator."""

    line: int
    reference: Reference
    name: str
    setting: str
    answers: dict[str, Answer] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    is_whole: bool = True


def read_returns(
    rows: Iterable[Row], edition: Edition, settings: Collection[str]
) -> tuple[list[FinishedReturn], list[Found]]:
    """The returns of a file in its order, and every mistake that its rows show by themselves.

    `settings` are the setting types that the round asks.
    """
    taken: dict[Key, _Taken] = {}
    found: list[Found] = []
    for row in rows:
        reference = reference_of(row.cells["organisation"])
        if isinstance(reference, str):
            found.append((row.line, reference))
            into = None
        else:
            into = taken.get(reference.key)
            if into is None:
                name = one_line(row.cells["name"])
                into = taken[reference.key] = _Taken(row.line, reference, name, row.cells["setting"])
        messages = [*_take(row, into, edition), *_wrong_setting(row.cells["setting"], edition, settings)]
        if messages:
            found += [(row.line, message) for message in messages]
            if into is not None:
                into.is_whole = False
    returns = [
        FinishedReturn(each.line, each.reference, each.name, each.setting, each.answers, each.is_whole)
        for each in taken.values()
    ]
    return returns, found


def reference_of(cell: str) -> Reference | str:
    """The organisation that a cell names, or what is wrong with the cell."""
    register, _, identifier = (part.strip() for part in one_line(cell).partition(":"))
    if not (register and identifier):
        return (
            f"“{shown(cell)}” is no organisation: write register:identifier, such as GIAS:100000 or local:17"
        )
    if not (register + identifier).isprintable():
        return f"“{shown(cell)}” holds a character that cannot be seen"
    wrong = wrong_text("identifier", identifier, LONGEST_IDENTIFIER)
    return wrong or Reference(register, identifier)


def _take(row: Row, into: _Taken | None, edition: Edition) -> Iterator[str]:
    """Take a row into its return; the messages of its mistakes."""
    cells = row.cells
    questionnaire = edition.questionnaires.get(cells["setting"])
    indicator = questionnaire.by_key.get(cells["indicator"]) if questionnaire else None
    if questionnaire and indicator is None:
        near = _near(cells["indicator"], tuple(questionnaire.by_key))
        yield f"there is no indicator “{shown(cells['indicator'])}” for {questionnaire.setting}{near}"
    if into is not None:
        yield from _against_others(row, into)
    grade = sys.intern(cells["grade"])  # so that a million answers share the few words of the scale
    if grade != NOT_APPLICABLE and grade not in edition.scale.by_key:
        yield _wrong_grade(grade, edition.scale)
    elif indicator is not None:
        answer = _answer(indicator, edition.scale, Typed(grade, cells["evidence"], cells["reason"]))
        if isinstance(answer, Problem):
            yield answer.text
        elif into is not None:
            into.answers[indicator.key] = answer


def _against_others(row: Row, into: _Taken) -> Iterator[str]:
    """Where a row says otherwise than the first of its organisation, or answers the same once more."""
    name, setting, key = one_line(row.cells["name"]), row.cells["setting"], row.cells["indicator"]
    if name != into.name:
        yield f"{into.reference} is named “{shown(name)}” here and “{shown(into.name)}” on line {into.line}"
    if setting != into.setting:
        yield f"{into.reference} is “{shown(setting)}” here and “{shown(into.setting)}” on line {into.line}"
    first = into.lines.setdefault(key, row.line)
    if first != row.line:
        yield f"“{shown(key)}” of {into.reference} is answered on line {first} already"


def _answer(indicator: Indicator, scale: Scale, typed: Typed) -> Answer | Problem:
    answer = parse(indicator, scale, typed)
    return answer if isinstance(answer, Problem) else missing(indicator, answer) or answer


def _wrong_setting(setting: str, edition: Edition, settings: Collection[str]) -> list[str]:
    if setting in settings:
        return []
    asked = ", ".join(settings)
    if setting in edition.questionnaires:
        return [f"this cycle does not ask {setting}; it asks {asked}"]
    near = _near(setting, tuple(settings)) or f"; this cycle asks {asked}"
    return [f"there is no setting “{shown(setting)}”{near}"]


def _wrong_grade(grade: str, scale: Scale) -> str:
    words = (*scale.by_key, NOT_APPLICABLE)
    near = _near(grade, words) or f"; use one of {', '.join(words)}"
    return f"there is no grade “{shown(grade)}”{near}" if grade else f"the grade is missing{near}"


@lru_cache(maxsize=1000)
def _near(word: str, known: tuple[str, ...]) -> str:
    """The end of a message; kept, for a file that has one mistake may have it a thousand times."""
    return csv_reading.did_you_mean(word, known)


def wrong_organisation(
    finished: FinishedReturn, known: Mapping[Key, Known], settings: Collection[str]
) -> str | None:
    """What keeps a return's organisation from being found or made; None when nothing does."""
    reference, here = finished.reference, known.get(finished.reference.key)
    if here is None:
        return _wrong_new_name(finished) if reference.is_local else _unknown(reference, known)
    if finished.setting != here.setting and finished.setting in settings:
        return f"{reference} is “{finished.setting}” here and is known as “{here.setting}”"
    if not here.is_ours:
        return f"{reference} works in none of the round's areas and is not asked in it"
    return None


def _unknown(reference: Reference, known: Mapping[Key, Known]) -> str:
    registers = tuple(sorted({register for register, _ in known} | {LOCAL}))
    folded = reference.register.casefold()
    near = "" if folded in registers else _near(folded, registers)
    return f"there is no organisation {reference}, and only those of the register local are made here{near}"


def _wrong_new_name(finished: FinishedReturn) -> str | None:
    if not finished.name:
        return f"{finished.reference} is not known yet: give its name"
    return wrong_text("name", finished.name, LONGEST_NAME)


def areas_of_new(setting: str, of_host: Collection[str], of_round: Collection[str]) -> tuple[str, ...]:
    """Where an organisation works that is made here: in the host's first area, or in all of the round's."""
    return tuple(sorted(of_round)) if setting == FOUR_AREA_SETTING else tuple(sorted(of_host)[:1])


def answers_here(reference: Reference, held: Iterable[Held]) -> str | None:
    """The refusal of a return whose organisation answers here itself; None when it does not."""
    for each in held:
        if not each.imported:
            done = "signed" if each.status == "signed" else "begun"
            return f"{reference} has {done} its return in this cycle here; nothing is imported over it"
    return None


def differs(reference: Reference, held: Mapping[str, Answer], new: Mapping[str, Answer]) -> str | None:
    """The refusal of a return where another was imported before; None when it is the same again."""
    differing = sorted(key for key in held.keys() | new.keys() if held.get(key) != new.get(key))
    if not differing:
        return None
    more = f" and {len(differing) - 1} more" if len(differing) > 1 else ""
    return f"another return of {reference} was imported into this cycle before: {differing[0]}{more} differ"
