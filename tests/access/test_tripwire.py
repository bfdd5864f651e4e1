"""ASVS 8.4.1: a statement that is not held to the scope of its request does not run."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import (
    Engine,
    Insert,
    String,
    bindparam,
    column,
    delete,
    event,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy import table as named_table
from sqlalchemy.orm import Session, aliased

from compact import create_bare_app, db, tables
from compact.access import scope
from compact.access.holds import _owners
from compact.access.scope import Unscoped
from compact.access.values import Scope
from compact.cycles.models import Cycle, Due
from compact.organisations.models import Organisation
from compact.returns import store
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import AnswerHistory, ProfileFact, Return, ReturnArea
from compact.returns.rules import Answer
from config import Settings
from tests import making
from tests.making import World
from tests.prepared import Prepared

Run = Callable[[Session, "Whose"], Any]

answer, history = db.table(AnswerTable), db.table(AnswerHistory)
later = aliased(Return)
COPIED = [column.name for column in history.columns]
of_return = select(Return.id).where(Return.id == bindparam("whichever"))


class Whose(NamedTuple):
    """A school by the ids of its return and of itself."""

    return_id: int
    organisation_id: int


@dataclass(frozen=True)
class Place:
    """Two schools with a return in the same round."""

    app: Flask
    world: World
    cycle: int
    own: Whose
    theirs: Whose

    @contextmanager
    def request(self, held: Scope | None) -> Iterator[Session]:
        """A session as a view has it, writing; nothing is kept."""
        with self.app.app_context():
            if held is not None:
                scope.hold(held)
            yield db.writing()

    def within_own(self) -> Scope:
        return Scope(
            returns=frozenset({self.own.return_id}), organisations=frozenset({self.own.organisation_id})
        )


@pytest.fixture
def place(world: World, prepared: Prepared, settings: Settings, engine: Engine) -> Place:
    cycle, own, theirs = prepared.on(world, _two_schools)
    return Place(create_bare_app(settings, engine=engine), world, cycle, own, theirs)


def _two_schools(world: World) -> tuple[int, Whose, Whose]:
    cycle = world.cycle(world.partnership())
    world.organisation("Elsewhere")  # so that no school has the number of its return
    schools = [world.organisation(name) for name in ("Larkfield", "Oakfield")]
    returns = [world.started(cycle, each) for each in schools]
    for each in returns:
        world.answer(each, {"bullying": Answer("good")})
        world.profile(each, commissions_services=False)
    own, theirs = map(Whose, returns, schools)
    return cycle, own, theirs


def row_of(return_id: int, key: str = "new") -> dict[str, Any]:
    return {"return_id": return_id, "fact": key, "answer": True}


def _flush_new(session: Session, whose: Whose) -> None:
    session.add(ReturnArea(return_id=whose.return_id, area="905"))
    session.flush()


def copied(return_id: int, owner: Any = history.c.return_id) -> Insert:
    """Copy a return's history to its answers, as those of `owner`."""
    columns = [owner if name == "return_id" else history.c[name] for name in COPIED]
    rows = select(*columns).where(history.c.return_id == return_id, history.c.key == "none")
    return insert(answer).from_select(COPIED, rows)


