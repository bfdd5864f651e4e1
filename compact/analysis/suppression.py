"""What a published summary hides, so that no count of fewer than five can be worked out from all that is out.

Three rules, each on values:

1. A row graded by fewer than five is hidden, with all that it says.
2. What is hidden once stays hidden in that round: in the view of each of its partnerships, and in later
   numbers. Else the difference of two publications would give the hidden count away.
3. A total speaks of the rows that are shown, and of no others: it is counted over them alone.

So everything that is published depends on the answers to shown rows and on nothing else; whatever was
answered in a hidden row, the same would have been published. (Decision 0024.)
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from .rules import is_hidden

# What stands in the list of hidden keys for the table of phases, and for what inspections found.
PHASES, INSPECTED = "*phases", "*inspected"


class Given(NamedTuple):
    """What one organisation said of one indicator; `grade` is None for "not applicable"."""

    return_id: int
    phase: str | None
    key: str
    grade: str | None


class Total(NamedTuple):
    """Organisations that graded something of some rows, and those that graded something weak."""

    graded: int
    weak: int


def hidden_keys(views: Iterable[Mapping[str, int]], before: Collection[str] = ()) -> frozenset[str]:
    """The indicators that are hidden: those that fewer than five graded in any view of a round, or were
    hidden `before` in it.

    A view is how many graded each indicator, as one of the round's partnerships sees it.
    """
    small = (key for view in views for key, graded in view.items() if is_hidden(graded))
    return frozenset([*small, *before])


def total(given: Iterable[Given], keys: Collection[str], weak: Collection[str]) -> Total:
    """The organisations that graded any of the rows `keys`, and of these the ones that graded any weak."""
    worst: dict[int, bool] = {}
    for each in given:
        if each.key in keys and each.grade is not None:
            worst[each.return_id] = worst.get(each.return_id, False) or each.grade in weak
    return Total(len(worst), sum(worst.values()))


def by_phase(
    given: Sequence[Given], standards: Mapping[int, Collection[str]], weak: Collection[str]
) -> Mapping[str, Mapping[int, Total]] | None:
    """The totals of each phase by standard; None where any of them is too small: then none is shown.

    `standards` are the shown keys of each standard that has any. Returns without a phase are a phase too
    small to be named, and the phases beside them would tell what they said.
    """
    phases = sorted({each.phase or "" for each in given})
    if len(phases) < 2:
        return None
    table: dict[str, dict[int, Total]] = {}
    for phase in phases:
        own = [each for each in given if (each.phase or "") == phase]
        table[phase] = {number: total(own, keys, weak) for number, keys in standards.items()}
    cells = [cell for row in table.values() for cell in row.values()]
    return None if "" in table or any(is_hidden(cell.graded) for cell in cells) else table
