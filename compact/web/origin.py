"""Where a request came from: for what is written down about it, and for what is believed of it."""

from flask import request

from compact.trail.security import Seen

from .texts import clean


def seen() -> Seen:
    """The network address (behind known proxies, the one they name) and what the browser calls itself."""
    return Seen(request.remote_addr or "", clean(request.user_agent.string))


def is_from_elsewhere() -> bool:
    """Whether a page of another site posted this: browsers name the origin of every post."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host