# Statements by what they do, each held to a school's return or to the school.
HELD: dict[str, Run] = {
    "an entity": lambda s, w: s.scalars(select(Return).where(Return.id == w.return_id)).all(),
    "session.get": lambda s, w: s.get(Return, w.return_id),
    "session.get of a part": lambda s, w: s.get(ProfileFact, (w.return_id, "commissions-services")),
    "columns": lambda s, w: s.execute(select(answer.c.key).where(answer.c.return_id == w.return_id)).all(),
    "turned round": lambda s, w: s.execute(
        select(answer.c.key).where(literal(w.return_id) == answer.c.return_id)
    ).all(),
    "a list": lambda s, w: s.execute(select(answer.c.key).where(answer.c.return_id.in_([w.return_id]))).all(),
    "any name": lambda s, w: s.execute(of_return, {"whichever": w.return_id}).all(),
    "a name for a list": lambda s, w: s.execute(
        select(answer.c.key).where(answer.c.return_id.in_(bindparam("x", expanding=True))),
        {"x": (w.return_id,)},
    ).all(),
    "an organisation": lambda s, w: s.execute(
        select(Return.id).where(Return.organisation_id == w.organisation_id)
    ).all(),
    "a join": lambda s, w: s.execute(
        select(answer.c.key)
        .join(Return, Return.id == answer.c.return_id)
        .where(Return.organisation_id == w.organisation_id)
    ).all(),
    "a join through another room's table": lambda s, w: s.execute(
        select(answer.c.key, Organisation.name)
        .join(Return, Return.id == answer.c.return_id)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .where(Organisation.id == w.organisation_id)
    ).all(),
    "an outer join's right side": lambda s, w: s.execute(
        select(Organisation.name).outerjoin(
            Return,
            (Return.organisation_id == Organisation.id) & (Return.organisation_id == w.organisation_id),
        )
    ).all(),
    "an alias": lambda s, w: s.execute(select(later.id).where(later.id == w.return_id)).all(),
    "a subquery": lambda s, w: s.execute(
        select(select(Return.id, Return.status).where(Return.id == w.return_id).subquery())
    ).all(),
    "a join to a CTE": lambda s, w: s.execute(
        select(answer.c.key).join(
            c := select(Return.id).where(Return.id == w.return_id).cte(), c.c.id == answer.c.return_id
        )
    ).all(),
    "in a SELECT": lambda s, w: s.execute(
        select(answer.c.key).where(
            answer.c.return_id.in_(select(Return.id).where(Return.organisation_id == w.organisation_id))
        )
    ).all(),
    "EXISTS": lambda s, w: s.execute(
        select(Cycle.id).where(
            select(Return.id)
            .where(Return.cycle_id == Cycle.id, Return.organisation_id == w.organisation_id)
            .exists()
        )
    ).all(),
    "not EXISTS, told by the one around it": lambda s, w: s.execute(
        select(Return.id).where(
            Return.id == w.return_id,
            ~select(later.id)
            .where(later.organisation_id == Return.organisation_id, later.number > 1)
            .exists(),
        )
    ).all(),
    "a column that is counted": lambda s, w: s.execute(
        select(
            Organisation.name,
            select(func.count()).where(Return.organisation_id == w.organisation_id).scalar_subquery(),
        )
    ).all(),
    "a UNION": lambda s, w: s.execute(
        union_all(
            select(Return.id).where(Return.id == w.return_id),
            select(Return.number).where(Return.id == w.return_id),
        )
    ).all(),
    "UPDATE": lambda s, w: s.execute(update(Return).where(Return.id == w.return_id).values(version=2)),
    "UPDATE by any name": lambda s, w: s.execute(
        update(db.table(Return)).where(db.table(Return).c.id == bindparam("it")).values(version=2),
        {"it": w.return_id},
    ),
    "DELETE": lambda s, w: s.execute(delete(ProfileFact).where(ProfileFact.return_id == w.return_id)),
    "INSERT": lambda s, w: s.execute(insert(ProfileFact).values(row_of(w.return_id))),
    "INSERT of a list": lambda s, w: s.execute(
        insert(ProfileFact), [row_of(w.return_id), row_of(w.return_id, "b")]
    ),
    "INSERT of several VALUES": lambda s, w: s.execute(
        insert(ProfileFact).values([row_of(w.return_id), row_of(w.return_id, "b")])
    ),
    "INSERT from a SELECT": lambda s, w: s.execute(copied(w.return_id)),
    "a flush": _flush_new,
}
# Statements that no id of anybody's makes any better: they touch more than one return, whatever it is.
LOOSE: dict[str, Run] = {
    "no WHERE": lambda s, _: s.execute(select(Return.id)).all(),
    "no WHERE, counted": lambda s, _: s.scalar(select(func.count()).select_from(AnswerTable)),
    "another condition": lambda s, w: s.execute(select(Return.id).where(Return.number == w.return_id)).all(),
    "OR": lambda s, w: s.execute(
        select(answer.c.key).where(or_(answer.c.return_id == w.return_id, answer.c.key == "bullying"))
    ).all(),
    "not": lambda s, w: s.execute(select(answer.c.key).where(answer.c.return_id != w.return_id)).all(),
    "not in": lambda s, w: s.execute(
        select(answer.c.key).where(answer.c.return_id.not_in([w.return_id]))
    ).all(),
    "a literal": lambda s, w: s.execute(
        select(answer.c.key).where(answer.c.return_id == literal_column(str(w.return_id)))
    ).all(),
    "a join by another column": lambda s, w: s.execute(
        select(answer.c.key).join(Return, Return.version == answer.c.version).where(Return.id == w.return_id)
    ).all(),
    "a join of ids of two kinds": lambda s, w: s.execute(
        select(later.id).join(Return, Return.id == later.organisation_id).where(Return.id == w.return_id)
    ).all(),
    "all returns of one's own round": lambda s, w: s.execute(
        select(later.id).join(Return, Return.cycle_id == later.cycle_id).where(Return.id == w.return_id)
    ).all(),
    "all who are due with oneself": lambda s, w: s.execute(
        select(Return.id)
        .join(Due, Due.cycle_id == Return.cycle_id)
        .where(Due.organisation_id == w.organisation_id)
    ).all(),
    "an outer join's left side": lambda s, w: s.execute(
        select(answer.c.key).outerjoin(Return, (Return.id == answer.c.return_id) & (Return.id == w.return_id))
    ).all(),
    "a condition within EXISTS": lambda s, w: s.execute(
        select(answer.c.key).where(select(Return.id).where(Return.id == w.return_id).exists())
    ).all(),
    "a condition within a column": lambda s, w: s.execute(
        select(answer.c.key, select(Return.number).where(Return.id == w.return_id).scalar_subquery())
    ).all(),
    "a column from elsewhere": lambda s, _: s.execute(
        select(Organisation.name, select(func.max(answer.c.version)).scalar_subquery())
    ).all(),
    "half of a UNION": lambda s, w: s.execute(
        union_all(select(Return.id).where(Return.id == w.return_id), select(Return.id))
    ).all(),
    "text within, beside one's own": lambda s, w: s.execute(
        select(answer.c.key).where(answer.c.return_id == w.return_id, text("1 IN (SELECT 1 FROM answer)"))
    ).all(),
    "a literal that is a SELECT": lambda s, w: s.execute(
        select(answer.c.key, literal_column("(SELECT max(version) FROM answer)")).where(
            answer.c.return_id == w.return_id
        )
    ).all(),
    "its own table within a condition": lambda s, w: s.execute(
        select(Return.id).where(
            Return.id == w.return_id, select(Return.id).where(Return.status == "signed").exists()
        )
    ).all(),
    "its own table two levels down": lambda s, w: s.execute(
        select(Return.id).where(
            Return.id == w.return_id,
            select(Due.cycle_id)
            .where(select(Cycle.id, Return.id).where(Cycle.id == Return.cycle_id).exists())
            .exists(),
        )
    ).all(),
    "its own table, uncorrelated": lambda s, w: s.execute(
        select(Return.id).where(
            Return.id == w.return_id,
            select(Return.id, Cycle.id).where(Cycle.id == Return.cycle_id).correlate(None).exists(),
        )
    ).all(),
    "a CTE that takes away": lambda s, _: s.execute(
        select(delete(ProfileFact).returning(ProfileFact.fact).cte())
    ).all(),
    "a SELECT in SET": lambda s, w: s.execute(
        update(Return)
        .where(Return.id == w.return_id)
        .values(version=select(func.max(answer.c.version)).scalar_subquery())
    ),
    "a SELECT in VALUES": lambda s, w: s.execute(
        insert(ProfileFact).values(
            return_id=w.return_id, fact=select(func.max(answer.c.key)).scalar_subquery(), answer=True
        )
    ),
    "a SELECT in VALUES, of the same table": lambda s, w: s.execute(
        insert(ProfileFact).values(
            return_id=w.return_id, fact=select(func.max(ProfileFact.fact)).scalar_subquery(), answer=True
        )
    ),
    "text()": lambda s, w: s.execute(
        text("SELECT key FROM answer WHERE return_id = :id"), {"id": w.return_id}
    ).all(),
    "text() with its columns": lambda s, _: s.execute(
        text("SELECT key FROM answer").columns(column("key", String))
    ).all(),
    "the driver's own": lambda s, _: s.connection().exec_driver_sql("SELECT key FROM answer").all(),
    "text within": lambda s, _: s.execute(
        select(Organisation.name).where(text("id IN (SELECT return_id FROM answer)"))
    ).all(),
    "a table by its name": lambda s, _: s.execute(
        select(column("key")).select_from(named_table("answer"))
    ).all(),
    "UPDATE": lambda s, _: s.execute(update(AnswerTable).values(reason="x")),
    "UPDATE of a table and of another": lambda s, w: s.execute(
        update(db.table(Return))
        .where(db.table(Return).c.id == w.return_id, db.table(Return).c.version == answer.c.version)
        .values(version=2)
    ),
    "DELETE": lambda s, _: s.execute(delete(ProfileFact)),
    "INSERT of what is nobody's": lambda s, _: s.execute(insert(Return).values(number=1)),
    "INSERT of a literal, beside what is one's own": lambda s, w: s.execute(
        insert(ProfileFact).values(
            return_id=literal_column(str(w.return_id)),
            fact=select(func.max(ProfileFact.fact))
            .where(ProfileFact.return_id == w.return_id)
            .scalar_subquery(),
            answer=True,
        )
    ),
    "INSERT from a SELECT of what is nobody's": lambda s, _: s.execute(
        insert(answer).from_select(
            COPIED, select(*(literal_column("1") if n == "return_id" else history.c[n] for n in COPIED))
        )
    ),
}
# Statements that are held to one's own return (r) and touch one of somebody else's (x) as well.
MIXED: dict[str, Callable[[Session, int, int], Any]] = {
    "a list": lambda s, r, x: s.execute(select(answer.c.key).where(answer.c.return_id.in_([r, x]))).all(),
    "a list of names": lambda s, r, x: s.execute(
        select(answer.c.key).where(answer.c.return_id.in_(bindparam("ids", expanding=True))), {"ids": [x, r]}
    ).all(),
    "INSERT of a list": lambda s, r, x: s.execute(insert(ProfileFact), [row_of(r), row_of(x)]),
    "INSERT of a list, with ids": lambda s, r, x: s.scalars(
        insert(ProfileFact).returning(ProfileFact.return_id), [row_of(r), row_of(x)]
    ).all(),
    "INSERT of several VALUES": lambda s, r, x: s.execute(insert(ProfileFact).values([row_of(r), row_of(x)])),
    "UPDATE of a list": lambda s, r, x: s.connection().execute(
        update(answer).where(answer.c.return_id == bindparam("it")).values(reason="x"),
        [{"it": r}, {"it": x}],
    ),
    "UPDATE that gives a row away": lambda s, r, x: s.execute(
        update(ProfileFact).where(ProfileFact.return_id == r).values(return_id=x)
    ),
    "INSERT from a SELECT": lambda s, r, x: s.execute(copied(r, literal(x))),
    "a UNION": lambda s, r, x: s.execute(
        union_all(select(Return.id).where(Return.id == r), select(Return.id).where(Return.id == x))
    ).all(),
}


