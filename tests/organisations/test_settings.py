"""A partnership's settings: what holds from them, who was first, and what the trail tells."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from compact.cycles.models import Cycle
from compact.mail.models import OutboxMail
from compact.organisations.models import Partnership
from compact.organisations.settings import Settings, as_typed, clashes, parse_settings, told
from compact.returns.models import Return
from compact.trail.models import TrailEntry
from tests import making
from tests.conftest import Ended
from tests.faults.test_signing import at_once, posting, twin
from tests.making import ALL_SCHOOL_KEYS, World
from tests.pages import Page, Visitor

ADDRESS = "/partnerships/1/settings"
KEPT = Settings(
    "Wexcombe Partnership", "The officers", "officers@wexcombe.example", "", 9, two_people_sign=False
)
CHANGED = {
    "name": "Wexcombe and Vale",
    "contact_name": "The office",
    "contact_email": "office@wexcombe.example",
    "contact_phone": "01632 960001",
    "threshold": "12 %",
    "two_people_sign": "yes",
}


@pytest.fixture
def officer(world: World, visit: Callable[[str], Visitor]) -> Visitor:
    partnership = world.partnership()
    return visit(world.person("Ellis Officer", making.officer(partnership)))


def saved(visitor: Visitor, **changes: str) -> Page:
    return visitor.send(
        visitor.get(ADDRESS), **{name.replace("_", "__"): value for name, value in changes.items()}
    )


def kept(world: World) -> Partnership:
    with world.session() as session:
        return session.scalars(select(Partnership).where(Partnership.id == 1)).one()


def entries(world: World) -> list[TrailEntry]:
    with world.session() as session:
        return list(session.scalars(select(TrailEntry).where(TrailEntry.what == "partnership set")))


def test_what_is_saved_holds_on_the_next_page(officer: Visitor, world: World) -> None:
    page = saved(officer, **CHANGED)

    assert page.banner == ["The settings are saved."]
    assert page.fields() | {**CHANGED, "threshold": "12"} == page.fields()
    assert page.one(".compact-header__partnership").text == "Wexcombe and Vale"
    help_line = page.one(".compact-footer__contact").text
    assert "The office" in help_line
    assert "01632 960001" in help_line
    assert "office@wexcombe.example" in officer.get("/privacy").text
    now = kept(world)
    assert (now.name, now.threshold, now.two_people_sign) == ("Wexcombe and Vale", 12, True)


def test_the_trail_tells_who_changed_what_and_never_whom_to_ask(officer: Visitor, world: World) -> None:
    """Section 5: settings are in the trail, once. It stands for ever, so no contact is in it."""
    saved(officer, **CHANGED)
    assert saved(officer).banner == ["Nothing was changed."]

    (entry,) = entries(world)
    assert (entry.subject, entry.person_id) == ("partnership 1", 1)
    assert json.loads(entry.detail) == {
        "changed": "name contact_name contact_email contact_phone threshold two_people_sign",
        "name": "Wexcombe and Vale",
        "threshold": 12,
        "two_people_sign": "yes",
    }


def test_all_that_is_wrong_is_said_and_what_was_typed_stands_there_again(
    officer: Visitor, world: World
) -> None:
    wrong = {"name": " ", "contact_email": "office", "contact_phone": "ring us", "threshold": "100"}

    page = saved(officer, **wrong, contact_name="The office")

    assert page.summary == [
        "Enter the name of the partnership",
        "Enter an e-mail address in the right form, such as name@example.org",
        "Enter a telephone number, such as 023 9284 1234",
        "Enter a whole number of percent from 0 to 99",
    ]
    assert page.fields() | {**wrong, "contact_name": "The office"} == page.fields()
    assert kept(world).contact_name == "The officers"


def test_heads_are_left_one_way_to_ask(officer: Visitor) -> None:
    assert saved(officer, contact_email="").summary == [
        "Enter an e-mail address or a telephone number that heads can turn to"
    ]
    assert saved(officer, contact_email="", contact_phone="01632 960001").banner == [
        "The settings are saved."
    ]


def test_a_name_is_one_partnerships(officer: Visitor, world: World) -> None:
    world.partnership("Northmoor", areas=("902",))

    assert saved(officer, name=" NORTHMOOR").summary == ["There is a partnership named Northmoor already"]


def test_nothing_that_another_officer_saved_is_replaced_unseen(officer: Visitor, world: World) -> None:
    """C2: the second one sees both, field by field, and decides."""
    page = officer.get(ADDRESS)
    saved(officer, contact_phone="01632 960001", threshold="15")

    second = officer.send(page, threshold="20")

    assert second.summary == [
        "Somebody else saved meanwhile: “01632 960001”. Save again to replace it with yours",
        "Somebody else saved meanwhile: “15”. Save again to replace it with yours",
    ]
    assert kept(world).threshold == 15
    officer.send(second, contact__phone="01632 960001")
    assert (kept(world).threshold, kept(world).contact_phone) == (20, "01632 960001")


def test_of_several_at_once_one_is_first_and_the_others_are_told(
    officer: Visitor, world: World, app: Flask
) -> None:
    data = officer.get(ADDRESS).fields()

    answers = at_once(
        [posting(twin(app, officer), ADDRESS, {**data, "threshold": str(each)}) for each in range(20, 26)]
    )

    assert sorted(each.status_code for each in answers) == [200] * 5 + [302]
    assert len(entries(world)) == 1


def test_an_administrator_sets_it_too_and_words_no_mails(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    world.partnership()
    admin = visit(world.person("Admin", making.administrator()))

    page = admin.get(str(admin.get("/people").link("settings of Wexcombe Partnership")["href"]))

    assert "Mails in your own words" not in page.text
    assert admin.send(page, threshold="10").banner == ["The settings are saved."]


def test_a_new_round_offers_the_partnerships_threshold(officer: Visitor, world: World) -> None:
    saved(officer, threshold="12")
    page = officer.get("/cycles/open")
    assert page.fields()["threshold"] == "12"
    typed = {"name": "Compact 2027", "opens": "1 10 2026", "closes": "18 12 2026", "setting": "school"}

    officer.send(page, **typed)
    officer.send(page, **{**typed, "name": "Another", "threshold": "7"})
    officer.send(page, **{**typed, "name": "Third", "threshold": ""})

    with world.session() as session:
        rounds = session.execute(select(Cycle.name, Cycle.threshold).order_by(Cycle.id)).all()
    assert [tuple(each) for each in rounds] == [("Compact 2027", 12), ("Another", 7), ("Third", 12)]


def test_a_round_of_the_command_takes_its_hosts_threshold(
    officer: Visitor, world: World, compact: Callable[..., Ended]
) -> None:
    saved(officer, threshold="12")
    world.partnership("Northmoor", areas=("902",))
    days = ("--edition", "2026", "--opens", "2026-09-01", "--closes", "2026-12-18")
    hosts = ("--partnership", "Northmoor", "--partnership", "Wexcombe Partnership")

    for name, given in (("a", hosts[2:]), ("b", hosts), ("c", (*hosts[2:], "--threshold", "5"))):
        assert compact("cycles", "open", name, *given, *days).code == 0

    with world.session() as session:
        assert list(session.scalars(select(Cycle.threshold).order_by(Cycle.name))) == [12, 9, 5]


def test_two_people_hold_from_the_moment_they_are_wanted(
    officer: Visitor, world: World, visit: Callable[[str], Visitor]
) -> None:
    """2.3.5: set on the page, it holds for a return that was answered before, by page and by direct post."""
    school = world.organisation()
    made = world.started(world.cycle(1), school)
    head = visit(world.person("Robin Head", making.signatory(school)))
    head.post(f"/returns/{made}/profile", {"commissions-services": "no"})
    for number in range(1, 12):
        page = head.get(f"/returns/{made}/standards/{number}")
        grades = {f"{key}-grade": "good" for key in ALL_SCHOOL_KEYS if f"{key}-grade" in page.html}
        head.send(page, **grades)
    signing = head.get(f"/returns/{made}/sign-off")
    assert "You sign as Robin Head" in signing.text

    saved(officer, two_people_sign="yes")

    assert "You cannot sign this return" in head.get(f"/returns/{made}/check").text
    assert "You cannot sign this return" in head.send(signing, **making.SIGNATURE).text
    with world.session() as session:
        assert session.scalars(select(Return.status)).one() == "draft"
    saved(officer, two_people_sign="no")
    head.send(head.get(f"/returns/{made}/sign-off"), **making.SIGNATURE)
    assert head.get(f"/returns/{made}/receipt").status == 200
    with world.session() as session:
        assert session.scalars(select(OutboxMail.text)).one().endswith(making.FOOT)  # the receipt


def test_what_was_kept_is_what_is_typed_again() -> None:
    assert parse_settings(as_typed(KEPT), ()) == KEPT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "x" * 301}, "name"),
        ({"contact_name": "x" * 301}, "contact_name"),
        ({"contact_phone": "1" * 51}, "contact_phone"),
        ({"contact_email": "a b@example.org"}, "contact_email"),
        ({"threshold": "٣"}, "threshold"),
        ({"threshold": "-1"}, "threshold"),
        ({"two_people_sign": ""}, "two_people_sign"),
        ({"two_people_sign": "maybe"}, "two_people_sign"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(changes: dict[str, str], field: str) -> None:
    found = parse_settings(replace(as_typed(KEPT), **changes), ())

    assert isinstance(found, tuple)
    assert [each.field for each in found] == [field]


def test_only_what_differs_clashes() -> None:
    typed = replace(as_typed(KEPT), contact_email="", threshold="9 ")

    assert [(each.field, each.text.split(".")[0]) for each in clashes(typed, KEPT)] == [
        ("contact_email", "Somebody else saved meanwhile: “officers@wexcombe")
    ]
    assert told(KEPT, replace(KEPT, contact_email="")) == {"changed": "contact_email"}
