"""The questions as PDF, before a return is started and beside it, to gather evidence with."""

from flask import Response, abort, request

from compact.access import guard
from compact.cycles import editions
from compact.questionnaire.printing import ORDERS

from .drawn_once import paper
from .reading import ReturnRow
from .starting import DueRow
from .views import blueprint


@blueprint.get("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/questions.pdf")
def questions_before(cycle_id: int, organisation_id: int) -> Response:
    due = guard.found(DueRow)
    return _questions(due.edition, due.setting)


@blueprint.get("/returns/<int:return_id>/questions.pdf")
def questions(return_id: int) -> Response:
    row = guard.found(ReturnRow)
    return _questions(row.edition, row.setting)


def _questions(edition: str, setting: str) -> Response:
    """In the order asked, or with `?by=person` as lists of evidence for the people to ask."""
    by = request.args.get("by", "standard")
    if by not in ORDERS:
        abort(404)
    response = Response(paper(editions.edition(edition), setting, by), mimetype="application/pdf")
    name = "questions" if by == "standard" else "evidence-to-gather"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{edition}-{setting}.pdf"'
    return response
