"""The annual statement's page: what it is drawn from, its text under two officers' hands, its files."""

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import update

from compact.actions.models import Action, ActionUpdate
from compact.cycles.changing import remove_cycle
from compact.reports.models import LearningSummary
from compact.review.models import ActionReview, Review, UpdateRequest
from tests import making
from tests.making import NOW, World
from tests.pages import Page, Visitor
from tests.review.conftest import add_action

from .past_pages import publish

ADDRESS = "/analysis/1/statement"
GOOD, WEAK = {"bullying": "good"}, {"bullying": "requires_improvement"}
Visit = Callable[[str], Visitor]


@pytest.fixture
def returns(world: World) -> list[int]:
    """Ten schools of which two find bullying hard, a nursery that has not signed, two officers."""
    partnership = world.partnership()
    schools = [world.organisation(f"School {number}") for number in range(10)]
    world.organisation("Ash Nursery", setting="early_years")
    cycle = world.cycle(partnership)
    world.person("Officer", making.officer(partnership))
    world.person("Colleague", making.officer(partnership))
    world.person("Head", making.signatory(schools[0]))
    return [world.signed(cycle, each, WEAK if each in schools[:2] else GOOD) for each in schools]


def text_of(page: Page) -> str:
    return page.fields()["text"]


def test_it_speaks_of_what_is_published_and_of_nothing_that_came_later(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    publish(world, app, 1, 1)
    for number in range(5):
        world.signed(1, world.organisation(f"Late School {number}"), WEAK)

    text = text_of(visit("officer@example.org").get(ADDRESS))

    assert "20% (2 of 10) said that practice could be improved." in text
    assert "schools (10) and nurseries (1)" in text
    assert "For nurseries" in text
    assert "there is no summary published yet." in text


def test_before_anything_is_published_no_finding_is_told(visit: Visit, returns: list[int]) -> None:
    """The live counts stay at the desk."""
    page = visit("officer@example.org").get(ADDRESS)

    assert "10 of them (91%) have signed a return." in text_of(page)
    assert "practice" not in text_of(page)
    assert [each.get_text() for each in page.soup.select("caption")] == ["Organisations"]


def test_a_withdrawn_summary_is_none(world: World, app: Flask, visit: Visit, returns: list[int]) -> None:
    publish(world, app, 1, 1)
    with world.session() as session:
        session.execute(update(LearningSummary).values(withdrawn_at=NOW, why="It was wrong."))
        session.commit()

    assert "said that" not in text_of(visit("officer@example.org").get(ADDRESS))


def test_the_page_has_a_table_for_each_part_and_each_as_csv(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    publish(world, app, 1, 1)
    officer = visit("officer@example.org")
    page = officer.get(ADDRESS)

    assert [each.get_text() for each in page.soup.select("caption")] == ["Organisations", "Standards"]
    answer = officer.get(str(page.link("Standards as CSV")["href"])).response
    lines = answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("Sector,Standard,Title,Requires improvement,")
    assert "Schools,4,Service development and voice,2,10,20.00,yes,yes,1" in lines
    assert "Schools,1,Leadership commitment,not shown,not shown,not shown,not shown,not shown,1" in lines
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="statement-compact-2026-wexcombe-partnership-standards.csv"'
    )
    assert officer.get(f"{ADDRESS}/plans.csv").status == 404
    assert officer.get(f"{ADDRESS}/other.csv").status == 404


def test_the_spreadsheet_has_a_sheet_for_each_table_with_figures_as_numbers(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    publish(world, app, 1, 1)

    answer = visit("officer@example.org").get(f"{ADDRESS}.xlsx").response

    with zipfile.ZipFile(BytesIO(answer.get_data())) as book:
        names, sheet = book.read("xl/workbook.xml").decode(), book.read("xl/worksheets/sheet2.xml").decode()
    assert 'name="Organisations"' in names
    assert 'name="Standards"' in names
    assert "<v>20</v>" in sheet


def test_an_edited_text_is_kept_with_its_author_until_somebody_goes_back(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    publish(world, app, 1, 1)
    officer = visit("officer@example.org")
    generated = text_of(officer.get(ADDRESS))

    page = officer.send(officer.get(ADDRESS), text="  In our own words.\r\nSecond line.")

    assert text_of(page) == "  In our own words.\nSecond line."
    assert "Officer edited it on 5 October 2026" in page.text
    assert "The figures have changed" not in page.text
    colleague = visit("colleague@example.org")
    back = colleague.send(colleague.get(ADDRESS), back="yes")
    assert text_of(back) == generated
    assert "edited it" not in back.text


def test_saving_what_was_generated_edits_nothing(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    publish(world, app, 1, 1)
    officer = visit("officer@example.org")

    page = officer.send(officer.get(ADDRESS))

    assert "edited it" not in page.text
    assert page.banner == ["The text is the generated one."]


def test_of_two_officers_at_once_neither_loses_a_word(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    officer, colleague = visit("officer@example.org"), visit("colleague@example.org")
    mine, theirs = officer.get(ADDRESS), colleague.get(ADDRESS)
    officer.send(mine, text="What I wrote.")

    clash = colleague.send(theirs, text="What she wrote.")

    assert clash.summary == [
        "Another officer has changed the text while you were typing. Compare, then save yours again"
    ]
    assert text_of(clash) == "What she wrote."
    assert "What I wrote." in clash.text
    assert text_of(officer.get(ADDRESS)) == "What I wrote."
    assert text_of(colleague.send(clash)) == "What she wrote."


def test_going_back_does_not_take_away_what_a_colleague_wrote_meanwhile(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    officer, colleague = visit("officer@example.org"), visit("colleague@example.org")
    shown = officer.send(officer.get(ADDRESS), text="What I wrote.")
    colleague.send(colleague.get(ADDRESS), text="What she wrote.")

    clash = officer.send(shown, back="yes")

    assert clash.summary
    assert text_of(officer.get(ADDRESS)) == "What she wrote."


def test_where_figures_changed_since_the_text_was_edited_both_are_shown(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    publish(world, app, 1, 1)
    officer = visit("officer@example.org")
    officer.send(officer.get(ADDRESS), text="20% of schools.")
    for number in range(5):
        world.signed(1, world.organisation(f"Late School {number}"), WEAK)
    publish(world, app, 1, 1)

    page = officer.get(ADDRESS)

    assert "The figures have changed since the text was edited" in page.text
    assert text_of(page) == "20% of schools."
    assert "47% (7 of 15) said that practice could be improved." in page.text
    kept = officer.send(page, text="20% of schools, and now 47%.")
    assert "The figures have changed" not in kept.text


def test_who_looked_at_the_change_and_leaves_the_text_is_not_told_again(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    officer = visit("officer@example.org")
    officer.send(officer.get(ADDRESS), text="Ten schools.")
    publish(world, app, 1, 1)

    page = officer.send(officer.get(ADDRESS))

    assert text_of(page) == "Ten schools."
    assert "The figures have changed" not in page.text


def test_a_text_over_its_limit_is_shown_again(visit: Visit, returns: list[int]) -> None:
    officer = visit("officer@example.org")

    page = officer.send(officer.get(ADDRESS), text="x" * 20_001)

    assert page.summary == ["The text is 20,001 characters long; it can have 20,000"]
    assert text_of(page) == "x" * 20_001


def test_the_text_is_text(visit: Visit, returns: list[int]) -> None:
    officer = visit("officer@example.org")
    hostile = "</textarea><script>alert(1)</script> {{ 7*7 }}"

    assert text_of(officer.send(officer.get(ADDRESS), text=hostile)) == hostile


def test_each_partnership_of_a_round_has_a_statement_of_its_own(world: World, visit: Visit) -> None:
    near, far = world.partnership(), world.partnership("Elsewhere", ["902"])
    cycle = world.cycle(near, far)
    world.person("Officer", making.officer(near))
    world.person("Far", making.officer(far))
    officer, elsewhere = visit("officer@example.org"), visit("far@example.org")

    officer.send(officer.get(ADDRESS), text="Ours alone.")

    assert "Ours alone." not in elsewhere.get(f"/analysis/{cycle}/statement").html
    assert elsewhere.get(f"/analysis/{cycle}/statement?partnership={near}").status == 404


def test_another_partnerships_summary_is_not_told(world: World, app: Flask, visit: Visit) -> None:
    """A6: a round of several; the body of both areas has told them different things."""
    near, far = world.partnership(), world.partnership("Elsewhere", ["902"])
    bodies = [world.organisation(f"School {each}", areas=["901", "902"]) for each in range(6)]
    cycle = world.cycle(near, far)
    for body in bodies:
        world.signed(cycle, body, WEAK)
    world.person("Officer", making.officer(near))
    publish(world, app, cycle, far)

    page = visit("officer@example.org").get(ADDRESS)

    assert "said that" not in text_of(page)
    assert "no summary published yet" in text_of(page)


def test_a_round_that_is_removed_takes_its_statement_along(world: World, visit: Visit) -> None:
    """Nobody knows of it yet, but somebody may have tried the page."""
    partnership = world.partnership()
    cycle = world.cycle(partnership)
    world.person("Officer", making.officer(partnership))
    officer = visit("officer@example.org")
    officer.send(officer.get(ADDRESS), text="A first try.")

    with world.session() as session:
        remove_cycle(session, cycle, making.EDITION)
        session.commit()

    assert officer.get(ADDRESS).status == 404


def test_the_findings_lead_to_it(visit: Visit, returns: list[int]) -> None:
    page = visit("officer@example.org").get("/analysis/1")

    assert page.link("The annual statement")["href"] == f"{ADDRESS}?partnership=1"


def test_plans_and_updates_are_counted_by_organisation(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    """Ten plans of which five are replied to, one of these only talked about; all are asked, five write."""
    publish(world, app, 1, 1)
    actions = [add_action(world, place, each, due=date(2026, 12, 1)) for place, each in enumerate(returns, 1)]
    add_action(world, 1, returns[0], due=date(2026, 12, 1))
    _replied(world, returns[:5])
    later = NOW + timedelta(days=200)
    asked = [{"return_id": each, "partnership_id": 1, "asked_at": later, "by_id": 1} for each in returns]
    world.insert(UpdateRequest, asked)
    _written(world, actions[:5], later + timedelta(days=2))
    _written(world, actions[5:], later - timedelta(days=90))

    text = text_of(visit("officer@example.org").get(ADDRESS))

    assert "10 organisations planned what they will do" in text
    assert "replied to five of them, and accepted the plans of five of them without" in text
    assert "Six months on, all of them were asked" in text
    assert "five of them have written since" in text


def test_a_plan_of_which_something_was_sent_back_is_not_accepted(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    publish(world, app, 1, 1)
    actions = [add_action(world, place, each, due=date(2026, 12, 1)) for place, each in enumerate(returns, 1)]
    _replied(world, returns)
    row = {"partnership_id": 1, "comment": "Say by when.", "by_id": 1, "at": NOW, "version": 1}
    back = [
        {**row, "return_id": each, "action_id": action, "accepted": False}
        for each, action in zip(returns[:5], actions[:5], strict=True)
    ]
    world.insert(ActionReview, back)

    text = text_of(visit("officer@example.org").get(ADDRESS))

    assert "replied to all of them, and accepted the plans of five of them without" in text


def test_a_plan_about_a_hidden_question_is_in_no_count(
    world: World, app: Flask, visit: Visit, returns: list[int]
) -> None:
    """Else the number of plans would tell how many found it hard."""
    publish(world, app, 1, 1)
    for place, each in enumerate(returns, 1):
        add_action(world, place, each, due=date(2026, 12, 1))
    with world.session() as session:
        session.execute(update(Action).values(key="pupil-voice"))
        session.commit()

    text = text_of(visit("officer@example.org").get(ADDRESS))

    assert "No organisation has planned an action about a question that is shown here." in text


def _replied(world: World, returns: list[int]) -> None:
    row = {"partnership_id": 1, "outcome": "points", "message": "Thank you.", "by_id": 1, "version": 1}
    world.insert(Review, [{**row, "return_id": each, "at": NOW, "sent_at": NOW} for each in returns])


def _written(world: World, actions: list[int], at: object) -> None:
    """Somebody says how each of these actions goes."""
    with world.session() as session:
        organisations = {each.id: each.organisation_id for each in session.query(Action)}
    row = {"version": 2, "what": "It goes on.", "lead": "Head", "due": date(2026, 12, 1), "note": ""}
    world.insert(
        ActionUpdate,
        [
            {
                **row,
                "status": "under_way",
                "impact": "",
                "action_id": each,
                "organisation_id": organisations[each],
                "by_id": 3,
                "at": at,
            }
            for each in actions
        ],
    )
