"""One import of a register's file: what it says, held against what is known, and what speaks against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from compact.trail.store import canonical, sha256

from . import store
from .rules import (
    LOCAL,
    Change,
    Closed,
    Key,
    Known,
    Listed,
    Plan,
    Reading,
    State,
    moved,
    older_areas,
    plan,
    said_of,
    too_many_close,
)


@dataclass(frozen=True)
class Desk:
    """Whose organisations alone an officer's import may touch: their partnerships, and those's areas."""

    partnerships: frozenset[int]
    areas: frozenset[str]


@dataclass(frozen=True)
class Importing:
    """What a file would do. `older` and `closing` are what must be looked at before it is done.

    `not_ours` are rows about organisations that an officer's import must not touch.
    """

    register: str
    reading: Reading
    known: Mapping[Key, Known]
    plan: Plan
    older: Sequence[str]
    closing: Sequence[str]
    not_ours: Sequence[Listed | Closed] = ()

    @classmethod
    def of(
        cls, session: Session, reading: Reading, register: str, today: date, desk: Desk | None = None
    ) -> "Importing":
        """Hold a file against what is known; all of it, or what lies with an officer's desk."""
        registers = {key.register for key in (*reading.elsewhere, *(entry.key for entry in reading.entries))}
        known = store.known_organisations(session, registers)
        not_ours = (
            [] if desk is None else [each for each in reading.entries if not _is_ours(each, known, desk)]
        )
        if not_ours:
            ours = [each for each in reading.entries if each not in not_ours]
            reading = replace(reading, entries=ours, left_out=reading.left_out + len(not_ours))
        planned = plan(reading, known, today)
        older = older_areas(reading.as_of, store.register_days(session, register))
        closing = too_many_close(planned, known.values())
        return cls(register, reading, known, planned, older, closing, not_ours)

    def left_alone(self, wanted: frozenset[str]) -> list[str]:
        """A line for each organisation of the wanted areas that the file lists in another one."""
        return [
            f"{each.key.register}:{each.key.identifier} {each.state.name}: left as it is, although the file "
            "lists it in another area"
            for each in moved(self.reading, self.known, wanted)
        ]

    @property
    def fingerprint(self) -> str:
        """By what an import tells that it would do just what its dry run showed."""
        done = {
            "added": [[list(key), _words(state)] for key, state in self.plan.added],
            "changed": [_told(each) for each in (*self.plan.changed, *self.plan.closed)],
            "ended": [list(each) for each in self.plan.ended],
            "counts": self.plan.counts,
        }
        return sha256(canonical(done))

    def carry_out(self, session: Session, at: datetime) -> None:
        store.carry_out(session, self.plan, at)
        store.keep_register_days(session, self.register, self.reading.as_of)


def fields_of(change: Change) -> Iterator[tuple[str, str | None, str | None]]:
    """What a change does, field by field: the name, and what was and will be there."""
    before, after = _words(change.organisation.state), _words(change.state)
    for name in before:
        if before[name] != after[name]:
            yield name, before[name], after[name]


def _is_ours(entry: Listed | Closed, known: Mapping[Key, Known], desk: Desk) -> bool:
    """Whether an officer's import may do what a row says.

    It takes no organisation over from another partnership's areas, nor any out of them: that would give one
    partnership's returns to another by a file that anybody can write. Those rows are for the command.
    """
    if entry.key.register == LOCAL and entry.key.owner_id not in desk.partnerships:
        return False
    there = known.get(entry.key)
    if there is None:
        return True
    if not there.state.areas & desk.areas:
        return False
    others = entry.says["areas"] - desk.areas if isinstance(entry, Listed) else there.state.areas - desk.areas
    return bool(others == there.state.areas - desk.areas)


def _told(change: Change) -> list[object]:
    return [change.organisation.id, _words(change.organisation.state), _words(change.state)]


def _words(state: State) -> dict[str, str | None]:
    """A state in words that are the same in every process."""
    words = {name: said_of(name, value) for name, value in vars(state).items()}
    return {
        **words,
        "areas": ", ".join(sorted(state.areas)),
        "closed_on": state.closed_on.isoformat() if state.closed_on else None,
    }
