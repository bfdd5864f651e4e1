"""What a test of many cases leaves for the campaign, and what tests begin with."""

from collections import Counter

import psycopg
import pytest
from sqlalchemy import func, select

from compact.access.values import Grant
from compact.accounts.models import Membership, Person
from compact.organisations.models import Organisation
from tests import making
from tests.choosing import DATABASES, MANY, left_for_the_campaign
from tests.making import World
from tests.prepared import NOT_EMPTY, Prepared


def test_each_of_many_cases_is_tried_on_one_database_and_both_are_tried() -> None:
    tried = [("test", case, database) for case in range(MANY) for database in DATABASES]

    waits = left_for_the_campaign(tried)

    now = [each for each, later in zip(tried, waits, strict=True) if not later]
    assert [case for _, case, _ in now] == list(range(MANY))
    assert Counter(database for *_, database in now) == dict(zip(DATABASES, (2, 1), strict=True))


def test_few_cases_are_tried_on_both() -> None:
    few = [("few", case, database) for case in range(MANY - 1) for database in DATABASES]
    many = [("many", case, DATABASES[case % 2]) for case in range(MANY)]

    assert not any(left_for_the_campaign([*few, *many]))


def _larkfield(world: World) -> tuple[int, Grant]:
    partnership, school = world.partnership(), world.organisation()
    grant = making.signatory(school)
    world.person("Robin Head", grant)
    return partnership, grant


@pytest.mark.parametrize("_time", ["first", "again"])
def test_what_a_test_begins_with_is_the_same_each_time(world: World, prepared: Prepared, _time: str) -> None:
    partnership, grant = prepared.on(world, _larkfield)

    assert world.partnership("Northmoor", areas=("902",)) == partnership + 1
    assert world.organisation("Oakfield School") == (grant.organisation_id or 0) + 1
    with world.session() as session:
        found = select(Person.name, Organisation.name, Membership.role).where(
            Membership.person_id == Person.id, Membership.organisation_id == Organisation.id
        )
        assert session.execute(found).all() == [("Robin Head", "Larkfield School", "signatory")]
        assert session.scalar(select(func.count()).select_from(Organisation)) == 2


def test_what_a_test_added_before_is_not_lost_in_silence(world: World, prepared: Prepared) -> None:
    prepared.on(world, _larkfield)

    with pytest.raises((AssertionError, psycopg.errors.AssertFailure), match=NOT_EMPTY):
        prepared.on(world, _larkfield)


@pytest.mark.xdist_group("together")
def test_the_scheduler_knows_which_tests_stay_together(request: pytest.FixtureRequest) -> None:
    is_shared_out = bool(request.config.getoption("loadgroup", default=False))

    assert request.node.nodeid.endswith("@together") == is_shared_out
