"""Made-up rounds: schools of several phases and bodies of one or two areas, with all that may happen to them.

A round is made from one number, so that each is cheap to make and a failure is told by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from compact.cycles.models import Due
from compact.organisations.models import Organisation, OrganisationArea, Succession
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import Exception_, Return, ReturnArea
from compact.returns.reading import Kept, partnerships_of
from compact.returns.rules import Answer
from compact.returns.store import add_return, write_answers
from compact.sign_off.models import StandardResult
from compact.sign_off.results import write_results
from compact.sign_off.rules import grades_for, results
from tests import making
from tests.making import NOW, World

KEYS = ("leadership", "conduct", "bullying", "pupil-voice")
STANDARD = {"leadership": 1, "conduct": 2, "bullying": 4, "pupil-voice": 4}
GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
WEAK = ("requires_improvement", "inadequate")
PHASES = ("primary", "secondary")
NEAR, FAR = "near", "far"
SECTORS = ("school", "hips")

Grades = Mapping[str, str | None]


@dataclass(frozen=True)
class Body:
    """An organisation: what it signed number by number (None: not applicable), and its exceptions by area.

    `succeeds`: it took over from the body before it in the list.
    """

    setting: str
    areas: frozenset[str]
    phase: str | None
    signed: tuple[Grades, ...]
    draft: Grades | None = None
    exceptions: Mapping[str, Grades] = field(default_factory=dict)
    imported: bool = False
    succeeds: bool = False


def made_round(number: int) -> list[Body]:
    """The bodies of a round, sector by sector. How many there are, where they are, and how often a question
    is answered differ from round to round, so that much is shown in some and little in others."""
    chance = Random(number)  # noqa: S311 - made up, the same every time
    often = {key: chance.choice((0.4, 0.8, 1, 1)) for key in KEYS}
    is_far = chance.choice((0, 0, 0.3, 0.5))
    return [
        _body(chance, often, sector, is_far, is_first=not place)
        for sector in SECTORS
        for place in range(chance.choice((4, 10, 18, 28)))
    ]


def _body(chance: Random, often: Mapping[str, float], sector: str, is_far: float, *, is_first: bool) -> Body:
    areas = {FAR if chance.random() < is_far else NEAR}
    if sector == "hips" and chance.random() < 0.7:
        areas = {NEAR, FAR}
    others = [area for area in sorted(areas) if len(areas) > 1 and chance.random() < 0.5]
    return Body(
        sector,
        frozenset(areas),
        chance.choice(PHASES) if sector == "school" else None,
        tuple(_grades(chance, often) for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 2, 3)))),
        _grades(chance, often) if chance.random() < 0.2 else None,
        {area: _grades(chance, dict.fromkeys(KEYS, 0.3)) for area in others},
        chance.random() < 0.2,
        not is_first and chance.random() < 0.1,
    )


def _grades(chance: Random, often: Mapping[str, float]) -> Grades:
    return {
        key: None if chance.random() < 0.1 else chance.choices(GRADES, (3, 5, 2, 1))[0]
        for key in KEYS
        if chance.random() < often[key]
    }


@dataclass(frozen=True)
class Places:
    """A round in the database: its id, its partnerships by area, its organisations in the bodies' order."""

    cycle: int
    partnerships: Mapping[str, int]
    organisations: Sequence[int]


def partnerships(world: World, number: int) -> dict[str, int]:
    """Two partnerships with an area each that nobody else has; there is room for 450 pairs of them."""
    return {area: world.partnership(f"{area} {number}", [_code(area, number)]) for area in (NEAR, FAR)}


def _code(area: str, number: int) -> str:
    return str(100 + 2 * number + (area == FAR))


def write(
    world: World, bodies: Sequence[Body], number: int, own: Mapping[str, int], years_ago: int = 0
) -> Places:
    """A round of the partnerships `number` with these bodies, all of them due; nobody else is."""
    name = f"Round {number} of {2026 - years_ago}"
    opens = date(2026 - years_ago, 9, 1)
    settings = ["school", "hips"]
    cycle = world.cycle(
        *own.values(), name=name, settings=settings, opens=opens, closes=opens + timedelta(days=90)
    )
    with world.session() as session:
        session.execute(delete(Due).where(Due.cycle_id == cycle))  # those of an earlier round of the areas
        organisations = _organisations(session, bodies, name, number)
        due = [{"cycle_id": cycle, "organisation_id": each, "added_at": NOW} for each in organisations]
        session.execute(insert(Due), due)
        merged = [
            {"old_id": old, "new_id": new, "on": date(2020, 9, 1), "kind": "merger"}
            for old, new, body in zip(organisations, organisations[1:], bodies[1:], strict=False)
            if body.succeeds
        ]
        _insert(session, Succession, merged)
        _write_returns(session, cycle, zip(bodies, organisations, strict=True), number, own)
        session.commit()
    return Places(cycle, own, organisations)


