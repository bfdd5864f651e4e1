"""A summary open to anyone who has the link: no sign-in, no session, and no search engine."""

from dataclasses import dataclass

from flask import Response, abort, make_response, render_template

from compact import db
from compact.cycles import store as cycle_store
from compact.web.frame import Contact, stand_for

from . import numbers, open_link, store
from .numbers import NumberRow
from .papers import Paper, standing
from .store import Published
from .takeaway_views import attached
from .views import blueprint


@dataclass(frozen=True)
class Opened:
    """What a link opens: the number in force, or None where the last one is withdrawn."""

    cycle_id: int
    sector: str
    published: Published | None
    last: NumberRow


def opened(token: str) -> Opened:
    """What the token opens; 404 for any other, and where nothing was ever published."""
    session = db.session()
    place = open_link.opened_by(session, token)
    of_sector = numbers.numbers_of(session, *place) if place else []
    if place is None or not of_sector:
        abort(404)
    cycle_id, partnership, sector = place
    stand_for(Contact(*cycle_store.contact_of(session, partnership)))
    last = of_sector[0]
    published = store.of_number(session, *place, last.number) if last.is_in_force else None
    return Opened(cycle_id, sector, published, last)


def not_indexed(response: Response) -> Response:
    """What was made public for those who have the link is not for those who search."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/learning/open/<token>")
def open_summary(token: str) -> Response:
    found = opened(token)
    if found.published is None:
        page = render_template("reports/open_withdrawn.html", last=found.last)
    else:
        summary = found.published.summary
        page = render_template(
            "reports/open.html", token=token, published=found.published, summary=summary, last=found.last
        )
    return not_indexed(make_response(page))


@blueprint.get("/learning/open/<token>.pdf")
def open_pdf(token: str) -> Response:
    return _taken(token, "pdf")


@blueprint.get("/learning/open/<token>.xlsx")
def open_xlsx(token: str) -> Response:
    return _taken(token, "xlsx")


@blueprint.get("/learning/open/<token>.csv")
def open_csv(token: str) -> Response:
    return _taken(token, "csv")


def _taken(token: str, form: str) -> Response:
    """The file of what is in force; 404 where it is withdrawn."""
    published = opened(token).published or abort(404)
    return not_indexed(attached(Paper(published.summary, standing(published), published.foreword), form))
