"""A summary open to anyone who has the link: no sign-in, no session, and no search engine."""

from dataclasses import dataclass

from flask import Response, abort, make_response, render_template

from compact import db
from compact.cycles import store as cycle_store
from compact.web.frame import Contact, stand_for

from . import drawing, numbers, open_link, store
from .numbers import NumberRow
from .store import Published
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


def opened_in_force(token: str) -> tuple[Opened, Published]:
    """The same for a download: 404 also where it is withdrawn."""
    found = opened(token)
    return found, found.published or abort(404)


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


@blueprint.get("/learning/open/<token>.csv")
def open_csv(token: str) -> Response:
    found, published = opened_in_force(token)
    response = Response("\ufeff" + drawing.as_csv(published.summary), mimetype="text/csv")
    name = f"learning-{found.cycle_id}-{found.sector}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return not_indexed(response)
