"""Invitations: opened by machines, used up once, forwarded, recalled, taken up."""

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select

from compact.access.values import Role
from compact.accounts.models import Invitation, Membership, Person, SignIn
from compact.mail.models import OutboxMail
from compact.trail.models import SecurityEntry, TrailEntry
from tests.accounts.conftest import Clock, House, at_once
from tests.making import World
from tests.pages import Page, Visitor

GIVEN = {"name": "Alex Newcomb", "job_title": "Bursar", "password": "orange tractor sunday"}
OVER = "This invitation is over"
SOMEBODY = "new@example.org"


class Broken(Exception):  # noqa: N818 - it is what it says
    """The database went away in the middle of something."""


def test_i1_what_opens_a_link_spends_nothing(house: House) -> None:
    """I1: mail scanners open a link, more than once, with and without cookies, before the person does."""
    link, scanner = house.invite(), house.visit("")

    for _ in range(2):
        assert scanner.client.head(link).status_code == 200
        assert scanner.get(link).h1 == "Your invitation"
        assert house.visit("").get(link).status == 200
        assert house.head().get(link).status == 200

    assert house.rows(Invitation.accepted_at, Invitation.recalled_at) == [(None, None)]
    assert _accept(house.visit(""), link).status == 200
    assert house.roles()[SOMEBODY] == "contributor"


def test_i1_a_scanner_that_posts_an_empty_form_makes_no_account(house: House) -> None:
    """I1: one that presses buttons gives no password."""
    link, scanner = house.invite(), house.visit("")

    page = scanner.send(scanner.get(link))

    assert page.summary
    assert SOMEBODY not in house.roles()


def test_i2_used_twice(house: House) -> None:
    """I2: the second time there is a plain page that leads to the sign-in."""
    link = house.invite()
    _accept(house.visit(""), link)

    _is_over(house, link)
    assert len(house.rows(Person.id)) == 5


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 410)])
def test_i2_expired_to_the_second(house: House, clock: Clock, seconds: int, status: int) -> None:
    """I2: 28 days, and not a second more; also for a page that was opened in time."""
    link, visitor = house.invite(), house.visit("")
    page = visitor.get(link)
    clock.pass_by(days=28, seconds=seconds)

    assert visitor.get(link).status == status
    assert visitor.send(page, **GIVEN).status == status
    assert (SOMEBODY in house.roles()) == (status == 200)


def test_i2_of_somebody_whose_account_is_disabled(house: House) -> None:
    """I2: an invitation is no way around that."""
    link = house.invite("deputy@example.org", Role.SIGNATORY)
    house.disable("deputy@example.org")

    _is_over(house, link)
    assert house.roles()["deputy@example.org"] == "contributor"


@pytest.mark.parametrize("token", ["x", "x" * 5_000, "%00", "%ff%fe", "a%0d%0ab", "%F0%9F%98%80", "..%2f"])
def test_i2_a_link_that_is_none(house: House, token: str) -> None:
    visitor = house.visit("")

    assert visitor.get(f"/invitation/{token}").status in (404, 410)
    assert visitor.post(f"/invitation/{token}", GIVEN).status in (404, 410)


@pytest.mark.parametrize("email", [SOMEBODY, "deputy@example.org"])
def test_i4_opened_while_somebody_else_is_signed_in(house: House, email: str) -> None:
    """I2, I4: forwarded, or opened at a shared computer: a choice to sign out, whoever it was for."""
    link, head = house.invite(email, Role.SIGNATORY), house.head()
    before = house.rows(SignIn.token_hash)

    page = head.get(link)

    assert "You are signed in as Robin Head" in page.text
    assert not page.soup.select("main input[type=password]")
    assert "You are signed in as Robin Head" in head.post(link, GIVEN).text
    assert house.roles() == {"head@example.org": "signatory", "deputy@example.org": "contributor"}
    assert house.rows(SignIn.token_hash) == before
    after = head.send(page, then="sign-out")
    assert after.h1 == "Your invitation"
    assert "You are signed in" not in after.text
    assert house.rows(SignIn.token_hash) == []


def test_i4_a_page_opened_before_somebody_else_signed_in_makes_no_account(house: House) -> None:
    """I4: nobody is turned from one person into another without a word."""
    link, visitor = house.invite(), house.visit("")
    page = visitor.get(link)
    visitor.enter("head@example.org")

    assert "You are signed in as Robin Head" in visitor.post(link, {**page.fields(), **GIVEN}).text
    assert SOMEBODY not in house.roles()


