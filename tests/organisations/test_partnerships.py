"""`compact partnerships add` and `set`."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from compact.db import open_session
from compact.organisations import store
from compact.organisations.models import Partnership
from compact.trail.models import TrailEntry
from tests.conftest import Ended

Compact = Callable[..., Ended]


def areas(engine: Engine) -> dict[str, tuple[str, ...]]:
    with open_session(engine) as session:
        return {row.name: row.areas for row in store.partnerships(session)}


def test_a_partnership_with_its_areas_and_contact(compact: Compact, engine: Engine) -> None:
    ended = compact(
        "partnerships",
        "add",
        " Four  Vales ",
        *("--area", "902", "--area", "901", "--area", "902"),
        *(
            "--contact-name",
            "The officers",
            "--contact-email",
            "a@b.example",
            "--contact-phone",
            "01632 960001",
        ),
    )
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "Added Four Vales, which answers for 902, 901\n"
    assert areas(engine) == {"Four Vales": ("901", "902")}
    with open_session(engine) as session:
        contact = session.execute(
            select(Partnership.contact_name, Partnership.contact_email, Partnership.contact_phone)
        ).one()
    assert tuple(contact) == ("The officers", "a@b.example", "01632 960001")


def test_a_contact_is_not_needed(compact: Compact, engine: Engine) -> None:
    assert compact("partnerships", "add", "Vale", "--area", "901").code == 0
    with open_session(engine) as session:
        assert session.scalars(select(Partnership.contact_email)).all() == [None]


def test_every_mistake_is_listed_and_nothing_is_changed(compact: Compact, engine: Engine) -> None:
    compact("partnerships", "add", "Vale", "--area", "901", "--area", "902")
    before = areas(engine)
    ended = compact(
        "partnerships",
        "add",
        "vale",
        *("--area", "902", "--area", "90", "--area", "９０３"),
        "--contact-email",
        "a",
    )
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        "NAME: there is a partnership named Vale already",
        "--area: “90” is not a three-digit code, such as 851",
        "--area: “９０３” is not a three-digit code, such as 851",
        "--area: Vale answers for 902 already",
        "--contact-email: “a” is not an e-mail address",
    ]
    assert areas(engine) == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (" ", "NAME: give the partnership a name"),
        ("a\x07b", "NAME: the name holds a control character"),
        ("n" * 301, "NAME: the name has 301 characters; at most 300 fit"),
    ],
)
def test_names_that_do_not_fit(compact: Compact, engine: Engine, name: str, said: str) -> None:
    ended = compact("partnerships", "add", name, "--area", "901")
    assert (ended.code, ended.err) == (1, f"{said}\n")
    assert areas(engine) == {}


def test_an_area_is_needed(compact: Compact) -> None:
    assert compact("partnerships", "add", "Vale").code == 2


def wanted(engine: Engine) -> dict[str, bool]:
    with open_session(engine) as session:
        return {
            row.name: row.two_people_sign
            for row in session.execute(select(Partnership.name, Partnership.two_people_sign))
        }


def test_two_people_are_wanted_only_where_it_is_set(compact: Compact, engine: Engine) -> None:
    compact("partnerships", "add", "Vale", "--area", "901")
    compact("partnerships", "add", "Moor", "--area", "902")
    assert wanted(engine) == {"Vale": False, "Moor": False}

    on = compact("partnerships", "set", " Vale ", "--two-people-sign", "yes")

    assert (on.code, on.out, on.err) == (0, "", "Vale: two people sign: yes\n")
    assert wanted(engine) == {"Vale": True, "Moor": False}
    assert compact("partnerships", "set", "Vale", "--two-people-sign", "no").code == 0
    assert wanted(engine) == {"Vale": False, "Moor": False}


def test_setting_it_is_on_the_trail_once(compact: Compact, engine: Engine) -> None:
    compact("partnerships", "add", "Vale", "--area", "901")
    compact("partnerships", "set", "Vale", "--two-people-sign", "yes")

    again = compact("partnerships", "set", "Vale", "--two-people-sign", "yes")

    assert again.err == "Vale: two people sign: yes, as before\n"
    with open_session(engine) as session:
        entry = session.scalars(select(TrailEntry)).one()
    assert (entry.what, entry.subject, entry.person_id) == ("partnership set", "partnership 1", None)
    assert entry.detail == '{"two_people_sign":"yes"}'
    assert compact("trail", "verify").code == 0


def test_an_unknown_partnership_is_not_set(compact: Compact) -> None:
    ended = compact("partnerships", "set", "Vale", "--two-people-sign", "yes")

    assert (ended.code, ended.err) == (1, "NAME: there is no partnership named Vale\n")
    assert compact("partnerships", "set", "Vale").code == 2
    assert compact("partnerships", "set", "Vale", "--two-people-sign", "maybe").code == 2
