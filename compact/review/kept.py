"""How a reason to look is kept: its columns, and the rest of it as JSON."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from compact.inspections.rules import Doubt
from compact.trail.store import canonical

from .rules import Inspected, Name, Other, Reason

Columns = Mapping[str, Any]


def rows_of(return_id: int, reasons: Iterable[Reason]) -> list[Columns]:
    """The rows in which a return's reasons are kept."""
    return [
        {
            "return_id": return_id,
            "partnership_id": reason.partnership,
            "name": reason.name.value,
            "weight": reason.weight,
            "about": _written(reason),
        }
        for reason in reasons
    ]


def read(name: str, about: str, partnership: int | None) -> Reason:
    """A reason as it was kept."""
    held = json.loads(about)
    return Reason(
        Name(name),
        held["count"],
        held["of"],
        tuple(held["keys"]),
        tuple(Other(**each) for each in held["others"]),
        partnership,
        _inspected(held["inspected"]) if "inspected" in held else None,
    )


def _written(reason: Reason) -> str:
    """A reason without what stands in columns of its own. An inspection is there for one reason alone."""
    about: dict[str, Any] = {
        "count": reason.count,
        "of": reason.of,
        "keys": list(reason.keys),
        "others": [
            {"return_id": each.return_id, "organisation": each.organisation} for each in reason.others
        ],
    }
    if reason.inspected is not None:
        found = [[each.area, each.said, list(each.standards)] for each in reason.inspected.found]
        about["inspected"] = {"on": reason.inspected.on.isoformat(), "found": found}
    return canonical(about)


def _inspected(held: Mapping[str, Any]) -> Inspected:
    found = tuple(Doubt(area, said, tuple(standards)) for area, said, standards in held["found"])
    return Inspected(date.fromisoformat(held["on"]), found)
