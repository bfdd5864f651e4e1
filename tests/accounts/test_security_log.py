"""Section 5: what an incident will ask for is written down once, and nothing that was typed with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.organisations.models import Partnership
from compact.trail.models import SecurityEntry, TrailEntry
from tests import making
from tests.pages import Visitor

from .conftest import EMAIL, Account, Clock
from .factors import (
    Telephone,
    ask_for_code,
    at_once,
    everything,
    mailed_codes,
    noted,
    other_code,
    person_id,
)

ADMINISTRATOR, OFFICER = "ada.administrator@example.org", "olive.officer@example.org"
SECRET = "A phrase that nobody may ever read"


@dataclass(frozen=True)
class Scene:
    """Robin with an authenticator, a browser that is signed in, an administrator, and a fresh browser."""

    robin: Account
    phone: Telephone
    head: Visitor
    administrator: Visitor
    stranger: Visitor

    def of_robin(self, deed: str) -> None:
        self.administrator.post(f"/administration/people/{self.robin.person_id}/{deed}")

    def sign_in(self, code: str | None = None) -> None:
        page = self.stranger.sign_in(EMAIL, making.PASSWORD)
        self.stranger.send(page, code=code or self.phone.code())

    def guess_a_mailed_code(self) -> None:
        page = ask_for_code(self.stranger, EMAIL)
        self.stranger.send(page, code=other_code(mailed_codes(self.robin.world)[0]))

    def slip(self, times: int) -> None:
        for _ in range(times):
            self.stranger.sign_in(EMAIL, SECRET)


@pytest.fixture
def scene(robin: Account, phone: Telephone, app: Flask, visit: Callable[[str], Visitor]) -> Scene:
    robin.world.person("Ada Administrator", Grant(Role.ADMINISTRATOR), email=ADMINISTRATOR)
    return Scene(robin, phone, visit(EMAIL), visit(ADMINISTRATOR), Visitor(app))


@pytest.fixture
def officer(robin: Account, visit: Callable[[str], Visitor]) -> Visitor:
    """Somebody from outside the school who may read its return."""
    with robin.world.session() as session:
        area = session.execute(select(Partnership.id)).scalar_one()
    robin.world.person("Olive Officer", making.officer(area), email=OFFICER)
    return visit(OFFICER)


Deed = Callable[[Scene], object]

# Each deed with the entries that it leaves, in the log and then in the trail.
DEEDS: dict[str, tuple[Deed, list[str]]] = {
    "sign in": (lambda it: it.sign_in(), ["signed in"]),
    "a recovery code": (lambda it: it.sign_in(it.phone.recovery[0]), ["signed in"]),
    "a wrong password": (lambda it: it.slip(1), ["sign-in failed"]),
    "nobody's address": (lambda it: it.stranger.sign_in("no@example.org", SECRET), ["sign-in failed"]),
    "a wrong second factor": (lambda it: it.sign_in(it.phone.wrong_code()), ["second factor failed"]),
    "one try too many": (lambda it: it.slip(6), ["sign-in failed"] * 5 + ["throttled"]),
    "a code asked for": (lambda it: ask_for_code(it.stranger, EMAIL), ["code asked for"]),
    "for nobody": (lambda it: ask_for_code(it.stranger, "no@example.org"), ["code asked for"]),
    "a wrong mailed code": (lambda it: it.guess_a_mailed_code(), ["code asked for", "sign-in failed"]),
    "sign out": (lambda it: it.head.post("/sign-out"), ["signed out"]),
    "sign out everywhere": (
        lambda it: it.head.post("/account/sign-out-everywhere"),
        ["signed out everywhere"],
    ),
    "a new password": (
        lambda it: it.head.post("/account/password", {"old": making.PASSWORD, "password": SECRET}),
        ["password changed"],
    ),
    "the authenticator removed": (
        lambda it: it.head.post("/account/authenticator/remove", {"code": it.phone.code()}),
        ["authenticator removed"],
    ),
    "a wrong code to remove it": (
        lambda it: it.head.post("/account/authenticator/remove", {"code": it.phone.wrong_code()}),
        ["second factor failed"],
    ),
    "recovery codes": (
        lambda it: it.head.post("/account/recovery-codes", {"code": it.phone.code()}),
        ["recovery codes made anew"],
    ),
    "an address of others": (lambda it: it.head.get(f"/administration/people/{SECRET}"), []),
    "refused": (lambda it: it.head.get("/administration/people/1"), ["refused"]),
    "refused to post": (
        lambda it: it.head.post("/administration/people/1/disable", {"x": SECRET}),
        ["refused"],
    ),
    "refused a random id": (lambda it: it.head.get("/returns/999999"), ["refused"]),
    "sessions ended": (lambda it: it.of_robin("end-sessions"), ["sessions ended by an administrator"]),
    "forgotten": (
        lambda it: it.of_robin("forget-authenticator"),
        ["authenticator removed by an administrator"],
    ),
    "disabled": (lambda it: it.of_robin("disable"), ["account disabled"]),
    "enabled": (lambda it: it.of_robin("enable"), ["account enabled"]),
    "pages of one's own": (lambda it: (it.head.get(it.robin.page), it.head.get("/account")), []),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_is_written_down_once_and_nothing_that_was_typed(scene: Scene, deed: str) -> None:
    """16.2.5: no password, code, token, name or typed text; whose it is, is an id."""
    do, entries = DEEDS[deed]

    do(scene)

    world, phone = scene.robin.world, scene.phone
    assert noted(world) == entries
    rows = everything(world)
    written = "\n".join(rows["security_log"] + rows["trail_entry"])
    for text in (SECRET, making.PASSWORD, EMAIL, "no@example.org", "Robin", phone.secret, *phone.recovery):
        assert text not in written
    for code in (phone.code(), phone.wrong_code(), *mailed_codes(world)):
        assert code not in written


def test_setting_an_authenticator_up_is_written_down(robin: Account) -> None:
    head = robin.sign_in()
    page = head.send(head.get("/account/authenticator"))
    secret = page.one(".compact-key").get_text().replace(" ", "")
    head.send(page, code=Telephone(secret, []).code())

    assert noted(robin.world) == ["authenticator added"]


def test_an_entry_says_who_what_when_and_where_from(scene: Scene, clock: Clock) -> None:
    clock.pass_by(minutes=3)
    scene.head.client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    scene.head.client.environ_base["HTTP_USER_AGENT"] = "A browser\x07 " + "x" * 900
    scene.head.get("/returns/999999/standards/4")

    with scene.robin.world.session() as session:
        entry = session.scalars(select(SecurityEntry)).one()
    assert (entry.at, entry.person_id) == (clock.at, scene.robin.person_id)
    assert entry.about == "GET returns.standard return_id=999999 number=4"
    assert entry.address == "192.0.2.9"
    assert entry.agent.startswith("A browser\ufffd x")
    assert len(entry.agent) == 200


def test_a_refusal_of_what_exists_looks_like_one_of_what_does_not(scene: Scene) -> None:
    """A1: the page gives nothing away; the log says which it was asked for."""
    robin = scene.robin
    other = robin.world.started(1, robin.world.organisation("Not Theirs"))

    there, nowhere = (scene.head.get(f"/returns/{number}") for number in (other, 999_999))

    assert (there.status, there.text) == (nowhere.status, nowhere.text)
    assert noted(robin.world) == ["refused", "refused"]


def test_entries_are_forgotten_after_24_months_at_the_next_sign_in(
    robin: Account, app: Flask, clock: Clock
) -> None:
    Visitor(app).sign_in(EMAIL, SECRET)
    clock.pass_by(days=729, hours=23)
    Visitor(app).sign_in(EMAIL, making.PASSWORD)
    assert noted(robin.world) == ["sign-in failed", "signed in"]
    clock.pass_by(hours=2)
    Visitor(app).sign_in(EMAIL, making.PASSWORD)

    assert noted(robin.world) == ["signed in", "signed in"]


def test_an_administrator_reads_the_log_a_page_at_a_time(scene: Scene) -> None:
    for _ in range(52):
        scene.head.get("/returns/999999")
    page = scene.administrator.get("/administration/security")
    rows = page.soup.select("tbody tr")

    assert len(rows) == 50
    assert "Robin Head refused GET returns.task_list return_id=999999" in rows[0].get_text(" ", strip=True)
    older = scene.administrator.get(str(page.link("Older entries")["href"]))
    assert len(older.soup.select("tbody tr")) == 2
    for before in ("x", "-1", "9" * 15, "1e3"):
        assert scene.administrator.get(f"/administration/security?before={before}").status == 200


def reads(robin: Account) -> list[TrailEntry]:
    with robin.world.session() as session:
        return list(session.scalars(select(TrailEntry).order_by(TrailEntry.sequence)))


def test_a_read_from_outside_is_one_entry_a_day(robin: Account, officer: Visitor, clock: Clock) -> None:
    for rest in ("", "/standards/4", "/check", "/actions", ""):
        assert officer.get(f"{robin.page}{rest}").status == 200

    (entry,) = reads(robin)
    assert (entry.what, entry.subject) == ("return read", f"return {robin.return_id}")
    assert (entry.person_id, entry.at) == (person_id(robin.world, OFFICER), making.NOW)


def test_two_pages_opened_at_the_same_moment_are_one_read(
    robin: Account, officer: Visitor, app: Flask
) -> None:
    cookie = officer.client.get_cookie("session")
    assert cookie is not None
    seen: list[int] = []

    def open_it() -> None:
        tab = Visitor(app)
        tab.client.set_cookie("session", cookie.value)
        seen.append(tab.client.get(robin.page).status_code)

    at_once(*[open_it] * 4)

    assert seen == [200] * 4
    assert len(reads(robin)) == 1


def test_each_reader_and_each_return_has_its_own(
    robin: Account, officer: Visitor, visit: Callable[[str], Visitor]
) -> None:
    second = robin.world.started(1, robin.world.organisation("Otter Vale School"))
    robin.world.person("Otis Officer", making.officer(1), email="otis@example.org")
    for visitor in (officer, visit("otis@example.org")):
        visitor.get(robin.page)
        visitor.get(f"/returns/{second}")

    assert len({(each.person_id, each.subject) for each in reads(robin)}) == len(reads(robin)) == 4


def test_the_organisations_own_people_leave_no_entry(robin: Account) -> None:
    robin.sign_in().get(robin.page)

    assert reads(robin) == []


def test_the_organisation_sees_who_read_it(robin: Account, officer: Visitor) -> None:
    head = robin.sign_in()
    assert "Nobody from outside has opened it." in head.get(f"{robin.page}/readers").text

    officer.get(robin.page)

    link = head.get(robin.page).link("See who from outside has read this return")
    row = head.get(str(link["href"])).one("tbody tr").get_text(" ", strip=True)
    assert row == "5 October 2026 at 10:30am The return Olive Officer Wexcombe Partnership"


@pytest.mark.parametrize(
    ("first", "then", "days"),
    [
        # Summer time: local midnight is 23:00 UTC.
        (datetime(2026, 10, 5, 22, 30, tzinfo=UTC), datetime(2026, 10, 5, 22, 59, tzinfo=UTC), 1),
        (datetime(2026, 10, 5, 22, 59, tzinfo=UTC), datetime(2026, 10, 5, 23, 0, tzinfo=UTC), 2),
        # The night the clocks go back: 25 October has 25 hours, from 23:00 UTC to 24:00 UTC.
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), datetime(2026, 10, 25, 23, 59, tzinfo=UTC), 1),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), datetime(2026, 10, 26, 0, 0, tzinfo=UTC), 2),
        # The night they go forward: 28 March 2027 has 23 hours.
        (datetime(2027, 3, 28, 0, 0, tzinfo=UTC), datetime(2027, 3, 28, 22, 59, tzinfo=UTC), 1),
        (datetime(2027, 3, 28, 22, 59, tzinfo=UTC), datetime(2027, 3, 28, 23, 0, tzinfo=UTC), 2),
    ],
)
def test_a_day_ends_at_local_midnight(
    robin: Account,
    visit: Callable[[str], Visitor],
    officer: Visitor,
    clock: Clock,
    first: datetime,
    then: datetime,
    days: int,
) -> None:
    """D1, D3."""
    for clock.at in (first, then):
        visit(OFFICER).get(robin.page)

    assert len(reads(robin)) == days
