"""The session's cookie is never larger than browsers keep: above 4,096 bytes they drop it without a word.

Whoever lost it would be signed out by a page that only had much to tell.
"""

from flask import Flask, Response, current_app, session
from flask.sessions import SecureCookieSessionInterface

# Of the whole header; Flask warns above it.
LARGEST_COOKIE = 4_093
# What is left for the value beside its name and its attributes.
LARGEST_VALUE = LARGEST_COOKIE - 120
_MESSAGES = "_flashes"


def init_app(app: Flask) -> None:
    app.config["MAX_COOKIE_SIZE"] = LARGEST_COOKIE
    app.after_request(_keep_small)


def _keep_small(response: Response) -> Response:
    """Forget the oldest messages that wait to be shown, until the cookie is small enough."""
    while session.get(_MESSAGES) and _size() > LARGEST_VALUE:
        session[_MESSAGES] = session[_MESSAGES][1:]
    return response


def _size() -> int:
    interface = current_app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)  # noqa: S101 - Flask's own, never replaced
    serializer = interface.get_signing_serializer(current_app)
    assert serializer is not None  # noqa: S101 - there is always a key
    return len(serializer.dumps(dict(session)))
