"""A learning summary with all that may stand in one: the demo has no round before that shows as much."""

from sqlalchemy import select

from compact.cycles.models import CyclePartnership
from compact.db import begin_writing, open_session
from compact.organisations.models import Partnership
from compact.reports.store import publish
from tests.browser.serving import AUTUMN, NOW, Site
from tests.browser.states import HEAD, State, of_cycle
from tests.reports.made_up import whole

SECTOR = "statutory"


def furnish(site: Site) -> None:
    """Publish made-up values for a sector of the open round, in which nobody of it has signed."""
    summary = whole().model_copy(update={"sector": SECTOR, "sector_title": "Statutory bodies"})
    cycle = site.cycle(AUTUMN)
    with begin_writing(open_session(site.engine)) as session:
        of_round = select(CyclePartnership.partnership_id).where(CyclePartnership.cycle_id == cycle)
        host = session.scalars(select(Partnership.id).where(Partnership.id.in_(of_round))).one()
        publish(session, cycle, host, summary, foreword="We thank you all.", by=1, at=NOW)
        session.commit()


STATES = (
    State(
        "summary-whole",
        "reports/summary.html",
        "What the partnership will do",
        of_cycle("/learning", AUTUMN, f"/{SECTOR}"),
        HEAD,
    ),
)
