"""E1, E3: whatever is typed is kept as `clean` says and shown as typed, the same on both databases."""

import pytest
from sqlalchemy import select

from compact.actions.models import Action
from compact.returns.models import Answer as AnswerTable
from compact.returns.rules import Answer
from compact.web.texts import clean
from tests import making
from tests.pages import Page, Visitor
from tests.publishing import publish
from tests.school import School

MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea></div><h1>Mine</h1>",
    "<!-- <b>",
    "&lt;b&gt; &amp; &#x3c;",
    "{{ 7*7 }} {% raw %} {# x #} ${7*7} #{7*7}",
    "javascript:alert(1)",
    "]]><![CDATA[",
)
FORMULAS = ("=1+1", "+44 23 9200 0000", "-5", "@SUM(A1:A9)", "=cmd|' /C calc'!A0", "\t=1+1", "％ ＝1")
SIGNS = (
    "NUL \0 inside",
    "vertical\x0btab and form\x0cfeed",
    "old Mac\rand Windows\r\nline ends",
    "bell \x07 escape \x1b[31m delete \x7f",
    "right to left \u202e override",
    "zero\u200bwidth\u200d and soft\u00adhyphen \ufeff mark",
    "e\u0301 is not é here",
    "emoji 😀 👩‍👩‍👧 and 𝒻𝑜𝓊𝓇 bytes 𠜎",
    "Ŵyneb, zażółć gęślą jaźń, مرحبا, 漢字",
    "' OR 1=1 --; DROP TABLE answer; % _ \\",
    "\u2028line and\u2029paragraph",
    "left by Windows \x80\x93\x9f and next\x85line",
    "no characters \ufdd0 \ufffe \U0001ffff",
)
TEXTS = MARKUP + FORMULAS + SIGNS
TOGETHER = tuple("\n".join(group) for group in (MARKUP, FORMULAS, SIGNS))


def shown(page: Page) -> list[str]:
    """The texts on a page that somebody typed."""
    return [each.get_text() for each in page.soup.select("main .compact-typed")]


def nothing_runs(page: Page) -> bool:
    """Whether no text became an element of the page."""
    ours = not page.soup.select("main script, main img, main b, [onload], [onerror], [href^=javascript]")
    return ours and page.h1 != "Mine"


def kept(school: School) -> list[tuple[str, str]]:
    """Evidence and reason of standard 4's two answers."""
    with school.world.session() as session:
        rows = session.execute(select(AnswerTable.evidence, AnswerTable.reason).order_by(AnswerTable.key))
        return [(row.evidence, row.reason) for row in rows]


def save(head: Visitor, school: School, evidence: str, reason: str) -> Page:
    page = head.get(school.address("/standards/4"))
    return head.send(
        page,
        bullying_grade="good",
        bullying_evidence=evidence,
        pupil_voice_grade="not_applicable",
        pupil_voice_reason=reason,
    )


def test_every_text_is_kept_as_the_rule_says(school: School) -> None:
    head, address = school.head(), school.address("/standards/4")
    grades = {"bullying-grade": "good", "pupil-voice-grade": "not_applicable", "csrf_token": head.token()}
    for version, text in enumerate(TEXTS):
        seen = {"bullying-version": version, "pupil-voice-version": version}
        typed = {"bullying-evidence": text, "pupil-voice-reason": text}
        head.client.post(address, data={**grades, **typed, **seen})

        assert kept(school) == [(clean(text), ""), ("", clean(text))]


@pytest.mark.parametrize("text", TOGETHER, ids=["markup", "formulas", "signs"])
def test_evidence_and_reasons_are_shown_as_typed(school: School, text: str) -> None:
    head = school.head()
    save(head, school, text, text)

    page, check = head.get(school.address("/standards/4")), head.get(school.address("/check"))

    assert page.fields()["bullying-evidence"] == clean(text)
    assert page.fields()["pupil-voice-reason"] == clean(text)
    assert shown(check) == [clean(text)] * 2
    assert nothing_runs(page)
    assert nothing_runs(check)


@pytest.mark.parametrize("text", TOGETHER, ids=["markup", "formulas", "signs"])
def test_saving_again_what_was_shown_changes_nothing(school: School, text: str) -> None:
    head = school.head()
    save(head, school, text, text)
    before = kept(school)

    head.send(head.get(school.address("/standards/4")))

    assert kept(school) == before


