"""The guard before every view: the table of routes, held against the person of the request.

What is not yours looks like what does not exist: 404, never 403.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from compact.web import kept
from compact.web.errors import kept_page
from compact.web.frame import Link, address_of, stand_for_nobody
from compact.web.origin import is_from_elsewhere
from config import Settings

from . import noting, scope
from .routes import ROUTES, Rule
from .rules import may, may_manage_people
from .values import Act, Owner, Person, Role, Scope

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LARGEST_ID = 2**31 - 1


class Found(Protocol):
    """What a room finds for an address: at the least, whose it is and what its pages may touch."""

    @property
    def owner(self) -> Owner: ...

    @property
    def scope(self) -> Scope: ...


Finder = Callable[[Mapping[str, Any], Person], Found | None]
FoundT = TypeVar("FoundT", bound=Found)


def init_app(app: Flask) -> None:
    app.extensions["compact.finders"] = {}
    # Before the check for forged posts: who is signed out is told so, and not that the page is too old.
    app.before_request_funcs.setdefault(None, []).insert(0, _guard)
    app.register_error_handler(CSRFError, _not_ours)
    app.context_processor(_context)


def add_finder(app: Flask, thing: str, finder: Finder) -> None:
    """Say how a room finds its things: from the address and the person to the thing, or None.

    Raises ValueError when another room has said so of a thing of that name.
    """
    if app.extensions["compact.finders"].setdefault(thing, finder) is not finder:
        raise ValueError(f"Two rooms find a thing named “{thing}”.")


def refuse_routes_without_rule(app: Flask) -> None:
    """Stop the build when a route has no rule, or a rule has no route or no finder."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    wrong = sorted(endpoints ^ set(ROUTES))
    wrong += sorted(
        endpoint
        for endpoint, rule in ROUTES.items()
        if rule.thing and rule.thing not in app.extensions["compact.finders"]
    )
    if wrong:
        raise RuntimeError(f"Routes and their rules in compact/access/routes.py differ: {', '.join(wrong)}")


def person() -> Person | None:
    """Who is asking, if anyone is signed in."""
    asking = current_user._get_current_object()  # looked for once, and not for each thing asked of it
    return asking.person if asking.is_authenticated else None


def signed_in_person() -> Person:
    """Who is asking, in a view that only signed-in people reach."""
    found = person()
    if found is None:
        abort(404)
    return found


def found(kind: type[FoundT]) -> FoundT:
    """What this request is about, as its room's finder found it."""
    assert isinstance(g.found, kind)  # noqa: S101 - the table and the finders are built together
    return g.found


def allows(act: Act) -> bool:
    """Whether the person may do this to what the request is about."""
    return may(person(), act, cast(Found, g.found).owner)


def _context() -> dict[str, object]:
    asking = person()
    return {"person": asking, "navigation": _navigation(asking) if asking else ()}


def _navigation(asking: Person) -> list[Link]:
    here = request.blueprint
    links = [Link("Home", address_of("home.home"), current=request.endpoint == "home.home")]
    if any(grant.role is Role.OFFICER for grant in asking.grants):
        here_too = here in ("rounds", "chase", "writing", "time", "paper")
        links.append(Link("Rounds", address_of("rounds.index"), current=here_too))
        links.append(Link("Returns to read", address_of("review.queue"), current=here == "review"))
        here_too = here in ("organisations", "organisation", "register_files")
        links.append(Link("Organisations", address_of("organisations.index"), current=here_too))
    if may_manage_people(asking):
        links.append(Link("People", address_of("people.index"), current=here == "people"))
    if asking.is_administrator:
        links.append(Link("Trail", address_of("administration.show_trail"), current=here == "administration"))
    links.append(Link("Your account", address_of("account.account"), current=here == "account"))
    return links


def _guard() -> Response | tuple[str, int] | None:
    if request.endpoint is None:
        return None  # no such address: the router's own 404 or 405 follows
    rule = ROUTES[request.endpoint]
    if rule.act is Act.ANYONE:
        return None
    kept.put_back()
    asking = person()
    if asking is None:
        return _to_sign_in()
    g.person_id = asking.id  # for the log
    if _lacks_second_factor(asking) and not rule.before_second_factor:
        return _to_second_factor()
    if rule.act is Act.SIGNED_IN and rule.thing is None:
        return None
    return _let_in(rule, asking)


def _let_in(rule: Rule, asking: Person) -> Response | tuple[str, int] | None:
    """Nothing when the person may do what the route does; else where they are sent instead."""
    thing = _find(rule, asking)
    if thing is not None and may(asking, rule.act, thing.owner):
        if rule.act is Act.READ_RETURN and not asking.organisations & thing.owner.organisations:
            noting.note_read(asking, request.view_args or {})
        g.found = thing
        scope.hold(thing.scope)
        return None
    if thing is not None and may(replace(asking, grants=asking.elsewhere), rule.act, thing.owner):
        return _acting_elsewhere(min(thing.owner.organisations))
    noting.note_refusal(asking)
    stand_for_nobody()  # whose it is would tell that there is something
    return abort(404)


def _acting_elsewhere(organisation: int) -> Response | tuple[str, int]:
    """The person may do this, but acts for another of their organisations now: they choose first."""
    if request.method in SAFE_METHODS:
        return redirect(url_for("account.acting_for", organisation=organisation, next=_this_address()))
    return kept_page("elsewhere", 409)


def _lacks_second_factor(asking: Person) -> bool:
    settings: Settings = current_app.extensions["compact.settings"]
    return settings.requires_second_factor and asking.wants_second_factor and not asking.proved_twice


def _to_second_factor() -> Response | tuple[str, int]:
    if request.method in SAFE_METHODS:
        return redirect(url_for("account.authenticator", next=_this_address()))
    return kept_page("second-factor", 403)


def _find(rule: Rule, asking: Person) -> Found | None:
    address = request.view_args or {}
    if not all(_can_be_stored(part) for part in address.values()):
        return None
    finders: dict[str, Finder] = current_app.extensions["compact.finders"]
    with scope.finding(address):
        return finders[rule.thing or ""](address, asking)


def _can_be_stored(part: object) -> bool:
    """Whether a part of an address can be the id or the key of anything, in either database."""
    return part <= LARGEST_ID if isinstance(part, int) else "\0" not in str(part)


def _not_ours(_error: CSRFError) -> tuple[str, int]:
    """The form's token is not of this session: whoever typed it signs in again, and it is saved."""
    rule = ROUTES[request.endpoint or ""]
    return kept_page("stale", 400) if rule.act is Act.ANYONE else _sign_in_again("stale", 400)


def _to_sign_in() -> Response | tuple[str, int]:
    if request.method in SAFE_METHODS:
        return redirect(url_for("accounts.sign_in", next=_this_address()))
    return _sign_in_again("signed-out", 401)


def _sign_in_again(why: str, status: int) -> tuple[str, int]:
    """Offer to save after a new sign-in what our own pages sent; what another site sent is never saved."""
    return kept_page("stale", status) if is_from_elsewhere() else kept.sign_in_again(why, status)


def _this_address() -> str:
    return request.full_path.rstrip("?")
