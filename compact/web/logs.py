"""What the service writes down about itself: a line of JSON on stderr for each request and each event.

A line holds ids, numbers and single plain words. It never holds what anybody typed, and never a raw address,
which may have the token of an invitation in it: a request is known by its endpoint and the whole numbers of
its address. Static files, which are the same for everybody, are not counted.
"""

import json
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from math import isfinite
from time import perf_counter
from types import TracebackType
from typing import Any

from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request
from flask.signals import request_started

from config import ROOT

PLAIN = re.compile(r"[A-Za-z0-9._:-]{1,100}")
REFUSED = "refused"
LARGEST_NUMBER = 2**63 - 1
MOST_FRAMES = 40
_FROM_A_PROXY = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_STRICT = ("development", "test")

_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)
_to_json = json.JSONEncoder(separators=(",", ":")).encode

Fields = dict[str, Any]


class Lines(logging.Formatter):
    """Our own records as they are; of a library's only where it is from, for its words may quote anything."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == __name__:
            return record.getMessage()
        where = {"logger": record.name, "level": record.levelname.lower()}
        place = {"place": f"{_short(record.pathname)}:{record.lineno} {record.funcName}"}
        error = record.exc_info[1] if record.exc_info else None
        return _line("library", {**where, **place, **(_of_error(error) if error else {})})


def to_stderr() -> None:
    """Let this process write its lines, and nothing else that a library may have to say of a request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.getLogger().addHandler(handler)
    logging.getLogger("gunicorn.error").addFilter(without_the_request)


def init_app(app: Flask) -> None:
    """Write a line for each request, after whatever else looks at the answer."""
    request_started.connect(_begin, app)
    app.after_request(_answered)
    app.log_exception = _exception  # type: ignore[method-assign] # Flask's own would quote address and message


def event(what: str, /, **fields: object) -> None:
    """Write down that something happened: `what` and each field are a plain word, a number, a truth or None.

    A container, or a text that somebody may have typed, is refused: TypeError or ValueError where the product
    is built and tested, and the word "refused" in its place where it is used.
    """
    taken = {name: value if _is_plain(value) else _refused(name, value) for name, value in fields.items()}
    _log.info(_line(what if _is_plain(what) else _refused("what", what), taken))


def fault(error: BaseException, reference: str | None = None) -> None:
    """Write down an error that nobody expected: its types and frames, never its message or any value.

    `reference` is what the page calls it by where there is no request any more.
    """
    known = _asked() if has_request_context() else {"request": reference}
    _log.error(_line("fault", {**known, **_of_error(error)}))


def request_id() -> str:
    """What this request is known by: a name that a trusted proxy gave it, or one of its own."""
    found: str | None = g.get("request_id")
    if found is None:
        given = request.headers.get("X-Request-ID")
        found = given if given and _may_be_given(given) else secrets.token_hex(8)
        g.request_id = found
    return found


def without_the_request(record: logging.LogRecord) -> bool:
    """Leave of gunicorn's complaints what happened, and not the request that it quotes, with its tokens."""
    if record.levelno >= logging.WARNING:
        words = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        error = record.exc_info[1] if record.exc_info else None
        record.msg = words.partition("%")[0].partition(": ")[0].strip()
        record.args, record.exc_info = (), None
        if error:
            record.msg, record.args = "%s %s", (record.msg, _to_json(_of_error(error)))
    return True


def _may_be_given(name: str) -> bool:
    proxies: int = current_app.extensions["compact.settings"].proxies
    return proxies > 0 and _FROM_A_PROXY.fullmatch(name) is not None


def _begin(_app: Flask, **_more: object) -> None:
    g.began = perf_counter()


def _answered(response: Response) -> Response:
    sender, now = request.remote_addr, perf_counter()
    line = {
        **_asked(),
        "status": response.status_code,
        "ms": round((now - g.get("began", now)) * 1000, 1),
        "person": g.get("person_id"),
        "from": sender if sender is None or PLAIN.fullmatch(sender) else REFUSED,
    }
    _log.info(_line("request", line))
    response.headers["X-Request-ID"] = request_id()
    return response


def _exception(exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
    if exc_info[1] is not None:
        fault(exc_info[1])


def _asked() -> Fields:
    address, method = request.view_args or {}, request.method
    return {
        "method": method if method in _METHODS else REFUSED,
        "endpoint": request.endpoint,
        "ids": {name: part for name, part in address.items() if type(part) is int and part <= LARGEST_NUMBER},
    }


def _line(what: str, fields: Fields) -> str:
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "what": what}
    if has_request_context():
        line["request"] = request_id()
    return _to_json(line | fields)


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return PLAIN.fullmatch(value) is not None
    if isinstance(value, int):
        return abs(value) <= LARGEST_NUMBER
    return value is None or (isinstance(value, float) and isfinite(value))


def _refused(name: str, value: object) -> str:
    """Never with the value itself: the error would carry it to the log."""
    if has_app_context() and current_app.extensions["compact.settings"].environment in _STRICT:
        kind = type(value).__name__
        if isinstance(value, (str, int, float)):
            raise ValueError(f"{name}, a {kind}, is not for the log: a plain word of 1 to 100 letters is")
        raise TypeError(f"{name} is a {kind}: the log takes plain words and numbers")
    return REFUSED


def _of_error(error: BaseException) -> Fields:
    frames = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return {"errors": list(_types(error)), "code": _code(error), "frames": frames[-MOST_FRAMES:]}


def _code(error: BaseException) -> str | None:
    """What the database calls an error of its own, such as SQLITE_BUSY or 40P01."""
    driver = getattr(error, "orig", None)
    code = getattr(driver, "sqlite_errorname", None) or getattr(driver, "sqlstate", None)
    return code if isinstance(code, str) and _is_plain(code) else None


def _types(error: BaseException) -> Iterator[str]:
    """The error's type, and those of the errors that it came of."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield f"{type(found).__module__}.{type(found).__qualname__}"
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _short(path: str) -> str:
    """A file as the project or its library knows it, without where this machine keeps it."""
    return path.rpartition("site-packages/")[2].removeprefix(f"{ROOT}/")
