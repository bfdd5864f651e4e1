"""A school that has signed a return in which it does something well."""

import pytest

from tests.reports.sharing import sign
from tests.school import School


@pytest.fixture
def signed(school: School) -> School:
    """Two answers may be shared: one is good, one outstanding; a third with evidence is weak."""
    return sign(school)
