"""M3, E4: a line of JSON for each request and event; it holds nothing that anybody typed and never breaks."""

import json
import logging
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import Engine, text

from compact import create_app
from compact.web import logs
from config import Settings
from tests import making
from tests.pages import Visitor
from tests.school import School

from .conftest import in_production

MARKER = "Xyzzy-marker-Xyzzy"
Written = Callable[[], list[dict[str, Any]]]


def build(settings: Settings, engine: Engine) -> Flask:
    return create_app(settings, editions={making.EDITION: making.edition()}, engine=engine)


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """These tests add routes and hooks."""
    return own_app


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Written:
    """The lines so far, as `logs.to_stderr` would write them, parsed; every one is a whole line."""

    def written() -> list[dict[str, Any]]:
        lines = [logs.Lines().format(record) for record in caplog.records]
        assert all("\n" not in line and line.isascii() and line.isprintable() for line in lines)
        return [json.loads(line) for line in lines]

    return written


@pytest.fixture
def behind_a_proxy(settings: Settings, engine: Engine) -> Flask:
    return build(replace(settings, proxies=1), engine)


def test_each_request_is_one_line(school: School, written: Written, caplog: pytest.LogCaptureFixture) -> None:
    head = school.head()
    caplog.clear()

    before = datetime.now(UTC)
    answer = head.client.get(school.address("/standards/4?token=secret-of-a-mail"))

    (line,) = written()
    moment = datetime.fromisoformat(line.pop("time"))
    assert before.replace(microsecond=0) <= moment <= datetime.now(UTC)
    assert moment.utcoffset() == UTC.utcoffset(None)
    assert 0 < line.pop("ms") < 60_000
    assert re.fullmatch("[0-9a-f]{16}", line["request"])
    assert answer.headers["X-Request-ID"] == line.pop("request")
    assert line == {
        "what": "request",
        "method": "GET",
        "endpoint": "returns.standard",
        "ids": {"return_id": school.return_id, "number": 4},
        "status": 200,
        "person": 1,
        "from": "127.0.0.1",
    }


def test_an_address_with_words_in_it_is_known_by_its_endpoint_alone(app: Flask, written: Written) -> None:
    @app.get("/invitations/<token>/<int:number>")
    def invitation(token: str, number: int) -> str:
        return ""

    app.before_request_funcs[None].pop(0)  # this page has no rule in the table
    app.test_client().get(f"/invitations/{MARKER}/{10**30}?{MARKER}#{MARKER}", headers={"Referer": MARKER})

    (line,) = written()
    assert (line["endpoint"], line["ids"]) == ("invitation", {})


def test_the_person_is_named_by_id_where_it_is_known(app: Flask, written: Written) -> None:
    @app.before_request
    def known() -> None:
        g.person_id = 7

    app.test_client().get("/privacy")

    assert [line["person"] for line in written()] == [7]


def test_whatever_is_answered_has_its_line_and_its_id(school: School, written: Written) -> None:
    stranger = school.visit("").client
    asked = {
        "/nothing": 404,
        "/sign-out": 405,
        school.address(): 302,
        "/health": 200,
        "/static/nothing.css": 404,
    }

    answers = {address: stranger.get(address) for address in asked}
    answers["another host"] = stranger.get("/", headers={"Host": "evil.example"})

    lines = written()
    assert [line["status"] for line in lines] == [*asked.values(), 400]
    assert [line["request"] for line in lines] == [each.headers["X-Request-ID"] for each in answers.values()]
    assert len({line["request"] for line in lines}) == len(lines)


def test_an_odd_method_is_not_written_down(app: Flask, written: Written) -> None:
    app.test_client().open("/privacy", method=f"{MARKER}\n")

    assert [line["method"] for line in written()] == ["refused"]


@pytest.mark.parametrize("given", ["12345678", "0f" * 16, "abc-DEF-123", "x" * 64])
def test_a_trusted_proxys_id_is_taken(behind_a_proxy: Flask, written: Written, given: str) -> None:
    answer = behind_a_proxy.test_client().get("/privacy", headers={"X-Request-ID": given})

    assert answer.headers["X-Request-ID"] == given
    assert [line["request"] for line in written()] == [given]


@pytest.mark.parametrize(
    "given",
    ["", "1234567", "x" * 65, "12345678 ", "1234_5678", "12345678\x85", "<script>", "é" * 8, "123456七八"],
)
def test_any_other_id_is_replaced(behind_a_proxy: Flask, given: str) -> None:
    environ = {"HTTP_X_REQUEST_ID": given}
    answer = behind_a_proxy.test_client().get("/privacy", environ_overrides=environ)

    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_without_a_proxy_nobodys_id_is_taken(app: Flask) -> None:
    answer = app.test_client().get("/privacy", headers={"X-Request-ID": "0123456789abcdefX"})

    assert answer.headers["X-Request-ID"] != "0123456789abcdefX"


