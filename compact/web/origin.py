"""Where a request came from, for what is written down about it."""

from flask import request

from compact.trail.security import Seen

from .texts import clean


def seen() -> Seen:
    """The network address (behind known proxies, the one they name) and what the browser calls itself."""
    return Seen(request.remote_addr or "", clean(request.user_agent.string))
