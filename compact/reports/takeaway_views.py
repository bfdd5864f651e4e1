"""A published summary to take away: as PDF, as a spreadsheet and as CSV."""

from flask import Response

from compact.access import guard

from .papers import MADE, Paper, made, name_of, standing
from .views import SummarySeen, blueprint


@blueprint.get("/learning/<int:cycle_id>/<sector>.pdf")
def summary_pdf(cycle_id: int, sector: str) -> Response:
    return _in_force("pdf")


@blueprint.get("/learning/<int:cycle_id>/<sector>.xlsx")
def summary_xlsx(cycle_id: int, sector: str) -> Response:
    return _in_force("xlsx")


@blueprint.get("/learning/<int:cycle_id>/<sector>.csv")
def summary_csv(cycle_id: int, sector: str) -> Response:
    return _in_force("csv")


def attached(paper: Paper, form: str) -> Response:
    """The paper as a file in one of the forms of MADE."""
    response = Response(made(paper, form), mimetype=MADE[form][0])
    response.headers["Content-Disposition"] = f'attachment; filename="{name_of(paper, form)}"'
    return response


def _in_force(form: str) -> Response:
    published = guard.found(SummarySeen).published
    return attached(Paper(published.summary, standing(published), published.foreword), form)