@pytest.mark.parametrize("name", HELD)
def test_what_is_held_to_ones_own_runs_and_to_somebody_elses_does_not(place: Place, name: str) -> None:
    with place.request(place.within_own()) as session:
        HELD[name](session, place.own)

    with place.request(place.within_own()) as session, pytest.raises(Unscoped, match="outside the scope"):
        HELD[name](session, place.theirs)


@pytest.mark.parametrize("name", HELD)
def test_without_a_scope_nothing_of_tenants_is_touched(place: Place, name: str) -> None:
    with (
        place.request(None) as session,
        pytest.raises(Unscoped, match=r"`thing` for its route in access/rou"),
    ):
        HELD[name](session, place.own)


@pytest.mark.parametrize("name", LOOSE)
def test_a_statement_that_forgets_its_condition_does_not_run(place: Place, name: str) -> None:
    with place.request(place.within_own()) as session, pytest.raises(Unscoped, match="is held by nothing"):
        LOOSE[name](session, place.own)


@pytest.mark.parametrize("name", MIXED)
def test_one_foreign_id_among_ones_own_is_one_too_many(place: Place, name: str) -> None:
    with place.request(place.within_own()) as session, pytest.raises(Unscoped, match="outside the scope"):
        MIXED[name](session, place.own.return_id, place.theirs.return_id)