@pytest.mark.parametrize("sender", ["203.0.113.9", "2001:db8::1", "::1"])
def test_the_senders_address_is_written_as_the_proxy_has_it(
    behind_a_proxy: Flask, written: Written, sender: str
) -> None:
    behind_a_proxy.test_client().get("/privacy", headers={"X-Forwarded-For": f"{MARKER}, {sender}"})

    assert [line["from"] for line in written()] == [sender]


@pytest.mark.parametrize("sender", [f"{MARKER} x", '"}{"', "a\x1b[2J", "é", "x" * 101])
def test_what_is_no_address_is_not_written(behind_a_proxy: Flask, written: Written, sender: str) -> None:
    environ = {"HTTP_X_FORWARDED_FOR": sender}
    behind_a_proxy.test_client().get("/privacy", environ_overrides=environ)

    assert [line["from"] for line in written()] == ["refused"]


PLAIN = ("sign-in", "accounts.sign_in", "127.0.0.1", "x" * 100, 7, -1, 0.5, True, None)
TYPED = (
    "",
    "two words",
    "x" * 101,
    "head@example.org",
    "a\nb",
    "a\r\nb",
    "a\x00b",
    "a\x1b[2J",
    "\u2028",
    "é",
    "a/b",
    '"',
    "ends\n",
    2**63,
    float("nan"),
    float("inf"),
)
CONTAINERS = (["a"], {"a": 1}, ("a",), {1}, b"bytes", object(), datetime(2026, 1, 1, tzinfo=UTC))


def test_a_plain_word_or_number_is_written_as_it_is(app: Flask, written: Written) -> None:
    with app.app_context():
        for value in PLAIN:
            logs.event("tried", field=value)

    assert [(line["what"], line["field"]) for line in written()] == [("tried", value) for value in PLAIN]
    assert [type(line["field"]) for line in written()] == [type(value) for value in PLAIN]


@pytest.mark.parametrize("environment", ["test", "development"])
def test_anything_else_is_an_error_where_the_product_is_built(
    settings: Settings, engine: Engine, written: Written, environment: str
) -> None:
    app = build(replace(settings, environment=environment), engine)
    with app.app_context():
        for value in (*TYPED, *CONTAINERS):
            kind = ValueError if isinstance(value, (str, int, float)) else TypeError
            with pytest.raises(kind) as error:
                logs.event("tried", field=value)
            assert len(str(value)) < 3 or str(value) not in str(error.value)
    assert written() == []


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_anything_else_is_left_out_where_it_is_used(
    settings: Settings, engine: Engine, written: Written, environment: str
) -> None:
    """The request goes on, and the line says that something was kept out of it."""
    app = build(replace(in_production(settings), environment=environment), engine)
    with app.app_context():
        for value in (*TYPED, *CONTAINERS):
            logs.event("tried", field=value, other=1)

    seen = {(line["what"], line["field"], line["other"]) for line in written()}
    assert seen == {("tried", "refused", 1)}


def test_what_happened_is_a_plain_word_as_well(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="not for the log"):
        logs.event("what somebody typed")


def test_an_event_of_a_request_carries_its_id(app: Flask, written: Written) -> None:
    @app.before_request
    def tell() -> None:
        logs.event("noticed", count=2)

    app.test_client().get("/privacy")

    noticed, request = written()
    assert (noticed["what"], noticed["count"]) == ("noticed", 2)
    assert noticed["request"] == request["request"]


def fail(app: Flask, error: BaseException, cause: BaseException | None = None) -> None:
    """Let the privacy page fail, as it is served: a fault becomes a page."""

    def failing() -> str:
        raise error from cause

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["notices.privacy"] = failing


def test_a_fault_is_one_line_with_its_types_and_frames(app: Flask, written: Written) -> None:
    fail(app, RuntimeError(f"about {MARKER}"), KeyError(MARKER))

    page = Visitor(app).open("/privacy")

    fault, request = written()
    assert page.status == request["status"] == 500
    assert (fault["what"], fault["endpoint"], fault["request"]) == (
        "fault",
        "notices.privacy",
        request["request"],
    )
    assert fault["errors"] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert re.fullmatch(r"flask/app\.py:\d+ full_dispatch_request", fault["frames"][1])
    assert re.fullmatch(r"tests/web/test_logs\.py:\d+ failing", fault["frames"][-1])
    assert MARKER not in json.dumps(fault)
    assert page.one("main strong").get_text() == fault["request"]


