"""What production must have before it starts: whatever lacks is named with its cure, all of it at once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask

from config import Settings

SHORTEST_SECRET = 32
FEWEST_DIFFERENT = 10
LONGEST_SESSION = timedelta(days=1)
LARGEST_COOKIE = 4_096

Config = dict[str, Any]


def refusals(app: Flask, settings: Settings) -> list[str]:
    """Every reason why production must not start so. Anywhere else there is none.

    What Flask would have unsafe by default is read from the running application: `create_app` overrides it,
    and a setting that is lost on the way must not go unseen.
    """
    if not settings.is_production:
        return []
    return [*_of_settings(settings), *_of_cookies(app.config), *_of_requests(app.config)]


def _of_settings(settings: Settings) -> Iterator[str]:
    if not _is_strong(settings.secret_key):
        yield (
            f"SECRET_KEY is missing or weak: production needs at least {SHORTEST_SECRET} random characters. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if not settings.base_url.startswith("https://"):
        yield (
            "BASE_URL does not begin with https://: passwords would travel in the clear. Put a web server "
            "with TLS before the Compact, and set BASE_URL to its address, as in https://compact.example.org."
        )


def _of_cookies(found: Config) -> Iterator[str]:
    if not (found["SESSION_COOKIE_SECURE"] and found["SESSION_COOKIE_NAME"].startswith("__Host-")):
        yield "SESSION_COOKIE_SECURE is off: the cookie would travel in the clear. Set BASE_URL to https://..."
    if found["SESSION_COOKIE_HTTPONLY"] is not True:
        yield "SESSION_COOKIE_HTTPONLY is off: scripts could read the cookie. Set it to True."
    if found["SESSION_COOKIE_SAMESITE"] not in ("Lax", "Strict"):
        yield "SESSION_COOKIE_SAMESITE is off: other sites could use the cookie. Set it to Lax."
    if not found["PERMANENT_SESSION_LIFETIME"] <= LONGEST_SESSION:
        yield "PERMANENT_SESSION_LIFETIME is more than a day: a forgotten sign-in would last. Set 12 hours."
    if not 0 < found["MAX_COOKIE_SIZE"] <= LARGEST_COOKIE:
        yield f"MAX_COOKIE_SIZE is not within {LARGEST_COOKIE}: browsers drop a larger cookie. Set 4093."


def _of_requests(found: Config) -> Iterator[str]:
    if found["DEBUG"] or found["TESTING"]:
        yield "FLASK_DEBUG is set, or TESTING: a fault would show the inside to whoever visits. Unset it."
    if not found["WTF_CSRF_ENABLED"]:
        yield "WTF_CSRF_ENABLED is off: other sites could post in somebody's name. Set it to True."
    if not found["TRUSTED_HOSTS"]:
        yield "TRUSTED_HOSTS is empty: a made-up Host would be answered. Set BASE_URL to an address."
    for name in ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS"):
        if not found[name]:
            yield f"{name} is off: one post could use up the memory. Set it to a number."


def _is_strong(secret: str) -> bool:
    return len(secret) >= SHORTEST_SECRET and len(set(secret)) >= FEWEST_DIFFERENT
