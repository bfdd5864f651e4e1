"""The headers of every answer: no inline scripts or styles, no framing, no copies kept."""

import secrets
from collections.abc import Callable, Iterator
from wsgiref.headers import Headers

from flask import Flask, Response, current_app, g, request

YEAR_SECONDS = 365 * 24 * 60 * 60
# What a page of ours never asks a browser for, nor may anything that gets into it.
_NEVER_ASKED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
_PERMISSIONS = ", ".join(f"{feature}=()" for feature in _NEVER_ASKED)


def init_app(app: Flask) -> None:
    app.after_request(_headers)
    app.add_template_global(csp_nonce)


def csp_nonce() -> str:
    """This answer's nonce: only a script that carries it may run inline."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def of_static(app: Flask) -> Callable[[Headers, str, str], None]:
    """Give a static file, which is served before Flask, the headers that a file needs."""

    def add(headers: Headers, _path: str, _url: str) -> None:
        for name, value in _of_every_answer(app):
            headers[name] = value

    return add


def _of_every_answer(app: Flask) -> Iterator[tuple[str, str]]:
    yield "X-Content-Type-Options", "nosniff"
    yield "Cross-Origin-Resource-Policy", "same-origin"
    if app.config["SESSION_COOKIE_SECURE"]:
        yield "Strict-Transport-Security", f"max-age={YEAR_SECONDS}; includeSubDomains"


def _headers(response: Response) -> Response:
    script = f"'self' 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'self'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    )
    for name, value in _of_every_answer(current_app):
        response.headers[name] = value
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = _PERMISSIONS
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
