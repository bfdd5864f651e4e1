"""B1, B2: what was typed is saved after signing in again, whatever that takes; and nothing else is."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.accounts import store
from compact.accounts.models import SignIn
from compact.returns.reading import kept_answers
from compact.returns.rules import Answer
from compact.sign_off.models import SignOff
from tests import making
from tests.pages import Page, Visitor

from .conftest import EMAIL, Account, Clock
from .factors import NOT_RIGHT, Telephone, everything, mailed_codes, noted

EVIDENCE = "We asked all pupils.\nThe <b>record</b> is in the office: “good”, 100% & more."
AGAIN = "Sign in again to save"
OWN, EVIL = "http://localhost", "https://evil.example"


def typed(robin: Account, evidence: str = EVIDENCE) -> dict[str, str]:
    """The form of standard 4, filled in while Robin was signed in."""
    page = robin.sign_in().get(f"{robin.page}/standards/4")
    return {**page.fields(), "bullying-grade": "good", "bullying-evidence": evidence}


def saved(robin: Account) -> str:
    with robin.world.session() as session:
        kept = kept_answers(session, robin.return_id)
    return kept["bullying"].answer.evidence if "bullying" in kept else ""


def sent_signed_out(
    app: Flask, address: str, data: dict[str, str], origin: str = OWN
) -> tuple[Visitor, Page]:
    visitor = Visitor(app)
    return visitor, visitor.open(address, "POST", data=data, headers={"Origin": origin})


def with_password(visitor: Visitor, page: Page) -> Page:
    assert page.h1 == AGAIN
    return visitor.send(page, email=EMAIL, password=making.PASSWORD)


def by_mail(visitor: Visitor, page: Page) -> Page:
    """Press the other button of the page: it asks for a code."""
    address = str(page.one("button[formaction]")["formaction"])
    return visitor.post(address, {**page.fields(), "email": EMAIL})


def test_it_is_saved_after_the_authenticators_code(robin: Account, phone: Telephone, app: Flask) -> None:
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", typed(robin))
    page = with_password(visitor, page)
    assert page.h1 == "Enter the code of your authenticator app"
    page = visitor.send(page, code=phone.wrong_code())
    assert (page.summary, saved(robin)) == ([NOT_RIGHT], "")
    page = visitor.send(page, code="")

    page = visitor.send(page, code=phone.code())

    assert page.status == 200
    assert saved(robin) == EVIDENCE


def test_it_is_saved_after_a_code_by_mail(robin: Account, app: Flask) -> None:
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", typed(robin))
    page = by_mail(visitor, page)
    assert page.h1 == "Look into your mailbox"
    page = visitor.send(page, code="1")
    assert len(page.summary) == 1
    assert saved(robin) == ""

    visitor.send(page, code=mailed_codes(robin.world)[0])

    assert saved(robin) == EVIDENCE


def test_it_is_saved_after_both(robin: Account, phone: Telephone, app: Flask) -> None:
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", typed(robin))
    page = visitor.send(by_mail(visitor, page), code=mailed_codes(robin.world)[0])
    assert saved(robin) == ""

    visitor.send(page, code=phone.recovery[0])

    assert saved(robin) == EVIDENCE


def test_asking_for_a_code_without_an_address_loses_nothing(robin: Account, app: Flask) -> None:
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", typed(robin))
    page = visitor.post(str(page.one("button[formaction]")["formaction"]), {**page.fields(), "email": ""})
    assert page.summary == ["Enter your e-mail address"]

    visitor.send(visitor.send(page, email=EMAIL), code=mailed_codes(robin.world)[0])

    assert saved(robin) == EVIDENCE


def test_a_step_that_is_over_begins_again_and_loses_nothing(
    robin: Account, phone: Telephone, app: Flask, clock: Clock
) -> None:
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", typed(robin))
    page = with_password(visitor, page)
    clock.pass_by(minutes=16)
    page = visitor.send(page, code=phone.code(clock.at))
    assert page.summary == ["The time for this is over. Begin again"]

    visitor.send(with_password(visitor, page), code=phone.code(clock.at))

    assert saved(robin) == EVIDENCE


def test_being_throttled_on_the_way_loses_nothing(robin: Account, app: Flask, clock: Clock) -> None:
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", typed(robin))
    for _ in range(6):
        page = visitor.send(page, email=EMAIL, password="not the password")
    assert page.status == 429
    clock.pass_by(minutes=15)

    with_password(visitor, page)

    assert saved(robin) == EVIDENCE


def test_two_megabytes_are_carried(robin: Account, phone: Telephone, app: Flask) -> None:
    """B6: 400 boxes of 5,000 characters, some of them of three bytes."""
    data = typed(robin, "é" * 20_000)
    data |= {f"box-{number}": ("x" * 4_900 + "密" * 100) for number in range(400)}
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", data)
    page = with_password(visitor, page)
    assert page.fields()["kept.box-399"] == data["box-399"]

    page = visitor.send(page, code=phone.code())

    assert page.status == 200
    assert saved(robin) == "é" * 20_000


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "report.csv; filename=x",
        'a"><script>alert(1)</script>',
        "a[0][]",
        "__proto__",
        "ünïcödé 密码",
        "with space",
        "a\0b",
        "a\r\nb",
        "x" * 3_000,
        "email",
        "next",
    ],
)
def test_odd_names_of_fields_break_nothing(robin: Account, app: Flask, name: str) -> None:
    text = "A text of more than twenty characters."
    elsewhere = robin.world.started(1, robin.world.organisation("Not Theirs"))
    visitor, page = sent_signed_out(
        app, f"/returns/{elsewhere}/standards/4", {name: text, "other": f"{text} 2"}
    )
    assert page.status == 401

    page = with_password(visitor, page)

    assert (page.status, page.h1) == (404, "Not saved")
    given_back = [each.get_text() for each in page.soup.select("main .compact-typed")]
    assert given_back == [text, f"{text} 2"]


def test_repeated_fields_keep_their_order(robin: Account, app: Flask) -> None:
    texts = ["The first of three.", "The second of three.", "The third of three."]
    visitor = Visitor(app)
    page = visitor.open("/returns/999/standards/4", "POST", data={"each": texts})
    # `Page.fields` holds one of each name: what a browser sends is read here field by field.
    carried = [
        (str(each["name"]), str(each.get("value", ""))) for each in page.soup.select("main input[name]")
    ]

    assert [value for name, value in carried if name == "kept.each"] == texts


def test_control_characters_are_cleaned_on_the_way(robin: Account, app: Flask) -> None:
    """B14: what Word leaves in copied text."""
    data = typed(robin, "One\x0bline\0 and\x07 more")
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", data)

    with_password(visitor, page)

    assert saved(robin) == "One\nline\ufffd and\ufffd more"


@pytest.mark.parametrize("next_one", ["//evil.example/x", "/\\evil.example", "https://evil.example", "", "x"])
def test_a_hostile_next_leads_home_and_posts_nothing(robin: Account, app: Flask, next_one: str) -> None:
    """E7."""
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", typed(robin))
    before = everything(robin.world)["answer"]

    data = {**page.fields(), "email": EMAIL, "password": making.PASSWORD}
    answer = visitor.client.post("/sign-in", query_string={"next": next_one}, data=data)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert everything(robin.world)["answer"] == before


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost.evil.example", "http://", "localhost"])
def test_what_another_site_posts_is_never_carried(robin: Account, app: Flask, origin: str) -> None:
    """A forged post finds nobody signed in, as its cookie stays behind; no sign-in may complete it."""
    address, data = f"{robin.page}/standards/4", typed(robin)

    page = sent_signed_out(app, address, data, origin)[1]
    assert (page.status, page.h1) == (401, "Not saved")
    assert page.soup.select("main form") == []

    page = robin.sign_in().open(address, "POST", data=data, headers={"Origin": origin})
    assert (page.status, page.h1) == (400, "Not saved")
    assert page.soup.select("main form") == []
    assert saved(robin) == ""


def test_a_browser_that_names_no_origin_is_believed(robin: Account, app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.open(f"{robin.page}/standards/4", "POST", data=typed(robin))

    with_password(visitor, page)

    assert saved(robin) == EVIDENCE


def test_a_sign_off_comes_back_to_its_page_and_signs_nothing(robin: Account, app: Flask) -> None:
    """4: recent proof belongs to the act itself: the password is typed there."""
    robin.world.answer(
        robin.return_id,
        {key: Answer("good", evidence="A record can be seen.") for key in making.ASKED_SCHOOL_KEYS},
    )
    address = f"{robin.page}/sign-off"
    form = robin.sign_in().get(address)
    assert form.address == address
    data = {**form.fields(), "authority": "own", "confirm": "yes", "password": making.PASSWORD}

    visitor, page = sent_signed_out(app, address, data)
    page = with_password(visitor, page)

    assert (page.address, page.summary) == (address, ["Enter your password"])
    with robin.world.session() as session:
        assert session.scalars(select(SignOff.return_id)).all() == []


def test_a_button_without_any_field_is_pressed_again(robin: Account, app: Flask) -> None:
    visitor, page = sent_signed_out(app, "/account/sign-out-everywhere", {"csrf_token": "x"})
    page = with_password(visitor, page)

    assert (page.status, page.h1, page.banner) == (
        200,
        "Sign in",
        ["You are signed out here and everywhere else."],
    )
    with robin.world.session() as session:
        assert session.scalars(select(SignIn.person_id)).all() == []


def test_no_password_stands_on_the_page_or_is_carried(robin: Account, app: Flask) -> None:
    data = {"old": "My old secret phrase", "password": "My new secret phrase", "code": "My secret code"}

    page = sent_signed_out(app, "/account/password", data)[1]

    assert page.h1 == AGAIN
    assert "secret" not in page.response.text


def test_an_officer_without_an_authenticator_is_given_the_text_back(
    robin: Account, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    email = robin.world.person("Olive Officer", making.officer(1))
    visitor, page = sent_signed_out(
        app, "/learning/1/school/write/foreword", {"text": "It took an hour to write."}
    )

    page = visitor.send(page, email=email, password=making.PASSWORD)

    assert (page.status, page.h1) == (403, "Not saved")
    assert "It took an hour to write." in page.text
    assert noted(robin.world) == ["signed in"]


def test_a_new_role_meanwhile_is_asked_for_its_code_and_the_text_is_given_back(
    robin: Account, app: Flask, phone: Telephone
) -> None:
    robin_id = robin.person_id
    data = typed(robin)
    with robin.world.session() as session:
        store.add_membership(session, robin_id, Grant(Role.ADMINISTRATOR))
        session.commit()
    visitor, page = sent_signed_out(app, f"{robin.page}/standards/4", data)

    visitor.send(with_password(visitor, page), code=phone.code())

    assert saved(robin) == EVIDENCE
