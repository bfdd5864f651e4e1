"""The annual statement of a round: read it, edit its text, take its tables away."""

from dataclasses import dataclass
from decimal import Decimal

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from compact import db
from compact.access import guard
from compact.analysis.views import CycleSeen
from compact.documents.file_names import file_name
from compact.documents.sheets import MIMETYPE, Cell, Sheet, to_xlsx
from compact.documents.tables import to_csv
from compact.returns.forms import number_in
from compact.web.clock import now, today
from compact.web.problems import FieldProblem
from compact.web.texts import clean

from . import statement_store
from .statement import Statement
from .statement_models import TEXT_LIMIT
from .statement_store import Edited
from .views import blueprint

MEANWHILE = "Another officer has changed the text while you were typing. Compare, then save yours again"


@dataclass(frozen=True)
class Typed:
    """What stands in the box: as it was typed, with the version that it goes on from."""

    text: str
    version: int
    problems: tuple[FieldProblem, ...] = ()
    theirs: str = ""


@blueprint.get("/analysis/<int:cycle_id>/statement")
def statement(cycle_id: int) -> str:
    made, held = _made(), _edited()
    return _page(made, held, Typed(held.text if held and held.text else made.text, _version(held)))


@blueprint.post("/analysis/<int:cycle_id>/statement")
def post_statement(cycle_id: int) -> str | BaseResponse:
    """Keep the text, or go back to the generated one. Of two officers the second sees both texts."""
    seen, made = guard.found(CycleSeen), _made()
    typed, shown = request.form.get("text", ""), number_in(request.form.get("version", "")) or 0
    text = "" if "back" in request.form else clean(typed)
    if len(text) > TEXT_LIMIT:
        words = f"The text is {len(text):,} characters long; it can have {TEXT_LIMIT:,}"
        return _page(made, _edited(), Typed(typed, shown, (FieldProblem("text", words),)))
    if text == clean(made.text):
        text = ""
    session, by = db.writing(), guard.signed_in_person().id
    place = (cycle_id, seen.seen_from)
    try:
        statement_store.save(session, *place, text, made.text, shown_version=shown, by=by, at=now())
    except statement_store.EditedMeanwhile:
        session.rollback()
        held = _edited()
        theirs = held.text if held and held.text else made.text
        problem = FieldProblem("text", MEANWHILE)
        return _page(made, held, Typed(typed or made.text, _version(held), (problem,), theirs))
    session.commit()
    flash("The text is saved." if text else "The text is the generated one.", "success")
    return redirect(url_for("reports.statement", cycle_id=cycle_id, partnership=seen.seen_from))


@blueprint.get("/analysis/<int:cycle_id>/statement.xlsx")
def statement_xlsx(cycle_id: int) -> Response:
    return _file(to_xlsx(_made().tables), MIMETYPE, "xlsx")


@blueprint.get("/analysis/<int:cycle_id>/statement/<table>.csv")
def statement_csv(cycle_id: int, table: str) -> Response:
    sheet = next((each for each in _made().tables if each.name.lower() == table), None)
    if sheet is None:
        abort(404)
    rows = [[_as_text(cell) for cell in row] for row in sheet.rows]
    return _file(to_csv(sheet.header, rows).encode("utf-8-sig"), "text/csv", "csv", table)


def _as_text(cell: Cell) -> str | int | None:
    return cell if cell is None or isinstance(cell, int) else str(cell)


def _file(content: bytes, mimetype: str, ending: str, *parts: str) -> Response:
    seen = guard.found(CycleSeen)
    name = file_name("statement", seen.cycle.name, seen.choices[seen.seen_from], *parts, ending=ending)
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _made() -> Statement:
    seen = guard.found(CycleSeen)
    return statement_store.statement_of(db.session(), seen.cycle, seen.seen_from, today())


def _numeric_columns(table: Sheet) -> list[int]:
    """The places of the columns that hold figures; a standard's number names it."""
    return [
        place
        for place, title in enumerate(table.header)
        if title != "Standard" and any(isinstance(row[place], int | Decimal) for row in table.rows)
    ]


def _edited() -> Edited | None:
    seen = guard.found(CycleSeen)
    return statement_store.edited(db.session(), seen.cycle.id, seen.seen_from)


def _version(held: Edited | None) -> int:
    return held.version if held else 0


def _page(made: Statement, held: Edited | None, typed: Typed) -> str:
    is_edited = held is not None and bool(held.text)
    return render_template(
        "reports/statement.html",
        seen=guard.found(CycleSeen),
        statement=made,
        held=held if is_edited else None,
        has_changed=held is not None and is_edited and held.generated != made.text,
        typed=typed,
        numeric_columns=_numeric_columns,
        limit=TEXT_LIMIT,
        problems=typed.problems,
        errors={problem.field: problem.text for problem in typed.problems},
    )
