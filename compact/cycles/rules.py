"""The rules of a round's days."""

from datetime import date
from enum import Enum


class Stage(Enum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


def stage(opens: date, closes: date, today: date) -> Stage:
    """Where a round stands on a local day. On its closing day it is still open."""
    if today < opens:
        return Stage.PLANNED
    return Stage.OPEN if today <= closes else Stage.CLOSED
