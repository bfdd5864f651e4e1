"""The officer's page of returns that are more hopeful than an inspection that came after them."""

from flask import render_template

from compact import db
from compact.access import guard
from compact.cycles import editions

from .variance import find_variance
from .views import CycleSeen, blueprint


@blueprint.get("/analysis/<int:cycle_id>/variance")
def variance(cycle_id: int) -> str:
    seen = guard.found(CycleSeen)
    edition = editions.edition(seen.cycle.edition)
    return render_template(
        "analysis/variance.html",
        seen=seen,
        sectors=find_variance(db.session(), seen.cycle, edition, seen.seen_from),
    )
