"""How much can be typed: everything within the limits is saved, everything beyond is shown again."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import NoReturn

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from werkzeug.formparser import FormDataParser

from compact import create_app
from compact.questionnaire.reading import edition_of
from compact.questionnaire.values import Edition
from compact.returns.limits import EVIDENCE_LIMIT, REASON_LIMIT
from compact.returns.models import Answer as AnswerTable
from compact.web.limits import LARGEST_POST, URLENCODED
from config import Settings
from tests import making
from tests.making import World
from tests.pages import Visitor
from tests.school import School

from .conftest import Stored

EMOJI = "😀"
TWELVE = tuple(f"indicator-{number}" for number in range(1, 13))


@pytest.fixture
def long_edition(monkeypatch: pytest.MonkeyPatch) -> Edition:
    """A school's questionnaire with twelve indicators in standard 4, and nothing else."""
    others = [{"standard": number, "why": "Not in this test."} for number in range(1, 13) if number != 4]
    indicators = [making.indicator(key, 4) for key in TWELVE]
    texts = making.edition_texts(
        school=making.questionnaire(profile=None, not_asked=others, indicators=indicators)
    )
    made = edition_of(making.EDITION, texts, where="tests")
    monkeypatch.setattr(making, "edition", lambda: made)
    return made


@pytest.fixture
def long_school(long_edition: Edition, world: World, settings: Settings, engine: Engine) -> School:
    """A school that answers it."""
    app = create_app(settings, editions={making.EDITION: long_edition}, engine=engine)
    app.config["CLOCK"] = lambda: making.NOW
    app.testing = True

    def visit(email: str) -> Visitor:
        visitor = Visitor(app)
        visitor.sign_in(email, making.PASSWORD)
        return visitor

    organisation = world.organisation()
    cycle = world.cycle(world.partnership(), settings=["school"])
    world.person("Robin Head", making.signatory(organisation), email="head@example.org")
    return School(world, cycle, organisation, world.started(cycle, organisation), visit)


def lengths(school: School) -> dict[str, int]:
    """How many characters of evidence the database counts for each answer."""
    with school.world.session() as session:
        rows = session.execute(select(AnswerTable.key, func.length(AnswerTable.evidence)))
        return {row[0]: row[1] for row in rows}


def test_too_much_evidence_is_an_error_that_names_the_limit_and_keeps_the_text(school: School) -> None:
    head, text = school.head(), "x" * 49_999 + "!"
    page = head.get(school.address("/standards/4"))

    page = head.send(
        page,
        bullying_grade="good",
        bullying_evidence=text,
        pupil_voice_grade="good",
        pupil_voice_evidence="Kept",
    )

    problem = (
        "The evidence for how bullying is looked after is 50,000 characters long; it can have 20,000. "
        "Shorten it by 30,000"
    )
    assert page.title == "Error: Standard 4, Service development and voice"
    assert page.summary == [problem]
    assert page.target(problem)["name"] == "bullying-evidence"
    assert page.fields()["bullying-evidence"] == text
    assert page.fields()["bullying-grade"] == "good"
    assert "Everything else on this page is saved." in page.text
    assert lengths(school) == {"pupil-voice": 4}


def test_too_long_a_reason_is_an_error_that_names_its_limit(school: School) -> None:
    head, text = school.head(), "y" * (REASON_LIMIT + 1)
    page = head.get(school.address("/standards/4"))

    page = head.send(page, bullying_grade="not_applicable", bullying_reason=text, pupil_voice_grade="good")

    (problem,) = page.summary
    assert problem.endswith("is 2,001 characters long; it can have 2,000. Shorten it by 1")
    assert page.target(problem)["name"] == "bullying-reason"
    assert page.fields()["bullying-reason"] == text


def test_a_text_that_was_shortened_is_saved(school: School) -> None:
    head = school.head()
    page = head.get(school.address("/standards/4"))
    refused = head.send(page, bullying_grade="good", bullying_evidence="x" * 20_001, pupil_voice_grade="good")

    head.send(refused, bullying_evidence="x" * 20_000)

    assert lengths(school) == {"bullying": 20_000, "pupil-voice": 0}


