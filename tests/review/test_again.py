"""`compact review look-again`: a round that was signed before there were reasons to look."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from compact.returns.models import Answer
from compact.review import again, looking
from compact.review.models import EvidencePrint, ReasonToLook
from compact.review.rules import Name
from tests import making
from tests.conftest import Ended
from tests.review.conftest import Desk
from tests.review.test_looking import LONG, names, reasons

Compact = Callable[..., Ended]


@pytest.fixture
def old(desk: Desk) -> Desk:
    """The desk as a new version finds it: signed returns, and no reason was ever worked out."""
    with making.changing(desk.world.engine) as connection:
        connection.execute(delete(ReasonToLook))
        connection.execute(delete(EvidencePrint))
        same = update(Answer).where(Answer.key == "bullying", Answer.return_id.in_([desk.oak, desk.elm]))
        connection.execute(same.values(evidence=LONG))
    return desk


def look_again(compact: Compact) -> Ended:
    return compact("review", "look-again", "Compact 2026")


def test_every_signed_return_of_a_round_is_looked_at_again(old: Desk, compact: Compact) -> None:
    ended = look_again(compact)

    assert (ended.code, ended.out) == (0, "looked at 3, changed 2\n")
    assert [each.name for each in reasons(old.world, old.elm)] == [Name.AS_ANOTHER, Name.ALL_TOP]
    # Of two that are equal both say so: which was signed first makes no difference any more.
    assert names(old.world, old.oak) == [Name.AS_ANOTHER]
    assert "The evidence reads the same as that of Oak School" in old.officer().get("/review").text


def test_looking_again_twice_changes_nothing(old: Desk, compact: Compact) -> None:
    look_again(compact)
    before = [reasons(old.world, each) for each in (old.oak, old.elm, old.nursery)]

    assert look_again(compact).out == "looked at 3, changed 0\n"
    assert [reasons(old.world, each) for each in (old.oak, old.elm, old.nursery)] == before


def test_many_returns_are_looked_at_a_few_at_a_time(
    old: Desk, compact: Compact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that is looked at first knows the text of the last."""
    monkeypatch.setattr(again, "AT_ONCE", 1)

    assert look_again(compact).out == "looked at 3, changed 2\n"
    assert look_again(compact).out == "looked at 3, changed 0\n"


def test_what_an_officer_has_dealt_with_stays_dealt_with(old: Desk, compact: Compact) -> None:
    officer = old.officer()
    page = officer.get(f"/review/{old.elm}/reply")
    page = officer.send(page, selector="#write", outcome="accepted", message="Thank you.", do="save")
    officer.send(page, selector="#send")
    officer.post(f"/review/{old.oak}/begin")

    look_again(compact)

    told = officer.get("/review?state=told")
    assert [each.get_text() for each in told.soup.select(".app-queue th a")] == ["Elm School"]
    looking = officer.get("/review?state=looking")
    assert [each.get_text() for each in looking.soup.select(".app-queue th a")] == ["Oak School"]
    assert "Thank you." in officer.get(f"/review/{old.elm}/reply").text


def test_looking_again_is_all_or_nothing(
    old: Desk, compact: Compact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It falls over half-way: then no return has been looked at."""
    monkeypatch.setattr(again, "AT_ONCE", 1)
    looked: list[Sequence[int]] = []

    def once(session: Session, part: Sequence[int]) -> None:
        if looked:
            raise ZeroDivisionError
        looked.append(part)
        looking.look_at(session, part)

    monkeypatch.setattr(again, "look_at", once)

    with pytest.raises(ZeroDivisionError):
        look_again(compact)

    with old.world.session() as session:
        assert session.scalars(select(ReasonToLook.id)).all() == []
        assert session.scalars(select(EvidencePrint.key)).all() == []


def test_a_round_that_is_not_there_is_a_mistake(old: Desk, compact: Compact) -> None:
    ended = compact("review", "look-again", "Compact 1999")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "CYCLE: there is no cycle named Compact 1999\n"


def test_a_round_without_signed_returns_has_nothing_to_look_at(desk: Desk, compact: Compact) -> None:
    desk.world.cycle(desk.partnership, name="Compact 2027")

    assert compact("review", "look-again", "Compact 2027").out == "looked at 0, changed 0\n"
