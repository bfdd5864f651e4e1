"""What an import does to the organisations that are known: values in, values out.

A register's mapping file (gias.py, local.py) turns rows into entries; `plan` holds them against what is
known. Nothing here knows of files or tables.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from compact.mail.rules import is_address

LOCAL, OFSTED = "local", "Ofsted"
PHASES = (
    "nursery",
    "primary",
    "secondary",
    "all_through",
    "post_16",
    "special",
    "alternative_provision",
    "independent",
)
STATUS, OPEN, CLOSED = "status", "open", "closed"
MOST_CLOSING = 5  # percent of an area's open organisations of a register

LONGEST_NAME = 300
LONGEST_IDENTIFIER = 100
LONGEST_POSTCODE = 40

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AREA = re.compile(r"[0-9]{3}")
# EY and six digits, seven digits, six digits alone, or VC and six digits, by age. The letters are a part of
# it: EY123456 and 123456 are two providers.
_OFSTED_NUMBER = re.compile(r"(EY|VC)?[0-9]{6}|[0-9]{7}")
_SHORT_AREA = re.compile(r"[0-9]{1,3}")


class Key(NamedTuple):
    """By what an organisation is known. The owner is a partnership for the register `local` alone."""

    register: str
    owner_id: int | None
    identifier: str


@dataclass(frozen=True)
class State:
    """Everything of an organisation that an import may change. Closed once `closed_on` is there."""

    name: str
    setting: str
    areas: frozenset[str]
    phase: str | None = None
    trust: str | None = None
    postcode: str | None = None
    contact_email: str | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class Known:
    """An organisation as it is kept.

    `corrected` are the fields that officers wrote otherwise than the register, each with what the register
    said then; `status` is the name of being open or closed.
    """

    id: int
    key: Key
    state: State
    corrected: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """An organisation as a register's row has it. `says` are fields of State; what it leaves out stays.

    `at_first` are fields for an organisation that is not known yet, and only for it.
    """

    line: int
    key: Key
    says: Mapping[str, Any]
    at_first: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Closed:
    """A register's row of an organisation that is no more; `on` is empty where the register has no day."""

    line: int
    key: Key
    on: date | None


@dataclass(frozen=True)
class Reading:
    """What a register's file says. `elsewhere` are organisations that it lists outside the wanted areas.

    `left_out` counts those and all others that do not take part; `notes` are for people to read. `as_of` are
    the days on which each area's rows were last changed, where the register tells.
    """

    entries: Sequence[Listed | Closed]
    left_out: int
    elsewhere: frozenset[Key] = frozenset()
    notes: Sequence[str] = ()
    as_of: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    organisation: Known
    state: State

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what changes, for people to read."""
        before, after = vars(self.organisation.state), vars(self.state)
        return tuple(name.replace("_", " ") for name in after if after[name] != before[name])


@dataclass(frozen=True)
class Plan:
    """What one import does, every row of the file in one of the counts.

    `ended` are corrections, by organisation and field, on whose field the register says something new.
    """

    added: Sequence[tuple[Key, State]]
    changed: Sequence[Change]
    closed: Sequence[Change]
    unchanged: int
    left_out: int
    ended: Sequence[tuple[int, str]] = ()

    @property
    def counts(self) -> str:
        """The last line of an import. Nothing is ever refused alone: one mistake refuses the file."""
        return (
            f"added {len(self.added)}, changed {len(self.changed)}, closed {len(self.closed)}, "
            f"unchanged {self.unchanged}, left out {self.left_out}, refused 0"
        )


def plan(reading: Reading, known: Mapping[Key, Known], today: date) -> Plan:
    """What a file does to the known organisations; it has no two entries of the same one."""
    added: list[tuple[Key, State]] = []
    changed: list[Change] = []
    closed: list[Change] = []
    ended: list[tuple[int, str]] = []
    unchanged, left_out = 0, reading.left_out
    shared = _shared(known, {entry.key for entry in reading.entries})
    for entry in reading.entries:
        there = known.get(entry.key) or shared.pop(_identity(entry), None)
        if there is None:
            if isinstance(entry, Listed):
                added.append((entry.key, State(**{**entry.at_first, **entry.says})))
            else:
                left_out += 1
            continue
        after, news = _after(there, entry, today)
        ended += [(there.id, name) for name in news]
        if after == there.state:
            unchanged += 1
        elif isinstance(entry, Closed) and there.state.closed_on is None:
            closed.append(Change(there, after))
        else:
            changed.append(Change(there, after))
    return Plan(added, changed, closed, unchanged, left_out, ended)


def said_of(name: str, value: object) -> str | None:
    """A field's value as a correction remembers it; being open or closed is one word, whatever the day."""
    if name == STATUS:
        return CLOSED if value else OPEN
    return None if value is None else str(value)