@pytest.mark.parametrize("character", ["x", "é", "漢", EMOJI])
def test_the_limit_counts_characters_and_not_bytes(school: School, character: str) -> None:
    """Line ends count once, however a browser sends them."""
    head = school.head()
    text = character * (EVIDENCE_LIMIT - 1) + "\r\n"

    head.send(
        head.get(school.address("/standards/4")),
        bullying_grade="good",
        bullying_evidence=text,
        pupil_voice_grade="good",
    )

    assert lengths(school)["bullying"] == EVIDENCE_LIMIT


def test_the_limits_are_shown_before_anything_is_typed(school: School) -> None:
    page = school.head().get(school.address("/standards/4"))

    assert "Up to 20,000 characters." in page.text
    assert "Up to 2,000 characters." in page.text


def test_twelve_answers_of_the_longest_evidence_in_emoji_are_saved(long_school: School) -> None:
    """B6: the largest post that can be meant is 2.9 MB; it is not refused for its size."""
    head = long_school.head()
    address = long_school.address("/standards/4")
    longest = EMOJI * EVIDENCE_LIMIT
    typed = {
        f"{key}-{part}": {"grade": "good", "evidence": longest}[part]
        for key in TWELVE
        for part in ("grade", "evidence")
    }

    saved = head.client.post(address, data={"csrf_token": head.token(), **typed})

    assert saved.status_code == 302
    assert lengths(long_school) == dict.fromkeys(TWELVE, EVIDENCE_LIMIT)


def test_a_post_over_the_limit_is_a_page_that_says_so(school: School, stored: Callable[[], Stored]) -> None:
    head, address = school.head(), school.address("/standards/4")
    token, before = head.token(), stored()

    page = head.open(address, "POST", data={"csrf_token": token, "bullying-evidence": "x" * 13_000_000})

    assert (page.status, page.h1) == (413, "What was sent is too large")
    assert "nothing was changed" in page.text
    assert stored() == before


def test_a_strangers_post_over_the_limit_is_not_read_either(app: Flask) -> None:
    visitor = Visitor(app)

    for address in ("/returns/1/standards/4", "/sign-in"):
        assert visitor.open(address, "POST", data={"email": "x" * 13_000_000}).status == 413


def multipart(fields: Mapping[str, str]) -> bytes:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{each}"\r\n\r\n{fields[each]}' for each in fields]
    return "\r\n".join([*parts, "--x--\r\n"]).encode()


def test_more_fields_than_any_page_has_are_refused_and_a_thousand_are_not(school: School) -> None:
    """B7: in either encoding."""
    head, address = school.head(), school.address("/standards/4")
    typed = {"csrf_token": head.token(), "bullying-grade": "good", "pupil-voice-grade": "good"}
    thousands = typed | {str(number): "x" for number in range(1_500)}
    too_many = typed | {str(number): "x" for number in range(2_000)}

    def post_parts(fields: Mapping[str, str]) -> int:
        kind = "multipart/form-data; boundary=x"
        return head.client.post(address, data=multipart(fields), content_type=kind).status_code

    assert head.client.post(address, data=thousands).status_code == 302
    assert head.client.post(address, data=too_many).status_code == 413
    assert post_parts(thousands) == 302
    assert post_parts(too_many) == 413


def test_a_foreword_over_its_limit_is_shown_again(school: School) -> None:
    officer = school.officer()
    address = f"/learning/{school.cycle}/school/write/foreword"
    text = EMOJI * 5_001

    page = officer.send(officer.get(address), text=text)

    assert page.summary == ["The foreword is 5,001 characters long; it can have 5,000"]
    assert page.fields()["text"] == text
    assert officer.get(f"/learning/{school.cycle}/school").status == 404


