"""Where the second factor is only offered, an officer without one is let in by the same rules."""

from dataclasses import replace

from sqlalchemy import Engine

from compact import create_app
from config import Settings
from tests import making
from tests.making import World
from tests.pages import Visitor


def test_an_officer_of_the_demo_reads_what_is_theirs_and_nothing_else(
    world: World, settings: Settings, engine: Engine
) -> None:
    here, elsewhere = world.partnership(), world.partnership("Northmoor", areas=("902",))
    return_id = world.started(world.cycle(here), world.organisation())
    for name, place in (("Here", here), ("Elsewhere", elsewhere)):
        world.person(name, making.officer(place), email=f"{name.lower()}@example.org")
    app = create_app(
        replace(settings, environment="demo"), editions={making.EDITION: making.edition()}, engine=engine
    )
    app.config["CLOCK"] = lambda: making.NOW

    def status(email: str) -> int:
        visitor = Visitor(app)
        visitor.sign_in(email, making.PASSWORD)
        return visitor.get(f"/returns/{return_id}").status

    assert [status("here@example.org"), status("elsewhere@example.org")] == [200, 404]
