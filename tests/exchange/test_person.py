"""A person's rights: everything held about them, and removing them while what they signed stands."""

import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Text, insert, select

from compact.accounts import invitations
from compact.accounts.invitations import NewInvitation
from compact.accounts.models import Person
from compact.exchange.person import HELD, person_columns
from compact.returns.rules import Answer
from compact.tables import metadata
from compact.trail.models import TrailEntry
from tests import making
from tests.conftest import Ended
from tests.making import World
from tests.school import School

MARKER, ADDRESS = "Marker Quillfeather", "marker@example.org"

Compact = Callable[..., Ended]


def person(school: School) -> int:
    """Somebody who leaves a trace in every room: invited, answering, signing, and named in texts."""
    world = school.world
    world.person(MARKER, making.signatory(school.organisation), email=ADDRESS)
    marker = school.visit(ADDRESS)
    marker.send(marker.get(school.address("/standards/4")), bullying_grade="good", bullying_evidence="Ours")
    rest = [key for key in making.ASKED_SCHOOL_KEYS if key != "bullying"]
    world.answer(school.return_id, {rest[0]: Answer("good", evidence=f"{MARKER} keeps the record.")})
    world.answer(school.return_id, dict.fromkeys(rest[1:], Answer("good")))
    marker.send(
        marker.get(school.address("/sign-off")), authority="own", confirm="yes", password=making.PASSWORD
    )
    with world.session() as session:
        found = session.scalar(select(Person.id).where(Person.email == ADDRESS))
        assert found is not None
        new = NewInvitation(ADDRESS, MARKER, making.contributor(school.organisation))
        invitations.invite(session, new, by=found, base_url="http://localhost", now=making.NOW)
        session.commit()
    return found


def copies(world: World) -> set[tuple[str, str]]:
    """Every place, as (table, column), where the name or the address still stands."""
    with world.session() as session:
        return {
            (table.name, column.name)
            for table in metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, Text)
            for text in session.scalars(select(column))
            if text and (MARKER.lower() in text.lower() or ADDRESS in text.lower())
        }


def test_every_table_that_knows_a_person_is_in_the_export() -> None:
    """A new table with a person in it is not forgotten."""
    assert {table.name for table in metadata.sorted_tables if [*person_columns(table)]} <= set(HELD)


def test_no_credential_is_in_the_export() -> None:
    secret = ("hash", "secret", "token", "code", "password")
    kept = {(table, name) for table, names in HELD.items() for name in names}

    assert {(table, name) for table, name in kept if any(word in name for word in secret)} == set()


def test_the_export_finds_every_copy(school: School, compact: Compact) -> None:
    """M1: a marker person is planted, and the file leads to each copy of them."""
    person(school)

    ended = compact("people", "export", ADDRESS)

    found: dict[str, Any] = json.loads(ended.out)
    led_to = set(found["held"]) | {each["table"] for each in found["mentioned"]}
    assert ended.code == 0
    assert {table for table, _ in copies(school.world)} <= led_to
    assert {"session", "answer", "sign_off", "trail_entry", "membership"} <= led_to
    assert found["held"]["person"][0]["email"] == ADDRESS


def test_ones_own_download_names_no_text_of_an_organisation(school: School) -> None:
    person(school)

    page = school.visit(ADDRESS).get("/account/data")

    assert page.response.mimetype == "application/json"
    assert "attachment" in page.response.headers["Content-Disposition"]
    assert "keeps the record" not in page.response.text
    assert json.loads(page.response.text)["held"]["answer"][0]["key"] == "bullying"


def test_who_is_forgotten_stands_only_in_what_was_signed(
    school: School, compact: Compact, app: Flask
) -> None:
    """J6: the chain and the sign-offs still verify, and show who signed as they were then."""
    marker = person(school)
    browser = school.visit(ADDRESS)
    before = compact("people", "forget", ADDRESS)

    assert (before.code, "only signatory" in before.err) == (0, False)
    assert compact("trail", "verify").code == 0
    left = copies(school.world)
    assert {table for table, _ in left} <= {"sign_off", "answer", "answer_history"}
    assert ("sign_off", "person_name") in left
    assert "mentioned in answer" in before.err
    assert browser.get("/").title == "Sign in"
    assert MARKER in school.head().get(school.address("/receipt")).text
    with school.world.session() as session:
        entry = session.scalar(select(TrailEntry).order_by(TrailEntry.sequence.desc()).limit(1))
        assert entry is not None
        assert (entry.what, entry.subject) == ("person removed", f"person {marker}")


def test_the_last_signatory_is_not_forgotten_before_there_is_another(
    school: School, compact: Compact
) -> None:
    ended = compact("people", "forget", "head@example.org")

    assert ended.code == 1
    assert "only signatory" in ended.err
    assert school.head().get(school.address()).status == 200


def test_a_dry_run_of_forgetting_changes_nothing(school: School, compact: Compact) -> None:
    person(school)
    before = copies(school.world)

    ended = compact("people", "forget", ADDRESS, "--dry-run")

    assert (ended.code, copies(school.world)) == (0, before)


def test_an_administrator_removes_somebody_after_confirming(school: School) -> None:
    marker = person(school)
    school.world.person("Admin", making.administrator(), email="admin@example.org")
    admin = school.visit("admin@example.org")
    page = admin.get(f"/administration/people/{marker}")
    form = "form[action$='/forget']"

    asked = admin.send(page, selector=form)
    done = admin.send(page, selector=form, confirm="yes")

    assert asked.summary == ["Tick the box to remove the person"]
    assert done.banner == ["The person is removed."]
    assert admin.get(f"/administration/people?q={MARKER}").text.endswith(
        "Nobody has that in their name or address."
    )


def test_nobody_is_found_who_is_not_there(compact: Compact) -> None:
    for command in ("export", "forget"):
        assert compact("people", command, "nobody@example.org").code == 1


def test_a_name_with_signs_of_a_pattern_is_looked_for_as_it_stands(school: School, compact: Compact) -> None:
    """E2: % and _ are no jokers."""
    with school.world.session() as session:
        session.execute(
            insert(Person).values(
                email="odd@example.org", name="%", created_at=making.NOW, password_hash=None
            )
        )
        session.commit()

    found = json.loads(compact("people", "export", "odd@example.org").out)

    assert found["mentioned"] == []
