"""The demo served to a browser: a database of its own, the real application, a clock that stands still."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask, Response, template_rendered
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from compact import create_app, create_bare_app, db
from compact.access import scope
from compact.actions.models import Action
from compact.cycles.editions import init_app as use_editions
from compact.cycles.models import Cycle
from compact.demo.answering import answer_all
from compact.demo.loading import load
from compact.demo.people import PEOPLE
from compact.demo.places import HOST
from compact.organisations.models import Organisation
from compact.organisations.store import partnership_by_name, set_two_people_sign
from compact.questionnaire.values import Edition
from compact.reports.cli import report
from compact.returns.models import Return
from compact.returns.store import add_return
from config import ROOT, Settings
from tests.pages import Visitor

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
SPRING, AUTUMN = "Compact, spring 2026", "Compact, autumn 2026"
FOUR_AREAS = "Four-area round, autumn 2026"
# The one school that signed nothing in spring.
LATE_SCHOOL = "Hobbin Lane Primary School"
POLL_SECONDS = 0.02
# Where a page gets what looks it over, which a browser that has it keeps ready to run.
AXE = "/axe.js"
# Any seed at which the police is among the nine in ten that answer.
SEED = 1

Editions = Mapping[str, Edition]


@dataclass
class Site:
    """A served demo. `rendered` are the templates of its pages, the latest last."""

    app: Flask
    engine: Engine
    address: str
    rendered: list[str] = field(default_factory=list)
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, name: str) -> Visitor:
        """A person of the demo who acts without a browser, signed in once."""
        if name not in self.visitors:
            self.visitors[name] = Visitor(self.app)
            self.visitors[name].enter(email_of(name))
        return self.visitors[name]

    def cookie(self, name: str) -> str:
        """The session of somebody who has signed in."""
        cookie = self.visitor(name).client.get_cookie("session")
        assert cookie is not None
        return cookie.value

    def answer_first(self, name: str, standard: str, grade: str, evidence: str) -> None:
        """Somebody answers the first question of a standard's page, and saves, without a browser."""
        visitor = self.visitor(name)
        fields = visitor.get(standard).fields()
        key = next(name.removesuffix("-version") for name in fields if name.endswith("-version"))
        typed = {f"{key}-grade": grade, f"{key}-evidence": evidence, "then": "later"}
        assert not visitor.open(standard, "POST", data={**fields, **typed}).summary

    def cycle(self, name: str) -> int:
        with self.engine.connect() as connection:
            return connection.scalars(select(Cycle.id).where(Cycle.name == name)).one()

    def organisation(self, name: str) -> int:
        with self.engine.connect() as connection:
            return connection.scalars(select(Organisation.id).where(Organisation.name == name)).one()

    def return_of(self, organisation: str, cycle: str, number: int = 1) -> str:
        """The address of a number of a return."""
        place = (
            Return.organisation_id == self.organisation(organisation),
            Return.cycle_id == self.cycle(cycle),
            Return.number == number,
        )
        with self.engine.connect() as connection:
            return f"/returns/{connection.scalars(select(Return.id).where(*place)).one()}"

    def return_without_actions(self) -> str:
        """The address of a return of the finished round, of an organisation that has planned nothing."""
        planned = select(Action.organisation_id)
        found = select(Return.id).where(
            Return.cycle_id == self.cycle(SPRING), Return.organisation_id.not_in(planned)
        )
        with self.engine.connect() as connection:
            return f"/returns/{connection.scalars(found.order_by(Return.id)).first()}"


@contextmanager
def wanting_two_people(site: Site) -> Iterator[None]:
    """The host wants two people meanwhile."""
    for wanted in (True, False):
        with db.begin_writing(db.open_session(site.engine)) as session:
            host = partnership_by_name(session, HOST)
            assert host is not None
            set_two_people_sign(session, host.id, wanted=wanted)
            session.commit()
        if wanted:
            yield


def email_of(name: str) -> str:
    return next(person.email for person in PEOPLE if person.name == name)


def load_demo(url: str, editions: Editions) -> None:
    """Load the demo into an empty database, as `compact demo` does."""
    _write(url, editions, lambda session: load(session, NOW))


def load_more(url: str, editions: Editions) -> None:
    """Answer the open four-area round to the end, unsigned, and bring in a school's return from elsewhere."""

    def load_more(session: Session) -> None:
        rounds = {row.name: row.id for row in session.execute(select(Cycle.name, Cycle.id))}
        chance = random.Random(SEED)  # noqa: S311 - made-up grades, the same every time
        answer_all(session, rounds[FOUR_AREAS], chance, NOW)
        school = session.scalars(select(Organisation.id).where(Organisation.name == LATE_SCHOOL)).one()
        add_return(session, rounds[SPRING], school, number=1, now=NOW, imported=True)

    _write(url, editions, load_more)


def _write(url: str, editions: Editions, write: Callable[[Session], None]) -> None:
    engine = db.make_engine(url)
    app = create_bare_app(_settings(url), engine=engine)
    with app.app_context():
        scope.everything("as a command")
        use_editions(app, editions)
        session = db.writing()
        write(session)
        session.commit()
    engine.dispose()


@contextmanager
def served(url: str, editions: Editions) -> Iterator[Site]:
    """The application in a thread of this process."""
    engine = db.make_engine(url)
    app = create_app(_settings(url), editions=editions, engine=engine)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()  # a site a test: they compile once for all
    app.config["CLOCK"] = lambda: NOW
    server = make_server("127.0.0.1", 0, _at_once(app), threaded=True, request_handler=_Quiet)
    site = Site(app, engine, f"http://127.0.0.1:{server.port}")

    def note(_app: Flask, template: Any, **_context: Any) -> None:
        if not Path(template.name).name.startswith("_"):  # a part for a page that is open already
            site.rendered.append(template.name)

    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        with template_rendered.connected_to(note):
            yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        engine.dispose()


@contextmanager
def failing(site: Site, error: Exception, endpoint: str = "notices.privacy") -> Iterator[None]:
    """Let a page fail in a way that no visitor can bring about."""

    def fail(**_address: object) -> NoReturn:
        raise error

    views = site.app.view_functions
    view, views[endpoint] = views[endpoint], fail
    try:
        yield
    finally:
        views[endpoint] = view


def report_page(site: Site, file: Path) -> str:
    """The learning summary of the schools as `compact report` writes it."""
    settings = site.app.extensions["compact.settings"]
    app = create_bare_app(settings, engine=site.engine)
    arguments = [SPRING, "school", "--format", "html", "--out", str(file)]
    with app.app_context():
        scope.everything("as a command")
        use_editions(app, site.app.extensions["compact.editions"])
        report.main(arguments, standalone_mode=False)
    return file.read_text(encoding="utf-8")


def _settings(url: str) -> Settings:
    return Settings(
        environment="demo",
        database_url=url,
        secret_key="made up for the tests in the browser",
        base_url="http://127.0.0.1",
        questionnaires=ROOT / "questionnaires",
        proxies=0,
        port=8000,
    )


_AXE = Response(AXE_SCRIPT, mimetype="text/javascript", headers={"Cache-Control": "max-age=86400"})


def _at_once(app: "WSGIApplication") -> "WSGIApplication":
    """Answer with a whole body: werkzeug's server leaves a file open when a browser drops its connection."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        asked = _AXE if environ["PATH_INFO"] == AXE else app
        with closing(ClosingIterator(asked(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug names it so
        """Say nothing: a test says what failed."""