def test_i4_who_has_an_account_signs_in_first(house: House) -> None:
    """I4: the link alone, in whose hands it may be, gives no role to an account that is there."""
    link, visitor = house.invite("deputy@example.org", Role.SIGNATORY, job_title="Head"), house.visit("")

    assert visitor.get(link).link("Sign in")["href"] == f"/sign-in?next={link}"
    visitor.post(link, GIVEN)
    assert house.roles()["deputy@example.org"] == "contributor"
    visitor.enter("deputy@example.org")
    page = visitor.send(visitor.get(link))

    assert page.banner == ["You are now signatory for Larkfield School."]
    assert house.roles()["deputy@example.org"] == "signatory"
    assert ("deputy@example.org", "Sam Deputy") in house.rows(Person.email, Person.name)


def test_accepting_makes_the_account_and_signs_in(house: House) -> None:
    visitor, link = house.visit(""), house.invite(role=Role.SIGNATORY, job_title="Clerk")
    visitor.get(link)
    anonymous = visitor.client.get_cookie("session")

    home = _accept(visitor, link)

    assert home.banner == ["Welcome. Your account is ready."]
    new = visitor.client.get_cookie("session")
    assert anonymous is not None
    assert new is not None
    assert new.value != anonymous.value
    assert house.rows(SignIn.proved_by, SignIn.proved_twice) == [("invitation", False)]
    assert (SOMEBODY, "Alex Newcomb") in house.rows(Person.email, Person.name)
    assert ("signatory", "Bursar") in house.rows(Membership.role, Membership.job_title)
    assert house.rows(Invitation.token_hash) == [(None,)]
    assert ("signed in",) in house.rows(SecurityEntry.what)
    assert house.visit("").sign_in(SOMEBODY, GIVEN["password"]).h1 == "Home"


def test_what_was_typed_stays_and_each_problem_leads_to_its_field(house: House) -> None:
    link, visitor = house.invite(), house.visit("")

    page = visitor.send(visitor.get(link), name="", job__title="x" * 301, password="short")

    assert page.target("Enter your name")["id"] == "name"
    assert page.target("The job title has")["id"] == "job_title"
    assert page.fields()["name"] == ""
    assert page.fields()["job_title"] == "x" * 301
    assert page.fields()["password"] == ""
    assert len(page.summary) == 3


def test_taking_an_invitation_up_is_all_or_nothing(house: House, app: Flask, engine: Engine) -> None:
    """J1: whichever statement fails, there is no account, no role, no sign-in, and the link still works."""
    app.config["PROPAGATE_EXCEPTIONS"], app.testing = False, False
    link, failed = house.invite(replaces=house.membership("deputy@example.org")), 0
    before, visitor = _everything(house.world), house.visit("")
    page = visitor.get(link)

    for statement in range(1, 50):
        with _breaking(engine, statement):
            answer = visitor.open(link, "POST", data={**page.fields(), **GIVEN}, follow=False)
        if answer.status != 500:
            break
        failed += 1
        assert _everything(house.world) == before
        assert visitor.get("/").h1 == "Sign in"

    assert failed >= 12
    assert visitor.get("/").banner == ["Welcome. Your account is ready."]
    after = _everything(house.world)
    assert [after[name] - before[name] for name in before] == [1, 0, 1, 1, 1, 1]


def test_two_clicks_at_once_make_one_account(house: House) -> None:
    """C5: the second one finds the link spent; neither is told of an error of ours."""
    link, answers = house.invite(), []
    visitors = [house.visit("") for _ in range(2)]
    pages = [visitor.get(link) for visitor in visitors]

    at_once(
        *(lambda v=v, p=p: answers.append(v.send(p, **GIVEN)) for v, p in zip(visitors, pages, strict=True))
    )

    assert sorted(answer.status for answer in answers) == [200, 410]
    assert [email for (email,) in house.rows(Person.email)].count(SOMEBODY) == 1
    assert house.roles()[SOMEBODY] == "contributor"
    assert [what for what, _, _ in house.trail()] == ["invited", "invitation accepted"]


def test_two_invitations_of_one_address_at_once_make_one_account(house: House) -> None:
    """C5: to two schools; the second click is asked to sign in to the account that the first one made."""
    other = House(house.world, house.partnership, house.world.organisation("Oakfield School"), house.visit)
    links, answers = [house.invite(), other.invite()], []
    visitors = [house.visit("") for _ in links]
    pages = [visitor.get(link) for visitor, link in zip(visitors, links, strict=True)]

    at_once(
        *(lambda v=v, p=p: answers.append(v.send(p, **GIVEN)) for v, p in zip(visitors, pages, strict=True))
    )

    assert [answer.status for answer in answers] == [200, 200]
    assert sorted(answer.h1 == "Your invitation" for answer in answers) == [False, True]
    assert len(house.roles()) + len(other.roles()) == 3


