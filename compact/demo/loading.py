"""Filling an empty database with the demo: places, people, one finished round of each kind, one open."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.accounts import store as accounts
from compact.accounts.passwords import hashed
from compact.cycles import editions
from compact.cycles import store as cycles
from compact.cycles.extensions import extend
from compact.cycles.rules import MoreTime
from compact.db import Installation
from compact.organisations import store as organisations
from compact.organisations.models import Organisation, OrganisationArea, Trust
from compact.returns.store import start
from compact.web.clock import LOCAL

from .answering import answer_all, answer_some, except_for, sign_all
from .going_on import go_on_with_plans
from .inspecting import inspect
from .people import PASSWORD, PEOPLE, DemoPerson
from .places import PARTNERSHIPS, PLACES, TRUST

EDITION = "2026"
SEED = 2026
NOT_THERE = "We have no office in this area, and answer its calls from the one next to it."
WEAK_THERE = "The team here is half the size and has had no training of its own since May."
ONE_AREA = ("school", "early_years", "statutory", "voluntary")


@dataclass(frozen=True)
class Made:
    """The ids of what was made, by name."""

    partnerships: Mapping[str, int]
    organisations: Mapping[str, int]
    trust: int


def load(session: Session, now: datetime) -> None:
    """Load the demo. The database is marked, so that production refuses to start on it."""
    session.execute(update(Installation).values(is_demo=True))
    made = _places(session)
    signatories = _people(session, made, now)
    chance = random.Random(SEED)  # noqa: S311 - made-up grades, the same every time
    today = now.astimezone(LOCAL).date()
    finished = (
        ("Compact, spring 2026", (PARTNERSHIPS[0][0],), ONE_AREA),
        ("Four-area round, spring 2026", tuple(name for name, _ in PARTNERSHIPS), ("hips",)),
    )
    for name, partnerships, settings in finished:
        closes = today - timedelta(days=120)
        cycle = _open(session, made, name, partnerships, settings, (closes - timedelta(days=90), closes), now)
        during = datetime.combine(closes - timedelta(days=10), time(14, 5), LOCAL)
        returns = answer_all(session, cycle, chance, during)
        if settings == ("hips",):
            there = made.partnerships[PARTNERSHIPS[3][0]]
            except_for(session, returns[0], there, None, NOT_THERE, during)
        sign_all(session, returns, signatories, during + timedelta(days=3))
        go_on_with_plans(session, returns, signatories, during + timedelta(days=4))
    inspect(session, made.organisations, today - timedelta(days=40))
    days = (today - timedelta(days=30), today + timedelta(days=60))
    cycle = _open(session, made, "Compact, autumn 2026", (PARTNERSHIPS[0][0],), ONE_AREA, days, now)
    some = [made.organisations[name] for name in ("Larkfield Primary School", "Acorn Nook Nursery")]
    answer_some(session, cycle, some, chance, now - timedelta(days=2))
    _give_time(session, cycle, some[1], days[1], now)
    cycle = _open(
        session,
        made,
        "Four-area round, autumn 2026",
        tuple(name for name, _ in PARTNERSHIPS),
        ("hips",),
        days,
        now,
    )
    police = made.organisations["Vale and Coast Police"]
    answer_some(session, cycle, [police], chance, now - timedelta(days=1))
    there = made.partnerships[PARTNERSHIPS[1][0]]
    except_for(session, start(session, cycle, police, now), there, "requires_improvement", WEAK_THERE, now)


def _give_time(session: Session, cycle: int, organisation: int, closes: date, now: datetime) -> None:
    officer = next(each for each in PEOPLE if each.role is Role.OFFICER)
    person = accounts.person_by_email(session, officer.email)
    assert person is not None  # noqa: S101 - it was made a moment ago
    given = MoreTime(closes + timedelta(days=21), "The manager is new. Agreed by telephone.")
    extend(session, cycle, organisation, given, shown_version=0, by=person.id, at=now)


def _places(session: Session) -> Made:
    partnerships = {
        name: organisations.add_partnership(
            session,
            name,
            [area],
            contact_name="the Compact desk",
            contact_email=f"compact@{name.split()[0].lower()}.example",
            contact_phone="01632 960001",
        )
        for name, area in PARTNERSHIPS
    }
    trust = Trust(name=TRUST)
    session.add(trust)
    session.flush()
    ids: dict[str, int] = {}
    for number, place in enumerate(PLACES, start=1):
        owner, _ = PARTNERSHIPS[place.areas[0]]
        row = Organisation(
            register="local",
            owner_id=partnerships[owner],
            identifier=str(number),
            name=place.name,
            setting=place.setting,
            phase=place.phase,
            trust_id=trust.id if place.in_trust else None,
            status="open",
        )
        session.add(row)
        session.flush()
        ids[place.name] = row.id
        session.add_all(
            OrganisationArea(organisation_id=row.id, area=PARTNERSHIPS[a][1]) for a in place.areas
        )
    session.flush()
    return Made(partnerships, ids, trust.id)


def _people(session: Session, made: Made, now: datetime) -> dict[int, int]:
    """Make the people; who signs for each organisation, by their ids."""
    password_hash = hashed(PASSWORD)
    signatories: dict[int, int] = {}
    for person in PEOPLE:
        person_id = accounts.add_person(session, person.email, person.name, password_hash, now)
        grant = _grant(person, made)
        accounts.add_membership(session, person_id, grant)
        if grant.role is Role.SIGNATORY and grant.organisation_id:
            signatories[grant.organisation_id] = person_id
    for name, organisation in made.organisations.items():
        if organisation not in signatories:
            # Nobody signs in as these: they have no password. Their rounds want a signatory all the same.
            person_id = accounts.add_person(
                session, f"lead.{organisation}@demo.example", f"Lead of {name}", None, now
            )
            grant = Grant(Role.SIGNATORY, organisation_id=organisation, job_title="Lead")
            accounts.add_membership(session, person_id, grant)
            signatories[organisation] = person_id
    return signatories


def _grant(person: DemoPerson, made: Made) -> Grant:
    if person.role is Role.ADMINISTRATOR:
        return Grant(person.role)
    if person.role is Role.TRUST_LEAD:
        return Grant(person.role, trust_id=made.trust, job_title=person.job_title)
    if person.in_partnership:
        place = made.partnerships[person.place]
        return Grant(person.role, partnership_id=place, job_title=person.job_title)
    return Grant(person.role, organisation_id=made.organisations[person.place], job_title=person.job_title)


def _open(
    session: Session,
    made: Made,
    name: str,
    partnerships: tuple[str, ...],
    settings: tuple[str, ...],
    days: tuple[date, date],
    now: datetime,
) -> int:
    edition = editions.edition(EDITION)
    editions.store_texts(session, edition)
    asked = [setting for setting in settings if setting in edition.settings]
    ids = [made.partnerships[each] for each in partnerships]
    return cycles.open_cycle(session, cycles.NewCycle(name, EDITION, *days, 9, ids, asked), now)