def test_an_empty_list_touches_nothing(place: Place) -> None:
    with place.request(Scope()) as session:
        assert session.execute(select(Return.id).where(Return.organisation_id.in_([]))).all() == []


def test_a_round_holds_all_its_returns_and_none_of_another(place: Place) -> None:
    of_round = select(Return.id).where(Return.cycle_id == bindparam("round")).order_by(Return.id)
    with place.request(Scope(cycles=frozenset({place.cycle}))) as session:
        assert session.scalars(of_round, {"round": place.cycle}).all() == [
            place.own.return_id,
            place.theirs.return_id,
        ]
        with pytest.raises(Unscoped):
            session.scalars(of_round, {"round": place.cycle + 1})
        with pytest.raises(
            Unscoped
        ):  # all returns, in any round, of the organisations that are due in this one
            session.scalars(
                select(Return.id)
                .join(Due, Due.organisation_id == Return.organisation_id)
                .where(Due.cycle_id == place.cycle)
            )


def test_an_id_counts_by_what_it_is_of_and_not_by_its_number(place: Place) -> None:
    """A14: a return, an organisation and a round may have the same number."""
    number = place.theirs.return_id
    same = Scope(organisations=frozenset({number}), cycles=frozenset({number}))
    with place.request(same) as session, pytest.raises(Unscoped):
        session.get(Return, number)


