"""Filling an empty database with the demo: places, people, finished rounds, open ones, what was learnt."""

import random
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.accounts import store as accounts
from compact.accounts.passwords import hashed
from compact.db import Installation
from compact.organisations import store as organisations
from compact.organisations.models import Organisation, OrganisationArea, Trust

from .finishing import finish_rounds
from .learning import learn
from .people import OFFICER, PASSWORD, PEOPLE, DemoPerson
from .places import PARTNERSHIPS, PLACES, TRUST, Made, Places
from .running import run_rounds

SEED = 2026
ONE_AREA = ("school", "early_years", "statutory", "voluntary")
BASE_URL = "http://127.0.0.1:8000"


def load(session: Session, now: datetime, base_url: str = BASE_URL) -> None:
    """Load the demo. The database is marked, so that production refuses to start on it.

    `base_url` is what the links in its mails begin with.
    """
    session.execute(update(Installation).values(is_demo=True))
    made = _with_people(session, _places(session), now)
    chance = random.Random(SEED)  # noqa: S311 - made-up grades, the same every time
    finish_rounds(session, made, ONE_AREA, chance, now, base_url)
    run_rounds(session, made, ONE_AREA, chance, now, base_url)
    learn(session, made)


def _places(session: Session) -> Places:
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
    return Places(partnerships, ids, trust.id)


def _with_people(session: Session, made: Places, now: datetime) -> Made:
    """Make the people: of each role, and somebody who signs for each organisation."""
    password_hash = hashed(PASSWORD)
    ids: dict[str, int] = {}
    signatories: dict[int, int] = {}
    for person in PEOPLE:
        ids[person.name] = accounts.add_person(session, person.email, person.name, password_hash, now)
        grant = _grant(person, made)
        accounts.add_membership(session, ids[person.name], grant)
        if grant.role is Role.SIGNATORY and grant.organisation_id:
            signatories[grant.organisation_id] = ids[person.name]
    for name, organisation in made.organisations.items():
        if organisation not in signatories:
            # Nobody signs in as these: they have no password. Their rounds want a signatory all the same.
            person_id = accounts.add_person(
                session, f"lead.{organisation}@demo.example", f"Lead of {name}", None, now
            )
            grant = Grant(Role.SIGNATORY, organisation_id=organisation, job_title="Lead")
            accounts.add_membership(session, person_id, grant)
            signatories[organisation] = person_id
    return Made(made.partnerships, made.organisations, made.trust, signatories, ids[OFFICER])


def _grant(person: DemoPerson, made: Places) -> Grant:
    if person.role is Role.ADMINISTRATOR:
        return Grant(person.role)
    if person.role is Role.TRUST_LEAD:
        return Grant(person.role, trust_id=made.trust, job_title=person.job_title)
    if person.in_partnership:
        place = made.partnerships[person.place]
        return Grant(person.role, partnership_id=place, job_title=person.job_title)
    return Grant(person.role, organisation_id=made.organisations[person.place], job_title=person.job_title)
