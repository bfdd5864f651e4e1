"""Where the scope of a request comes from: the address, then what its finder found. A command sees all."""

import ast
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from flask import Flask, Response, g, request
from sqlalchemy import func, select, update

from compact import db
from compact.access import guard
from compact.access.routes import ROUTES, Rule
from compact.access.scope import Unscoped
from compact.access.values import Act, Grant, Role, Scope
from compact.cycles.models import Due
from compact.organisations.models import Organisation
from compact.returns.models import Return
from config import ROOT
from tests import making
from tests.conftest import Ended
from tests.making import World
from tests.pages import Visitor
from tests.publishing import publish
from tests.school import School

Visit = Callable[[str], Visitor]
Scopes = dict[str, Scope | None]


def ids(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """These tests add routes and hooks."""
    return own_app


@pytest.fixture
def scope_of(app: Flask) -> Callable[[Visitor, str], Scope | None]:
    """The scope that a request ended with."""
    ended: list[Scope | None] = []

    def note(response: Response) -> Response:
        ended.append(g.get("scope"))
        return response

    app.after_request(note)

    def scope_of(visitor: Visitor, address: str) -> Scope | None:
        visitor.client.get(address)
        return ended[-1]

    return scope_of


@pytest.fixture
def peek(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Rule], None]:
    """Add a route whose view reads the returns of the `?organisation=`, whoever asks."""

    def view(**_address: Any) -> Response:
        of = Return.organisation_id == int(request.args["organisation"])
        return Response(str(db.session().scalar(select(func.count()).where(of))), mimetype="text/plain")

    def peek(address: str, rule: Rule) -> None:
        app.add_url_rule(address, "peek", view)
        monkeypatch.setattr(guard, "ROUTES", MappingProxyType({**ROUTES, "peek": rule}))

    return peek


@pytest.fixture
def neighbour(school: School) -> int:
    """Another school of the area, with a return in the same round."""
    made = school.world.organisation("Oakfield School")
    school.world.insert(Due, [{"cycle_id": school.cycle, "organisation_id": made, "added_at": making.NOW}])
    school.world.started(school.cycle, made)
    return made


def test_the_pages_of_a_return_touch_that_return_and_its_organisation(
    school: School, neighbour: int, scope_of: Callable[[Visitor, str], Scope | None]
) -> None:
    """An officer, who may read every return of the area, touches one at a time."""
    own = Scope(returns=ids(school.return_id), organisations=ids(school.organisation))

    assert scope_of(school.head(), school.address()) == own
    assert scope_of(school.officer(), school.address()) == own


def test_every_other_page_touches_what_it_is_about(
    school: School, neighbour: int, scope_of: Callable[[Visitor, str], Scope | None]
) -> None:
    head, officer = school.head(), school.officer()
    publish(officer, school.cycle)
    start = f"/cycles/{school.cycle}/organisations/{school.organisation}/start"
    of_round = Scope(cycles=ids(school.cycle))

    assert scope_of(head, start) == Scope(organisations=ids(school.organisation))
    assert scope_of(head, "/") == Scope(organisations=ids(school.organisation))
    assert scope_of(officer, "/") == of_round
    assert scope_of(officer, f"/analysis/{school.cycle}/school") == of_round
    assert scope_of(officer, f"/learning/{school.cycle}/school/publish") == of_round
    assert scope_of(head, f"/learning/{school.cycle}/school") == Scope()
    assert scope_of(head, "/privacy") is None


def test_a_refused_request_has_no_scope(
    school: School, neighbour: int, scope_of: Callable[[Visitor, str], Scope | None]
) -> None:
    """What the finder looked up to decide is not touched any more, not even by the page that refuses."""
    stranger = school.visit(school.world.person("Sam", making.signatory(neighbour)))

    assert scope_of(stranger, school.address()) is None
    assert scope_of(school.visit(""), school.address()) is None


@pytest.mark.parametrize("rule", [Rule(Act.ANYONE), Rule(Act.SIGNED_IN)])
def test_a_route_about_nothing_touches_nobodys_return(
    school: School, peek: Callable[[str, Rule], None], rule: Rule
) -> None:
    peek("/peek", rule)

    with pytest.raises(Unscoped, match="nothing gave this request a scope"):
        school.head().get(f"/peek?organisation={school.organisation}")


def test_a_view_that_forgets_whose_return_it_reads_reads_none(
    school: School, neighbour: int, peek: Callable[[str, Rule], None]
) -> None:
    """A1: the guard lets the request through; its view takes an id from elsewhere."""
    peek("/peek/<int:return_id>", Rule(Act.READ_RETURN, "return"))
    head, officer = school.head(), school.officer()
    address = f"/peek/{school.return_id}?organisation="

    assert head.get(f"{address}{school.organisation}").response.text == "1"
    for each in (head, officer):
        with pytest.raises(Unscoped, match="outside the scope"):
            each.get(f"{address}{neighbour}")


