"""E7: after signing in the way leads to a page of this site, and nowhere else."""

import pytest
from flask import Flask

from compact.accounts.views import own_address
from tests import making
from tests.pages import Visitor

from .conftest import EMAIL, Account

OWN = ("/", "/returns/7", "/returns/7/standards/4?x=1", "/a//b", "/learning/1/%C3%A9", "/é", "/[x]", "/x:y@z")
NOT_OWN = (
    "",
    " ",
    "returns/7",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\evil.example",
    "/x\\..\\evil.example",
    "http:/evil",
    "http:/evil.example",
    "http:///evil.example",
    "http://localhost/returns/7",
    "//localhost/returns/7",
    "//localhost@evil.example",
    "localhost.evil.example/returns/7",
    "%2f%2fevil.example",
    "http:evil.example",
    "http://evil.example",
    "https://evil.example/returns/7",
    "HTTPS://evil.example",
    "http://[evil.example",
    "//[",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "\t//evil.example",
    " //evil.example",
    "/\0/evil.example",
    "/\x7f/evil.example",
    "/\u2028/evil.example",
    "/\u202e/evil.example",
    "/\u3000/evil.example",
    "http://localhost.evil.example",
    "http://localhost@evil.example",
    "@evil.example",
    ".evil.example",
    "?next=/x",
)


@pytest.mark.parametrize("address", OWN)
def test_an_own_address_is_kept(address: str) -> None:
    assert own_address(address) == address


@pytest.mark.parametrize("address", NOT_OWN)
def test_every_other_address_is_none(address: str) -> None:
    assert own_address(address) is None


def test_signing_in_leads_home_instead_of_there(robin: Account, app: Flask) -> None:
    for address in NOT_OWN:
        visitor = Visitor(app)
        form = {"email": EMAIL, "password": making.PASSWORD, "csrf_token": visitor.token()}

        response = visitor.client.post("/sign-in", query_string={"next": address}, data=form)

        assert (response.status_code, response.location) == (302, "/")


def test_signing_in_leads_to_the_page_that_was_asked_for(robin: Account, app: Flask) -> None:
    visitor = Visitor(app)
    asked = f"{robin.page}/standards/4?from=mail&x=%C3%A9"

    page = visitor.send(visitor.get(asked), email=EMAIL, password=making.PASSWORD)

    assert page.title == "Standard 4, Service development and voice"
    assert page.address.endswith("/standards/4?from=mail&x=%C3%A9")


def test_it_leads_there_after_a_wrong_password_as_well(robin: Account, app: Flask) -> None:
    visitor = Visitor(app)
    refused = visitor.send(visitor.get(robin.page), email=EMAIL, password="wrong")

    assert visitor.send(refused, email=EMAIL, password=making.PASSWORD).address == robin.page


def test_a_page_that_is_not_theirs_stays_hidden_after_signing_in(robin: Account, app: Flask) -> None:
    other = robin.world.started(robin.world.cycle(1, name="Next"), robin.world.organisation("Other"))
    visitor = Visitor(app)

    page = visitor.send(visitor.get(f"/returns/{other}"), email=EMAIL, password=making.PASSWORD)

    assert page.status == 404
