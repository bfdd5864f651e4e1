"""Error pages: plain words, nothing of anybody's data, and nothing lost of what was typed."""

import re

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from .kept import NOT_CARRIED
from .texts import clean

_PAGES = (400, 404, 405, 413, 500)
# What buttons, radios and hidden fields send: the key of something, or a version.
_CHOSEN = re.compile(r"[a-z0-9_-]+")


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _page)


def kept_page(why: str, status: int) -> tuple[str, int]:
    """A page that says why a post was not taken, and gives back every text that it held."""
    return render_template("errors/kept.html", why=why, typed=_typed()), status


def _page(error: HTTPException) -> Response | tuple[str, int] | HTTPException:
    status = error.code or 500
    if status not in _PAGES:
        return error
    if status == 404 and request.method == "POST":
        return kept_page("not-found", 404)  # a role or an action that went away while somebody typed
    if isinstance(error, InternalServerError):
        # Nothing that could fail again: no database, no session.
        return current_app.jinja_env.get_template("errors/500.html").render(
            partnership=None, person=None, acting=None, session_lasts=None, navigation=()
        ), 500
    page = current_app.make_response((render_template(f"errors/{status}.html"), status))
    if isinstance(error, MethodNotAllowed):
        page.allow.update(error.valid_methods or ())
    return page


def _typed() -> list[str]:
    """The texts of the post that somebody may want back: what was written, not what was chosen."""
    return [
        clean(text)
        for name, text in request.form.items(multi=True)
        if name not in NOT_CARRIED and text.strip() and not _CHOSEN.fullmatch(text)
    ]
