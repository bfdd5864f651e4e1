"""A visitor who reads pages as a person does, and inspects every one that it fetches."""

import re
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from lxml import etree
from sqlalchemy import bindparam, insert, literal, select, true
from werkzeug.test import TestResponse

from compact.accounts import models, sessions
from compact.db import table
from compact.web.clock import now
from tests.making import changing

# Browsers drop a larger one without a word.
LARGEST_COOKIE = 4_096
OWN_HOSTS = ("localhost", "127.0.0.1")
# What a browser fetches by itself, or sends what was typed to.
ASKED_FOR = (
    "src",
    "srcset",
    "poster",
    "data",
    "action",
    "formaction",
    "background",
    "cite",
    "ping",
    "manifest",
)


# What stands between the tags, and in them, but for a lone quote or bracket, which tells another story.
_TEXT = re.compile(r">[^<>]+<")
_VALUE = re.compile(r'="[^"<>]*"')
_FIRST_BREAK = re.compile(r"(<textarea\b[^>]*>)\n")
# What is another each time that a page is made.
_EACH_TIME = re.compile(r'((?:nonce|name="csrf_token" value|data-token)=")[^"]+')
MAIN_FORM = "main form"
_SAID = etree.XPath(".//text()[not(parent::script or parent::style or parent::template)]")
# What a sign-in says of itself, and of what the person did to prove who they are.
_SIGN_IN = table(models.SignIn)
_SIGNED_IN = (
    insert(_SIGN_IN)
    .from_select(
        ["token_hash", "person_id", "started_at", "seen_at", "proved_by", "proved_twice", "agent"],
        select(
            bindparam("token_hash", type_=_SIGN_IN.c.token_hash.type),
            models.Person.id,
            bindparam("now", type_=_SIGN_IN.c.started_at.type),
            bindparam("now", type_=_SIGN_IN.c.started_at.type),
            literal("password, authenticator", literal_execute=True),
            true(),
            literal("", literal_execute=True),
        ).where(models.Person.email == bindparam("email")),
    )
    .execution_options(preserve_rowcount=True)
)
_found_valid: set[int] = set()
_found_good: set[int] = set()


def mistakes(html: str) -> list[Any]:
    """What a browser would have to mend in a page.

    Pages of one shape, whose texts and values alone differ, are parsed by the book once: that takes as long
    as making the page. Whatever could end a tag or a value is a part of the shape.
    """
    shape = hash(_VALUE.sub('=""', _TEXT.sub("><", html)))
    if shape in _found_valid:
        return []
    parser = html5lib.HTMLParser()
    parser.parse(html)
    if not parser.errors:
        _found_valid.add(shape)
    found: list[Any] = parser.errors
    return found


