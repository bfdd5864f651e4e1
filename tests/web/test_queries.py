"""Every main page asks its database a bounded number of questions, however much there is."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, event

from compact.cycles.models import Due
from compact.returns.rules import Answer
from tests import making
from tests.making import World
from tests.pages import Visitor
from tests.publishing import publish
from tests.school import School

# The page, who looks, and the most questions it may ask: one is the sign-in's, one or two are the guard's.
# A refusal is written down.
MOST: Mapping[str, tuple[str, str, int]] = {
    "home of a school": ("head", "/", 7),
    "home of an officer": ("officer", "/", 8),
    "task list": ("head", "/returns/{return_id}", 6),
    "task list of a full return": ("head", "/returns/{complete}", 4),
    "task list of a signed return": ("head", "/returns/{signed}", 5),
    "reopening": ("officer", "/returns/{signed}/reopen", 4),
    "profile": ("head", "/returns/{return_id}/profile", 2),
    "standard": ("head", "/returns/{return_id}/standards/4", 4),
    "actions": ("head", "/returns/{return_id}/actions", 4),
    "an action": ("head", "/returns/{return_id}/actions/new/bullying", 4),
    "the whole plan": ("head", "/organisations/{organisation}/actions", 6),
    "the whole plan as a spreadsheet": ("head", "/organisations/{organisation}/actions.xlsx", 7),
    "check": ("head", "/returns/{return_id}/check", 9),
    "sign-off": ("head", "/returns/{complete}/sign-off", 5),
    "receipt": ("head", "/returns/{signed}/receipt", 6),
    "findings of a round": ("officer", "/analysis/{cycle}", 6),
    "findings of a sector": ("officer", "/analysis/{cycle}/school", 8),
    "every indicator of a sector": ("officer", "/analysis/{cycle}/school/indicators", 8),
    "every indicator over the rounds": ("officer", "/analysis/{cycle}/school/rounds", 7),
    "returns of a sector": ("officer", "/analysis/{cycle}/school/returns", 7),
    "rounds": ("officer", "/cycles", 7),
    "a round": ("officer", "/cycles/{cycle}", 9),
    "the check before launch": ("officer", "/cycles/{cycle}/check", 8),
    "the chase desk": ("officer", "/cycles/{cycle}/chase", 10),
    "an organisation in a round": ("officer", "/cycles/{cycle}/organisations/{organisation}", 10),
    "writing to a stage": ("officer", "/cycles/{cycle}/write?show=opened", 9),
    "mails and calls": ("officer", "/cycles/{cycle}/log", 5),
    "more time and excuses": ("officer", "/cycles/{cycle}/arrangements", 8),
    "more time for several": ("officer", "/cycles/{cycle}/more-time", 7),
    "returns to read": ("officer", "/review", 8),
    "a return that is read": ("officer", "/review/{signed}", 11),
    "the reply": ("officer", "/review/{signed}/reply", 6),
    "six-month updates": ("officer", "/cycles/{cycle}/updates", 5),
    "organisations": ("officer", "/organisations?q=school", 6),
    "inspections beside returns": ("officer", "/analysis/{cycle}/variance", 7),
    "the committee’s page": ("officer", "/committee/{cycle}", 9),
    # What these make is made of the round before as well, and of inspections.
    "publishing": ("officer", "/learning/{cycle}/school/publish", 21),
    "a text of a summary": ("officer", "/learning/{cycle}/school/write/foreword", 6),
    "preview of a summary": ("officer", "/learning/{cycle}/school/preview", 20),
    "the check before publishing": ("officer", "/learning/{cycle}/school/publish/check", 25),
    "withdrawing a summary": ("officer", "/learning/{cycle}/school/withdraw", 6),
    "numbers of a summary": ("head", "/learning/{cycle}/school/numbers", 5),
    "a number of a summary": ("head", "/learning/{cycle}/school/1", 6),
    "all that was learnt": ("head", "/learning", 4),
    "annual statement": ("officer", "/analysis/{cycle}/statement", 8),
    "summary": ("head", "/learning/{cycle}/school", 6),
    "summary as CSV": ("head", "/learning/{cycle}/school.csv", 5),
    "sharing what works": ("head", "/returns/{signed}/practice", 8),
    "what is offered": ("officer", "/learning/{cycle}/school/practice", 8),
    "what is offered for a question": ("officer", "/learning/{cycle}/school/practice/bullying", 7),
    "questions": ("head", "/returns/{return_id}/questions", 2),
    "evidence to gather": ("head", "/returns/{return_id}/evidence", 2),
    "copy as PDF": ("head", "/returns/{signed}.pdf", 7),
    "copy as spreadsheet": ("head", "/returns/{signed}.xlsx", 7),
    "feedback": ("head", "/returns/{return_id}/feedback", 11),
    "paper for governors": ("head", "/returns/{return_id}/governors.pdf", 10),
    "a page of somebody else's": ("head", "/returns/{theirs}", 3),
    "accessibility statement": ("head", "/accessibility", 2),
    "privacy notice": ("head", "/privacy", 2),
}


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The questions that are asked meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):  # SQLite is told so by a statement, PostgreSQL is not
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Place:
    """A school with a return of every kind, in a round that can grow."""

    school: School
    ids: Mapping[str, int]
    visitors: Mapping[str, Visitor]

    def counts(self, names: Iterable[str] = MOST) -> dict[str, int]:
        """How many questions each page asks now; what it counts once and remembers, it has counted."""
        found = {}
        for name in names:
            visitor, address, _ = MOST[name]
            if visitor == "officer":
                self.visitors[visitor].client.get(address.format_map(self.ids))
            with counted(self.school.world.engine) as statements:
                response = self.visitors[visitor].client.get(address.format_map(self.ids))
            assert response.status_code == (404 if "theirs" in address else 200), name
            found[name] = len(statements)
        return found

    def grow(self) -> None:
        """Thirty more schools that have signed, all answers, many actions, people and publications."""
        world, school = self.school.world, self.school
        for number in range(30):
            joined = _joined(world, school.cycle, f"School {number}")
            world.signed(school.cycle, joined, dict.fromkeys(making.ASKED_SCHOOL_KEYS, "inadequate"))
            world.person(f"Person {number}", making.contributor(school.organisation))
        others = [key for key in making.ASKED_SCHOOL_KEYS if key != "bullying"]
        world.answer(school.return_id, dict.fromkeys(others, Answer("inadequate", evidence="x" * 999)))
        head, officer = self.visitors["head"], self.visitors["officer"]
        for key in others:
            typed = {"key": key, "what": "Ask them", "lead": "Head", "due": "31 3 2027", "status": "done"}
            head.client.post(school.address("/actions"), data={**typed, "csrf_token": head.token()})
        publish(officer, school.cycle)


def _joined(world: World, cycle: int, name: str) -> int:
    """One more school that is due in the round."""
    made = world.organisation(name)
    world.insert(Due, [{"cycle_id": cycle, "organisation_id": made, "added_at": making.NOW}])
    return made


def _complete(school: School, name: str) -> int:
    """A return of the school in another round, with nothing missing."""
    made = school.world.started(school.world.cycle(1, name=name), school.organisation)
    school.world.profile(made, commissions_services=False)
    school.world.answer(made, dict.fromkeys(making.ASKED_SCHOOL_KEYS, Answer("good")))
    return made


@pytest.fixture
def place(school: School) -> Place:
    head, officer = school.head(), school.officer()
    complete, signed = _complete(school, "Complete"), _complete(school, "Signed")
    theirs = school.world.started(school.cycle, _joined(school.world, school.cycle, "Oakfield School"))
    school.world.answer(school.return_id, {"bullying": Answer("inadequate", evidence="Ours")})
    action = {"key": "bullying", "what": "Ask them", "lead": "Head", "due": "31 3 2027"}
    head.post(school.address("/actions"), action)
    head.send(head.get(f"/returns/{signed}/sign-off"), **making.SIGNATURE)
    publish(officer, school.cycle)
    ids = {
        "return_id": school.return_id,
        "organisation": school.organisation,
        "cycle": school.cycle,
        "complete": complete,
        "signed": signed,
        "theirs": theirs,
    }
    return Place(school, ids, {"head": head, "officer": officer})


def test_no_page_asks_more_than_its_number_of_questions_however_much_there_is(place: Place) -> None:
    before = place.counts()
    assert {name: number for name, number in before.items() if number > MOST[name][2]} == {}

    place.grow()

    # Where everything is answered now, nothing is looked for any more that could help with it.
    after = place.counts()
    assert {name: number for name, number in after.items() if number > before[name]} == {}


def test_the_officers_home_page_does_not_ask_for_each_round_anew(place: Place) -> None:
    home = ["home of an officer"]
    before = place.counts(home)

    for number in range(3):
        place.school.world.cycle(1, name=f"Round {number}")

    assert place.counts(home) == before
