"""How much a request may hold. What is larger, or of a kind that no page of ours sends, is refused unread.

The limits of a text, which are shown before typing, stand with the room that keeps it. These lie far above
them, so that a text which is too long comes back to whoever typed it.
"""

from io import BytesIO
from typing import IO, Any, NoReturn

from flask import Flask
from flask import Request as FlaskRequest
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.formparser import FormDataParser

# Four times twelve indicators with the longest evidence, all in characters of four bytes, percent-encoded.
LARGEST_POST = 12 * 1024 * 1024
# Twice what the whole of the longest return would have, if it were one page.
MOST_FIELDS = 2_000
# Ten times the longest evidence.
LONGEST_FIELD = 200_000

# The routes whose page asks for a file: a list of contacts, a register's file.
ASK_FOR_A_FILE = frozenset({"contacts.load", "register_files.upload"})

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]


def init_app(app: Flask) -> None:
    app.request_class = Request
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        MAX_FORM_PARTS=MOST_FIELDS,
    )


class _Forms(FormDataParser):
    """Reads forms and nothing else: no JSON, and no file but on a page that asks for one."""

    takes_a_file = False

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Parsed:
        if mimetype == URLENCODED:
            stream = _counted(stream)
        elif mimetype != MULTIPART:
            raise UnsupportedMediaType
        if not self.takes_a_file:
            self.stream_factory = _no_file
        stream, form, files = super().parse(stream, mimetype, content_length, options)
        if any(len(text) > LONGEST_FIELD for texts in form.listvalues() for text in texts):
            raise RequestEntityTooLarge
        return stream, form, files


class Request(FlaskRequest):
    form_data_parser_class = _Forms

    def make_form_data_parser(self) -> FormDataParser:
        parser = super().make_form_data_parser()
        if isinstance(parser, _Forms):
            parser.takes_a_file = self.endpoint in ASK_FOR_A_FILE
        return parser


def _counted(stream: IO[bytes]) -> IO[bytes]:
    """The body, unless it has too many fields: Werkzeug counts only those of a multipart body."""
    body = stream.read()
    if body.count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge
    return BytesIO(body)


def _no_file(*_about_it: object, **_more: object) -> NoReturn:
    raise BadRequest