@dataclass
class Page:
    """A page as it was fetched: its address, its status, and what stands on it."""

    address: str
    response: TestResponse

    @cached_property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """What stands on the page. A browser drops the first line break of a box; this parser keeps it."""
        return BeautifulSoup(_FIRST_BREAK.sub(r"\1", self.html), "lxml")

    @property
    def status(self) -> int:
        return self.response.status_code

    @cached_property
    def tree(self) -> Any:
        """The same in a tenth of the time, for what is asked of most pages."""
        return etree.HTML(_FIRST_BREAK.sub(r"\1", self.html))

    @property
    def title(self) -> str:
        """The title without the product's name."""
        return said(self.tree.find(".//head/title")).removesuffix(" – Safeguarding and Early Help Compact")

    @property
    def h1(self) -> str:
        return self._words_of_one("h1")

    @property
    def text(self) -> str:
        return self._words_of_one("main")

    @property
    def summary(self) -> list[str]:
        """The lines of the error summary."""
        return [
            said(line) for each in self._of_class("govuk-error-summary__list") for line in each.iter("li")
        ]

    @property
    def banner(self) -> list[str]:
        return [said(each) for each in self._of_class("govuk-notification-banner__content")]

    def _of_class(self, name: str) -> list[Any]:
        having = self.tree.iterfind(".//*[@class]")
        return [each for each in having if name in each.get("class").split()]

    def _words_of_one(self, name: str) -> str:
        found = list(self.tree.iter(name))
        assert len(found) == 1, f"{len(found)} of {name} on {self.address}"
        return said(found[0])

    def one(self, selector: str) -> Tag:
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} of {selector} on {self.address}"
        return found[0]

    def link(self, text: str) -> Tag:
        """The link that begins with these words."""
        found = [each for each in self.soup.find_all("a") if words(each).startswith(text)]
        assert found, f"no link {text!r} on {self.address}"
        return found[0]

    def target(self, text: str) -> Tag:
        """The field that an error summary's link leads to."""
        href = str(self.link(text)["href"])
        return self.one(f"[id='{href.removeprefix('#')}']")

    def form(self, selector: str = MAIN_FORM) -> Any:
        """The first form that is found: of the tree."""
        if selector == MAIN_FORM:
            return self.tree.find(".//main//form")
        found = self.soup.select(selector)[0]
        nth = [form is found for form in self.soup.find_all("form")].index(True)
        return list(self.tree.iter("form"))[nth]

    def fields(self, selector: str = MAIN_FORM) -> dict[str, str]:
        """What a browser would post from the form as it stands."""
        values: dict[str, str] = {}
        for each in self.form(selector).iter("input", "textarea", "select"):
            kind, name = each.get("type", ""), each.get("name", "")
            if not name or (kind in ("radio", "checkbox") and "checked" not in each.attrib):
                continue
            if each.tag == "textarea":
                values[name] = "".join(each.itertext())
            elif each.tag == "select":
                chosen = each.findall(".//option[@selected]") or each.findall(".//option")
                values[name] = chosen[0].get("value", said(chosen[0]))
            else:
                values[name] = each.get("value", "on" if kind in ("radio", "checkbox") else "")
        return values


class Visitor:
    """A person with a browser: cookies, pages, and forms that are sent as they stand, or changed."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    @classmethod
    def of(cls, client: FlaskClient) -> "Visitor":
        """The person whose browser this client is."""
        made = cls(client.application)
        made.client = client
        return made

    def get(self, address: str) -> Page:
        return self._arrived(address, self.client.get(address))

    def open(self, address: str, method: str = "GET", *, follow: bool = True, **request: Any) -> Page:
        """Any request, just as it is given: what no form of ours would send."""
        return self._arrived(address, self.client.open(address, method=method, **request), follow=follow)

    def post(self, address: str, data: Mapping[str, Any] | None = None, *, follow: bool = True) -> Page:
        """Post a form as it would come from the page at `address`, with that session's token."""
        with_token = {"csrf_token": self.token(), **(data or {})}
        return self._posted(address, with_token, follow=follow)

    def send(self, page: Page, *, selector: str = MAIN_FORM, **changes: str) -> Page:
        """Fill in a page's form and send it. Names are written with _ for -, two for _ itself."""
        data = page.fields(selector)
        data.update({name.replace("_", "-").replace("--", "_"): value for name, value in changes.items()})
        address = urljoin(page.address, page.form(selector).get("action", page.address))
        return self._posted(address, data)

    def sign_in(self, email: str, password: str) -> Page:
        page = self.get("/sign-in")
        return self.send(page, email=email, password=password)

    def enter(self, email: str) -> None:
        """Be signed in without the doors: password and second factor have tests of their own."""
        with self.client.session_transaction() as session:
            session["_user_id"] = signed_in(self.client.application, email)
            session["_fresh"] = True

    def token(self) -> str:
        """What every form of this session sends along, signed as the forms have it."""
        with self.client.session_transaction() as session:
            of_session: str = session.setdefault("csrf_token", secrets.token_hex(20))
        signer = URLSafeTimedSerializer(str(self.client.application.secret_key), salt="wtf-csrf-token")
        return str(signer.dumps(of_session))

    def _posted(self, address: str, data: Mapping[str, Any], *, follow: bool = True) -> Page:
        """Post a form, and the same once more where the answer says so, as browsers do (307)."""
        response = self.client.post(address, data=data)
        if follow and response.status_code == 307:
            return self._posted(urljoin(address, response.headers["Location"]), data)
        return self._arrived(address, response, follow=follow)

    def _arrived(self, address: str, response: TestResponse, *, follow: bool = True) -> Page:
        for cookie in response.headers.getlist("Set-Cookie"):
            assert len(cookie) <= LARGEST_COOKIE, f"{address}: browsers would drop a cookie"
        if follow and response.status_code in (301, 302, 303):
            return self.get(urljoin(address, response.headers["Location"]))
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303):
            page = Page(address, response)
            inspect(page)
            return page
        return Page(address, response)


