"""Full databases: filled once of each kind, and copied for every test that loses or rebuilds one."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.conftest import Template
from tests.exchange.everything import filled


@dataclass
class Full:
    """The addresses of full databases by their kind."""

    folder: Path
    template: Callable[[str], Template]
    filled: dict[str, str] = field(default_factory=dict)

    def copy(self, kind: str, name: str) -> str:
        """A copy under another name; `drop` takes it away again."""
        self.filled[kind] = filled(self.template(kind), self.folder)
        url = make_url(self.filled[kind])
        if kind == "sqlite":
            made = Path(str(url.database)).with_name(f"{name}.db")
            shutil.copyfile(str(url.database), made)
            return f"sqlite:///{made}"
        engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{url.database}"'))
        engine.dispose()
        return url.set(database=name).render_as_string(hide_password=False)

    def drop(self, kind: str, name: str) -> None:
        self.template(kind).drop(name)


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Full:
    """They go with the cluster and the folder that they lie in."""

    def template(kind: str) -> Template:
        made: Template = request.getfixturevalue(f"{'sqlite' if kind == 'sqlite' else 'postgres'}_template")
        return made

    return Full(tmp_path_factory.mktemp("full"), template)
