"""The host names that are answered to: the one of BASE_URL, and on a developer's machine its own.

A request for any other Host, its own or one that a trusted proxy passed on, is answered by a page that reads
nothing. No absolute link is ever made from a request: pages have relative ones, mails begin with BASE_URL.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask

from config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HERE = ("localhost", "127.0.0.1")
HEALTH = "/health"


def init_app(app: Flask, settings: Settings) -> None:
    own = urlsplit(settings.base_url).hostname or ""
    app.config["TRUSTED_HOSTS"] = [own] if settings.is_production else [own, *HERE]
    # The router would answer /a//b with an absolute redirect, made from the request's Host: it is not found.
    app.url_map.merge_slashes = False
    _let_health_be_asked_by_any_name(app, own)


def _let_health_be_asked_by_any_name(app: Flask, own: str) -> None:
    """It is asked by our own name, whatever the request says.

    A load balancer asks each machine by its address. The page has no link in it and says only that the
    process answers: whoever makes up a name gains nothing by it. No other page is asked so.
    """
    answer = app.wsgi_app

    def answer_health(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        if environ.get("PATH_INFO") == HEALTH:
            environ["HTTP_HOST"] = own
        return answer(environ, start_response)

    app.wsgi_app = answer_health  # type: ignore[method-assign] # Flask's own way to add middleware
