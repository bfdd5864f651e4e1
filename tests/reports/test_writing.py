"""What officers write for a summary: kept, not lost, and in the next number."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from compact.reports.models import LearningSummary, SummaryText
from compact.reports.summary import Summary
from tests.making import World
from tests.pages import Visitor, words
from tests.prepared import Prepared
from tests.publishing import publish, write
from tests.reports.making import ADDRESS, GOOD, WEAK, schools

Visit = Callable[[str], Visitor]

FLAGGED = [{"bullying": WEAK}] * 2 + [{"bullying": GOOD}] * 4


@pytest.fixture
def officer(world: World, prepared: Prepared, visit: Visit) -> Visitor:
    prepared.on(world, _flagged)
    return visit("officer@example.org")


def _flagged(world: World) -> None:
    schools(world, FLAGGED)


def test_each_text_is_kept_for_itself_and_nothing_is_published(officer: Visitor, visit: Visit) -> None:
    page = write(officer, ADDRESS, "foreword", "Thank you all.")

    assert page.banner == ["“Foreword” is saved. Nothing is published yet."]
    statuses = {words(each) for each in page.soup.select("[id^=texts-][id$=-status]")}
    assert statuses == {"Written", "Optional"}
    colleague = visit("colleague@example.org").get(f"{ADDRESS}/write/foreword")
    assert colleague.fields()["text"] == "Thank you all."
    assert "Saved on 5 October 2026 at 10:30am by Officer." in colleague.text
    assert visit("head@example.org").get(ADDRESS).status == 404


def test_the_limit_stands_on_the_page_before_anything_is_typed(officer: Visitor) -> None:
    """B6: a clear limit before typing."""
    for place, limit in (("foreword", "5000"), ("actions", "5000"), ("note-bullying", "1000")):
        page = officer.get(f"{ADDRESS}/write/{place}")
        assert f"You can enter up to {limit} characters" in page.text


def test_of_two_officers_the_second_sees_the_firsts_text_beside_her_own(
    officer: Visitor, visit: Visit, world: World
) -> None:
    """C2, C10: neither text is lost, and neither is more than text."""
    colleague = visit("colleague@example.org")
    shown = colleague.get(f"{ADDRESS}/write/actions")
    write(officer, ADDRESS, "actions", "We train <i>everybody</i>.")

    page = colleague.send(shown, text="We <b>write</b> to all.")

    assert page.summary == [
        "Another officer has changed this text while you were typing. Compare, then save yours again"
    ]
    assert words(page.one(".compact-typed")) == "We train <i>everybody</i>."
    assert page.fields()["text"] == "We <b>write</b> to all."
    assert _texts(world) == {"actions": ("We train <i>everybody</i>.", 1)}
    colleague.send(page, text="We train everybody and write to all.")
    assert _texts(world) == {"actions": ("We train everybody and write to all.", 2)}


def test_a_made_up_version_overwrites_nothing(officer: Visitor, world: World) -> None:
    write(officer, ADDRESS, "actions", "We train.")

    for version in ("", "0", "-1", "2", "x", "9" * 40):
        officer.post(f"{ADDRESS}/write/actions", {"text": "Mine", "version": version})

    assert _texts(world) == {"actions": ("We train.", 1)}


def test_the_second_of_two_clicks_saves_nothing_new(officer: Visitor, world: World) -> None:
    shown = officer.get(f"{ADDRESS}/write/foreword")

    first, second = (officer.send(shown, text="Thank you.") for _ in range(2))

    assert first.h1 == second.h1 == "Publish the learning summary: Schools"
    assert _texts(world) == {"foreword": ("Thank you.", 1)}


def test_a_text_that_is_too_long_is_shown_again_with_the_version_that_was_read(
    officer: Visitor, visit: Visit
) -> None:
    """Else a text too long would count as having seen what a colleague saved meanwhile."""
    shown = officer.get(f"{ADDRESS}/write/note-bullying")
    write(visit("colleague@example.org"), ADDRESS, "note-bullying", "Ask the hub.")

    page = officer.send(shown, text="x" * 1_001)

    assert page.summary == ["The note is 1,001 characters long; it can have 1,000"]
    again = officer.send(page, text="Ask me.")
    assert "Ask the hub." in again.text
    assert again.fields()["text"] == "Ask me."


def test_there_is_a_page_for_each_indicator_and_for_no_other_word(officer: Visitor) -> None:
    assert officer.get(f"{ADDRESS}/write/note-bullying").status == 200
    for place in ("note-", "note-nothing", "bullying", "x", "note-%00"):
        assert officer.get(f"{ADDRESS}/write/{place}").status == 404
    assert officer.get("/learning/1/nothing/write/foreword").status == 404


def test_what_was_written_is_in_the_published_values(officer: Visitor, world: World) -> None:
    write(officer, ADDRESS, "actions", "We train everybody.")
    write(officer, ADDRESS, "note-bullying", "Ask the hub.")
    write(officer, ADDRESS, "note-conduct", "Nobody needs this.")

    publish(officer, 1)

    with world.session() as session:
        summary = Summary.model_validate_json(session.scalars(select(LearningSummary.values)).one())
    assert summary.actions == "We train everybody."
    assert [(each.key, each.note) for each in summary.advice] == [("bullying", "Ask the hub.")]


def test_a_note_that_has_no_advice_to_stand_beside_is_kept_and_named(officer: Visitor) -> None:
    page = write(officer, ADDRESS, "note-conduct", "Kept for later.")

    assert "Kept, but not in this number" in page.text
    assert page.link("a note on how conduct is looked after")


def test_the_preview_is_what_readers_get_and_says_that_it_is_none(officer: Visitor, visit: Visit) -> None:
    write(officer, ADDRESS, "foreword", "Thank you all.")
    preview = officer.get(f"{ADDRESS}/preview")

    publish(officer, 1)

    read = visit("head@example.org").get(ADDRESS)
    assert preview.h1 == read.h1
    assert str(preview.one(".app-summary")) == str(read.one(".app-summary"))
    assert words(preview.one(".compact-typed")) == words(read.one(".compact-typed"))
    assert "Preview" in preview.text
    assert "Preview" not in read.text


def _texts(world: World) -> dict[str, tuple[str, int]]:
    with world.session() as session:
        rows = session.execute(select(SummaryText.place, SummaryText.text, SummaryText.version))
        return {row.place: (row.text, row.version) for row in rows}
