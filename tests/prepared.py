"""Rows that many tests begin with: written by the application once, and then put into each test's database.

A return that is started, answered and signed step by step takes longer than most tests that look at it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import make_url, text

from tests.making import World
from tests.postgres import Emptying

Made = TypeVar("Made")
With = ParamSpec("With")

# Nobody is in a database that has no row in these, and nothing was done there.
FIRST = ("partnership", "organisation", "person", "trail_entry")
NOT_EMPTY = "what a test adds comes after what it begins with"


class Prepared:
    """What was built in this process, by the function that built it and the kind of database.

    A function answers with ids and other values that no test changes, and is given the same each time.
    """

    def __init__(self, folder: Path, empty: Path, emptying: Callable[[], Emptying]) -> None:
        self._folder = folder
        self._empty = empty.read_bytes()
        self._emptying = emptying
        self._built: dict[tuple[object, str], tuple[Any, Path | bytes]] = {}
        self._url = ""

    def to(self, url: str) -> "Prepared":
        """From now on for the test that has this database."""
        self._url = url
        return self

    def on(
        self,
        world: World,
        build: Callable[Concatenate[World, With], Made],
        *args: With.args,
        **kwargs: With.kwargs,
    ) -> Made:
        """Make of the world, in which nobody is yet, what `build` makes of it; what that answers."""
        key = (build, world.engine.dialect.name)
        if key not in self._built:
            with world.engine.connect() as connection:
                found = [name for name in FIRST if connection.execute(text(f"SELECT 1 FROM {name}")).first()]  # noqa: S608
            assert not found, NOT_EMPTY
            made = build(world, *args, **kwargs)
            world.engine.dispose()  # what is in SQLite's log goes into its file
            self._built[key] = made, self._taken()
            return made
        made, rows = self._built[key]
        if isinstance(rows, bytes):
            self._emptying().fill(self._url, rows)
        else:
            world.engine.dispose()
            assert _file(self._url).read_bytes() == self._empty, NOT_EMPTY
            shutil.copyfile(rows, _file(self._url))
        return made

    def _taken(self) -> Path | bytes:
        if self._url.startswith("postgresql"):
            return self._emptying().rows_of(self._url, FIRST, NOT_EMPTY)
        kept = self._folder / f"{len(self._built)}.db"
        shutil.copyfile(_file(self._url), kept)
        return kept


def _file(url: str) -> Path:
    return Path(str(make_url(url).database))