def test_in_production_it_is_a_fault_that_shows_nothing(
    app: Flask,
    school: School,
    neighbour: int,
    peek: Callable[[str, Rule], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """ASVS 8.4.1, in production as in tests: the log tells the developer, the page tells nobody."""
    peek("/peek/<int:return_id>", Rule(Act.READ_RETURN, "return"))
    app.testing = False

    page = school.head().get(f"/peek/{school.return_id}?organisation={neighbour}")

    assert page.status == 500
    assert "Oakfield" not in page.response.text
    assert "Unscoped" not in page.response.text
    assert "Unscoped" in caplog.text  # with the place in the code; what it says stays out of the log


def test_a_school_that_leaves_its_trust_is_gone_at_the_next_request(
    world: World, visit: Visit, scope_of: Callable[[Visitor, str], Scope | None]
) -> None:
    """A5: from the trust's home page and from its return's pages; the trust keeps its other schools."""
    trust = world.trust()
    stays, leaves = (world.organisation(name, trust=trust) for name in ("Larkfield", "Oakfield"))
    cycle = world.cycle(world.partnership())
    returns = [world.started(cycle, each) for each in (stays, leaves)]
    lead = visit(world.person("Lee", Grant(Role.TRUST_LEAD, trust_id=trust)))
    head = visit(world.person("Robin", making.signatory(leaves)))
    assert scope_of(lead, "/") == Scope(organisations=ids(stays, leaves))
    assert [lead.get(f"/returns/{each}").status for each in returns] == [200, 200]

    with world.session() as session:
        session.execute(update(Organisation).where(Organisation.id == leaves).values(trust_id=None))
        session.commit()

    assert "Oakfield" not in lead.get("/").text
    assert scope_of(lead, "/") == Scope(organisations=ids(stays))
    for page in ("", "/check", "/standards/4", "/actions", "/questions.pdf"):
        assert lead.get(f"/returns/{returns[1]}{page}").status == 404
    assert lead.get(f"/returns/{returns[0]}").status == 200
    assert head.get(f"/returns/{returns[1]}").status == 200


def test_a_school_that_moves_to_another_trust_keeps_its_return_from_both(world: World, visit: Visit) -> None:
    """A5: the old trust has left, and the new one was not there when it was started."""
    old, new = world.trust("Old"), world.trust("New")
    moved = world.organisation(trust=old)
    return_id = world.started(world.cycle(world.partnership()), moved)
    leads = [visit(world.person(f"Lee {each}", Grant(Role.TRUST_LEAD, trust_id=each))) for each in (old, new)]

    with world.session() as session:
        session.execute(update(Organisation).where(Organisation.id == moved).values(trust_id=new))
        session.commit()

    assert [each.get(f"/returns/{return_id}").status for each in leads] == [404, 404]


def test_a_command_sees_all(school: School, neighbour: int, compact: Callable[..., Ended]) -> None:
    assert compact("cycles", "show", "Compact 2026", "--format", "csv").code == 0


# Who says what a request may touch, and what may be touched past it; whoever else wants to must say so here.
SAID_BY = {
    "everything": {"compact/cli.py"},
    "Everything": {"compact/access/scope.py"},
    "hold": {"compact/access/guard.py"},
    "finding": {"compact/access/guard.py"},
    "take_in": {
        "compact/exchange/entering.py",
        "compact/practice/carrying.py",
        "compact/reports/feedback_views.py",
        "compact/returns/store.py",
        "compact/review/views.py",
        "compact/sign_off/reopening.py",
    },
    "beyond_scope": {
        "compact/desk/last_round.py",
        "compact/exchange/person.py",
        "compact/review/looking.py",
        "compact/review/planned.py",
        "compact/review/waiting.py",
        "compact/review/queue.py",
        "compact/review/updates.py",
        "compact/sign_off/verifying.py",
    },
}


def test_few_say_what_a_request_may_touch() -> None:
    said: dict[str, set[str]] = {name: set() for name in SAID_BY}
    for path in sorted((ROOT / "compact").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in said.keys() & _called(node):
                said[name].add(str(path.relative_to(ROOT)))

    assert said == SAID_BY


def _called(node: ast.AST) -> set[str]:
    """The name of what is called, and the names of what it is given."""
    if not isinstance(node, ast.Call):
        return set()
    called = getattr(node.func, "attr", None) or getattr(node.func, "id", None) or ""
    return {called, *(each.arg for each in node.keywords if each.arg)}
