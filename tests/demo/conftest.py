"""One demo for every test that looks at it."""

from collections.abc import Iterator

import pytest

from tests.conftest import DATABASES, Template
from tests.exchange.everything import run


@pytest.fixture(scope="session", params=DATABASES)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that the command has loaded; every test leaves it as it is."""
    kind = str(request.param)
    template: Template = request.getfixturevalue(f"{'sqlite' if kind == 'sqlite' else 'postgres'}_template")
    url = template.copy("loaded")
    assert run(url, "demo").code == 0
    yield url
    template.drop("loaded")
