"""Static files: kept by browsers for a year, under an address that changes with the file."""

import re

from flask import Flask

from compact.web.frame import STATIC
from tests.pages import Visitor

SERVED = ("compact.css", "compact.js", "favicon.svg", "govuk/govuk-frontend-6.6.0.min.css")


def test_static_files_are_kept_for_a_year(app: Flask) -> None:
    client = app.test_client()
    for name in SERVED:
        with client.get(f"/static/{name}", buffered=True) as response:
            assert response.status_code == 200
            assert "max-age=31536000" in response.headers["Cache-Control"]
            assert "Set-Cookie" not in response.headers


def test_every_static_file_that_a_page_names_is_served_with_a_version(app: Flask) -> None:
    page = Visitor(app).get("/sign-in")
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.response.text)

    assert len(named) == 4
    for address in named:
        assert re.fullmatch(r"/static/[\w./-]+\?v=[0-9a-f]{10}", address)
        assert app.test_client().get(address, buffered=True).status_code == 200


def test_the_version_is_the_files_own(app: Flask) -> None:
    page = Visitor(app).get("/sign-in").response.text

    versions = dict(re.findall(r'"/static/([^"?]+)\?v=([0-9a-f]+)"', page))

    assert len(set(versions.values())) == len(versions)
    assert set(versions) <= {str(path.relative_to(STATIC)) for path in STATIC.rglob("*")}


def test_no_file_outside_the_folder_is_served(app: Flask) -> None:
    client = app.test_client()
    for rest in (
        "../compact/db.py",
        "%2e%2e/db.py",
        "..%2fdb.py",
        "/etc/passwd",
        "govuk/../../db.py",
        ".git/HEAD",
    ):
        assert client.get(f"/static/{rest}", follow_redirects=True).status_code == 404


def test_a_static_file_is_no_page_and_for_no_other_site(app: Flask, secure_app: Flask) -> None:
    for served, tls in ((app, None), (secure_app, "max-age=31536000; includeSubDomains")):
        for name in SERVED:
            with served.test_client().get(f"/static/{name}", buffered=True) as response:
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
                assert response.headers.get("Strict-Transport-Security") == tls
                assert "Access-Control-Allow-Origin" not in response.headers


def test_no_style_or_script_asks_another_host_for_anything() -> None:
    """M5: fonts, pictures and further styles are our own, or there are none."""
    files = [path for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg")]
    assert files

    for path in files:
        text = path.read_text(encoding="utf-8")
        asked = re.findall(r"url\(\s*['\"]?([^)'\"]*)", text) + re.findall(r"@import[^;]*", text)
        asked += re.findall(r"(?:fetch|importScripts|import|sendBeacon|WebSocket|EventSource)\(([^)]*)", text)
        assert [each for each in asked if "//" in each] == [], path
