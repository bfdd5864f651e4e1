"""A school that has signed, and how its head and an officer share and choose what works."""

from dataclasses import replace

from sqlalchemy import select, update

from compact.returns.models import Answer as AnswerTable
from compact.returns.rules import Answer
from compact.trail.models import TrailEntry
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.pages import Page
from tests.school import School

EVIDENCE = "Ferry pupils wrote the rules."
KEY = "bullying"
OFFERED = f"/learning/1/school/practice/{KEY}"
MINE, EDITED = "Our pupils wrote the rules with us.", "In one school, pupils wrote the rules."
GOOD, WEAK = "good", "requires_improvement"


def sign(school: School) -> School:
    """The school has signed: one answer is graded outstanding, one is weak, three have evidence."""
    answers = {key: Answer(GOOD) for key in ASKED_SCHOOL_KEYS}
    answers[KEY] = Answer(GOOD, evidence=EVIDENCE)
    answers["pupil-voice"] = Answer("outstanding", evidence="A council meets.")
    answers["conduct"] = Answer(WEAK, evidence="We have none.")
    school.world.answer(school.return_id, answers)
    _plan(school)
    school.sign()
    _others_are_weak(school.world)
    return school


def _plan(school: School) -> None:
    head = school.head()
    page = head.get(school.address("/actions/new/conduct"))
    head.send(page, what="Write a code", lead="The head", due="31 3 2027")


def _others_are_weak(world: World) -> None:
    """Ten more schools, of which two are weak where the first one shares: so it is flagged."""
    for number in range(10):
        grade = WEAK if number < 2 else GOOD
        world.signed(1, world.organisation(f"Other School {number}"), {KEY: grade, "conduct": GOOD})


def share(school: School, text: str = MINE, key: str = KEY) -> Page:
    head = school.head()
    page = head.get(school.address("/practice"))
    return head.send(page, **{f"{key}-share": "yes", f"{key}-text": text})


def choose(school: School, text: str = EDITED) -> Page:
    officer = school.officer()
    return officer.send(officer.get(f"{OFFERED}/{school.return_id}"), text=text)


def draft(school: School) -> str:
    return school.officer().get("/learning/1/school/preview").text


def rows(world: World, *columns: object) -> list[tuple[object, ...]]:
    with world.session() as session:
        return [tuple(row) for row in session.execute(select(*columns))]  # type: ignore[call-overload]


def trail(world: World, what: str) -> list[object]:
    with world.session() as session:
        found = session.scalars(select(TrailEntry.detail).where(TrailEntry.what == what))
        return list(found)


def reopened(school: School) -> School:
    officer = school.officer()
    page = officer.send(officer.get(school.address("/reopen")), reason="Look again.")
    return replace(school, return_id=int(page.address.rsplit("/", 1)[1]))


def signed_again(school: School, weak: str = "") -> School:
    again = reopened(school)
    if weak:
        with again.world.session() as session:
            place = (AnswerTable.return_id == again.return_id, AnswerTable.key == weak)
            session.execute(update(AnswerTable).where(*place).values(grade=WEAK))
            session.commit()
        head = again.head()
        page = head.get(again.address(f"/actions/new/{weak}"))
        head.send(page, what="Begin anew", lead="The head", due="31 3 2027")
    assert "Return signed" in again.sign().text
    return again
