"""The finished rounds: asked, answered, signed, one of them late, and how it went on since."""

import random
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.returns.models import Return
from compact.web.clock import LOCAL

from .answering import answer_all, except_for, sign_all
from .going_on import go_on_with_plans
from .inspecting import inspect
from .launching import launch, on_day, open_round
from .places import HOST, PARTNERSHIPS, Made
from .reviewing import review_round

LAST = "Compact, spring 2026"
NOT_THERE = "We have no office in this area, and answer its calls from the one next to it."
# Who signed a month before the others, and who signed after the last day.
EARLY = ("Wexcombe Council Housing", "Wexcombe Adult Services", "Wexcombe Leisure and Libraries")
LATE = "Wexcombe Ramblers Juniors"


def finish_rounds(
    session: Session,
    made: Made,
    settings: tuple[str, ...],
    chance: random.Random,
    now: datetime,
    base_url: str,
) -> None:
    """This spring's rounds: long enough ago that its plans are to be asked about."""
    today = now.astimezone(LOCAL).date()
    days = (today - timedelta(days=290), today - timedelta(days=200))
    cycle = open_round(session, made, LAST, (HOST,), settings, days)
    launch(session, made, cycle, base_url)
    answer_all(session, cycle.id, chance, on_day(cycle.opens + timedelta(days=20), time(14, 5)))
    _sign(session, made, cycle)
    partnerships = tuple(name for name, _ in PARTNERSHIPS)
    four_areas = open_round(session, made, "Four-area round, spring 2026", partnerships, ("hips",), days)
    launch(session, made, four_areas, base_url)
    during = on_day(four_areas.opens + timedelta(days=20), time(14, 5))
    police, *_others = answer_all(session, four_areas.id, chance, during)
    except_for(session, police, made.partnerships[PARTNERSHIPS[3][0]], None, NOT_THERE, during)
    _sign(session, made, four_areas)
    review_round(session, made, cycle, now)
    inspect(session, made.organisations, today - timedelta(days=40))


def _sign(session: Session, made: Made, cycle: CycleRow) -> None:
    """Sign all returns of a round, some early and one late; afterwards their plans go on."""
    rows = session.execute(
        select(Return.organisation_id, Return.id).where(Return.cycle_id == cycle.id).order_by(Return.id)
    )
    returns = {row.organisation_id: row.id for row in rows}
    early, late = (
        [returns.pop(each) for name in names if (each := made.organisations[name]) in returns]
        for names in (EARLY, (LATE,))
    )
    for signing, day in ((early, -35), ([*returns.values()], -7), (late, 6)):
        moment = on_day(cycle.closes + timedelta(days=day), time(9, 15))
        sign_all(session, signing, made.signatories, moment)
    after = on_day(cycle.closes + timedelta(days=7), time(14, 5))
    go_on_with_plans(session, sorted([*early, *returns.values(), *late]), made.signatories, after)