def test_millions_of_fields_are_counted_before_any_is_read(
    school: School, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E9: for whoever sends them, signed in or not."""
    body = (b"a=&" * (4 * 1024 * 1024))[: LARGEST_POST - 1]
    visitors = (school.head(), Visitor(app))

    def read(*_body: object) -> NoReturn:
        raise AssertionError("the fields were read")

    monkeypatch.setattr(FormDataParser, "_parse_urlencoded", read)
    for visitor in visitors:
        for address in (school.address("/standards/4"), "/sign-in", "/nothing"):
            response = visitor.client.post(address, data=body, content_type=URLENCODED)

            assert response.status_code == 413


def test_one_text_that_is_far_too_long_is_refused_as_a_whole(
    school: School, stored: Callable[[], Stored]
) -> None:
    head, address = school.head(), school.address("/standards/4")
    typed = {"csrf_token": head.token(), "bullying-grade": "good", "pupil-voice-grade": "good"}
    before = stored()

    for name in ("bullying-evidence", "nobody-asked"):
        for encoded in (typed | {name: EMOJI * 200_001}, multipart(typed | {name: "x" * 200_001})):
            kind = URLENCODED if isinstance(encoded, dict) else "multipart/form-data; boundary=x"
            page = head.open(address, "POST", data=encoded, content_type=kind)

            assert (page.status, page.h1) == (413, "What was sent is too large")
    assert stored() == before


def test_a_text_ten_times_as_long_as_it_may_be_still_comes_back(school: School) -> None:
    head = school.head()
    page = head.get(school.address("/standards/4"))

    page = head.send(page, bullying_grade="good", bullying_evidence=EMOJI * 200_000, then="later")

    assert page.status == 200
    assert page.fields()["bullying-evidence"] == EMOJI * 200_000


def test_a_file_that_nobody_asked_for_is_refused_unread(
    school: School, stored: Callable[[], Stored], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page takes a file, so none is kept for a moment, not even in a temporary folder."""

    def kept(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a file was kept")

    head, address = school.head(), school.address("/standards/4")
    token, before = head.token(), stored()
    monkeypatch.setattr("werkzeug.wrappers.request.default_stream_factory", kept)

    for file in ((BytesIO(b"x" * 400_000), "a.pdf"), (BytesIO(b""), "empty.txt"), (BytesIO(b"x"), "../x")):
        page = head.open(address, "POST", data={"csrf_token": token, "bullying-evidence": file})

        assert (page.status, page.h1) == (400, "We could not use what was sent")
    assert stored() == before


@pytest.mark.parametrize("kind", ["application/json", "text/json", "text/plain", "application/xml", "x/y; z"])
def test_what_is_no_form_is_refused_unread(
    school: School, kind: str, stored: Callable[[], Stored], monkeypatch: pytest.MonkeyPatch
) -> None:
    """E10: duplicate keys, deep nesting, broken JSON: nobody ever parses it, with or without a token."""
    head, before = school.head(), stored()
    headers = {"X-CSRFToken": head.token()}
    monkeypatch.setattr("flask.json.loads", None)
    bodies = (b'{"a": 1, "a": 2}', b"[" * 1_000_000, b"{", b"\xff\xfe", b"bullying-grade=good", b"x" * 2**20)

    for body in bodies:
        for rest in ("/standards/4", "/profile", "/actions", "/sign-off"):
            address = school.address(rest)
            page = head.open(address, "POST", data=body, content_type=kind, headers=headers)
            assert (page.status, page.h1) == (415, "We could not use what was sent")
    assert school.visit("").open("/sign-in", "POST", json={"a": 1}).status == 415
    assert stored() == before


def test_a_body_that_is_no_form_inside_changes_nothing(school: School, stored: Callable[[], Stored]) -> None:
    head, before = school.head(), stored()
    headers = {"X-CSRFToken": head.token()}

    for kind, body in (
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--y--"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
        (URLENCODED, b"\xff\xfe=%ZZ&&&=%"),
    ):
        address = school.address("/actions")
        page = head.open(address, "POST", data=body, content_type=kind, headers=headers)
        assert page.status in (200, 400, 404), kind
    assert stored() == before
