"""The plan of an organisation: what is due, how it goes on after signing, and into the next round."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from compact.access.values import Grant, Role
from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from compact.cycles import editions as cycle_editions
from compact.cycles.models import Cycle
from compact.organisations.models import Organisation
from compact.questionnaire.reading import edition_of
from compact.returns.rules import Answer
from compact.sign_off.models import SignOff
from compact.trail.models import TrailEntry
from compact.web.texts import clean
from tests import making
from tests.documents.test_sheets import cells_of
from tests.pages import Visitor, words
from tests.school import School
from tests.web.test_hostile_text import TOGETHER, nothing_runs, shown

NOTE = "The staff met twice.\n\nThe next meeting is in May."


@pytest.fixture
def planned(school: School) -> School:
    """A school with a weak grade and an action for it."""
    school.answer_all(bullying="inadequate")
    plan(school, "Train all staff", date(2027, 3, 31))
    return school


def plan(
    school: School,
    what: str,
    due: date,
    status: str = "not_started",
    return_id: int | None = None,
    key: str = "bullying",
) -> int:
    with school.world.session() as session:
        made = actions.add_action(
            session,
            organisation_id=school.organisation,
            return_id=return_id or school.return_id,
            key=key,
            planned=PlannedAction(what, "Deputy head", due, status),
            by=1,
            at=making.NOW,
        )
        session.commit()
        return made


def whole(school: School, rest: str = "") -> str:
    return f"/organisations/{school.organisation}/actions{rest}"


def test_what_is_due_comes_first_and_what_is_done_stands_apart(planned: School) -> None:
    plan(planned, "Long overdue", date(2026, 9, 1))
    plan(planned, "Last week", date(2026, 9, 28), "under_way")
    plan(planned, "Due today", date(2026, 10, 5))
    plan(planned, "All done", date(2026, 1, 1), "done")

    page = planned.head().get(whole(planned))

    headings = [each.get_text() for each in page.soup.select("main h2")]
    order = [each.get_text() for each in page.soup.select("main p.compact-typed")]
    assert headings == ["Overdue (2)", "To come (2)", "Done and embedded (1)"]
    assert order == ["Long overdue", "Last week", "Due today", "Train all staff", "All done"]
    assert "How bullying is looked after" in page.text
    assert "Standard 4: Service development and voice. Raised in Compact 2026." in page.text
    assert "By 1 September 2026, led by Deputy head" in page.text


def test_the_plan_can_be_looked_at_by_how_far_it_is(planned: School) -> None:
    plan(planned, "All done", date(2026, 1, 1), "done")
    head = planned.head()

    done, embedded = head.get(whole(planned, "?status=done")), head.get(whole(planned, "?status=embedded"))

    assert [each.get_text() for each in done.soup.select("main p.compact-typed")] == ["All done"]
    assert done.one("[aria-current=true]:not(a)").get_text() == "Done (1)"
    assert "No action is embedded." in embedded.text
    assert "Train all staff" in head.get(whole(planned, "?status=nonsense")).text


def test_home_and_the_task_list_lead_to_the_plan(planned: School) -> None:
    head = planned.head()

    for page, name in (("/", "The plan of Larkfield School"), (planned.address(), "See the whole plan")):
        assert head.get(page).link(name)["href"] == whole(planned)


def test_how_an_action_goes_on_is_kept_with_who_and_when(planned: School, app: Flask) -> None:
    """D11: dates as people write them."""
    app.config["CLOCK"] = lambda: making.NOW + timedelta(days=31)
    deputy = planned.deputy()
    address = whole(planned, "/1")

    page = deputy.send(deputy.get(address), note=NOTE, status="under_way")

    assert page.banner == ["Your update is saved."]
    latest, first = page.soup.select(".app-history li")
    assert words(latest).startswith("5 November 2026 at 9:30am Sam Deputy How far: before: Not started now: ")
    assert NOTE in latest.get_text()
    assert words(first) == "5 October 2026 at 10:30am Robin Head planned it"


def test_an_update_says_something_and_fits(planned: School) -> None:
    head = planned.head()
    page = head.get(whole(planned, "/1"))

    empty = head.send(page, note="  ")
    long = head.send(page, note="n" * 2_001, impact="i" * 2_001)

    assert empty.summary == ["Write how it goes, or change how far the action is"]
    assert long.summary == ["This is 2,001 characters long; it can have 2,000"] * 2
    assert long.fields()["note"] == "n" * 2_001
    assert "Up to 2,000 characters" in page.text


def test_what_changed_for_children_is_asked_and_not_forced(planned: School) -> None:
    head = planned.head()

    page = head.send(head.get(whole(planned, "/1")), status="done")
    assert page.banner == ["Your update is saved.", "When you can tell, say what changed for children."]

    page = head.send(page, impact="Pupils say whom they would tell.")
    assert page.banner == ["Your update is saved."]
    assert "Pupils say whom they would tell." in head.get(planned.address("/actions")).text


def test_the_plan_goes_on_after_signing_and_the_evidence_stays(planned: School) -> None:
    planned.sign()
    before = _content(planned)
    deputy = planned.deputy()

    page = deputy.send(deputy.get(whole(planned, "/1")), note=NOTE, status="done", impact="Much.")

    assert page.banner[0] == "Your update is saved."
    assert _content(planned) == before
    assert "Much." not in before
    assert "Yes. It was worked out again" in deputy.get(planned.address("/verify")).text


def test_what_changed_is_signed_where_somebody_said_it(planned: School) -> None:
    plan(planned, "Nothing said", date(2027, 4, 1))
    head = planned.head()
    head.send(head.get(whole(planned, "/1")), impact="Pupils say whom they would tell.")

    planned.sign()

    said, unsaid = _content(planned).split('"Nothing said"')[0], _content(planned).count('"impact"')
    assert "Pupils say whom they would tell." in said
    assert unsaid == 1


def test_a_page_from_before_an_update_cannot_sign(planned: School) -> None:
    head, deputy = planned.head(), planned.deputy()
    stale = head.get(planned.address("/sign-off"))
    deputy.send(deputy.get(whole(planned, "/1")), status="done")

    page = head.send(stale, **making.SIGNATURE)

    assert page.banner == ["The return changed after you opened the page. Check it again, then sign."]


def test_c8_a_stale_update_never_overwrites_unseen(planned: School) -> None:
    """C8: both changed how far it is; the second sees what the first left, and keeps the typed text."""
    head, deputy = planned.head(), planned.deputy()
    stale = head.get(whole(planned, "/1"))
    deputy.send(deputy.get(whole(planned, "/1")), status="done", note="All trained.")

    page = head.send(stale, status="under_way", note="Half are trained.")

    assert page.summary == [
        (
            "Somebody else changed how far this action is, or what changed, while you were typing. "
            "Compare, then save yours again"
        )
    ]
    assert "The action as somebody else left it" in page.text
    assert page.fields()["note"] == "Half are trained."
    assert "All trained." in page.text
    again = head.send(page)
    assert again.banner == ["Your update is saved."]
    assert _status(planned) == "under_way"


def test_c8_two_notes_at_once_are_both_kept(planned: School) -> None:
    """C8: a note takes nothing away, and does not turn back what somebody else said meanwhile."""
    head, deputy = planned.head(), planned.deputy()
    stale = head.get(whole(planned, "/1"))
    deputy.send(deputy.get(whole(planned, "/1")), status="done", note="All trained.")

    page = head.send(stale, note="We met as well.")

    assert page.banner[0] == "Your update is saved."
    assert "All trained." in page.text
    assert "We met as well." in page.text
    assert _status(planned) == "done"


def test_c5_two_clicks_are_one_update(planned: School) -> None:
    """C5: the second of two clicks writes nothing; the same words on another day are another note."""
    head = planned.head()
    page = head.get(whole(planned, "/1"))
    for _ in range(2):
        assert head.send(page, note="No change.", status="under_way").banner == ["Your update is saved."]
    head.send(head.get(whole(planned, "/1")), note="No change.")

    with planned.world.session() as session:
        kept = actions.updates_of(session, planned.organisation, 1)
    assert [each.note for each in kept] == ["", "No change.", "No change."]


def test_c8_an_update_of_an_action_that_was_removed_is_given_back(planned: School) -> None:
    """C8: deleting an action another is updating: the second is told and keeps the text."""
    head, deputy = planned.head(), planned.deputy()
    typing, changing = deputy.get(whole(planned, "/1")), deputy.get(planned.address("/actions/1"))
    head.send(head.get(planned.address("/actions/1")), selector="form[action$=remove]")

    page = deputy.send(typing, note="We met twice.")
    changed = deputy.send(changing, what="Train all staff twice.")

    for each, text in ((page, "We met twice."), (changed, "Train all staff twice.")):
        assert each.status == 404
        assert "somebody may have removed it" in each.text
        assert text in each.text


def test_c8_an_action_that_was_updated_meanwhile_is_not_removed(planned: School) -> None:
    """C8: whoever removes an action has seen the last that was said about it."""
    head, deputy = planned.head(), planned.deputy()
    stale = head.get(planned.address("/actions/1"))
    deputy.send(deputy.get(whole(planned, "/1")), note="We met twice.")

    page = head.send(stale, selector="form[action$=remove]")

    assert page.banner == [
        "Somebody else changed this action meanwhile. Look at it again before you remove it."
    ]
    assert "We met twice." in head.get(whole(planned, "/1")).text
    assert head.send(page, selector="form[action$=remove]").banner == ["The action is removed."]


@pytest.mark.parametrize("text", TOGETHER)
def test_e3_c10_whatever_is_written_about_an_action_is_shown_as_typed(planned: School, text: str) -> None:
    """E3, C10: in the history, and where two say different things."""
    head, deputy = planned.head(), planned.deputy()
    stale = head.get(whole(planned, "/1"))

    page = deputy.send(deputy.get(whole(planned, "/1")), note=text, impact=text)
    clash = head.send(stale, impact="<img src=x onerror=alert(1)>")

    assert nothing_runs(page)
    assert nothing_runs(clash)
    assert shown(page).count(clean(text).strip()) == 3  # as it is, what was changed, and the note
    assert clash.fields()["impact"] == "<img src=x onerror=alert(1)>"


def test_what_a_child_is_known_by_is_pointed_out(planned: School) -> None:
    head = planned.head()

    page = head.send(head.get(whole(planned, "/1")), note="See the child born on 3 April 2012.")

    assert "Your update seems to hold a date of birth" in page.banner[1]


def test_an_action_is_carried_into_the_next_round_until_it_is_embedded(planned: School) -> None:
    plan(planned, "Embedded long ago", date(2026, 1, 1), "embedded")
    planned.sign()
    later = _next_return(planned)
    head = planned.head()

    page = head.get(f"/returns/{later}/actions")

    assert "Train all staff" in page.text
    assert "Raised in Compact 2026" in page.text
    assert "Embedded long ago" not in page.text
    assert "Embedded long ago" in head.get(planned.address("/actions")).text
    with planned.world.session() as session:
        kept = actions.action_of(session, planned.organisation, 1)
    assert kept is not None
    assert (kept.id, kept.raised_in) == (1, planned.return_id)


def test_what_is_embedded_answers_no_new_weak_grade(planned: School) -> None:
    planned.sign()
    later = _next_return(planned)
    head = planned.head()
    head.send(head.get(whole(planned, "/1")), status="embedded")

    page = head.get(f"/returns/{later}/check")

    assert any("/actions/new/bullying" in str(each["href"]) for each in page.soup.select(".app-missing a"))


def test_an_action_of_an_earlier_return_says_why_it_cannot_be_removed(planned: School) -> None:
    planned.sign()
    later = _next_return(planned)
    head = planned.head()
    address = f"/returns/{later}/actions/1"

    page = head.get(address)
    assert "was raised in the return for Compact 2026, which holds it, so it cannot be removed" in page.text
    assert not page.soup.select("form[action$=remove]")

    head.post(f"{address}/remove", {"version": "1"})
    assert "Train all staff" in head.get(whole(planned)).text


def test_a_signed_return_does_not_show_what_was_planned_after_it(planned: School) -> None:
    planned.sign()
    later = _next_return(planned)
    plan(planned, "Planned a year later", date(2028, 1, 1), return_id=later)

    assert "Planned a year later" not in planned.head().get(planned.address("/actions")).text


def test_the_plan_leaves_as_a_spreadsheet(planned: School) -> None:
    """F7, D11: the same actions as on the page, the days as days, the notes beside them."""
    plan(planned, "=HYPERLINK(1)", date(2026, 9, 1), "done")
    head = planned.head()
    head.send(head.get(whole(planned, "/1")), note=NOTE)

    response = head.client.get(whole(planned, ".xlsx"))
    only_done = cells_of(head.client.get(whole(planned, ".xlsx?status=done")).data)

    assert response.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "plan-2026-10-05.xlsx" in response.headers["Content-Disposition"]
    header, done, first = cells_of(response.data)
    assert header[:4] == ["Action number", "Standard", "Title of the standard", "Indicator"]
    assert done[4] == "=HYPERLINK(1)"
    assert first[3] == "how bullying is looked after"
    assert int(first[6]) == (date(2027, 3, 31) - date(1899, 12, 30)).days
    assert [row[4] for row in only_done[1:]] == ["=HYPERLINK(1)"]
    progress = cells_of(response.data, 2)
    assert NOTE in [row[4] for row in progress]
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(response.data)).read("xl/worksheets/sheet1.xml").decode()


def test_readers_officers_and_trust_leads_read_only(planned: School, visit: Callable[[str], Visitor]) -> None:
    school = planned.organisation
    governor = planned.world.person("Jo Governor", Grant(Role.READER, organisation_id=school))

    for visitor in (visit(governor), planned.officer()):
        page = visitor.get(whole(planned, "/1"))
        assert "Train all staff" in page.text
        assert not page.soup.select("main form")
        assert visitor.post(whole(planned, "/1"), {"note": "x"}).status == 404


def test_a_plan_that_is_read_from_outside_is_noted_for_the_organisation(planned: School) -> None:
    officer = planned.officer()

    for _ in range(2):
        officer.get(whole(planned))
        officer.client.get(whole(planned, ".xlsx"))

    with planned.world.session() as session:
        noted = [each for each in session.query(TrailEntry) if each.what == "plan read"]
    assert [each.subject for each in noted] == [f"organisation {planned.organisation}"]
    assert "The whole plan Ellis Officer" in planned.head().get(planned.address("/readers")).text


def test_a_partnership_without_a_return_of_the_organisation_reads_no_plan(planned: School) -> None:
    """A6: to work in an area is not enough; its partnership reads what was answered to it."""
    other = planned.world.partnership("Northmoor", areas=("902",))
    email = planned.world.person("Olive North", making.officer(other))

    assert planned.visit(email).get(whole(planned)).status == 404


def test_the_words_of_an_action_are_those_of_its_return(planned: School, app: Flask) -> None:
    """A later edition asks in other words; the action keeps those that it answered."""
    planned.sign()
    later = _next_return(planned)
    _ask_in_other_words(planned, app)
    head = planned.head()

    for page in (head.get(whole(planned)), head.get(whole(planned, "/1"))):
        assert "How bullying is looked after" in page.text
    page = head.get(f"/returns/{later}/actions")
    assert "How bullying is stopped" in page.text
    assert "Compact 2026, where it asked about how bullying is looked after" in page.text
    assert "where it asked" not in head.get(planned.address("/actions")).text


def test_what_is_not_asked_again_is_left_to_the_whole_plan(planned: School) -> None:
    planned.world.profile(planned.return_id, commissions_services=True)
    planned.world.answer(planned.return_id, {"commissioning": Answer("inadequate")})
    plan(planned, "Ask the providers", date(2027, 3, 31), key="commissioning")
    planned.sign()
    later = _next_return(planned)
    head = planned.head()

    assert "Ask the providers" not in head.get(f"/returns/{later}/actions").text
    assert "Ask the providers" in head.get(whole(planned)).text


def test_a_trust_lead_reads_the_plan_of_a_school_that_answered_in_the_trust(
    planned: School, visit: Callable[[str], Visitor]
) -> None:
    trust = planned.world.trust()
    email = planned.world.person("Max Trust", Grant(Role.TRUST_LEAD, trust_id=trust))
    with planned.world.session() as session:
        session.execute(update(Organisation).values(trust_id=trust))
        session.commit()

    assert visit(email).get(whole(planned)).status == 404

    _next_return(planned)
    page = visit(email).get(whole(planned, "/1"))
    assert "Train all staff" in page.text
    assert not page.soup.select("main form")


def _next_return(school: School) -> int:
    later = school.world.started(
        school.world.cycle(1, name="Compact 2027", opens=date(2026, 10, 1)), school.organisation
    )
    school.world.profile(later, commissions_services=False)
    school.world.answer(later, {"bullying": Answer("inadequate")})
    return later


def _ask_in_other_words(school: School, app: Flask) -> None:
    """Let the round of the next return be one of a later edition."""
    texts = {
        name: text.replace("how bullying is looked after", "how bullying is stopped").replace(
            f"edition: '{making.EDITION}'", "edition: '2027'"
        )
        for name, text in making.edition_texts().items()
    }
    later = edition_of("2027", texts, where="tests")
    cycle_editions.init_app(app, {making.EDITION: making.edition(), "2027": later})
    with school.world.session() as session:
        cycle_editions.store_texts(session, later)
        session.execute(update(Cycle).where(Cycle.name == "Compact 2027").values(edition="2027"))
        session.commit()


def _content(school: School) -> str:
    with school.world.session() as session:
        return str(session.query(SignOff.content).filter(SignOff.return_id == school.return_id).scalar())


def _status(school: School) -> str:
    with school.world.session() as session:
        kept = actions.action_of(session, school.organisation, 1)
    assert kept is not None
    return kept.status
