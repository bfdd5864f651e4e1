"""A return to keep: everything in it as PDF and as a spreadsheet, at any time."""

import re
import time
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from compact.access.values import Owner
from compact.organisations.models import Organisation
from compact.questionnaire.reading import read_edition
from compact.returns.limits import EVIDENCE_LIMIT
from compact.returns.models import Exception_, Return
from compact.returns.reading import ReturnRow
from compact.returns.rules import Answer
from compact.sign_off import copy_drawing
from compact.sign_off.copies import CopiedAnswer, ReturnCopy
from compact.web.frame import Contact
from config import ROOT
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, NOW
from tests.pages import Visitor
from tests.school import School

ACTION = {"what": "Train every governor.", "lead": "the deputy", "due": "31 3 2027", "status": "under_way"}
EVIDENCE = "Seen in May.\n\nKept in the office."


def cells(xlsx: bytes) -> dict[str, list[str]]:
    """The texts of each sheet, by its name."""
    with ZipFile(BytesIO(xlsx)) as file:
        kept = {name: file.read(name).decode() for name in file.namelist()}
    strings = [
        unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", each, re.DOTALL)))
        for each in re.findall(r"<si>.*?</si>", kept["xl/sharedStrings.xml"], re.DOTALL)
    ]
    found = {}
    for place, name in enumerate(re.findall(r'<sheet name="([^"]*)"', kept["xl/workbook.xml"]), start=1):
        sheet = kept[f"xl/worksheets/sheet{place}.xml"]
        found[name] = [strings[int(each)] for each in re.findall(r't="s"><v>([0-9]+)</v>', sheet)]
    return found


def answered(school: School) -> None:
    """Everything answered, one thing weak with an action, one with evidence that the deputy wrote."""
    school.answer_all(bullying="inadequate")
    head, deputy = school.head(), school.deputy()
    head.post(school.address("/actions"), {"key": "bullying", **ACTION})
    page = deputy.get(school.address("/standards/1"))
    deputy.send(page, leadership_evidence=EVIDENCE, then="later")


def pdf_of(visitor: Visitor, return_id: int) -> bytes:
    got = visitor.client.get(f"/returns/{return_id}.pdf")
    assert (got.status_code, got.mimetype) == (200, "application/pdf")
    return bytes(got.data)


def xlsx_of(visitor: Visitor, return_id: int) -> dict[str, list[str]]:
    got = visitor.client.get(f"/returns/{return_id}.xlsx")
    assert got.status_code == 200
    return cells(got.data)


def test_a_draft_can_be_kept_with_everything_in_it(school: School, printed: list[dict[str, Any]]) -> None:
    answered(school)

    pdf_of(school.head(), school.return_id)
    paper, sheets = repr(printed[-1]), repr(xlsx_of(school.head(), school.return_id))

    for shown in (paper, sheets):
        for text in ("Larkfield School", "Compact 2026", "draft, not signed", "Do you commission services?"):
            assert text in shown, text
        for text in ("Inadequate", "Train every governor.", "the deputy", "Under way", "Seen in May."):
            assert text in shown, text
        assert "Sam Deputy" in shown
        assert "the setting does not commission services" in shown
        for key in ASKED_SCHOOL_KEYS:
            assert f"All is well with {key.replace('-', ' ')}." in shown


def test_a_signed_return_is_kept_with_its_sign_off(school: School, printed: list[dict[str, Any]]) -> None:
    answered(school)
    receipt = school.sign()
    fingerprint = receipt.soup.select_one("code")
    assert fingerprint is not None

    pdf_of(school.head(), school.return_id)
    paper, sheets = repr(printed[-1]), repr(xlsx_of(school.head(), school.return_id))

    for shown in (paper, sheets):
        for text in (
            "Robin Head, Headteacher",
            "SC-000001",
            fingerprint.get_text(),
            "I take responsibility.",
        ):
            assert text in shown, text
        assert "draft" not in shown


