"""The scope of a request: tenants' data is reached only through it, in tests and in production.

Every statement of a request is looked at before it reaches the database. Each table of tenants that it names
must be held to ids of the scope (`holds.py` says by what), or it does not run. Outside requests and commands
nobody watches: migrations, loaders and the tests' own sessions have no scope.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask, g, has_app_context
from sqlalchemy import event
from sqlalchemy.sql.compiler import SQLCompiler

from .holds import OWNERS, Hold, Named, named_by, named_in
from .values import Everything, Scope

NOBODY_WATCHES = Everything("outside requests and commands")
TEXTS = 512  # how many statements of mere text are remembered; the others live as long as their compiled form
_named: WeakKeyDictionary[SQLCompiler, frozenset[Named]] = WeakKeyDictionary()
_named_in_text = lru_cache(TEXTS)(named_in)


class Unscoped(Exception):  # noqa: N818 - it is what the statement is
    """A statement names tenants' data that nothing holds to the scope; it did not run."""

    def __init__(self, named: Named, scope: Scope | None) -> None:
        super().__init__(
            f"The statement did not run. Its table {named.table!r} {_lack(named, scope)}. "
            "See docs/developers.md, “Reading through the scope”."
        )


def _lack(named: Named, scope: Scope | None) -> str:
    """What to do about it; never a value."""
    if scope is None:
        return (
            "holds tenants' data, and nothing gave this request a scope: name a `thing` for its route in "
            "access/routes.py, whose finder says in `scope` what the route may touch (a command has one from "
            "compact/cli.py)"
        )
    if not named.holds:
        return (
            "is held by nothing: in WHERE or ON compare its id of a return, an organisation or a round with "
            "a value (== or in_, joined by AND), or join it by such an id to a table that is so held; an "
            "INSERT names its return or organisation as a plain value; text() cannot be looked through"
        )
    by = " or ".join(f"{hold.kind} by the parameter {hold.parameter!r}" for hold in sorted(named.holds))
    return (
        f"is held to {by}, which gives an id outside the scope: either it is somebody else's, or the "
        "`scope` of what the route's finder found lacks it"
    )


def init_app(app: Flask) -> None:
    """Look at every statement of the application's engine; an engine is watched once, by however many."""
    event.listen(app.extensions["compact.engine"], "before_cursor_execute", _look)


def hold(scope: Scope) -> None:
    """Let the rest of this request touch this, and nothing else."""
    g.scope = scope


@contextmanager
def finding(address: Mapping[str, Any]) -> Iterator[None]:
    """Let a finder look up what the address names, whosever it is; nothing is held afterwards."""
    g.scope = Scope(**{kind: frozenset(_named_ids(address, kind)) for kind in OWNERS})
    try:
        yield
    finally:
        del g.scope  # whose it is, is still to be asked


def _named_ids(address: Mapping[str, Any], kind: str) -> list[int]:
    name = f"{kind.removesuffix('s')}_id"
    return [address[name]] if name in address else []


def take_in(return_id: int) -> None:
    """A return that was made for an organisation of the scope is in the scope from now on."""
    held = g.get("scope") if has_app_context() else None
    if isinstance(held, Scope):
        g.scope = replace(held, returns=held.returns | {return_id})


def take_in_successor(organisation_id: int) -> None:
    """An organisation that took over from one of the scope is in the scope from now on."""
    held = g.get("scope") if has_app_context() else None
    if isinstance(held, Scope):
        g.scope = replace(held, organisations=held.organisations | {organisation_id})


def everything(why: str) -> None:
    """Let the rest of this command touch everything. No request ever says this."""
    g.scope = Everything(why)


def _look(
    _connection: object, _cursor: object, statement: str, _parameters: object, context: Any, _many: bool
) -> None:
    """Raise Unscoped unless each table of tenants that the statement names is held to the scope."""
    scope: Scope | Everything | None = g.get("scope") if has_app_context() else NOBODY_WATCHES
    if isinstance(scope, Everything):
        return
    for named in _names_of(statement, context):
        if scope is None or not any(_lies_in(each, scope, context) for each in named.holds):
            raise Unscoped(named, scope)


def _names_of(statement: str, context: Any) -> frozenset[Named]:
    compiled = context.compiled
    if "beyond_scope" in context.execution_options:
        return frozenset()  # the statement says why
    if not isinstance(compiled, SQLCompiler):
        return _named_in_text(statement)
    named = _named.get(compiled)
    if named is None:
        named = _named[compiled] = named_by(compiled)
    return named


def _lies_in(by: Hold, scope: Scope, context: Any) -> bool:
    """Whether every value of the parameter, in every row of parameters, is an id of the scope."""
    ids: frozenset[int] = getattr(scope, by.kind)
    rows: Sequence[Mapping[str, Any]] = context.compiled_parameters
    names: Sequence[str] = context._expanded_parameters.get(by.parameter, (by.parameter,))  # IN (?, ?, ?)
    return all(row.get(name) in ids for row in rows for name in names)
