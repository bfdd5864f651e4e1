"""What of a test with many cases is in the suite, and what in the campaign."""

from collections import defaultdict
from collections.abc import Hashable

import pytest

DATABASES = ("sqlite", "postgresql")
MANY = 4


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of many cases tries each on one database, this and that in turn; the campaign does the rest.

    So every case and every statement of it is tried on both databases, but not every one on each.
    """
    cases: dict[Hashable, dict[Hashable, int]] = defaultdict(dict)
    found = []
    for item in items:
        if (on := _database_and_case(item)) is not None:
            database, case = on
            test = item.nodeid.partition("[")[0]
            cases[test].setdefault(case, len(cases[test]))
            found.append((item, test, case, database))
    for item, test, case, database in found:
        if len(cases[test]) >= MANY and database != DATABASES[cases[test][case] % len(DATABASES)]:
            item.add_marker(pytest.mark.campaign)


def _database_and_case(item: pytest.Item) -> tuple[str, Hashable] | None:
    """The database that a test runs on and what else it is given; None for one that has not one database."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return None
    if item.get_closest_marker("campaign"):
        return None
    names = [name for name, value in item.callspec.params.items() if value in DATABASES]
    if len(names) != 1:
        return None
    others = tuple((name, index) for name, index in sorted(item.callspec.indices.items()) if name != names[0])
    return str(item.callspec.params[names[0]]), others