def _organisations(session: Session, bodies: Sequence[Body], name: str, number: int) -> Sequence[int]:
    rows = [
        {
            "register": "GIAS",
            "identifier": f"{name}, body {place}",
            "name": f"{name}, body {place}",
            "setting": body.setting,
            "phase": body.phase,
            "status": "open",
        }
        for place, body in enumerate(bodies)
    ]
    made = _insert(session, Organisation, rows)
    areas = [
        {"organisation_id": organisation, "area": _code(area, number)}
        for body, organisation in zip(bodies, made, strict=True)
        for area in sorted(body.areas)
    ]
    session.execute(insert(OrganisationArea), areas)
    return made


def _write_returns(
    session: Session,
    cycle: int,
    places: Iterable[tuple[Body, int]],
    number: int,
    own: Mapping[str, int],
) -> None:
    """What the bodies signed and began, all at once: one by one takes longer than what is tried with it."""
    made = [
        (body, place, organisation, grades)
        for body, organisation in places
        for place, grades in enumerate((*body.signed, body.draft), start=1)
        if grades is not None
    ]
    rows = [_return_row(cycle, organisation, place, body) for body, place, organisation, _ in made]
    ids = _insert(session, Return, rows)
    areas, answers, exceptions, counted = [], [], [], []
    for return_id, (body, place, _, grades) in zip(ids, made, strict=True):
        areas += [{"return_id": return_id, "area": _code(area, number)} for area in sorted(body.areas)]
        answers += [_answer_row(return_id, key, grade) for key, grade in grades.items()]
        if place > len(body.signed):
            continue
        differing = body.exceptions if place == len(body.signed) else {}
        exceptions += exception_rows(return_id, differing, own)
        counted += _result_rows(return_id, body, grades, differing, own)
    for table, written in (
        (ReturnArea, areas),
        (AnswerTable, answers),
        (Exception_, exceptions),
        (StandardResult, counted),
    ):
        _insert(session, table, written)


def _insert(session: Session, table: Any, rows: Sequence[Mapping[str, object]]) -> Sequence[int]:
    """Write rows; their ids, where the table has such, in their order."""
    if rows and "id" in table.__table__.columns:
        returning = insert(table).returning(table.id, sort_by_parameter_order=True)
        return session.scalars(returning, rows).all()
    if rows:
        session.execute(insert(table), rows)
    return ()


def _return_row(cycle: int, organisation: int, number: int, body: Body) -> dict[str, object]:
    is_signed = number <= len(body.signed)
    return {
        "cycle_id": cycle,
        "organisation_id": organisation,
        "number": number,
        "setting": body.setting,
        "phase": body.phase,
        "status": "signed" if is_signed else "draft",
        "imported": is_signed and body.imported,
        "version": 1,
        "started_at": NOW,
        "signed_at": NOW if is_signed else None,
    }


def _answer_row(return_id: int, key: str, grade: str | None) -> dict[str, object]:
    of_answer = vars(Answer(grade, grade is None, "" if grade else "No."))
    return {"return_id": return_id, "key": key, **of_answer, "version": 1, "updated_at": NOW}


def _result_rows(
    return_id: int, body: Body, grades: Grades, differing: Mapping[str, Grades], own: Mapping[str, int]
) -> list[dict[str, object]]:
    """The results of a signed return, for its main grades and for each of its partnerships."""
    edition = making.edition()
    questionnaire = edition.questionnaires[body.setting]
    return [
        {"return_id": return_id, "partnership_id": partnership, **vars(result)}
        for area, partnership in ((None, None), *((area, own[area]) for area in sorted(body.areas)))
        for result in results(
            grades_for(questionnaire, grades, differing.get(area, {}) if area else {}),
            edition.scale.weak_keys,
        )
    ]


def sign(
    session: Session,
    cycle: int,
    organisation: int,
    number: int,
    body: Body,
    grades: Grades,
    own: Mapping[str, int],
) -> None:
    """A signed return with its results; with the body's exceptions for the partnerships `own`."""
    return_id = _draft(session, cycle, organisation, number, grades)
    _insert(session, Exception_, exception_rows(return_id, body.exceptions, own))
    signed = {"status": "signed", "signed_at": NOW, "imported": body.imported}
    session.execute(update(Return).where(Return.id == return_id).values(**signed))
    edition = making.edition()
    questionnaire = edition.questionnaires[body.setting]
    write_results(session, return_id, edition, questionnaire, partnerships_of(session, return_id))


def _draft(session: Session, cycle: int, organisation: int, number: int, grades: Grades) -> int:
    return_id = add_return(session, cycle, organisation, number=number, now=NOW)
    answers = {key: Answer(grade, grade is None, "" if grade else "No.") for key, grade in grades.items()}
    write_answers(session, return_id, [(key, Kept(each, 1, None, NOW)) for key, each in answers.items()])
    return return_id


def exception_rows(
    return_id: int, differing: Mapping[str, Grades], own: Mapping[str, int]
) -> list[dict[str, object]]:
    return [
        {
            "return_id": return_id,
            "partnership_id": own[area],
            "key": key,
            "grade": grade,
            "not_applicable": grade is None,
            "note": "It differs here.",
        }
        for area, other in differing.items()
        for key, grade in other.items()
        if area in own
    ]
