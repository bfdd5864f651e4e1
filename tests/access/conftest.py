"""One small world for the whole matrix: a school with its neighbours, and everybody who might ask."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from compact import create_app, db
from compact.access.values import Grant, Role
from compact.accounts import invitations
from compact.accounts import store as accounts
from compact.accounts.invitations import NewInvitation
from compact.accounts.models import Person
from compact.accounts.rules import PlaceKind
from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from compact.organisations import uploads
from compact.practice.models import Practice
from compact.returns.models import ProfileFact
from compact.returns.rules import Answer
from compact.sign_off.models import SignOff
from config import Settings
from tests import making
from tests.conftest import DATABASES, SECRET, Template
from tests.making import World
from tests.pages import Page, Visitor, inspect
from tests.publishing import publish

from .matrix import VISITORS, Case

NO_SUCH_ID = 999_999


@dataclass
class Place:
    """The application on its world, the ids of things by name, and visitors who are signed in already."""

    app: Flask
    world: World
    ids: Mapping[str, int]
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    inspected: set[str] = field(default_factory=set)

    def ask(self, visitor: str, case: Case, *, ids: Mapping[str, int] | None = None) -> TestResponse:
        """The answer to a case's request, with the ids of the world or with others."""
        address = case.address.format_map(ids or self.ids)
        data = {"csrf_token": self.tokens[visitor], **case.data} if case.method == "POST" else None
        response = self.clients[visitor].open(address, method=case.method, data=data, buffered=True)
        if response.mimetype == "text/html" and not response.location:
            self._inspect(address, response)
        return response

    def _inspect(self, address: str, response: TestResponse) -> None:
        """Inspect a page, but not one that says word for word what it said to somebody else already."""
        body = re.sub(r'<span class="compact-header__name">.*', "", shown(response)[1])
        if body not in self.inspected:
            inspect(Page(address, response))
            self.inspected.add(body)

    @property
    def nowhere(self) -> Mapping[str, int]:
        """The same names with ids that nothing has."""
        return dict.fromkeys(self.ids, NO_SUCH_ID)


def shown(response: TestResponse) -> tuple[int, str]:
    """What an answer tells: its status and its body, but for what differs from one answer to the next."""
    body = response.get_data(as_text=True)
    body = re.sub(r'nonce="[^"]*"', "", body)
    body = re.sub(r'(name="csrf_token" value|data-token)="[^"]*"', "", body)
    return response.status_code, body


