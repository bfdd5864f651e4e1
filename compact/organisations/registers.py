"""The registers whose files can be imported, each with its mapping: one place to read any of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from . import gias, local, ofsted_childcare
from .rules import Reading
from .store import PartnershipRow

GIAS, CHILDCARE, LOCAL = REGISTERS = ("gias", "ofsted-childcare", "local")


@dataclass(frozen=True)
class Source:
    """A register's file: what its mistakes call it, and its bytes. `only` are types of childcare."""

    register: str
    name: str
    data: bytes
    only: Sequence[str] = ()


@dataclass(frozen=True)
class Place:
    """What a file is read for: the wanted areas, the partnerships, and the editions' setting types."""

    wanted: frozenset[str]
    partnerships: Sequence[PartnershipRow]
    settings: Collection[str]


def read(source: Source, place: Place) -> Reading:
    """What a register's file says. Raises InputMistakes with all of the file's mistakes."""
    if source.register == GIAS:
        return gias.read(source.name, source.data, place.wanted)
    if source.register == CHILDCARE:
        return ofsted_childcare.read(source.name, source.data, place.wanted, source.only)
    partnership_of = {area: row.id for row in place.partnerships for area in row.areas}
    here = local.Place(place.wanted, partnership_of, place.settings)
    return local.read(source.name, source.data, here)
