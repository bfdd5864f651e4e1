"""Rounds as they are read: with their partnerships and setting types, the newest first."""

from datetime import date

from compact.cycles.store import cycle_by_id, cycles_of_partnerships
from tests.making import World


def test_a_round_of_several_partnerships_names_its_host_first_and_each_once(world: World) -> None:
    first, second, third = (
        world.partnership(name, areas=(area,)) for name, area in (("A", "901"), ("B", "902"), ("C", "903"))
    )
    made = world.cycle(second, third, first, settings=("school", "hips"))

    with world.session() as session:
        found = cycle_by_id(session, made)

    assert found is not None
    assert (found.partnerships, found.settings) == ((second, first, third), ("hips", "school"))


def test_the_newest_round_comes_first_and_those_of_others_do_not(world: World) -> None:
    own, other = world.partnership(), world.partnership("Another", areas=("902",))
    later = world.cycle(other, own)
    earlier = world.cycle(own, name="Compact 2025", opens=date(2025, 9, 1), closes=date(2025, 12, 1))
    world.cycle(other, name="Theirs")

    with world.session() as session:
        assert [each.id for each in cycles_of_partnerships(session, [own])] == [later, earlier]
