"""A school that has signed a return in which it does something well."""

from collections.abc import Callable

import pytest

from tests.conftest import school_begun
from tests.making import World
from tests.pages import Visitor
from tests.prepared import Prepared
from tests.reports.sharing import sign
from tests.school import School


@pytest.fixture
def signed(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> School:
    """Two answers may be shared: one is good, one outstanding; a third with evidence is weak."""
    return School(world, *prepared.on(world, _signed, visit), visit)


def _signed(world: World, visit: Callable[[str], Visitor]) -> tuple[int, int, int]:
    begun = school_begun(world)
    sign(School(world, *begun, visit))
    return begun
