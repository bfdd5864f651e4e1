"""What of a test with many cases is in the suite, and what in the campaign."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence

import pytest

DATABASES = ("sqlite", "postgresql")
MANY = 3
# Where the subject is what the databases do: each test of few cases is tried on both.
ROOMS = ("analysis", "exchange", "faults", "installing", "trail")
ON_BOTH = ("tests/test_", *(f"tests/{room}/test_" for room in ROOMS))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there are many cases each is tried on one database, this and that in turn; the campaign does the
    rest.

    They are the cases of one test, or of all those of a file that have few: so every case is tried, and what
    a file is about on both databases, but not every case on each.
    """
    found = [(item, on) for item in items if (on := _case_and_database(item))]
    waits = left_for_the_campaign([(item.nodeid.partition("[")[0], *on) for item, on in found])
    for (item, _), later in zip(found, waits, strict=True):
        if later:
            item.add_marker(pytest.mark.campaign)


def left_for_the_campaign(tried: Sequence[tuple[str, Hashable, str]]) -> list[bool]:
    """Of each test, case and database, in their order, whether it is left for the campaign."""
    of_tests = _numbered((test, case) for test, case, _ in tried)
    placed = [
        (test, case) if len(of_tests[test]) >= MANY else (_place(test), (test, case))
        for test, case, _ in tried
    ]
    cases = _numbered(placed)
    return [
        len(cases[place]) >= MANY and database != DATABASES[cases[place][case] % len(DATABASES)]
        for (place, case), (*_, database) in zip(placed, tried, strict=True)
    ]


def _place(test: str) -> str:
    """What the cases of a test are counted with that has few of them: its file, or itself alone."""
    return test if test.startswith(ON_BOTH) else test.partition("::")[0]


def _numbered(tried: Iterable[tuple[str, Hashable]]) -> Mapping[str, Mapping[Hashable, int]]:
    """The different cases of each place, in their order, each with its number from 0."""
    cases: dict[str, dict[Hashable, int]] = {}
    for place, case in tried:
        known = cases.setdefault(place, {})
        known.setdefault(case, len(known))
    return cases


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
