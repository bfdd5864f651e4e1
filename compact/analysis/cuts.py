"""A finer cut of a sector: the returns of one phase, or of one trust."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Cut:
    """Of the returns that count, those of one phase, of one trust, as it was pinned to them; None: of all."""

    phase: str | None = None
    trust: int | None = None

    def takes(self, phase: str | None, trust: int | None) -> bool:
        """Whether something of this phase and trust is in the cut."""
        return self.phase in (None, phase) and self.trust in (None, trust)


WHOLE = Cut()


@dataclass(frozen=True)
class Response:
    """How many organisations of a sector were due, and how many of them have signed."""

    due: int = 0
    received: int = 0
    imported: int = 0

    @property
    def all_brought_in(self) -> bool:
        """Whether nobody signed here: whatever is known was brought in from elsewhere."""
        return 0 < self.received == self.imported


class Part(NamedTuple):
    """The response of those in a round who share sector, phase and trust. `trust_name` as it is now."""

    cycle_id: int
    sector: str
    phase: str | None
    trust: int | None
    trust_name: str | None
    due: int
    received: int
    imported: int


def response_of(parts: Iterable[Part], cycle_id: int, sector: str, cut: Cut = WHOLE) -> Response:
    """The response of a sector in a round, or of a cut of it."""
    found = [
        each
        for each in parts
        if each.cycle_id == cycle_id and each.sector == sector and cut.takes(each.phase, each.trust)
    ]
    return Response(
        sum(each.due for each in found),
        sum(each.received for each in found),
        sum(each.imported for each in found),
    )


def phases_in(parts: Iterable[Part], phases: Sequence[str]) -> list[str]:
    """The phases that anybody has, in the order of `phases`; one that is not among them comes last."""
    found = {each.phase for each in parts if each.phase is not None}
    return [each for each in phases if each in found] + sorted(found.difference(phases))


def trusts_in(parts: Iterable[Part]) -> dict[int, str]:
    """The trusts that anybody belongs to, by name."""
    found = {each.trust: each.trust_name or "" for each in parts if each.trust is not None}
    return dict(sorted(found.items(), key=lambda each: (each[1].casefold(), each[0])))
