"""A browser that speaks HTTP to a real server, with the hands of the tests' visitors."""

import http.client
import re
from collections.abc import Mapping
from html import unescape
from threading import Lock
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from tests.pages import Page, Visitor

PATIENCE_SECONDS = 60
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Wire:
    """A browser's connection: its cookies, and the network address that the proxy says it has."""

    asked = 0
    _counting = Lock()

    def __init__(self, port: int, address: str) -> None:
        self._port, self._address = port, address
        self._cookies: dict[str, str] = {}

    def get(self, address: str, **_more: object) -> TestResponse:
        return self._ask("GET", address, None)

    def post(self, address: str, *, data: Mapping[str, Any]) -> TestResponse:
        return self._ask("POST", address, urlencode(data, doseq=True))

    def _ask(self, method: str, address: str, body: str | None) -> TestResponse:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"X-Forwarded-For": self._address, "X-Forwarded-Proto": "http", "Host": "localhost"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with Wire._counting:
            Wire.asked += 1
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            content = reply.read()
        finally:
            connection.close()
        for each in reply.headers.get_all("Set-Cookie") or ():
            name, _, value = each.partition(";")[0].partition("=")
            self._cookies[name] = value
        assert reply.status < 500, f"{method} {address}: {reply.status}"
        return cast(TestResponse, Response(content, reply.status, Headers(reply.getheaders())))


class Person(Visitor):
    """Somebody at a browser, every page of which is inspected."""

    def __init__(self, port: int, address: str, email: str) -> None:
        self.client = Wire(port, address)  # type: ignore[assignment] # a client that does as much as is asked
        self.email = email

    def token(self) -> str:
        return str(self.get("/sign-in").soup.select("input[name=csrf_token]")[0]["value"])


class Hurried(Person):
    """One of many at a time: whatever comes is read only for what is needed next."""

    def _arrived(self, address: str, response: TestResponse, *, follow: bool = True) -> Page:
        if follow and response.status_code in (301, 302, 303):
            return self.get(response.headers["Location"])
        return Page(address, response)

    def fill(self, address: str, to: str = "", **changes: str) -> str:
        """Open a page, fill in its form, send it, and say where the answer leads; "" where it leads nowhere.

        Of the form only what is hidden in it is read: tokens and versions.
        """
        page = self.get(address)
        assert page.status == 200, f"{address}: {page.status}"
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(page.html)}
        reply = self.client.post(to or page.address, data={**hidden, **changes})
        return reply.headers.get("Location", "") if reply.status_code == 302 else ""
