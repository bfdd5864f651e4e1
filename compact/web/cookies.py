"""The session's cookie is never larger than browsers keep: above 4,096 bytes they drop it without a word.

Whoever lost it would be signed out by a page that only had much to tell.
"""

from typing import Any

from flask import Flask, Response, current_app, session
from flask.sessions import SecureCookieSessionInterface

# Of the whole header; Flask warns above it.
LARGEST_COOKIE = 4_093
# What is left for the value beside its name and its attributes.
LARGEST_VALUE = LARGEST_COOKIE - 120
# A character of a message takes at most so many bytes there: two escapes of six each, in base 64.
LARGEST_CHARACTER = 16
# All that the session holds beside messages, and the signature, take less.
LARGEST_REST = 1_000
_MESSAGES = "_flashes"


class _Cookies(SecureCookieSessionInterface):
    """Flask's own, but for what signs: that is made once, and not anew for each cookie read or written."""

    _signs: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        if self._signs is None:
            self._signs = super().get_signing_serializer(app)
        return self._signs


def init_app(app: Flask) -> None:
    app.session_interface = _Cookies()
    app.config["MAX_COOKIE_SIZE"] = LARGEST_COOKIE
    app.after_request(_keep_small)


def _keep_small(response: Response) -> Response:
    """Forget the oldest messages that wait to be shown, until the cookie is small enough."""
    while _may_be_large() and _size() > LARGEST_VALUE:
        session[_MESSAGES] = session[_MESSAGES][1:]
    return response


def _may_be_large() -> bool:
    """Whether the messages are long enough to measure the cookie, which costs as much as making it."""
    characters = len(str(session.get(_MESSAGES, ())))
    return characters * LARGEST_CHARACTER > LARGEST_VALUE - LARGEST_REST


def _size() -> int:
    interface = current_app.session_interface
    assert isinstance(interface, _Cookies)  # noqa: S101 - as `init_app` has it
    serializer = interface.get_signing_serializer(current_app)
    return len(serializer.dumps(dict(session)))
