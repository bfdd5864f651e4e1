"""How the plans of the demo's signed returns went on since: made-up notes, statuses and impacts."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from compact.actions import store as actions
from compact.actions.rules import DONE, EMBEDDED, UNDER_WAY
from compact.actions.store import ActionRow
from compact.returns import plan, reading


@dataclass(frozen=True)
class Step:
    """What somebody wrote on an action, so many days after signing."""

    days: int
    status: str
    note: str = ""
    impact: str = ""


SEED = 2026
# The courses that actions take; each is as likely as the next. One in eight was not begun.
COURSES: tuple[tuple[Step, ...], ...] = (
    (),
    (Step(21, UNDER_WAY, "We have agreed who does what, and put it on the agenda of each team meeting."),),
    (
        Step(
            28, UNDER_WAY, "The first half of the staff have had the training. The others follow in autumn."
        ),
        Step(84, UNDER_WAY, "The trainer was ill, so the second date was moved by a month."),
    ),
    (
        Step(
            35, UNDER_WAY, "A draft of the new procedure is with the staff, who have until Friday to comment."
        ),
    ),
    (
        Step(
            21, UNDER_WAY, "We asked the children first what they would change. It was not what we thought."
        ),
        Step(
            77,
            DONE,
            "The new way of working is written down and every member of staff has signed that they read it.",
            "Nine in ten children now say that they know whom to tell. It was six in ten in spring.",
        ),
    ),
    (Step(63, DONE, "Done earlier than planned. We look again in six months whether it is still so."),),
    (
        Step(42, UNDER_WAY, "Two settings near us have shared how they do it. We take over their checklist."),
        Step(
            91,
            DONE,
            "The checklist is used at every induction.",
            "Staff told the lead of three worries this term that they would have kept to themselves before.",
        ),
    ),
    (
        Step(14, UNDER_WAY, "The lead has looked at every file and listed what was missing."),
        Step(49, DONE, "All gaps are filled.", "A worry is passed on the same day; it took up to a week."),
        Step(98, EMBEDDED, "A sample of ten files, taken by somebody else, shows that it stays so."),
    ),
)


def go_on_with_plans(
    session: Session,
    return_ids: Sequence[int],
    people: Mapping[int, int],
    after: datetime,
) -> None:
    """Let the actions of returns go on that were all signed before `after`.

    `people` says who writes for each organisation. The chance is its own, so that what is answered later
    does not hang on how the plans go on.
    """
    chance = random.Random(SEED)  # noqa: S311 - made-up courses, the same every time
    for return_id in return_ids:
        row = reading.find_return(session, return_id, None)
        assert row is not None  # noqa: S101 - it was made a moment ago
        for action in sorted(plan.actions_in(session, row), key=lambda each: each.id):
            by = people[row.organisation_id]
            _go_on(session, row.organisation_id, action, chance.choice(COURSES), by, after)


def _go_on(
    session: Session,
    organisation: int,
    action: ActionRow,
    course: Sequence[Step],
    by: int,
    after: datetime,
) -> None:
    planned = action.planned
    for version, step in enumerate(course, start=action.version):
        planned = replace(planned, status=step.status, impact=step.impact or planned.impact)
        at = after + timedelta(days=step.days)
        actions.change_action(
            session, organisation, action.id, version, planned, by=by, at=at, note=step.note
        )
