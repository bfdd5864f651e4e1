"""A published summary taken away, by its readers and by the command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from compact import db
from compact.access import scope
from compact.accounts.models import Person
from compact.cycles.store import cycle_by_name
from compact.reports.drafting import draft
from compact.reports.models import LearningSummary
from compact.reports.store import publish
from tests import making
from tests.conftest import Ended
from tests.documents.pdf_reading import Reading
from tests.documents.test_sheets import cells_of
from tests.making import World
from tests.pages import Visitor

GOOD, WEAK = "good", "requires_improvement"
FORMS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
QUESTION, STANDARD = "How pupil voice is looked after", "Service development and voice"


def test_a_head_takes_the_summary_away_in_each_form(
    world: World, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    _published(world, app)
    head = visit("head@example.org")
    page = head.get("/learning/1/school")

    for form, mimetype in FORMS.items():
        link = next(each for each in page.soup.select(".app-taken a") if f".{form}" in str(each["href"]))
        answer = head.get(str(link["href"])).response
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == mimetype
        assert answer.headers["Content-Disposition"] == (
            f'attachment; filename="learning-schools-compact-2026-wexcombe-partnership.{form}"'
        )


def test_every_form_has_the_published_figures_and_hides_what_the_page_hides(
    world: World, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """F7, on both databases: what is counted after publishing is in none of them."""
    _published(world, app)
    world.signed(1, world.organisation("Late School"), {"pupil-voice": WEAK, "bullying": WEAK})
    head = visit("head@example.org")
    files = {form: head.get(f"/learning/1/school.{form}").response.data for form in FORMS}

    pdf = [
        [cell.text for cell in row.all("TD")]
        for table in Reading(files["pdf"]).whole.all("Table")
        for row in table.all("TR")
    ]
    assert [QUESTION, "1 of 5 (20.00%)", "yes", "0", "4", "1", "0"] in pdf
    assert ["How bullying is looked after", "not shown"] in pdf
    rows = cells_of(files["xlsx"], 3)
    figures = ["1", "5", "20", "yes", "yes", "0", "4", "1", "0"]
    assert ["4", "pupil-voice", QUESTION, *figures] in rows
    assert ["4", "bullying", "How bullying is looked after", *["not shown"] * 9] in rows
    lines = files["csv"].decode("utf-8-sig").splitlines()
    assert "school,4,pupil-voice,how pupil voice is looked after,5,1,20.00,yes" in lines
    assert "school,4,bullying,how bullying is looked after,not shown,,," in lines


def test_the_foreword_and_when_it_was_published_go_with_it(
    world: World, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    _published(world, app, foreword="We thank you 🙂 all.")
    head = visit("head@example.org")

    about = dict(cells_of(head.get("/learning/1/school.xlsx").response.data))
    assert about["Foreword"] == "We thank you 🙂 all."
    assert about["Standing"].startswith("Published on ")
    text = Reading(head.get("/learning/1/school.pdf").response.data).text
    assert "We thank you □ all." in text
    assert about["Standing"] in text


@pytest.mark.parametrize("form", FORMS)
def test_what_is_withdrawn_is_no_more_to_be_had(
    world: World, app: Flask, visit: Callable[[str], Visitor], form: str
) -> None:
    _published(world, app)
    with db.begin_writing(db.open_session(world.engine)) as session:
        session.execute(update(LearningSummary).values(withdrawn_at=making.NOW, why="It was wrong."))
        session.commit()

    assert visit("head@example.org").get(f"/learning/1/school.{form}").status == 404


def test_the_command_writes_each_form_as_the_page_gives_it(
    world: World, app: Flask, visit: Callable[[str], Visitor], compact: Callable[..., Ended], tmp_path: Path
) -> None:
    _published(world, app, foreword="We thank you all.")
    head = visit("head@example.org")

    for form in FORMS:
        file = tmp_path / f"summary.{form}"
        ended = compact("report", "Compact 2026", "school", "--format", form, "--out", file)
        assert (ended.code, ended.out) == (0, "")
        assert file.read_bytes() == head.get(f"/learning/1/school.{form}").response.data


def test_the_command_says_that_a_draft_is_one(
    world: World, app: Flask, visit: Callable[[str], Visitor], compact: Callable[..., Ended], tmp_path: Path
) -> None:
    _schools(world)

    for form in ("html", "pdf"):
        ended = compact("report", "Compact 2026", "school", "--format", form, "--out", tmp_path / form)
        assert (ended.code, ended.out) == (0, "")
        assert "Not published yet" in ended.err
    assert "A draft: not published." in (tmp_path / "html").read_text(encoding="utf-8")
    assert "A draft: not published." in Reading((tmp_path / "pdf").read_bytes()).text


def _schools(world: World) -> int:
    """Five schools of which four answer on bullying; their partnership."""
    partnership = world.partnership()
    cycle = world.cycle(partnership)
    grades = [{"bullying": WEAK, "pupil-voice": GOOD}] * 4 + [{"pupil-voice": WEAK}]
    for number, given in enumerate(grades):
        school = world.organisation(f"School {number}")
        world.signed(cycle, school, dict[str, str | None](given))
        if not number:
            world.person("Head", making.signatory(school))
    return partnership


def _published(world: World, app: Flask, foreword: str = "") -> None:
    """The same, and what was found in them published."""
    partnership = _schools(world)
    world.person("Officer", making.officer(partnership))
    with app.app_context():
        scope.everything("as a test")
        session = db.writing()
        cycle = cycle_by_name(session, "Compact 2026")
        officer = session.scalars(select(Person.id).where(Person.name == "Officer")).one()
        assert cycle is not None
        summary = draft(session, cycle, (), partnership, "school")
        publish(session, cycle.id, partnership, summary, foreword=foreword, by=officer, at=making.NOW)
        session.commit()