def test_white_space_alone_is_no_evidence(school: School) -> None:
    """E6."""
    head = school.head()
    for text in (" ", "\n\n", "\t \r\n", "\u00a0\u3000"):
        page = save(head, school, text, text)

        assert page.summary == ["Enter why this does not apply: how pupil voice is looked after"]
        assert kept(school) == [("", ""), ("", "")]


def test_bytes_that_are_no_text_are_kept_as_harmless_text(school: School) -> None:
    """A browser never sends lone surrogates or broken UTF-8; a program can, in either encoding of a form."""
    head, address = school.head(), school.address("/standards/4")
    plain = f"csrf_token={head.token()}&bullying-grade=good&pupil-voice-grade=good&bullying-evidence="
    for version, broken in enumerate(("%ED%A0%80", "%FF%FE", "%C3", "%F0%9F%98", "%C0%AF")):
        body = f"{plain}before{broken}after&bullying-version={version}".encode()
        answer = head.client.post(address, data=body, content_type="application/x-www-form-urlencoded")

        assert answer.status_code == 302
        assert kept(school)[0][0] == f"before{broken}after"


def test_broken_bytes_in_a_multipart_form_are_replaced(school: School) -> None:
    head = school.head()
    fields = {"csrf_token": head.token(), "bullying-grade": "good", "pupil-voice-grade": "good"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()
    ]
    evidence = (
        b'--x\r\nContent-Disposition: form-data; name="bullying-evidence"\r\n\r\nbefore\xed\xa0\x80after'
    )
    body = b"\r\n".join([*(part.encode() for part in parts), evidence, b"--x--\r\n"])

    answer = head.client.post(
        school.address("/standards/4"), data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 302
    assert kept(school)[0][0] == "before\ufffd\ufffd\ufffdafter"


@pytest.mark.parametrize("texts", [MARKUP, FORMULAS, SIGNS], ids=["markup", "formulas", "signs"])
def test_an_action_is_kept_clean_and_shown_as_typed(school: School, texts: tuple[str, ...]) -> None:
    school.world.answer(school.return_id, {"bullying": Answer("inadequate")})
    head = school.head()
    typed = {"key": "bullying", "due": "31 3 2027", "status": "done", "csrf_token": head.token()}
    for text in texts:
        head.client.post(school.address("/actions"), data={**typed, "what": text, "lead": text})
    with school.world.session() as session:
        rows = session.execute(select(Action.what, Action.lead).order_by(Action.id)).all()
    page = head.get(school.address("/actions"))

    assert [row.what for row in rows] == [clean(text).strip() for text in texts]
    assert [row.lead for row in rows] == [" ".join(clean(text).split()) for text in texts]
    assert shown(page) == [clean(text).strip() for text in texts]
    assert nothing_runs(page)


@pytest.mark.parametrize("text", TOGETHER, ids=["markup", "formulas", "signs"])
def test_a_foreword_is_kept_clean_and_shown_as_typed(school: School, text: str) -> None:
    officer, address = school.officer(), f"/learning/{school.cycle}/school"

    page = publish(officer, school.cycle, foreword=text)

    assert shown(page) == [clean(text)]
    assert shown(school.head().get(address)) == [clean(text)]
    assert officer.get(f"{address}/write/foreword").fields()["text"] == clean(text)
    assert nothing_runs(page)


def test_names_of_places_and_people_are_text(school: School) -> None:
    """E1: names come from registers and invitations, and are no more trusted than what is typed."""
    name = "<i>O’Neill</i> {{ 7*7 }} & Sons"
    organisation = school.world.organisation(name)
    partnership = school.world.partnership(name, areas=("905",))
    cycle = school.world.cycle(partnership, name=f"{name} 2026")
    return_id = school.world.started(school.world.cycle(1, name="Another"), organisation)
    address = school.world.person(
        name, making.signatory(organisation), making.officer(partnership), email="oneill@example.org"
    )
    visitor = school.visit(address)

    for page in (
        visitor.get("/"),
        visitor.get(f"/returns/{return_id}"),
        visitor.get(f"/analysis/{cycle}"),
        visitor.get(f"/learning/{cycle}/school/publish"),
    ):
        assert page.status == 200
        assert name in page.soup.get_text()
        assert page.soup.select("i") == []
