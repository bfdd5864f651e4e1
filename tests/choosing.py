"""What of a test with many cases is in the suite, and what in the campaign."""

import re
from collections.abc import Hashable, Sequence

import pytest

DATABASES = ("sqlite", "postgresql")
MANY = 3


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of many cases tries each on one database, this and that in turn; the campaign does the rest.

    So every case is tried, and every statement of the test on both databases, but not every case on each.
    """
    found = [(item, on) for item in items if (on := _case_and_database(item))]
    waits = left_for_the_campaign([(item.nodeid.partition("[")[0], *on) for item, on in found])
    for (item, _), later in zip(found, waits, strict=True):
        if later:
            item.add_marker(pytest.mark.campaign)


def left_for_the_campaign(tried: Sequence[tuple[str, Hashable, str]]) -> list[bool]:
    """Of each test, case and database, in their order, whether it is left for the campaign."""
    cases: dict[str, dict[Hashable, int]] = {}
    for test, case, _ in tried:
        known = cases.setdefault(test, {})
        known.setdefault(case, len(known))
    return [
        len(cases[test]) >= MANY and database != DATABASES[cases[test][case] % len(DATABASES)]
        for test, case, database in tried
    ]


def _case_and_database(item: pytest.Item) -> tuple[Hashable, str] | None:
    """What a test is given besides its database, by name, and that; None where it has not one database."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return None
    if item.get_closest_marker("campaign"):
        return None
    databases = [value for value in item.callspec.params.values() if value in DATABASES]
    if len(databases) != 1:
        return None
    database = str(databases[0])
    return re.sub(rf"(^|-){database}(?=-|$)", "", item.callspec.id, count=1), database