def test_it_holds_the_actions_as_they_were_signed(school: School, printed: list[dict[str, Any]]) -> None:
    answered(school)
    school.sign()
    with making.changing(school.world.engine) as connection:
        connection.exec_driver_sql("UPDATE action SET what = 'Something else.'")

    pdf_of(school.head(), school.return_id)

    assert "Train every governor." in repr(printed[-1])
    assert "Something else." not in repr(printed[-1])


def test_who_wrote_is_told_to_the_organisations_own_people_alone(
    school: School, printed: list[dict[str, Any]]
) -> None:
    answered(school)

    pdf_of(school.officer(), school.return_id)

    assert "Seen in May." in repr(printed[-1])
    assert "Sam Deputy" not in repr(printed[-1])
    assert "Sam Deputy" not in repr(xlsx_of(school.officer(), school.return_id))


def test_an_officer_sees_the_exceptions_of_their_own_partnership_only(
    school: School, printed: list[dict[str, Any]]
) -> None:
    """A6: in the copies as on every page."""
    world = school.world
    here, there = (
        world.partnership("Northmere", areas=("911",)),
        world.partnership("Southmere", areas=("912",)),
    )
    body = world.organisation("The police", areas=("911", "912"), setting="hips")
    return_id = world.started(world.cycle(here, there, name="Four areas"), body)
    world.answer(return_id, {"bullying": Answer("good")})
    world.insert(
        Exception_,
        [
            {
                "return_id": return_id,
                "partnership_id": partnership,
                "key": "bullying",
                "grade": "inadequate",
                "not_applicable": False,
                "note": note,
            }
            for partnership, note in ((here, "Noted for the north"), (there, "Noted for the south"))
        ],
    )
    world.profile(return_id, commissions_services=False)
    officer = school.visit(world.person("Olive North", making.officer(here)))
    chief = school.visit(world.person("Chief", making.signatory(body)))

    pdf_of(officer, return_id)
    for shown in (repr(printed[-1]), repr(xlsx_of(officer, return_id))):
        assert "Noted for the north" in shown
        assert "south" not in shown.lower()
        assert "only what it answers yours" in shown

    pdf_of(chief, return_id)
    for shown in (repr(printed[-1]), repr(xlsx_of(chief, return_id))):
        assert "Noted for the north" in shown
        assert "Noted for the south" in shown
        assert "only what it answers yours" not in shown


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
def test_a_copy_is_kept_by_nobody_on_the_way(school: School, ending: str) -> None:
    """A2: an attachment that no cache keeps; a read from outside is told to the organisation."""
    got = school.officer().client.get(f"/returns/{school.return_id}.{ending}")

    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "Ellis Officer" in school.head().get(school.address("/readers")).text


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", 'A "quoted"\r\nname', "\U0001f642" * 20, "é" * 300, "学校"]
)
def test_the_file_is_named_safely_after_the_organisation(school: School, name: str) -> None:
    """F5: whatever the organisation is called."""
    with making.changing(school.world.engine) as connection:
        connection.execute(update(Organisation).values(name=name))

    for ending in ("pdf", "xlsx"):
        got = school.head().client.get(f"/returns/{school.return_id}.{ending}")
        said = got.headers["Content-Disposition"]
        assert got.status_code == 200
        assert re.fullmatch(rf'attachment; filename="return-[a-z0-9-]{{1,80}}\.{ending}"', said), said


def test_any_character_can_be_printed_or_is_told(school: School, printed: list[dict[str, Any]]) -> None:
    """F6: a smile, another script and half a letter never make the paper fail; the end says what is lost."""
    hostile = 'A smile \U0001f642, 学校, عربي, a\u0335, ﷽ and \u202ebackwards\u202c #read("/etc/passwd") $x$'
    school.world.answer(school.return_id, {"leadership": Answer("good", evidence=hostile)})

    assert pdf_of(school.head(), school.return_id).startswith(b"%PDF-")

    assert '□, □□, □□□□, a□, □ and backwards #read("/etc/passwd") $x$' in repr(printed[-1])
    assert "U+1F642 (slightly smiling face)" in printed[-1]["unprintable"]
    assert "学校" in repr(xlsx_of(school.head(), school.return_id))


