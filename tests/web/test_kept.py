"""A post that cannot be taken changes nothing, says why, and gives back what was typed."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import delete

from compact.accounts.models import Membership, SignIn
from compact.actions.rules import STATUSES
from compact.returns.reading import kept_answers
from compact.returns.rules import Answer
from tests import making
from tests.pages import Page, Visitor
from tests.school import School

from .conftest import Stored

EVIDENCE = "We asked all pupils.\nThe <b>record</b> is in the office."
ACTION = {
    "key": "bullying",
    "what": "Ask the pupils",
    "lead": "Deputy head",
    "due": "31 3 2027",
    "status": next(iter(STATUSES)),
}


def typed(page: Page) -> dict[str, str]:
    """The form of standard 4, filled in."""
    return {**page.fields(), "bullying-grade": "good", "bullying-evidence": EVIDENCE}


def returned(page: Page) -> list[str]:
    """The texts that a page gives back."""
    return [each.get_text() for each in page.soup.select("main .compact-typed")]


def post(visitor: Visitor, address: str, data: dict[str, str]) -> Page:
    """Post as it stands, without the token that `Visitor.post` would add."""
    return visitor.open(address, "POST", data=data)


def saved(school: School) -> str:
    """What is kept as the evidence of the one answer that these tests give."""
    kept = kept_answers(school.world.session(), school.return_id)
    return kept["bullying"].answer.evidence if "bullying" in kept else ""


def sign_in_again(visitor: Visitor, page: Page) -> Page:
    assert page.h1 == "Sign in again to save"
    return visitor.send(page, email="head@example.org", password=making.PASSWORD)


def test_a_save_without_its_token_changes_nothing_and_keeps_the_text(
    school: School, stored: Callable[[], Stored]
) -> None:
    """B2: never a bare 400."""
    head, address = school.head(), school.address("/standards/4")
    data = typed(head.get(address))
    before = stored()

    for token in (None, "", "x", "IjAi.aaaa.bbbb"):
        sent = {**data, "csrf_token": token} if token is not None else data
        sent = {name: text for name, text in sent.items() if token is not None or name != "csrf_token"}
        page = post(head, address, sent)

        assert (page.status, page.h1) == (400, "Sign in again to save")
        assert returned(page) == [EVIDENCE]
    assert stored() == before


def test_a_save_with_the_token_of_an_earlier_sign_in_is_completed_after_signing_in(school: School) -> None:
    """B2: signed out and in again in another window, while somebody typed."""
    head, address = school.head(), school.address("/standards/4")
    data = typed(head.get(address))
    head.send(head.get("/"), selector="header form")
    head.sign_in("head@example.org", making.PASSWORD)

    page = sign_in_again(head, post(head, address, data))

    assert page.status == 200
    assert saved(school) == EVIDENCE


def test_another_persons_token_is_no_token(school: School, stored: Callable[[], Stored]) -> None:
    head, address = school.head(), school.address("/standards/4")
    data = {**typed(head.get(address)), "csrf_token": school.deputy().token()}
    before = stored()

    assert post(head, address, data).status == 400
    assert stored() == before


def test_a_token_is_good_for_as_long_as_the_sign_in(school: School, app: Flask) -> None:
    """B2: no token grows too old while somebody types."""
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None


def test_every_kind_of_post_wants_its_token(school: School, stored: Callable[[], Stored]) -> None:
    head, officer = school.head(), school.officer()
    before = stored()
    posts = {
        "/profile": {"commissions-services": "yes"},
        "/standards/4": {"bullying-grade": "good"},
        "/actions": ACTION,
        "/sign-off": {"confirm": "yes", "password": "x"},
    }

    seen = {rest: post(head, school.address(rest), data).status for rest, data in posts.items()}
    published = post(officer, f"/learning/{school.cycle}/school/write/foreword", {"text": "Mine"}).status
    reopened = post(officer, school.address("/reopen"), {"reason": "A mistake"}).status
    signed_out = post(head, "/sign-out", {}).status

    assert set(seen.values()) | {published, reopened, signed_out} == {400}
    assert head.get(school.address()).status == 200
    assert stored() == before


def test_a_save_after_the_session_is_gone_is_completed_by_signing_in_again(
    school: School, stored: Callable[[], Stored]
) -> None:
    """B1, B11, A8: the sign-in was ended elsewhere, or its time was over, while somebody typed."""
    head, address = school.head(), school.address("/standards/4")
    data = typed(head.get(address))
    before = stored()
    with school.world.session() as session:
        session.execute(delete(SignIn))
        session.commit()

    page = post(head, address, data)

    assert page.status == 401
    assert returned(page) == [EVIDENCE]
    assert stored() == before
    assert sign_in_again(head, page).status == 200
    assert saved(school) == EVIDENCE


def test_a_wrong_password_on_the_way_loses_nothing(school: School, app: Flask) -> None:
    """B1: nor does a second wrong one."""
    address = school.address("/standards/4")
    data = typed(school.head().get(address))
    visitor = Visitor(app)

    page = post(visitor, address, data)
    for _ in range(2):
        page = visitor.send(page, email="head@example.org", password="not the password")
        assert page.summary == ["The e-mail address or the password is not right"]
    sign_in_again(visitor, page)

    assert saved(school) == EVIDENCE


def test_a_save_without_any_cookie_is_completed_by_signing_in(
    school: School, app: Flask, stored: Callable[[], Stored]
) -> None:
    """B1. A browser drops the cookie when it is closed, and one of yesterday is not read any more."""
    address = school.address("/standards/4")
    data = typed(school.head().get(address))
    before = stored()
    visitor = Visitor(app)

    page = post(visitor, address, data)

    assert (page.status, returned(page)) == (401, [EVIDENCE])
    assert stored() == before
    sign_in_again(visitor, page)
    assert saved(school) == EVIDENCE


def test_somebody_else_who_signs_in_there_saves_nothing_of_it(
    school: School, app: Flask, stored: Callable[[], Stored]
) -> None:
    """M4: a shared computer. The text goes to a return that is not theirs: it does not exist for them."""
    address = school.address("/standards/4")
    data = typed(school.head().get(address))
    school.world.person("Other", making.signatory(school.world.organisation("Other")), email="o@example.org")
    before, visitor = stored(), Visitor(app)

    page = visitor.send(post(visitor, address, data), email="o@example.org", password=making.PASSWORD)

    assert (page.status, page.h1) == (404, "Not saved")
    assert stored() == before


def test_no_password_is_carried_through_a_sign_in(school: School, app: Flask) -> None:
    page = post(Visitor(app), school.address("/sign-off"), {"confirm": "yes", "password": "My secret phrase"})

    assert page.status == 401
    assert page.fields()["kept.confirm"] == "yes"
    assert "My secret phrase" not in page.response.text


def test_a_save_after_the_role_is_gone_gives_the_text_back(
    school: School, stored: Callable[[], Stored]
) -> None:
    """A8. It is not found, as if it had never been there."""
    head, address = school.head(), school.address("/standards/4")
    data = typed(head.get(address))
    with school.world.session() as session:
        session.execute(delete(Membership))
        session.commit()
    before = stored()

    page = post(head, address, data)

    assert (page.status, page.h1) == (404, "Not saved")
    assert "Larkfield" not in page.response.text
    assert returned(page) == [EVIDENCE]
    assert stored() == before


def test_an_action_that_a_colleague_removed_meanwhile_gives_the_text_back(school: School) -> None:
    """C8."""
    school.world.answer(school.return_id, {"bullying": Answer("inadequate")})
    head, deputy = school.head(), school.deputy()
    listed = head.post(school.address("/actions"), ACTION)
    address = str(listed.link("Change")["href"])
    form = head.get(address)
    deputy.post(f"{address}/remove", {"version": "1"})

    page = head.send(form, what="Ask the pupils and the parents")

    assert (page.status, page.h1) == (404, "Not saved")
    assert returned(page)[0] == "Ask the pupils and the parents"


def clash(school: School) -> tuple[Visitor, dict[str, str]]:
    """Both of standard 4's answers were changed by a colleague: the head sees the two versions of each."""
    head, deputy, address = school.head(), school.deputy(), school.address("/standards/4")
    seen = head.get(address)
    theirs = {"bullying_evidence": "Theirs, one", "pupil_voice_evidence": "Theirs, two"}
    deputy.send(deputy.get(address), bullying_grade="good", pupil_voice_grade="good", **theirs)
    mine = {"bullying_evidence": "Mine, one", "pupil_voice_evidence": "Mine, two"}
    page = head.send(seen, bullying_grade="inadequate", pupil_voice_grade="inadequate", **mine)
    return head, {**page.fields(), "keep-theirs": "bullying"}