@pytest.fixture(scope="session", params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    kind = str(request.param)
    template: Template = request.getfixturevalue(f"{'sqlite' if kind == 'sqlite' else 'postgres'}_template")
    url = template.copy("place")
    engine = db.make_engine(url)
    settings = Settings(
        "test", url, SECRET, "http://localhost", tmp_path_factory.mktemp("q") / "none", 0, 8000
    )
    world = World(engine)
    ids, emails = _furnish(world)
    app = create_app(settings, editions={making.EDITION: making.edition()}, engine=engine)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()
    app.config["CLOCK"] = lambda: making.NOW
    app.testing = True
    made = Place(app, world, ids)
    _open_the_door(made, emails)
    yield made
    engine.dispose()
    template.drop("place")


def _furnish(world: World) -> tuple[dict[str, int], dict[str, str]]:
    """Things by name, and the visitors' e-mail addresses."""
    here, elsewhere = world.partnership("Wexcombe"), world.partnership("Northmoor", areas=("902",))
    trust, other_trust = world.trust("Larkfield Trust"), world.trust("Far Trust")
    third = world.partnership("Saltholm", areas=("903",))
    school = world.organisation("Larkfield School", areas=("901", "903"), trust=trust)
    sibling = world.organisation("Oakfield School", trust=trust)
    far = world.organisation("Far School", areas=("902",), trust=other_trust)
    cycle = world.cycle(here)
    next_cycle = world.cycle(here, name="Compact 2027", opens=date(2027, 9, 1), closes=date(2027, 12, 17))
    draft = world.started(world.cycle(here, name="Draft"), school)
    complete = world.started(world.cycle(here, name="Complete"), school)
    shared = world.started(world.cycle(here, third, name="Shared"), school)
    signed = world.signed(cycle, school, dict.fromkeys(making.ASKED_SCHOOL_KEYS, "good"))
    world.profile(draft, commissions_services=False)
    world.profile(complete, commissions_services=False)
    world.insert(ProfileFact, [{"return_id": signed, "fact": "commissions-services", "answer": False}])
    world.answer(draft, {"bullying": Answer("inadequate", evidence="Our records")})
    world.answer(complete, dict.fromkeys(making.ASKED_SCHOOL_KEYS, Answer("good")))
    grants = _grants(here, elsewhere, trust, other_trust, school, sibling, far)
    people = {name: world.person(name, *given) for name, given in grants.items()}
    _sign_off(world, signed)
    agreed = {"text": "We ask.", "version": 1, "agreed_at": making.NOW, "agreed_by": 1}
    world.insert(Practice, [{"return_id": signed, "key": "bullying", **agreed}])
    ids = {
        "cycle": cycle,
        "next_cycle": next_cycle,
        "draft": draft,
        "complete": complete,
        "shared": shared,
        "signed": signed,
        "school": school,
        "here": here,
        "trust": trust,
        **_people_of(world, school),
        "action": _action(world, school, draft),
        "older_action": _action(world, school, signed),
        "upload": _upload(world, people["an officer of the area"]),
    }
    return ids, people


def _sign_off(world: World, return_id: int) -> None:
    """Evidence that somebody signed; what it holds does not matter here."""
    words = dict.fromkeys(
        (
            "person_name",
            "job_title",
            "role",
            "organisation_name",
            "statement_version",
            "statement",
            "content",
        ),
        "-",
    )
    hashes = {"content_hash": "a" * 64, "previous_hash": "0" * 64}
    row = {"return_id": return_id, "receipt": "SC-000001", "person_id": 1, "signed_at": making.NOW}
    world.insert(SignOff, [{**row, **words, **hashes}])


def _grants(
    here: int, elsewhere: int, trust: int, other_trust: int, school: int, sibling: int, far: int
) -> dict[str, tuple[Grant, ...]]:
    """The roles of each visitor who has an account."""

    contributes = Grant(Role.CONTRIBUTOR, organisation_id=school)
    signs = Grant(Role.SIGNATORY, organisation_id=school)
    reads = Grant(Role.READER, organisation_id=school)
    signs_for_sibling = Grant(Role.SIGNATORY, organisation_id=sibling)
    officer_elsewhere = Grant(Role.OFFICER, partnership_id=elsewhere)
    return {
        "a disabled person": (signs,),
        "a contributor of the school": (contributes,),
        "a signatory of the school": (signs,),
        "a reader of the school": (reads,),
        "a contributor of a sibling": (Grant(Role.CONTRIBUTOR, organisation_id=sibling),),
        "a signatory of a sibling": (signs_for_sibling,),
        "a reader of a sibling": (Grant(Role.READER, organisation_id=sibling),),
        "a signatory of a school elsewhere": (Grant(Role.SIGNATORY, organisation_id=far),),
        "a lead of the school's trust": (Grant(Role.TRUST_LEAD, trust_id=trust),),
        "a lead of another trust": (Grant(Role.TRUST_LEAD, trust_id=other_trust),),
        "an officer of the area": (Grant(Role.OFFICER, partnership_id=here),),
        "a reader of the area": (Grant(Role.READER, partnership_id=here),),
        "an officer of another area": (officer_elsewhere,),
        "a reader of another area": (Grant(Role.READER, partnership_id=elsewhere),),
        "an administrator": (Grant(Role.ADMINISTRATOR),),
        "somebody without a role": (),
        "a reader of the school who signs for a sibling": (reads, signs_for_sibling),
        "a contributor of the school who is an officer elsewhere": (contributes, officer_elsewhere),
    }


def _people_of(world: World, school: int) -> dict[str, int]:
    """Two who have a role in the school, one who is invited there, and one who has none anywhere."""
    with world.session() as session:
        nobody = accounts.add_person(session, "nobody@example.org", "Nobody", None, making.NOW)
        stays = accounts.add_membership(session, nobody, Grant(Role.READER, organisation_id=school))
        new = NewInvitation("next@example.org", "Next", Grant(Role.READER, organisation_id=school))
        invited = invitations.invite(session, new, by=None, base_url="http://localhost", now=making.NOW)
        only = next(
            each.id
            for each in accounts.members_of(session, PlaceKind.ORGANISATION, school)
            if each.name == "a signatory of the school"
        )
        session.commit()
    return {"nobody": nobody, "member": stays, "only": only, "invitation": invited}


def _action(world: World, organisation: int, raised_in: int) -> int:
    """An action for the weak indicator, raised in this return; its id."""
    planned = PlannedAction("Ask the pupils", "Deputy head", date(2027, 3, 31), "not_started")
    with world.session() as session:
        actions.add_action(
            session,
            organisation_id=organisation,
            return_id=raised_in,
            key="bullying",
            planned=planned,
            by=None,
            at=making.NOW,
        )
        session.commit()
        return next(
            each.id for each in actions.actions_of(session, organisation) if each.raised_in == raised_in
        )


def _upload(world: World, email: str) -> int:
    """A list of organisations that this person looks at before it is imported."""
    with world.session() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
        content = b"identifier,name,setting,areas\n17,Larkfield Club,school,901\n"
        made = uploads.keep(
            session,
            person_id=person_id,
            register="local",
            name="clubs.csv",
            only="",
            content=content,
            at=making.NOW,
        )
        session.commit()
    return made


def _open_the_door(place: Place, emails: Mapping[str, str]) -> None:
    """Sign everybody in, publish the school's summary, then disable the one who is to be disabled."""
    for name in VISITORS:
        visitor = Visitor(place.app)
        if name in emails:
            visitor.enter(emails[name])
            visitor.post("/acting-for", {"organisation": place.ids["school"]}, follow=False)
        place.clients[name], place.tokens[name] = visitor.client, visitor.token()
    assert publish(Visitor.of(place.clients["an officer of the area"]), place.ids["cycle"]).status == 200
    with place.world.session() as session:
        gone = Person.email == emails["a disabled person"]
        session.execute(update(Person).where(gone).values(disabled_at=making.NOW))
        session.commit()
