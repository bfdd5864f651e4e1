"""An officer reads what is offered, edits a text so that it names nobody, and chooses it for the summary."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, delete, event, update

from compact.accounts.models import Membership
from compact.cycles.store import cycle_by_id
from compact.organisations.models import Organisation
from compact.practice import store
from compact.practice.choosing import ChosenMeanwhile, Offer, Place
from compact.practice.choosing import choose as choose_text
from compact.practice.models import Practice, PracticeChoice
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import Exception_
from tests import making
from tests.making import NOW, World
from tests.pages import Visitor
from tests.publishing import publish
from tests.reports.sharing import (
    EDITED,
    EVIDENCE,
    GOOD,
    KEY,
    MINE,
    OFFERED,
    WEAK,
    choose,
    draft,
    rows,
    share,
    signed_again,
    trail,
)
from tests.school import School


def test_an_officer_reads_what_is_offered_and_the_school_sees_that(signed: School) -> None:
    share(signed)
    officer = signed.officer()

    listed = officer.get("/learning/1/school/practice")
    assert "Larkfield School" not in listed.text
    assert not trail(signed.world, "return read")
    page = officer.get(str(listed.link("4. How bullying")["href"]))

    assert "Larkfield School (Good)" in page.text
    assert MINE in page.text
    assert len(trail(signed.world, "return read")) == 1
    officer.get(f"{OFFERED}/{signed.return_id}")
    assert len(trail(signed.world, "return read")) == 1  # once a day
    assert "Ellis Officer" in signed.head().get(signed.address("/readers")).text


def test_to_open_the_form_is_to_read_the_return(signed: School) -> None:
    share(signed)

    signed.officer().get(f"{OFFERED}/{signed.return_id}")

    assert len(trail(signed.world, "return read")) == 1


def test_the_edited_text_is_in_the_draft_and_in_what_is_published(signed: School) -> None:
    share(signed)

    page = choose(signed)

    assert "The text is chosen." in page.banner[0]
    assert EDITED in draft(signed)
    officer = signed.officer()
    published = publish(officer, 1)
    assert EDITED in published.text
    assert "Larkfield" not in published.text


def test_the_command_has_it_in_its_draft(
    signed: School, compact: Callable[..., object], tmp_path: object
) -> None:
    share(signed)
    choose(signed)
    file = f"{tmp_path}/summary.html"

    compact("report", "Compact 2026", "school", "--format", "html", "--out", file)

    with open(file, encoding="utf-8") as page:  # noqa: PTH123
        assert EDITED in page.read()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("At Larkfield we ask.", "“Larkfield”"),
        ("Mrs Head asks, in po1 2ab.", "“po1 2ab”, “Head”"),
        ("Sam Deputy asks.", "“Sam Deputy”"),
    ],
)
def test_a_text_that_shows_whose_it_is_comes_back(signed: School, text: str, said: str) -> None:
    with signed.world.session() as session:
        session.execute(
            update(Organisation).where(Organisation.id == signed.organisation).values(postcode="PO1 2AB")
        )
        session.commit()
    share(signed)

    page = choose(signed, text)

    assert page.summary == [f"The text still shows whose it is. Take out {said}"]
    assert page.one("#text").get_text() == text
    assert rows(signed.world, PracticeChoice.text) == []


def test_who_signed_and_left_since_is_not_named_either(signed: School) -> None:
    share(signed)
    with signed.world.session() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == signed.organisation))
        session.commit()

    assert choose(signed, "Sam Deputy asks.").banner
    assert choose(signed, "Robin Head asks.").summary


def test_a_text_that_changed_after_it_was_chosen_is_chosen_again_first(signed: School) -> None:
    share(signed)
    choose(signed)

    share(signed, "We changed our mind about a word.")

    assert EDITED not in draft(signed)
    assert "Changed since" in signed.officer().get("/learning/1/school/practice").text
    assert "chose on" in signed.officer().get(OFFERED).text
    choose(signed)
    assert EDITED in draft(signed)


def test_an_officer_prints_nothing_again(signed: School) -> None:
    share(signed)
    choose(signed)
    officer = signed.officer()

    page = officer.send(officer.get(OFFERED))

    assert page.banner == ["No text is chosen for this question now."]
    assert EDITED not in draft(signed)
    assert rows(signed.world, PracticeChoice.key) == []
    assert len(trail(signed.world, "practice left out")) == 1


def test_of_two_officers_the_second_one_finds_what_the_first_did(signed: School) -> None:
    share(signed)
    officer = signed.officer()
    old = officer.get(f"{OFFERED}/{signed.return_id}")
    choose(signed)
    choose(signed, "Another colleague's words.")

    page = officer.send(old, text="My own words.")

    assert page.summary == ["Somebody changed this after you opened the page. Look again, then choose"]
    assert page.one("#text").get_text() == "My own words."
    assert rows(signed.world, PracticeChoice.text) == [("Another colleague's words.",)]
    assert officer.send(page).banner[0].startswith("The text is chosen.")


def test_an_old_page_prints_nothing_less(signed: School) -> None:
    share(signed)
    choose(signed)
    officer = signed.officer()
    old = officer.get(OFFERED)
    choose(signed, "Better words.")

    page = officer.send(old)

    assert "A colleague changed the choice" in page.banner[0]
    assert rows(signed.world, PracticeChoice.text) == [("Better words.",)]


def test_a_text_that_changed_while_the_officer_edited_is_shown_first(signed: School) -> None:
    share(signed)
    officer = signed.officer()
    old = officer.get(f"{OFFERED}/{signed.return_id}")
    share(signed, "Not what you read.")

    page = officer.send(old, text=EDITED)

    assert page.summary == ["Somebody changed this after you opened the page. Look again, then choose"]
    assert "Not what you read." in page.text
    assert rows(signed.world, PracticeChoice.text) == []


def test_what_is_not_offered_is_not_found(signed: School) -> None:
    officer = signed.officer()

    for rest in (f"{KEY}/{signed.return_id}", "no-such-key", f"{KEY}/999", "conduct/1"):
        assert officer.get(f"/learning/1/school/practice/{rest}").status == 404
    assert officer.get("/learning/1/voluntary/practice").status == 404
    assert officer.post(f"{OFFERED}/{signed.return_id}", {"text": "x", "version": "0"}).status == 404
    assert officer.post("/learning/1/school/practice/no-such-key/none", {"version": "0"}).status == 404


def test_a_four_area_bodys_text_is_offered_to_each_partnership_but_where_it_is_weak(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    """One text is agreed for all of them; the exception of one of them is weak there."""
    here, there = world.partnership(), world.partnership("Elsewhere", ["902"])
    body = world.organisation("The Force", areas=["901", "902"], setting="hips")
    cycle = world.cycle(here, there, settings=["hips"])
    world.person("Chief", making.signatory(body), email="chief@example.org")
    for name, place in (("Near", here), ("Far", there)):
        world.person(name, making.officer(place), email=f"{name.lower()}@example.org")
    made = world.signed(cycle, body, {KEY: GOOD, "conduct": GOOD}, setting="hips")
    with world.session() as session:
        session.execute(update(AnswerTable).values(evidence=EVIDENCE))
        session.commit()
    excepted = {"return_id": made, "partnership_id": there, "grade": WEAK, "not_applicable": False}
    world.insert(Exception_, [{**excepted, "key": KEY, "note": "A new team."}])
    chief = visit("chief@example.org")

    page = chief.get(f"/returns/{made}/practice")
    assert "Wexcombe Partnership, Elsewhere" in page.text
    chief.send(page, **{f"{KEY}-share": "yes", "conduct-share": "yes"})

    near, far = (visit(f"{each}@example.org") for each in ("near", "far"))
    for key, offered in ((KEY, (True, False)), ("conduct", (True, True))):
        found = [
            "The Force" in each.get(f"/learning/{cycle}/hips/practice/{key}").text for each in (near, far)
        ]
        assert tuple(found) == offered


def test_one_partnerships_choice_is_none_of_anothers(world: World, visit: Callable[[str], Visitor]) -> None:
    here, there = world.partnership(), world.partnership("Elsewhere", ["902"])
    school = world.organisation(areas=["901", "902"])
    cycle = world.cycle(here, there)
    for name, place in (("Near", here), ("Far", there)):
        world.person(name, making.officer(place), email=f"{name.lower()}@example.org")
    made = world.signed(cycle, school, {KEY: GOOD})
    agreed = {"return_id": made, "key": KEY, "text": MINE, "version": 1, "agreed_at": NOW, "agreed_by": 1}
    world.insert(Practice, [agreed])
    near, far = (visit(f"{each}@example.org") for each in ("near", "far"))

    near.send(near.get(f"/learning/{cycle}/school/practice/{KEY}/{made}"), text=EDITED)

    assert EDITED in near.get(f"/learning/{cycle}/school/practice").text
    assert EDITED not in far.get(f"/learning/{cycle}/school/practice").text


def test_the_pages_take_as_many_questions_for_many_offers_as_for_one(signed: School, engine: Engine) -> None:
    share(signed)
    officer = signed.officer()
    pages = ("/learning/1/school/practice", OFFERED)
    for page in pages:
        officer.get(page)
    asked = [_counted(engine, officer, page) for page in pages]
    with signed.world.session() as session:
        session.execute(update(AnswerTable).values(evidence=EVIDENCE))
        session.commit()
    agreed = {"key": KEY, "text": MINE, "version": 1, "agreed_at": NOW, "agreed_by": 1}
    others = sorted(
        int(str(row[0])) for row in rows(signed.world, AnswerTable.return_id) if row[0] != signed.return_id
    )
    signed.world.insert(Practice, [{**agreed, "return_id": each} for each in dict.fromkeys(others)])
    for page in pages:
        officer.get(page)  # what is read for the first time of a day is written down, each by itself

    assert [_counted(engine, officer, page) for page in pages] == asked
    assert "Other School 9" in officer.get(OFFERED).text


def test_a_text_that_is_taken_back_while_it_is_chosen_is_not_chosen(signed: School) -> None:
    """Behind the lock it is asked once more whether it is what the officer read."""
    share(signed)
    with signed.world.session() as session:
        cycle = cycle_by_id(session, 1)
        assert cycle is not None
        read = Offer(signed.return_id, KEY, "Larkfield School", GOOD, MINE, 1)
        store.take_back(session, signed.return_id, [KEY], by=1, at=NOW)
        with pytest.raises(ChosenMeanwhile):
            choose_text(session, Place(cycle, 1, "school", KEY), read, MINE, shown_version=0, by=1, at=NOW)


def test_a_text_of_a_number_that_does_not_count_is_not_offered(signed: School) -> None:
    signed_again(signed)
    agreed = {"key": KEY, "text": MINE, "version": 1, "agreed_at": NOW, "agreed_by": 1}
    signed.world.insert(Practice, [{**agreed, "return_id": signed.return_id}])

    assert "Nothing is offered for this question now." in signed.officer().get(OFFERED).text


def _counted(engine: Engine, visitor: Visitor, address: str) -> int:
    with _counting(engine) as found:
        assert visitor.get(address).status == 200
    return len(found)


@contextmanager
def _counting(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield said
    event.remove(engine, "before_cursor_execute", listen)
