"""A browser that signs in: where it comes from, whether it is known, and the cookies it leaves with."""

import hashlib

from flask import current_app, request, session
from flask_login import current_user, login_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compact import db
from compact.access.guard import person
from compact.trail import security
from compact.web import kept
from compact.web.clock import now
from compact.web.origin import seen
from compact.web.texts import clean

from . import sessions, steps, throttling
from .rules import network_of
from .store import address_of
from .throttling import Source

# A browser that has signed in to an account is known to it for two years: heads come back once in two years.
KNOWN_FOR_SECONDS = 2 * 366 * 24 * 60 * 60
MOST_ACCOUNTS = 5


def source_of(email: str) -> Source:
    """What a try to sign in to this account is counted by."""
    if _mark_of(email) in _known_accounts():
        browser = hashlib.sha256(request.cookies[_cookie_name()].encode()).hexdigest()
        return Source(f"browser {browser}", known_browser=True)
    return Source(f"address {network_of(request.remote_addr or '')}", known_browser=False)


def enter(writing: Session, person_id: int, email: str, *, proved_by: str, proved_twice: bool) -> bool:
    """Sign somebody in who has proved who they are; False when the account cannot be signed in to.

    The browser gets a new session; its old one, and every copy of its cookie, is dead.
    """
    moment, held = now(), session.get("_user_id", "")
    acting_for = sessions.acted_for(writing, held, person_id)
    sessions.end(writing, held)
    steps.end(writing, session.get("step", ""))
    token = sessions.begin(
        writing,
        person_id,
        moment,
        proved_by=proved_by,
        proved_twice=proved_twice,
        agent=clean(request.user_agent.string),
        acting_for=acting_for,
    )
    signed_in = sessions.signed_in(writing, token, moment)
    if signed_in is None:
        return False
    throttling.forget_tries(writing, email, source_of(email))
    security.note(writing, "signed in", seen(), by=person_id, at=moment, about=proved_by)
    security.forget_old(writing, moment)
    # Nothing of the session before is left, but the forms' token where a save goes on after the sign-in.
    forms_token = session.get("csrf_token") if kept.carried() else None
    session.clear()
    if forms_token:
        session["csrf_token"] = forms_token
    login_user(signed_in)
    return True


def forgive(email: str) -> None:
    """Forget this browser's tries, in the transaction under way: who proves who they are has only slipped."""
    throttling.forget_tries(db.session(), email, source_of(email))


def leave() -> None:
    """End this browser's sign-in, and every copy of its cookie with it."""
    if held := session.get("_user_id"):
        asking = person()  # asked first: it may write down that they are there
        writing = db.writing()
        sessions.end(writing, held)
        if asking is not None:
            security.note(writing, "signed out", seen(), by=asking.id, at=now())


def remember_browser(response: Response, email: str) -> Response:
    """Let this browser be known to the account, so that nobody else's tries can close it there."""
    known = [_mark_of(email), *(each for each in _known_accounts() if each != _mark_of(email))]
    response.set_cookie(
        _cookie_name(),
        _serializer().dumps(known[:MOST_ACCOUNTS]),
        max_age=KNOWN_FOR_SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def token() -> str:
    """The token of the sign-in that this request is part of."""
    held: str = current_user.get_id()
    return held


def _known_accounts() -> list[str]:
    try:
        known = _serializer().loads(request.cookies.get(_cookie_name(), ""), max_age=KNOWN_FOR_SECONDS)
    except BadSignature:
        return []
    return [str(each) for each in known]


def _mark_of(email: str) -> str:
    """An account as the cookie names it: nobody reads an address from it."""
    return hashlib.sha256(address_of(email).encode()).hexdigest()[:32]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known browser")


def _cookie_name() -> str:
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"
