"""A return to keep: everything in it as PDF and as a spreadsheet, at any time."""

from flask import Response

from compact import db
from compact.access import guard
from compact.cycles import editions
from compact.documents.file_names import file_name
from compact.documents.sheets import MIMETYPE, to_xlsx
from compact.returns.reading import ReturnRow

from .copies import ReturnCopy, copy_of
from .copy_drawing import as_pdf, as_sheets
from .views import blueprint


@blueprint.get("/returns/<int:return_id>.pdf")
def copy_pdf(return_id: int) -> Response:
    return _attached(as_pdf(_copy()), "application/pdf", "pdf")


@blueprint.get("/returns/<int:return_id>.xlsx")
def copy_xlsx(return_id: int) -> Response:
    return _attached(to_xlsx(as_sheets(_copy())), MIMETYPE, "xlsx")


def _copy() -> ReturnCopy:
    row = guard.found(ReturnRow)
    edition = editions.edition(row.edition)
    questionnaire = edition.questionnaires[row.setting]
    return copy_of(db.session(), row, edition, questionnaire, guard.signed_in_person())


def _attached(made: bytes, mimetype: str, ending: str) -> Response:
    row = guard.found(ReturnRow)
    name = file_name(f"return-{row.id}-number-{row.number}", row.organisation, ending=ending)
    response = Response(made, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
