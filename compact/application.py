"""The web application: every room's pages, and what each page has about it."""

from collections.abc import Iterator, Mapping

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, select
from whitenoise import WhiteNoise

import config
from config import Refused, Settings

from . import create_bare_app, db, home, migrating
from .access import guard
from .accounts import (
    account_views,
    administration_views,
    contacts_views,
    invitation_views,
    people_views,
)
from .accounts import views as accounts
from .analysis import all_returns_views, committee_views, sector_views, variance_views
from .analysis import views as analysis
from .cycles import editions as cycle_editions
from .desk import change_views, chase_views, round_views, time_views, writing_views
from .exchange import entering_views, person_views
from .inspections import views as inspections
from .notices import views as notices
from .organisations import import_views, settings_views
from .organisations import views as organisations
from .practice.carrying import carry
from .questionnaire.reading import read_editions
from .questionnaire.values import Edition
from .reports import (
    after_views,
    choosing_views,
    feedback_views,
    open_views,
    publishing_views,
    sharing_views,
    statement_views,
    takeaway_views,
)
from .reports import views as reports
from .returns import (
    assign_views,
    autosave_views,
    exception_views,
    extension_views,
    history_views,
    organisation_views,
    paper_views,
    plan_views,
    profile_views,
    reader_views,
    remarks,
    whole_plan_views,
)
from .returns import views as returns
from .review import part_views, reply_views, told, update_views
from .review import views as review
from .review.looking import look
from .sign_off import beside, copy_views, handing_views, ratified_views, reopen_views
from .sign_off import views as sign_off
from .web import cookies, errors, frame, headers, hosts, limits, logs, pages, proxies, strictness

# Further pages join the blueprint of their room by being imported.
__all__ = [
    "after_views",
    "all_returns_views",
    "assign_views",
    "autosave_views",
    "copy_views",
    "create",
    "exception_views",
    "feedback_views",
    "handing_views",
    "history_views",
    "open_views",
    "paper_views",
    "part_views",
    "plan_views",
    "profile_views",
    "publishing_views",
    "ratified_views",
    "reader_views",
    "reopen_views",
    "reply_views",
    "sharing_views",
    "statement_views",
    "takeaway_views",
    "update_views",
    "variance_views",
]


def create(
    settings: Settings | None = None,
    *,
    editions: Mapping[str, Edition] | None = None,
    engine: Engine | None = None,
) -> Flask:
    """The web application. Raises Refused, or Mistakes when a questionnaire has any."""
    settings = settings or config.from_environment()
    app = create_bare_app(settings, engine=engine)
    _arm(app, settings)
    with app.app_context():
        if refusals := [*strictness.refusals(app, settings), *_wrong_database(settings, db.engine())]:
            raise Refused("\n".join(refusals))
        read = editions if editions is not None else read_editions(settings.questionnaires)
        cycle_editions.init_app(
            app, cycle_editions.with_stored(db.session(), read, str(settings.questionnaires))
        )
    guard.init_app(app)
    _add_rooms(app)
    guard.refuse_routes_without_rule(app)
    _wrap(app, settings)
    return app


def _add_rooms(app: Flask) -> None:
    """Every room's pages; and what a lower room asks of an upper one, which it does not know."""
    app.register_blueprint(pages.blueprint)
    rooms = (
        accounts,
        account_views,
        invitation_views,
        people_views,
        contacts_views,
        administration_views,
        home,
        person_views,
        notices,
        returns,
        extension_views,
        organisations,
        import_views,
        organisation_views,
        whole_plan_views,
        sign_off,
        inspections,
        analysis,
        committee_views,
        sector_views,
        review,
        reports,
        choosing_views,
        round_views,
        change_views,
        chase_views,
        writing_views,
        time_views,
        settings_views,
        entering_views,
    )
    for room in rooms:
        room.init_app(app)
    beside.add(app, look)
    beside.add(app, carry)
    remarks.add(app, told.remarks)


def _arm(app: Flask, settings: Settings) -> None:
    """What every page has about it, whatever its room."""
    logs.init_app(app)  # first, so that it sees every answer last
    limits.init_app(app)
    cookies.init_app(app)
    hosts.init_app(app, settings)
    frame.init_app(app)
    CSRFProtect(app)
    headers.init_app(app)
    errors.init_app(app)


def _wrap(app: Flask, settings: Settings) -> None:
    """What stands before Flask: each is asked before those above it."""
    proxies.init_app(app, settings.proxies)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign] # Flask's own way to add middleware
        app.wsgi_app,
        root=frame.STATIC,
        prefix="static/",
        max_age=headers.YEAR_SECONDS,
        allow_all_origins=False,
        add_headers_function=headers.of_static(app),
    )
    errors.catch_the_rest(app)


def _wrong_database(settings: Settings, engine: Engine) -> Iterator[str]:
    """Why the application must not start on this database, each with its cure."""
    if not migrating.is_current(engine):
        yield "The database is not up to date. Run: compact db upgrade"
    elif db.session().scalar(select(db.Installation.is_demo)) and not settings.allows_demo:
        yield (
            "This database holds the demo, whose passwords everyone knows. "
            "Set DATABASE_URL to another one, or COMPACT_ENV=demo."
        )
