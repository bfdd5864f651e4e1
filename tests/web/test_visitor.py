"""The visitor of these tests: it finds what is wrong with a page, and fills in forms as a browser does."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.pages import Page, Visitor, inspect

SOUND = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>Sign in – Safeguarding and Early Help Compact</title>'
    '</head><body><main id="main"><h1>Sign in</h1><a href="#main">Up</a><form method="post">'
    '<input type="hidden" name="csrf_token" value="x"><label for="a">A</label><input id="a" name="a"></form>'
    "</main></body></html>"
)
FAULTS = {
    "a tag that is not closed": ("</form>", "<b></form>"),
    "no doctype": ("<!DOCTYPE html>", ""),
    "an id that comes twice": ('id="main"', 'id="a"'),
    "no h1": ("<h1>Sign in</h1>", "<h2>Sign in</h2>"),
    "two of them": ("<h1>Sign in</h1>", "<h1>Sign in</h1><h1>Sign in</h1>"),
    "a title of another page": ("<title>Sign in", "<title>Home"),
    "an error in the title alone": ("<title>Sign in", "<title>Error: Sign in"),
    "a form without its token": ('<input type="hidden" name="csrf_token" value="x">', ""),
    "a token without a value": ('name="csrf_token" value="x"', 'name="csrf_token"'),
    "a field without a label": ('<label for="a">A</label>', ""),
    "a label of nothing": ("<h1>", '<label for="b">B</label><h1>'),
    "a link that leads nowhere": ('href="#main"', 'href="#top"'),
    "a description that is nowhere": ('name="a"', 'name="a" aria-describedby="a-hint"'),
    "an inline style": ("<h1>", '<h1 style="color: red">'),
    "a script of another host": ("<h1>", '<script src="https://cdn.example/x.js"></script><h1>'),
    "a script of whatever scheme": ("<h1>", '<script src="//cdn.example/x.js"></script><h1>'),
    "an image of another host": ("<h1>", '<img alt="" src="https://cdn.example/x.png"><h1>'),
    "an image in the page's own bytes": ("<h1>", '<img alt="" src="data:image/png;base64,AAAA"><h1>'),
    "a style sheet of another host": ("<title>", '<link rel="stylesheet" href="https://cdn.example"><title>'),
    "a form that sends elsewhere": ('method="post"', 'method="post" action="https://evil.example"'),
    "a button that sends elsewhere": ("</form>", '<button formaction="//evil.example">Go</button></form>'),
    "a link that runs a script": ('href="#main"', 'href="javascript:alert(1)"'),
    "a link without tls": ('href="#main"', 'href="http://evil.example"'),
    "a link of whatever scheme": ('href="#main"', 'href="//evil.example"'),
    "a link that browsers read as one of whatever scheme": ('href="#main"', 'href="/\\evil.example"'),
    "a page that moves on elsewhere": (
        "<title>",
        '<meta http-equiv="refresh" content="0; url=https://evil.example"><title>',
    ),
    "a straight quote in a heading": ("<h1>Sign in", "<h1>Sign in, it's you"),
}


def page_of(html: str) -> Page:
    app = Flask("tests")
    app.add_url_rule("/", view_func=lambda: html)
    return Page("/", app.test_client().get("/"))


def test_a_sound_page_passes() -> None:
    inspect(page_of(SOUND))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str) -> None:
    before, after = FAULTS[fault]
    assert before in SOUND

    with pytest.raises(AssertionError):
        inspect(page_of(SOUND.replace(before, after)))


def test_a_summary_without_an_error_in_the_title_is_found() -> None:
    summary = '<ul class="govuk-error-summary__list"><li><a href="#a">Enter it</a></li></ul><h1>'

    with pytest.raises(AssertionError):
        inspect(page_of(SOUND.replace("<h1>", summary)))
    inspect(page_of(SOUND.replace("<h1>", summary).replace("<title>", "<title>Error: ")))


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    page = page_of(
        "<main><form><input name=a value=1><input name=b><input value=nameless>"
        "<textarea name=c>\n\nSecond line</textarea>"
        "<input type=radio name=d value=1><input type=radio name=d value=2 checked>"
        "<input type=checkbox name=e><input type=checkbox name=f checked><button name=g value=1>Send</button>"
        "<select name=h><option value=1>One<option value=2 selected>Two</select>"
        "<select name=i><option>First<option>Second</select></form></main>"
    )

    assert page.fields() == {
        "a": "1",
        "b": "",
        "c": "\nSecond line",
        "d": "2",
        "f": "on",
        "h": "2",
        "i": "First",
    }


def test_every_page_that_is_fetched_is_inspected(
    visit: Callable[[str], Visitor], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr("tests.pages.inspect", lambda page: seen.append(page.address))
    visitor = visit("")

    visitor.get("/privacy")
    visitor.get("/returns/1")
    visitor.post("/sign-in")
    visitor.open("/nothing", "DELETE")

    assert seen == ["/privacy", "/sign-in?next=/returns/1", "/sign-in", "/nothing"]
