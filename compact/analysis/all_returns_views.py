"""All returns of a round as one file, for the officer: as they are at one moment, and written down."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from typing import IO

from flask import Response, flash, redirect, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from compact import db
from compact.access import guard, noting
from compact.cycles import editions
from compact.documents.file_names import file_name
from compact.documents.sheets import MIMETYPE, TooLarge, write_xlsx
from compact.documents.tables import csv_lines

from .all_returns import HEADER, all_rows, sheets_of
from .views import CycleSeen, blueprint

CSV_MARK = "\ufeff"  # by which Excel knows UTF-8

Write = Callable[[IO[bytes], Session, CycleSeen], None]


@blueprint.get("/cycles/<int:cycle_id>/returns.xlsx")
def returns_xlsx(cycle_id: int) -> Response | Redirect:
    try:
        return _taken(cycle_id, "xlsx", MIMETYPE, _write_xlsx)
    except TooLarge:
        flash("This round has more rows than a spreadsheet can hold. Take it as CSV.", "important")
        seen_from = guard.found(CycleSeen).seen_from
        return redirect(url_for("analysis.cycle", cycle_id=cycle_id, partnership=seen_from))


@blueprint.get("/cycles/<int:cycle_id>/returns.csv")
def returns_csv(cycle_id: int) -> Response:
    return _taken(cycle_id, "csv", "text/csv", _write_csv)


def _taken(cycle_id: int, ending: str, mimetype: str, write: Write) -> Response:
    """The file as the round is at one moment, however long that takes to read (F9).

    Who takes it away is written down before anything is read, and each organisation can see it.
    """
    seen = guard.found(CycleSeen)
    noting.note_taken(guard.signed_in_person(), cycle_id, seen.seen_from, ending)
    with ExitStack() as kept:
        file = kept.enter_context(tempfile.TemporaryFile())
        with db.at_one_moment(db.engine()) as connection, Session(connection) as session:
            write(file, session, seen)
        file.seek(0)
        kept.pop_all()  # whoever sends the file closes it
    name = file_name("returns", seen.cycle.name, seen.choices[seen.seen_from], ending=ending)
    return send_file(file, mimetype, as_attachment=True, download_name=name)


def _write_xlsx(file: IO[bytes], session: Session, seen: CycleSeen) -> None:
    edition, name = editions.edition(seen.cycle.edition), seen.choices[seen.seen_from]
    write_xlsx(file, sheets_of(session, seen.cycle, edition, seen.seen_from, name))


def _write_csv(file: IO[bytes], session: Session, seen: CycleSeen) -> None:
    edition = editions.edition(seen.cycle.edition)
    file.write(CSV_MARK.encode())
    rows = all_rows(session, seen.cycle, edition, seen.seen_from)
    days_as_text = ([each.isoformat() if isinstance(each, date) else each for each in row] for row in rows)
    for line in csv_lines(HEADER, days_as_text):
        file.write(line.encode())
