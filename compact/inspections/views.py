"""What an officer sees of inspections beside a return."""

from flask import Flask

from compact import db
from compact.access import guard
from compact.access.values import Act

from .store import InspectionRow, latest_of


def init_app(app: Flask) -> None:
    app.add_template_global(latest_inspection)


def latest_inspection(organisation_id: int) -> InspectionRow | None:
    """The latest inspection of the organisation whose return the page is about; None for all but officers."""
    if not guard.allows(Act.READ_DESK):
        return None
    return latest_of(db.session(), [organisation_id]).get(organisation_id)
