"""Who took over from whom: the register of schools' file of links, and what it does to what is known.

The register writes a link at either end: a school's row names its predecessor, or its successor. Values in,
values out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from compact.documents.csv_reading import read_sheet, shown
from compact.web.cli import InputMistakes

from .gias import day_of, is_urn
from .rules import one_line

URN, LINK_URN, TYPE, DAY = "URN", "LinkURN", "LinkType", "LinkEstablishedDate"
NAME = "LinkName"
REQUIRED = (URN, LINK_URN, TYPE)
OPTIONAL = (NAME, DAY)
PREDECESSOR, SUCCESSOR = "predecessor", "successor"
# A succession over a third organisation, which the one in the middle took over and passed on.
THROUGH = "through another"


class Pair(NamedTuple):
    """An organisation and the one that took over from it: URNs in a file, ids in the database."""

    old: str
    new: str


@dataclass(frozen=True)
class Link:
    line: int
    pair: Pair
    on: date | None
    kind: str


@dataclass(frozen=True)
class Links:
    """What a file of links says. `left_out` counts the rows that tell of no succession."""

    file: str
    links: Sequence[Link]
    left_out: int
    notes: Sequence[str]


@dataclass(frozen=True)
class Succeeded:
    """A succession as it is kept: since when, and the register's word for it."""

    on: date
    kind: str


Successions = Mapping[tuple[int, int], Succeeded]


@dataclass(frozen=True)
class LinkPlan:
    """What a file of links does, every row of it in one of the counts; `all` is what is kept then."""

    added: Mapping[tuple[int, int], Succeeded]
    changed: Mapping[tuple[int, int], Succeeded]
    all: Successions
    unchanged: int
    left_out: int

    @property
    def counts(self) -> str:
        return (
            f"added {len(self.added)}, changed {len(self.changed)}, closed 0, unchanged {self.unchanged}, "
            f"left out {self.left_out}, refused 0"
        )


def read(file: str, data: bytes) -> Links:
    """What the file says. Raises InputMistakes with all of its mistakes.

    Other links than of predecessors and successors, such as a change of the age range, are left out.
    """
    sheet = read_sheet(file, data, REQUIRED, OPTIONAL)
    mistakes, links, others = [*sheet.mistakes], [], dict[str, int]()
    for row in sheet.rows:
        cells, wrong = row.cells, _wrong(row.cells)
        mistakes += [sheet.mistake(row.line, message) for message in wrong]
        kind = one_line(cells[TYPE])
        if wrong:
            continue
        if (way := kind.casefold().partition(" ")[0].strip("-")) in (PREDECESSOR, SUCCESSOR):
            ends = (cells[LINK_URN], cells[URN]) if way == PREDECESSOR else (cells[URN], cells[LINK_URN])
            links.append(Link(row.line, Pair(*ends), day_of(cells.get(DAY, "")), kind))
        else:
            others[kind] = others.get(kind, 0) + 1
    if mistakes:
        raise InputMistakes(sorted(mistakes))
    notes = [f"“{shown(kind)}” is no succession: {count} left out" for kind, count in others.items()]
    return Links(file, links, sum(others.values()), notes)


def plan(
    links: Links, ids: Mapping[str, int], kept: Successions, closed_on: Mapping[int, date], today: date
) -> LinkPlan:
    """What the links do to the kept successions of the known organisations, whose ids are given by URN.

    A link without a day counts from the day on which the old one closed, or from today. Raises InputMistakes
    when an organisation would take over from itself, over however many others.
    """
    direct = {pair: each for pair, each in kept.items() if each.kind != THROUGH}
    known = [link for link in links.links if link.pair.old in ids and link.pair.new in ids]
    added, changed = dict[tuple[int, int], Succeeded](), dict[tuple[int, int], Succeeded]()
    for link in known:
        pair = (ids[link.pair.old], ids[link.pair.new])
        before = direct.get(pair)
        if before is None:
            on = link.on or closed_on.get(pair[0], today)
            added[pair] = direct[pair] = Succeeded(on, link.kind)
        elif pair in added or pair in changed:
            continue  # the same link, from its other end
        elif link.on is not None and link.on != before.on:
            changed[pair] = direct[pair] = Succeeded(link.on, before.kind)
    mistakes = [
        f"{links.file}:{link.line}: {link.pair.old} and {link.pair.new} would take over from each other"
        for link in known
        if ids[link.pair.old] in _after(ids[link.pair.new], direct)
    ]
    if mistakes:
        raise InputMistakes(mistakes)
    unchanged = len(known) - len(added) - len(changed)
    left_out = links.left_out + len(links.links) - len(known)
    return LinkPlan(added, changed, with_those_between(direct), unchanged, left_out)


def with_those_between(direct: Successions) -> Successions:
    """All successions, over others as well: each from the day on which the last of its links counts."""
    everything = dict(direct)
    for old in {old for old, _ in direct}:
        for new, on in _after(old, direct).items():
            everything.setdefault((old, new), Succeeded(on, THROUGH))
    return everything


def _after(start: int, direct: Successions) -> dict[int, date]:
    """Everybody who took over from an organisation, over others as well, each from the earliest day."""
    found: dict[int, date] = {}
    waiting = [(start, date.min)]
    while waiting:
        here, since = waiting.pop()
        for (old, new), each in direct.items():
            on = max(since, each.on)
            if old == here and (new not in found or on < found[new]):
                found[new] = on
                waiting.append((new, on))
    return found


def _wrong(cells: Mapping[str, str]) -> Collection[str]:
    wrong = [
        f"the {column} “{shown(cells[column])}” is not a number of up to eight digits"
        for column in (URN, LINK_URN)
        if not is_urn(cells[column])
    ]
    if not wrong and cells[URN] == cells[LINK_URN]:
        wrong.append("the school is linked to itself")
    if (day := cells.get(DAY, "")) and day_of(day) is None:
        wrong.append(f"the {DAY} “{shown(day)}” is not a day written as 31-08-2026")
    return wrong
