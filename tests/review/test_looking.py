"""Reasons to look are kept in the transaction that signs or brings in."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from compact.access import scope
from compact.organisations.models import Succession
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import Return
from compact.returns.rules import Answer
from compact.review import looking
from compact.review.models import EvidencePrint, ReasonToLook
from compact.review.rules import Name, Other, Reason
from tests import making
from tests.conftest import Ended
from tests.exchange.rows import row, write
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.school import School

LONG = "Governors read the record of every term, the lead reports to them, and the minutes are kept. " * 2


def reasons(world: World, return_id: int, partnership: int = 1) -> list[Reason]:
    with world.session() as session:
        cycle = session.scalars(select(Return.cycle_id).where(Return.id == return_id)).one()
        return looking.reasons_of(session, cycle, [return_id], partnership).get(return_id, [])


def names(world: World, return_id: int, partnership: int = 1) -> list[Name]:
    return [each.name for each in reasons(world, return_id, partnership)]


def answered(world: World, return_id: int, grade: str = "good", **others: Answer) -> None:
    """Everything with one grade and evidence of its own, but for what is given."""
    own = {key: Answer(grade, evidence=f"{return_id} {key}: {'seen ' * 20}") for key in ASKED_SCHOOL_KEYS}
    world.answer(return_id, own | others)


Look = Callable[[int], None]


@pytest.fixture
def look(world: World, app: Flask) -> Look:
    def look(return_id: int) -> None:
        with app.app_context(), world.session() as session:
            scope.everything("a test")
            looking.look(session, return_id)
            session.commit()

    return look


def test_an_ordinary_return_has_no_reason(school: School) -> None:
    answered(school.world, school.return_id)

    assert school.sign().h1 == "Return signed"
    assert reasons(school.world, school.return_id) == []


def test_the_reasons_of_a_return_are_kept_when_it_is_signed(school: School) -> None:
    school.answer_all(**dict.fromkeys((key.replace("-", "_") for key in ASKED_SCHOOL_KEYS), "outstanding"))

    school.sign()

    many = len(ASKED_SCHOOL_KEYS)
    assert reasons(school.world, school.return_id) == [Reason(Name.ALL_TOP, many, many, ASKED_SCHOOL_KEYS)]


def test_a_signature_that_fails_keeps_no_reason(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: with the reasons goes the signature, and the other way round."""
    answered(school.world, school.return_id, commissioning=Answer("good"))
    monkeypatch.setattr("compact.sign_off.views._mail_receipt", lambda _row: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        school.sign()

    with school.world.session() as session:
        assert session.scalars(select(ReasonToLook.id)).all() == []
        assert session.scalars(select(EvidencePrint.key)).all() == []


def test_a_signature_after_the_last_day_is_late(school: School) -> None:
    answered(school.world, school.return_id)
    with making.changing(school.world.engine) as connection:
        connection.exec_driver_sql("UPDATE cycle SET closes = '2026-10-01'")

    school.sign()

    assert reasons(school.world, school.return_id) == [Reason(Name.LATE, 4)]


def test_what_was_answered_before_the_profile_left_it_out_contradicts_it(school: School) -> None:
    answered(school.world, school.return_id, commissioning=Answer("good", evidence="Contracts"))

    school.sign()

    assert reasons(school.world, school.return_id) == [Reason(Name.NOT_ASKED, 1, keys=("commissioning",))]


def before(school: School, answers: Mapping[str, Answer]) -> None:
    """What the school signed a year ago."""
    world = school.world
    cycle = world.cycle(1, name="Compact 2025", opens=date(2025, 9, 1), closes=date(2025, 12, 18))
    signed = world.signed(cycle, school.organisation, {key: answer.grade for key, answer in answers.items()})
    with making.changing(world.engine) as connection:
        for key, answer in answers.items():
            place = (AnswerTable.return_id == signed, AnswerTable.key == key)
            connection.execute(update(AnswerTable).where(*place).values(evidence=answer.evidence))


def test_what_fell_since_last_time_and_what_was_copied_from_it(school: School) -> None:
    before(school, {key: Answer("outstanding", evidence=LONG + key) for key in ASKED_SCHOOL_KEYS})
    answered(
        school.world,
        school.return_id,
        "outstanding",
        bullying=Answer("good", evidence=LONG + "bullying"),
    )

    school.sign()

    many = len(ASKED_SCHOOL_KEYS)
    assert reasons(school.world, school.return_id) == [
        Reason(Name.FELL, 1, many, ("bullying",)),
        Reason(Name.REGRADED, 1, keys=("bullying",)),
    ]


def test_evidence_that_is_all_last_times(school: School) -> None:
    before(school, {key: Answer("good", evidence=LONG + key) for key in ASKED_SCHOOL_KEYS})
    answers = {key: Answer("good", evidence=LONG + key) for key in ASKED_SCHOOL_KEYS}
    school.world.answer(school.return_id, answers)

    school.sign()

    many = len(ASKED_SCHOOL_KEYS)
    assert reasons(school.world, school.return_id) == [
        Reason(Name.AS_LAST_TIME, many, many, ASKED_SCHOOL_KEYS)
    ]


def two_with(
    world: World, look: Look, evidence: str, *, areas: tuple[str, str] = ("901", "901")
) -> tuple[int, int]:
    """Two schools, in these areas, that both signed this evidence; the second was looked at last."""
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    places = [
        world.organisation(name, areas=(area,)) for name, area in zip(("Oak", "Elm"), areas, strict=True)
    ]
    cycle = world.cycle(here, there)
    signed = [world.signed(cycle, place, dict.fromkeys(ASKED_SCHOOL_KEYS, "good")) for place in places]
    with making.changing(world.engine) as connection:
        of_bullying = update(AnswerTable).where(AnswerTable.key == "bullying")
        connection.execute(of_bullying.values(evidence=evidence))
    for each in signed:
        look(each)
    return signed[0], signed[1]


def test_evidence_that_another_of_the_partnership_signed_too(world: World, look: Look) -> None:
    first, second = two_with(world, look, LONG)

    assert reasons(world, first) == []
    assert reasons(world, second) == [Reason(Name.AS_ANOTHER, 1, 1, ("bullying",), (Other(first, "Oak"),), 1)]
    assert reasons(world, second, partnership=2) == []


@pytest.mark.parametrize(
    ("evidence", "areas"),
    [("See our policy.", ("901", "901")), (LONG, ("901", "902"))],
    ids=["short", "in another partnership"],
)
def test_what_is_just_not_the_same_as_anothers(
    world: World, look: Look, evidence: str, areas: tuple[str, str]
) -> None:
    _, second = two_with(world, look, evidence, areas=areas)

    assert [names(world, second, partnership) for partnership in (1, 2)] == [[], []]


def test_a_school_and_its_successor_are_no_two_organisations(world: World, look: Look) -> None:
    _, second = two_with(world, look, LONG)
    world.insert(Succession, [{"old_id": 1, "new_id": 2, "on": date(2026, 9, 1), "kind": "academy"}])

    look(second)

    assert names(world, second) == []


def test_looking_again_takes_the_place_of_what_was_there(world: World, look: Look) -> None:
    _, second = two_with(world, look, LONG)
    look(second)

    assert names(world, second) == [Name.AS_ANOTHER]


def test_returns_that_are_brought_in_are_looked_at(
    world: World, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    world.cycle(world.partnership())
    keys = ("bullying", "induction")
    rows = [
        row(f"local:{number}", name=f"School {number}", indicator=key, grade="outstanding", evidence="Yes")
        for number in (1, 2)
        for key in keys
    ]

    compact("returns", "import", write(tmp_path / "returns.csv", rows), "--cycle", "Compact 2026")

    assert [reasons(world, each) for each in (1, 2)] == [[Reason(Name.ALL_TOP, 2, 2, keys)]] * 2


def test_a_return_is_looked_at_in_few_statements(school: School, look: Look) -> None:
    """Signing stays quick: as many statements for a thousand returns as for one."""
    answered(school.world, school.return_id)
    school.sign()
    said: list[str] = []
    event.listen(school.world.engine, "before_cursor_execute", lambda *a: said.append(a[2]))

    look(school.return_id)

    assert 5 <= len(said) <= 11