def signed_in(app: Flask, email: str) -> str:
    """The token of a new sign-in of a person, proved twice: written as `sessions.begin` writes it."""
    token = secrets.token_urlsafe(32)
    with app.app_context(), changing(app.extensions["compact.engine"]) as connection:
        row = {"token_hash": sessions.hash_of(token), "email": email, "now": now()}
        assert connection.execute(_SIGNED_IN, row).rowcount == 1
    return token


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ", strip=True).split())


def said(element: Any) -> str:
    """The words of an element of the tree."""
    return " ".join(" ".join(_SAID(element)).split())


def inspect(page: Page) -> None:
    """What holds of every page: valid HTML, unique ids, one h1 that the title names, tokens, links.

    A page that says word for word what one before it said is as good as that one.
    """
    whole = hash((page.address, _EACH_TIME.sub(r"\1", page.html)))
    if whole not in _found_good:
        _inspect(page)
        _found_good.add(whole)


def _inspect(page: Page) -> None:
    wrong = mistakes(page.html)
    assert not wrong, f"{page.address}: {wrong[:3]}"
    having = _by_attribute(page)
    ids = [tag.get("id") for tag in having["id"]]
    assert len(ids) == len(set(ids)), f"{page.address}: {sorted(i for i in ids if ids.count(i) > 1)[:3]}"
    title = page.title.removeprefix("Error: ")
    assert page.h1.startswith(title) or title.startswith(page.h1), f"{page.title!r} is not {page.h1!r}"
    assert page.title.startswith("Error: ") == bool(page.summary), page.address
    for form in page.tree.iterfind(".//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token' and @value]"), (
            f"{page.address}: a form without its token"
        )
    for target in _pointed_at(having):
        assert target in ids, f"{page.address}: {target} is pointed at and is nowhere"
    assert not having["style"], f"{page.address}: an inline style"
    assert _elsewhere(having) == [], f"{page.address}: something is asked of another host"
    headings = " ".join(said(each) for each in page.tree.iter("h1", "h2", "h3", "h4"))
    assert "'" not in headings, f"{page.address}: a straight quote in a heading"
    named = {label.get("for") for label in having["for"] if label.tag == "label"}
    for control in page.tree.xpath("//main//*[self::input or self::textarea or self::select]"):
        if control.get("type") != "hidden":
            assert control.get("id") in named, f"{page.address}: {control.get('id')} has no label"


def _by_attribute(page: Page) -> Mapping[str, Sequence[Any]]:
    """The page's elements under the names of their attributes, from one walk over it."""
    found: dict[str, list[Any]] = defaultdict(list)
    for tag in page.tree.iter("*"):
        for name in tag.attrib:
            found[name].append(tag)
    return found


def _elsewhere(having: Mapping[str, Sequence[Any]]) -> list[str]:
    """M5: what the page would ask of another host. An https link, a mail and a call are for a click."""
    asked = [tag.get(name) for name in ASKED_FOR for tag in having[name]]
    asked += [tag.get("href") for tag in having["href"] if tag.tag != "a"]
    asked += [f"refresh:{tag.attrib}" for tag in having["http-equiv"] if tag.get("http-equiv") == "refresh"]
    clicked = [tag.get("href") for tag in having["href"] if tag.tag == "a"]
    clicked = [each for each in clicked if not each.startswith(("https://", "mailto:", "tel:"))]
    clicked = [each for each in clicked if urlsplit(each).hostname not in OWN_HOSTS]
    return [each for each in asked + clicked if urlsplit(each)[:2] != ("", "") or "\\" in each]


def _pointed_at(having: Mapping[str, Sequence[Any]]) -> set[str]:
    """The ids that links within the page, labels and descriptions lead to."""
    hrefs = (tag.get("href") for tag in having["href"] if tag.tag == "a")
    links = {href[1:] for href in hrefs if href.startswith("#")}
    named = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
    return links.union(*(tag.get(name).split() for name in named for tag in having[name]))
