"""Processes that begin at once: what they take in is taken in by one before them."""

import multiprocessing
from multiprocessing.context import ForkServerContext
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from compact import create_app
from config import Settings
from tests import making
from tests.pages import Visitor

NEEDED = ["compact.cli", "gunicorn.app.wsgiapp", "tests.faults.warm"]
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"


def context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(NEEDED)
    return context


def visitor(database: str, email: str) -> Visitor:
    """Somebody who is signed in, to an application that this process alone has."""
    settings = Settings("test", database, SECRET, "http://localhost", Path(), 0, 8000)
    app = create_app(settings, editions={making.EDITION: making.edition()})
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()
    app.config["CLOCK"] = lambda: making.NOW
    visitor = Visitor(app)
    visitor.enter(email)
    return visitor