def too_many_close(planned: Plan, known: Iterable[Known]) -> list[str]:
    """H4: where more than 5 in 100 open organisations of a register and area would close, and more than one.

    A file with a wrong column, or cut to those that closed, would otherwise end a round for an area.
    """
    open_now, closing = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for each in known:
        if each.state.closed_on is None:
            open_now.update((each.key.register, area) for area in each.state.areas)
    for change in planned.closed:
        before = change.organisation
        closing.update((before.key.register, area) for area in before.state.areas)
    return [
        f"{count} of {open_now[register, area]} open organisations of {register} in area {area} would close"
        for (register, area), count in sorted(closing.items())
        if count > 1 and count * 100 > MOST_CLOSING * open_now[register, area]
    ]


def older_areas(as_of: Mapping[str, date], before: Mapping[str, date]) -> list[str]:
    """H3: the areas of which a file knows less than the one that was imported before."""
    return [
        f"area {area} was last changed on {day:%d-%m-%Y} in this file, on {before[area]:%d-%m-%Y} in the one "
        "before"
        for area, day in sorted(as_of.items())
        if area in before and day < before[area]
    ]


def _shared(
    known: Mapping[Key, Known], listed: Collection[Key]
) -> dict[tuple[str, frozenset[str]] | None, Known]:
    """Local organisations of several areas that have no row of their own, by identifier and areas.

    A list's row goes to the first of its areas that has a partnership. When that one joins the installation
    late, the row is still about the organisation that another partnership has had from it before.
    """
    others = [each for key, each in known.items() if key.register == LOCAL and key not in listed]
    others.sort(key=lambda each: each.id, reverse=True)
    return {(each.key.identifier, each.state.areas): each for each in others if len(each.state.areas) > 1}


def _identity(entry: Listed | Closed) -> tuple[str, frozenset[str]] | None:
    if isinstance(entry, Closed) or entry.key.register != LOCAL:
        return None
    return entry.key.identifier, entry.says["areas"]


def _after(there: Known, entry: Listed | Closed, today: date) -> tuple[State, list[str]]:
    """The state after a row, and the corrections that end with it.

    H9: what was corrected here stays while the register says what it said before. When it says something
    new, that is news, and is taken.
    """
    before = there.state
    says = (
        dict(entry.says)
        if isinstance(entry, Listed)
        else {"closed_on": entry.on or before.closed_on or today}
    )
    news = []
    for name, register_said in there.corrected.items():
        column = "closed_on" if name == STATUS else name
        if column not in says:
            continue
        if said_of(name, says[column]) == register_said:
            del says[column]
        else:
            news.append(name)
    after = replace(before, **says)
    if after.trust and before.trust and after.trust.casefold() == before.trust.casefold():
        after = replace(after, trust=before.trust)  # the same trust, written otherwise
    return after, news


def moved(reading: Reading, known: Mapping[Key, Known], wanted: frozenset[str]) -> list[Known]:
    """Open organisations of the wanted areas that the file lists in other areas alone."""
    there = (known[key] for key in reading.elsewhere if key in known)
    return sorted(
        (each for each in there if each.state.closed_on is None and each.state.areas & wanted),
        key=lambda each: each.key.identifier,
    )


def repeated(entries: Iterable[tuple[int, Key]]) -> dict[int, int]:
    """The lines of entries whose organisation was there before, each with the line of the first."""
    first: dict[Key, int] = {}
    return {line: first[key] for line, key in entries if first.setdefault(key, line) != line}


def is_area(code: str) -> bool:
    return _AREA.fullmatch(code) is not None


def area_of(code: str) -> str | None:
    """A code from a file as three digits, for spreadsheets take leading zeros away; None if it is none."""
    return code.zfill(3) if _SHORT_AREA.fullmatch(code) else None


def ofsted_number(text: str) -> str | None:
    """A childcare provider's number in the one form in which it is kept; None if it is none."""
    number = "".join(text.split()).upper()
    return number if _OFSTED_NUMBER.fullmatch(number) else None


def is_email(address: str) -> bool:
    """Whether it could be somebody's e-mail address: mail can be sent to it, and its domain has a dot."""
    return is_address(address) and "." in address.rpartition("@")[2]


def one_line(text: str) -> str:
    """A name with every run of blanks, and line breaks, as one space."""
    return " ".join(text.split())


def wrong_text(what: str, text: str, longest: int) -> str | None:
    """What is wrong with a text that is kept as it is: control characters, or more than fits."""
    if _CONTROL.search(text):
        return f"the {what} holds a control character"
    if len(text) > longest:
        return f"the {what} has {len(text)} characters; at most {longest} fit"
    return None
