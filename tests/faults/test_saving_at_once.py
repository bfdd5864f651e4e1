"""Several people saving one return at the same moment, each from a process of their own: none is lost."""

from collections.abc import Callable
from multiprocessing.synchronize import Barrier

import pytest

from tests import making
from tests.faults import at_once
from tests.making import World

# One process begins those of every test here: it takes in the application once.
pytestmark = pytest.mark.xdist_group("at once")

# Who writes where: the first two write different answers of the same page.
WRITERS = (("bullying", 4), ("pupil-voice", 4), ("leadership", 1), ("conduct", 2))


def test_people_saving_at_the_same_moment_lose_nothing(world: World, database: str) -> None:
    assert _rounds(world, database, 5) == []


@pytest.mark.campaign
def test_two_hundred_rounds_of_saving_at_the_same_moment_lose_nothing(world: World, database: str) -> None:
    lost = _rounds(world, database, 200)

    engine = database.split(":", maxsplit=1)[0]
    print(f"\n{engine}: 200 rounds, {len(WRITERS)} processes, {len(lost)} saves lost")
    assert lost == []


def _rounds(world: World, database: str, rounds: int) -> list[str]:
    """Let every writer save once a round, all at the same moment; what was lost or refused."""
    partnership, school = world.partnership(), world.organisation()
    return_id = world.started(world.cycle(partnership), school)
    world.profile(return_id, commissions_services=False)
    emails = [world.person(f"Writer {number}", making.contributor(school)) for number in range(len(WRITERS))]
    context = at_once.context()
    together = context.Barrier(len(WRITERS))
    said = context.Queue()
    processes = [
        context.Process(target=_write, args=(database, email, return_id, writer, rounds, together, said.put))
        for email, writer in zip(emails, WRITERS, strict=True)
    ]
    for process in processes:
        process.start()
    lost = [complaint for _ in processes for complaint in said.get(timeout=300)]
    for process in processes:
        process.join()
    return lost


def _write(
    database: str,
    email: str,
    return_id: int,
    writer: tuple[str, int],
    rounds: int,
    together: Barrier,
    report: Callable[[list[str]], None],
) -> None:
    """One person in a process: save, and see after every round that the own text is there."""
    visitor = at_once.visitor(database, email)
    (key, standard), lost = writer, []
    address = f"/returns/{return_id}/standards/{standard}"
    fields = visitor.get(address).fields()
    for number in range(rounds):
        text = f"Round {number} of {key}"
        together.wait(timeout=120)
        answer = visitor.client.post(address, data={**fields, f"{key}-evidence": text, "then": "later"})
        together.wait(timeout=120)
        fields = visitor.get(address).fields()  # what the next round begins with: all have saved this one
        kept = fields[f"{key}-evidence"]
        if answer.status_code != 302 or kept != text:
            lost.append(f"{key}, round {number}: {answer.status_code}, kept {kept!r}")
    report(lost)
