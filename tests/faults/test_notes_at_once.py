"""C8: several people writing about one action at the same moment, each from a process of their own."""

from collections.abc import Callable
from datetime import date
from multiprocessing.synchronize import Barrier

import pytest

from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from tests import making
from tests.faults import at_once
from tests.making import World

# One process begins those of every test here: it takes in the application once.
pytestmark = pytest.mark.xdist_group("at once")

WRITERS, ROUNDS = 3, 3


def test_c8_notes_that_are_sent_at_the_same_moment_are_all_kept(world: World, database: str) -> None:
    """C8: none is lost, none is refused, and every one has a version of its own."""
    partnership, school = world.partnership(), world.organisation()
    return_id = world.signed(world.cycle(partnership), school, {"bullying": "inadequate"})
    action_id = _planned(world, school, return_id)
    emails = [world.person(f"Writer {number}", making.contributor(school)) for number in range(WRITERS)]

    refused = _all_at_once(database, emails, f"/organisations/{school}/actions/{action_id}")

    with world.session() as session:
        kept = actions.updates_of(session, school, action_id)
    assert refused == []
    assert [each.version for each in kept] == list(range(1, WRITERS * ROUNDS + 2))
    assert {each.note for each in kept} == {
        "",
        *(f"Round {number} of {email}" for number in range(ROUNDS) for email in emails),
    }


def _planned(world: World, school: int, return_id: int) -> int:
    with world.session() as session:
        made = actions.add_action(
            session,
            organisation_id=school,
            return_id=return_id,
            key="bullying",
            planned=PlannedAction("Ask the pupils", "Deputy head", date(2027, 3, 31), "not_started"),
            by=None,
            at=making.NOW,
        )
        session.commit()
        return made


def _all_at_once(database: str, emails: list[str], address: str) -> list[str]:
    """Let everybody write once a round, all at the same moment; what was refused."""
    context = at_once.context()
    together, said = context.Barrier(len(emails)), context.Queue()
    processes = [
        context.Process(target=_write, args=(database, email, address, together, said.put))
        for email in emails
    ]
    for process in processes:
        process.start()
    refused = [complaint for _ in processes for complaint in said.get(timeout=300)]
    for process in processes:
        process.join()
    return refused


def _write(
    database: str, email: str, address: str, together: Barrier, report: Callable[[list[str]], None]
) -> None:
    visitor = at_once.visitor(database, email)
    refused = []
    for number in range(ROUNDS):
        fields = visitor.get(address).fields()
        together.wait(timeout=120)
        answer = visitor.client.post(address, data={**fields, "note": f"Round {number} of {email}"})
        if answer.status_code != 302:
            refused.append(f"{email}: {answer.status_code}")
    report(refused)
