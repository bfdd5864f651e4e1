"""What the look's tests draw with: our macros, the port's, pages within the layout, and the DOM as values.

Compared is the DOM without white space between words. The intended differences, all of them additions:
a label or legend may be a heading of any level (the port: h1 only); `table(wide=True)` puts the table in a
box that scrolls; a task without a link is always shown as one that cannot start yet. The port follows GOV.UK
Frontend 6.3.0, we carry 6.6.0: of the components used here the DOM did not change between the two.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import html5lib
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "compact" / "static"
HOSTILE = """<b class="x">'"&amp;</b>{{ 7 }}"""

PARTNERSHIP = SimpleNamespace(
    name="Portsmouth & Gosport Partnership",
    contact_name="Sam Hill",
    contact_email="compact@example.org",
    contact_phone="023 9200 0000",
)
NAVIGATION = [
    SimpleNamespace(text="Home", href="/", current=False),
    SimpleNamespace(text="Your return", href="/return", current=True),
]


def frame(flashed: list[tuple[str, str]] | None = None) -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        asset=lambda path: f"/static/{path}?v=1",
        address_of=lambda endpoint: f"/{endpoint}",
        csp_nonce=lambda: "n0nce",
        csrf_token=lambda: "t0ken",
        url_for=lambda endpoint, **_: f"/{endpoint}",
        get_flashed_messages=lambda **_: flashed or [],
    )
    return env


OURS = frame()
PORT = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
)


def ours(macro: str, *args: object, **kwargs: object) -> str:
    """The macro of that name, from the file of that name."""
    return str(getattr(OURS.get_template(f"components/{macro}.html").module, macro)(*args, **kwargs))


def port(component: str, params: dict[str, Any]) -> str:
    name = "govuk" + "".join(word.capitalize() for word in component.split("-"))
    template = PORT.get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    return str(getattr(template.module, name)(params))


def page(source: str, flashed: list[tuple[str, str]] | None = None, **context: object) -> BeautifulSoup:
    """A page within the layout, parsed by a parser that accepts valid HTML only."""
    given: dict[str, object] = {
        "navigation": [],
        "person": None,
        "acting": None,
        "session_lasts": SimpleNamespace(seconds=3600, warning=300),
        "partnership": None,
    }
    html = frame(flashed).from_string(f'{{% extends "layout.html" %}}{source}').render(given | context)
    html5lib.HTMLParser(strict=True).parse(html)
    return BeautifulSoup(html, "html5lib")


def outline(node: Any) -> object:
    """The DOM as nested values: tag, attributes (classes as a set), words and children in order."""

    def words(text: str | None) -> list[object]:
        return [" ".join(text.split())] if text and text.strip() else []

    attributes = {k: frozenset(v.split()) if k == "class" else v for k, v in node.attrib.items()}
    content: list[object] = [node.text] if node.tag == "textarea" else words(node.text)
    for child in node:
        content += [outline(child), *words(child.tail)]
    return node.tag, attributes, content


def dom(html: str) -> object:
    return outline(html5lib.parseFragment(html, namespaceHTMLElements=False))


def t(text: str, **more: object) -> dict[str, Any]:
    return {"text": text, **more}
