"""What a sign-off holds of the signature itself: capacity, proof, origin; and as they were, for good."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from compact.accounts.models import Membership, Person
from compact.returns.models import Exception_, Return
from compact.sign_off import evidence
from compact.sign_off.models import SignOff
from compact.trail.models import ChainHead
from compact.trail.store import FIRST_HASH, canonical, sha256
from tests import making
from tests.conftest import Ended
from tests.making import ASKED_SCHOOL_KEYS, SIGNATURE
from tests.school import School

DELEGATE = {
    "authority": "delegate",
    "authority__name": " Jo  Farrow",
    "authority__job__title": "Chair of governors",
}
FOR_JO = "Robin Head, Headteacher, on behalf of Jo Farrow, Chair of governors"


def content_of(school: School) -> dict[str, Any]:
    with school.world.session() as session:
        content: dict[str, Any] = json.loads(session.scalars(select(SignOff.content)).one())
    return content


def test_the_capacity_is_asked_and_never_chosen_beforehand(school: School) -> None:
    school.answer_all()

    page = school.head().get(school.address("/sign-off"))

    assert "authority" not in page.fields()
    assert "In my own right, as Headteacher" in page.text
    assert page.one("#conditional-authority-2").select("input[name=authority_name]")


def test_who_signs_in_their_own_right_is_shown_so(school: School) -> None:
    school.answer_all()

    page = school.sign()

    assert content_of(school)["authority"] == {"kind": "own"}
    for shown in (page, school.officer().get(school.address("/verify"))):
        assert "Robin Head, Headteacher, in their own right" in shown.text


def test_who_signs_for_somebody_accountable_names_them(school: School) -> None:
    school.answer_all()

    page = school.sign(**DELEGATE)

    of = {"name": "Jo Farrow", "job_title": "Chair of governors"}
    assert content_of(school)["authority"] == {"kind": "delegate", "of": of}
    for shown in (page, school.officer().get(school.address("/verify"))):
        assert FOR_JO in shown.text


def test_a_delegate_who_names_nobody_gets_back_what_was_typed(school: School) -> None:
    school.answer_all()

    page = school.sign(**{**DELEGATE, "authority__name": " ", "password": ""})

    assert page.summary == ["Enter the name of the person you sign for", "Enter your password"]
    assert page.target("Enter the name")["name"] == "authority_name"
    assert page.fields()["authority"] == "delegate"
    assert page.fields()["authority_job_title"] == "Chair of governors"


def test_names_are_shown_as_typed(school: School) -> None:
    """E1."""
    school.answer_all()

    page = school.sign(**{**DELEGATE, "authority__name": "<b>Jo</b> {{ 7*7 }}"})

    assert "on behalf of <b>Jo</b> {{ 7*7 }}, Chair of governors" in page.text


def test_the_content_says_how_and_from_where_it_was_signed(school: School) -> None:
    school.answer_all()
    head = school.head()
    form = head.get(school.address("/sign-off")).fields()

    head.client.post(
        school.address("/sign-off"),
        data={**form, **SIGNATURE},
        headers={"User-Agent": "Browser \x07 one \t two" + " x" * 200},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )

    content = content_of(school)
    assert content["format"] == "compact-sign-off-2"
    assert content["application"] == {"version": evidence.VERSION}
    assert content["proof"] == {"method": "password", "at": "2026-10-05T09:30:00+00:00"}
    assert content["origin"]["address"] == "192.0.2.7"
    assert content["origin"]["browser"].startswith("Browser \ufffd one two x x")
    assert len(content["origin"]["browser"]) == 200


def test_exceptions_are_signed_and_verified(school: School) -> None:
    _except(school, "bullying", "outstanding")
    school.answer_all()
    school.sign()

    signed = {"partnership_id": 1, "partnership": "Wexcombe Partnership", "key": "bullying"}
    assert content_of(school)["exceptions"] == [
        {**signed, "grade": "outstanding", "not_applicable": False, "note": "Only there."}
    ]
    assert "Yes." in school.head().get(school.address("/verify")).text
    with school.world.session() as session:
        session.execute(update(Exception_).values(grade="good"))
        session.commit()
    page = school.head().get(school.address("/verify"))
    assert "No. The exceptions kept are not those that were signed." in page.text


def test_a_signer_who_is_renamed_and_leaves_shows_as_at_signing(school: School) -> None:
    school.answer_all()
    school.sign()
    with school.world.session() as session:
        head = Person.email == "head@example.org"
        session.execute(update(Person).where(head).values(name="Robin Other", disabled_at=making.NOW))
        session.execute(update(Membership).values(job_title="Caretaker"))
        session.commit()

    for rest in ("/receipt", "/verify"):
        page = school.officer().get(school.address(rest))
        assert "Robin Head, Headteacher, in their own right" in page.text
        assert "Robin Other" not in page.text
        assert "No." not in page.text


@pytest.fixture
def old(school: School) -> School:
    """A school whose return was signed by an earlier version, which wrote the first format."""
    cycle = school.world.cycle(1, name="Earlier")
    return_id = school.world.signed(cycle, school.organisation, dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))
    signatory = {"person_id": 1, "name": "Robin Head", "job_title": "Headteacher", "role": "Signatory"}
    answer = {"grade": "good", "not_applicable": False, "reason": "", "evidence": ""}
    content = {
        "format": "compact-sign-off-1",
        "previous_hash": FIRST_HASH,
        "signed_at": "2026-10-05T10:30:00+00:00",
        "return": {"id": return_id, "number": 1, "cycle": "Earlier", "version": 1},
        "organisation": {"name": "Larkfield School"},
        "signatory": signatory,
        "statement": {"version": "1", "text": ["It is true."]},
        "answers": [{"key": key, "standard": 1, **answer} for key in ASKED_SCHOOL_KEYS],
    }
    _write(school, return_id, canonical(content))
    return School(school.world, cycle, school.organisation, return_id, school.visit)


def test_what_an_earlier_version_signed_still_verifies(old: School, compact: Callable[..., Ended]) -> None:
    receipt, verify = (old.head().get(old.address(rest)) for rest in ("/receipt", "/verify"))

    assert "Robin Head, Headteacher" in receipt.text
    assert "Robin Head, Headteacher," not in receipt.text
    assert "Yes. It was worked out again just now" in verify.text
    assert compact("trail", "verify").code == 0


def test_a_receipt_whose_content_is_no_content_any_more_is_still_shown(school: School) -> None:
    """J3: somebody who owns the database has put something else in its place."""
    cycle = school.world.cycle(1, name="Earlier")
    for place, text in enumerate(("no JSON", '"a text"', "[]", '{"authority":{"kind":"delegate"}}')):
        organisation = school.world.organisation(f"School {place}")
        return_id = school.world.signed(cycle, organisation, {})
        _write(school, return_id, text, receipt=f"SC-00000{place}")

        assert school.officer().get(f"/returns/{return_id}/receipt").h1 == "Return signed"


def _except(school: School, key: str, grade: str) -> None:
    place = {"return_id": school.return_id, "partnership_id": 1, "key": key}
    school.world.insert(
        Exception_, [{**place, "grade": grade, "not_applicable": False, "note": "Only there."}]
    )


def _write(school: School, return_id: int, content: str, receipt: str = "SC-000001") -> None:
    """A sign-off as it stands in the table, at the head of its chain."""
    with school.world.session() as session:
        signed_at = session.scalars(select(Return.signed_at).where(Return.id == return_id)).one()
        session.execute(
            insert(SignOff).values(
                return_id=return_id,
                receipt=receipt,
                person_id=1,
                person_name="Robin Head",
                job_title="Headteacher",
                role="Signatory",
                organisation_name="Larkfield School",
                statement_version="1",
                statement="It is true.",
                signed_at=signed_at,
                content=content,
                content_hash=sha256(content),
                previous_hash=session.scalars(
                    select(ChainHead.hash).where(ChainHead.chain == "sign_off")
                ).one(),
            )
        )
        head = update(ChainHead).where(ChainHead.chain == "sign_off")
        session.execute(head.values(sequence=ChainHead.sequence + 1, hash=sha256(content)))
        session.commit()