def test_the_token_is_in_the_mail_alone(house: House) -> None:
    """Who reads the database finds its hash, and who looks after the people finds neither."""
    link = house.invite()
    token = link.removeprefix("/invitation/")

    with house.world.session() as session:
        for table in Invitation.metadata.sorted_tables:
            for row in session.execute(select(table)):
                held = [name for name, value in row._mapping.items() if token in str(value)]
                assert held == (["secret"] if table.name == "outbox" else []), table.name
        assert len(session.scalars(select(Invitation.token_hash)).one() or "") == 64
    page = house.head().get(house.page)
    assert token not in page.response.get_data(as_text=True)
    assert "http://localhost/invitation/[only in the mail itself]" in page.text


def test_the_page_of_a_link_tells_nobody_its_address(house: House) -> None:
    answer = house.visit("").get(house.invite()).response

    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("days", [0, 30])
def test_inviting_again_takes_the_place_of_the_earlier_one(house: House, clock: Clock, days: int) -> None:
    """The earlier link is worth nothing, its mail is not sent, and the list shows one; a late one too."""
    earlier = house.invite()
    clock.pass_by(days=days)
    house.head().post(house.page, _form(role="reader"))

    _is_over(house, earlier)
    assert house.rows(OutboxMail.id, OutboxMail.last_error) == [(1, "recalled"), (2, None)]
    assert len(house.head().get(house.page).soup.select("form[action$='/recall']")) == 1
    _accept(house.visit(""), house.link())
    assert house.roles()[SOMEBODY] == "reader"


def test_i3_sent_to_a_wrong_address_and_recalled(house: House) -> None:
    """I3: the mail that waits is not sent, and its link leads nowhere."""
    link, head = house.invite("wrong@example.org"), house.head()

    page = head.send(head.get(house.page), selector="form[action$='/recall']")

    assert page.banner == ["The invitation to wrong@example.org is recalled. Its link leads nowhere now."]
    assert house.rows(OutboxMail.secret, OutboxMail.next_try_at, OutboxMail.last_error) == [
        (None, None, "recalled")
    ]
    assert "wrong@example.org" not in page.text.replace(page.banner[0], "")
    _is_over(house, link)
    assert [what for what, _, _ in house.trail()] == ["invited", "invitation recalled"]


def test_a_recall_that_comes_too_late_says_so(house: House) -> None:
    link, head = house.invite(), house.head()
    page = head.get(house.page)
    _accept(house.visit(""), link)

    page = head.send(page, selector="form[action$='/recall']")

    assert page.banner == ["The invitation to new@example.org was accepted or recalled already."]
    assert house.roles()[SOMEBODY] == "contributor"


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.READER, Role.SIGNATORY])
def test_a_role_is_replaced_and_not_doubled(house: House, role: Role) -> None:
    _accept_as(house, "deputy@example.org", role)

    assert house.roles() == {"head@example.org": "signatory", "deputy@example.org": role.value}


def test_a_signatory_is_never_lowered_by_an_invitation(house: House) -> None:
    page = _accept_as(house, "head@example.org", Role.READER, job_title="Chair")

    assert page.banner == ["You are now signatory for Larkfield School."]
    assert house.roles()["head@example.org"] == "signatory"
    assert ("signatory", "Headteacher") in house.rows(Membership.role, Membership.job_title)
    assert house.trail()[-1][2]["role"] == "signatory"


def _accept(visitor: Visitor, link: str) -> Page:
    return visitor.send(visitor.get(link), **{name.replace("_", "__"): text for name, text in GIVEN.items()})


def _accept_as(house: House, email: str, role: Role, **more: str) -> Page:
    link, visitor = house.invite(email, role, **more), house.visit(email)
    return visitor.send(visitor.get(link))


def _is_over(house: House, link: str) -> None:
    visitor = house.visit("")
    for page in (visitor.get(link), visitor.post(link, GIVEN), house.head().get(link)):
        assert (page.status, page.h1) == (410, OVER)


def _form(**changes: str) -> dict[str, str]:
    return {"email": SOMEBODY, "name": "Alex New", "role": "contributor", **changes}


def _everything(world: World) -> dict[str, int]:
    """How many rows there are of all that accepting writes."""
    counted = (Person, Membership, SignIn, TrailEntry, SecurityEntry)
    with world.session() as session:
        counts = {
            each.__tablename__: session.scalar(select(func.count()).select_from(each)) or 0
            for each in counted
        }
        spent = select(func.count()).where(Invitation.accepted_at.is_not(None))
        return {**counts, "spent": session.scalar(spent) or 0}


class _breaking:  # noqa: N801 - it reads as a deed
    """Let the statement with this number of a writing transaction fail, and what it had done before."""

    def __init__(self, engine: Engine, number: int) -> None:
        self.engine, self.number, self.seen = engine, number, 0

    def __enter__(self) -> None:
        event.listen(self.engine, "after_cursor_execute", self._note)

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "after_cursor_execute", self._note)

    def _note(self, *_statement: object) -> None:
        self.seen += 1
        if self.seen == self.number:
            raise Broken
