"""Which returns a number of a summary counts, and by how few it differs from another one.

Whoever holds two numbers against each other sees what the returns did that only one of them counts. Where
these are few, that comes close to what each of them said. Rows that fewer than five graded stay hidden all
the same (decision 24); this is about the rows that are shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from compact.analysis.rules import SMALLEST_SHOWN


class Counted(NamedTuple):
    """A return that is counted: of which organisation, and when it was signed."""

    organisation_id: int
    return_id: int
    signed_at: str


@dataclass(frozen=True)
class Difference:
    """By how many returns a next number differs from number `of`; all None where that is not known."""

    of: int
    new: int | None = None
    anew: int | None = None
    gone: int | None = None

    @property
    def returns(self) -> int:
        return (self.new or 0) + (self.anew or 0) + (self.gone or 0)

    @property
    def is_known(self) -> bool:
        return self.new is not None

    @property
    def is_small(self) -> bool:
        return not self.is_known or self.returns < SMALLEST_SHOWN


def as_counted(organisation_id: int, return_id: int, signed_at: datetime) -> Counted:
    return Counted(organisation_id, return_id, signed_at.astimezone(UTC).isoformat())


def to_text(counted: Iterable[Counted]) -> str:
    """As it is kept: a line of ids and the moment of signing for each return, and nothing that they say."""
    return "\n".join(" ".join(map(str, each)) for each in sorted(counted))


def from_text(text: str) -> frozenset[Counted]:
    """The reverse of `to_text`."""
    parts = (line.split(" ") for line in text.splitlines())
    return frozenset(Counted(int(organisation), int(row), at) for organisation, row, at in parts)


def difference(of: int, then: str | None, now: Iterable[Counted]) -> Difference:
    """What is counted now beside what number `of` counted; `then` is None where nobody noted it."""
    if then is None:
        return Difference(of)
    before = {each.organisation_id: each for each in from_text(then)}
    after = {each.organisation_id: each for each in now}
    both = before.keys() & after.keys()
    return Difference(
        of,
        new=len(after.keys() - both),
        anew=sum(before[each] != after[each] for each in both),
        gone=len(before.keys() - both),
    )


def nearest(differences: Iterable[Difference]) -> Difference | None:
    """The number from which the next one differs least; of several the latest."""
    return min(differences, key=lambda each: (each.is_known, each.returns, -each.of), default=None)
