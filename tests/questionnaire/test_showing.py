"""`compact questionnaires show`: the whole set, in the order asked, in three forms."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import config
from compact.questionnaire import showing
from compact.questionnaire.reading import edition_of, read_edition
from compact.questionnaire.values import Edition
from tests import making
from tests.conftest import Ended

Run = Callable[..., Ended]
REAL = read_edition(config.ROOT / "questionnaires" / "2026")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def words(text: str) -> str:
    """A text as if it were one line, whatever its wrapping."""
    return " ".join(text.split())


def test_text_reads_from_the_title_to_the_last_example(run: Run) -> None:
    shown = run("show", "2026", "school").out
    assert shown.startswith(
        "Compact for tests\n\nQuestionnaire for school\n========================\n\nThe law asks"
    )
    order = (
        "What this is for.",
        "signed by the headteacher",
        "  - I take responsibility.",
        "  - Requires improvement: What Requires improvement means.",
        "  - Not applicable: It cannot apply here.",
        "Do you commission services?",
        "  If no: what depends on it is not asked, because the setting does not commission",
        "Standard 1: Leadership commitment\n=================================",
        "What Leadership commitment is about.",
        "1.1  All is well with leadership.\n---------------------------------",
        "What good looks like\n\n  - A record of leadership can be seen.",
        "When it requires improvement\n\n  Nobody looks at leadership.",
        "Evidence, and who has it\n\n  - The record of leadership (headteacher)",
        "Keeping children safe in education, Part two (in force since 1 September 2025)",
        "  - Within four weeks, the head looks at leadership.",
        "One school wrote down its leadership.",
        "4.1  All is well with bullying.",
        "4.2  All is well with pupil voice.",
        "Standard 12: Commissioning",
        "Asked only when the answer is yes: Do you commission services?",
        "Documents\n=========\n\n  - Keeping children safe in education (The department)",
    )
    places = [shown.index(each) for each in order]
    assert places == sorted(places)
    assert shown.count("Asked only when") == 1
    assert shown.endswith("\n")


def test_text_says_what_is_not_asked_and_what_has_changed() -> None:
    texts = making.edition_texts()
    texts["school.yaml"] += "  changed: {edition: '2026', what: Grants count., same_meaning: false}\n"
    edition = edition_of("2026", {**texts, **_as_school(texts)}, where="tests")
    assert "Changed in 2026: Grants count." in showing.as_text(edition, "school")
    nursery = showing.as_text(edition, "early_years")
    assert "What Commissioning is about.\n\nNot asked. Nurseries do not commission services." in nursery


def _as_school(texts: dict[str, str]) -> dict[str, str]:
    """The other files with the same change, for a key means the same in all of them."""
    change = texts["school.yaml"].splitlines()[-1]
    return {file: f"{texts[file]}{change}\n" for file in ("statutory.yaml", "hips.yaml")}


@pytest.mark.parametrize("setting", REAL.settings)
def test_the_lines_of_a_real_set_fit_on_paper(setting: str) -> None:
    shown = showing.as_text(REAL, setting)
    too_long = [line for line in shown.splitlines() if len(line) > showing.WIDTH and "https://" not in line]
    assert too_long == []
    assert not [line for line in shown.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize("setting", REAL.settings)
def test_text_leaves_nothing_of_a_real_set_out(setting: str) -> None:
    shown, asked = words(showing.as_text(REAL, setting)), REAL.questionnaires[setting]
    place = 0
    for indicator in asked.indicators:
        parts = [indicator.text, *indicator.good, indicator.improve]
        parts += [f"{each.show} ({each.held_by})" for each in indicator.evidence]
        parts += [f"{REAL.documents[each.document].title}, {each.part}" for each in indicator.basis]
        for part in (*parts, *indicator.advice, indicator.example):
            place = shown.index(words(part), place)
    for text in (asked.title, asked.duty, asked.signed_by, *asked.introduction, *asked.statement.text):
        assert words(text) in shown
    for fact in asked.profile:
        assert words(fact.question) in shown
        assert words(fact.otherwise) in shown
        assert words(fact.hint or "") in shown


@pytest.mark.parametrize("setting", REAL.settings)
def test_csv_has_a_row_for_each_indicator_in_the_order_asked(setting: str) -> None:
    text = showing.as_csv(REAL, setting)
    asked = REAL.questionnaires[setting].indicators
    assert text.startswith(
        "standard,key,text,asked,good,improve,evidence,basis,advice,example,asked_when\r\n"
    )
    shown = rows(text)
    assert [(row["standard"], row["key"], row["text"]) for row in shown] == [
        (str(each.standard), each.key, each.text) for each in asked
    ]
    assert [row["good"].split(" | ") for row in shown] == [list(each.good) for each in asked]
    assert [row["advice"].split(" | ") for row in shown] == [list(each.advice) for each in asked]
    assert [row["asked_when"] for row in shown] == [each.asked_when or "" for each in asked]


def test_csv_says_evidence_and_basis_in_words(run: Run) -> None:
    first = rows(run("show", "2026", "school", "--format", "csv").out)[0]
    assert first == {
        "standard": "1",
        "key": "leadership",
        "text": "All is well with leadership.",
        "asked": "how leadership is looked after",
        "good": "A record of leadership can be seen.",
        "improve": "Nobody looks at leadership.",
        "evidence": "The record of leadership (headteacher)",
        "basis": "Keeping children safe in education, Part two (in force since 1 September 2025)",
        "advice": "Within four weeks, the head looks at leadership.",
        "example": "One school wrote down its leadership.",
        "asked_when": "",
    }


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1"])
def test_no_cell_becomes_a_formula(begins: str) -> None:
    school = making.questionnaire()
    school["indicators"][0] |= dict.fromkeys(("text", "asked", "improve", "example"), begins)
    school["indicators"][0] |= {
        "good": [begins],
        "advice": [begins],
        "evidence": [{"show": begins, "held_by": "x"}],
    }
    edition = edition_of("2026", making.edition_texts(school=school), where="tests")
    first = rows(showing.as_csv(edition, "school"))[0]
    for name in ("text", "asked", "good", "improve", "evidence", "advice", "example"):
        assert first[name].startswith(f"'{begins}")


@pytest.mark.parametrize("setting", REAL.settings)
def test_json_holds_everything(setting: str) -> None:
    data = json.loads(showing.as_json(REAL, setting))
    asked = REAL.questionnaires[setting]
    assert (data["edition"], data["setting"], data["title"]) == ("2026", setting, asked.title)
    for name in type(asked).model_fields:
        assert data[name] == asked.model_dump(mode="json")[name]
    for name in ("scale", "standards", "documents"):
        assert data[name] == REAL.common.model_dump(mode="json")[name]
    assert [each["key"] for each in data["indicators"]] == [each.key for each in asked.indicators]
    assert (
        data["indicators"][0]["basis"][0]["in_force"] == f"{asked.indicators[0].basis[0].in_force:%Y-%m-%d}"
    )


def test_json_is_one_document_with_letters_as_they_are(run: Run, root: Path) -> None:
    school = root / "2026" / "school.yaml"
    school.write_text(school.read_text(encoding="utf-8").replace("law asks", "law’s née"), encoding="utf-8")
    shown = run("show", "2026", "school", "--format", "json").out
    assert "The law’s née for it." in shown
    assert json.loads(shown)["duty"] == "The law’s née for it."


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_file_holds_what_would_be_printed(run: Run, tmp_path: Path, form: str) -> None:
    out = tmp_path / "set"
    out.write_text("what was there before", encoding="utf-8")
    printed = run("show", "2026", "early_years", "--format", form)
    assert run("show", "2026", "early_years", "--format", form, "--out", out) == Ended(0, "", "")
    written = out.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") is (form == "csv")
    assert written.decode("utf-8-sig").replace("\r\n", "\n") == printed.out
    assert (printed.code, printed.err, "\r" in printed.out) == (0, "", False)


def test_a_file_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    ended = run("show", "2026", "school", "--out", tmp_path / "missing" / "set.txt")
    assert (ended.code, ended.out) == (1, "")
    assert "missing/set.txt" in ended.err
    assert run("show", "2026", "school", "--out", tmp_path).code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2027", "school"), "EDITION: there is no edition “2027”; did you mean “2026”?"),
        (("first", "school"), "EDITION: there is no edition “first”; there is 2026"),
        (
            ("../questionnaires/2026", "school"),
            "EDITION: there is no edition “../questionnaires/2026”; there is 2026",
        ),
        (
            ("2026", "early-years"),
            "SETTING: edition 2026 has no setting “early-years”; did you mean “early_years”?",
        ),
        (("2026", "School"), "SETTING: edition 2026 has no setting “School”; did you mean “school”?"),
        (
            ("2026", "zoo"),
            "SETTING: edition 2026 has no setting “zoo”; there is school, early_years, statutory, hips",
        ),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(run: Run, arguments: tuple[str, str], said: str) -> None:
    assert run("show", *arguments) == Ended(1, "", f"{said}\n")


def test_an_edition_with_mistakes_is_not_shown_and_others_are(run: Run, root: Path) -> None:
    making_of_2027 = root / "2027"
    making_of_2027.mkdir()
    for path in (root / "2026").iterdir():
        text = path.read_text(encoding="utf-8").replace("'2026'", "'2027'").replace("weak: false", "weak: no")
        (making_of_2027 / path.name).write_text(text, encoding="utf-8")
    ended = run("show", "2027", "school")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[0] == (
        "questionnaires/2027/standards.yaml:8:11: “weak” is to be true or false, not “no”"
    )
    assert run("show", "2026", "school").code == 0


def test_an_unknown_form_is_wrong_usage(run: Run) -> None:
    assert run("show", "2026", "school", "--format", "docx").code == 2
    assert run("show", "2026").code == 2


def test_the_real_edition_is_shown(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("QUESTIONNAIRES", str(config.ROOT / "questionnaires"))
    for setting in REAL.settings:
        for form, draw in (("text", showing.as_text), ("json", showing.as_json), ("csv", showing.as_csv)):
            assert run("show", "2026", setting, "--format", form).out == _printed(draw, setting)


def _printed(draw: Callable[[Edition, str], str], setting: str) -> str:
    return draw(REAL, setting).replace("\r\n", "\n")
