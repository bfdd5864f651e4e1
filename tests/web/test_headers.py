"""The headers of every answer: nothing inline, nothing framed, nothing guessed, nothing kept."""

import re

from flask import Flask
from werkzeug.test import TestResponse

from tests.publishing import publish
from tests.school import School

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
    "Vary": "Cookie",
    "Cache-Control": "no-store",
}


def policy(response: TestResponse) -> dict[str, list[str]]:
    """The content security policy: each directive with its sources."""
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


def answers(school: School) -> dict[str, TestResponse]:
    """One answer of every kind, whoever it is for."""
    head, officer, stranger = school.head().client, school.officer(), school.visit("").client
    publish(officer, school.cycle)
    return {
        "a page": head.get(school.address("/standards/4")),
        "a page of nobody's": stranger.get("/privacy"),
        "the sign-in page": stranger.get("/sign-in"),
        "a redirect to it": stranger.get(school.address()),
        "a post of a stranger": stranger.post(school.address("/standards/4")),
        "a post without its token": head.post(school.address("/standards/4")),
        "nothing found": head.get("/nothing"),
        "not allowed": head.get("/sign-out"),
        "too large": head.post(school.address("/standards/4"), data=b"x" * (12 * 1024 * 1024 + 1)),
        "a missing static file": stranger.get("/static/nothing.css"),
        "the health page": stranger.get("/health"),
        "a download": officer.client.get(f"/learning/{school.cycle}/school.csv"),
        "options": head.options(school.address()),
    }


def test_every_answer_carries_the_same_headers(school: School) -> None:
    seen = {
        name: {header: response.headers.get(header) for header in ALWAYS}
        for name, response in answers(school).items()
    }

    assert seen == dict.fromkeys(seen, ALWAYS)


def test_the_policy_of_every_answer_allows_its_own_site_and_nothing_inline(school: School) -> None:
    for name, response in answers(school).items():
        found = policy(response)
        script = [source for source in found.pop("script-src") if not source.startswith("'nonce-")]

        assert script == ["'self'"], name
        assert found == {
            "default-src": ["'none'"],
            "style-src": ["'self'"],
            "img-src": ["'self'"],
            "font-src": ["'self'"],
            "connect-src": ["'self'"],
            "manifest-src": ["'self'"],
            "form-action": ["'self'"],
            "base-uri": ["'none'"],
            "frame-ancestors": ["'none'"],
            "object-src": ["'none'"],
        }, name


def test_each_answers_nonce_is_its_own_and_stands_on_its_scripts(school: School) -> None:
    head = school.head()
    nonces = set()
    for _ in range(3):
        page = head.get(school.address())
        (named,) = re.findall(r"'nonce-([^']+)'", page.response.headers["Content-Security-Policy"])
        assert {script["nonce"] for script in page.soup.find_all("script")} == {named}
        nonces.add(named)

    assert len(nonces) == 3
    assert min(len(nonce) for nonce in nonces) >= 20


def test_a_page_for_somebody_is_never_kept_for_somebody_else(school: School) -> None:
    response = school.head().get(school.address()).response

    assert "Cookie" in response.headers["Vary"]
    assert response.headers["Cache-Control"] == "no-store"


def test_over_tls_browsers_are_told_to_come_back_over_tls(secure_app: Flask) -> None:
    response = secure_app.test_client().get("/sign-in", base_url="https://compact.example.org")

    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_without_tls_they_are_not(app: Flask) -> None:
    assert "Strict-Transport-Security" not in app.test_client().get("/sign-in").headers


def test_a_download_is_a_file_of_its_kind_and_not_a_page(school: School) -> None:
    officer = school.officer()
    publish(officer, school.cycle)

    response = officer.client.get(f"/learning/{school.cycle}/school.csv")

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    said = response.headers["Content-Disposition"]
    assert said.startswith('attachment; filename="learning-school')
    assert said.endswith('.csv"')
