"""Error pages: plain words, nothing of anybody's data, and nothing lost of what was typed."""

import re
from collections.abc import Iterable
from math import ceil
from secrets import token_hex
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from compact import db

from . import logs
from .kept import NOT_CARRIED
from .texts import clean

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Those with words of their own; any other is told with those of 400 or of 500.
_PAGES = (400, 404, 405, 413, 429, 500, 503)
# They ask nothing of the database or of the session, which may be what failed, or what is spared.
_BARE = (429, 500, 503)
_TRY_AGAIN_SECONDS = 60
_SECRET_WORDS = frozenset(("token", "password", "code", "secret"))
# What buttons, radios and hidden fields send: the key of something, or a version.
_CHOSEN = re.compile(r"[a-z0-9_-]+")
_LAST_HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)
_LAST_WORDS = (
    "Something went wrong. This is our fault, not yours. Everything that was saved is safe.\n"
    "Use your browser's back button: what you typed may still be there. Try again in a few minutes.\n"
    "If you ask for help, give this reference: {reference}\n"
)


def init_app(app: Flask) -> None:
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(HTTPException, _page)


def catch_the_rest(app: Flask) -> None:
    """Answer plainly even when an error page fails, and let no server log quote the request."""
    answer = app.wsgi_app

    def answer_always(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            return answer(environ, start_response)
        except Exception as error:  # the last resort (ASVS 16.5.4): logged, never swallowed unseen
            if app.testing or app.debug:
                raise
            reference = token_hex(8)
            logs.fault(error, reference)
            start_response("500 Internal Server Error", list(_LAST_HEADERS))
            return [_LAST_WORDS.format(reference=reference).encode()]

    app.wsgi_app = answer_always  # type: ignore[method-assign] # Flask's own way to add middleware


def kept_page(why: str, status: int) -> tuple[str, int]:
    """A page that says why a post was not taken, and gives back every text that it held."""
    return render_template("errors/kept.html", why=why, typed=_typed()), status


def _other_host(_error: SecurityError) -> Response:
    base_url = current_app.extensions["compact.settings"].base_url
    return current_app.make_response((_drawn("host", base_url=base_url), 400))


def _page(error: HTTPException) -> Response | tuple[str, int]:
    if isinstance(error, InternalServerError) and db.is_out_of_reach(error.original_exception):
        # It passes; the application cannot help it.
        return _plain(ServiceUnavailable(retry_after=_TRY_AGAIN_SECONDS))
    if error.code == 404 and request.method == "POST":
        try:
            return kept_page("not-found", 404)  # a role or an action that went away while somebody typed
        except HTTPException as refused:
            return _plain(refused)
    return _plain(error)


def _plain(error: HTTPException) -> Response:
    """The page of an error, with the headers that belong to it, such as Allow and Retry-After."""
    status = error.code or 500
    name = str(status if status in _PAGES else 500 if status >= 500 else 400)
    if int(name) in _BARE:
        wait = getattr(error, "retry_after", None)
        text = _drawn(
            name, typed=_typed_if_read(), minutes=ceil(wait / 60) if isinstance(wait, int) else None
        )
    else:
        text = render_template(f"errors/{name}.html")
    page = current_app.make_response((text, status))
    for header, value in error.get_headers():
        if header != "Content-Type":
            page.headers[header] = value
    return page


def _drawn(name: str, **shown: object) -> str:
    """A page that asks nothing of the database or the session, and says its reference in the log."""
    template = current_app.jinja_env.get_template(f"errors/{name}.html")
    return template.render(reference=logs.request_id(), **shown)


def _typed() -> list[str]:
    """The texts of the post that somebody may want back: what was written, not what was chosen.

    Raises HTTPException for a post that is refused for its size or its kind.
    """
    return [
        clean(text)
        for name, text in request.form.items(multi=True)
        if name not in NOT_CARRIED and not _is_secret(name) and text.strip() and not _CHOSEN.fullmatch(text)
    ]


def _typed_if_read() -> list[str]:
    try:
        return _typed()
    except HTTPException:
        return []


def _is_secret(name: str) -> bool:
    return not _SECRET_WORDS.isdisjoint(re.split(r"[-_]", name.lower()))
