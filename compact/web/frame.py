"""What every page stands in: the templates' settings, versioned static files, the partnership's name."""

import hashlib
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask.templating import Environment
from jinja2 import StrictUndefined

from .clock import shown_day, shown_moment, shown_month
from .problems import by_field
from .texts import mid_sentence, sentence_case

GOVUK_STYLES = "govuk/govuk-frontend-6.6.0.min.css"
STATIC = Path(__file__).resolve().parent.parent / "static"


@dataclass(frozen=True)
class Contact:
    """Whose page it is and who to ask: a partnership's name and contact."""

    name: str | None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None


@dataclass(frozen=True)
class Link:
    text: str
    href: str
    current: bool = False


class _Environment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """All of them in one dictionary: Jinja's own, of two, are compared at each import of a component.

        So what is global is added before the first page is drawn.
        """
        return {**self.globals, **(d or {})}


def init_app(app: Flask) -> None:
    """Comes before whatever else adds to the templates."""
    app.jinja_environment = _Environment
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_template_global(asset)
    app.add_template_global(address_of)
    app.add_template_global(addresses_of)
    app.add_template_filter(by_field)
    app.add_template_filter(mid_sentence)
    app.add_template_filter(sentence_case)
    app.add_template_filter(shown_day, "day")
    app.add_template_filter(shown_moment, "moment")
    app.add_template_filter(shown_month, "month")
    app.context_processor(_frame)


def stand_for(contact: Contact) -> None:
    """Say whose page this is."""
    g.contact = contact


def stand_for_nobody() -> None:
    """Take that back: the page that follows says nothing of what was looked for."""
    g.pop("contact", None)


def asset(path: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for ever."""
    return f"{request.script_root}/static/{path}?v={_version(path)}"


def address_of(endpoint: str) -> str:
    """The address of a page that all others lead to: always the same, and looked up once."""
    return f"{request.script_root}{_path(endpoint)}"


@cache
def _path(endpoint: str) -> str:
    return url_for(endpoint).removeprefix(request.script_root)


def addresses_of(endpoint: str, name: str, **others: int) -> Callable[[int], str]:
    """The addresses of a page that each of many things has, by the thing's number; looked up once.

    `others` are the numbers that stand in the address for all of them. For long lists: what routing does for
    each of a thousand links costs more than the page that lists them.
    """
    number = {name: 1_234_567_890, **others}
    before, _, after = url_for(endpoint, **number).partition(str(number[name]))  # type: ignore[arg-type]
    return lambda each: f"{before}{each}{after}"


@cache
def _version(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]


def _frame() -> dict[str, object]:
    return {"partnership": g.get("contact")}
