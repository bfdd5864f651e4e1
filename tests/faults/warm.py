"""What every application works out at its first page, worked out once by the process that begins the others.

To take this in is to do it; only that process takes it in (see `at_once`).
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from compact import db, migrating
from tests import making
from tests.faults import at_once
from tests.making import World

with TemporaryDirectory() as folder:
    database = f"sqlite:///{Path(folder) / 'warm.db'}"
    engine = db.make_engine(database)
    migrating.upgrade(engine)
    world = World(engine)
    school = world.organisation()
    visitor = at_once.visitor(database, world.person("Somebody", making.contributor(school)))
    visitor.get("/")
    visitor.client.application.extensions["compact.engine"].dispose()
    engine.dispose()