def test_a_fault_without_end_is_cut(app: Flask, written: Written) -> None:
    def failing() -> str:
        return failing()

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["notices.privacy"] = failing

    Visitor(app).open("/privacy")

    assert len(written()[0]["frames"]) == logs.MOST_FRAMES


def test_a_library_that_logs_is_named_but_not_quoted(app: Flask, written: Written) -> None:
    """Flask-WTF, SQLAlchemy and others log what they like; only where it is from is written down."""
    with app.app_context():
        try:
            raise ValueError(MARKER)
        except ValueError:
            logging.getLogger("some.library").exception("about %s and " + MARKER, MARKER)  # noqa: G003
        app.logger.error(MARKER)

    first, second = written()
    assert (first["what"], first["logger"], first["level"]) == ("library", "some.library", "error")
    assert re.fullmatch(r"tests/web/test_logs\.py:\d+ test_\w+", first["place"])
    assert first["errors"] == ["builtins.ValueError"]
    assert second["logger"] == "compact"
    assert MARKER not in json.dumps([first, second])


def test_what_gunicorn_says_of_a_request_is_cut() -> None:
    """It quotes the line of a request that it cannot read, or that failed, and the error with its message."""
    try:
        raise ValueError(MARKER)
    except ValueError:
        exc_info = sys.exc_info()

    def said(level: int, words: object, *about: object, exc_info: Any = None) -> str:
        record = logging.LogRecord("gunicorn.error", level, "x.py", 1, words, about, exc_info)
        assert logs.without_the_request(record)
        return logging.Formatter().format(record)

    warning, error = logging.WARNING, logging.ERROR
    assert said(warning, f"Invalid request from ip=192.0.2.1: 'GET /{MARKER}'") == (
        "Invalid request from ip=192.0.2.1"
    )
    failed = said(error, "Error handling request %s %s", "GET", f"/{MARKER}", exc_info=exc_info)
    assert failed.startswith('Error handling request {"errors":["builtins.ValueError"]')
    assert MARKER not in failed + said(error, ValueError(MARKER), exc_info=exc_info)
    assert said(logging.INFO, "Booting worker with pid: %s", 7) == "Booting worker with pid: 7"


def test_the_process_writes_its_lines_to_stderr(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    root, gunicorn = logging.getLogger(), logging.getLogger("gunicorn.error")
    held = list(root.handlers)
    logs.to_stderr()
    try:
        app.test_client().get("/privacy")
        logging.getLogger("some.library").warning(MARKER)
    finally:
        for added in set(root.handlers) - set(held):
            root.removeHandler(added)
        gunicorn.removeFilter(logs.without_the_request)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert [json.loads(line)["what"] for line in captured.err.splitlines()] == ["request", "library"]


def test_no_line_holds_what_was_typed_or_where(
    school: School, app: Flask, engine: Engine, written: Written
) -> None:
    """M3: a marker in an answer, a password, an e-mail address, an address like a token."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    head, stranger = school.head(), school.visit("")
    page = head.get(school.address("/standards/4"))
    typed = {**page.fields(), "bullying-grade": "good", "bullying-evidence": MARKER, "then": "later"}

    def post(address: str, data: dict[str, str], visitor: Visitor = head) -> int:
        headers = {"Referer": f"http://localhost/{MARKER}", "User-Agent": MARKER, "X-Request-ID": MARKER}
        return visitor.open(address, "POST", data=data, headers=headers, follow=False).status

    sign_in = {"email": f"{MARKER}@example.org", "password": MARKER, "csrf_token": stranger.token()}
    seen = {
        post("/sign-in", sign_in, stranger),
        post(school.address("/standards/4"), typed),
        post(school.address("/standards/4"), {**typed, "csrf_token": MARKER}),
        post(school.address("/standards/4"), {**typed, MARKER: MARKER * 20_000}),
        post(f"/invitations/{MARKER}", typed),
        post(f"/{MARKER}?token={MARKER}", typed, stranger),
        stranger.open(f"/{MARKER}", follow=False).status,
        stranger.open(f"/sign-in?next=/{MARKER}", f"{MARKER}", follow=False).status,
        stranger.open("/", headers={"Host": MARKER}, follow=False).status,
        head.open(school.address("/sign-off"), "POST", json={"password": MARKER}).status,
    }
    with making.changing(engine) as connection:
        connection.execute(text("DROP TABLE answer_history"))
    again = {**head.get(school.address("/standards/4")).fields(), "bullying-evidence": f"{MARKER} again"}
    seen.add(post(school.address("/standards/4"), again))

    assert seen == {200, 302, 400, 404, 405, 413, 415, 500}
    lines = written()
    assert len([line for line in lines if line["what"] == "fault"]) == 1
    assert MARKER not in json.dumps(lines)
