"""What the demo's sectors learn: a round brought in, texts shared, a summary corrected, one that waits."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact import db
from compact.demo.learning import ACTIONS, EARLIER, EDITED, FOREWORD, NOTE, PUBLISHED, WAITING
from compact.demo.people import PEOPLE
from compact.organisations.models import Organisation
from compact.practice.models import Practice, PracticeChoice
from compact.reports.models import LearningSummary
from compact.reports.summary import Summary
from compact.returns.models import Return
from tests.exchange.everything import run

pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True)
class Loaded:
    url: str
    session: Session


@pytest.fixture
def loaded(address: str) -> Iterator[Loaded]:
    engine: Engine = db.make_engine(address)
    with db.open_session(engine) as session:
        yield Loaded(address, session)
    engine.dispose()


def test_a_summary_is_published_and_was_corrected_once(loaded: Loaded) -> None:
    rows = loaded.session.scalars(select(LearningSummary).order_by(LearningSummary.number)).all()

    assert [(each.sector, each.number, each.withdrawn_at is None) for each in rows] == [
        (PUBLISHED, 1, False),
        (PUBLISHED, 2, True),
    ]
    first, second = (Summary.model_validate_json(each.values) for each in rows)
    assert (first.actions, second.actions) == ("", ACTIONS)
    assert {each.foreword for each in rows} == {FOREWORD}
    assert NOTE in [each.note for each in second.advice]
    assert EDITED in [each.practice for each in second.advice]


def test_a_trend_exists_and_is_named_as_brought_in(loaded: Loaded) -> None:
    row = loaded.session.scalars(select(LearningSummary).order_by(LearningSummary.number.desc())).first()
    assert row is not None
    (earlier,) = Summary.model_validate_json(row.values).earlier

    assert (earlier.cycle, earlier.brought_in) == (EARLIER, True)
    assert earlier.indicators
    assert earlier.standards


def test_nobody_who_signs_in_answered_in_the_round_that_was_brought_in(loaded: Loaded) -> None:
    """Their pages are what they were: what people try out stays simple."""
    names = loaded.session.scalars(
        select(Organisation.name)
        .join(Return, Return.organisation_id == Organisation.id)
        .where(Return.imported)
    ).all()

    assert len(names) > 30
    assert not set(names) & {person.place for person in PEOPLE}


def test_texts_are_shared_and_the_schools_wait_with_a_chosen_one(loaded: Loaded) -> None:
    shared = loaded.session.scalars(select(Practice.text)).all()
    waiting = loaded.session.scalars(
        select(PracticeChoice.text).where(PracticeChoice.sector == WAITING)
    ).all()

    assert len(shared) >= 6
    assert EDITED in waiting


def test_the_chains_of_the_demo_are_whole(loaded: Loaded) -> None:
    ended = run(loaded.url, "trail", "verify")

    assert ended.code == 0