def test_keeping_one_answer_of_theirs_does_not_overwrite_another(school: School) -> None:
    head, data = clash(school)

    page = post(head, school.address("/standards/4"), data)

    assert "Theirs, two" in page.text
    assert page.fields()["pupil-voice-evidence"] == "Mine, two"


def test_keeping_their_answer_loses_no_text_that_is_still_too_long(school: School) -> None:
    head, data = clash(school)

    page = post(head, school.address("/standards/4"), {**data, "pupil-voice-evidence": "y" * 20_001})

    assert page.fields()["pupil-voice-evidence"] == "y" * 20_001
    assert page.fields()["bullying-evidence"] == "Theirs, one"

    page = head.send(page, pupil_voice_evidence="Mine, two")
    assert "Theirs, two" in page.text


def test_a_password_is_never_given_back(school: School) -> None:
    head = school.head()
    school.world.answer(school.return_id, {"bullying": Answer("good")})

    page = post(head, school.address("/sign-off"), {"confirm": "yes", "password": "My secret pass phrase"})

    assert page.status == 400
    assert returned(page) == []
    assert "My secret pass phrase" not in page.response.text


def test_what_was_chosen_is_not_given_back_as_if_it_were_typed(school: School) -> None:
    head = school.head()
    data = {**ACTION, "key": "designated-lead-for-safeguarding", "what": "Yes.", "version": "12"}

    school.world.clear(Membership)

    page = head.open(school.address("/actions"), "POST", data={**data, "csrf_token": head.token()})

    assert returned(page) == ["Yes.", "Deputy head", "31 3 2027"]


def test_every_text_is_given_back_as_it_was_typed(school: School) -> None:
    head = school.head()
    texts = [
        "</div><script>alert(1)</script>",
        "{{ 7*7 }} {% raw %}",
        "e\u0301 and é",
        "\u202eabc",
        "ends \n\n",
    ]
    data = {f"evidence-{number}": text for number, text in enumerate(texts)}
    school.world.clear(Membership)

    page = post(head, school.address("/standards/4"), {**data, "csrf_token": head.token()})

    assert returned(page) == texts
    assert page.soup.select("main script") == []
