"""One import of a register's file: what it says, held against what is known, and what speaks against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from . import store
from .rules import Key, Known, Plan, Reading, moved, older_areas, plan, too_many_close


@dataclass(frozen=True)
class Importing:
    """What a file would do. `older` and `closing` are what must be looked at before it is done."""

    register: str
    reading: Reading
    known: Mapping[Key, Known]
    plan: Plan
    older: Sequence[str]
    closing: Sequence[str]

    @classmethod
    def of(cls, session: Session, reading: Reading, register: str, today: date) -> "Importing":
        registers = {key.register for key in (*reading.elsewhere, *(entry.key for entry in reading.entries))}
        known = store.known_organisations(session, registers)
        planned = plan(reading, known, today)
        older = older_areas(reading.as_of, store.register_days(session, register))
        return cls(register, reading, known, planned, older, too_many_close(planned, known.values()))

    def left_alone(self, wanted: frozenset[str]) -> list[str]:
        """A line for each organisation of the wanted areas that the file lists in another one."""
        return [
            f"{each.key.register}:{each.key.identifier} {each.state.name}: left as it is, although the file "
            "lists it in another area"
            for each in moved(self.reading, self.known, wanted)
        ]

    def carry_out(self, session: Session, at: datetime) -> None:
        store.carry_out(session, self.plan, at)
        store.keep_register_days(session, self.register, self.reading.as_of)
