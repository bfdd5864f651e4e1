"""Believing what a known number of reverse proxies say of the client, and no more."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask, proxies: int) -> None:
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # Flask's own way to add middleware
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