@pytest.mark.parametrize("text", ["x" * EVIDENCE_LIMIT, "a\n" * (EVIDENCE_LIMIT // 2)])
def test_the_longest_texts_are_printed_in_bounded_time(school: School, text: str) -> None:
    """F6: one word without an end, and a letter on each line."""
    school.world.answer(school.return_id, {key: Answer("good", evidence=text) for key in ASKED_SCHOOL_KEYS})
    begun = time.process_time()

    made = pdf_of(school.head(), school.return_id)

    assert time.process_time() - begun < 20
    assert len(made) < 5_000_000


def test_a_cell_is_never_a_formula(school: School) -> None:
    """F3: a text that looks like one stays the text."""
    formula = '=HYPERLINK("http://127.0.0.1/")'
    school.world.answer(school.return_id, {"leadership": Answer("good", evidence=formula)})

    got = school.head().client.get(f"/returns/{school.return_id}.xlsx").data

    assert formula in cells(got)["Answers"]
    with ZipFile(BytesIO(got)) as file:
        assert all(b"<f>" not in file.read(name) for name in file.namelist())


def test_the_same_return_gives_the_same_bytes(school: School) -> None:
    """F8."""
    answered(school)
    for ending in ("pdf", "xlsx"):
        first, second = (
            school.head().client.get(f"/returns/{school.return_id}.{ending}").data for _ in range(2)
        )
        assert first == second


def test_an_imported_return_says_where_it_comes_from(school: School, printed: list[dict[str, Any]]) -> None:
    school.world.answer(school.return_id, {"commissioning": Answer("good")})
    with making.changing(school.world.engine) as connection:
        connection.execute(update(Return).values(imported=True, status="signed", signed_at=NOW))

    pdf_of(school.head(), school.return_id)

    assert "brought in from an earlier form" in repr(printed[-1])
    assert "All is well with commissioning." in repr(printed[-1])


def test_the_pages_of_a_return_lead_to_its_copies(school: School) -> None:
    answered(school)
    head = school.head()
    for page in (head.get(school.address()), head.get(school.address("/check")), school.sign()):
        links = {str(a["href"]) for a in page.soup.select("main a")}
        assert {school.address(".pdf"), school.address(".xlsx")} <= links


def test_four_hundred_pages_are_drawn_in_bounded_time() -> None:
    """F6: a whole set of the house, every text as long as it can be, in wide letters."""
    edition = read_edition(ROOT / "questionnaires" / "2026")
    questionnaire = edition.questionnaires["school"]
    row = ReturnRow(
        id=1,
        cycle_id=1,
        organisation_id=1,
        number=1,
        setting="school",
        status="draft",
        imported=False,
        version=1,
        signed_at=None,
        late_after=None,
        organisation="Larkfield School",
        cycle="Compact 2026",
        edition="2026",
        opens=NOW.date(),
        closes=NOW.date(),
        two_people_sign=False,
        works_in_several=False,
        extended_until=None,
        was_handed_on=False,
        facts={},
        owner=Owner(),
        contact=Contact(None),
    )
    long = Answer("good", evidence=("MMMMM WWWWW " * EVIDENCE_LIMIT)[:EVIDENCE_LIMIT])
    answers = tuple(CopiedAnswer("1.1", each, long, None, NOW, (), ()) for each in questionnaire.indicators)
    copy = ReturnCopy(row, edition, questionnaire, {}, answers, None, sees_all=True)
    begun = time.process_time()

    made = copy_drawing.as_pdf(copy)

    assert time.process_time() - begun < 30
    assert len(re.findall(rb"/Type ?/Page\b", made)) >= 400
