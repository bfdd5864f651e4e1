"""Rounds with schools that have signed, for the tests of learning summaries."""

from collections.abc import Sequence

from tests import making
from tests.making import World

GOOD, WEAK = "good", "requires_improvement"
ADDRESS = "/learning/1/school"


def schools(world: World, grades: Sequence[dict[str, str]]) -> int:
    """A round in which schools sign with these grades: the first has a head, the partnership two officers."""
    partnership = world.partnership()
    made = [world.organisation(f"School {number}") for number in range(len(grades))]
    cycle = world.cycle(partnership)
    for school, given in zip(made, grades, strict=True):
        world.signed(cycle, school, dict(given))
    world.person("Head", making.signatory(made[0]))
    world.person("Officer", making.officer(partnership))
    world.person("Colleague", making.officer(partnership))
    return cycle


def late(world: World, number: int, grade: str = GOOD) -> int:
    """One more school that signs."""
    made = world.organisation(f"Late School {number}")
    world.signed(1, made, {"bullying": grade})
    return made
