"""What was counted once is not counted again: a signed return is never edited.

The counts of the grades of some signed returns depend on which returns these are and on nothing else; so each
process remembers them by the returns. One signature more, and it is another set, which is counted anew.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from flask import has_request_context
from sqlalchemy import Engine
from sqlalchemy.orm import Session

KEPT = 64  # sets of returns; the counts of a sector take some 50 kB, the results of a thousand returns 500 kB

_lock = Lock()
_kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, Sequence[Any]]] = WeakKeyDictionary()


def remembered(
    session: Session, returns: Callable[[], Hashable], count: Callable[[], list[Any]]
) -> list[Any]:
    """What `count` counts of the returns that `returns` names now.

    It is kept only if they are still the same afterwards: somebody may sign between the two statements. A
    command counts once and ends; it remembers nothing.
    """
    if not has_request_context():
        return count()
    engine, named = session.get_bind().engine, returns()
    with _lock:
        kept = _kept.setdefault(engine, OrderedDict())
        if named in kept:
            kept.move_to_end(named)
            return [*kept[named]]
    counted = count()
    if returns() == named:
        with _lock:
            kept[named] = tuple(counted)
            while len(kept) > KEPT:
                kept.popitem(last=False)
    return counted