def test_what_does_not_run_has_not_reached_the_database(place: Place) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(place.world.engine, "after_cursor_execute", note)
    with place.request(place.within_own()) as session:
        with pytest.raises(Unscoped):
            session.execute(update(AnswerTable).values(reason="Everybody's"))
        session.commit()
    event.remove(place.world.engine, "after_cursor_execute", note)

    assert not any("answer" in statement for statement in seen)


def test_statements_are_not_taken_for_one_another(place: Place) -> None:
    """The same statement is worked out once: other values, other lengths, other columns come after."""
    own, theirs = place.own.return_id, place.theirs.return_id
    with place.request(place.within_own()) as session:
        for _ in range(2):
            assert session.scalars(select(Return.id).where(Return.id == own)).all() == [own]
            assert session.scalars(select(Return.id).where(Return.id.in_([own, own]))).all() == [own]
            for refused in (
                select(Return.id).where(Return.id == theirs),
                select(Return.id).where(Return.id.in_([own, theirs])),
                select(Return.id).where(Return.id.in_([own, own, theirs])),
                select(Return.id).where(Return.number == own),
                select(Return.id).where(Return.trust_id == own),
                select(Return.id).where(Return.cycle_id == own),
            ):
                with pytest.raises(Unscoped):
                    session.scalars(refused)


def test_what_was_worked_out_goes_with_the_statement(place: Place) -> None:
    """Statements that differ without end do not fill the memory; SQLAlchemy forgets them, and so do we."""
    gc.collect()
    before = len(scope._named)
    with place.request(place.within_own()) as session:
        for number in range(1_000):
            session.execute(select(literal_column(str(number))).where(Return.id == place.own.return_id))
    gc.collect()

    assert len(scope._named) - before < 1_000


def test_a_fault_names_the_table_and_no_value(place: Place) -> None:
    with place.request(place.within_own()) as session, pytest.raises(Unscoped) as refused:
        session.execute(select(Return.id).where(Return.organisation_id == 987_654))

    assert "'return'" in str(refused.value)
    assert "organisations by the parameter 'organisation_id_1'" in str(refused.value)
    assert "987" not in str(refused.value)


def test_outside_requests_and_commands_nobody_watches(place: Place) -> None:
    with place.world.session() as session:
        assert len(session.scalars(select(Return.id)).all()) == 2


def test_what_is_no_tenants_needs_no_scope(place: Place) -> None:
    with place.request(None) as session:
        assert len(session.scalars(select(Organisation.id)).all()) == 3


def test_a_return_that_is_made_for_ones_own_organisation_is_ones_own(place: Place) -> None:
    another = place.world.cycle(place.world.partnership("Next", areas=("902",)), name="Next")
    with place.request(Scope(organisations=frozenset({place.own.organisation_id}))) as session:
        made = store.start(session, another, place.own.organisation_id, making.NOW)
        assert session.scalars(select(ReturnArea.area).where(ReturnArea.return_id == made)).all() == ["901"]
        with pytest.raises(Unscoped):
            store.add_return(session, another, place.theirs.organisation_id, number=2, now=making.NOW)


def test_what_refers_to_a_return_is_a_tenants() -> None:
    """A new table cannot be forgotten: it is marked, and each of its rows says itself whose it is."""
    every = tables.metadata.tables.values()
    refers = {
        each.name for each in every if any(key.column.table.name == "return" for key in each.foreign_keys)
    }
    marked = {each.name for each in every if db.is_tenants(each)}

    assert refers <= marked
    assert {"return", "action", "answer", "sign_off"} <= marked
    assert [each.name for each in every if db.is_tenants(each) and not list(_owners(each))] == []
